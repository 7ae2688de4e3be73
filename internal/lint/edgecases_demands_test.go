package lint_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/lint"
	"github.com/syncwell/sitrep/internal/parse"
)

// demand is what a case must give, whatever the words of its golden file: all of the findings wanted, and of errors no rule
// but theirs.
type demand struct {
	line  int
	level diag.Level
	rule  string
	part  string // of the message
}

const (
	e = diag.Error
	w = diag.Warning
)

var demands = map[string][]demand{
	"incident/02-no-front-matter":            {{1, e, "front-matter", "no front matter"}},
	"postmortem/02-no-front-matter":          {{1, e, "front-matter", "no front matter"}},
	"incident/03-unterminated-front-matter":  {{1, e, "front-matter", "front matter is not closed"}},
	"incident/04-empty-front-matter":         {{1, e, "required-key", `"title"`}, {1, e, "required-key", `"severity"`}, {1, e, "required-key", `"status"`}, {1, e, "required-key", `"services"`}, {1, e, "required-key", `"started"`}},
	"postmortem/04-empty-front-matter":       {{1, e, "required-key", `"status"`}, {1, e, "required-key", `"owner"`}},
	"incident/05-front-matter-only":          {{15, e, "section-missing", `"Summary"`}, {15, e, "section-missing", `"Timeline"`}},
	"postmortem/05-front-matter-only":        missingSections(6),
	"incident/06-front-matter-is-list":       {{2, e, "front-matter", "front matter must be a mapping"}},
	"incident/07-front-matter-is-scalar":     {{2, e, "front-matter", "front matter must be a mapping"}},
	"incident/08-blank-line-before-fence":    {{1, e, "front-matter", "blank line"}},
	"incident/09-comment-before-fence":       {{1, e, "front-matter", "comment"}},
	"postmortem/09-comment-before-fence":     {{1, e, "front-matter", "comment"}},
	"incident/13-toml-front-matter":          {{1, e, "front-matter", "TOML front matter is not supported"}},
	"incident/14-json-front-matter":          {{1, e, "front-matter", "no front matter"}},
	"incident/16-cr-only":                    {{1, e, "encoding", "CR alone"}},
	"incident/19-utf16le-bom":                {{1, e, "encoding", "not UTF-8"}},
	"incident/20-latin1":                     {{19, e, "encoding", "not valid UTF-8"}},
	"postmortem/20-latin1":                   {{10, e, "encoding", "not valid UTF-8"}},
	"incident/21-nul-bytes":                  {{19, e, "encoding", "NUL"}},
	"incident/22-truncated-utf8":             {{34, e, "encoding", "not valid UTF-8"}},
	"incident/23-tabs-in-yaml":               {{6, e, "yaml-syntax", "not valid YAML"}},
	"postmortem/23-tabs-in-yaml":             {{6, e, "yaml-syntax", "not valid YAML"}},
	"incident/24-alias-bomb":                 {{15, e, "yaml-feature", `anchor "&a"`}, {16, e, "yaml-feature", `alias "*a"`}, {24, e, "yaml-feature", `alias "*i"`}},
	"incident/25-self-alias":                 {{15, e, "yaml-feature", `alias "*t"`}},
	"incident/26-merge-key":                  {{3, e, "yaml-feature", `merge key "<<"`}},
	"incident/27-duplicate-keys":             {{5, e, "duplicate-key", `"severity" is given twice, the first is on line 3`}},
	"postmortem/27-duplicate-keys":           {{4, e, "duplicate-key", `"status" is given twice, the first is on line 2`}},
	"incident/28-duplicate-keys-case":        {{5, w, "unknown-key", `"Severity"`}},
	"incident/29-unknown-tag":                {{2, e, "yaml-feature", "tag"}},
	"incident/30-binary-tag":                 {{2, e, "yaml-feature", "tag"}},
	"incident/32-huge-scalar":                {{2, e, "title", "at most 200"}},
	"incident/33-deep-flow-nesting":          {{2, e, "yaml-syntax", "depth"}},
	"incident/34-deep-block-nesting":         {{22, e, "yaml-feature", "nested more than 20"}, {3, e, "value-type", `"tags"`}},
	"incident/35-yes-no-on-off":              {{14, e, "value-type", `"yes"`}},
	"incident/36-norway":                     {{5, e, "value-type", `entry 6 of "services" is empty`}},
	"incident/38-unknown-keys":               {{1, e, "required-key", `"severity"`}, {3, w, "unknown-key", `"sevrity"`}, {14, w, "unknown-key", `"user_imapct"`}},
	"incident/40-severity-homoglyph":         {{3, e, "severity", "U+0405 at 1, U+2011 at 4"}},
	"incident/41-severity-out-of-range":      {{3, e, "severity", "want SEV-1, SEV-2 or SEV-3"}},
	"incident/43-headings-in-fence":          {{15, e, "section-missing", `"Summary"`}, {15, e, "section-missing", `"Timeline"`}},
	"postmortem/43-headings-in-fence":        missingSections(6),
	"postmortem/44-headings-in-html-comment": missingSections(6),
	"postmortem/45-headings-in-blockquote":   missingSections(6),
	"postmortem/48-hash-without-space":       {{6, e, "section-missing", `"Timeline"`}},
	"incident/49-duplicate-sections":         {{36, w, "section-duplicate", `"Timeline" stands twice, the first is on line 28`}},
	"postmortem/49-duplicate-sections":       {{41, w, "section-duplicate", `"Action Items" stands twice, the first is on line 30`}},
	"postmortem/50-empty-sections": {
		{7, e, "section-empty", `"Executive Summary"`},
		{9, e, "section-empty", `"Timeline"`},
		{11, e, "section-empty", `"Root Cause Analysis"`},
		{15, e, "section-empty", `"Action Items"`},
		{17, e, "section-empty", `"Lessons Learned"`},
	},
	"incident/51-lines-that-only-yaml-sees":   {{3, e, "severity", `"SEV-7"`}},
	"incident/53-zero-width-space-first":      {{1, e, "front-matter", "U+200B"}},
	"incident/54-two-byte-order-marks":        {{1, e, "front-matter", "U+FEFF"}},
	"incident/55-utf16-without-mark":          {{1, e, "encoding", "UTF-16"}},
	"incident/59-second-yaml-document":        {{4, e, "yaml-feature", "second YAML document"}},
	"incident/87-lists-nested-too-deep":       {{58, e, "file-limits", "nested more than 20"}},
	"incident/88-table-of-101-columns":        {{36, e, "file-limits", "100 columns"}},
	"incident/89-more-than-50000-lines":       {{50016, e, "file-limits", "50000 lines"}},
	"incident/90-file-over-1-mib":             {{0, e, "file-limits", "1024 KiB"}},
	"incident/91-front-matter-over-64-kib":    {{1, e, "file-limits", "64 KiB"}},
	"incident/94-bidirectional-control":       {{19, e, "encoding", "U+202E"}},
	"incident/98-unquoted-login":              {{11, e, "yaml-syntax", "not valid YAML"}},
	"incident/106-tables-without-a-rule":      {{31, e, "timeline-entry", "no table"}},
	"postmortem/106-tables-without-a-rule":    {{33, e, "action-table", "no table"}},
	"incident/107-timeline-without-list":      {{30, e, "timeline-entry", "no list item"}},
	"postmortem/83-headings-in-a-list":        {{6, e, "section-missing", `"Lessons Learned"`}, {37, e, "action-id", ""}, {37, e, "action-due", ""}, {37, e, "action-owner", ""}},
	"postmortem/84-headings-in-indented-code": {{6, e, "section-missing", `"Timeline"`}},
}

