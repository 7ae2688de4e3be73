package parse

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
)

// at is the text that stands at a place, with the place: "12:3 text". Columns count code points.
func at(text string, s diag.Span) string {
	if s.IsZero() {
		return "file"
	}
	line := []rune(strings.Split(text, "\n")[s.Start.Line-1])
	if s.Start.Line != s.End.Line {
		return fmt.Sprintf("%s to %s", s.Start, s.End)
	}
	return fmt.Sprintf("%s %s", s.Start, string(line[s.Start.Column-1:s.End.Column-1]))
}

const incidentWithAccents = `---
title: "Überlast: Запросы schlagen fehl 🔥"
severity: SEV-2
status: resolved
services: [zahlung-é, "поиск", 検索]   # three
started: 2025-08-18T13:02:00Z
resolved: '2025-08-18T14:10:00Z'
incident_commander: "@octo-ic"
subject_matter_experts:
  - "@octo-db"
  - "nobody"
  - "@octo-net"
links: {"канал": x, bridge: "é"}
---
# Überblick

## ① Summary é 🔥

Käufer sahen «Fehler». ![график](é-bild.png) und [a b](<sub folder/ü.md>)

## Status Updates

- 13:10 - Investigating - Wir suchen.
* **2025-08-18 13:30** – Résolu.

Timeline é
----------

|  Événement 🔥 | Time |
|---|:-:|
| ёлка \| пуск |  **13:02** é |
| — | 25:00 |
`

func parseText(kind Kind, text string) *Document {
	cfg := config.Default()
	return Parse("x/2025-08-18-api-outage.md", kind, []byte(text), &cfg)
}

