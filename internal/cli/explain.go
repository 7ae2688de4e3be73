package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/lint"
)

func newExplain(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:               "explain [RULE]",
		Short:             "Explain a rule of lint, or list them",
		Example:           "  sitrep explain\n  sitrep explain times-order",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeRules,
		RunE:              func(_ *cobra.Command, args []string) error { return runExplain(g, strings.Join(args, "")) },
	}
}

func runExplain(g *globals, name string) error {
	if err := g.wantFormat("text"); err != nil {
		return err
	}
	rules := lint.Rules()
	var out strings.Builder
	if name == "" {
		for _, r := range rules {
			first, _, _ := strings.Cut(r.Doc, ". ")
			fmt.Fprintf(&out, "%-22s %-8s %s\n", r.Name, r.Level, strings.TrimSuffix(first, "."))
		}
	} else {
		i := slices.IndexFunc(rules, func(r lint.Rule) bool { return r.Name == name })
		if i < 0 {
			return unknownRule(name, rules)
		}
		r := rules[i]
		fmt.Fprintf(&out, "%s (%s, %s)\n\n%s\n\nPasses:\n\n%s\nDoes not:\n\n%s", r.Name, r.Level, r.Family, r.Doc, example(r.Ok), example(r.Bad))
	}
	_, err := fmt.Fprint(g.env.Stdout, out.String())
	return outputError(err)
}

func unknownRule(name string, rules []lint.Rule) error {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.Name
	}
	hint := "see sitrep explain"
	if near := diag.Nearest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return usageError("unknown rule %q, %s", name, hint)
}

// example is an example's text, indented. Of whole files only the lines that tell something are shown.
func example(text string) string {
	if strings.HasPrefix(text, "-- ") {
		text = lint.ExampleChange(text)
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
	return out.String()
}