func missingSections(line int) []demand {
	var out []demand
	for _, name := range parse.RequiredSections(parse.PostmortemRecord) {
		out = append(out, demand{line, e, "section-missing", `"` + name + `"`})
	}
	return out
}

func TestEdgecaseDemands(t *testing.T) {
	cases := map[string]edgecase{}
	for _, c := range loadEdgecases(t) {
		cases[c.name] = c
	}
	for name, wants := range demands {
		t.Run(name, func(t *testing.T) {
			c, ok := cases[name]
			if !ok {
				t.Fatal("no such case")
			}
			findings := withoutNeighbours(t, c.lint(t))
			rules := map[string]bool{}
			for _, want := range wants {
				rules[want.rule] = true
				if !want.in(findings) {
					t.Errorf("want %s [%s] on line %d with %q, got:\n%s", want.level, want.rule, want.line, want.part, format(c, findings))
				}
			}
			for _, d := range findings {
				if d.Level == diag.Error && !rules[d.Rule] {
					t.Errorf("an error that nobody asked for: %s %s [%s]", d.Span.Start, d.Message, d.Rule)
				}
				if strings.ContainsAny(d.Message+d.Hint, "\x00\r\n") {
					t.Errorf("message %q, hint %q: want printable text on one line", d.Message, d.Hint)
				}
			}
		})
	}
}

func (want demand) in(findings []diag.Diagnostic) bool {
	for _, d := range findings {
		if d.Rule == want.rule && d.Level == want.level && d.Span.Start.Line == want.line && strings.Contains(d.Message, want.part) {
			return true
		}
	}
	return false
}

