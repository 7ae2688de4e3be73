package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// PlanMarkdown writes a plan for a job summary or a pull request.
func PlanMarkdown(w io.Writer, p reconcile.Plan) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "### sitrep plan\n\n%s\n", PlanCounts(p))
	if len(p.Changes) > 0 {
		fmt.Fprint(out, "\n| | issue | item | what |\n|---|---|---|---|\n")
	}
	for _, c := range p.Changes {
		mark, _ := sign(c.Op)
		number := ""
		if c.Number > 0 {
			number = fmt.Sprintf("no. %d", c.Number)
		}
		fmt.Fprintf(out, "| `%s` | %s | %s | %s |\n", mark, number, tableCell(c.Key), tableCell(planWhat(c)))
	}
	return out.Flush()
}

func planWhat(c reconcile.Change) string {
	var parts []string
	if c.Op != reconcile.Report && c.Title != "" {
		parts = append(parts, c.Title)
	}
	if c.Reason != "" {
		parts = append(parts, c.Reason)
	}
	if c.Kind == reconcile.KindLabel {
		return "new label"
	}
	for _, f := range planFields(c) {
		parts = append(parts, f.name+": "+f.text(c.Op, Style{}))
	}
	return strings.Join(parts, "; ")
}

// tableCell makes a text safe in a cell of a Markdown table.
func tableCell(s string) string {
	return strings.ReplaceAll(harmless.Markdown(strings.Join(strings.Fields(s), " ")), "|", `\|`)
}
