package githubapi_test

import (
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubapi"
	gt "github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

func TestRead(t *testing.T) {
	w := newWorld(t)
	w.s.As("mallory").AddIssue(gt.Repo, gt.Issue{Title: "outside", Labels: []string{"SitRep", "SEV-1"}})
	w.s.As(gt.Alice).AddIssue(gt.Repo, gt.Issue{Title: "inside", Labels: []string{"sitrep"}, State: "closed", StateReason: "duplicate", Assignees: []string{gt.Ben, gt.Alice}})
	w.s.As("some-app[bot]").AddIssue(gt.Repo, gt.Issue{Title: "bot", Labels: []string{"sitrep", "priority: low", "mine"}, Body: "| Owner | `@ALICE` |", Assignees: []string{"alice"}})
	w.s.As(gt.Bot).AddIssue(gt.Repo, gt.Issue{Title: "other"})
	w.s.As(gt.Bot).AddIssue(gt.Repo, gt.Issue{Title: "pull", Labels: []string{"sitrep"}, Pull: &gt.Pull{Head: "a", Base: "main"}})
	w.s.As(gt.Bot).AddIssue(gt.Repo, gt.Issue{Title: "done", Labels: []string{"sitrep"}, State: "closed"})
	got := w.read()
	same(t, "resources", len(got), 4+4)
	for i, want := range []struct {
		number                            int
		author, severity, priority, state string
		insider                           bool
		owner                             string
	}{
		{1, "mallory", "SEV-1", "", reconcile.StateOpen, false, ""},
		{2, gt.Alice, "", "", reconcile.StateWontDo, true, gt.Alice},
		{3, "some-app[bot]", "", "low", reconcile.StateOpen, true, "ALICE"},
		{6, gt.Bot, "", "", reconcile.StateDone, false, ""},
	} {
		r := got[i]
		same(t, "number", r.Number, want.number)
		same(t, "author", r.Author, want.author)
		same(t, "severity", r.Fields[reconcile.SeverityOf], want.severity)
		same(t, "priority", r.Fields[reconcile.Priority], want.priority)
		same(t, "state", r.Fields[reconcile.State], want.state)
		same(t, "insider", r.Insider, want.insider)
		same(t, "owner", r.Fields[reconcile.Owner], want.owner)
		same(t, "labelled", r.Labelled, true)
	}
	same(t, "first label", got[4].Key, "mine")
	same(t, "label's color", got[4].Fields[reconcile.Color], "ededed")
	w.wantSent("GET /user", "GET /labels", "GET /issues")
	for login, trusted := range map[string]bool{gt.Bot: true, "Sitrep-BOT": true, gt.Alice: false, "": false} {
		same(t, "trusted "+login, w.c.Trusted(login), trusted)
	}
}

// TestReadRefused: one request each, and it is said what to do.
func TestReadRefused(t *testing.T) {
	for kind, want := range map[gt.Kind]string{
		gt.Unauthorized: "401 Bad credentials",
		gt.Forbidden:    "403 Resource not accessible by integration",
		gt.NotFound:     "there is no such repository, or the token may not see it",
		gt.Gone:         "410",
		gt.WrongTypes:   "GitHub's answer is not what was asked for",
		gt.HugeBody:     "the answer is longer than any that GitHub gives: over 32 MiB",
		gt.Redirect:     "GitHub redirects to another host, which is not followed",
	} {
		t.Run(string(kind), func(t *testing.T) {
			w := newWorld(t)
			w.made(item(1))
			w.s.Inject(gt.Rule{Path: "/issues$", Fault: gt.Fault{Kind: kind}})
			_, err := w.c.Read(t.Context())
			wantError(t, err, "read issues of acme/ops: ", want)
			auth := kind == gt.Unauthorized || kind == gt.Forbidden || kind == gt.NotFound
			same(t, "is about the token", errors.Is(err, reconcile.ErrAuth), auth)
			w.wantSent("GET /user", "GET /labels", "GET /issues")
			same(t, "requests to the other host", len(w.s.Elsewhere()), 0)
			same(t, "waits", w.clock.total(), 0)
		})
	}
}

// TestWrongShapes: valid JSON that is no list of issues is an error and never an empty list.
func TestWrongShapes(t *testing.T) {
	for _, body := range []string{`{}`, `"x"`, `null null`, `[{}]`, `[1]`, `[null]`, `[{"number": -1}]`, `[{"number": "1"}]`, ``, ` `, `[`} {
		w := newWorld(t)
		w.s.Inject(gt.Rule{Path: "/issues$", Fault: gt.Fault{Kind: gt.Answer, Status: 200, Body: body}})
		if got, err := w.c.Read(t.Context()); err == nil {
			t.Errorf("%q: got %v, want an error", body, got)
		}
	}
}

// TestHugeBody: an answer of 200 MB costs what may be read of it and no more.
func TestHugeBody(t *testing.T) {
	w := newWorld(t)
	w.read()
	w.s.Inject(gt.Rule{Path: "/issues$", Fault: gt.Fault{Kind: gt.HugeBody}})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := w.c.Read(t.Context())
	runtime.ReadMemStats(&after)
	wantError(t, err, "over 32 MiB")
	if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 90 { // the fake's share is half of it
		t.Errorf("%d MiB allocated, want at most 90", got)
	}
}

// TestRedirects: reads follow on the same host, with the token; nothing goes to another.
func TestRedirects(t *testing.T) {
	w := newWorld(t)
	w.made(item(1))
	moved := func(to string) gt.Fault {
		return gt.Fault{Kind: gt.Answer, Status: http.StatusMovedPermanently, Header: http.Header{"Location": {to}}}
	}
	w.s.Inject(gt.Rule{Path: "/labels$", Nth: 1, Fault: moved("/repos/acme/ops/labels?per_page=100")})
	same(t, "resources", len(w.read()), 4)
	w.s.Inject(gt.Rule{Path: "/labels$", Fault: moved(w.s.URL + "/repos/acme/ops/labels?per_page=100")})
	_, err := w.c.Read(t.Context())
	wantError(t, err, "GitHub redirects in a circle")
	same(t, "requests", len(w.s.Matching("", "/labels$")), 2+4)
	for _, to := range []string{"https://127.0.0.1:1/", "//localhost/", "ftp://127.0.0.1/", strings.Replace(w.s.URL, "http://", "http://user:pw@", 1)} {
		w := newWorld(t)
		w.s.Inject(gt.Rule{Path: "/labels$", Fault: moved(to)})
		_, err := w.c.Read(t.Context())
		wantError(t, err, "redirects to another host")
	}
}

// TestRenamed: the old name of a repository does for reading. GitHub redirects writes too, and nothing is made of that.
func TestRenamed(t *testing.T) {
	w := newWorld(t)
	ch := changed(w, later())
	id := strings.TrimSuffix(strings.TrimPrefix(w.cursorLink(), w.s.URL), "/issues")
	redirect := func(path string, times int) gt.Rule {
		to := http.Header{"Location": {w.s.URL + id + path + "?per_page=100&labels=sitrep&state=all"}}
		return gt.Rule{Path: path + "$", Nth: 1, Times: times, Fault: gt.Fault{Kind: gt.Answer, Status: http.StatusMovedPermanently, Header: to}}
	}
	w.s.Inject(redirect("/issues", 1))
	same(t, "resources", len(w.read()), 4)
	w.s.Forget()
	for _, ch := range []reconcile.Change{ch, create(item(2))} {
		wantError(t, w.c.Do(t.Context(), ch), "acme/ops has another name now; nothing was written")
	}
	w.fresh()
	w.s.Heal()
	w.s.Inject(redirect("/issues", 1))
	wantError(t, w.c.Do(t.Context(), create(item(2))), "acme/ops has another name now; nothing was written")
	same(t, "writes", len(w.s.Writes()), 0)
}

// cursorLink is where the fake says that the next page is: it names the repository by its id, as a redirect does.
func (w *world) cursorLink() string {
	w.Helper()
	w.s.As(gt.Ben).AddIssue(gt.Repo, gt.Issue{Title: "another"})
	r, err := http.NewRequest("GET", w.s.URL+"/repos/acme/ops/issues?per_page=1", nil)
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+canary)
	resp, err := oneByOne.RoundTrip(r)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	link, _, _ := strings.Cut(strings.TrimPrefix(resp.Header.Get("Link"), "<"), "?")
	return link
}

