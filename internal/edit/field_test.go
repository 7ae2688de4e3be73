package edit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/parse"
)

const open = "---\n# who reads this?\ntitle: 'API: requests fail' # as users see it\nseverity: SEV-1\nstatus: investigating\nteam_key: [a, {b: c}]\nservices:\n  - api\n  - sync\n" +
	"started: # impact began\ndetected: 2025-03-04T23:50:00Z\nresolved: ~\nsubject_matter_experts: [\"@octo-db\", '@octo-net'] # on shift\nlinks:\n  # the room\n  channel: x\nnote: |\n  # no comment\n  text\n\n# the end\n---\n\n" +
	"## Summary\n\nRequests fail.\n\n## Timeline\n\n<!-- facts -->\n\n- 23:50 - Alert fires.\n- 00:10 - Rollback\n  proposed.\n"

func asFile(text string) edit.File {
	cfg := config.Default()
	return edit.File{Path: "incidents/2025-03-04-x.md", Kind: parse.IncidentRecord, Source: []byte(text), Config: &cfg}
}

// variants are the ways in which a file may be saved.
func variants(text string) map[string]string {
	return map[string]string{"LF": text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "BOM": "\ufeff" + text, "no last line end": strings.TrimSuffix(text, "\n")}
}

func TestSetFieldChangesOneValue(t *testing.T) {
	for _, c := range []struct {
		key, old, want string
		value          edit.Value
	}{
		{"status", "status: investigating", "status: identified", edit.Text("identified")},
		{"title", "'API: requests fail' # as", "'It''s down' # as", edit.Text("It's down")},
		{"title", "'API: requests fail' # as", `"a\tb" # as`, edit.Text("a\tb")},
		{"title", "title: 'API: requests fail' # as", `title: # as`, edit.Text("")},
		{"severity", "SEV-1", `"a: b"`, edit.Text("a: b")},
		{"severity", "SEV-1", `"null"`, edit.Text("null")},
		{"services", "  - api\n  - sync\n", "  - web\n", edit.List("web")},
		{"services", "services:\n  - api\n  - sync\n", "services: []\n", edit.List()},
		{"started", "started: # impact", "started: 2025-03-04T23:40:00Z # impact", edit.Text("2025-03-04T23:40:00Z")},
		{"resolved", "resolved: ~", "resolved: 2025-03-05T00:20:00Z", edit.Text("2025-03-05T00:20:00Z")},
		{"subject_matter_experts", `["@octo-db", '@octo-net'] # on`, `["@octo-web"] # on`, edit.List("@octo-web")},
		{"note", "note: |\n  # no comment\n  text\n", "", edit.Text("short")},
		{"mitigated", "detected: 2025-03-04T23:50:00Z\n", "detected: 2025-03-04T23:50:00Z\nmitigated: 2025-03-05T00:15:00Z\n", edit.Text("2025-03-05T00:15:00Z")},
		{"customers_affected", "'@octo-net'] # on shift\n", "'@octo-net'] # on shift\ncustomers_affected: 12\n", edit.Text("12")},
		{"tags", "  channel: x\n", "  channel: x\ntags: [a, \"b,c\"]\n", edit.List("a", "b,c")},
		{"kind", "'@octo-net'] # on shift\n", "'@octo-net'] # on shift\nkind: game-day\n", edit.Text("game-day")},
		{"own_key", "# the end\n", "# the end\nown_key: 1\n", edit.Text("1")},
	} {
		for name, src := range variants(open) {
			end := "\n"
			if name == "CRLF" {
				end = "\r\n"
			}
			out, err := edit.SetField(asFile(src), c.key, c.value)
			if c.want == "" {
				if !errors.Is(err, edit.ErrNoPlace) {
					t.Errorf("%s %s: %v, want ErrNoPlace", name, c.key, err)
				}
				continue
			}
			want := strings.Replace(src, strings.ReplaceAll(c.old, "\n", end), strings.ReplaceAll(c.want, "\n", end), 1)
			if err != nil || string(out) != want {
				t.Errorf("%s: %s gives %v\n%s\nwant\n%s", name, c.key, err, out, want)
			}
		}
	}
}

// A start on the day before would make the clock times of the timeline those of the day before: the dates are written out.
func TestSetFieldKeepsTheTimesOfEntries(t *testing.T) {
	src := strings.Replace(open, "23:50 - Alert", "00:05 - Alert", 1)
	src = strings.Replace(src, "detected: 2025-03-04T23:50:00Z", "detected: 2025-03-05T00:05:00Z", 1)
	out, err := edit.SetField(asFile(src), "started", edit.Text("2025-03-04T23:40:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "- 2025-03-05 00:05 - Alert fires.\n- 00:10 - Rollback\n") {
		t.Errorf("the first entry has no date:\n%s", out)
	}
	if _, err := edit.SetField(asFile(src), "timezone", edit.Text("Asia/Tokyo")); !errors.Is(err, edit.ErrNoPlace) {
		t.Errorf("a zone that makes other times of the entries: %v, want ErrNoPlace", err)
	}
}

func TestSetFieldRefusesFilesThatCannotBeRead(t *testing.T) {
	for _, src := range []string{"no front matter", "---\ntitle: \xff\n---\n", "---\ntitle: a\rb\n---\n", "---\n{title: x}\n---\n", "---\n- a\n---\n", "", "---\ntitle: [\n---\n"} {
		if out, err := edit.SetField(asFile(src), "severity", edit.Text("SEV-1")); err == nil {
			t.Errorf("%q becomes %q, want an error", src, out)
		}
	}
}
