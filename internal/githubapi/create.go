package githubapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/go-github/v62/github"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// createIssue opens an issue by one POST, which is never sent again.
func (c *Client) createIssue(ctx context.Context, ch reconcile.Change) error {
	if err := c.beforeCreates(ctx); err != nil {
		return fmt.Errorf("look for issues that are there already: %w", err)
	}
	if err := c.thereAlready(ch); err != nil {
		return err
	}
	owner := ch.After[reconcile.Owner]
	may, err := c.assignable(ctx, owner)
	if err != nil {
		return fmt.Errorf("ask whether @%s can be assigned: %w", owner, err)
	}
	next := reconcile.Compose(ch, reconcile.Issue{}, func(string) bool { return may })
	began := c.serverTime()
	a, err := c.wire.write(ctx, call{
		method: http.MethodPost, path: c.at("/issues"),
		body: &github.IssueRequest{Title: &next.Title, Body: &next.Body, Labels: list0(next.Labels), Assignees: list0(next.Assignees)},
	})
	var made record
	if err == nil {
		made, err = c.decodeIssue(a, true)
	}
	if unknown(err) {
		made, err = c.findCreated(ctx, hashOf(ch), began, err)
	}
	if err != nil {
		return c.notCreated(ch, err)
	}
	c.note(made)
	return c.asWanted(made)
}

// list0 is a list that is sent as [] where it is empty.
func list0(s []string) *[]string {
	s = append([]string{}, s...)
	return &s
}

// hashOf is the key of a change as markers have it.
func hashOf(ch reconcile.Change) string {
	if ch.Desired != nil {
		return reconcile.HashKey(ch.Desired.Key)
	}
	return reconcile.HashKey(ch.Key)
}

// hashesOf are the keys that the issue of a change may carry: its own and those that it had.
func hashesOf(ch reconcile.Change) []string {
	out := []string{hashOf(ch)}
	if ch.Desired != nil {
		for _, alias := range ch.Desired.Aliases {
			out = append(out, reconcile.HashKey(alias))
		}
	}
	return out
}

// thereAlready refuses to open an issue for a key that an issue of ours carries, unless Read showed that issue: then the plan was made
// in full knowledge of it.
func (c *Client) thereAlready(ch reconcile.Change) error {
	for _, hash := range hashesOf(ch) {
		r, ok := c.mine[hash]
		_, shown := c.held.records[r.Number]
		switch {
		case !ok, shown:
		case slices.Contains(r.Labels, reconcile.LabelOurs):
			c.forget()
			return fmt.Errorf("issue #%d carries the key %s and GitHub's list did not show it yet; nothing was created, run again", r.Number, ch.Key)
		default:
			return fmt.Errorf("issue #%d carries this key but lost its label %s; put the label back or run sitrep repair", r.Number, reconcile.LabelOurs)
		}
	}
	return nil
}

func (c *Client) notCreated(ch reconcile.Change, err error) error {
	switch {
	case statusOf(err) == http.StatusGone:
		return fmt.Errorf("%s: %w (are issues switched on in %s?)", ch.Key, err, c.repo)
	case elsewhere(err):
		return &failure{status: statusOf(err), kind: reconcile.ErrAuth, text: fmt.Sprintf("%s: %v (does the token reach %s, and is that still its name?)", ch.Key, err, c.repo)}
	}
	return fmt.Errorf("%s: %w", ch.Key, err)
}

// asWanted looks for what GitHub leaves out without a word: a token that may open issues but not push gets no labels. The issue is
// there; without its label or a trusted author the next run would not know it, so somebody has to be told.
func (c *Client) asWanted(made record) error {
	switch {
	case !slices.Contains(made.Labels, reconcile.LabelOurs):
		return fmt.Errorf("issue #%d was opened, but without its label %s: the token may not set labels; it needs to write issues", made.Number, reconcile.LabelOurs)
	case !c.Trusted(made.Author):
		return fmt.Errorf("issue #%d was opened as @%s, which is not an account that sitrep trusts: add it to tracker_accounts in the config", made.Number, made.Author)
	}
	return nil
}

// serverTime is about what GitHub's clock shows.
func (c *Client) serverTime() time.Time { return c.clock.Now().Add(c.wire.pace.skew) }

// findCreated decides whether a POST without an answer opened an issue. Lists are asked first; they may be late, so the numbers that
// come next are asked for one by one.
func (c *Client) findCreated(ctx context.Context, hash string, began time.Time, cause error) (record, error) {
	is := func(r record) bool { return !r.Pull && c.Trusted(r.Author) && r.Resource(System).Hash == hash }
	for _, filter := range c.recent(began) {
		got, err := c.issues(ctx, filter, "")
		if err != nil {
			return record{}, undecided(cause, err)
		}
		if at := slices.IndexFunc(got.records, is); at >= 0 {
			return got.records[at], nil
		}
	}
	r, _, err := c.probe(ctx, probeAfterCreate, is)
	if err == nil && r.Number == 0 {
		err = errors.New("no issue carries the key")
	}
	if err != nil {
		return record{}, undecided(cause, err)
	}
	return r, nil
}

// undecided is for a write of which nobody knows whether it was carried out: cause is why, and last why reading did not tell.
func undecided(cause, last error) error {
	err := fmt.Errorf("%v; then %v: %w", cause, last, reconcile.ErrUnknownOutcome)
	if kind := asFailure(last).kind; kind != nil {
		return fmt.Errorf("%w (%w)", err, kind) // it ends the run too
	}
	return err
}
