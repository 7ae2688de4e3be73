package parse

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/config"
)

// TestNoFileOfOneMebibyteIsSlow reads what makes Markdown parsers quadratic. Each input is read twice: a link in it makes the
// inside of paragraphs count as well.
func TestNoFileOfOneMebibyteIsSlow(t *testing.T) {
	if testing.Short() {
		t.Skip("reads some 60 MiB")
	}
	cfg := config.Default()
	for name, text := range slowInputs() {
		t.Run(name, func(t *testing.T) {
			for _, link := range []string{"", "\n\n[link](file.md)\n"} {
				src := []byte("---\nstatus: draft\n---\n" + text[:min(len(text), MaxFileSize-64)] + link)
				best := time.Hour
				for range 3 { // other programs may be busy
					begin := time.Now()
					d := Parse("postmortems/2025-01-01-a.md", PostmortemRecord, src, &cfg)
					d.Prose()
					if best = min(best, time.Since(begin)); best < fuzzTime {
						break
					}
				}
				if best > fuzzTime {
					t.Errorf("took %v, want less than %v", best, fuzzTime)
				}
			}
		})
	}
}

func slowInputs() map[string]string {
	fill := func(s string) string { return strings.Repeat(s, MaxFileSize/len(s)) }
	lines := func(line func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < MaxFileSize; i++ {
			b.WriteString(line(i))
		}
		return b.String()
	}
	actions := func(s string) string { return "## Action Items\n\n" + s }
	in := map[string]string{
		"lists indented more and more": lines(func(i int) string { return strings.Repeat("  ", i) + "- a\n" }),
		"blank lines in nested lists":  strings.Repeat("- ", maxNesting) + "a" + fill("\n"),
		"nested lists on every line":   fill(strings.Repeat("- ", maxNesting) + "a\n"),
		"nested quotes on every line":  fill(strings.Repeat("> ", maxNesting+1) + "a\n"),
		"numbers in a row":             fill("1. "),
		"a table with many columns":    fill("a|")[:MaxFileSize/4] + "\n" + fill("-|")[:MaxFileSize/4] + "\n" + fill("a\n")[:MaxFileSize/2],
		"a table with many rows":       "a|a\n-|-\n" + fill("a\n"),
		"many tables":                  fill("a|a\n-|-\n\n"),
		"code spans in a table":        "a|b\n-|-\n" + fill("`\\|`|b\n"),
		"links in one line":            lines(func(i int) string { return fmt.Sprintf("[a](b%d.md) ", i) }),
		"one link used often":          "[a]: b.md\n\n" + fill("[a] "),
		"link definitions in a row":    lines(func(i int) string { return fmt.Sprintf("[a%d]: b\n", i) }),
		"link definitions apart":       lines(func(i int) string { return fmt.Sprintf("[a%d]: b\n\n", i) }),
		"code spans of every length":   lines(func(i int) string { return "e" + strings.Repeat("`", i) }),
		"links in links":               fill("[")[:MaxFileSize/4] + "a" + fill("](b)"),
		"comments never closed":        "a " + fill("<!-- "),
		"headings":                     lines(func(i int) string { return strings.Repeat("#", 1+i%6) + " a\n" }),
		"one section again and again":  fill("## Timeline\n- 13:02 - a\n"),
		"entries":                      "## Timeline\n\n" + fill("- 13:02 - a\n"),
		"an entry without end":         "## Timeline\n\n- 13:02 - " + fill("a\n  b"),
		"action items":                 actions("|Action|Due|\n|-|-|\n" + fill("|b|c\n")),
		"tasks":                        actions(fill("- [ ] a\n")),
		"a task with many details":     actions("- [ ] a (" + lines(func(i int) string { return fmt.Sprintf("owner: b%d,\n  ", i) }) + ")\n"),
		"a task with many brackets":    actions("- [ ] a " + fill("(a:")),
		"whys":                         "## Root Cause Analysis\n### 5 Whys\n\n" + fill("1. why? a\n"),
		"CR":                           fill("\r"),
		"NUL":                          fill("abcd\x00"),
		"Latin-1":                      fill("\xe9"),
	}
	for _, s := range []string{"[", "*", "_", "`", "<", "![", "&", "|", "# a\n", "<!--", "![a](", "[](", "<a b='", "a <?\n", "> a\n\n", "a\n-\n", "[a](b \"c\n", "~~~\n"} {
		in[fmt.Sprintf("%q", s)] = fill(s)
	}
	return in
}
