package githubapi_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubapi"
	gt "github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// first are the requests of a run that creates an issue in an empty repository: who we are, what we opened, what is newest, which
// numbers no list shows, whether the owner can be assigned.
var first = []string{"GET /user", "GET /issues", "GET /issues", "GET /issues/1", "GET /issues/2", "GET /issues/3", "GET /assignees/alice"}

func TestCreate(t *testing.T) {
	w := newWorld(t)
	if err := w.c.Do(w.Context(), create(item(1))); err != nil {
		t.Fatal(err)
	}
	w.wantSent(append(slices.Clone(first), "POST /issues")...)
	i, _ := w.s.Issue(gt.Repo, 1)
	same(t, "labels", strings.Join(i.Labels, ", "), "action-item, priority: high, sitrep")
	same(t, "assignees", strings.Join(i.Assignees, ", "), gt.Alice)
	if err := w.c.Do(w.Context(), create(item(2))); err != nil {
		t.Fatal(err)
	}
	w.wantSent(append(slices.Clone(first), "POST /issues", "POST /issues")...)
	writes := w.s.Writes()
	same(t, "between two writes", writes[1].At.Sub(writes[0].At), time.Second)
	same(t, "plan of the next run", len(w.plan(item(1), item(2))), 0)
}

// lists are the requests by which a POST without an answer is looked for.
var lists = []string{"GET /issues", "GET /issues", "GET /issues"}

// TestCreateUnknown: a POST is sent once, whatever happens to it; what can be found out is.
func TestCreateUnknown(t *testing.T) {
	committed := []gt.Kind{gt.LostReply, gt.BadGatewayAfter, gt.HangAfter, gt.TruncatedJSON, gt.CutBody, gt.WrongTypes}
	lost := []gt.Kind{gt.LostRequest, gt.BadGateway, gt.ServerError, gt.Hang, gt.PlainHTML, gt.HugeBody}
	for _, kind := range slices.Concat(committed, lost) {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.with(func(c *githubapi.Config) { c.Transport = &impatient{s: w.s} })
			w.s.Inject(gt.On("POST", "/issues$", 1, kind))
			err := w.c.Do(w.Context(), create(item(1)))
			if slices.Contains(committed, kind) {
				if err != nil {
					t.Errorf("it was created: %v", err)
				}
				w.wantSent(append(slices.Clone(first), "POST /issues", "GET /issues")...)
			} else {
				if !errors.Is(err, reconcile.ErrUnknownOutcome) {
					t.Errorf("got %v, want an unknown outcome", err)
				}
				w.wantSent(slices.Concat(first, []string{"POST /issues"}, lists, []string{"GET /issues/1", "GET /issues/2", "GET /issues/3"})...)
			}
			same(t, "waits", w.clock.total(), 0)
			w.fresh()
			w.made(item(1))
			same(t, "issues after the next run", len(w.s.Issues(gt.Repo)), 1)
			same(t, "plan after it", len(w.plan(item(1))), 0)
		})
	}
}

// TestCreateUnknownAndLate: what no list shows yet is found by its number, also where others open issues at the same time.
func TestCreateUnknownAndLate(t *testing.T) {
	w := newWorld(t, gt.WithListLag(5*time.Minute))
	w.s.As(gt.Ben).AddIssue(gt.Repo, gt.Issue{Title: "old"})
	w.s.As(gt.Ben).AddIssue(gt.Repo, gt.Issue{Title: "deleted"})
	w.s.As(gt.Ben).Delete(gt.Repo, 2)
	w.s.Advance(time.Hour)
	w.s.Inject(
		gt.Rule{Method: "POST", Nth: 1, Fault: gt.Fault{Kind: gt.Meanwhile, Do: func() { w.s.As(gt.Ben).AddIssue(gt.Repo, gt.Issue{Title: "quicker"}) }}},
		gt.On("POST", "/issues$", 2, gt.LostReply),
	)
	for n := range 2 {
		if err := w.c.Do(w.Context(), create(item(n+1))); err != nil {
			t.Fatal(err)
		}
	}
	tail := w.sent()[len(w.sent())-5:]
	same(t, "last requests", strings.Join(tail, ", "), "POST /issues, GET /issues, GET /issues, GET /issues, GET /issues/5")
	same(t, "issues", len(w.s.Issues(gt.Repo)), 4)
}

