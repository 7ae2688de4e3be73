package edit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		panic(err)
	}
	return t
}

const head = "---\ntitle: x\nseverity: SEV-3\nstatus: investigating\nservices: [api]\ndetected: 2025-03-04T13:05:00Z\n---\n"

func TestInsertEntry(t *testing.T) {
	for _, c := range []struct {
		name, body, section, want string
		at                        string
		status                    string
		text                      string
	}{
		{name: "at the end", body: "## Timeline\n\n- 13:05 - Alert.\n", want: "## Timeline\n\n- 13:05 - Alert.\n- 13:10 - New.\n", at: "2025-03-04 13:10:00"},
		{name: "between", body: "## Timeline\n\n- 13:05 - Alert,\nlazily.\n\n  More.\n- 13:20 - Back.\n", want: "## Timeline\n\n- 13:05 - Alert,\nlazily.\n\n  More.\n- 13:10 - New.\n- 13:20 - Back.\n", at: "2025-03-04 13:10:00"},
		{name: "first", body: "## Timeline\n\n* 13:05 - Alert.\n", want: "## Timeline\n\n* 13:00 - New.\n* 13:05 - Alert.\n", at: "2025-03-04 13:00:00"},
		{name: "same time goes behind", body: "## Timeline\n\n- 13:05 - Alert.\n- 13:20 - Back.\n", want: "## Timeline\n\n- 13:05 - Alert.\n- 13:05 - New.\n- 13:20 - Back.\n", at: "2025-03-04 13:05:00"},
		{name: "next day needs a date", body: "## Timeline\n\n- 13:05 - Alert.\n", want: "## Timeline\n\n- 13:05 - Alert.\n- 2025-03-05 09:00 - New.\n", at: "2025-03-05 09:00:00"},
		{name: "midnight needs none", body: "## Timeline\n\n- 23:05 - Alert.\n", want: "## Timeline\n\n- 23:05 - Alert.\n- 00:10 - New.\n", at: "2025-03-05 00:10:00"},
		{
			name: "the day before pins what follows", body: "## Timeline\n\n- 13:05 - Alert.\n- 13:20 - Back.\n",
			want: "## Timeline\n\n- 2025-03-03 18:00 - New.\n- 2025-03-04 13:05 - Alert.\n- 13:20 - Back.\n", at: "2025-03-03 18:00:00",
		},
		{name: "seconds", body: "## Timeline\n\n- 13:05 - Alert.\n", want: "## Timeline\n\n- 13:05 - Alert.\n- 13:05:30 - New.\n", at: "2025-03-04 13:05:30"},
		{name: "numbered", body: "## Timeline\n\n1. 13:05 - Alert.\n2. 13:20 - Back.\n", want: "## Timeline\n\n1. 13:05 - Alert.\n2. 13:20 - Back.\n3. 13:30 - New.\n", at: "2025-03-04 13:30:00"},
		{name: "loose", body: "## Timeline\n\n- 13:05 - Alert.\n\n- 13:20 - Back.\n", want: "## Timeline\n\n- 13:05 - Alert.\n\n- 13:20 - Back.\n\n- 13:30 - New.\n", at: "2025-03-04 13:30:00"},
		{name: "empty section", body: "## Timeline\n\n<!-- facts -->\n\n## Links\n", want: "## Timeline\n\n<!-- facts -->\n\n- 13:10 - New.\n\n## Links\n", at: "2025-03-04 13:10:00"},
		{name: "no section", body: "# Summary\n\nText.\n", want: "# Summary\n\nText.\n\n# Timeline\n\n- 13:10 - New.\n", at: "2025-03-04 13:10:00"},
		{
			name: "updates stand before the timeline", body: "## Summary\n\nText.\n\nTimeline\n--------\n\n- 13:05 - Alert.\n", section: parse.SectionUpdates, status: "identified",
			want: "## Summary\n\nText.\n\n## Status Updates\n\n- 13:10 - Identified - New.\n\nTimeline\n--------\n\n- 13:05 - Alert.\n", at: "2025-03-04 13:10:00",
		},
		{
			name: "table", body: "## Timeline\n\n| What | Time |\n|---|---|\n| Alert | 13:05 |\n| Back | 13:20 |\n",
			want: "## Timeline\n\n| What | Time |\n|---|---|\n| Alert | 13:05 |\n| New. | 13:10 |\n| Back | 13:20 |\n", at: "2025-03-04 13:10:00",
		},
		{
			name: "table with dates", body: "## Timeline\n\nDate | Time | Event | Note\n---|---|---|---\n2025-03-04 | 13:05 | Alert | \n", text: "a | b",
			want: "## Timeline\n\nDate | Time | Event | Note\n---|---|---|---\n2025-03-04 | 13:05 | Alert | \n| 2025-03-05 | 13:10 | a \\| b |  |\n", at: "2025-03-05 13:10:00",
		},
		{
			name: "date headings", body: "## Timeline\n\n### 2025-03-04\n\n- 13:05 - Alert.\n\n### 2025-03-05\n\n- 09:00 - Back.\n",
			want: "## Timeline\n\n### 2025-03-04\n\n- 13:05 - Alert.\n- 14:00 - New.\n\n### 2025-03-05\n\n- 09:00 - Back.\n", at: "2025-03-04 14:00:00",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.section == "" {
				c.section = parse.SectionTimeline
			}
			if c.text == "" {
				c.text = "New."
			}
			for name, src := range variants(head + c.body) {
				want := variants(head + c.want)[name]
				out, err := edit.InsertEntry(asFile(src), c.section, edit.Entry{At: at(c.at), Status: statusOf(c.status), Text: c.text})
				if err != nil || string(out) != want {
					t.Errorf("%s: %v\n%q\nwant\n%q", name, err, out, want)
				}
			}
		})
	}
}

// The clock of Berlin shows 02:30 twice on the last Sunday of October; the second one is told in UTC.
func TestInsertEntryWhereTheClockGoesBack(t *testing.T) {
	src := strings.Replace(head, "detected: 2025-03-04T13:05:00Z", "detected: 2025-10-26T00:10:00Z\ntimezone: Europe/Berlin", 1) + "## Timeline\n\n- 02:10 - Alert.\n"
	out, err := edit.InsertEntry(asFile(src), parse.SectionTimeline, edit.Entry{At: at("2025-10-26 01:30:00"), Text: "New."})
	if err != nil || !strings.HasSuffix(string(out), "- 02:10 - Alert.\n- 2025-10-26 01:30Z - New.\n") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestInsertEntryRefuses(t *testing.T) {
	good := head + "## Timeline\n\n- 13:05 - Alert.\n"
	for _, c := range []struct{ name, src, text string }{
		{"empty text", good, " "},
		{"control character", good, "a\x1b[31m"},
		{"bidirectional control", good, "a\u202eb"},
		{"not UTF-8", good, "a\xff"},
		{"unclosed fence", head + "## Summary\n\n```\nlog\n", "New."},
		{"broken front matter", "---\ntitle: [\n---\n## Timeline\n\n- 13:05 - Alert.\n", "New."},
	} {
		if out, err := edit.InsertEntry(asFile(c.src), parse.SectionTimeline, edit.Entry{At: at("2025-03-04 13:10:00"), Text: c.text}); err == nil {
			t.Errorf("%s: becomes\n%s", c.name, out)
		}
	}
}

func statusOf(s string) incident.Status { return incident.Status(s) }

// minuteOf keeps what a fuzzer makes up within some decades.
func minuteOf(n int64) time.Duration { return time.Duration(n%10_000_000) * time.Minute }
