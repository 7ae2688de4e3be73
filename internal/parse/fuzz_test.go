package parse

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
)

// maxFuzz is the longest input that fuzz targets look at; all of it must be read in well under fuzzTime.
const (
	maxFuzz  = 64 << 10
	fuzzTime = 20 * time.Second // on a machine as busy as it may be
)

// edgecaseFiles are the hostile inputs that package lint keeps.
func edgecaseFiles(t testing.TB) [][]byte {
	t.Helper()
	files, err := filepath.Glob("../lint/testdata/edgecases/*/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no edge cases: %v", err)
	}
	texts := make([][]byte, len(files))
	for i, file := range files {
		if texts[i], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

func FuzzSplitFrontMatter(f *testing.F) {
	for _, text := range edgecaseFiles(f) {
		f.Add(text)
	}
	for _, s := range []string{"", "---", "---\n---", "---\r\na: 1\r\n---\r\n", "---\n...", "--- \n\n---\t\n\n---\n", "\n---\n", "+++\n", "\u200b---\n---\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, trouble := splitFrontMatter(text)
		if m.found == (trouble != nil && trouble.Rule == RuleFrontMatter) {
			t.Fatalf("found %v, trouble %v", m.found, trouble)
		}
		if !m.found {
			if m.body != 0 || m.bodyLine != 1 || trouble.Message == "" {
				t.Errorf("%+v, %v: want the whole file as body", m, trouble)
			}
			return
		}
		if want := bytes.Count(text[:m.body], []byte("\n")) + 1; m.bodyLine != want && m.body != len(text) {
			t.Errorf("body on line %d, want %d", m.bodyLine, want)
		}
		if trouble != nil {
			return
		}
		first, rest := cutLine(text)
		if !isFence(first, "---") || !bytes.HasPrefix(rest, m.yaml) {
			t.Fatalf("front matter is not what follows the first line")
		}
		last, body := cutLine(rest[len(m.yaml):])
		if !isFence(last, "---") && !isFence(last, "...") || !bytes.Equal(body, text[m.body:]) {
			t.Errorf("closed by %q, body %q", last, text[m.body:])
		}
	})
}

var entrySeeds = []string{
	"13:05 - Alert fires.", "2025-08-18 13:05 - Alert", "2025-08-18T13:05:00Z - Alert", "13:05:30 \u2013 Alert", "**13:05** \u2014 Alert", "**13:05:** Alert", "`13:05` - x", "[13:05] - x",
	"1:05pm - x", "12:00 a.m. - x", "24:00 - x", "9:05 - x", "13:05-13:30 - x", "09:05-09:30 - x", "13:05+02:00 - x", "13:05 +0530 - x", "13:05+25:00 - x", "13:05", "13:05 -", "13:05 - ",
	"13:05  -  x", "13:05 - - x", "13:05 - Identified - x", "13:05 - **Resolved:** x", "2025-02-30 13:05 - x", "2025-08-18 - x", "noon", "", "\u00a0", "13:05 - \u00a0x", "99:99 - x", "13:05 UTC - x", "~13:05 - x",
	"(13:05) x", "2025-08-18, 13:05 - x", "**2025-08-18** 13:05 - x", "13:05 | x", "13:05 \u2013x",
}

func FuzzReadEntry(f *testing.F) {
	for _, s := range entrySeeds {
		f.Add(s, "", "", false)
		f.Add("text", "more", s, true)
	}
	f.Fuzz(func(t *testing.T, line, second, date string, column bool) {
		if !utf8.ValidString(line+second+date) || strings.ContainsAny(line+second+date, "\r\n") {
			return
		}
		// Lines come without the blanks around them; see raw.
		line, second = strings.Trim(line, " \t"), strings.Trim(second, " \t")
		e := entryText{lines: []Line{{Text: line, Pos: diag.Pos{Line: 3, Column: 5}}}, at: diag.Pos{Line: 3, Column: 5}, column: column}
		written := line
		if column {
			e.time, e.date, written = line, date, line
			e.lines[0].Text = second
		} else if second != "" {
			e.lines = append(e.lines, Line{Text: second, Pos: diag.Pos{Line: 4, Column: 5}})
		}
		m, entry, off := readEntry(e)
		if s := entry.Span; s.Start != e.at || s.End.Line != 3 || s.End.Column < 5 || s.End.Column > 5+max(utf8.RuneCountInString(written), len("...")) {
			t.Errorf("%q: time stands at %v to %v", written, s.Start, s.End)
		}
		if m.Known && !m.Clock.Valid() {
			t.Errorf("%q: no clock shows %+v", written, m.Clock)
		}
		if !m.Known && off.message == "" {
			t.Errorf("%q: no time, and nothing said", written)
		}
		if m.Offset < -14*60 || m.Offset > 14*60 || !m.Zoned && m.Offset != 0 {
			t.Errorf("%q: offset %d minutes", written, m.Offset)
		}
		m2, entry2, off2 := readAnyEntry(e)
		if m != m2 || entry != entry2 || off != off2 {
			t.Errorf("%q: the quick way gives %+v %+v %+v, the other %+v %+v %+v", written, m, entry, off, m2, entry2, off2)
		}
	})
}