// TestCreateUnknownFarBehind: 20 numbers are asked for and no more.
func TestCreateUnknownFarBehind(t *testing.T) {
	w := newWorld(t, gt.WithListLag(5*time.Minute))
	w.s.Inject(gt.Rule{Method: "POST", Nth: 1, Fault: gt.Fault{Kind: gt.Meanwhile, Do: func() {
		for range 30 {
			w.s.As(gt.Ben).AddIssue(gt.Repo, gt.Issue{Title: "quicker"})
		}
	}}})
	w.s.InjectFunc(func(r gt.Request) gt.Fault {
		if r.Method == "POST" {
			return gt.Fault{Kind: gt.LostReply}
		}
		return gt.Fault{}
	})
	if err := w.c.Do(w.Context(), create(item(1))); err != nil {
		t.Fatal(err)
	}
	w.s.Forget()
	for range 25 {
		w.s.As(gt.Ben).AddIssue(gt.Repo, gt.Issue{Title: "more"})
	}
	err := w.c.Do(w.Context(), create(item(2)))
	if !errors.Is(err, reconcile.ErrUnknownOutcome) {
		t.Errorf("got %v, want an unknown outcome", err)
	}
	same(t, "requests", len(w.s.Requests()), 1+3+20)
	same(t, "creations", len(w.s.Writes()), 1)
}

// TestCreateUnreachable: what was never sent is no unknown outcome.
func TestCreateUnreachable(t *testing.T) {
	w := newWorld(t)
	w.with(func(c *githubapi.Config) { c.Transport = oneByOne })
	if err := w.c.Do(w.Context(), create(item(1))); err != nil {
		t.Fatal(err)
	}
	w.s.Close()
	err := w.c.Do(w.Context(), create(item(2)))
	wantError(t, err, "no answer from GitHub", "refused")
	if errors.Is(err, reconcile.ErrUnknownOutcome) {
		t.Errorf("got %v: nothing was sent", err)
	}
}

// TestCreateRefused: one request each, and GitHub's words.
func TestCreateRefused(t *testing.T) {
	for kind, want := range map[gt.Kind]struct {
		says string
		auth bool
	}{
		gt.Unauthorized:  {"401 Bad credentials", true},
		gt.Forbidden:     {"403 Resource not accessible by integration", true},
		gt.NotFound:      {"404 Not Found", true},
		gt.Gone:          {"410 This issue was deleted (are issues switched on in acme/ops?)", false},
		gt.Unprocessable: {"422 Validation Failed; something is wrong with it", false},
		gt.Redirect:      {"307 Moved Temporarily", true},
	} {
		t.Run(string(kind), func(t *testing.T) {
			w := newWorld(t)
			w.s.Inject(gt.On("POST", "", 1, kind))
			err := w.c.Do(w.Context(), create(item(1)))
			if kind == gt.Redirect {
				want.says = "307 Temporary Redirect: it is at http:"
			}
			wantError(t, err, item(1).Key, want.says)
			same(t, "is about the token", errors.Is(err, reconcile.ErrAuth), want.auth)
			w.wantSent(append(slices.Clone(first), "POST /issues")...)
			same(t, "requests to the other host", len(w.s.Elsewhere()), 0)
			same(t, "waits", w.clock.total(), 0)
		})
	}
}

// TestCreateWithoutLabel: GitHub leaves labels out for a token that may not set them.
func TestCreateWithoutLabel(t *testing.T) {
	w := newWorld(t)
	w.s.Inject(gt.Rule{Method: "POST", Nth: 1, Fault: gt.Fault{Kind: gt.AnswerAfter, Status: 201, Body: `{"number": 1, "state": "open", "user": {"login": "sitrep-bot"}}`}})
	wantError(t, w.c.Do(w.Context(), create(item(1))), "issue #1 was opened, but without its label sitrep")
}

// TestCreateAsStranger: a token of an App says nowhere who it is but in what it opens.
func TestCreateAsStranger(t *testing.T) {
	w := newWorld(t, gt.WithToken("ghs_x", "our-app[bot]"))
	w.with(func(c *githubapi.Config) { c.Token = "ghs_x" })
	wantError(t, w.c.Do(w.Context(), create(item(1))), "issue #1 was opened as @our-app[bot]", "tracker_accounts")
	w.with(func(c *githubapi.Config) { c.Accounts = []string{"Our-App[bot]"} })
	same(t, "changes", len(w.plan(item(1))), 0)
	if err := w.c.Do(w.Context(), create(item(2))); err != nil {
		t.Error(err)
	}
}

