package metrics_test

import (
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
)

var now = at("2026-01-01T00:00:00Z")

func at(text string) time.Time {
	t, err := calendar.ParseStamp(text)
	if err != nil {
		panic(err)
	}
	return t
}

// closed is an incident of SEV-1 on service api that was mitigated so many minutes after its start.
func closed(id, started string, minutes int) incident.Incident {
	inc := incident.Incident{
		ID: id, Kind: incident.KindIncident, Severity: 1, Status: incident.StatusOver, Resolution: incident.ResolvedForReal,
		Services: []string{"api"},
	}
	inc.Milestones[incident.Started] = at(started)
	inc.Milestones[incident.Mitigated] = at(started).Add(time.Duration(minutes) * time.Minute)
	return inc
}

// lasting are incidents a day apart from 1 March 2025 on, in the order of the given minutes.
func lasting(minutes ...int) []incident.Incident {
	var out []incident.Incident
	for i, m := range minutes {
		day := at("2025-03-01T12:00:00Z").AddDate(0, 0, i).Format(time.RFC3339)
		out = append(out, closed("i"+day[:10], day, m))
	}
	return out
}

func compute(incidents []incident.Incident, opt metrics.Options) metrics.Report {
	if opt.Now.IsZero() {
		opt.Now = now
	}
	return metrics.Compute(incident.History{Incidents: incidents}, config.Default(), opt)
}

// figure compares a figure that may be absent; want NaN for an absent one.
func figure(t *testing.T, name string, got *float64, want float64) {
	t.Helper()
	switch {
	case got == nil && !math.IsNaN(want):
		t.Errorf("%s is absent, want %v", name, want)
	case got != nil && math.IsNaN(want):
		t.Errorf("%s = %v, want it absent", name, *got)
	case got != nil && math.Abs(*got-want) > 1e-9:
		t.Errorf("%s = %v, want %v", name, *got, want)
	}
}

var none = math.NaN()

func TestGroupBySize(t *testing.T) {
	for _, tt := range []struct {
		name                   string
		minutes                []int
		total                  float64
		mttr, median, p90, max float64
		ci                     []float64
		values                 []float64
		met                    int
	}{
		{name: "none", mttr: none, median: none, p90: none, max: none},
		{name: "one", minutes: []int{23}, total: 23, mttr: 23, median: 23, p90: none, max: 23, values: []float64{23}, met: 1},
		{
			name: "five", minutes: []int{50, 10, 40, 20, 30}, total: 150, mttr: 30, median: 30, p90: none, max: 50,
			values: []float64{10, 20, 30, 40, 50}, met: 5,
		},
		{
			name: "six", minutes: []int{60, 10, 50, 20, 40, 30}, total: 210, mttr: 35, median: 35, p90: none, max: 60,
			ci: []float64{10, 60}, met: 5,
		},
		{
			name: "ten", minutes: []int{100, 10, 90, 20, 80, 30, 70, 40, 60, 50}, total: 550, mttr: 55, median: 55, p90: 91, max: 100,
			ci: []float64{20, 90}, met: 5,
		},
		{
			name: "ties", minutes: []int{5, 5, 5, 5, 5, 5, 600}, total: 630, mttr: 90, median: 5, p90: none, max: 600,
			ci: []float64{5, 600}, met: 6,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := compute(lasting(tt.minutes...), metrics.Options{}).BySeverity["SEV-1"]
			if g.Incidents != len(tt.minutes) || g.DowntimeMinutes != tt.total {
				t.Errorf("%d incidents with %v min, want %d with %v", g.Incidents, g.DowntimeMinutes, len(tt.minutes), tt.total)
			}
			figure(t, "MTTR", g.MTTRMinutes, tt.mttr)
			figure(t, "median", g.MedianMinutes, tt.median)
			figure(t, "p90", g.P90Minutes, tt.p90)
			figure(t, "max", g.MaxMinutes, tt.max)
			if (g.MedianCI95 == nil) != (tt.ci == nil) || g.MedianCI95 != nil && !slices.Equal(g.MedianCI95[:], tt.ci) {
				t.Errorf("interval of the median %v, want %v", g.MedianCI95, tt.ci)
			}
			if !slices.Equal(g.Values, tt.values) {
				t.Errorf("values %v, want %v", g.Values, tt.values)
			}
			if len(tt.minutes) == 0 {
				if g.Target != nil {
					t.Errorf("target %+v, want none without incidents", *g.Target)
				}
				return
			}
			if g.Target.Met != tt.met || g.Target.Of != len(tt.minutes) {
				t.Errorf("%d of %d met the target, want %d of %d", g.Target.Met, g.Target.Of, tt.met, len(tt.minutes))
			}
		})
	}
}

