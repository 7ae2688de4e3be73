package githubapi

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// What may be there although no list shows it: GitHub's lists are late by seconds to minutes, an issue that is asked for by its
// number is not. Numbers are given in one row to issues, pull requests and discussions; a discussion answers 404 as a number that
// is not given yet does, so it takes a few of these to be at the end.
const (
	probeBeforeCreates = 100 // numbers
	probeAfterCreate   = 20
	endOfNumbers       = 3 // numbers that are not there, one after the other
)

// beforeCreates looks, once in a run, for issues that carry keys of ours and that Read did not show: their label was taken off, or
// GitHub's list is late. Without it they would be opened a second time.
func (c *Client) beforeCreates(ctx context.Context) error {
	if c.checked {
		return nil
	}
	for _, r := range c.held.records {
		c.note(r)
	}
	if _, err := c.readOwn(ctx); err != nil {
		return err
	}
	if c.renamed {
		return c.otherName()
	}
	newest, err := c.newest(ctx)
	if err != nil {
		return err
	}
	for _, r := range newest {
		c.note(r)
	}
	_, end, err := c.probe(ctx, probeBeforeCreates, func(r record) bool { c.note(r); return false })
	if err != nil {
		return err
	}
	if !end {
		return &failure{kind: reconcile.ErrGaveUp, text: "GitHub's list of issues is far behind; run again in some minutes"}
	}
	c.checked = true
	return nil
}

// readOwn lists what the trusted accounts opened, with or without our label.
func (c *Client) readOwn(ctx context.Context) ([]record, error) {
	var out []record
	asked := map[string]bool{}
	for i, login := range append([]string{c.self}, c.accounts...) {
		if login == "" || asked[strings.ToLower(login)] {
			continue
		}
		asked[strings.ToLower(login)] = true
		got, err := c.issues(ctx, url.Values{"creator": {login}}, "")
		if i > 0 && statusOf(err) == http.StatusUnprocessableEntity {
			continue // an account of the config that GitHub does not know
		}
		if err != nil {
			return nil, err
		}
		for _, r := range got.records {
			if !r.Pull && c.Trusted(r.Author) {
				c.note(r)
				out = append(out, r)
			}
		}
	}
	return out, nil
}

// newest is one page of the latest issues, whoever opened them: it tells how far numbers go.
func (c *Client) newest(ctx context.Context) ([]record, error) {
	q := url.Values{"state": {"all"}, "sort": {"created"}, "direction": {"desc"}, "per_page": {perPage}}
	a, err := c.wire.read(ctx, call{path: c.at("/issues?%s", q.Encode())})
	if err != nil {
		return nil, err
	}
	return c.decodeIssues(a)
}

// note keeps in mind that an issue carries a key; the lowest number is the one that counts.
func (c *Client) note(r record) {
	hash := r.Resource(System).Hash
	if r.Pull || hash == "" || !c.Trusted(r.Author) {
		return
	}
	if old, ok := c.mine[hash]; !ok || r.Number <= old.Number {
		c.mine[hash] = r
	}
}

// recent are the lists that show an issue opened since began. A minute is added for clocks that differ.
func (c *Client) recent(began time.Time) []url.Values {
	since := []string{began.Add(-time.Minute).UTC().Format(time.RFC3339)}
	return []url.Values{
		{"labels": {reconcile.LabelOurs}, "since": since},
		{"creator": {c.self}, "since": since},
		{"since": since},
	}
}

// probe asks for the numbers behind the highest known one, limit of them at most, until one is wanted or there are no more. A
// record with the number 0 is none.
func (c *Client) probe(ctx context.Context, limit int, want func(record) bool) (found record, end bool, err error) {
	missing := 0
	for n := c.highest + 1; limit > 0 && missing < endOfNumbers; n, limit = n+1, limit-1 {
		r, err := c.issue(ctx, n)
		switch {
		case statusOf(err) == http.StatusNotFound:
			missing++
			continue
		case elsewhere(err): // deleted or moved: there was one
		case err != nil:
			return record{}, false, err
		case want(r):
			return r, false, nil
		}
		missing = 0
		c.highest = max(c.highest, n)
	}
	return record{}, missing == endOfNumbers, nil
}

// assignable tells whether a login can be assigned to issues here; GitHub is asked once.
func (c *Client) assignable(ctx context.Context, login string) (bool, error) {
	if login == "" {
		return false, nil
	}
	key := strings.ToLower(login)
	if may, asked := c.canOwn[key]; asked {
		return may, nil
	}
	_, err := c.wire.read(ctx, call{path: c.at("/assignees/%s", url.PathEscape(login))})
	if err != nil && statusOf(err) != http.StatusNotFound {
		return false, err
	}
	c.canOwn[key] = err == nil
	return err == nil, nil
}
