package diag_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/diag"
)

func TestNearest(t *testing.T) {
	words := []string{"severity", "services", "status", "started", "tags", "user_impact", "id", "SEV-1"}
	for word, want := range map[string]string{
		"severity": "severity", "sevrity": "severity", "Severity": "severity", "severtiy": "severity", "seveirty": "severity", "service": "services", "servcies": "services",
		"stauts": "status", "state": "", "start": "", "tag": "tags", "tgas": "tags", "user-impact": "user_impact", "userimpact": "user_impact", "user_imapct": "user_impact",
		"di": "id", "x": "", "": "", "sev-1": "SEV-1", "SEV\u20111": "SEV-1", "ST\u00c4TUS": "status", "summary": "",
	} {
		if got := diag.Nearest(word, words); got != want {
			t.Errorf("nearest to %q is %q, want %q", word, got, want)
		}
	}
	if got := diag.Nearest("ab", []string{"cb", "ad"}); got != "cb" {
		t.Errorf("of two that are as near %q, want the first", got)
	}
	if got := diag.Nearest("anything", nil); got != "" {
		t.Errorf("of none %q", got)
	}
	long := make([]byte, 65)
	for i := range long {
		long[i] = 'a'
	}
	if got := diag.Nearest(string(long), []string{string(long)}); got != "" {
		t.Errorf("a word of 65 letters is looked up: %q", got)
	}
}

func TestSortIsByPathPlaceRuleAndMessage(t *testing.T) {
	at := func(path string, line, column, end int, rule, message, hint string) diag.Diagnostic {
		return diag.Diagnostic{Path: path, Span: diag.Span{Start: diag.Pos{Line: line, Column: column}, End: diag.Pos{Line: line, Column: end}}, Rule: rule, Message: message, Hint: hint}
	}
	want := []diag.Diagnostic{
		at("a", 0, 0, 0, "z", "the file as a whole", ""),
		at("a", 2, 1, 1, "b", "m", ""),
		at("a", 2, 10, 10, "b", "m", ""),
		at("a", 10, 1, 1, "a", "n", ""),
		at("a", 10, 1, 1, "b", "m", ""),
		at("a", 10, 1, 1, "b", "n", ""),
		at("a", 10, 1, 2, "b", "n", "a"),
		at("a", 10, 1, 2, "b", "n", "b"),
		at("a/b", 1, 1, 1, "a", "m", ""),
		at("b", 1, 1, 1, "a", "m", ""),
	}
	for range 50 {
		got := append([]diag.Diagnostic(nil), want...)
		rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		if diag.Sort(got); !cmp.Equal(want, got) {
			t.Fatalf("order (-want +got):\n%s", cmp.Diff(want, got))
		}
	}
}

func TestLevelsAreReadAsTheyAreWritten(t *testing.T) {
	for _, l := range []diag.Level{diag.Off, diag.Notice, diag.Warning, diag.Error} {
		if got, err := diag.ParseLevel(l.String()); err != nil || got != l {
			t.Errorf("%s is read as %s, %v", l, got, err)
		}
		if b, err := l.MarshalText(); err != nil || string(b) != l.String() {
			t.Errorf("%s is kept as %s, %v", l, b, err)
		}
	}
	for _, s := range []string{"", "Error", "fatal", "warn"} {
		if got, err := diag.ParseLevel(s); err == nil {
			t.Errorf("%q is %s, want an error", s, got)
		}
	}
}

func TestPlaces(t *testing.T) {
	if p := (diag.Pos{Line: 3, Column: 14}); p.String() != "3:14" || p.IsZero() {
		t.Errorf("%v, zero: %v", p, p.IsZero())
	}
	if !(diag.Pos{}).IsZero() || !(diag.Span{}).IsZero() || diag.At(1, 1).IsZero() {
		t.Error("the zero place, and only that, is the file as a whole")
	}
}
