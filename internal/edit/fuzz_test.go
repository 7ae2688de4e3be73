package edit_test

import (
	"bytes"
	"testing"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/parse"
)

// FuzzEdit makes edits on any file: each is refused, or reads as it should, keeps every line that it does not change, and can be
// followed by the next.
func FuzzEdit(f *testing.F) {
	for _, src := range []string{
		open, head + "## Timeline\n\n- 13:05 - Alert.\n", head + "## Timeline\n\n| Time | Event |\n|---|---|\n| 13:05 | a |\n", "---\n{title: x}\n---\n", "\ufeff" + head + "# Timeline\r\n",
		head + "## Timeline\n\n> - 13:05 - quoted\n\n1. 13:05 - a\n   - 13:06 - nested\n", head + "Timeline\n===\n\n- 2025-03-04 13:05Z - a\n- \n  13:06 - b\n", "---\ntitle: \"a\n  b\"\n? x\n: y\n---\n",
	} {
		f.Add(src, "detected", "2025-03-04T13:05:00Z", "New.", int64(600))
		f.Add(src, "title", "a: #b", "| x `y", int64(-600000))
	}
	cfg := config.Default()
	f.Fuzz(func(t *testing.T, src, key, value, text string, minutes int64) {
		file := edit.File{Path: "incidents/2025-03-04-x.md", Kind: parse.IncidentRecord, Source: []byte(src), Config: &cfg}
		keys := edit.Keys(parse.IncidentRecord)
		key = keys[len(key)%len(keys)]
		if out, err := edit.SetField(file, key, edit.Text(value)); err == nil {
			got := parse.Parse(file.Path, file.Kind, out, &cfg).Meta.Get(key)
			if got == nil || got.Value.Text != value {
				t.Fatalf("%s reads %+v after it was set to %q in\n%q\nfrom\n%q", key, got, value, out, src)
			}
			file.Source = out
		}
		when := at("2025-03-04 13:05:00").Add(minuteOf(minutes))
		out, err := edit.InsertEntry(file, parse.SectionTimeline, edit.Entry{At: when, Text: text})
		if err != nil {
			return
		}
		if lost := lostLine(file.Source, out); lost != "" {
			t.Fatalf("the line %q is lost in\n%q\nfrom\n%q", lost, out, file.Source)
		}
	})
}

// lostLine finds a line of before that is not in after. Up to a colon it is not looked at: a date may have been written there.
func lostLine(before, after []byte) string {
	for line := range bytes.Lines(before) {
		line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
		if i := bytes.IndexByte(line, ':'); i >= 0 {
			line = line[i+1:]
		}
		if !bytes.Contains(after, line) {
			return string(line)
		}
	}
	return ""
}