func TestEveryConfiguredSeverityIsShown(t *testing.T) {
	sev := closed("a", "2025-03-01T12:00:00Z", 10)
	sev.Severity = 0
	r := compute([]incident.Incident{sev}, metrics.Options{})
	for key, want := range map[string]int{"SEV-1": 0, "SEV-2": 0, "SEV-3": 0, metrics.UnknownSeverity: 1} {
		if g, ok := r.BySeverity[key]; !ok || g.Incidents != want {
			t.Errorf("%s: %d incidents (there: %v), want %d", key, g.Incidents, ok, want)
		}
	}
	if len(r.BySeverity) != 4 {
		t.Errorf("%d severities, want 4", len(r.BySeverity))
	}
	r = compute([]incident.Incident{sev}, metrics.Options{Severities: []incident.Severity{2}})
	if len(r.BySeverity) != 1 || r.Overall.Incidents != 0 {
		t.Errorf("with a filter: severities %v, want only SEV-2 without incidents", r.BySeverity)
	}
}

func TestServices(t *testing.T) {
	both := closed("a", "2025-03-01T12:00:00Z", 10)
	both.Services = []string{"sync", "api", "sync"}
	one := closed("b", "2025-03-02T12:00:00Z", 30)
	r := compute([]incident.Incident{both, one}, metrics.Options{})
	if g := r.ByService["sync"]; g.Incidents != 1 || g.DowntimeMinutes != 10 {
		t.Errorf("sync: %d incidents, %v min, want 1 and 10: a service listed twice counts once", g.Incidents, g.DowntimeMinutes)
	}
	if g := r.ByService["api"]; g.Incidents != 2 || g.DowntimeMinutes != 40 {
		t.Errorf("api: %d incidents, %v min, want 2 and 40", g.Incidents, g.DowntimeMinutes)
	}
	if r.Overall.Incidents != 2 || r.Overall.DowntimeMinutes != 40 {
		t.Errorf("overall %d incidents, %v min, want 2 and 40", r.Overall.Incidents, r.Overall.DowntimeMinutes)
	}
	r = compute([]incident.Incident{both, one}, metrics.Options{Services: []string{"sync"}})
	if _, ok := r.ByService["api"]; ok || r.Overall.Incidents != 1 {
		t.Errorf("only sync: %d incidents, by service %v, want one incident and no api", r.Overall.Incidents, r.ByService)
	}
}

func TestPhases(t *testing.T) {
	full := closed("a", "2025-03-01T12:00:00Z", 60)
	full.Milestones[incident.Detected] = at("2025-03-01T12:04:00Z")
	full.Milestones[incident.Diagnosed] = at("2025-03-01T12:24:00Z")
	instant := closed("b", "2025-03-02T12:00:00Z", 30)
	instant.Milestones[incident.Detected] = at("2025-03-02T12:00:00Z")
	backwards := closed("c", "2025-03-03T12:00:00Z", 30)
	backwards.Milestones[incident.Detected] = at("2025-03-03T11:59:00Z")
	unresolved := closed("d", "2025-03-04T12:00:00Z", 0)
	unresolved.Milestones = incident.Milestones{
		incident.Started: at("2025-03-04T12:00:00Z"), incident.Diagnosed: at("2025-03-04T12:05:00Z"), incident.Resolved: at("2025-03-04T13:00:00Z"),
	}
	open := closed("e", "2025-03-05T12:00:00Z", 0)
	open.Status, open.Milestones[incident.Mitigated] = incident.Investigating, time.Time{}
	open.Milestones[incident.Detected] = at("2025-03-05T18:00:00Z")

	g := compute([]incident.Incident{full, instant, backwards, unresolved, open}, metrics.Options{}).Overall
	if g.Incidents != 4 || g.Ongoing != 1 {
		t.Fatalf("%d incidents, %d ongoing, want 4 and 1", g.Incidents, g.Ongoing)
	}
	for _, tt := range []struct {
		name string
		got  metrics.Span
		n    int
		mean float64
	}{
		{"detect", g.TimeToDetect, 2, 2},      // 4 and 0; the negative one and the ongoing one are left out
		{"diagnose", g.TimeToDiagnose, 1, 20}, // only one record names both ends
		{"repair", g.TimeToRepair, 1, 36},     // resolved does not stand in for mitigated
	} {
		if tt.got.N != tt.n {
			t.Errorf("%s: n = %d, want %d", tt.name, tt.got.N, tt.n)
		}
		figure(t, tt.name+" mean", tt.got.Mean, tt.mean)
		figure(t, tt.name+" median", tt.got.Median, tt.mean)
		figure(t, tt.name+" p90", tt.got.P90, none)
	}
	late := closed("f", "2025-12-31T23:00:00Z", 30)
	late.Milestones[incident.Detected] = now.Add(time.Minute)
	if n := compute([]incident.Incident{late}, metrics.Options{}).Overall.TimeToDetect.N; n != 0 {
		t.Errorf("detected after the time of the report: n = %d, want 0", n)
	}
	empty := compute(lasting(10), metrics.Options{}).Overall.TimeToDetect
	if !reflect.DeepEqual(empty, metrics.Span{}) {
		t.Errorf("no record names detected: %+v, want n = 0 and no figure", empty)
	}
}
