package systemtest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// world is a system with its people, and the run that keeps it.
type world struct {
	*testing.T
	h      Harness
	traits Traits
	reopen bool
}

func (w *world) options() reconcile.DiffOptions {
	return reconcile.DiffOptions{
		System: w.traits.System, Reopen: w.reopen, Trusted: func(login string) bool { return login == w.traits.Login },
	}
}

// plan reads and plans.
func (w *world) plan(items ...reconcile.Resource) reconcile.Plan {
	w.Helper()
	_, plan := w.read(items)
	return plan
}

func (w *world) read(items []reconcile.Resource) (reconcile.System, reconcile.Plan) {
	w.Helper()
	sys := w.h.System()
	actual, err := sys.Read(w.Context())
	if err != nil {
		w.Fatalf("read: %v", err)
	}
	return sys, reconcile.Make(reconcile.Inputs{Target: "a test", Desired: wanted(w.traits.System, items), Actual: actual, Diff: w.options()})
}

// apply plans, carries the plan out, and holds that nothing is left to do. It gives the plan that was carried out.
func (w *world) apply(items ...reconcile.Resource) reconcile.Plan {
	w.Helper()
	sys, plan := w.read(items)
	result := reconcile.Apply(w.Context(), sys, plan, func(int, int, reconcile.Change, error) {})
	for _, f := range result.Failed {
		w.Errorf("apply: %v", f.Err)
	}
	if second := w.plan(items...); second.Pending() > 0 {
		w.Errorf("a second plan is not empty: %s", say(second.Changes))
	}
	return plan
}

// quiet applies and holds that nothing is written: every issue stays as it is.
func (w *world) quiet(items ...reconcile.Resource) reconcile.Plan {
	w.Helper()
	before := w.h.Issues()
	plan := w.apply(items...)
	if plan.Pending() > 0 {
		w.Errorf("want nothing to do, got %s", say(plan.Changes))
	}
	if d := cmp.Diff(before, w.h.Issues()); d != "" {
		w.Errorf("issues changed (-before +after):\n%s", d)
	}
	return plan
}

// reported holds that a plan reports something about an issue.
func (w *world) reported(plan reconcile.Plan, number int) {
	w.Helper()
	if !slices.ContainsFunc(plan.Changes, func(c reconcile.Change) bool { return c.Op == reconcile.Report && c.Number == number }) {
		w.Errorf("nothing is reported about #%d: %s", number, say(plan.Changes))
	}
}

func (w *world) silent(plan reconcile.Plan) {
	w.Helper()
	if len(plan.Changes) > 0 {
		w.Errorf("want nothing to say, got %s", say(plan.Changes))
	}
}

// counts holds how many issues a plan creates, updates, closes and re-opens.
func (w *world) counts(plan reconcile.Plan, creates, updates, closes, reopens int) {
	w.Helper()
	got := map[reconcile.Op]int{}
	for _, c := range plan.Changes {
		if c.Kind == reconcile.KindIssue && c.Op != reconcile.Report {
			got[c.Op]++
		}
	}
	want := map[reconcile.Op]int{reconcile.Create: creates, reconcile.Update: updates, reconcile.Close: closes, reconcile.Reopen: reopens}
	for op, n := range want {
		if got[op] != n {
			w.Errorf("%d issues to %s, want %d: %s", got[op], op, n, say(plan.Changes))
		}
	}
}

// issue gives one issue.
func (w *world) issue(number int) reconcile.Issue {
	w.Helper()
	all := w.h.Issues()
	at := slices.IndexFunc(all, func(i reconcile.Issue) bool { return i.Number == number })
	if at < 0 {
		w.Fatalf("no issue #%d among %d", number, len(all))
	}
	return all[at]
}

// only gives the one issue there is.
func (w *world) only() reconcile.Issue {
	w.Helper()
	all := w.h.Issues()
	if len(all) != 1 {
		w.Fatalf("%d issues, want 1: %v", len(all), all)
	}
	return all[0]
}

// shows holds that an issue says what an item says.
func (w *world) shows(number int, want reconcile.Resource) {
	w.Helper()
	got := w.issue(number).Resource(w.traits.System).Fields
	for _, f := range reconcile.IssueFields() {
		if got[f] != want.Fields[f] {
			w.Errorf("#%d shows %s %q, want %q", number, f, got[f], want.Fields[f])
		}
	}
}