func FuzzHeading(f *testing.F) {
	for _, names := range sectionNames {
		for s := range names {
			f.Add(s, uint8(2))
		}
	}
	for _, s := range []string{"1. **Timeline**", "IV. Action Items", "5 Whys", "\u23f1\ufe0f TIMELINE", ":clock1: Timeline", "[Timeline](#t) (UTC)", "Root Cause &amp; Trigger", "`Summary`", "", "#", "Timeline #", "\\# Summary", "<b>Summary</b>", "5\ufe0f\u20e3 Whys"} {
		f.Add(s, uint8(3))
	}
	cfg := config.Default()
	f.Fuzz(func(t *testing.T, title string, level uint8) {
		if !utf8.ValidString(title) || strings.ContainsAny(title, "\r\n\x00") {
			return
		}
		for _, kind := range []Kind{IncidentRecord, PostmortemRecord} {
			name, alias := nameOf(kind, title)
			if alias && name == "" {
				t.Errorf("%q is an alias of nothing", title)
			}
			if again, _ := nameOf(kind, name); name != "" && again != name {
				t.Errorf("%q names %q, which names %q", title, name, again)
			}
		}
		if n := normalHeading(title); strings.Contains(n, "  ") || strings.TrimSpace(n) != n {
			t.Errorf("%q is %q without markup", title, n)
		}
		text := "---\nstatus: draft\n---\n" + strings.Repeat("#", int(level%7)) + " " + title + "\n\ntext\n"
		d := Parse("postmortems/2025-01-01-a.md", PostmortemRecord, []byte(text), &cfg)
		checkDocument(t, d, text)
	})
}

