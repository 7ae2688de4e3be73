package lint_test

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/lint"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Edge cases are golden pairs below testdata/edgecases: what is in incident/NAME.md or postmortem/NAME.md is linted as that kind
// of record, and NAME.out holds the findings. To add a case, add the .md file and run the test with -update. Inputs that no
// editor should touch (odd bytes, odd line ends, huge values) are made from 01-valid-baseline.md by the functions in
// generated; only their .out file is stored. Repositories of several files are txtar archives, repository/NAME.txtar.
const edgecases = "testdata/edgecases"

// edgecase is one repository and the file in it that the case is about.
type edgecase struct {
	name string // "incident/15-crlf"
	file string // the path of the record; "" for a whole repository
	fs   fstest.MapFS
}

// Records of the case and of its neighbours, which have a finding each.
const (
	caseID    = "2025-08-18-api-outage"
	neighbour = "2025-07-02-sync-lag"
)

var neighbourFinding = map[string]string{
	"incidents/" + neighbour + ".md":   "severity",
	"postmortems/" + neighbour + ".md": "action-owner",
}

// generated makes inputs out of a baseline record.
var generated = map[string]func(base string) string{
	"15-crlf":              func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"16-cr-only":           func(s string) string { return strings.ReplaceAll(s, "\n", "\r") },
	"17-mixed-eol":         mixedLineEnds,
	"18-utf8-bom":          func(s string) string { return "\ufeff" + s },
	"19-utf16le-bom":       utf16LE,
	"20-latin1":            func(s string) string { return strings.Replace(s, "one tenant", "one caf\xe9", 1) },
	"21-nul-bytes":         func(s string) string { return strings.Replace(s, "one tenant", "one\x00 tenant", 1) },
	"22-truncated-utf8":    func(s string) string { return strings.TrimSuffix(s, ".\n") + " \xe2\x9c" },
	"32-huge-scalar":       func(s string) string { return field(s, "title: "+strings.Repeat("fail ", 4000)) },
	"33-deep-flow-nesting": func(s string) string { return field(s, "tags: "+strings.Repeat("[", 20000)+strings.Repeat("]", 20000)) },
	"34-deep-block-nesting": func(s string) string {
		text := "tags:"
		for i := range 200 {
			text += "\n" + strings.Repeat(" ", i+1) + "k:"
		}
		return field(s, text+" v")
	},
	"51-lines-that-only-yaml-sees": func(s string) string {
		return field(strings.Replace(s, "SEV-1", "SEV-7", 1), "title: \"API \u2028requests\u0085 \u2029fail\"")
	},
	"53-zero-width-space-first": func(s string) string { return "\u200b" + s },
	"54-two-byte-order-marks":   func(s string) string { return "\ufeff\ufeff" + s },
	"55-utf16-without-mark":     func(s string) string { return utf16LE(s)[2:] },
	"88-table-of-101-columns": func(s string) string {
		return s + "\n" + strings.Repeat("|a", 101) + "\n" + strings.Repeat("|-", 101) + "\n"
	},
	"89-more-than-50000-lines":    func(s string) string { return s + strings.Repeat("\n", 50000) + "## Notes\n" },
	"90-file-over-1-mib":          func(s string) string { return s + strings.Repeat("0123456789abcde\n", 1<<16) },
	"91-front-matter-over-64-kib": func(s string) string { return field(s, "tags: ["+strings.Repeat("tag, ", 14000)+"tag]") },
	"92-brackets-without-end": func(s string) string {
		return s + "\n[l](2025-08-18-api-outage.md) " + strings.Repeat("[x](", 20000) + "\n"
	},
	"93-link-definitions-by-the-thousand": func(s string) string { return s + "\n" + strings.Repeat("[a]: b\n", 2001) },
	"94-bidirectional-control":            func(s string) string { return strings.Replace(s, "minutes because", "minutes\u202e because", 1) },
	"95-latin1-in-front-matter":           func(s string) string { return field(s, "title: \"Caf\xe9 \xfcber \xe4ll\"\nseverty: x") },
	"96-table-wide-and-long": func(s string) string {
		return s + "\n" + strings.Repeat("a|", 90) + "\n" + strings.Repeat("-|", 90) + "\n" + strings.Repeat("a\n", 2000)
	},
	"97-crcrlf": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\r\n") },
}

