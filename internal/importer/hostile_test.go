package importer_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/syncwell/sitrep/internal/importer"
	"github.com/syncwell/sitrep/internal/parse"
)

// TestHostileFiles holds that a file of the greatest size, whatever is in it, is read within seconds: every step is linear in it, or
// bounded.
func TestHostileFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("files of a megabyte take a second each")
	}
	const most = 30 * time.Second
	full := func(unit string) string { return strings.Repeat(unit, (parse.MaxFileSize-200)/len(unit)) }
	head := "# T\n\n## Timeline\n\nAll times in UTC.\n\n- 2025-01-02 10:00 - a\n\n"
	for name, text := range map[string]string{
		"links on one line": head + "## Root cause\n\n" + full("[a](b) "),
		"links":             head + "## Root cause\n\n" + full("[a](b)\n"),
		"brackets":          head + full("["),
		"headings":          head + full("# a\n"),
		"same headings":     head + full("## Lessons\n\nx\n"),
		"dates":             head + full("## Date: x\n"),
		"entries":           head + "- Time to detection: 1 minute\n- Time to recovery: 1 hour\n\n## Timeline\n\n" + full("- 10:00 - x\n"),
		"table":             head + "## Follow-ups\n\n| Action |\n|---|\n" + full("| a |\n"),
		"actions":           head + full("## Follow-ups\n\n- a [b]\n"),
		"nested":            head + "## Follow-ups\n\n" + full("                  - a\n"),
		"quotes":            head + full("> "),
		"comment":           "<!-- " + full("<!-- "),
		"days":              full("January 2, 2025 "),
		"no line end":       head + "- 10:00 - " + full("a"),
	} {
		for _, format := range []importer.Format{importer.Markdown, importer.CState} {
			t.Run(fmt.Sprintf("%s as %s", name, format), func(t *testing.T) {
				data := text
				if format == importer.CState {
					data = "---\ntitle: a\ndate: 2025-01-02T10:00:00Z\n---\n" + text
				}
				begin := time.Now()
				items := run(t, fstest.MapFS{"a.md": {Data: []byte(data)}}, ".", options(format), fstest.MapFS{})
				if took := time.Since(begin); took > most {
					t.Errorf("took %s", took)
				} else {
					t.Log(items[0].Outcome, took.Round(time.Millisecond), len(items[0].Notes), "notes")
				}
			})
		}
	}
}
