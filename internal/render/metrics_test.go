package render_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
	"github.com/syncwell/sitrep/internal/render"
)

var updateMetrics = flag.Bool("update-metrics", false, "rewrite the golden files of metrics")

func at(text string) time.Time {
	t, err := calendar.ParseStamp(text)
	if err != nil {
		panic(err)
	}
	return t
}

// outage is a resolved SEV-1 whose milestones lie so many minutes after its start: detected, diagnosed, mitigated, resolved;
// a negative number leaves one out.
func outage(id, started string, severity incident.Severity, after [4]int, services ...string) incident.Incident {
	inc := incident.Incident{
		ID: id, Kind: incident.KindIncident, Severity: severity, Status: incident.StatusOver, Resolution: incident.ResolvedForReal, Services: services,
	}
	inc.Milestones[incident.Started] = at(started)
	for i, minutes := range after {
		if minutes >= 0 {
			inc.Milestones[incident.Detected+incident.Milestone(i)] = at(started).Add(time.Duration(minutes) * time.Minute)
		}
	}
	return inc
}

// year is a year of a small company: every kind of incident that a report treats in its own way.
func year() []incident.Incident {
	list := []incident.Incident{
		outage("2024-11-30-dns", "2024-11-30T08:00:00Z", 1, [4]int{2, 9, 15, 40}, "api", "web"),
		outage("2025-01-14-login", "2025-01-14T10:00:00Z", 1, [4]int{1, 6, 12, 70}, "auth"),
		outage("2025-02-03-queue", "2025-02-03T22:50:00Z", 2, [4]int{15, 80, 130, -1}, "sync"),
		outage("2025-02-28-late-evening", "2025-02-28T23:30:00Z", 1, [4]int{5, 20, 44, 60}, "api", "sync"),
		outage("2025-06-02-certificate", "2025-06-02T00:00:00Z", 1, [4]int{30, 35, 48, 90}, "web", "a-service-with-a-very-long-name-indeed"),
		outage("2025-06-11-disk", "2025-06-11T12:00:00Z", 3, [4]int{-1, -1, -1, 3100}, "reports"),
		outage("2025-07-05-deploy", "2025-07-05T09:15:00Z", 1, [4]int{0, 4, 8, 100}, "api"),
		outage("2025-07-19-region", "2025-07-19T03:00:00Z", 1, [4]int{4, -1, 66, 240}, "api", "auth", "sync", "web"),
		outage("2025-08-18-api-outage", "2025-08-18T13:02:00Z", 1, [4]int{3, 13, 23, 68}, "api", "sync"),
		outage("2025-08-20-slow", "2025-08-20T13:00:00Z", 2, [4]int{-1, -1, 45, 50}, "api"),
		outage("2025-09-01-instant", "2025-09-01T12:00:00Z", 3, [4]int{-1, -1, 0, 0}, "web"),
		outage("2025-09-02-backwards", "2025-09-02T12:00:00Z", 2, [4]int{10, 20, -1, -1}, "web"),
		outage("2025-09-09-same-again", "2025-09-09T12:00:00Z", 1, [4]int{1, 2, 3, 4}, "api"),
		outage("2025-09-16-gameday", "2025-09-16T12:00:00Z", 1, [4]int{1, 2, 30, 40}, "api"),
		outage("2025-10-01-now", "2025-10-01T06:55:00Z", 1, [4]int{5, -1, -1, -1}, "sync"),
	}
	list[11].Milestones[incident.Resolved] = at("2025-09-02T11:55:00Z")
	list[12].Resolution, list[12].Duplicate = incident.Duplicate, "2025-08-18-api-outage"
	list[13].Kind = incident.KindGameDay
	list[14].Status = incident.Identified
	return list
}

