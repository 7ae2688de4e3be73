package parse

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/generate"
)

// TestCacheGivesBackTheRecord holds that a record read from the cache is the record that was read from the file, field by
// field: a field that is added and not kept fails here.
func TestCacheGivesBackTheRecord(t *testing.T) {
	cfg := config.Default()
	texts := map[string]string{
		"incidents/2025-03-04-full.md": `---
title: Everything is there
severity: SEV-1
status: resolved
services: [api, web]
started: 2025-03-04T13:02:00.123456789Z
detected: 2025-03-04T13:05:00+02:00
diagnosed: 2025-03-04T13:15:00Z
mitigated: 2025-03-04T13:25:00Z
resolved: 2025-03-04T14:10:00Z
incident_commander: "@octo-ic"
communications_lead: "@octo-comms"
subject_matter_experts: ["@octo-db", "@octo-net"]
user_impact: true
kind: game-day
resolution: duplicate
duplicate_of: 2025-03-03-other
detected_by: alert
caused_by: https://example.com/pull/1
contributing_factors: [one, two]
customers_affected: 12
timezone: Europe/Berlin
visibility: public
impact: [{service: api, from: 2025-03-04T13:02:00Z, to: 2025-03-04T13:25:00Z, level: degraded}]
links: {channel: a, bridge: b, statuspage: c, pagerduty: d, source: e}
waivers: [{rule: times-order, reason: because, until: 2025-04-01}]
tags: [x]
formerly: [2025-03-04-old]
wrong: key
---

## Summary

See [the graph](graph.png).

## Status Updates

- 13:10 - Investigating - We look.

## Timeline

- 13:02 - It begins.
- no time
`,
		"postmortems/2025-03-04-full.md": `---
incident: [2025-03-04-full, 2025-03-03-other]
status: published
owner: "@octo-ic"
title: What happened
meeting: 2025-03-06T15:00:00Z
published: 2025-03-07T15:00:00Z
attendees: ["@octo-ic"]
---

## Timeline

- 2025-03-04 13:02 UTC - It begins.
- 13:05:30 - It goes on.

## Action Items

| ID | Action | Owner | Due | Priority | Type | Status | Issue | Evidence |
|---|---|---|---|---|---|---|---|---|
| AI-1 | Do it | @octo-db | 2025-04-01 | high | prevent | wont_do: no | #1 | https://example.com |
`,
		"incidents/2025-03-05-broken.md": "no front matter",
	}
	for path, text := range generate.Files(60) {
		texts[path] = text
	}
	for path, text := range texts {
		kind := IncidentRecord
		if path[0] == 'p' {
			kind = PostmortemRecord
		}
		want := Parse(path, kind, []byte(text), &cfg).Record
		want.dropTexts()
		b, ok := encode(&want)
		if !ok {
			t.Fatalf("%s cannot be kept", path)
		}
		got, ok := decode(b, path, kind)
		if !ok {
			t.Fatalf("%s cannot be given back", path)
		}
		if diff := cmp.Diff(want, *got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: kept and given back differ (-file +cache):\n%s", path, diff)
		}
	}
}

// TestCacheRefusesOtherBytes cuts a kept record short at every place.
func TestCacheRefusesOtherBytes(t *testing.T) {
	cfg := config.Default()
	for path, text := range generate.Files(1) {
		r := Parse(path, IncidentRecord, []byte(text), &cfg).Record
		b, _ := encode(&r)
		for n := range b {
			if _, ok := decode(b[:n], path, IncidentRecord); ok {
				t.Fatalf("%d of %d bytes pass for a record", n, len(b))
			}
		}
		if _, ok := decode(b, path, PostmortemRecord); ok {
			t.Error("an incident passes for a post-mortem")
		}
	}
}