func mixedLineEnds(s string) string {
	n := 0
	var b strings.Builder
	for line := range strings.Lines(s) {
		if n++; n%2 == 0 {
			line = strings.TrimSuffix(line, "\n") + "\r\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

func utf16LE(s string) string {
	out := "\xff\xfe"
	for _, u := range utf16.Encode([]rune(s)) {
		out += string([]byte{byte(u), byte(u >> 8)})
	}
	return out
}

// field puts a field in front of the others, in place of the one with that key.
func field(s, text string) string {
	key, _, _ := strings.Cut(text, ":")
	var b strings.Builder
	for line := range strings.Lines(s) {
		if !strings.HasPrefix(line, key+":") {
			b.WriteString(line)
		}
	}
	return strings.Replace(b.String(), "---\n", "---\n"+text+"\n", 1)
}

func loadEdgecases(t testing.TB) []edgecase {
	t.Helper()
	var cases []edgecase
	for _, kind := range []string{"incident", "postmortem"} {
		inputs := map[string]string{}
		files, err := filepath.Glob(filepath.Join(edgecases, kind, "*.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			inputs[strings.TrimSuffix(filepath.Base(f), ".md")] = read(t, f)
		}
		for name, edit := range generated {
			inputs[name] = edit(inputs["01-valid-baseline"])
		}
		for _, name := range slices.Sorted(maps.Keys(inputs)) {
			file := kind + "s/" + caseID + ".md"
			cases = append(cases, edgecase{kind + "/" + name, file, world(t, file, inputs[name])})
		}
	}
	return append(cases, loadRepositories(t)...)
}

func loadRepositories(t testing.TB) []edgecase {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(edgecases, "repository", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []edgecase
	for _, f := range files {
		w := world(t, "", "")
		for _, file := range txtar.Parse([]byte(read(t, f))).Files {
			w[file.Name] = &fstest.MapFile{Data: file.Data}
		}
		cases = append(cases, edgecase{name: "repository/" + strings.TrimSuffix(filepath.Base(f), ".txtar"), fs: w})
	}
	return cases
}

func read(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// world is a repository of two incidents with their post-mortems, one file of which is the case.
func world(t testing.TB, file, text string) fstest.MapFS {
	t.Helper()
	w := fstest.MapFS{}
	for _, kind := range []string{"incident", "postmortem"} {
		base := read(t, filepath.Join(edgecases, kind, "01-valid-baseline.md"))
		w[kind+"s/"+caseID+".md"] = &fstest.MapFile{Data: []byte(base)}
		base = strings.NewReplacer("2025-08-18", "2025-07-02", "2025-08-20", "2025-07-03", "SEV-1", "SEV-9", "@octo-sre", "SRE").Replace(base)
		w[kind+"s/"+neighbour+".md"] = &fstest.MapFile{Data: []byte(base)}
	}
	if file != "" {
		w[file] = &fstest.MapFile{Data: []byte(text)}
	}
	return w
}

// hang is what no input takes, on a machine as busy as it may be. The slowest takes about a second on an idle one.
const hang = 20 * time.Second

func (c edgecase) lint(t testing.TB) []diag.Diagnostic {
	t.Helper()
	var result lint.Result
	took := quickest(hang, func() {
		var err error
		if result, err = lint.Run(t.Context(), c.fs, lint.Options{Config: config.Default()}); err != nil {
			t.Fatalf("a bad file is a finding, never an error: %v", err)
		}
	})
	if took > hang {
		t.Errorf("took %v: that is a hang", took)
	}
	for _, d := range result.Findings {
		if file := c.fs[d.Path]; file != nil {
			checkPlace(t, d, string(file.Data))
		}
	}
	return result.Findings
}

// quickest is how long f takes, the best of three where the first is too long: other programs may be busy.
func quickest(limit time.Duration, f func()) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range 3 {
		begin := time.Now()
		f()
		if best = min(best, time.Since(begin)); best <= limit {
			break
		}
	}
	return best
}

// format is the text of an .out file.
func format(c edgecase, findings []diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range findings {
		if d.Path != c.file {
			b.WriteString(d.Path + ":")
		}
		fmt.Fprintf(&b, "%s: %s: %s [%s]\n", d.Span.Start, d.Level, d.Message, d.Rule)
		if d.Hint != "" {
			fmt.Fprintf(&b, "  hint: %s\n", d.Hint)
		}
	}
	return b.String()
}

func TestEdgecases(t *testing.T) {
	var known []string
	for _, c := range loadEdgecases(t) {
		known = append(known, filepath.Join(edgecases, filepath.FromSlash(c.name)+".out"))
		t.Run(c.name, func(t *testing.T) {
			findings := withoutNeighbours(t, c.lint(t))
			golden(t, known[len(known)-1], format(c, findings))
		})
	}
	outs, _ := filepath.Glob(filepath.Join(edgecases, "*", "*.out"))
	for _, out := range outs {
		if !slices.Contains(known, out) {
			t.Errorf("%s belongs to no case", out)
		}
	}
}

// withoutNeighbours checks that the good files beside the case were looked at and takes their findings out.
func withoutNeighbours(t testing.TB, findings []diag.Diagnostic) []diag.Diagnostic {
	t.Helper()
	var rest []diag.Diagnostic
	seen := map[string]string{}
	for _, d := range findings {
		if strings.TrimSuffix(path.Base(d.Path), ".md") == neighbour {
			seen[d.Path] += d.Rule
		} else {
			rest = append(rest, d)
		}
	}
	if diff := cmp.Diff(neighbourFinding, seen); diff != "" {
		t.Errorf("findings of the files beside the case (-want +got):\n%s", diff)
	}
	return rest
}

func golden(t testing.TB, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(read(t, file), got); diff != "" {
		t.Errorf("%s (-want +got), run with -update if the change is meant:\n%s", file, diff)
	}
}

// checkPlace holds that a finding's place lies in its file.
func checkPlace(t testing.TB, d diag.Diagnostic, text string) {
	t.Helper()
	if d.Span == (diag.Span{}) {
		return // the file as a whole
	}
	text = strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(text, "\n")
	s, e := d.Span.Start, d.Span.End
	for _, p := range []diag.Pos{s, e} {
		if p.Line < 1 || p.Line > len(lines)+1 || p.Column < 1 || p.Line <= len(lines) && p.Column > utf8.RuneCountInString(lines[p.Line-1])+1 {
			t.Errorf("%s:%s to %s lies outside the file of %d lines: %s [%s]", d.Path, s, e, len(lines), d.Message, d.Rule)
		}
	}
	if e.Compare(s) < 0 {
		t.Errorf("%s:%s to %s ends before it begins: %s [%s]", d.Path, s, e, d.Message, d.Rule)
	}
}