func report(incidents []incident.Incident, opt metrics.Options) metrics.Report {
	cfg := config.Default()
	zone, err := config.LoadZone("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	cfg.Timezone = config.Zone{Location: zone}
	opt.Now = at("2025-10-01T10:00:00Z")
	return metrics.Compute(incident.History{Incidents: incidents}, cfg, opt)
}

func text(t interface{ Fatal(...any) }, r metrics.Report, style render.Style) string {
	var b bytes.Buffer
	if err := render.MetricsText(&b, r, style); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func jsonOf(t interface{ Fatal(...any) }, r metrics.Report) string {
	var b bytes.Buffer
	if err := render.MetricsJSON(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestMetricsGolden(t *testing.T) {
	whole := report(year(), metrics.Options{})
	quarter := report(year(), metrics.Options{
		Window:     calendar.Window{From: at("2025-07-01T00:00:00+02:00"), To: at("2025-10-01T00:00:00+02:00")},
		Severities: []incident.Severity{1}, Services: []string{"sync", "api"},
	})
	empty := report(nil, metrics.Options{Window: calendar.Window{To: at("2025-01-01T00:30:00Z")}})
	for name, got := range map[string]string{
		"metrics.txt":         text(t, whole, render.Style{}),
		"metrics-80.txt":      text(t, whole, render.Style{Width: 80}),
		"metrics.json":        jsonOf(t, whole),
		"metrics-quarter.txt": text(t, quarter, render.Style{}),
		"metrics-empty.txt":   text(t, empty, render.Style{}),
		"metrics-empty.json":  jsonOf(t, empty),
	} {
		file := filepath.Join("testdata", name)
		if *updateMetrics {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs (go test ./internal/render -update-metrics rewrites it); got:\n%s", file, got)
		}
	}
}

var escape = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// TestMetricsTextFits holds for every width: no line is wider, none ends in a blank, and colour changes nothing but colour.
func TestMetricsTextFits(t *testing.T) {
	r := report(year(), metrics.Options{})
	for _, width := range []int{0, 80, 100, 200} {
		plain := text(t, r, render.Style{Width: width})
		for i, line := range strings.Split(plain, "\n") {
			if strings.HasSuffix(line, " ") {
				t.Errorf("width %d: line %d ends in a blank: %q", width, i+1, line)
			}
			limit := width
			if limit == 0 {
				limit = 100
			}
			if len(line) > limit {
				t.Errorf("width %d: line %d has %d columns: %q", width, i+1, len(line), line)
			}
		}
		colored := text(t, r, render.Style{Width: width, Color: true})
		if escape.ReplaceAllString(colored, "") != plain {
			t.Errorf("width %d: the text in colour differs from the plain one", width)
		}
	}
	colored := text(t, r, render.Style{Color: true})
	for _, want := range []string{"target under 60 min: \x1b[32mmet\x1b[0m", ": \x1b[31mmissed\x1b[0m"} {
		if !strings.Contains(colored, want) {
			t.Errorf("the text in colour lacks %q", want)
		}
	}
}

func TestMetricsTextShowsAtMostFifteenServices(t *testing.T) {
	var all []incident.Incident
	for i := range 18 {
		all = append(all, outage(fmt.Sprintf("i%02d", i), "2025-05-05T05:05:00Z", 2, [4]int{-1, -1, 10 + i%2, 20}, fmt.Sprintf("s%02d", i)))
	}
	got := text(t, report(all, metrics.Options{}), render.Style{})
	if !strings.Contains(got, "... and 3 more, see --format json") || strings.Contains(got, "s14 ") {
		t.Errorf("want the 15 services with the most downtime (the odd ones, then the even ones up to s10) and a note:\n%s", got)
	}
	if strings.Index(got, "s17 ") > strings.Index(got, "s00 ") {
		t.Errorf("s17 (11 min) stands below s00 (10 min):\n%s", got)
	}
}

func TestMetricsTextFoldsQuietMonths(t *testing.T) {
	got := text(t, report(year(), metrics.Options{}), render.Style{})
	if !strings.Contains(got, "  2025-04  0 ") || !strings.Contains(got, "  2025-05  0 ") {
		t.Errorf("want two quiet months as rows of their own:\n%s", got)
	}
	gap := report([]incident.Incident{
		outage("a", "2020-01-05T05:05:00Z", 1, [4]int{-1, -1, 10, 20}), outage("b", "2025-05-05T05:05:00Z", 1, [4]int{-1, -1, 10, 20}),
	}, metrics.Options{})
	got = text(t, gap, render.Style{})
	if !strings.Contains(got, "2020-02 to 2025-04") || strings.Contains(got, "earlier") {
		t.Errorf("want 63 quiet months as one row:\n%s", got)
	}
}

// TestMetricsTextKeepsIDsWhole: an id is there to be copied.
func TestMetricsTextKeepsIDsWhole(t *testing.T) {
	id := "2025-05-05-" + strings.Repeat("very-", 12) + "long"
	inc := outage(id, "2025-05-05T05:05:00Z", 1, [4]int{-1, -1, -1, -1})
	got := text(t, report([]incident.Incident{inc}, metrics.Options{}), render.Style{Width: 80})
	if want := "  " + id + "\n    is resolved, but both mitigated and resolved are missing\n"; !strings.Contains(got, want) {
		t.Errorf("want the id and, below it, the reason:\n%s", got)
	}
}

func TestMetricsTextShowsTheLatestTwelveMonths(t *testing.T) {
	var all []incident.Incident
	for month := range 20 {
		started := time.Date(2024, time.Month(1+month), 10, 0, 0, 0, 0, time.UTC).Format(time.RFC3339)
		all = append(all, outage("i"+started[:7], started, 1, [4]int{-1, -1, 10, 20}))
	}
	got := text(t, report(all, metrics.Options{}), render.Style{})
	if !strings.Contains(got, "  2025-08  1 ") || !strings.Contains(got, "  2024-09  1 ") || strings.Contains(got, "  2024-08  1 ") {
		t.Errorf("want the months 2024-09 to 2025-08:\n%s", got)
	}
	if !strings.Contains(got, "... and 8 earlier, see --format json") {
		t.Errorf("want a note on 8 earlier months:\n%s", got)
	}
}

// TestMetricsNeutralisesNames: a service is named by whoever opens a pull request.
func TestMetricsNeutralisesNames(t *testing.T) {
	evil := []string{"::error::pwned", "##[add-mask]x", "\x1b[31mred", "line\nfeed", "\u202eesrever"}
	r := report([]incident.Incident{outage("::stop-commands::x", "2025-05-05T05:05:00Z", 1, [4]int{-1, -1, 0, -1}), outage("b", "2025-05-05T05:05:00Z", 1, [4]int{-1, -1, 10, 20}, evil...)}, metrics.Options{})
	page := text(t, r, render.Style{})
	for _, bad := range []string{"::", "##[", "\x1b", "line\nfeed", "\u202e"} {
		if strings.Contains(page, bad) {
			t.Errorf("the text contains %q:\n%s", bad, page)
		}
	}
	out := jsonOf(t, r)
	if strings.Contains(out, "##[") || strings.Contains(out, "\x1b") {
		t.Errorf("the JSON contains a runner command or an escape sequence:\n%s", out)
	}
	var decoded struct {
		ByService map[string]any `json:"by_service"`
	}
	if err := json.Unmarshal([]byte(out), &decoded); err != nil {
		t.Fatal(err)
	}
	for _, name := range evil {
		if _, ok := decoded.ByService[name]; !ok {
			t.Errorf("the JSON lost the service %q", name)
		}
	}
}

func TestMetricsTextNamesWindowAndDefinition(t *testing.T) {
	day, noon := at("2025-07-01T00:00:00+02:00"), at("2025-07-01T09:30:00Z")
	for _, tt := range []struct {
		window calendar.Window
		want   string
	}{
		{calendar.Window{}, "up to 2025-10-01 12:00 (Europe/Berlin)"},
		{calendar.Window{From: day}, "since 2025-07-01 (Europe/Berlin)"},
		{calendar.Window{To: day}, "up to 2025-06-30 (Europe/Berlin)"},
		{calendar.Window{From: day, To: noon}, "from 2025-07-01 until 2025-07-01T11:30:00+02:00 (Europe/Berlin)"},
		{calendar.Window{From: noon}, "since 2025-07-01T11:30:00+02:00 (Europe/Berlin)"},
	} {
		title, _, _ := strings.Cut(text(t, report(nil, metrics.Options{Window: tt.window}), render.Style{}), "\n")
		if want := "MTTR of incidents " + tt.want; title != want {
			t.Errorf("window %v: title %q, want %q", tt.window, title, want)
		}
	}
	cfg := config.Default()
	cfg.DowntimeEnds = config.DowntimeEnds(incident.EndsResolved)
	got := text(t, metrics.Compute(incident.History{Incidents: year()}, cfg, metrics.Options{Now: at("2025-10-01T10:00:00Z")}), render.Style{})
	for _, want := range []string{
		"Downtime runs from started to resolved; wall clock (downtime_ends: resolved).", "SEV-1 MTTR 1 h 35 min, target under 60 min: MISSED (n = 7)",
		"with downtime_ends: mitigated it would be 30 min: met (n = 7)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the text lacks %q:\n%s", want, got)
		}
	}
}

func TestMetricsJSONIsTheSameInAnyOrder(t *testing.T) {
	want := jsonOf(t, report(year(), metrics.Options{}))
	rapid.Check(t, func(t *rapid.T) {
		all := slices.Clone(year())
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if got := jsonOf(t, report(all, metrics.Options{})); got != want {
			t.Fatalf("shuffled records give other JSON:\n%s", got)
		}
	})
}

func TestMetricsJSONRounds(t *testing.T) {
	third := []incident.Incident{
		outage("a", "2025-05-05T05:05:00Z", 1, [4]int{-1, -1, 10, -1}), outage("b", "2025-05-06T05:05:00Z", 1, [4]int{-1, -1, 10, -1}),
		outage("c", "2025-05-07T05:05:00Z", 1, [4]int{-1, -1, 80, -1}),
	}
	third[0].Milestones[incident.Mitigated] = third[0].Milestones[incident.Mitigated].Add(20 * time.Second)
	out := jsonOf(t, report(third, metrics.Options{}))
	for _, want := range []string{`"downtime_minutes": 100.333,`, `"mttr_minutes": 33.444,`, `"share": 0.6667,`, `"now": "2025-10-01T10:00:00Z"`, `"p90_minutes": null`} {
		if !strings.Contains(out, want) {
			t.Errorf("the JSON lacks %s:\n%s", want, out)
		}
	}
	if !strings.HasSuffix(out, "}\n") || strings.HasSuffix(out, "\n\n") {
		t.Errorf("want one line feed at the end")
	}
}