// valid lists the cases that are the baseline written otherwise: no findings, and the same values.
var valid = map[string][]string{
	"incident": {
		"01-valid-baseline", "10-fence-trailing-space", "11-dots-terminator", "12-fence-inside-block-scalar", "15-crlf", "17-mixed-eol", "18-utf8-bom",
		"31-multi-document", "42-setext-headings", "46-heading-decorations", "47-heading-levels", "52-setext-right-after-front-matter", "62-quoted-over-two-lines",
		"63-block-style", "64-stamps-with-offsets", "66-comment-before-text", "75-timeline-dashes-and-emphasis", "76-timeline-table", "77-timeline-date-headings",
		"79-timeline-zones", "86-headings-in-details", "100-heading-asides",
	},
	"postmortem": {
		"01-valid-baseline", "10-fence-trailing-space", "11-dots-terminator", "12-fence-inside-block-scalar", "15-crlf", "17-mixed-eol", "18-utf8-bom",
		"42-setext-headings", "46-heading-decorations", "47-heading-levels", "52-setext-right-after-front-matter", "59-second-yaml-document", "66-comment-before-text",
		"69-action-columns-shuffled", "70-action-table-without-outer-pipes", "73-action-task-list", "82-whys-numbered-otherwise", "86-headings-in-details", "100-heading-asides",
	},
}

// samePlaces lists the valid cases in which every line and column is the baseline's as well.
var samePlaces = map[string]bool{"15-crlf": true, "17-mixed-eol": true, "18-utf8-bom": true}

