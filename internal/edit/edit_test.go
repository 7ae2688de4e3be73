package edit_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/parse"
)

const record = "---\nstatus: draft # a comment\nowner: \"@octo-ic\"\n---\n## Action Items\n\n" +
	"| Due | ID | Größe | Action | Owner | Status | Priority | Type |\n|---|---|---|---|---|---|---|---|\n" +
	"| 2025-04-01 | AI-1 | ü | Cap \\| the pool | @octo-db | open | high | prevent |\n" +
	"|  | AI-2 | | Alert | | open ||detect|\n\n## Lessons Learned\n\nNone.\n"

func item(t *testing.T, src []byte, id string) parse.ActionRow {
	t.Helper()
	cfg := config.Default()
	for _, r := range parse.Parse("postmortems/x.md", parse.PostmortemRecord, src, &cfg).Rows {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("no action item %s in\n%s", id, src)
	return parse.ActionRow{}
}

func TestSetActionChangesOneCell(t *testing.T) {
	for _, c := range []struct{ item, column, value, want string }{
		{"AI-1", "due", "2025-05-02", "| 2025-05-02 | AI-1 | ü |"},
		{"AI-1", "owner", "@octo-net", "| @octo-net | open | high |"},
		{"AI-1", "status", "done", "| @octo-db | done | high |"},
		{"AI-1", "status", "wont_do: a|b", `| wont_do: a\|b | high |`},
		{"AI-2", "due", "2025-05-02", "AI-2 | | Alert"},
		{"AI-2", "owner", "@octo-db", "| @octo-db | open |"},
		{"AI-2", "priority", "low", "low"},
		{"AI-2", "type", "process", "|process|"},
	} {
		for name, src := range map[string]string{"LF": record, "CRLF": strings.ReplaceAll(record, "\n", "\r\n"), "BOM": "\ufeff" + record} {
			out, err := edit.SetAction("postmortems/x.md", []byte(src), c.item, c.column, c.value)
			if err != nil {
				t.Fatalf("%s %s: %v", c.item, c.column, err)
			}
			if !strings.Contains(string(out), c.want) {
				t.Errorf("%s: %s of %s to %s gives\n%s\nwant it to contain %q", name, c.column, c.item, c.value, out, c.want)
			}
			if got := item(t, out, c.item).Cells[c.column].Text; got != c.value {
				t.Errorf("%s: %s of %s reads %q after it was set to %q", name, c.column, c.item, got, c.value)
			}
		}
	}
}

func TestSetActionRefusesWhatIsNotThere(t *testing.T) {
	for _, c := range [][2]string{{"AI-9", "due"}, {"AI-1", "evidence"}} {
		if _, err := edit.SetAction("postmortems/x.md", []byte(record), c[0], c[1], "x"); !errors.Is(err, edit.ErrNoPlace) {
			t.Errorf("%s %s: %v, want ErrNoPlace", c[0], c[1], err)
		}
	}
	twice := strings.Replace(record, "AI-2", "AI-1", 1)
	if _, err := edit.SetAction("postmortems/x.md", []byte(twice), "AI-1", "due", "2025-05-02"); !errors.Is(err, edit.ErrNoPlace) {
		t.Errorf("an id that is there twice: %v, want ErrNoPlace", err)
	}
}

// TestSetActionLeavesTheRest sets cells at random and holds that every other cell reads as before.
func TestSetActionLeavesTheRest(t *testing.T) {
	columns := []string{"due", "owner", "status", "priority", "type"}
	values := map[string][]string{
		"due": {"2025-05-02", "2026-01-31"}, "owner": {"@octo-a", "@octo-b"}, "status": {"open", "done"}, "priority": {"low", "high"}, "type": {"detect", "process"},
	}
	rapid.Check(t, func(rt *rapid.T) {
		src := []byte(record)
		model := map[string]string{}
		for _, id := range []string{"AI-1", "AI-2"} {
			for _, col := range columns {
				model[id+col] = item(t, src, id).Cells[col].Text
			}
		}
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			id := rapid.SampledFrom([]string{"AI-1", "AI-2"}).Draw(rt, "item")
			col := rapid.SampledFrom(columns).Draw(rt, "column")
			value := rapid.SampledFrom(values[col]).Draw(rt, "value")
			out, err := edit.SetAction("postmortems/x.md", src, id, col, value)
			if err != nil {
				rt.Fatal(err)
			}
			src, model[id+col] = out, value
		}
		for _, id := range []string{"AI-1", "AI-2"} {
			for _, col := range columns {
				if got := item(t, src, id).Cells[col].Text; got != model[id+col] {
					rt.Fatalf("%s of %s reads %q, want %q in\n%s", col, id, got, model[id+col], src)
				}
			}
		}
		if !strings.HasPrefix(string(src), "---\nstatus: draft # a comment\n") || !strings.HasSuffix(string(src), "## Lessons Learned\n\nNone.\n") {
			rt.Fatalf("the rest changed:\n%s", src)
		}
	})
}
