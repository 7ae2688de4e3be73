package systemtest

import (
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// identities is about which issue belongs to which item.
func identities() []example {
	return []example{
		{"without its marker", func(w *world) {
			w.apply(item(1), item(2))
			w.h.EditIssue(1, stripMarker)
			w.reported(w.quiet(item(1), item(2)), 1)
			w.reported(w.quiet(with(item(1), reconcile.Due, "2025-10-01"), item(2)), 1)
		}},
		{"without its marker and closed", func(w *world) {
			w.apply(item(1))
			w.h.EditIssue(1, func(i *reconcile.Issue) { stripMarker(i); setState(i, reconcile.StateDone) })
			w.reported(w.quiet(item(1)), 1)
		}},
		{"with its marker put back", repaired},
		{"forged by an outsider", forgedByOutsider},
		{"opened by an insider", byAnInsider},
		{"twins", twins},
		{"twin becomes the heir", heir},
		{"orphan", func(w *world) {
			w.apply(item(1), item(2))
			w.reported(w.quiet(item(2)), 1)
			w.shows(1, item(1))
			w.silent(w.quiet(item(1), item(2)))
		}},
		{"orphan that is closed", func(w *world) {
			w.apply(item(1), item(2))
			w.h.EditIssue(1, func(i *reconcile.Issue) { setState(i, reconcile.StateWontDo) })
			w.silent(w.quiet(item(2)))
		}},
		{"renamed without a word", func(w *world) {
			w.apply(item(1))
			w.reported(w.quiet(renamed(item(1))), 1)
			w.reported(w.quiet(with(renamed(item(1)), reconcile.Title, "Cap it")), 1)
			w.counts(w.apply(with(with(renamed(item(1)), reconcile.Title, "Cap it"), reconcile.Text, "Cap it")), 1, 0, 0, 0)
		}},
		{"renamed with formerly", formerly},
		{"formerly names what is still there", func(w *world) {
			w.apply(item(1))
			w.counts(w.apply(item(1), with(with(renamed(item(1), item(1).Key), reconcile.Title, "New"), reconcile.Text, "New")), 1, 0, 0, 0)
			w.shows(1, item(1))
		}},
		{"deleted", func(w *world) {
			if w.traits.NoDelete {
				w.Skip("issues cannot be deleted here")
			}
			w.apply(item(1), item(2))
			w.h.Delete(2)
			w.counts(w.apply(item(1), item(2)), 1, 0, 0, 0)
			w.shows(3, item(2))
		}},
		{"an issue of others", func(w *world) {
			w.h.OpenIssue(reconcile.Issue{Title: item(1).Fields[reconcile.Title], Body: "the same title", Author: Ben, Insider: true})
			w.counts(w.apply(item(1)), 1, 0, 0, 0)
		}},
	}
}

func stripMarker(i *reconcile.Issue) {
	at := strings.Index(i.Body, markerLead)
	i.Body = i.Body[:max(at, 0)]
}

// repaired: what the file and the issue disagree on when the marker is put back counts as a person's edit.
func repaired(w *world) {
	w.apply(item(1))
	w.h.EditIssue(1, func(i *reconcile.Issue) { stripMarker(i); i.Title = "Cap it"; i.Labels = nil })
	sys, plan := w.read([]reconcile.Resource{item(1)})
	actual, err := sys.Read(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	plan.Changes = reconcile.Repair(wanted(w.traits.System, []reconcile.Resource{item(1)}), actual, w.options())
	result := reconcile.Apply(w.Context(), sys, plan, func(int, int, reconcile.Change, error) {})
	if result.Done != 1 || !result.Complete() {
		w.Fatalf("repair: %+v", result)
	}
	w.reported(w.quiet(item(1)), 1)
	if got := w.issue(1).Title; got != "Cap it" {
		w.Errorf("the title is %q, want a person's", got)
	}
}

func forgedByOutsider(w *world) {
	if w.traits.NoOutsiders {
		w.Skip("there are no outsiders here")
	}
	w.apply(item(1))
	forged := w.only()
	forged.Author, forged.Insider, forged.Title = Outsider, false, "Not ours"
	w.h.EditIssue(1, func(i *reconcile.Issue) { i.Body, i.Title, i.Labels = "moved", "moved", nil })
	n := w.h.OpenIssue(forged)
	before := w.issue(n)
	plan := w.apply(item(1))
	w.counts(plan, 1, 0, 0, 0)
	w.reported(plan, n)
	w.silent(w.quiet(item(1)))
	w.apply(with(item(1), reconcile.State, reconcile.StateDone))
	if d := cmp.Diff(before, w.issue(n)); d != "" {
		w.Errorf("an outsider's issue was changed (-before +after):\n%s", d)
	}
}

// makeTwins creates an item twice, as two runs at once do.
func makeTwins(w *world) {
	w.Helper()
	for range 2 {
		w.do(w.creation(item(1)))
	}
	if n := len(w.h.Issues()); n != 2 {
		w.Fatalf("%d issues, want twins", n)
	}
}

// creation is the change that makes an item's issue, whatever is there.
func (w *world) creation(r reconcile.Resource) reconcile.Change {
	r.System = w.traits.System
	return reconcile.Change{
		Op: reconcile.Create, System: r.System, Kind: reconcile.KindIssue, Key: r.Key, Title: r.Fields[reconcile.Title], After: r.Fields, Desired: &r,
	}
}

// do carries out a change as a run does that has just read.
func (w *world) do(c reconcile.Change) {
	w.Helper()
	sys := w.h.System()
	if _, err := sys.Read(w.Context()); err != nil {
		w.Fatal(err)
	}
	if err := sys.Do(w.Context(), c); err != nil {
		w.Fatalf("%s %s: %v", c.Op, c.Key, err)
	}
}

func twins(w *world) {
	makeTwins(w)
	w.counts(w.apply(item(1)), 0, 0, 1, 0)
	w.shows(1, item(1))
	if i := w.issue(2); i.State != "closed" || i.Reason != "not_planned" {
		w.Errorf("the later twin is %s %s, want it closed as not planned", i.State, i.Reason)
	}
	w.silent(w.quiet(item(1)))
	next := with(item(1), reconcile.Due, "2025-10-01")
	w.counts(w.apply(next), 0, 1, 0, 0)
	w.shows(1, next)
}

// heir: the twin that we closed takes the place of the first when that is deleted.
func heir(w *world) {
	if w.traits.NoDelete {
		w.Skip("issues cannot be deleted here")
	}
	makeTwins(w)
	w.apply(item(1))
	w.h.Delete(1)
	w.counts(w.apply(item(1)), 0, 0, 0, 1)
	w.shows(2, item(1))
	w.silent(w.quiet(item(1)))
}

func formerly(w *world) {
	w.apply(item(1), item(2))
	one, two := renamed(item(1), item(1).Key), renamed(item(2), "2025-08-17-other/AI-2", item(2).Key)
	w.counts(w.apply(one, two), 0, 2, 0, 0)
	w.shows(1, one)
	w.silent(w.quiet(one, two))
	w.silent(w.quiet(renamed(item(1)), renamed(item(2)))) // the marker carries the new key
	w.counts(w.apply(with(one, reconcile.Due, "2025-10-01"), two), 0, 1, 0, 0)
}

func byAnInsider(w *world) {
	w.apply(item(1))
	body := w.only().Body
	w.h.EditIssue(1, func(i *reconcile.Issue) { i.Body = "moved"; i.Title = "moved"; i.Labels = nil })
	n := w.h.OpenIssue(reconcile.Issue{Title: "Ours once", Body: body, Author: Ben, Insider: true})
	w.reported(w.quiet(item(1)), n)
	w.reported(w.quiet(renamed(item(1), item(1).Key)), n)
}
