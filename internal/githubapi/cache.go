package githubapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// Cache keeps one piece of data between runs. It may lose it, or give an older one back, at any time: nothing but requests depends
// on it. What is kept is what the repository's issues say; no token is in it.
type Cache interface {
	Load() ([]byte, bool)
	Save(data []byte) error
}

// maxAge is how long the cache does without a read of everything, which is what notices issues that were deleted or lost our label.
const maxAge = 24 * time.Hour

// cacheHead starts the cache's first line; the payload's checksum ends it. Another form of the payload wants another version.
const cacheHead = "sitrep-github-issues/v1 "

// cacheFile is the payload.
type cacheFile struct {
	Repo    string       `json:"repo"`
	Base    string       `json:"base"`
	Full    time.Time    `json:"full"`
	Mark    time.Time    `json:"mark"`
	ETag    string       `json:"etag,omitempty"`
	ETagOf  string       `json:"etag_of,omitempty"`
	Self    string       `json:"self"`
	Account string       `json:"account"`
	Labels  []label      `json:"labels"`
	Issues  []cacheIssue `json:"issues"`
}

type cacheIssue struct {
	Number    int       `json:"number"`
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	Labels    []string  `json:"labels,omitempty"`
	Assignees []string  `json:"assignees,omitempty"`
	State     string    `json:"state"`
	Reason    string    `json:"reason,omitempty"`
	Author    string    `json:"author"`
	Insider   bool      `json:"insider,omitempty"`
	Updated   time.Time `json:"updated"`
}

// load gives what was kept; false where there is nothing, or anything about it is in doubt.
func (c *Client) load() (store, bool) {
	if c.cache == nil {
		return store{}, false
	}
	data, ok := c.cache.Load()
	if !ok {
		return store{}, false
	}
	head, payload, ok := bytes.Cut(data, []byte("\n"))
	if !ok || string(head) != cacheHead+checksum(payload) {
		return store{}, false
	}
	var f cacheFile
	if json.Unmarshal(payload, &f) != nil {
		return store{}, false
	}
	age := c.clock.Now().Sub(f.Full)
	if f.Repo != c.repo || f.Base != c.wire.guard.base.String() || age < 0 || age > maxAge || f.Mark.IsZero() {
		return store{}, false
	}
	return f.store(), true
}

func (f cacheFile) store() store {
	s := store{
		full: f.Full, mark: f.Mark, etag: f.ETag, etagOf: f.ETagOf, self: f.Self, account: f.Account, labels: f.Labels,
		records: map[int]record{},
	}
	for _, i := range f.Issues {
		s.records[i.Number] = record{Updated: i.Updated, Issue: reconcile.Issue{
			Number: i.Number, Title: i.Title, Body: i.Body, Labels: i.Labels, Assignees: i.Assignees, State: i.State, Reason: i.Reason,
			Author: i.Author, Insider: i.Insider,
		}}
	}
	return s
}

// save keeps what was read. That it cannot be kept costs the next run some requests: it is said and nothing else.
func (c *Client) save() {
	if c.cache == nil || c.held.full.IsZero() {
		return
	}
	s := c.held
	f := cacheFile{
		Repo: c.repo, Base: c.wire.guard.base.String(), Full: s.full, Mark: s.mark, ETag: s.etag, ETagOf: s.etagOf,
		Self: s.self, Account: s.account, Labels: s.labels,
	}
	for _, n := range slices.Sorted(maps.Keys(s.records)) {
		r := s.records[n]
		f.Issues = append(f.Issues, cacheIssue{
			Number: r.Number, Title: r.Title, Body: r.Body, Labels: r.Labels, Assignees: r.Assignees, State: r.State, Reason: r.Reason,
			Author: r.Author, Insider: r.Insider, Updated: r.Updated,
		})
	}
	payload, err := json.Marshal(f)
	if err == nil {
		err = c.cache.Save(append([]byte(cacheHead+checksum(payload)+"\n"), payload...))
	}
	if err != nil {
		c.wire.pace.progress("the cache of issues cannot be kept: " + c.wire.clean(err.Error()))
	}
}

// forget empties the cache: what it holds was found to be wrong.
func (c *Client) forget() {
	c.held = store{}
	if c.cache != nil {
		_ = c.cache.Save(nil) // what cannot be emptied is too old after a day
	}
}

func checksum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
