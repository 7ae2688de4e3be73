package githubapi_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/syncwell/sitrep/internal/githubapi"
	"github.com/syncwell/sitrep/internal/reconcile"
)

func TestCredentials(t *testing.T) {
	app := map[string]string{"SITREP_APP_ID": "5", "SITREP_APP_INSTALLATION_ID": "7", "SITREP_APP_PRIVATE_KEY": `-----BEGIN\nx\n-----END`}
	gh := func() (string, error) { return "of-gh\n", nil }
	for _, c := range []struct {
		env    map[string]string
		gh     func() (string, error)
		token  string
		source string
		says   string
	}{
		{map[string]string{"GITHUB_TOKEN": "a\n", "GH_TOKEN": "b", "SITREP_APP_ID": "5"}, gh, "a", githubapi.SourceToken, ""},
		{map[string]string{"GITHUB_TOKEN": " ", "GH_TOKEN": "b"}, gh, "b", githubapi.SourceGHToken, ""},
		{app, gh, "", githubapi.SourceApp, ""},
		{nil, gh, "of-gh", githubapi.SourceGH, ""},
		{nil, nil, "", "", "no GitHub token: set GITHUB_TOKEN or GH_TOKEN"},
		{nil, func() (string, error) { return "no oauth token", errors.New("exit 1") }, "", "", "run gh auth login"},
		{map[string]string{"SITREP_APP_ID": "5"}, gh, "", githubapi.SourceApp, "wants all of SITREP_APP_ID"},
		{map[string]string{"SITREP_APP_ID": canary, "SITREP_APP_INSTALLATION_ID": "7", "SITREP_APP_PRIVATE_KEY": "x"}, gh, "", githubapi.SourceApp, "SITREP_APP_ID is not a number above 0"},
		{map[string]string{"SITREP_APP_ID": "5", "SITREP_APP_INSTALLATION_ID": "-7", "SITREP_APP_PRIVATE_KEY": "x"}, gh, "", githubapi.SourceApp, "SITREP_APP_INSTALLATION_ID is not"},
	} {
		token, source, err := githubapi.Credentials(func(name string) string { return c.env[name] }, c.gh)
		same(t, "token", string(token), c.token)
		same(t, "source", source, c.source)
		same(t, "is an error", err != nil, c.says != "")
		if c.says != "" {
			wantError(t, err, c.says)
			same(t, "canary in an error", strings.Contains(err.Error(), canary), false)
		}
	}
	_, _, err := githubapi.Credentials(func(string) string { return "" }, nil)
	same(t, "is about the token", errors.Is(err, reconcile.ErrAuth), true)
	got, err := githubapi.AppFrom(func(name string) string { return app[name] })
	if err != nil {
		t.Fatal(err)
	}
	same(t, "app", got.ID == 5 && got.InstallationID == 7, true)
	same(t, "key", string(got.PrivateKey), "-----BEGIN\nx\n-----END\n")
}

func TestRepoFromRemote(t *testing.T) {
	for remote, want := range map[string]string{
		"https://github.com/acme/ops.git":               "acme/ops",
		"https://github.com/acme/ops":                   "acme/ops",
		"https://github.com/acme/ops/":                  "acme/ops",
		"https://me:secret@ghe.example:8443/acme/o.p_s": "acme/o.p_s",
		"http://ghe.example/acme/ops.git/":              "acme/ops",
		"git@github.com:acme/ops.git":                   "acme/ops",
		"git@ghe.example:/acme/ops":                     "acme/ops",
		"github.com:acme/ops.git":                       "acme/ops",
		"work:acme/ops":                                 "acme/ops",
		"ssh://git@github.com/acme/ops.git":             "acme/ops",
		"ssh://git@ssh.github.com:443/acme/ops.git":     "acme/ops",
		"git://github.com/acme/.github.git":             "acme/.github",
		" git@github.com:acme/ops.git\n":                "acme/ops",
		"":                                              "",
		"/srv/git/acme/ops.git":                         "",
		"../acme/ops":                                   "",
		"file:///acme/ops":                              "",
		`C:\acme\ops`:                                   "",
		"C:/acme/ops":                                   "",
		"https://github.com/acme":                       "",
		"https://github.com/acme/ops/x":                 "",
		"https://github.com/acme/..":                    "",
		"https://gist.github.com/abcdef":                "",
		"https:///acme/ops":                             "",
		"https://git hub.com/acme/ops":                  "",
		"ext::sh -c touch% /tmp/x acme/ops":             "",
		"git@github.com:acme/ops?x=y":                   "",
	} {
		got, ok := githubapi.RepoFromRemote(remote)
		same(t, remote, ok, want != "")
		if ok {
			same(t, remote, got, want)
		}
	}
}

func TestSecret(t *testing.T) {
	s := githubapi.Secret(canary)
	cfg := githubapi.Config{Token: s, App: &githubapi.App{PrivateKey: s}}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3s", "%T"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", cfg)
		fmt.Fprintf(&out, verb+"\n", cfg.App)
		fmt.Fprintf(&out, verb+"\n", []githubapi.Secret{s})
		fmt.Fprintf(&out, verb+"\n", &s)
	}
	fmt.Fprintln(&out, s, s.String(), errors.New(s.String()))
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("x", "token", s, "app", cfg.App)
	}
	for _, value := range []any{s, map[string]githubapi.Secret{"x": s}, cfg.App} {
		b, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(b)
	}
	b, err := xml.Marshal(cfg.App)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(b)
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), canary[:8]} {
		if strings.Contains(out.String(), form) {
			t.Errorf("%q is in:\n%s", form, out.String())
		}
	}
	same(t, "itself", string(s), canary)
}
