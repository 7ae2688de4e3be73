package parse

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
)

func TestHeadingsThatNameASection(t *testing.T) {
	for _, tt := range []struct {
		kind  Kind
		title string
		name  string
		alias bool
	}{
		{PostmortemRecord, "Executive Summary", SectionExecutive, false},
		{PostmortemRecord, "EXECUTIVE  summary:", SectionExecutive, false},
		{PostmortemRecord, "1. Executive Summary", SectionExecutive, false},
		{PostmortemRecord, "2.3 Timeline", SectionTimeline, false},
		{PostmortemRecord, "IV. Action Items", SectionActions, false},
		{PostmortemRecord, "§ 4: Action Items", SectionActions, false},
		{PostmortemRecord, "7) Lessons-Learned", SectionLessons, false},
		{PostmortemRecord, "\u23f1\ufe0f Timeline", SectionTimeline, false},
		{PostmortemRecord, ":clock3: Timeline :+1:", SectionTimeline, false},
		{PostmortemRecord, "Timeline (all times UTC)", SectionTimeline, false},
		{PostmortemRecord, "Root Cause", SectionRootCause, true},
		{PostmortemRecord, "Root Causes & Contributing Factors", SectionRootCause, true},
		{PostmortemRecord, "What went well?", SectionLessons, true},
		{PostmortemRecord, "What didn\u2019t go well", SectionLessons, true},
		{PostmortemRecord, "Follow-ups", SectionActions, true},
		{PostmortemRecord, "5 Whys", SectionWhys, false},
		{PostmortemRecord, "1. Five Whys", SectionWhys, true},
		{PostmortemRecord, "5\ufe0f\u20e3 Whys", SectionWhys, false},
		{PostmortemRecord, "Status Updates", "", false},
		{PostmortemRecord, "Timeline of the day", "", false},
		{PostmortemRecord, "", "", false},
		{PostmortemRecord, "\U0001f525", "", false},
		{PostmortemRecord, "()", "", false},
		{IncidentRecord, "Status Updates", SectionUpdates, false},
		{IncidentRecord, "Executive Summary", SectionSummary, true},
		{IncidentRecord, "Action Items", "", false},
	} {
		if name, alias := nameOf(tt.kind, tt.title); name != tt.name || alias != tt.alias {
			t.Errorf("%s %q is %q, alias %v, want %q, %v", tt.kind, tt.title, name, alias, tt.name, tt.alias)
		}
	}
}

func TestWhatASectionHolds(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		empty      bool
	}{
		{"nothing", "", true},
		{"blank lines", "\n \n\t\n", true},
		{"a comment", "<!-- to do -->\n", true},
		{"comments", "<!-- to\n\ndo --> <!-- x -->\n\n<!---->\n", true},
		{"a comment never closed", "<!-- to do\n", true},
		{"a comment and text on its line", "<!-- to do --> text\n", false},
		{"a comment and text behind it", "<!-- to\ndo --> text\n", false},
		{"a rule", "***\n\n---\n", true},
		{"link definitions", "[a]: b\n[c]: d 'e'\n", true},
		{"an empty list", "-\n-\n", true},
		{"a list of comments", "- <!-- x -->\n", true},
		{"a list", "-\n- x\n", false},
		{"a table without rows", "|a|b|\n|-|-|\n", true},
		{"a table", "|a|b|\n|-|-|\n|c|\n", false},
		{"a picture", "![](x.png)\n", false},
		{"code", "```\nx\n```\n", false},
		{"a quotation", "> x\n", false},
		{"HTML", "<br>\n", false},
		{"a sub-heading only", "### x\n", true},
		{"text under a sub-heading", "### x\n\ny\n", false},
		{"a sub-heading and the next section", "### x\n\n## Timeline\n\ny\n", true},
	} {
		for _, link := range []string{"", "\n## Notes\n\n[l](l.md)\n"} { // with a link, the inside of paragraphs is read as well
			d := parseText(IncidentRecord, "---\n---\n## Summary\n"+tt.text+link)
			if got := d.Sections[0].Empty; got != tt.empty {
				t.Errorf("%s%q: empty is %v, want %v", tt.name, link, got, tt.empty)
			}
		}
	}
}

