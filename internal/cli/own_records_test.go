package cli_test

import (
	"os"
	"testing"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/lint"
)

// TestOwnRecords lints this repository's own records: not even a notice is left.
func TestOwnRecords(t *testing.T) {
	root, err := os.OpenRoot("../..")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	cfg, err := config.Load(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	result, err := lint.Run(t.Context(), root.FS(), lint.Options{Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	if result.Files < 40 {
		t.Errorf("%d files, want the 26 public incidents, the samples and their post-mortems", result.Files)
	}
	for _, d := range result.Findings {
		t.Errorf("%s:%s: %s %s [%s]", d.Path, d.Span.Start, d.Level, d.Message, d.Rule)
	}
}
