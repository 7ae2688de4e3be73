package githubapi_test

import (
	"context"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubapi"
	gt "github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// count is what a run costs.
type count struct{ requests, writes int }

// counted is a repository of n issues, as runs before left them, an hour ago.
type counted struct {
	s       *gt.Server
	cache   *memory
	desired []reconcile.Resource
}

func newCounted(t testing.TB, n int) *counted {
	t.Helper()
	k := &counted{s: gt.New(t), cache: &memory{}, desired: items(n)}
	for _, r := range k.desired {
		i := reconcile.Compose(create(r), reconcile.Issue{}, func(string) bool { return true })
		k.s.As(gt.Bot).AddIssue(gt.Repo, gt.Issue{Title: i.Title, Body: i.Body, Labels: i.Labels, Assignees: i.Assignees})
		k.s.Advance(time.Second)
	}
	k.s.Advance(time.Hour)
	return k
}

// run reads, plans and applies, and gives what that cost.
func (k *counted) run(t testing.TB, cache githubapi.Cache) count {
	t.Helper()
	k.s.Forget()
	c, err := githubapi.New(githubapi.Config{Repo: gt.Repo, BaseURL: k.s.URL, Token: gt.Token, Clock: &clock{s: k.s}, Cache: cache})
	if err != nil {
		t.Fatal(err)
	}
	actual, err := c.Read(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	changes := reconcile.Diff(k.desired, actual, reconcile.DiffOptions{System: githubapi.System, Trusted: c.Trusted})
	result := reconcile.Apply(context.Background(), c, reconcile.Plan{Changes: changes}, func(int, int, reconcile.Change, error) {})
	for _, f := range result.Failed {
		t.Fatal(f.Err)
	}
	return count{len(k.s.Requests()), len(k.s.Writes())}
}

// change gives n items another due date.
func (k *counted) change(n int, due string) {
	for i := range n {
		at := i * len(k.desired) / n
		k.desired[at] = with(k.desired[at], reconcile.Due, due)
	}
}

func TestCounts(t *testing.T) {
	k := newCounted(t, 500)
	same(t, "500 unchanged", k.run(t, nil), count{7, 0}) // user, labels, 5 pages
	same(t, "500 unchanged, the cache is new", k.run(t, k.cache), count{7, 0})
	same(t, "500 unchanged, with the cache", k.run(t, k.cache), count{1, 0})
	k.change(10, "2025-10-01")
	same(t, "10 changed of 500", k.run(t, nil), count{7 + 2*10, 10})
	same(t, "unchanged again", k.run(t, nil), count{7, 0})
	k.change(150, "2025-11-01")
	same(t, "150 changed, with the cache", k.run(t, k.cache), count{1 + 2*150, 150})
	k.s.Advance(time.Hour)
	same(t, "what was changed by ourselves is listed", k.run(t, k.cache), count{2, 0})
	same(t, "unchanged again, with the cache", k.run(t, k.cache), count{1, 0})
}

// raced is set where the race detector looks on.
var raced bool

func TestCountsOfMany(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("10,000 issues take the fake some seconds, and with the race detector half a minute")
	}
	k := newCounted(t, 10_000)
	same(t, "10,000 unchanged", k.run(t, k.cache), count{102, 0}) // user, labels, 100 pages
	same(t, "10,000 unchanged, with the cache", k.run(t, k.cache), count{1, 0})
	k.change(10, "2025-10-01")
	same(t, "10 changed of 10,000, with the cache", k.run(t, k.cache), count{1 + 2*10, 10})
}

// BenchmarkRun is a run over 10,000 issues: how long it takes us, and what it asks of GitHub.
func BenchmarkRun(b *testing.B) {
	k := newCounted(b, 10_000)
	bench := func(name string, cache githubapi.Cache, before func(n int)) {
		b.Run(name, func(b *testing.B) {
			var got count
			for n := 0; b.Loop(); n++ {
				b.StopTimer()
				before(n)
				b.StartTimer()
				got = k.run(b, cache)
			}
			b.ReportMetric(float64(got.requests), "requests")
			b.ReportMetric(float64(got.writes), "writes")
		})
	}
	bench("whole read, unchanged", nil, func(int) {})
	if got := k.run(b, k.cache); got.writes != 0 {
		b.Fatalf("the cache is filled by %+v", got)
	}
	bench("cache, unchanged", k.cache, func(int) {})
	bench("cache, 10 changed", k.cache, func(n int) {
		k.s.Advance(time.Hour)
		k.change(10, gt.Epoch.AddDate(0, 0, n).Format(time.DateOnly))
	})
}