func TestSectionsEndWhereTheNextBegins(t *testing.T) {
	d := parseText(PostmortemRecord, `---
---
# Title

## Root Cause
### Contributing Factors
a
#### 5 Whys
1. Why? b
### Action Items
- c
# Lessons Learned
## Timeline
- 13:00 - d
> ## Executive Summary
`)
	type section struct {
		Name   string
		Parent int
		Empty  bool
	}
	var got []section
	for _, s := range d.Sections {
		got = append(got, section{s.Name, s.Parent, s.Empty})
	}
	want := []section{
		{"", -1, false},
		{SectionRootCause, 0, false},
		{"", 1, false}, // an alias of the section that it stands in
		{SectionWhys, 2, false},
		{SectionActions, 0, false}, // of a lower level, and a section all the same
		{SectionLessons, -1, true},
		{SectionTimeline, -1, false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	if pm := d.Postmortem; len(pm.Whys) != 1 || len(pm.Actions) != 1 || len(pm.Timeline) != 1 {
		t.Errorf("%d whys, %d actions, %d entries, want one of each", len(pm.Whys), len(pm.Actions), len(pm.Timeline))
	}
}

func TestResolve(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) calendar.Date { d, _ := calendar.ParseDate(s); return d }
	clock := func(h, m int) Moment { return Moment{Clock: calendar.Clock{Hour: h, Minute: m}, Known: true} }
	dated := func(s string, m Moment) Moment { m.Date = day(s); return m }
	zoned := func(minutes int, m Moment) Moment { m.Zoned, m.Offset = true, minutes; return m }
	for _, tt := range []struct {
		name    string
		moments []Moment
		base    string
		want    string
	}{
		{"on the base date", []Moment{clock(13, 5)}, "2025-08-18", "08-18T11:05"},
		{"no base date", []Moment{clock(13, 5), dated("2025-08-18", clock(13, 6)), clock(13, 7)}, "", "- 08-18T11:06 08-18T11:07"},
		{"over midnight", []Moment{clock(23, 50), clock(0, 10), clock(0, 5)}, "2025-08-18", "08-18T21:50 08-18T22:10 08-18T22:05"},
		{"back by 12 hours", []Moment{clock(23, 0), clock(11, 0), clock(10, 59)}, "2025-08-18", "08-18T21:00 08-18T09:00 08-18T08:59"},
		{"back by more", []Moment{clock(23, 0), clock(10, 59)}, "2025-08-18", "08-18T21:00 08-19T08:59"},
		{"an unknown time between", []Moment{clock(23, 50), {}, clock(0, 10)}, "2025-08-18", "08-18T21:50 - 08-18T22:10"},
		{"a date carries on", []Moment{dated("2025-08-20", clock(23, 50)), clock(0, 10)}, "2025-08-18", "08-20T21:50 08-20T22:10"},
		{"a date of an entry without a time", []Moment{clock(23, 50), dated("2025-08-20", Moment{}), clock(0, 10)}, "2025-08-18", "08-18T21:50 - 08-19T22:10"},
		{"an offset of its own", []Moment{zoned(0, clock(13, 5)), zoned(330, clock(13, 5)), zoned(-300, clock(23, 0))}, "2025-08-18", "08-18T13:05 08-18T07:35 08-19T04:00"},
	} {
		var got []string
		for _, at := range Resolve(tt.moments, day(tt.base), berlin) {
			if at.IsZero() {
				got = append(got, "-")
			} else {
				got = append(got, at.Format("01-02T15:04"))
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, s, tt.want)
		}
	}
}

func TestEntriesThatAreOffAreUsedWhereTheyCanBe(t *testing.T) {
	for _, tt := range []struct{ line, time, text, message, hint string }{
		{"13:05 - Alert", "13:05:00", "Alert", "", ""},
		{"13:05:30 - Alert", "13:05:30", "Alert", "", ""},
		{"13:05 \u2013 Alert", "13:05:00", "Alert", "", ""},
		{"13:05\u2014Alert", "13:05:00", "Alert", "", ""},
		{"**13:05** - **Alert**", "13:05:00", "**Alert**", "", ""},
		{"`13:05` - Alert", "13:05:00", "Alert", "", ""},
		{"[13:05] - Alert", "13:05:00", "Alert", "", ""},
		{"13:05 UTC - Alert", "13:05:00+0", "Alert", "", ""},
		{"13:05Z - Alert", "13:05:00+0", "Alert", "", ""},
		{"13:05 +0530 - Alert", "13:05:00+330", "Alert", "", ""},
		{"13:05-05:00 - Alert", "13:05:00-300", "Alert", "", ""},
		{"2025-08-18T03:05-05:00 - Alert", "2025-08-18 03:05:00-300", "Alert", "", ""},
		{"2025-08-18, 13:05 - Alert", "2025-08-18 13:05:00", "Alert", "", ""},
		{"**2025-08-18** 13:05 - Alert", "2025-08-18 13:05:00", "Alert", "", ""},
		{"13:05 - Identified - The cause", "13:05:00", "identified: The cause", "", ""},
		{"13:05 - **Resolved** \u2013 Over", "13:05:00", "resolved: Over", "", ""},
		{"13:05 - Identified", "13:05:00", "Identified", "", ""},
		{"13:05 - Resolved the conflict", "13:05:00", "Resolved the conflict", "", ""},

		{"9:05 - Alert", "09:05:00", "Alert", `time "9:05" has one digit for the hour, want two`, "write 09:05"},
		{"1:05pm - Alert", "13:05:00", "Alert", `time "1:05pm" is on the 12-hour clock, want 24 hours`, "write 13:05"},
		{"12:05 AM - Alert", "00:05:00", "Alert", `time "12:05 AM" is on the 12-hour clock, want 24 hours`, "write 00:05"},
		{"03:05-05:00 - Alert", "03:05:00", "Alert", `"03:05-05:00" may be a range or a time with an offset, want one time`, "begin with the first time, and tell the other in the text"},
		{"13:05: Alert", "13:05:00", "Alert", `no " - " between time and text, want "HH:MM - text"`, "write 13:05 - Alert"},
		{"**13:05:** Alert", "13:05:00", "Alert", `no " - " between time and text, want "HH:MM - text"`, "write 13:05 - Alert"},
		{"13:05 Alert", "13:05:00", "Alert", `no " - " between time and text, want "HH:MM - text"`, "write 13:05 - Alert"},
		{"13:05 -- Alert", "13:05:00", "Alert", `no " - " between time and text, want "HH:MM - text"`, "write 13:05 - Alert"},
		{"13:05 CEST - Alert", "13:05:00", "CEST - Alert", `no " - " between time and text, want "HH:MM - text"`, "write 13:05 - CEST - Alert"},
		{"13:05 -", "13:05:00", "", "entry has a time and no text", "say what happened"},

		{"24:00 - Alert", "", "Alert", `no clock shows "24:00", want 00:00 to 23:59`, ""},
		{"13:65 - Alert", "", "Alert", `no clock shows "13:65", want 00:00 to 23:59`, ""},
		{"2025-02-30 13:05 - Alert", "", "Alert", `date "2025-02-30" does not exist: February 2025 has 28 days`, ""},
		{"13:05+25:00 - Alert", "", "Alert", `no zone is "+25:00" from UTC`, ""},
		{"noon - Lunch", "", "noon - Lunch", `entry "noon - Lunch" begins with no time`, ""},
		{"", "", "", "entry has no time", ""},
	} {
		m, entry, off := readEntry(entryText{lines: []Line{{Text: tt.line}}})
		text := entry.Text
		if entry.Status != "" {
			text = string(entry.Status) + ": " + text
		}
		if got := spell(m); got != tt.time || text != tt.text || off.message != tt.message || off.hint != tt.hint {
			t.Errorf("%q is %q, %q, %q, %q\nwant %q, %q, %q, %q", tt.line, got, text, off.message, off.hint, tt.time, tt.text, tt.message, tt.hint)
		}
	}
}

// spell writes a moment that is known.
func spell(m Moment) string {
	if !m.Known {
		return ""
	}
	s := time.Date(2000, 1, 1, m.Clock.Hour, m.Clock.Minute, m.Clock.Second, 0, time.UTC).Format(time.TimeOnly)
	if !m.Date.IsZero() {
		s = m.Date.String() + " " + s
	}
	if m.Zoned {
		s += fmt.Sprintf("%+d", m.Offset)
	}
	return s
}

func TestManyEntriesWithoutATimeMakeOneFinding(t *testing.T) {
	text := "---\nstatus: draft\nowner: \"@octo-ic\"\n---\n## Timeline\n### 2025-08-18\n- a\n- b\n- 13:00 - c\n- d\n- e\n"
	d := parseText(PostmortemRecord, text)
	if len(d.Findings) != 1 || d.Findings[0].Message != `4 of 5 entries under "Timeline" begin with no time, want "HH:MM - text"` || d.Findings[0].Span.Start.Line != 7 {
		t.Errorf("findings %+v, want one about 4 of 5 entries on line 7", d.Findings)
	}
}

func TestWhysBranch(t *testing.T) {
	d := parseText(PostmortemRecord, `---
---
## 5 Whys

- a factor beside it

1. Why a? b
   1. Why c? d
      1. Why e? f
   2. Why g? h
2) **Why i?**
   j
3. k
`)
	want := []incident.Why{
		{Question: "Why a?", Answer: "b", Because: []incident.Why{
			{Question: "Why c?", Answer: "d", Because: []incident.Why{{Question: "Why e?", Answer: "f"}}},
			{Question: "Why g?", Answer: "h"},
		}},
		{Question: "Why i?", Answer: "j"},
		{Answer: "k"},
	}
	if diff := cmp.Diff(want, d.Postmortem.Whys, cmpopts.IgnoreTypes(diag.Pos{})); diff != "" {
		t.Errorf("whys (-want +got):\n%s", diff)
	}
}

func TestLogins(t *testing.T) {
	for text, want := range map[string]bool{
		"@octo-ic": true, "@a": true, "@0": true, "@Octo-IC": true, "@octo-bot[bot]": true, "@octo-org/team_1.x": true, "@a-": true,
		"@" + strings.Repeat("a", 39): true, "@" + strings.Repeat("a", 40): false, "@" + strings.Repeat("a", 38) + "-": true,
		"": false, "@": false, "octo-ic": false, "@-a": false, "@a b": false, "@a_b": false, "@\u00e9": false, "@@a": false, "@a/": false, "@a\n": false, " @a": false,
	} {
		login, ok := Login(text)
		if ok != want || ok && "@"+login != text || !ok && login != "" {
			t.Errorf("%q is %q, %v, want %v", text, login, ok, want)
		}
		if plainLogin(text) && !loginShape.MatchString(text) {
			t.Errorf("%q passes the quick way only", text)
		}
	}
}
