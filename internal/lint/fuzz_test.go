package lint_test

import (
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/lint"
)

// FuzzLint lints a repository of one file, all rules on.
func FuzzLint(f *testing.F) {
	for _, c := range loadEdgecases(f) {
		if c.file != "" && len(c.fs[c.file].Data) <= 64<<10 {
			f.Add(c.fs[c.file].Data, c.file[0] == 'i')
		}
	}
	rules := map[string]bool{}
	for _, r := range lint.Rules() {
		rules[r.Name] = true
	}
	f.Fuzz(func(t *testing.T, text []byte, isIncident bool) {
		if len(text) > 64<<10 {
			return
		}
		file := "postmortems/" + caseID + ".md"
		if isIncident {
			file = "incidents/" + caseID + ".md"
		}
		var runs [2][]diag.Diagnostic
		begin := time.Now()
		for i := range runs {
			result, err := lint.Run(t.Context(), fstest.MapFS{file: &fstest.MapFile{Data: text}}, lint.Options{Config: config.Default()})
			if err != nil || result.Files != 1 {
				t.Fatalf("%d files, %v", result.Files, err)
			}
			runs[i] = result.Findings
		}
		if took := time.Since(begin); took > 2*hang {
			t.Errorf("%d bytes took %v", len(text), took/2)
		}
		if !slices.Equal(runs[0], runs[1]) {
			t.Errorf("findings are not the same twice:\n%v\n%v", runs[0], runs[1])
		}
		for _, d := range runs[0] {
			checkPlace(t, d, string(text))
			if d.Path != file || d.Level == diag.Off || !rules[d.Rule] || d.Message == "" {
				t.Errorf("finding %+v", d)
			}
		}
	})
}