// TestManyPages: page numbers end at 10,000 issues and earlier; the cursor goes on.
func TestManyPages(t *testing.T) {
	w := newWorld(t, gt.WithPageLimit(200))
	many(w, 450)
	same(t, "resources", len(w.read()), 450+1)
	same(t, "requests", len(w.s.Matching("", "/issues$")), 5)
}

// many opens issues with our label.
func many(w *world, n int) {
	for i := range n {
		w.s.As(gt.Bot).AddIssue(gt.Repo, gt.Issue{Title: "x", Body: item(i + 1).Key, Labels: []string{reconcile.LabelOurs}})
		if i%100 == 0 {
			w.s.Advance(time.Second)
		}
	}
}

// TestPageShift: issues that come and go between two pages hide none of the others.
func TestPageShift(t *testing.T) {
	w := newWorld(t)
	many(w, 350)
	w.s.Inject(
		gt.Rule{Path: "/issues$", Nth: 2, Fault: gt.Fault{Kind: gt.PageShift}},
		gt.Rule{Path: "/issues$", Nth: 3, Fault: gt.Fault{Kind: gt.Meanwhile, Do: func() {
			w.s.As(gt.Ben).Delete(gt.Repo, 10)
			w.s.As(gt.Ben).EditIssue(gt.Repo, 20, func(i *gt.Issue) { i.Title = "changed" })
			many(w, 50)
		}}},
	)
	seen := map[int]int{}
	for _, r := range w.read() {
		if r.Kind == reconcile.KindIssue {
			seen[r.Number]++
		}
	}
	for n := 1; n <= 350; n++ {
		same(t, "times of an issue", seen[n], 1)
	}
}

// TestPagesByNumber: a server without cursors gives page numbers.
func TestPagesByNumber(t *testing.T) {
	w := newWorld(t)
	for i := range 250 {
		w.s.As(gt.Ben).AddLabel(gt.Repo, gt.Label{Name: "label " + item(i).Key, Color: "ededed"})
	}
	same(t, "labels", len(w.read()), 250)
	same(t, "requests", len(w.s.Matching("", "/labels$")), 3)
	link := http.Header{"Link": {`<https://elsewhere.test/x?page=1&after=zzz>; rel="next"`}}
	w.s.Inject(gt.Rule{Path: "/issues$", Fault: gt.Fault{Kind: gt.Answer, Status: 200, Body: "[]", Header: link}})
	_, err := w.c.Read(t.Context())
	wantError(t, err, "leads from a page to the same page")
	same(t, "requests to the other host", len(w.s.Elsewhere()), 0)
}

// TestEnterprise: GitHub Enterprise Server has its API below a path.
func TestEnterprise(t *testing.T) {
	for _, slash := range []string{"", "/"} {
		w := newWorld(t, gt.WithPrefix("/api/v3"))
		w.with(func(c *githubapi.Config) { c.BaseURL += slash })
		w.made(item(1))
		same(t, "changes", len(w.plan(item(1))), 0)
	}
}
