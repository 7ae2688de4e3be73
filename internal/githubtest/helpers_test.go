package githubtest

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-github/v62/github"
)

const owner, repo = "acme", "ops"

// client is go-github against the fake.
func client(t *testing.T, s *Server, token string) *github.Client {
	t.Helper()
	base, err := url.Parse(s.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	c := github.NewClient(nil).WithAuthToken(token)
	c.BaseURL = base
	return c
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// ask sends one request without go-github.
func ask(t *testing.T, s *Server, token, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	ok(t, err)
	if token != "" {
		r.Header.Set("Authorization", "token "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	noFollow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := noFollow.Do(r)
	ok(t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	ok(t, err)
	return resp, string(text)
}

// listener is a testing.TB that keeps the errors for itself.
type listener struct {
	testing.TB
	mu   sync.Mutex
	said []string
}

func (l *listener) Helper() {}

func (l *listener) Errorf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, fmt.Sprintf(format, args...))
}

// heard empties the list of errors.
func (l *listener) heard() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	said := l.said
	l.said = nil
	return said
}

func ptr[T any](v T) *T { return &v }
