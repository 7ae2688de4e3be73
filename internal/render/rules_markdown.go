package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/lint"
)

// RulesMarkdown writes the reference of all rules: docs/rules.md.
func RulesMarkdown(w io.Writer, rules []lint.Rule) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "# Rules\n\nGenerated from the rules themselves; `make update` writes this page.\n\n"+
		"An error fails a run, a warning or a notice does not. The level of a rule is set in `.github/sitrep.yml`:\n\n"+
		"```yaml\nlint:\n  section-alias: off\n  role-separate: error\n```\n\n"+
		"Examples show the lines that matter, as a change to a record without findings.\n\n| rule | level | about |\n|---|---|---|\n")
	for _, r := range rules {
		fmt.Fprintf(out, "| [%s](#%s) | %s | %s |\n", r.Name, r.Name, r.Level, r.Family)
	}
	for _, r := range rules {
		fmt.Fprintf(out, "\n## %s\n\n%s, %s\n\n%s\n\nRight:\n\n%s\nWrong:\n\n%s", r.Name, r.Level, r.Family, r.Doc, example(r.Ok), example(r.Bad))
	}
	return out.Flush()
}

// example is a text as an indented block; of whole files only the lines that stand for the change are worth a page.
func example(text string) string {
	if strings.HasPrefix(text, "-- ") {
		text = lint.ExampleChange(text)
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			b.WriteString("\n")
			continue
		}
		b.WriteString("    " + cutTo(harmless.Line(strings.TrimRight(line, "\n")), 140) + "\n")
	}
	return b.String()
}

// cutTo shortens a line for reading.
func cutTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-3]) + "..."
	}
	return s
}
