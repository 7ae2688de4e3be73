package githubapi

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// store is what a read leads to, and what the cache keeps of it.
type store struct {
	full    time.Time // when everything was read, by our clock
	mark    time.Time // whatever was changed before is in here, by GitHub's clock
	etag    string    // of the latest list of changes, and the query that it is for
	etagOf  string
	self    string // who account is
	account string
	labels  []label
	records map[int]record
}

// lag is how far a list of changes looks back behind what is known: GitHub's lists are minutes late at times.
const lag = 10 * time.Minute

// Read lists the issues that carry our label, open and closed, and the labels of the repository. With a cache it asks for what has
// changed since.
func (c *Client) Read(ctx context.Context) ([]reconcile.Resource, error) {
	kept, cached := c.load()
	if cached && kept.account == c.wire.account.id {
		c.self = cmp.Or(c.self, kept.self)
	}
	if err := c.identify(ctx); err != nil {
		return nil, c.reading(err)
	}
	var err error
	if cached {
		err = c.refresh(ctx, &kept)
	} else {
		kept, err = c.readWhole(ctx)
	}
	if err != nil {
		return nil, c.reading(err)
	}
	kept.self, kept.account = c.self, c.wire.account.id
	c.held = kept
	c.save()
	return c.held.resources(), nil
}

// ReadAll is Read, and beside the issues with our label those without it that a trusted account opened: what sitrep repair looks
// at. It uses no cache.
func (c *Client) ReadAll(ctx context.Context) ([]reconcile.Resource, error) {
	if err := c.identify(ctx); err != nil {
		return nil, c.reading(err)
	}
	kept, err := c.readWhole(ctx)
	if err != nil {
		return nil, c.reading(err)
	}
	c.held = kept
	own, err := c.readOwn(ctx)
	if err != nil {
		return nil, c.reading(err)
	}
	all := store{labels: kept.labels, records: maps.Clone(kept.records)}
	for _, r := range own {
		all.records[r.Number] = r
	}
	return all.resources(), nil
}

// reading says what an error is about. GitHub does not tell a repository that is not there from one that the token may not see.
func (c *Client) reading(err error) error {
	if statusOf(err) == http.StatusNotFound {
		return &failure{
			status: http.StatusNotFound, kind: reconcile.ErrAuth,
			text: fmt.Sprintf("read issues of %s: there is no such repository, or the token may not see it: %s", c.repo, err),
		}
	}
	return fmt.Errorf("read issues of %s: %w", c.repo, err)
}

func (c *Client) readWhole(ctx context.Context) (store, error) {
	s := store{full: c.clock.Now(), records: map[int]record{}}
	labels, err := c.labels(ctx)
	if err != nil {
		return s, err
	}
	s.labels = labels
	got, err := c.issues(ctx, url.Values{"labels": {reconcile.LabelOurs}}, "")
	s.take(got, c.clock.Now(), true)
	return s, err
}

// refresh brings what was kept up to date: an issue changed since is listed by GitHub, one that is not listed stands as it was. That
// an issue was deleted or lost its label is not listed; it is found out when it is changed, or by the next whole read.
func (c *Client) refresh(ctx context.Context, s *store) error {
	filter := url.Values{"labels": {reconcile.LabelOurs}, "since": {s.mark.Add(-lag).UTC().Format(time.RFC3339)}}
	etag := ""
	if s.etagOf == filter.Encode() && s.account == c.wire.account.id {
		etag = s.etag
	}
	got, err := c.issues(ctx, filter, etag)
	if err != nil {
		return err
	}
	s.take(got, c.clock.Now(), false)
	for n := range s.records {
		c.highest = max(c.highest, n)
	}
	if !s.knowsLabelsOf(got.records) {
		if s.labels, err = c.labels(ctx); err != nil {
			return err
		}
	}
	if got.answer.status == http.StatusOK {
		s.etag, s.etagOf = "", ""
		if got.pages == 1 {
			s.etag, s.etagOf = got.answer.header.Get("ETag"), filter.Encode()
		}
	}
	return nil
}

// knowsLabelsOf tells whether all labels of some issues are known. Where they are not, labels were made since they were listed.
func (s *store) knowsLabelsOf(records []record) bool {
	known := map[string]bool{}
	for _, l := range s.labels {
		known[l.Name] = true
	}
	for _, r := range records {
		if slices.ContainsFunc(r.Labels, func(name string) bool { return !known[name] }) {
			return false
		}
	}
	return true
}

// take puts in what a list shows. The mark is the latest change that was seen, but no later than the list's first page: what was
// changed while the later pages were read may have been missed. A whole read, and a list of changes of several pages, move it on
// further, to the time from which changes may not be listed yet: the next list is short.
func (s *store) take(got list, now time.Time, whole bool) {
	began := got.answer.time(now)
	latest := time.Time{}
	for _, r := range got.records {
		if r.Updated.After(latest) {
			latest = r.Updated
		}
		if !r.Pull {
			s.records[r.Number] = r
		}
	}
	if latest.After(began) {
		latest = began
	}
	if settled := began.Add(-lag); (whole || got.pages > 1) && settled.After(latest) {
		latest = settled
	}
	if latest.After(s.mark) {
		s.mark = latest
	}
}

// resources are all that was read: issues by number, then labels by name.
func (s *store) resources() []reconcile.Resource {
	var out []reconcile.Resource
	for _, n := range slices.Sorted(maps.Keys(s.records)) {
		out = append(out, s.records[n].Resource(System))
	}
	labels := slices.SortedFunc(slices.Values(s.labels), func(a, b label) int { return strings.Compare(a.Name, b.Name) })
	for _, l := range labels {
		out = append(out, reconcile.Resource{
			System: System, Kind: reconcile.KindLabel, Key: l.Name,
			Fields: reconcile.Fields{reconcile.Color: l.Color, reconcile.Description: l.Description},
		})
	}
	return out
}
