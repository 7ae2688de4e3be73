package githubapi_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/githubapi"
	gt "github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// cached has a cache of 3 issues, and gives it.
func cached(t *testing.T, opts ...gt.Option) (*world, *memory) {
	w := newWorld(t, opts...)
	kept := &memory{}
	w.with(func(c *githubapi.Config) { c.Cache = kept })
	w.made(items(3)...)
	w.s.Advance(time.Hour)
	w.read()
	w.s.Forget()
	w.fresh()
	return w, kept
}

var whole = []string{"GET /user", "GET /labels", "GET /issues"}

func TestCache(t *testing.T) {
	w, kept := cached(t)
	want := w.read()
	w.wantSent("GET /issues")
	same(t, "since", w.s.Requests()[0].Query.Get("since"), gt.Epoch.Add(2*time.Second-10*time.Minute).Format(time.RFC3339))
	w.s.As(gt.Ben).EditIssue(gt.Repo, 2, func(i *gt.Issue) { i.Title = "other" })
	w.s.As(gt.Ben).CloseIssue(gt.Repo, 3, "completed")
	w.s.As(gt.Ben).AddIssue(gt.Repo, gt.Issue{Title: "new", Labels: []string{"sitrep"}})
	w.fresh()
	w.s.Forget()
	got := w.read()
	w.wantSent("GET /issues")
	w.with(func(c *githubapi.Config) { c.Cache = nil })
	if d := cmp.Diff(w.read(), got); d != "" {
		t.Errorf("what a whole read gives, and with the cache:\n%s", d)
	}
	same(t, "changed", got[1].Fields[reconcile.Title] != want[1].Fields[reconcile.Title] && got[2].Fields[reconcile.State] == reconcile.StateDone, true)
	same(t, "token in the cache", bytes.Contains(kept.data, []byte(canary)), false)
}

// TestCacheUnchanged: where nothing was changed GitHub is asked with the ETag of the time before.
func TestCacheUnchanged(t *testing.T) {
	w, _ := cached(t)
	want := w.read()
	w.fresh()
	w.s.Forget()
	if d := cmp.Diff(want, w.read()); d != "" {
		t.Error(d)
	}
	r := w.s.Requests()
	same(t, "requests", len(r), 1)
	same(t, "status", r[0].Status, 304)
	w.s.As(gt.Ben).EditIssue(gt.Repo, 2, func(i *gt.Issue) { i.Title = "other" })
	w.fresh()
	same(t, "title", w.read()[1].Fields[reconcile.Title], "other")
}

// TestCacheInDoubt: anything that is not as it was left leads to a whole read.
func TestCacheInDoubt(t *testing.T) {
	other, _ := cached(t)
	_ = other
	for what, spoil := range map[string]func(w *world, m *memory){
		"lost":                   func(_ *world, m *memory) { m.data = nil },
		"empty":                  func(_ *world, m *memory) { m.data = []byte{} },
		"nonsense":               func(_ *world, m *memory) { m.data = []byte("nonsense") },
		"cut":                    func(_ *world, m *memory) { m.data = m.data[:len(m.data)/2] },
		"a bit":                  func(_ *world, m *memory) { m.data[len(m.data)-20] ^= 1 },
		"another version":        func(_ *world, m *memory) { m.data = bytes.Replace(m.data, []byte("/v1 "), []byte("/v2 "), 1) },
		"another repository":     func(w *world, _ *memory) { w.cfg.Repo = "acme/other" },
		"another host":           func(w *world, _ *memory) { w.cfg.BaseURL = strings.Replace(w.s.URL, "127.0.0.1", "localhost", 1) },
		"a day":                  func(w *world, _ *memory) { w.s.Advance(24*time.Hour + time.Second) },
		"a clock that goes back": func(w *world, _ *memory) { w.s.Advance(-2 * time.Hour) },
	} {
		t.Run(what, func(t *testing.T) {
			w, m := cached(t, gt.WithRepo("acme/other"))
			spoil(w, m)
			w.fresh()
			got := w.read()
			sent := w.sent()
			for i := range sent {
				sent[i] = strings.Replace(sent[i], "/repos/acme/other", "", 1)
			}
			if !slices.Equal(sent, whole) {
				t.Errorf("sent %q, want %q", sent, whole)
			}
			want := 3 + 3
			if what == "another repository" {
				want = 0
			}
			same(t, "resources", len(got), want)
		})
	}
}

