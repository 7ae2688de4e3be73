package draft_test

import (
	"context"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/draft"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/templates"
)

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"API outage":                       "api-outage",
		"  Café -- orders (EU) fail! ":     "cafe-orders-eu-fail",
		"Cafe\u0301":                       "cafe",
		"Größe über Maß, straße":           "grosse-uber-mass-strasse",
		"Can't log in; users\u2019 tokens": "cant-log-in-users-tokens",
		"Падение сервера":                  "padenie-servera",
		"障害":                               "record",
		"":                                 "record",
		"\u0130stanbul ŁÓDŹ":               "istanbul-lodz",
		"１２３ ﬁle":                          "123-file",
	} {
		if got := draft.Slug(title); got != want {
			t.Errorf("%q becomes %q, want %q", title, got, want)
		}
	}
}

func TestID(t *testing.T) {
	day := calendar.Date{Year: 2025, Month: 8, Day: 18}
	taken := map[string]bool{}
	var got []string
	for range 3 {
		id := draft.ID(day, "A title that goes on and on until no channel could be named like it", func(id string) bool { return taken[id] })
		taken[id] = true
		got = append(got, id)
	}
	want := []string{
		"2025-08-18-a-title-that-goes-on-and-on-until-no-channel",
		"2025-08-18-a-title-that-goes-on-and-on-until-no-channel-2",
		"2025-08-18-a-title-that-goes-on-and-on-until-no-channel-3",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

var idShape = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*$`)

// Whatever the title, the id has the shape of one, is of 60 characters at most, and is nobody else's.
func TestEveryTitleHasAnID(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		title := rapid.String().Draw(rt, "title")
		taken := map[string]bool{}
		for range rapid.IntRange(1, 12).Draw(rt, "times") {
			id := draft.ID(calendar.Date{Year: 2025, Month: 8, Day: 18}, title, func(id string) bool { return taken[id] })
			if taken[id] || len(id) > draft.MaxID || !idShape.MatchString(id) {
				rt.Fatalf("%q gives %q", title, id)
			}
			taken[id] = true
		}
	})
}

func template(t testing.TB, name string) []byte {
	t.Helper()
	text, err := fs.ReadFile(templates.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A declared incident says what it was told and nothing of the template's samples, whatever the texts.
func TestIncidentSaysWhatItWasTold(t *testing.T) {
	cfg := config.Default()
	text := template(t, "incident.md")
	rapid.Check(t, func(rt *rapid.T) {
		now := time.Date(2025, 8, 18, 13, 5, 0, 0, time.UTC)
		d := draft.Declaration{
			ID: "2025-08-18-x", Title: strings.TrimSpace(rapid.StringMatching(`[^\p{Cc}\x{202a}-\x{202e}\x{2066}-\x{2069}\p{Zl}\p{Zp}]{1,60}`).Draw(rt, "title")),
			Severity: incident.Severity(rapid.IntRange(1, 3).Draw(rt, "severity")),
			Services: rapid.SliceOfN(rapid.StringMatching(`[a-z ,:#\[\]]{1,8}[a-z]`), 0, 3).Draw(rt, "services"),
			Detected: now.Add(-time.Duration(rapid.IntRange(0, 3000).Draw(rt, "detected")) * time.Minute), Now: now,
			Roles:  incident.Roles{Commander: "octo-ic"},
			Impact: rapid.Bool().Draw(rt, "impact"), Summary: "Told.",
		}
		if rapid.Bool().Draw(rt, "started known") {
			d.Started = d.Detected.Add(-time.Duration(rapid.IntRange(0, 2000).Draw(rt, "started")) * time.Minute)
		}
		for i := range d.Services {
			d.Services[i] = strings.TrimSpace(d.Services[i])
		}
		out, err := draft.Incident(text, d, &cfg)
		if d.Title == "" {
			return
		}
		if err != nil {
			rt.Fatalf("%q: %v", d.Title, err)
		}
		doc := parse.Parse("incidents/2025-08-18-x.md", parse.IncidentRecord, out, &cfg)
		inc := doc.Incident
		if inc.Title != d.Title || inc.Severity != d.Severity || !slices.Equal(inc.Services, d.Services) || inc.Status != incident.Investigating ||
			!inc.Milestones[incident.Started].Equal(d.Started) || !inc.Milestones[incident.Detected].Equal(d.Detected) || !inc.Milestones[incident.Resolved].IsZero() ||
			inc.Roles.Commander != "octo-ic" || inc.Roles.Communications != "" || len(inc.Roles.Experts) > 0 || inc.UserImpact != d.Impact || inc.Summary != "Told." {
			rt.Fatalf("told %+v, the record says %+v\n%s", d, inc, out)
		}
		last := inc.Timeline[len(inc.Timeline)-1]
		if !last.At.Equal(now) || last.Text != "IC declares "+d.Severity.String()+" incident." || len(inc.Updates) > 0 {
			rt.Fatalf("the timeline says %+v, the updates %+v", inc.Timeline, inc.Updates)
		}
		if strings.Contains(string(out), "@login") || strings.Contains(string(out), "service-name") {
			rt.Fatalf("samples are left:\n%s", out)
		}
	})
}

