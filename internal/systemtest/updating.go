package systemtest

import (
	"fmt"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// moves are other values for each field than those of item, in the file and on the issue.
var moves = []struct{ field, file, issue string }{
	{reconcile.Title, "Cap every pool", "Cap the pools, please"},
	{reconcile.Text, "Cap every pool.\n\n```\npool:\n    max: 10\n```", "Cap the pools.  \nAnd tell me.\n\n    indented"},
	{reconcile.Owner, Ben, Cay},
	{reconcile.Owner, "", Cay},
	{reconcile.Owner, Ben, ""},
	{reconcile.Due, "2025-10-01", "2025-11-01"},
	{reconcile.Due, "", "2025-11-01"},
	{reconcile.Due, "2025-10-01", ""},
	{reconcile.Priority, "low", "medium"},
	{reconcile.Priority, "", "medium"},
	{reconcile.Priority, "low", ""},
	{reconcile.Type, "detect", "process"},
	{reconcile.Type, "", "process"},
	{reconcile.Type, "detect", ""},
	{reconcile.SeverityOf, "SEV-2", "SEV-3"},
	{reconcile.SeverityOf, "", "SEV-3"},
	{reconcile.SeverityOf, "SEV-2", ""},
	{reconcile.Late, reconcile.LabelOverdue, reconcile.LabelDueSoon},
}

func name(field, value string) string {
	if value == "" {
		return field + " to nothing"
	}
	return field
}

// updating changes one field in the file.
func updating() []example {
	var out []example
	for _, m := range moves {
		out = append(out, example{name(m.field, m.file), func(w *world) {
			w.apply(item(1), item(2))
			next := with(item(1), m.field, m.file)
			w.counts(w.apply(next, item(2)), 0, 1, 0, 0)
			w.shows(1, next)
			w.shows(2, item(2))
			w.silent(w.quiet(next, item(2)))
			w.counts(w.apply(item(1), item(2)), 0, 1, 0, 0)
			w.shows(1, item(1))
		}})
	}
	for _, state := range []string{reconcile.StateDone, reconcile.StateWontDo} {
		out = append(out, example{state, func(w *world) {
			w.apply(item(1), item(2))
			next := with(item(1), reconcile.State, state)
			w.counts(w.apply(next, item(2)), 0, 0, 1, 0)
			w.shows(1, next)
			w.silent(w.quiet(next, item(2)))
		}})
	}
	out = append(out, example{"everything at once", func(w *world) {
		w.apply(item(1))
		next := item(1)
		for _, m := range moves {
			next = with(next, m.field, m.file)
		}
		w.counts(w.apply(next), 0, 1, 0, 0)
		w.shows(1, next)
		w.silent(w.quiet(next))
	}})
	return out
}

// editing changes one field on the issue.
func editing() []example {
	var out []example
	for _, m := range moves {
		out = append(out,
			example{name(m.field, m.issue) + " kept", func(w *world) { kept(w, m.field, m.issue) }},
			example{fmt.Sprintf("%s against %s", name(m.field, m.issue), name(m.field, m.file)), func(w *world) { conflict(w, m.field, m.file, m.issue) }},
			example{name(m.field, m.issue) + " agreed to", func(w *world) { agreed(w, m.field, m.file, m.issue) }},
		)
	}
	out = append(out,
		example{"everything kept", func(w *world) {
			w.apply(item(1))
			want := item(1)
			for _, m := range moves {
				w.h.EditIssue(1, func(i *reconcile.Issue) { retouch[m.field](i, m.issue) })
				want = with(want, m.field, m.issue)
			}
			w.shows(1, want)
			w.reported(w.quiet(item(1)), 1)
		}},
		example{"taken back", func(w *world) {
			w.apply(item(1))
			for _, due := range []string{"2025-12-01", item(1).Fields[reconcile.Due]} {
				w.h.EditIssue(1, func(i *reconcile.Issue) { retouch[reconcile.Due](i, due) })
			}
			w.silent(w.quiet(item(1)))
			w.counts(w.apply(with(item(1), reconcile.Due, "2025-10-01")), 0, 1, 0, 0)
		}},
	)
	return out
}

// kept: what a person changed stays, through runs that change nothing and through updates of other fields.
func kept(w *world, field, value string) {
	w.apply(item(1), item(2))
	w.h.EditIssue(1, func(i *reconcile.Issue) { retouch[field](i, value) })
	theirs := with(item(1), field, value)
	w.shows(1, theirs)
	plan := w.quiet(item(1), item(2))
	w.reported(plan, 1)

	other, another := reconcile.Due, "2025-12-24"
	if field == reconcile.Due {
		other, another = reconcile.Type, "mitigate"
	}
	for _, v := range []string{another, item(1).Fields[other]} {
		plan = w.apply(with(item(1), other, v), item(2))
		w.counts(plan, 0, 1, 0, 0)
		w.reported(plan, 1)
		w.shows(1, with(theirs, other, v))
	}
	if field == reconcile.Text {
		above, _, _ := cutTable(w.issue(1).Body)
		if d := cmp.Diff(value, above); d != "" {
			w.Errorf("a person's text (-before +after):\n%s", d)
		}
	}
	if field == reconcile.Owner {
		if d := cmp.Diff(filled(value), w.issue(1).Assignees, emptyIsNil); d != "" {
			w.Errorf("assignees (-want +got):\n%s", d)
		}
	}
}

// conflict: what both sides changed is reported and nothing is written.
func conflict(w *world, field, file, issue string) {
	w.apply(item(1), with(item(2), field, file)) // so that there are all labels
	w.h.EditIssue(1, func(i *reconcile.Issue) { retouch[field](i, issue) })
	w.reported(w.quiet(with(item(1), field, file), with(item(2), field, file)), 1)
	w.shows(1, with(item(1), field, issue))
}

// agreed: once the file says what the issue says, the file leads again.
func agreed(w *world, field, file, issue string) {
	w.apply(item(1))
	w.h.EditIssue(1, func(i *reconcile.Issue) { retouch[field](i, issue) })
	same := with(item(1), field, issue)
	w.apply(same)
	w.shows(1, same)
	w.silent(w.quiet(same))
	for _, v := range []string{file, item(1).Fields[field]} {
		w.counts(w.apply(with(item(1), field, v)), 0, 1, 0, 0)
		w.shows(1, with(item(1), field, v))
	}
}
