package importer_test

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/importer"
	"github.com/syncwell/sitrep/internal/parse"
)

// fuzz imports one file of arbitrary content. Whatever it holds: no panic, no hang, records that have the form of records, and a
// second import that finds them.
func fuzz(f *testing.F, format importer.Format, name string, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		opt := options(format)
		opt.Zone = time.UTC
		source, into := fstest.MapFS{name: {Data: data}}, fstest.MapFS{}
		if format == importer.Morty {
			source["mortems.json"] = &fstest.MapFile{Data: data}
		}
		items := run(t, source, ".", opt, into)
		if len(items) == 0 {
			t.Error("the file is not in the report")
		}
		cfg := config.Default()
		tree, err := parse.Read(context.Background(), into, parse.Options{Config: cfg})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Findings {
			t.Errorf("%s: %s", d.Path, d.Message)
		}
		for _, r := range tree.Records {
			for _, d := range r.Findings {
				if d.Rule != parse.RuleRequiredKey {
					t.Errorf("%s:%s: %s [%s]\n%s", d.Path, d.Span.Start, d.Message, d.Rule, into[r.Path].Data)
				}
			}
		}
		checkForm(t, into)
		twice(t, source, opt, into)
	})
}

func FuzzStatuspage(f *testing.F) {
	fuzz(f, importer.Statuspage, "a.json",
		`{"page":{"url":"https://status.example.com"},"incident":{"id":"a","name":"x: #\n---","status":"resolved","impact":"major","started_at":"2025-01-02T03:04:05Z","resolved_at":"2025-01-02T03:14:05Z","components":[{"name":"API"}],"incident_updates":[{"status":"identified","body":"[x](y.png)","display_at":"2025-01-02T03:05:05Z"}],"postmortem_body":"# A\n\n## Timeline\n\n<!--"}}`,
		`[{"id":"a","name":"null","status":"odd","created_at":"2025-01-02 03:04:05"},{"id":"b","incident_updates":[{"body":"","display_at":"9999-12-31T23:59:59-14:00"}],"created_at":"0000-01-01T00:00:00+14:00"}]`)
}

func FuzzCState(f *testing.F) {
	fuzz(f, importer.CState, "2025-01-02-a.md",
		"---\ntitle: Down\ndate: 2025-01-02 03:04:05\nresolved: true\nresolvedWhen: 2025-01-02T04:04:05-05:00\nseverity: down\naffected:\n  - API\nsection: issue\n---\n*Resolved* - All well. {{< track \"2025-01-02 04:00:00\" >}}\n\n## Timeline\n\n- x\n",
		"---\nTitle: a\nDate: 2025-01-02T3:04:05Z\nAffected: [\"#\", \"\", a, A]\n---\n```\n<!--\n[a]: b.md\n\n[a]\n")
}

func FuzzMorty(f *testing.F) {
	fuzz(f, importer.Morty, "post-mortems/a.md",
		"# Title\n\n## Date: July 1, 2024\n\n## Owner: Octo Cat\n\nText.\n\n## Timeline\n\n| Time | Event |\n| --- | --- |\n| 9:16 | A |\n| 12:30 | B |\n| 1:00 | C |\n\n## Metrics\n\n| Severity | 1 |\n| --- | --- |\n| Time To Detect | 3 hours, 14 min |\n| Total Downtime | 1 day |\n\n## Corrective Actions with Owners\n\n- Do [Rick]\n  - More\n")
	f.Add([]byte(`[{"file":"post-mortems/b.md","title":"# B","owner":"@octo-ic","date":"2024-08-06T00:00:00Z","severity":"3","detect":60000000000,"resolve":1,"total_down":-3}]`))
	f.Add([]byte("# a\nDate: Jan 2, 0001\n\n## Timeline\n\n0:00 - a\n23:59 b\n"))
}

func FuzzMarkdown(f *testing.F) {
	fuzz(f, importer.Markdown, "a.md",
		"# T\n\n## Summary\n\nS.\n\n## Timeline\n\nAll times in CET.\n\n| Time | Event |\n|---|---|\n| 2024-01-16 15:36 | A \\| b |\n| ~2024-01-16 16:30 - 17:00 | B |\n| HH:mm | C |\n\n## Root cause\n\n1. Why?\n\n## Action Items\n\n- [ ] a\n  - b\n\n| Task | Owner |\n|---|---|\n| x | @y |\n\n## Lessons\n\n- Time to detection: 54 minutes\n- Time to recovery: 1 hour\n",
		"Timeline\n===\n- **13:05 UTC**: [a][b]\n- 2024-01-01 25:00 c\n\n[b]: c.png\n\n> quote\n\n```\n# no\n",
		"## Timeline\n\n- 2024-01-02 10:00Z - a\n\n## Follow-ups\n\n| ID | Action | Due |\n|--|--|--|\n| AI-1 | a | soon |\n| AI-1 | | 2024-01-01 |\n\n<details>\n\n# Summary\n")
}
