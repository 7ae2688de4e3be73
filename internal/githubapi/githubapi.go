// Package githubapi owns issues on GitHub, behind reconcile.System: it reads the issues and labels that may be ours, and carries
// out one change at a time, at most once. It also proposes changed files as a pull request.
//
// What it holds to:
//   - Writes go one after the other, at least a second apart. A write whose outcome is unknown is never simply sent again: the
//     issue is read, then it is decided. What cannot be decided is reconcile.ErrUnknownOutcome.
//   - Reads are repeated a few times. Rate limits are waited for, within a budget; no request is sent before the time that GitHub
//     allows.
//   - The token goes to one host, over TLS or the loopback, and into no error, log or cache.
//   - An issue is changed only as it is at that moment: what a person changed since it was read stays.
//
// It refuses: to read the clock, the environment or files (they are handed in); to push to the default branch or to a branch that
// is not its own; to delete anything; to retry what GitHub refused. A Client is for one run and one goroutine.
//
// Of go-github it uses the types and the building of requests. Its rate limit handling knows no 429, and waits for the wrong time
// after some secondary limits; its Do gives "context canceled" for a write that was carried out.
package githubapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// System is the name of this system in resources and changes.
const System = "github"

// DefaultBaseURL is where GitHub's API is when GITHUB_API_URL does not say.
const DefaultBaseURL = "https://api.github.com"

// What a Config means where it leaves a number out. A second between writes is what GitHub asks for: see
// https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
const (
	defaultBudget   = 10 * time.Minute
	defaultWriteGap = time.Second
	defaultTimeout  = 30 * time.Second
)

// Clock tells the time and waits. Sleep ends at once, with ctx.Err(), when ctx does.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error
}

// Config says which repository, as whom, and how patiently.
type Config struct {
	Repo    string // "owner/name"
	BaseURL string // GITHUB_API_URL; DefaultBaseURL if empty. https, or http on the loopback
	Token   Secret
	App     *App  // instead of Token
	Clock   Clock // required
	Cache   Cache // optional

	// Accounts are further logins whose issues are ours: the accounts that sitrep ran as before.
	Accounts []string
	// Transport sends requests; without it one that takes proxies from the environment, as Go programs do.
	Transport http.RoundTripper
	// Budget is how long all waits of a run for rate limits and for a GitHub that does not answer may take together: 10 minutes
	// if 0. Beyond it a change fails with reconcile.ErrGaveUp. The gap between writes does not count.
	Budget time.Duration
	// MinWriteGap is the least time between two writes: 1 second if 0.
	MinWriteGap time.Duration
	// Timeout is for one request, its answer included: 30 seconds if 0.
	Timeout time.Duration
	// Progress is told of waits: "waiting 42 s for GitHub's rate limit".
	Progress func(string)
}

// Client is a repository on GitHub.
type Client struct {
	repo     string // owner/name
	wire     *wire
	clock    Clock
	cache    Cache
	accounts []string
	progress func(string)

	self    string // our own login, "" until it is known
	held    store  // what Read saw
	highest int    // the highest number of an issue or pull request that we know of
	renamed bool   // lists are found by a redirect: the repository has another name now

	checked bool              // mine is complete
	mine    map[string]record // issues that trusted accounts opened, by the key's hash
	canOwn  map[string]bool   // logins in lower case that were asked for: assignable or not
}

// New makes a client. It sends nothing.
func New(cfg Config) (*Client, error) {
	if !repoName.MatchString(cfg.Repo) {
		return nil, fmt.Errorf("repository %q, want owner/name", cfg.Repo)
	}
	if cfg.Clock == nil {
		return nil, errors.New("a GitHub client wants a clock")
	}
	w, err := newWire(cfg)
	if err != nil {
		return nil, err
	}
	c := &Client{
		repo: cfg.Repo, wire: w, clock: cfg.Clock, cache: cfg.Cache, accounts: cfg.Accounts, progress: cfg.Progress,
		mine: map[string]record{}, canOwn: map[string]bool{},
	}
	return c, nil
}

// Trusted tells whether a marker counts on an issue that this login opened: our own, known once Read has been called, or one of
// Config.Accounts.
func (c *Client) Trusted(login string) bool {
	if login == "" {
		return false
	}
	for _, ours := range append([]string{c.self}, c.accounts...) {
		if strings.EqualFold(ours, login) {
			return true
		}
	}
	return false
}

// Do carries out one change, at most once. An error is about this change alone unless it wraps reconcile.ErrGaveUp,
// reconcile.ErrAuth or context.Canceled.
func (c *Client) Do(ctx context.Context, ch reconcile.Change) error {
	if err := c.identify(ctx); err != nil {
		return err
	}
	switch {
	case c.renamed:
		return c.otherName()
	case ch.Kind == reconcile.KindLabel && ch.Op == reconcile.Create:
		return c.createLabel(ctx, ch)
	case ch.Kind == reconcile.KindIssue && ch.Op == reconcile.Create:
		return c.createIssue(ctx, ch)
	case ch.Kind == reconcile.KindIssue && (ch.Op == reconcile.Update || ch.Op == reconcile.Close || ch.Op == reconcile.Reopen):
		return c.changeIssue(ctx, ch)
	}
	return fmt.Errorf("%s of a %s cannot be done on GitHub", ch.Op, ch.Kind)
}

// otherName is for writes to a repository that was renamed: GitHub redirects them, and a redirect of an issue says that the issue was
// moved. Reading goes on under the old name.
func (c *Client) otherName() error {
	return fmt.Errorf("%s has another name now; nothing was written: set the remote, or GITHUB_REPOSITORY, to the new one", c.repo)
}

// at is a path below the repository.
func (c *Client) at(format string, args ...any) string {
	return "repos/" + c.repo + fmt.Sprintf(format, args...)
}
