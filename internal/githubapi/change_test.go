package githubapi_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/syncwell/sitrep/internal/githubapi"
	gt "github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// later is item 1 with another due date.
func later() reconcile.Resource { return with(item(1), reconcile.Due, "2025-10-01") }

// changed has one issue and gives the change to it that a plan wants.
func changed(w *world, want reconcile.Resource) reconcile.Change {
	w.Helper()
	w.made(item(1))
	plan := w.plan(want)
	if len(plan) != 1 || plan[0].Number != 1 {
		w.Fatalf("plan %+v, want one change of #1", plan)
	}
	w.s.Forget()
	return plan[0]
}

// TestChange: one PATCH with only what differs, on the issue as it is at that moment.
func TestChange(t *testing.T) {
	for what, c := range map[string]struct {
		want reconcile.Resource
		sent []string // properties
		also string   // a request
	}{
		"due":    {later(), []string{"body"}, ""},
		"title":  {with(item(1), reconcile.Title, "Cap it now"), []string{"body", "title"}, ""},
		"late":   {with(item(1), reconcile.Late, reconcile.LabelOverdue), []string{"body", "labels"}, ""},
		"owner":  {with(item(1), reconcile.Owner, gt.Ben), []string{"assignees", "body"}, "GET /assignees/ben"},
		"nobody": {with(item(1), reconcile.Owner, ""), []string{"assignees", "body"}, ""},
		"done":   {with(item(1), reconcile.State, reconcile.StateDone), []string{"body", "state", "state_reason"}, ""},
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t)
			ch := changed(w, c.want)
			if err := w.c.Do(w.Context(), ch); err != nil {
				t.Fatal(err)
			}
			want := []string{"GET /issues/1", "PATCH /issues/1"}
			if c.also != "" {
				want = slices.Insert(want, 1, c.also)
			}
			w.wantSent(want...)
			same(t, "properties", strings.Join(properties(t, w.s.Writes()[0]), " "), strings.Join(c.sent, " "))
			w.fresh()
			same(t, "changes afterwards", len(w.plan(c.want)), 0)
			if err := w.c.Do(w.Context(), ch); err != nil {
				t.Errorf("the same change again: %v", err)
			}
			same(t, "writes", len(w.s.Writes()), 1)
		})
	}
}

// TestChangeUnknown: a PATCH whose outcome is unknown is looked at, and sent once more where it was not carried out.
func TestChangeUnknown(t *testing.T) {
	committed := []gt.Kind{gt.LostReply, gt.BadGatewayAfter, gt.HangAfter, gt.TruncatedJSON, gt.CutBody, gt.WrongTypes}
	lost := []gt.Kind{gt.LostRequest, gt.BadGateway, gt.ServerError, gt.Hang, gt.PlainHTML, gt.HugeBody}
	for _, kind := range slices.Concat(committed, lost) {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.with(func(c *githubapi.Config) { c.Transport = &impatient{s: w.s} })
			ch := changed(w, later())
			w.s.Inject(gt.On("PATCH", "", 1, kind))
			if err := w.c.Do(w.Context(), ch); err != nil {
				t.Error(err)
			}
			want := []string{"GET /issues/1", "PATCH /issues/1", "GET /issues/1"}
			if slices.Contains(lost, kind) {
				want = append(want, "PATCH /issues/1")
			}
			w.wantSent(want...)
			same(t, "versions", len(w.s.Versions(gt.Repo, 1)), 2)
		})
	}
}

func TestChangeUnknownTwice(t *testing.T) {
	w := newWorld(t)
	ch := changed(w, later())
	w.s.Inject(gt.Rule{Method: "PATCH", Fault: gt.Fault{Kind: gt.BadGateway}})
	err := w.c.Do(w.Context(), ch)
	if !errors.Is(err, reconcile.ErrUnknownOutcome) {
		t.Errorf("got %v, want an unknown outcome", err)
	}
	wantError(t, err, "issue #1", "GitHub answered 502 Bad Gateway; then the issue is as it was")
	w.wantSent("GET /issues/1", "PATCH /issues/1", "GET /issues/1", "PATCH /issues/1", "GET /issues/1")
}

