package cli

import (
	"context"
	"slices"

	"golang.org/x/tools/txtar"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/lint"
)

// refusedRules are warnings that an edit must not add: an entry where no reader would look for it.
var refusedRules = []string{"timeline-range", "timeline-order", "update-resolved"}

// refuseWorse lints a record as it was and as it would be. New errors are the reason to refuse an edit; other new findings are told.
func (g *globals) refuseWorse(ctx context.Context, r *records, f edit.File, out []byte) error {
	before, err := g.lintOne(ctx, r, f.Path, f.Source)
	if err != nil {
		return err
	}
	after, err := g.lintOne(ctx, r, f.Path, out)
	if err != nil {
		return err
	}
	for _, d := range added(before, after) {
		if d.Level == diag.Error || slices.Contains(refusedRules, d.Rule) {
			return usageError("nothing was written: %s [%s]%s", harmless.Line(d.Message), d.Rule, hintText(d))
		}
		g.talk("sitrep: %s: %s [%s]%s", d.Level, harmless.Line(d.Message), d.Rule, hintText(d))
	}
	return nil
}

func hintText(d diag.Diagnostic) string {
	if d.Hint == "" {
		return ""
	}
	return "\n  hint: " + harmless.Line(d.Hint)
}

// lintOne gives the findings of one record by itself.
func (g *globals) lintOne(ctx context.Context, r *records, name string, src []byte) ([]diag.Diagnostic, error) {
	fsys, err := txtar.FS(&txtar.Archive{Files: []txtar.File{{Name: name, Data: src}}})
	if err != nil {
		return nil, repositoryError(err)
	}
	result, err := lint.Run(ctx, fsys, lint.Options{Config: r.config})
	if err != nil {
		return nil, repositoryError(err)
	}
	return result.Findings, nil
}

// added are the findings of the rules that find more after than before: those that say what was not said.
func added(before, after []diag.Diagnostic) []diag.Diagnostic {
	count := map[string]int{}
	said := map[string]bool{}
	for _, d := range before {
		count[d.Rule]++
		said[d.Rule+d.Message] = true
	}
	for _, d := range after {
		count[d.Rule]--
	}
	var out []diag.Diagnostic
	for _, d := range after {
		if count[d.Rule] < 0 && !said[d.Rule+d.Message] {
			out = append(out, d)
		}
	}
	return out
}