func TestPlacesOfAnIncident(t *testing.T) {
	text := strings.Replace(incidentWithAccents, "Événement 🔥", "Event 🔥", 1)
	text = strings.Replace(text, "## ① Summary é 🔥", "## 🔥 Summary", 1)
	text = strings.Replace(text, "Timeline é", "🔥 *Timeline*", 1)
	d := parseText(IncidentRecord, text)
	var got []string
	add := func(what string, s diag.Span) { got = append(got, what+" "+at(text, s)) }
	for _, f := range d.Fields {
		add(f.Key, f.Value)
		for _, s := range f.Items {
			add(f.Key+" entry", s)
		}
	}
	for _, s := range d.Sections {
		add("section "+s.Name, s.Span)
	}
	for _, e := range append(d.Incident.Updates, d.Incident.Timeline...) {
		add("entry "+e.Text, e.Span)
	}
	for _, l := range d.Links {
		add("link", l.Span)
	}
	for _, f := range d.Findings {
		add("finding "+f.Rule, f.Span)
	}
	want := []string{
		`title 2:8 "Überlast: Запросы schlagen fehl 🔥"`,
		`severity 3:11 SEV-2`,
		`status 4:9 resolved`,
		`services 5:11 `,
		`services entry 5:12 zahlung-é`,
		`services entry 5:23 "поиск"`,
		`services entry 5:32 検索`,
		`started 6:10 2025-08-18T13:02:00Z`,
		`resolved 7:11 '2025-08-18T14:10:00Z'`,
		`incident_commander 8:21 "@octo-ic"`,
		`subject_matter_experts 10:3 `,
		`subject_matter_experts entry 10:5 "@octo-db"`,
		`subject_matter_experts entry 12:5 "@octo-net"`,
		`links 13:8 `,
		`section  15:3 Überblick`,
		`section Summary 17:4 🔥 Summary`,
		`section Status Updates 21:4 Status Updates`,
		`section Timeline 26:1 🔥 *Timeline*`,
		`entry Wir suchen. 23:3 13:10`,
		`entry Résolu. 24:3 **2025-08-18 13:30**`,
		`entry ёлка | пуск 31:19 **13:02**`,
		`entry — 32:7 25:00`,
		`link 19:34 é-bild.png`,
		`link 19:57 sub folder/ü.md`,
		`finding login 11:5 "nobody"`,
		`finding unknown-key 13:9 "канал"`,
		`finding timeline-entry 32:7 25:00`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if got := d.Item("subject_matter_experts", 1); at(text, got) != `12:5 "@octo-net"` {
		t.Errorf("the second expert stands at %s, want the place of the second that is kept", at(text, got))
	}
}

const postmortemWithAccents = `---
status: draft
owner: "@octo-ic"
---

## 5 Whys

1. Почему? Пул исчерпан.
   1. **Warum?** Ein Mandant é.
2. 検索 ohne Frage

## Action Items

| № | Aufgabe é | Owner | Due | Status | Action |
|---|-----------|-------|-----|--------|--------|
| x | é | @octo-db | 2025-13-01 | öffen | Пул \| begrenzen ` + "`a\\|b`" + ` |
| y | é |

- [x] **АИ-1** kein Name (owner: @octo-db)
- [ ] **AI-2** Größe ` + "`ü`" + ` @octo-db
  begrenzen (owner: @octo-db, due: morgen, priority: höchste)
`

func TestPlacesOfAPostmortem(t *testing.T) {
	text := postmortemWithAccents
	d := parseText(PostmortemRecord, text)
	var got []string
	var walk func(whys []incident.Why, depth int)
	walk = func(whys []incident.Why, depth int) {
		for _, w := range whys {
			got = append(got, fmt.Sprintf("why %d at %s %s %s", depth, w.Pos, w.Question, w.Answer))
			walk(w.Because, depth+1)
		}
	}
	walk(d.Postmortem.Whys, 1)
	for _, r := range d.Rows {
		got = append(got, "row "+r.ID+" at "+r.Pos.String())
		for _, column := range []string{"id", "action", "owner", "due", "priority", "status"} {
			if c, ok := r.Cells[column]; ok {
				got = append(got, column+" "+at(text, c.Span)+" = "+c.Text)
			}
		}
	}
	for _, f := range d.Findings {
		got = append(got, "finding "+at(text, f.Span)+": "+f.Message)
	}
	want := []string{
		`why 1 at 8:4 Почему? Пул исчерпан.`,
		`why 2 at 9:7 Warum? Ein Mandant é.`,
		`why 1 at 10:4  検索 ohne Frage`,
		`row x at 16:3`,
		`id 16:3 x = x`,
		"action 16:43 Пул \\| begrenzen `a\\|b` = Пул | begrenzen `a|b`",
		`owner 16:11 @octo-db = @octo-db`,
		`due 16:22 2025-13-01 = 2025-13-01`,
		`status 16:35 öffen = öffen`,
		`row y at 17:3`,
		`id 17:3 y = y`,
		`action 17:8  = `,
		`owner 17:8  = `,
		`due 17:8  = `,
		`status 17:8  = `,
		`row  at 19:3`,
		`action 19:7 **АИ-1** kein Name = **АИ-1** kein Name`,
		`owner 19:34 @octo-db = @octo-db`,
		`status 19:3 [x] = done`,
		`row AI-2 at 20:3`,
		`id 20:9 AI-2 = AI-2`,
		"action 20:16 Größe `ü` @octo-db = Größe `ü` @octo-db begrenzen",
		`owner 21:21 @octo-db = @octo-db`,
		`due 21:36 morgen = morgen`,
		`priority 21:54 höchste = höchste`,
		`finding 16:22 2025-13-01: due "2025-13-01" does not exist: there is no month 13, want a date such as 2025-09-01`,
		`finding 16:35 öffen: unknown status "öffen", want proposed, open, done or wont_do`,
		`finding 21:36 morgen: due "morgen" is not a date, want a date such as 2025-09-01`,
		`finding 21:54 höchste: unknown priority "höchste", want high, medium or low`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestPlacesAreThoseOfTheFileWhateverItsLineEndsAndMark(t *testing.T) {
	for kind, text := range map[Kind]string{IncidentRecord: incidentWithAccents, PostmortemRecord: postmortemWithAccents} {
		want := parseText(kind, text)
		same(t, "with CRLF", want, parseText(kind, strings.ReplaceAll(text, "\n", "\r\n")))
		same(t, "with a byte order mark", want, parseText(kind, "\ufeff"+text))
	}
}
