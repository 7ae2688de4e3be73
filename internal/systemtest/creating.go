package systemtest

import (
	"slices"

	"github.com/syncwell/sitrep/internal/reconcile"
)

const defaultBulk = 300

func creating() []example {
	return []example{
		{"once", createdOnce},
		{"labels once", labelsMadeOnce},
		{"label made twice", func(w *world) {
			// Two runs at once plan the same label.
			sys := w.h.System()
			l := label(w.traits.System, reconcile.LabelOurs)
			for range 2 {
				c := reconcile.Change{Op: reconcile.Create, System: l.System, Kind: l.Kind, Key: l.Key, Title: l.Key, After: l.Fields, Desired: &l}
				if err := sys.Do(w.Context(), c); err != nil {
					w.Errorf("make a label that is there: %v", err)
				}
			}
			w.labelsOnce()
		}},
		{"nothing for what is decided", func(w *world) {
			w.counts(w.apply(with(item(1), reconcile.State, reconcile.StateDone), with(item(2), reconcile.State, reconcile.StateWontDo)), 0, 0, 0, 0)
			if all := w.h.Issues(); len(all) > 0 {
				w.Errorf("issues: %v", all)
			}
		}},
		{"fields may be missing", func(w *world) {
			bare := item(1)
			bare.Fields = reconcile.Fields{reconcile.Title: "Write it down", reconcile.Text: "Write it down", reconcile.State: reconcile.StateOpen}
			w.counts(w.apply(bare), 1, 0, 0, 0)
			w.shows(w.only().Number, bare)
			w.silent(w.quiet(bare))
			w.counts(w.apply(with(bare, reconcile.Priority, "low")), 0, 1, 0, 0)
		}},
		{"many in one go", manyAtOnce},
		{"wanted twice", func(w *world) {
			w.counts(w.apply(item(1), item(1)), 1, 0, 0, 0)
			w.only()
		}},
		{"order does not matter", orderless},
	}
}

// labelsOnce holds that no label is there twice.
func (w *world) labelsOnce() {
	w.Helper()
	actual, err := w.h.System().Read(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range actual {
		if r.Kind != reconcile.KindLabel {
			continue
		}
		if seen[r.Key] {
			w.Errorf("label %q is there twice", r.Key)
		}
		seen[r.Key] = true
	}
}

// orderless holds that a plan does not depend on the order of what is desired, also where two items could be the same issue.
func orderless(w *world) {
	w.apply(item(1), item(2), item(3))
	moved := renamed(item(1))
	other := with(renamed(item(4)), reconcile.Title, item(1).Fields[reconcile.Title])
	items := []reconcile.Resource{moved, other, with(item(2), reconcile.Due, "2025-10-01"), item(5), item(6)}
	first := say(w.plan(items...).Changes)
	for range items {
		items = append(items[1:], items[0])
		if got := say(w.plan(items...).Changes); got != first {
			w.Errorf("a plan in another order:\n%s\nwas\n%s", got, first)
		}
	}
	slices.Reverse(items)
	if got := say(w.plan(items...).Changes); got != first {
		w.Errorf("a plan in the reverse order:\n%s\nwas\n%s", got, first)
	}
}

func createdOnce(w *world) {
	w.counts(w.apply(item(1), item(2)), 2, 0, 0, 0)
	all := w.h.Issues()
	if len(all) != 2 {
		w.Fatalf("%d issues, want 2", len(all))
	}
	for n, i := range all {
		w.shows(i.Number, item(n+1))
		if i.Author != w.traits.Login {
			w.Errorf("#%d is by %q, want %q", i.Number, i.Author, w.traits.Login)
		}
	}
	w.silent(w.quiet(item(1), item(2)))
}

func labelsMadeOnce(w *world) {
	w.apply(item(1))
	plan := w.apply(item(1), item(2), with(item(3), reconcile.Late, reconcile.LabelOverdue))
	var made []string
	for _, c := range plan.Changes {
		if c.Kind == reconcile.KindLabel {
			made = append(made, c.Key)
		}
	}
	if !slices.Equal(made, []string{reconcile.LabelOverdue}) {
		w.Errorf("labels made by the second run: %q, want only %q", made, reconcile.LabelOverdue)
	}
	w.labelsOnce()
}

func manyAtOnce(w *world) {
	n := w.traits.Bulk
	if n == 0 {
		n = defaultBulk
	}
	var items []reconcile.Resource
	for i := range n {
		items = append(items, item(i+1))
	}
	w.counts(w.apply(items...), n, 0, 0, 0)
	if got := len(w.h.Issues()); got != n {
		w.Errorf("%d issues, want %d", got, n)
	}
	w.silent(w.plan(items...))
}