// TestChangeUnknownAndEdited: where somebody else changed the issue after a PATCH that was lost, it is not sent again.
func TestChangeUnknownAndEdited(t *testing.T) {
	w := newWorld(t)
	ch := changed(w, later())
	w.s.Inject(
		gt.On("PATCH", "", 1, gt.LostRequest),
		gt.Rule{Method: "GET", Path: "/issues/1$", Nth: 2, Fault: gt.Fault{Kind: gt.Meanwhile, Do: func() {
			w.s.As(gt.Ben).EditIssue(gt.Repo, 1, func(i *gt.Issue) { i.Title = "Mine" })
		}}},
	)
	err := w.c.Do(w.Context(), ch)
	if !errors.Is(err, reconcile.ErrUnknownOutcome) {
		t.Errorf("got %v, want an unknown outcome", err)
	}
	same(t, "writes", len(w.s.Writes()), 1)
}

func TestChangeRefused(t *testing.T) {
	for kind, want := range map[gt.Kind]struct {
		says string
		auth bool
	}{
		gt.Unauthorized:  {"issue #1: 401 Bad credentials", true},
		gt.Forbidden:     {"issue #1: 403 Resource not accessible by integration", true},
		gt.NotFound:      {"issue #1 was deleted or moved: 404 Not Found", false},
		gt.Gone:          {"issue #1 was deleted or moved: 410 This issue was deleted", false},
		gt.Unprocessable: {"issue #1: 422 Validation Failed; something is wrong with it", false},
		gt.Redirect:      {"issue #1 was deleted or moved: 307 Temporary Redirect", false},
	} {
		for _, method := range []string{"GET", "PATCH"} {
			t.Run(method+" "+string(kind), func(t *testing.T) {
				w := newWorld(t)
				ch := changed(w, later())
				w.s.Inject(gt.On(method, "/issues/1$", 1, kind))
				err := w.c.Do(w.Context(), ch)
				wantError(t, err, want.says)
				same(t, "is about the token", errors.Is(err, reconcile.ErrAuth), want.auth)
				same(t, method+" requests", len(w.s.Matching(method, "/issues/1$")), 1)
				same(t, "changes to the issue", len(w.s.Versions(gt.Repo, 1)), 1)
				same(t, "requests to the other host", len(w.s.Elsewhere()), 0)
			})
		}
	}
}

// TestChangeGone: who deletes or transfers an issue is told apart from who changes it, and no other issue is written to.
func TestChangeGone(t *testing.T) {
	for what, act := range map[string]func(w *world){
		"410": func(w *world) { w.s.As(gt.Ben).Delete(gt.Repo, 1) },
		"301": func(w *world) { w.s.As(gt.Ben).Transfer(gt.Repo, 1, "acme/other") },
	} {
		w := newWorld(t, gt.WithRepo("acme/other"))
		ch := changed(w, later())
		act(w)
		wantError(t, w.c.Do(w.Context(), ch), "issue #1 was deleted or moved: "+what)
		w.wantSent("GET /issues/1")
	}
}

// TestEditedMeanwhile: what a person changes between plan and write is never overwritten.
func TestEditedMeanwhile(t *testing.T) {
	due := func(i *gt.Issue) { i.Body = strings.Replace(i.Body, "2025-09-01", "2025-12-24", 1) }
	for what, c := range map[string]struct {
		edit func(*gt.Issue)
		says string
	}{
		"the field":      {due, "issue #1: due was changed meanwhile; nothing was written, run again"},
		"the marker":     {func(i *gt.Issue) { i.Body = "" }, "issue #1: its marker was changed meanwhile"},
		"another field":  {func(i *gt.Issue) { i.Title = "Cap it, please" }, ""},
		"a foreign one":  {func(i *gt.Issue) { i.Labels = append(slices.Clone(i.Labels), "team: data") }, ""},
		"as we would":    {func(i *gt.Issue) { i.Body = strings.Replace(i.Body, "2025-09-01", "2025-10-01", 1) }, ""},
		"closed instead": {func(i *gt.Issue) { i.State, i.StateReason = "closed", "completed" }, ""},
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t)
			ch := changed(w, later())
			theirs := w.s.As(gt.Ben).EditIssue(gt.Repo, 1, c.edit)
			err := w.c.Do(w.Context(), ch)
			now, _ := w.s.Issue(gt.Repo, 1)
			if c.says != "" {
				wantError(t, err, c.says)
				same(t, "body", now.Body, theirs.Body)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			same(t, "title", now.Title, theirs.Title)
			same(t, "labels", strings.Join(now.Labels, ", "), strings.Join(theirs.Labels, ", "))
			same(t, "state", now.State, theirs.State)
			same(t, "due is ours", strings.Contains(now.Body, "| Due | 2025-10-01 |"), true)
		})
	}
}