func FuzzActionTable(f *testing.F) {
	const head = "| ID | Action | Owner | Due | Priority | Type | Status |\n|----|--------|-------|-----|----------|------|--------|\n"
	for _, s := range []string{
		head + "| AI-1 | Cap the pool | @octo-db | 2025-09-01 | high | prevent | open |\n", head + "| AI-1 | a `b\\|c` \\| d | | \u2014 | *High* |\n| | |\n",
		"Task | Who\n---|---\na | @b\nc\n", "|Action|\n|-|\n|\u00e9|\n", "- [ ] **AI-1** Cap (owner: @octo-db, due: 2025-09-01)\n- [x] done (see: x)\n  - [ ] AI-2: n\u00e9sted (status: wont_do,\n    reason: too dear, too late).\n",
		"- [ ]\n- [X] AI-5\n* a\n\n+ b\n", "1. [ ] a (owner: b) (due: c)\n", "> | Action |\n> |-|\n> | a |\n", "  | Action |\n  |:-:|\n  | a\t|\n", "|Nr|Plan|\n|-|-|\n|a|b|\n", "|Action||\n|-|-|\n||\n",
	} {
		f.Add(s)
	}
	cfg := config.Default()
	f.Fuzz(func(t *testing.T, table string) {
		if !utf8.ValidString(table) || strings.ContainsAny(table, "\r\x00") || len(table) > maxFuzz {
			return
		}
		text := "---\nstatus: draft\n---\n\n## Action Items\n\n" + table
		d := Parse("postmortems/2025-01-01-a.md", PostmortemRecord, []byte(text), &cfg)
		checkDocument(t, d, text)
		lines := strings.Split(text, "\n")
		for _, r := range d.Rows {
			if r.Status == "" && r.Cells["status"].Text == "" {
				t.Errorf("row %+v has no status", r)
			}
			for column, c := range r.Cells {
				s := c.Span
				if c.Text == "" || s.Start.Line != s.End.Line || column == "status" {
					continue
				}
				written := string([]rune(lines[s.Start.Line-1])[s.Start.Column-1 : s.End.Column-1])
				if !strings.HasPrefix(c.Text, strings.ReplaceAll(written, `\|`, "|")) && !strings.HasPrefix(c.Text, written) {
					t.Errorf("%s is %q, at its place stands %q", column, c.Text, written)
				}
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range edgecaseFiles(f) {
		f.Add(text, true)
		f.Add(text, false)
	}
	cfg := config.Default()
	f.Fuzz(func(t *testing.T, text []byte, isIncident bool) {
		if len(text) > maxFuzz {
			return
		}
		kind := PostmortemRecord
		if isIncident {
			kind = IncidentRecord
		}
		parse := func(src []byte) *Document {
			return Parse("x/2025-08-18-api-outage.md", kind, bytes.Clone(src), &cfg)
		}
		begin := time.Now()
		d := parse(text)
		prose := d.Prose()
		if time.Since(begin) > fuzzTime { // once more: other programs may be busy
			begin = time.Now()
			parse(text).Prose()
			if took := time.Since(begin); took > fuzzTime {
				t.Fatalf("%d bytes took %v", len(text), took)
			}
		}
		checkDocument(t, d, string(text))
		for _, b := range prose {
			if b.Section < -1 || b.Section >= len(d.Sections) {
				t.Errorf("prose in section %d of %d", b.Section, len(d.Sections))
			}
		}
		same(t, "read twice", d, parse(text))
		if utf8.Valid(text) && !bytes.ContainsAny(text, "\r\x00") && len(text) < maxFuzz/2 {
			same(t, "with CRLF", d, parse(bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))))
		}
		if !bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) && !bytes.HasPrefix(text, []byte("\xff\xfe")) && !bytes.HasPrefix(text, []byte("\xfe\xff")) && bytes.Count(text, []byte{0}) <= len(text)/4 {
			same(t, "with a byte order mark", d, parse(append([]byte("\xef\xbb\xbf"), text...)))
		}
	})
}

// same holds that two documents say the same in the same places.
func same(t *testing.T, how string, a, b *Document) {
	t.Helper()
	if reflect.DeepEqual(a.Record, b.Record) && reflect.DeepEqual(a.Sections, b.Sections) && reflect.DeepEqual(a.Rows, b.Rows) && reflect.DeepEqual(a.Prose(), b.Prose()) {
		return
	}
	t.Errorf("%s:\n%s%s%s%s", how, cmp.Diff(a.Record, b.Record), cmp.Diff(a.Sections, b.Sections), cmp.Diff(a.Rows, b.Rows), cmp.Diff(a.Prose(), b.Prose()))
}

// checkDocument holds that every place of a document lies in its file.
func checkDocument(t *testing.T, d *Document, text string) {
	t.Helper()
	c := newPlaces(text)
	for _, f := range d.Findings {
		c.check(t, f.Span, f.Message+" ["+f.Rule+"]")
		if f.Message == "" || f.Rule == "" || strings.Contains(f.Hint, "report this") {
			t.Errorf("finding %+v", f)
		}
	}
	for _, f := range d.Fields {
		c.check(t, f.Value, f.Key)
		for _, s := range f.Items {
			c.check(t, s, f.Key)
		}
	}
	for _, s := range d.Sections {
		c.check(t, s.Span, s.Title)
	}
	for _, l := range d.Links {
		c.check(t, l.Span, l.Target)
	}
	for _, r := range d.Rows {
		c.check(t, diag.Span{Start: r.Pos, End: r.Pos}, r.Text)
		for column, cell := range r.Cells {
			c.check(t, cell.Span, column)
		}
	}
	for _, b := range d.Prose() {
		for _, l := range b.Lines {
			c.check(t, spanOf(l.Pos, l.Text), l.Text)
		}
	}
	if d.Incident != nil {
		for _, e := range append(d.Incident.Timeline, d.Incident.Updates...) {
			c.check(t, e.Span, e.Text)
		}
		return
	}
	for _, e := range d.Postmortem.Timeline {
		c.check(t, e.Span, e.Text)
	}
	if len(d.Postmortem.Timeline) != len(d.Timeline) {
		t.Errorf("%d entries, %d moments", len(d.Postmortem.Timeline), len(d.Timeline))
	}
}

// places are the lengths of a file's lines in code points.
type places []int

func newPlaces(text string) places {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	var p places
	for line := range strings.SplitSeq(text, "\n") {
		p = append(p, utf8.RuneCountInString(line))
	}
	return p
}

func (p places) check(t *testing.T, s diag.Span, what string) {
	t.Helper()
	if s == (diag.Span{}) {
		return // the file as a whole
	}
	for _, at := range []diag.Pos{s.Start, s.End} {
		if at.Line < 1 || at.Line > len(p)+1 || at.Column < 1 || at.Line <= len(p) && at.Column > p[at.Line-1]+1 {
			t.Fatalf("%q at %v to %v lies outside the file of %d lines", what, s.Start, s.End, len(p))
		}
	}
	if s.End.Compare(s.Start) < 0 {
		t.Fatalf("%q at %v to %v ends before it begins", what, s.Start, s.End)
	}
}