const past = "---\ntitle: API requests fail\nseverity: SEV-1\nstatus: resolved\nservices: [api]\nstarted: 2025-08-18T22:50:00Z\ndetected: 2025-08-18T22:55:00Z\nresolved: 2025-08-20T09:00:30Z\n" +
	"incident_commander: \"@octo-ic\"\ncommunications_lead: \"@octo-comms\"\nsubject_matter_experts: [\"@octo-db\", \"@octo-ic\"]\ntimezone: Europe/Berlin\n---\n\n" +
	"## Summary\n\nRequests\nfailed.\n\nFor long.\n\n## Timeline\n\n### 2025-08-19\n\n- 00:50 - Requests begin to fail.\n- 00:55 - Identified - Alert \\| fires.\n- no time\n- 2025-08-20 10:30 - Queue empty.\n- 11:00:30 - Incident resolved.\n"

// The post-mortem's timeline is the incident's: the same instants and texts once both are read from a repository.
func TestPostmortemCarriesTheTimelineOver(t *testing.T) {
	cfg := config.Default()
	inc := parse.Parse("incidents/2025-08-18-x.md", parse.IncidentRecord, []byte(past), &cfg).Incident
	out, err := draft.Postmortem(template(t, "postmortem.md"), inc, &cfg)
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"incidents/2025-08-18-x.md": {Data: []byte(past)}, "postmortems/2025-08-18-x.md": {Data: out}}
	tree, err := parse.Read(context.Background(), fsys, parse.Options{Config: cfg, Texts: true})
	if err != nil {
		t.Fatal(err)
	}
	pm := tree.History().Postmortems[0]
	if pm.Owner != "octo-ic" || pm.Status != incident.Draft || !slices.Equal(pm.Attendees, []string{"octo-ic", "octo-db"}) || pm.Summary != "Requests failed.\n\nFor long." {
		t.Errorf("the post-mortem says %+v", pm)
	}
	if len(pm.Timeline) != len(inc.Timeline) {
		t.Fatalf("%d entries, want the %d of the incident\n%s", len(pm.Timeline), len(inc.Timeline), out)
	}
	for i, e := range pm.Timeline {
		if want := inc.Timeline[i]; !e.At.Equal(want.At) || e.Text != want.Text || e.Status != want.Status {
			t.Errorf("entry %d is %v %q, want %v %q", i, e.At, e.Text, want.At, want.Text)
		}
	}
	if got := draft.MeetingBy(inc, cfg.Location()); got.String() != "2025-08-25" {
		t.Errorf("the meeting is due on %s, want Monday 2025-08-25: resolved on a Wednesday, three business days later", got)
	}
}

// A template of one's own keeps what it has beside the usual.
func TestTemplatesOfOnesOwn(t *testing.T) {
	cfg := config.Default()
	own := "---\n# Our template\nteam: ops\ntitle: x\n---\n\n## Summary\n\nCall 112 first.\n\n## Links\n\n- runbook\n"
	out, err := draft.Incident([]byte(own), draft.Declaration{ID: "2025-08-18-x", Title: "Down", Severity: 1, Services: []string{"api"}, Detected: time.Unix(0, 0), Now: time.Unix(0, 0)}, &cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# Our template\nteam: ops\ntitle: Down\nseverity: SEV-1\n", "Call 112 first.", "## Links\n\n- runbook\n\n## Timeline\n\n- 00:00 - IC declares SEV-1 incident.\n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}
