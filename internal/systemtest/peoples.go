package systemtest

import (
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/syncwell/sitrep/internal/reconcile"
)

var emptyIsNil = cmpopts.EquateEmpty()

const markerLead = "<!-- sitrep:v1 "

// cutTable parts a body into the text, the table and marker, and what stands below the marker.
func cutTable(body string) (text, table, below string) {
	text, table, _ = strings.Cut(strings.ReplaceAll(body, "\r\n", "\n"), "\n\n| | |\n")
	if at := strings.Index(table, markerLead); at >= 0 {
		if end := strings.Index(table[at:], " -->"); end >= 0 {
			return text, table[:at+end+4], table[at+end+4:]
		}
	}
	return text, table, ""
}

// peoples is about what is not ours on an issue of ours.
func peoples() []example {
	return []example{
		{"text below the marker stays", belowStays},
		{"labels of others stay", labelsStay},
		{"labels that were taken off stay off", func(w *world) {
			w.apply(item(1))
			w.h.EditIssue(1, func(i *reconcile.Issue) {
				i.Labels = slices.DeleteFunc(i.Labels, func(l string) bool { return l == reconcile.LabelAction })
			})
			w.silent(w.quiet(item(1)))
			w.apply(with(item(1), reconcile.Due, "2025-10-01"))
			if slices.Contains(w.issue(1).Labels, reconcile.LabelAction) {
				w.Errorf("label %q is back: %q", reconcile.LabelAction, w.issue(1).Labels)
			}
		}},
		{"assignees of others stay", assigneesStay},
		{"a login in other letters is the same person", func(w *world) {
			w.apply(item(1))
			w.h.EditIssue(1, func(i *reconcile.Issue) { i.Assignees = []string{strings.ToUpper(Ana)} })
			w.silent(w.quiet(item(1)))
		}},
		{"who cannot be assigned is named", unassigned},
		{"a label in other letters is the same label", func(w *world) {
			w.apply(item(1))
			again := label(w.traits.System, strings.ToUpper(reconcile.LabelOurs))
			w.silent(w.quiet(item(1), again))
		}},
		{"a formatter is no person", func(w *world) {
			w.apply(item(1))
			pad := strings.NewReplacer("\n| | |\n|---|---|\n", "\n|      |     |\n| ---- | --- |\n", "| Due | 2025-09-01 |", "| Due         | 2025-09-01      |")
			w.h.EditIssue(1, func(i *reconcile.Issue) { i.Body = pad.Replace(i.Body) })
			w.silent(w.quiet(item(1)))
		}},
		{"line ends of another kind are no change", func(w *world) {
			w.apply(item(1))
			w.h.EditIssue(1, func(i *reconcile.Issue) { i.Body = strings.ReplaceAll(i.Body, "\n", "\r\n") })
			w.silent(w.quiet(item(1)))
			next := with(item(1), reconcile.Due, "2025-10-01")
			w.apply(next)
			w.shows(1, next)
		}},
	}
}

func belowStays(w *world) {
	const theirs = "\n\nI looked at this  \nand  | a | table |\n\n| | |\n|---|---|\n| Due | 2030-01-01 |\n\n- [ ] later\n\n    code\n"
	w.apply(item(1))
	w.h.EditIssue(1, func(i *reconcile.Issue) { i.Body = strings.TrimRight(i.Body, "\r\n") + theirs })
	w.silent(w.quiet(item(1)))
	item := item(1)
	for _, m := range moves {
		item = with(item, m.field, m.file)
		w.apply(item)
		if _, _, below := cutTable(w.issue(1).Body); strings.TrimRight(below, "\n") != strings.TrimRight(theirs, "\n") {
			w.Fatalf("after a change of %s the text below the marker is %q, want %q", m.field, below, theirs)
		}
	}
	w.shows(1, item)
	w.apply(with(item, reconcile.State, reconcile.StateDone))
	if _, _, below := cutTable(w.issue(1).Body); strings.TrimRight(below, "\n") != strings.TrimRight(theirs, "\n") {
		w.Errorf("after closing the text below the marker is %q, want %q", below, theirs)
	}
}

func unassigned(w *world) {
	gone := w.traits.Unassignable
	if gone == "" {
		w.Skip("everybody can be assigned here")
	}
	want := with(item(1), reconcile.Owner, gone)
	w.counts(w.apply(want), 1, 0, 0, 0)
	i := w.only()
	if len(i.Assignees) > 0 || !strings.Contains(i.Body, "`@"+gone+"`") {
		w.Errorf("assignees %q, want none and %s named in the body:\n%s", i.Assignees, gone, i.Body)
	}
	w.shows(i.Number, want)
	w.silent(w.quiet(want))
	w.counts(w.apply(with(want, reconcile.Due, "2025-10-01")), 0, 1, 0, 0)
	w.counts(w.apply(with(want, reconcile.Owner, Ben)), 0, 1, 0, 0)
	w.shows(i.Number, with(want, reconcile.Owner, Ben))
	w.counts(w.apply(want), 0, 1, 0, 0)
	w.shows(i.Number, want)
	w.silent(w.quiet(want))
}

func labelsStay(w *world) {
	w.apply(item(1))
	w.h.EditIssue(1, func(i *reconcile.Issue) { i.Labels = append(i.Labels, "team: data", "help wanted") })
	w.silent(w.quiet(item(1)))
	w.apply(with(with(item(1), reconcile.Priority, "low"), reconcile.SeverityOf, "SEV-2"))
	for _, l := range []string{"team: data", "help wanted", reconcile.LabelOurs, reconcile.LabelAction, "priority: low", "sev-2"} {
		if !slices.Contains(w.issue(1).Labels, l) {
			w.Errorf("no label %q any more: %q", l, w.issue(1).Labels)
		}
	}
}

func assigneesStay(w *world) {
	w.apply(item(1))
	w.h.EditIssue(1, func(i *reconcile.Issue) { i.Assignees = append(i.Assignees, Zoe) })
	w.silent(w.quiet(item(1)))
	next := with(item(1), reconcile.Owner, Ben)
	w.apply(next)
	w.shows(1, next)
	got := slices.Sorted(slices.Values(w.issue(1).Assignees))
	if d := cmp.Diff([]string{Ben, Zoe}, got); d != "" {
		w.Errorf("assignees (-want +got):\n%s", d)
	}
}