// TestOtherReason: GitHub heeds another reason only with a change of state, so the issue is opened in between.
func TestOtherReason(t *testing.T) {
	w := newWorld(t)
	w.made(item(1))
	w.made(with(item(1), reconcile.State, reconcile.StateDone))
	wont := with(item(1), reconcile.State, reconcile.StateWontDo)
	ch := w.plan(wont)[0]
	w.s.Inject(gt.On("PATCH", "", 2, gt.Unprocessable))
	w.s.Forget()
	wantError(t, w.c.Do(w.Context(), ch), "issue #1: 422")
	w.wantSent("GET /issues/1", "PATCH /issues/1", "PATCH /issues/1")
	w.fresh()
	plan := w.plan(wont)
	same(t, "op of the next run", plan[0].Op, reconcile.Close)
	if err := w.c.Do(w.Context(), plan[0]); err != nil {
		t.Fatal(err)
	}
	i, _ := w.s.Issue(gt.Repo, 1)
	same(t, "state", i.State+" "+i.StateReason, "closed not_planned")
	same(t, "changes afterwards", len(w.plan(wont)), 0)
}

// TestTwin: the later of two issues is closed with a link to the first.
func TestTwin(t *testing.T) {
	w := newWorld(t)
	w.made(item(1))
	one, _ := w.s.Issue(gt.Repo, 1)
	w.s.As(gt.Bot).AddIssue(gt.Repo, gt.Issue{Title: one.Title, Body: one.Body, Labels: one.Labels})
	plan := w.plan(item(1))
	w.s.Inject(gt.On("PATCH", "", 1, gt.BadGatewayAfter))
	if err := w.c.Do(w.Context(), plan[0]); err != nil {
		t.Fatal(err)
	}
	two, _ := w.s.Issue(gt.Repo, 2)
	same(t, "state", two.State+" "+two.StateReason, "closed not_planned")
	same(t, "link", strings.HasSuffix(two.Body, "-->\n\nA twin of #1, where it goes on.\n"), true)
	w.fresh()
	same(t, "changes afterwards", len(w.plan(item(1))), 0)
}

// TestInterrupted: a write in flight is finished, and nothing is sent after it.
func TestInterrupted(t *testing.T) {
	w := newWorld(t)
	ch := changed(w, later())
	ctx, cancel := context.WithCancel(t.Context())
	w.s.Inject(gt.Rule{Method: "PATCH", Nth: 1, Fault: gt.Fault{Kind: gt.Meanwhile, Do: cancel}})
	if err := w.c.Do(ctx, ch); err != nil {
		t.Error(err)
	}
	same(t, "versions", len(w.s.Versions(gt.Repo, 1)), 2)
	err := w.c.Do(ctx, ch)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
	w.wantSent("GET /issues/1", "PATCH /issues/1")
	if _, err := w.c.Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("read: got %v, want canceled", err)
	}
}

// TestInterruptedWithoutAnswer: nobody looks any more, so the outcome is unknown, and the run ends.
func TestInterruptedWithoutAnswer(t *testing.T) {
	w := newWorld(t)
	ch := changed(w, later())
	ctx, cancel := context.WithCancel(t.Context())
	w.s.Inject(gt.Rule{Method: "PATCH", Nth: 1, Fault: gt.Fault{Kind: gt.LostReply, Do: cancel}})
	err := w.c.Do(ctx, ch)
	if !errors.Is(err, reconcile.ErrUnknownOutcome) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want an unknown outcome, and canceled", err)
	}
}
