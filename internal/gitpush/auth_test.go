package gitpush

import (
	"testing"

	"github.com/go-git/go-git/v5/plumbing/transport/http"
)

// The token goes to its own server, by HTTPS, and nowhere else: the remote is in a file that anybody may have written.
func TestTheTokenGoesToItsServerOnly(t *testing.T) {
	for origin, want := range map[string]bool{
		"https://github.com/acme/ops.git":             true,
		"https://github.com:443/acme/ops.git":         false,
		"http://github.com/acme/ops.git":              false,
		"https://github.com.example.com/acme/ops.git": false,
		"https://github.com@example.com/acme/ops.git": false,
		"https://example.com/github.com/ops.git":      false,
		"git@github.com:acme/ops.git":                 false,
		"ssh://git@github.com/acme/ops.git":           false,
		"file:///srv/ops.git":                         false,
		"/srv/ops.git":                                false,
		"":                                            false,
	} {
		target := &Target{token: "t0ken", server: "github.com"}
		auth, sent := target.auth(origin).(*http.BasicAuth)
		if sent != want || sent && auth.Password != "t0ken" {
			t.Errorf("%q: token sent %v, want %v", origin, sent, want)
		}
	}
	if (&Target{server: "github.com"}).auth("https://github.com/acme/ops.git") != nil {
		t.Error("no token, but something is sent")
	}
}
