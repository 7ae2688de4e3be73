package yamltree_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/yamltree"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "a", "a: 1\n", "a: [1, 'b', \"c\\n\", {d: e}]\n", "a: |\n  b\n\n  c\nd: >-\n  e\n  f\n", "? a\n: b\n", "'a': 1\r\nb: \"c\r\n  d\"\r\n", "a: &x 1\nb: *x\n", "<<: {a: 1}\n",
		"a: 1\na: 2\n", "- a\n- - b\n  - c\n", "a: \u2028b\n\u0085c: d\n", "\tа: ж\n", "a: @b\n", "a: \x01\n", "a: b: c\n", "a: [\n", "--- a\n--- b\n", "a: 1\n...\nb: 2\n", "%YAML 1.1\n---\na: 1\n",
		"a: !!binary aGk=\n", "{a: {b: {c: [[[[]]]]}}}", "a: \"\\u00e9\\x41\\\n  b\"\n", "# c\na: # d\n  b # e\n", "a: 'it''s'\n", strings.Repeat("[", 50), strings.Repeat("a: [", 25), "\ufeffa: 1\n", "a: *b c\n",
	} {
		f.Add([]byte(s), uint8(1))
	}
	files, _ := filepath.Glob("../lint/testdata/edgecases/*/*.md")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && bytes.HasPrefix(text, []byte("---\n")) {
			matter, _, _ := bytes.Cut(text[4:], []byte("\n---\n"))
			f.Add(matter, uint8(2))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, firstLine uint8) {
		if !utf8.Valid(text) || len(text) > 64<<10 {
			return
		}
		first := int(firstLine) + 1
		v, problems := yamltree.Parse(text, first)
		c := spanChecker{t, strings.Split(string(text), "\n"), first}
		c.value(&v)
		for _, p := range problems {
			c.span(p.Span, p.Message)
			if p.Message == "" || p.Rule == "" || strings.Contains(p.Message, "please report") {
				t.Errorf("finding without message or rule: %+v", p)
			}
		}
		begin := time.Now()
		if again, p := yamltree.Parse(text, first); !reflect.DeepEqual(v, again) || !reflect.DeepEqual(problems, p) {
			t.Error("the same text gives something else the second time")
		}
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// spanChecker holds that places lie in the text.
type spanChecker struct {
	t     *testing.T
	lines []string
	first int
}

func (c spanChecker) value(v *yamltree.Value) {
	if v.Kind != yamltree.Null || !v.Span.IsZero() {
		c.span(v.Span, v.Text)
	}
	for i := range v.Items {
		c.value(&v.Items[i])
	}
	for i := range v.Fields {
		c.span(v.Fields[i].KeySpan, v.Fields[i].Key)
		c.value(&v.Fields[i].Value)
	}
}

func (c spanChecker) span(s diag.Span, what string) {
	c.t.Helper()
	for _, p := range []diag.Pos{s.Start, s.End} {
		line := p.Line - c.first
		if line < 0 || line > len(c.lines) || p.Column < 1 {
			c.t.Fatalf("%q at %v to %v: line outside of %d lines from %d", what, s.Start, s.End, len(c.lines), c.first)
		}
		if text := append(c.lines, "")[line]; p.Column > utf8.RuneCountInString(text)+1 {
			c.t.Fatalf("%q at %v to %v: column outside of %q", what, s.Start, s.End, text)
		}
	}
	if s.End.Compare(s.Start) < 0 {
		c.t.Fatalf("%q at %v to %v: ends before it begins", what, s.Start, s.End)
	}
}