// TestCacheStale: an old cache that comes back leads to the same as none.
func TestCacheStale(t *testing.T) {
	w, m := cached(t)
	old := bytes.Clone(m.data)
	for range 20 {
		w.s.Advance(time.Hour)
		w.s.As(gt.Ben).EditIssue(gt.Repo, 2, func(i *gt.Issue) { i.Title += "!" })
		w.s.As(gt.Ben).AddIssue(gt.Repo, gt.Issue{Title: "new", Labels: []string{"sitrep"}})
		w.fresh()
		w.read()
	}
	m.data = old
	w.fresh()
	got := w.read()
	w.with(func(c *githubapi.Config) { c.Cache = nil })
	if d := cmp.Diff(w.read(), got); d != "" {
		t.Error(d)
	}
}

// TestCacheAndLag: a change that the list shows late is not missed for good.
func TestCacheAndLag(t *testing.T) {
	w, _ := cached(t, gt.WithListLag(5*time.Minute))
	w.s.As(gt.Ben).EditIssue(gt.Repo, 1, func(i *gt.Issue) { i.Title = "late" })
	w.s.Advance(4 * time.Minute)
	w.s.As(gt.Ben).EditIssue(gt.Repo, 2, func(i *gt.Issue) { i.Title = "later" })
	var titles []string
	for range 4 {
		w.s.Advance(3 * time.Minute)
		w.fresh()
		got := w.read()
		titles = append(titles, got[0].Fields[reconcile.Title]+" "+got[1].Fields[reconcile.Title])
	}
	same(t, "titles", strings.Join(titles, ", "), "late Cap pool 2, late later, late later, late later")
}

// TestCacheAndPages: what is changed while pages are read is found by the next read, however long they take.
func TestCacheAndPages(t *testing.T) {
	w := newWorld(t)
	many(w, 250)
	w.with(func(c *githubapi.Config) { c.Cache = &memory{} })
	w.s.Inject(
		gt.Rule{Path: "/issues$", Nth: 2, Fault: gt.Fault{Kind: gt.Meanwhile, Do: func() {
			w.s.Advance(time.Minute)
			w.s.As(gt.Ben).EditIssue(gt.Repo, 1, func(i *gt.Issue) { i.Title = "missed" })
			w.s.Advance(time.Hour)
			w.s.As(gt.Ben).EditIssue(gt.Repo, 249, func(i *gt.Issue) { i.Title = "seen" })
		}}},
	)
	same(t, "title at first", w.read()[0].Fields[reconcile.Title], "x")
	w.fresh()
	same(t, "title then", w.read()[0].Fields[reconcile.Title], "missed")
}

// TestCacheOfWhatIsGone: a cache does not show that an issue was deleted; who changes it learns it, and the next run knows.
func TestCacheOfWhatIsGone(t *testing.T) {
	w, _ := cached(t)
	w.s.As(gt.Ben).Delete(gt.Repo, 2)
	plan := w.plan(item(1), with(item(2), reconcile.Due, "2025-10-01"), item(3))
	same(t, "changes", len(plan), 1)
	wantError(t, w.c.Do(t.Context(), plan[0]), "issue #2 was deleted or moved: 410")
	w.fresh()
	plan = w.plan(items(3)...)
	same(t, "changes", len(plan), 1)
	same(t, "op", plan[0].Op, reconcile.Create)
}

// TestCacheOfLabels: a label that a run makes is in its cache.
func TestCacheOfLabels(t *testing.T) {
	w, _ := cached(t)
	l := reconcile.Resource{System: githubapi.System, Kind: reconcile.KindLabel, Key: "overdue", Fields: reconcile.Fields{reconcile.Color: "b60205"}}
	want := append(items(3), l)
	plan := w.plan(want...)
	same(t, "changes", len(plan), 1)
	if err := w.c.Do(t.Context(), plan[0]); err != nil {
		t.Fatal(err)
	}
	w.fresh()
	same(t, "changes of the next run", len(w.plan(want...)), 0)
}

// TestCacheOfAnotherAccount: the issues are the same, who we are is not.
func TestCacheOfAnotherAccount(t *testing.T) {
	w, _ := cached(t, gt.WithToken("another", gt.Alice))
	w.with(func(c *githubapi.Config) { c.Token = "another" })
	same(t, "resources", len(w.read()), 6)
	w.wantSent("GET /user", "GET /issues")
	same(t, "trusted", w.c.Trusted(gt.Alice) && !w.c.Trusted(gt.Bot), true)
}

// full is a cache that cannot be written.
type full struct{}

func (full) Load() ([]byte, bool) { return nil, false }
func (full) Save([]byte) error    { return errors.New("no space left") }

func TestCacheFull(t *testing.T) {
	w := newWorld(t)
	w.with(func(c *githubapi.Config) { c.Cache = full{} })
	w.read()
	same(t, "said", strings.Join(w.said, "; "), "the cache of issues cannot be kept: no space left")
}
