// Package githubtest is a fake of GitHub's REST API that lives in the test's own process.
//
// It owns: the state of a few repositories (issues, comments, labels, milestones, pull requests, refs and files), the endpoints
// that sitrep uses, GitHub's limits and error bodies, faults on demand, and a record of every request. It also starts the
// emulator of test/emulator, a second opinion that was not written here.
// Every request and every answer is held against GitHub's published OpenAPI description; see New for where that is found.
//
// It refuses: to be imported by anything but tests; to talk to another host than the loopback; to read the clock (time stands
// still until Advance); to model what sitrep does not use. A request to an endpoint, or with a query, that it does not model
// fails the test instead of being answered by a guess.
package githubtest

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// What every Server starts with, so that a test needs no set-up: the repository Repo, the account Bot with the token Token, a
// token that may only read, and two people who may be assigned to issues.
const (
	Repo          = "acme/ops"
	Bot           = "sitrep-bot"
	Token         = "a-token-that-writes"
	ReadOnlyToken = "a-token-that-only-reads"
	Alice         = "alice"
	Ben           = "ben"
)

// Epoch is what the clock shows until a test advances it.
var Epoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Server is one fake GitHub. All its methods may be called from any goroutine, while requests are being answered too.
type Server struct {
	// URL is the base URL without a slash at the end, as GITHUB_API_URL holds it.
	URL string

	t         testing.TB
	prefix    string
	http      *httptest.Server
	elsewhere *elsewhere
	checker   *checker
	closing   chan struct{}
	closeOnce sync.Once

	lag       time.Duration
	pageLimit int
	refuse    bool
	rateLimit int

	mu       sync.Mutex
	now      func() time.Time
	advanced time.Duration
	tokens   map[string]token
	users    []string
	repos    []*repository
	lastID   int64
	rates    map[string]*rate
	rules    []*rule
	deciders []func(Request) Fault
	requests []*Request
}

// token is what a bearer token stands for.
type token struct {
	login    string
	readOnly bool
}

// New starts a fake GitHub on the loopback and stops it when the test ends.
//
// GitHub's description is read from the file that the environment variable SITREP_OPENAPI names, else from the npm package
// under test/openapi. Without it the fake answers all the same, unchecked, and says so in the test's log.
func New(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s := &Server{
		t:         t,
		closing:   make(chan struct{}),
		pageLimit: 10_000,
		rateLimit: 5_000,
		now:       func() time.Time { return Epoch },
		tokens:    map[string]token{Token: {login: Bot}, ReadOnlyToken: {login: Bot, readOnly: true}},
		lastID:    1000,
		rates:     map[string]*rate{},
	}
	s.addRepo(Repo)
	for _, opt := range opts {
		opt(s)
	}
	s.checker = newChecker(t)
	s.elsewhere = newElsewhere(s)
	s.http = httptest.NewServer(s)
	s.URL = s.http.URL + s.prefix
	t.Cleanup(s.Close)
	return s
}

// Close stops the server: whoever asks it from then on is refused the connection. Requests that hang are let go.
func (s *Server) Close() {
	s.closeOnce.Do(func() {
		close(s.closing)
		s.elsewhere.http.Close()
		s.http.CloseClientConnections()
		s.http.Close()
	})
}

// Now is what the server's clock shows.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock()
}

// Advance moves the clock on by d.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advanced += d
}

// clock is Now for a caller that holds the lock.
func (s *Server) clock() time.Time { return s.now().Add(s.advanced) }

// newID gives out the next id; ids are unique in the server and are never an issue's number.
func (s *Server) newID() int64 {
	s.lastID++
	return s.lastID
}

// find is the repository "owner/name", whatever its letter case, or nil.
func (s *Server) find(fullName string) *repository {
	for _, r := range s.repos {
		if strings.EqualFold(r.fullName(), fullName) {
			return r
		}
	}
	return nil
}

// mustFind reports a repository that a test misspelled.
func (s *Server) mustFind(fullName string) *repository {
	s.t.Helper()
	r := s.find(fullName)
	if r == nil {
		s.t.Errorf("githubtest: no repository %q, want one given by WithRepo", fullName)
		return &repository{owner: "no", name: "repository", git: newGit()}
	}
	return r
}