// TestLostLabel: what Read does not see is not opened again.
func TestLostLabel(t *testing.T) {
	w := newWorld(t)
	w.made(item(1), item(2))
	w.s.As(gt.Ben).Relabel(gt.Repo, 1, "something else")
	plan := w.plan(item(1), item(2), item(3))
	same(t, "changes", len(plan), 2)
	err := w.c.Do(w.Context(), plan[0])
	wantError(t, err, "issue #1 carries this key but lost its label sitrep; put the label back or run sitrep repair")
	if err := w.c.Do(w.Context(), plan[1]); err != nil {
		t.Error(err)
	}
	same(t, "issues", len(w.s.Issues(gt.Repo)), 3)
	all, err := w.c.ReadAll(w.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "ReadAll has it", all[0].Number == 1 && !all[0].Labelled && all[0].Hash == reconcile.HashKey(item(1).Key), true)
	w.s.As(gt.Ben).Relabel(gt.Repo, 1, "SITREP", "Action-Item", "Priority: High")
	w.fresh()
	same(t, "changes with the label back in other letters", len(w.plan(item(1), item(2), item(3))), 0)
}

// TestListLag: two runs in a row while lists are late open each issue once.
func TestListLag(t *testing.T) {
	w := newWorld(t, gt.WithListLag(10*time.Minute))
	w.made(items(5)...)
	plan := w.plan(items(6)...)
	same(t, "changes", len(plan), 6)
	for _, ch := range plan[:5] {
		wantError(t, w.c.Do(w.Context(), ch), "GitHub's list did not show it yet; nothing was created, run again")
	}
	if err := w.c.Do(w.Context(), plan[5]); err != nil {
		t.Error(err)
	}
	same(t, "issues", len(w.s.Issues(gt.Repo)), 6)
	w.s.Advance(time.Hour)
	w.fresh()
	same(t, "changes an hour later", len(w.plan(items(6)...)), 0)
}

// TestListFarBehind: where more is missing than is asked for, nothing is created.
func TestListFarBehind(t *testing.T) {
	w := newWorld(t, gt.WithListLag(10*time.Minute))
	for range 105 {
		w.s.As(gt.Ben).AddIssue(gt.Repo, gt.Issue{Title: "new"})
	}
	err := w.c.Do(w.Context(), create(item(1)))
	if !errors.Is(err, reconcile.ErrGaveUp) {
		t.Errorf("got %v, want to give up", err)
	}
	same(t, "writes", len(w.s.Writes()), 0)
}

// TestUnassignable: GitHub is asked once for each login, and the body says who could not be assigned.
func TestUnassignable(t *testing.T) {
	w := newWorld(t)
	for n := range 3 {
		if err := w.c.Do(w.Context(), create(with(item(n+1), reconcile.Owner, "octo-gone"))); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "questions", len(w.s.Matching("GET", "/assignees/")), 1)
	i, _ := w.s.Issue(gt.Repo, 1)
	same(t, "body says so", strings.Contains(i.Body, "`@octo-gone` (cannot be assigned here)"), true)
}

func TestLabels(t *testing.T) {
	l := reconcile.Resource{
		System: githubapi.System, Kind: reconcile.KindLabel, Key: "priority: high",
		Fields: reconcile.Fields{reconcile.Color: "b60205", reconcile.Description: "High priority"},
	}
	ch := reconcile.Change{Op: reconcile.Create, Kind: l.Kind, Key: l.Key, After: l.Fields, Desired: &l}
	w := newWorld(t)
	for range 2 {
		if err := w.c.Do(w.Context(), ch); err != nil {
			t.Fatal(err)
		}
	}
	w.wantSent("GET /user", "POST /labels", "POST /labels")
	same(t, "label", w.s.Labels(gt.Repo)[0].Description, "High priority")
	same(t, "changes", len(w.plan(l)), 0)

	for kind, unknown := range map[gt.Kind]bool{gt.LostReply: false, gt.LostRequest: true, gt.TruncatedJSON: false} {
		w := newWorld(t)
		w.s.Inject(gt.On("POST", "", 1, kind))
		err := w.c.Do(w.Context(), ch)
		same(t, string(kind)+" is unknown", errors.Is(err, reconcile.ErrUnknownOutcome), unknown)
		w.wantSent("GET /user", "POST /labels", "GET /labels/priority:%20high")
	}
	w = newWorld(t)
	ch.After = reconcile.Fields{reconcile.Color: "red"}
	wantError(t, w.c.Do(w.Context(), ch), `label "priority: high"`, "422 Validation Failed; color: invalid")
	ch.Op = reconcile.Close
	wantError(t, w.c.Do(w.Context(), ch), "close of a label cannot be done on GitHub")
}
