package lint

import (
	"io/fs"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/syncwell/sitrep/internal/parse"
)

// baseIncident and basePostmortem are a pair of records without findings. Examples are told as a change to one of them.
const (
	baseIncident = `---
title: API requests fail
severity: SEV-1
status: resolved
services: [api]
started: 2025-03-04T13:02:00Z
detected: 2025-03-04T13:05:00Z
diagnosed: 2025-03-04T13:15:00Z
mitigated: 2025-03-04T13:25:00Z
resolved: 2025-03-04T14:10:00Z
incident_commander: "@octo-ic"
communications_lead: "@octo-comms"
subject_matter_experts: ["@octo-db"]
---

## Summary

API requests failed for 23 minutes.

## Status Updates

- 13:10 - Investigating - We are looking into failing requests.
- 13:30 - Monitoring - Requests succeed again.
- 14:10 - Resolved - All is well again.

## Timeline

- 13:02 - Requests begin to fail.
- 13:05 - Alert fires.
- 13:15 - Rollback proposed.
- 13:25 - Error rates return to normal.
- 14:10 - Incident resolved.
`
	basePostmortem = `---
status: published
owner: "@octo-ic"
meeting: 2025-03-06T15:00:00Z
attendees: ["@octo-ic", "@octo-db"]
---

## Executive Summary

API requests failed for 23 minutes.

## Timeline

- 13:02 - Requests begin to fail.
- 13:25 - Error rates return to normal.

## Root Cause Analysis

The connection pool has no cap per tenant.

### 5 Whys

1. Why did requests fail? The pool was exhausted.
2. Why was it exhausted? One tenant took all connections.
3. Why could one tenant take all? The pool has no cap per tenant.
4. Why has it no cap? The library's default is none.
5. Why did no test show it? The load test has one tenant.

## Action Items

| ID | Action | Owner | Due | Priority | Type | Status |
|----|--------|-------|-----|----------|------|--------|
| AI-1 | Cap the pool per tenant | @octo-db | 2025-04-01 | high | prevent | open |

## Lessons Learned

- The alert came before the first ticket.
`
)

// zeroIncident ends when it starts.
var zeroIncident = strings.NewReplacer(
	"started: 2025-03-04T13:02:00Z\n", "started: 2025-03-04T13:05:00Z\n",
	"mitigated: 2025-03-04T13:25:00Z\n", "mitigated: 2025-03-04T13:05:00Z\n",
	"diagnosed: 2025-03-04T13:15:00Z\n", "",
).Replace(baseIncident)

const (
	exampleIncident   = "incidents/2025-03-04-api-outage.md"
	examplePostmortem = "postmortems/2025-03-04-api-outage.md"
)

// Example is the repository that an example text stands for: the base records with the text's front-matter lines and sections
// in place of their own, in the kind of record that the rule is about. A text that begins with a txtar header gives whole
// files instead.
func Example(on parse.Kind, text string) (fs.FS, error) {
	files := map[string]string{exampleIncident: baseIncident, examplePostmortem: basePostmortem}
	name := exampleIncident
	if on == parse.PostmortemRecord {
		name = examplePostmortem
	}
	if strings.HasPrefix(text, "-- ") {
		for _, f := range txtar.Parse([]byte(text)).Files {
			files[f.Name] = string(f.Data)
		}
	} else {
		files[name] = patch(files[name], text)
	}
	var archive txtar.Archive
	for _, name := range slices.Sorted(maps.Keys(files)) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(files[name])})
	}
	return txtar.FS(&archive)
}

// patch replaces front-matter lines by key and sections by heading; what the record does not have is added.
func patch(record, text string) string {
	meta, sections := text, ""
	if i := strings.Index("\n"+text, "\n## "); i >= 0 {
		meta, sections = text[:i], text[i:]
	}
	for line := range strings.Lines(meta) {
		if key, _, ok := strings.Cut(line, ":"); ok {
			record = replaceBetween(record, "\n"+key+":", "\n", "\n"+line, "\n---\n")
		}
	}
	if heading, _, ok := strings.Cut(sections, "\n"); ok {
		record = replaceBetween(record+"\n## ", "\n"+heading+"\n", "\n## ", "\n"+sections+"\n## ", "\n## Timeline\n")
		record = strings.TrimSuffix(record, "\n## ")
	}
	return record
}

// replaceBetween puts with in place of what runs from start to the next end, both included; where start is missing it goes
// before the mark, which stays.
func replaceBetween(s, start, end, with, mark string) string {
	i := strings.Index(s, start)
	if i < 0 {
		i = strings.Index(s[4:], mark) + 4
		return s[:i] + strings.TrimSuffix(with, "\n") + s[i:]
	}
	j := i + len(start) + strings.Index(s[i+len(start):], end) + len(end)
	return s[:i] + with + s[j:]
}

// ExampleChange tells a whole-file example as a reader wants it: the names of its files, and of each file only the lines that
// its base record does not have.
func ExampleChange(text string) string {
	base := map[string]bool{}
	for line := range strings.Lines(baseIncident + basePostmortem) {
		base[line] = true
	}
	var b strings.Builder
	for _, f := range txtar.Parse([]byte(text)).Files {
		b.WriteString("file " + f.Name + "\n")
		for line := range strings.Lines(string(f.Data)) {
			if !base[line] {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}
