package render_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/syncwell/sitrep/internal/lint"
	"github.com/syncwell/sitrep/internal/render"
)

var update = flag.Bool("update", false, "rewrite golden files and generated documents")

// TestRulesPage holds that docs/rules.md is what the rules say.
func TestRulesPage(t *testing.T) {
	const page = "../../docs/rules.md"
	var want bytes.Buffer
	if err := render.RulesMarkdown(&want, lint.Rules()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(page, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("docs/rules.md is stale, run make update")
	}
}
