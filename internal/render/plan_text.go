package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// PlanText writes a plan for people: what would be created, updated, closed, and what is for them to look at; a closing line with
// the counts.
func PlanText(w io.Writer, p reconcile.Plan, style Style) error {
	out := bufio.NewWriter(w)
	target := ""
	if p.Target != "" {
		target = " in " + harmless.Line(p.Target)
	}
	switch n := p.Pending(); n {
	case 0:
		fmt.Fprintf(out, "Nothing to change%s.\n", target)
	default:
		fmt.Fprintf(out, "sitrep would change %s%s:\n", plural(n, "thing"), target)
	}
	planLabels(out, p, style)
	for _, c := range p.Changes {
		if c.Kind == reconcile.KindIssue {
			planChange(out, c, style)
		}
	}
	if len(p.Changes) > 0 {
		fmt.Fprintln(out, PlanCounts(p))
	}
	return out.Flush()
}

// PlanCounts is the closing line of a plan: "Plan: 1 to create, 2 to update, 0 to close, 1 to look at." Labels count as created.
func PlanCounts(p reconcile.Plan) string {
	return fmt.Sprintf("Plan: %d to create, %d to update, %d to close, %d to look at.",
		p.Count(reconcile.Create), p.Count(reconcile.Update, reconcile.Reopen, reconcile.Comment), p.Count(reconcile.Close), p.Count(reconcile.Report))
}

// planLabels tells all new labels in one line: they come in a dozen, once.
func planLabels(w io.Writer, p reconcile.Plan, style Style) {
	var names []string
	for _, c := range p.Changes {
		if c.Kind == reconcile.KindLabel {
			names = append(names, c.Key)
		}
	}
	if len(names) > 0 {
		fmt.Fprintf(w, "  %s labels  %s\n", style.paint(green, "+"), strings.Join(names, ", "))
	}
}

// sign is how a plan marks an operation, with its colour.
func sign(op reconcile.Op) (mark, color string) {
	switch op {
	case reconcile.Create:
		return "+", green
	case reconcile.Close:
		return "-", red
	case reconcile.Report:
		return "!", cyan
	}
	return "~", yellow
}

func planChange(w io.Writer, c reconcile.Change, style Style) {
	mark, color := sign(c.Op)
	number := ""
	if c.Number > 0 {
		number = fmt.Sprintf("#%d ", c.Number)
	}
	head := fmt.Sprintf("  %s issue  %s%s", style.paint(color, mark), number, style.paint(bold, harmless.Line(c.Key)))
	switch {
	case c.Op == reconcile.Report:
		fmt.Fprintf(w, "%s %s\n", head, harmless.Line(c.Reason))
		return
	case c.Title != "":
		head += "  " + harmless.Line(c.Title)
	}
	fmt.Fprintln(w, head)
	if c.Reason != "" {
		fmt.Fprintf(w, "      %s\n", style.paint(dim, harmless.Line(c.Reason)))
	}
	for _, f := range planFields(c) {
		fmt.Fprintf(w, "      %-9s %s\n", f.name, f.text(c.Op, style))
	}
}

// planField is one line below a change.
type planField struct{ name, before, after string }

func (f planField) text(op reconcile.Op, style Style) string {
	if op == reconcile.Create {
		return f.after
	}
	return f.after + "   " + style.paint(dim, "was "+f.before)
}

// planFields lists what a reader decides by: of a new issue owner, due date and labels; of a change every field that changes.
func planFields(c reconcile.Change) []planField {
	if c.Op == reconcile.Create {
		labels := newLabels(c)
		return slices.DeleteFunc([]planField{
			{name: "owner", after: shown(reconcile.Owner, c.After[reconcile.Owner])},
			{name: "due", after: shown(reconcile.Due, c.After[reconcile.Due])},
			{name: "labels", after: strings.Join(labels, ", ")},
		}, func(f planField) bool { return f.after == "" })
	}
	var out []planField
	for _, name := range reconcile.IssueFields() {
		if after, ok := c.After[name]; ok && after != c.Before[name] {
			out = append(out, planField{name, shown(name, c.Before[name]), shown(name, after)})
		}
	}
	return out
}

func newLabels(c reconcile.Change) []string {
	if c.Desired == nil {
		return nil
	}
	return reconcile.LabelsOf(*c.Desired)
}

// shown is a field's value in a plan: short, on one line.
func shown(field, value string) string {
	value = harmless.Line(strings.Join(strings.Fields(value), " "))
	switch {
	case value == "":
		return "nothing"
	case field == reconcile.Owner:
		return "@" + value
	}
	return cutTo(value, 80)
}
