package lint

import (
	"regexp"
	"strings"
	"testing"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
)

// TestRules holds what every rule must have: a name, a documentation, an example without findings and one on which it fires.
func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		t.Run(r.Name, func(t *testing.T) {
			if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(r.Name) || seen[r.Name] {
				t.Errorf("name %q is taken or not in kebab case", r.Name)
			}
			seen[r.Name] = true
			if r.Family == "" || len(r.Doc) < 40 || r.Level == diag.Off {
				t.Errorf("family %q, level %v, doc %q: a rule needs all three", r.Family, r.Level, r.Doc)
			}
			for _, d := range lintExample(t, r, r.Ok) {
				t.Errorf("the ok example has a finding: %s:%s %s [%s]", d.Path, d.Span.Start, d.Message, d.Rule)
			}
			fired := false
			for _, d := range lintExample(t, r, r.Bad) {
				fired = fired || d.Rule == r.Name
			}
			if !fired {
				t.Errorf("does not fire on its bad example; findings: %v", lintExample(t, r, r.Bad))
			}
		})
	}
}

func lintExample(t *testing.T, r Rule, text string) []diag.Diagnostic {
	t.Helper()
	fsys, err := Example(r.On, text)
	if err != nil {
		t.Fatal(err)
	}
	result, err := Run(t.Context(), fsys, Options{Config: config.Default()})
	if err != nil {
		t.Fatal(err)
	}
	return result.Findings
}

// TestMessages holds the house style of messages on every finding that the examples give.
func TestMessages(t *testing.T) {
	for _, r := range Rules() {
		for _, d := range lintExample(t, r, r.Bad) {
			if strings.HasSuffix(d.Message, ".") || d.Message == "" || strings.HasSuffix(d.Hint, ".") && !strings.HasSuffix(d.Hint, "...") {
				t.Errorf("%s: message %q, hint %q: want no full stop at the end", d.Rule, d.Message, d.Hint)
			}
			if first := d.Message[:1]; first != strings.ToLower(first) && !strings.HasPrefix(d.Message, "NUL") && !strings.HasPrefix(d.Message, "TOML") {
				t.Errorf("%s: message %q: want lower case at the start", d.Rule, d.Message)
			}
		}
	}
}
