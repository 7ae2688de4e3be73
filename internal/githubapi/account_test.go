package githubapi_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubapi"
	gt "github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// TestActionsToken: GitHub does not say whose the token of a workflow is.
func TestActionsToken(t *testing.T) {
	for token, first := range map[githubapi.Secret]string{"by-another-name": "GET /user", "ghs_aTokenOfActions": "GET /labels"} {
		w := newWorld(t, gt.WithToken(string(token), "github-actions[bot]"))
		w.with(func(c *githubapi.Config) { c.Token = token })
		w.read()
		same(t, "first request", w.sent()[0], first)
		same(t, "trusted", w.c.Trusted("github-actions[bot]"), true)
		w.made(item(1))
		same(t, "changes", len(w.plan(item(1))), 0)
		i, _ := w.s.Issue(gt.Repo, 1)
		same(t, "author", i.User, "github-actions[bot]")
	}
}

// TestAccounts: who ran before is trusted too, and an account that GitHub does not know does no harm.
func TestAccounts(t *testing.T) {
	w := newWorld(t)
	w.made(item(1))
	w.s.As(gt.Ben).Relabel(gt.Repo, 1)
	w.with(func(c *githubapi.Config) {
		c.Token, c.Accounts = gt.Token, []string{"Sitrep-Bot", "github-actions[bot]", "nobody"}
	})
	w.s.Inject(gt.Rule{Path: "/issues$", Nth: 3, Fault: gt.Fault{Kind: gt.Unprocessable}})
	wantError(t, w.c.Do(t.Context(), create(item(1))), "issue #1 carries this key")
	same(t, "trusted", w.c.Trusted("GitHub-Actions[bot]"), true)
	var creators []string
	for _, r := range w.s.Matching("GET", "/issues$") {
		creators = append(creators, r.Query.Get("creator"))
	}
	same(t, "creators", strings.Join(creators, ","), "sitrep-bot,github-actions[bot],nobody,")
}

func TestUnknownToken(t *testing.T) {
	w := newWorld(t)
	w.with(func(c *githubapi.Config) { c.Token = "gho_unknown" })
	_, err := w.c.Read(t.Context())
	wantError(t, err, "who this is: 401 Bad credentials")
	same(t, "is about the token", errors.Is(err, reconcile.ErrAuth), true)
	w.wantSent("GET /user")
}

// TestRefusedUser: the token of a person that is refused is not taken for that of GitHub Actions.
func TestRefusedUser(t *testing.T) {
	w := newWorld(t)
	w.s.Inject(gt.On("GET", "/user$", 1, gt.Forbidden))
	_, err := w.c.Read(t.Context())
	wantError(t, err, "who this is: 403 Resource not accessible by integration")
	same(t, "is about the token", errors.Is(err, reconcile.ErrAuth), true)
}

func TestNew(t *testing.T) {
	good := githubapi.Config{Repo: "acme/ops", Token: canary, Clock: &clock{}}
	for want, spoil := range map[string]func(*githubapi.Config){
		`repository "acme", want owner/name`:       func(c *githubapi.Config) { c.Repo = "acme" },
		`repository "a/..", want owner/name`:       func(c *githubapi.Config) { c.Repo = "a/.." },
		`repository "a/b/c", want owner/name`:      func(c *githubapi.Config) { c.Repo = "a/b/c" },
		`repository "a/b?c", want owner/name`:      func(c *githubapi.Config) { c.Repo = "a/b?c" },
		"no token for GitHub":                      func(c *githubapi.Config) { c.Token = "" },
		"holds blanks or control characters":       func(c *githubapi.Config) { c.Token = canary + "\n" },
		"wants a clock":                            func(c *githubapi.Config) { c.Clock = nil },
		"GITHUB_API_URL is no URL":                 func(c *githubapi.Config) { c.BaseURL = "api.github.com" },
		"must be https":                            func(c *githubapi.Config) { c.BaseURL = "http://ghe.example/api/v3" },
		"GITHUB_API_URL has a user":                func(c *githubapi.Config) { c.BaseURL = "https://me:" + canary + "@ghe.example/" },
		"the private key of the GitHub App cannot": func(c *githubapi.Config) { c.App = &githubapi.App{ID: 1, InstallationID: 2, PrivateKey: canary} },
	} {
		cfg := good
		spoil(&cfg)
		_, err := githubapi.New(cfg)
		wantError(t, err, want)
		same(t, "canary in "+want, err != nil && strings.Contains(err.Error(), canary), false)
	}
	if _, err := githubapi.New(good); err != nil {
		t.Error(err)
	}
}

// enterprise is a server for a GitHub App: it makes tokens, and passes everything else on to the fake.
type enterprise struct {
	fake   *gt.Server
	tokens int
	status int // of the answer to a request for a token
	seen   []string
}

func (e *enterprise) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.seen = append(e.seen, r.Method+" "+r.URL.Path)
	jwt := strings.Count(r.Header.Get("Authorization"), ".") == 2
	switch {
	case r.URL.Path == "/app" && jwt:
		_, _ = fmt.Fprint(w, `{"slug": "our-app"}`)
	case r.URL.Path == "/app/installations/7/access_tokens" && jwt:
		e.tokens++
		w.WriteHeader(e.status)
		_ = json.NewEncoder(w).Encode(map[string]any{"token": canary, "expires_at": time.Now().Add(time.Hour)})
	default:
		e.fake.ServeHTTP(w, r)
	}
}

// TestApp: an App makes its own tokens, once an hour, and knows its own name.
func TestApp(t *testing.T) {
	fake := gt.New(t, gt.WithToken(canary, "our-app[bot]"))
	front := &enterprise{fake: fake, status: http.StatusCreated}
	server := httptest.NewServer(front)
	defer server.Close()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	cfg := githubapi.Config{
		Repo: gt.Repo, BaseURL: server.URL, Clock: &clock{s: fake},
		App: &githubapi.App{ID: 5, InstallationID: 7, PrivateKey: githubapi.Secret(text)},
	}
	c, err := githubapi.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		if err := c.Do(t.Context(), create(item(n+1))); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "first request", front.seen[0], "GET /app")
	same(t, "tokens", front.tokens, 1)
	same(t, "trusted", c.Trusted("our-app[bot]"), true)
	fake.Inject(gt.Rule{Fault: gt.Fault{Kind: gt.Answer, Status: 422, Body: `{"message": "` + canary + `"}`}})
	wantError(t, c.Do(t.Context(), create(item(3))), "422 ***")

	front.status = http.StatusUnauthorized
	if c, err = githubapi.New(cfg); err != nil {
		t.Fatal(err)
	}
	_, err = c.Read(t.Context())
	wantError(t, err, "no token for the GitHub App", "401")
	same(t, "is about the token", errors.Is(err, reconcile.ErrAuth), true)
	front.status = http.StatusBadGateway
	err = c.Do(t.Context(), create(item(4)))
	wantError(t, err, "after 5 tries: no token for the GitHub App")
}