func TestValidEdgecases(t *testing.T) {
	cases := map[string]edgecase{}
	for _, c := range loadEdgecases(t) {
		cases[c.name] = c
	}
	for kind, names := range valid {
		base := recordOf(t, cases[kind+"/01-valid-baseline"])
		for _, name := range names {
			t.Run(kind+"/"+name, func(t *testing.T) {
				c := cases[kind+"/"+name]
				if found := withoutNeighbours(t, c.lint(t)); len(found) > 0 {
					t.Errorf("want no findings, got:\n%s", format(c, found))
				}
				got := recordOf(t, c)
				if name == "12-fence-inside-block-scalar" {
					takeScalar(t, &got)
				}
				if samePlaces[name] {
					if diff := cmp.Diff(base, got); diff != "" {
						t.Errorf("differs from the baseline (-want +got):\n%s", diff)
					}
					return
				}
				if diff := cmp.Diff(valuesOf(base), valuesOf(got), cmpopts.IgnoreTypes(diag.Span{}, diag.Pos{}), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("values differ from the baseline's (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// takeScalar checks the one value that case 12 has more than the baseline, and takes it out.
func takeScalar(t *testing.T, r *parse.Record) {
	t.Helper()
	if r.Kind == parse.IncidentRecord {
		if got := strings.Join(r.Incident.Factors, ""); got != "The pool has no cap.\n---\nThe alert waits for an average." {
			t.Errorf("factors are %q", got)
		}
		r.Incident.Factors = nil
		return
	}
	if r.Postmortem.Title != "API requests fail --- the pool has no cap" {
		t.Errorf("title is %q", r.Postmortem.Title)
	}
	r.Postmortem.Title = ""
}

// recordOf reads the case's record with all its texts.
func recordOf(t testing.TB, c edgecase) parse.Record {
	t.Helper()
	tree, err := parse.Read(t.Context(), c.fs, parse.Options{Config: config.Default(), Texts: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range tree.Records {
		if r.Path == c.file {
			return r
		}
	}
	t.Fatalf("no record %s", c.file)
	return parse.Record{}
}

// valuesOf is what a record says, without how it says it.
func valuesOf(r parse.Record) incident.History {
	tree := parse.Tree{Records: []parse.Record{r}}
	return tree.History()
}

func TestBaselineFigures(t *testing.T) {
	m := recordOf(t, edgecase{file: "incidents/" + caseID + ".md", fs: world(t, "", "")}).Incident.Milestones
	got := map[string]time.Duration{
		"downtime to mitigated": m.DowntimeEnd(incident.EndsMitigated).Sub(m[incident.Started]),
		"downtime to resolved":  m.DowntimeEnd(incident.EndsResolved).Sub(m[incident.Started]),
		"repair to resolved":    m[incident.Resolved].Sub(m[incident.Diagnosed]),
	}
	for _, p := range m.Phases() {
		got[p.Name()] = p.Duration()
	}
	want := map[string]time.Duration{
		"detect": 6 * time.Minute, "diagnose": 14 * time.Minute, "repair": 20 * time.Minute, "verify": 15 * time.Minute,
		"downtime to mitigated": 40 * time.Minute, "downtime to resolved": 55 * time.Minute, "repair to resolved": 35 * time.Minute,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
}

func TestValuesAreKeptAsWritten(t *testing.T) {
	for _, c := range loadEdgecases(t) {
		switch c.name {
		case "incident/36-norway":
			if diff := cmp.Diff([]string{"NO", "1.10", "0x10", "1e3", "off"}, recordOf(t, c).Incident.Services); diff != "" {
				t.Errorf("services (-want +got):\n%s", diff)
			}
		case "incident/27-duplicate-keys", "incident/28-duplicate-keys-case", "incident/31-multi-document":
			if got := recordOf(t, c).Incident.Severity; got != 1 {
				t.Errorf("%s: severity is %v, want the first one, SEV-1", c.name, got)
			}
		case "postmortem/49-duplicate-sections":
			if got := len(recordOf(t, c).Postmortem.Actions); got != 3 {
				t.Errorf("%s: %d action items, want those of both tables", c.name, got)
			}
		case "incident/49-duplicate-sections":
			if got := len(recordOf(t, c).Incident.Timeline); got != 6 {
				t.Errorf("%s: %d entries, want those of both sections", c.name, got)
			}
		case "incident/21-nul-bytes", "incident/20-latin1":
			if got := recordOf(t, c).Incident.Summary; !strings.Contains(got, "\uFFFD") || strings.Contains(got, "\x00") || !utf8.ValidString(got) {
				t.Errorf("%s: summary is %q, want the odd byte replaced", c.name, got)
			}
		case "incident/16-cr-only":
			if got := recordOf(t, c); got.Broken || len(got.Incident.Timeline) != 5 {
				t.Errorf("%s: want the lines read all the same, got %d entries", c.name, len(got.Incident.Timeline))
			}
		}
	}
}

// TestOneErrorForEachWrongType holds that a value of the wrong type is told once.
func TestOneErrorForEachWrongType(t *testing.T) {
	for _, c := range loadEdgecases(t) {
		if !strings.HasSuffix(c.name, "/37-wrong-types") {
			continue
		}
		lines := map[diag.Pos]int{}
		for _, d := range withoutNeighbours(t, c.lint(t)) {
			if lines[d.Span.Start]++; d.Level != diag.Error {
				t.Errorf("%s: level %s at %s, want error", c.name, d.Level, d.Span.Start)
			}
		}
		for at, n := range lines {
			if n > 1 {
				t.Errorf("%s: %d findings at %s, want one", c.name, n, at)
			}
		}
		if want := map[string]int{"incident": 16, "postmortem": 6}[strings.TrimSuffix(c.name, "/37-wrong-types")]; len(lines) != want {
			t.Errorf("%s: findings at %d places, want %d", c.name, len(lines), want)
		}
	}
}

func TestNothingLikeASeverityIsTakenForOne(t *testing.T) {
	base := read(t, edgecases+"/incident/01-valid-baseline.md")
	file := "incidents/" + caseID + ".md"
	for written, hint := range map[string]string{
		"sev1": "SEV-1", "sev-1": "SEV-1", "Sev-1": "SEV-1", "SEV1": "SEV-1", "SEV 2": "SEV-2", "SEV_3": "SEV-3", "S1": "SEV-1", "P2": "SEV-2", "1": "SEV-1",
		"SEV-01": "", "SEV-0": "", "SEV-9": "", "critical": "", "SEV-": "", `"SEV-1 "`: "", `"SEV\u20121"`: "SEV-1", "SEV-\uff11": "", "SEV-1 # the gravest": "ok",
	} {
		text := strings.Replace(base, "severity: SEV-1", "severity: "+written, 1)
		fsys := fstest.MapFS{file: &fstest.MapFile{Data: []byte(text)}}
		result, err := lint.Run(t.Context(), fsys, lint.Options{Config: config.Default()})
		if err != nil {
			t.Fatal(err)
		}
		if hint == "ok" {
			if len(result.Findings) > 0 {
				t.Errorf("%s: %v, want no findings", written, result.Findings)
			}
			continue
		}
		if len(result.Findings) != 1 || result.Findings[0].Rule != parse.RuleSeverity {
			t.Errorf("%s: %v, want one finding", written, result.Findings)
			continue
		}
		if got := strings.TrimPrefix(result.Findings[0].Hint, "write severity: "); got != hint {
			t.Errorf("%s: hint %q, want %q", written, got, hint)
		}
		if got := recordOf(t, edgecase{file: file, fs: fsys}).Incident.Severity; got != 0 {
			t.Errorf("%s: severity is %v, want none", written, got)
		}
	}
}
