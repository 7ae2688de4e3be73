package metrics_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
)

func TestExcluded(t *testing.T) {
	started := at("2025-03-01T12:00:00Z")
	for _, tt := range []struct {
		name   string
		change func(*incident.Incident)
		reason string
	}{
		{"game day", func(i *incident.Incident) { i.Kind = incident.KindGameDay }, "game day, not an incident"},
		{"near miss", func(i *incident.Incident) { i.Kind = incident.KindNearMiss }, "near miss, not an incident"},
		{"maintenance", func(i *incident.Incident) { i.Kind = incident.KindMaintenance }, "maintenance, not an incident"},
		{"kind unknown", func(i *incident.Incident) { i.Kind = "" }, "of unknown kind, not an incident"},
		{"duplicate", func(i *incident.Incident) { i.Resolution, i.Duplicate = incident.Duplicate, "b" }, "duplicate of b"},
		{"duplicate of nothing", func(i *incident.Incident) { i.Resolution = incident.Duplicate }, "duplicate"},
		{"false positive", func(i *incident.Incident) { i.Resolution = incident.FalsePositive }, "false positive"},
		{"cancelled", func(i *incident.Incident) { i.Resolution = incident.Cancelled }, "cancelled"},
		{"no start", func(i *incident.Incident) { i.Milestones[incident.Started] = time.Time{} }, "started is missing"},
		{"no milestone", func(i *incident.Incident) { i.Milestones = incident.Milestones{} }, "started is missing"},
		{
			"no end", func(i *incident.Incident) { i.Milestones[incident.Mitigated] = time.Time{} },
			"is resolved, but both mitigated and resolved are missing",
		},
		{"zero", func(i *incident.Incident) { i.Milestones[incident.Mitigated] = started }, "zero length: started and mitigated are the same"},
		{
			"zero by resolved", func(i *incident.Incident) {
				i.Milestones[incident.Mitigated], i.Milestones[incident.Resolved] = time.Time{}, started
			},
			"zero length: started and resolved are the same",
		},
		{
			"negative", func(i *incident.Incident) { i.Milestones[incident.Mitigated] = started.Add(-5 * time.Minute) },
			"ends 5 min before it starts",
		},
		{
			"future", func(i *incident.Incident) {
				i.Milestones[incident.Started], i.Milestones[incident.Mitigated] = now.Add(time.Second), now.Add(time.Hour)
			},
			"starts after the time of the report",
		},
		{"mistyped year", func(i *incident.Incident) { i.Milestones[incident.Started] = at("0225-03-01T12:00:00Z") }, "lasts over 292 years"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inc := closed("x", "2025-03-01T12:00:00Z", 30)
			tt.change(&inc)
			r := compute([]incident.Incident{inc}, metrics.Options{})
			if want := []metrics.Excluded{{ID: "x", Reason: tt.reason}}; !reflect.DeepEqual(r.Excluded, want) {
				t.Errorf("excluded %v, want %v", r.Excluded, want)
			}
			if r.Overall.Incidents != 0 || r.Overall.Ongoing != 0 || len(r.ByMonth) != 0 || len(r.ByService) != 0 {
				t.Errorf("an excluded incident stands in figures: %+v", r)
			}
		})
	}
}

func TestResolvedWithoutStampWhereDowntimeEndsThere(t *testing.T) {
	cfg := config.Default()
	cfg.DowntimeEnds = config.DowntimeEnds(incident.EndsResolved)
	h := incident.History{Incidents: []incident.Incident{closed("x", "2025-03-01T12:00:00Z", 30)}}
	r := metrics.Compute(h, cfg, metrics.Options{Now: now})
	if want := []metrics.Excluded{{ID: "x", Reason: "is resolved, but the time of it (resolved) is missing"}}; !reflect.DeepEqual(r.Excluded, want) {
		t.Errorf("excluded %v, want %v", r.Excluded, want)
	}
}

func TestExcludedIsSortedAndFiltered(t *testing.T) {
	var all []incident.Incident
	for _, id := range []string{"c", "a", "b"} {
		inc := closed(id, "2025-03-01T12:00:00Z", 0)
		all = append(all, inc)
	}
	all[2].Services = []string{"web"}
	all = append(all, closed("d", "2024-03-01T12:00:00Z", 0))
	window := calendar.Window{From: at("2025-01-01T00:00:00Z")}
	r := compute(all, metrics.Options{Window: window, Services: []string{"api"}})
	var ids []string
	for _, e := range r.Excluded {
		ids = append(ids, e.ID)
	}
	if want := []string{"a", "c"}; !reflect.DeepEqual(ids, want) {
		t.Errorf("excluded %v, want %v: sorted, without another service and another year", ids, want)
	}
}

func TestOngoing(t *testing.T) {
	open := func(id string) incident.Incident {
		inc := closed(id, "2025-12-31T22:00:00Z", 0)
		inc.Status, inc.Milestones[incident.Mitigated] = incident.Investigating, time.Time{}
		return inc
	}
	later := closed("b", "2025-12-31T23:30:00Z", 60) // mitigated half an hour after now
	done := closed("c", "2025-12-31T23:30:00Z", 30)  // mitigated at now
	r := compute([]incident.Incident{later, open("a"), done}, metrics.Options{})
	want := []metrics.Ongoing{{ID: "a", AtLeastMinutes: 120}, {ID: "b", AtLeastMinutes: 30}}
	if !reflect.DeepEqual(r.Ongoing, want) {
		t.Errorf("ongoing %v, want %v", r.Ongoing, want)
	}
	g := r.Overall
	if g.Incidents != 1 || g.Ongoing != 2 || g.DowntimeMinutes != 30 {
		t.Errorf("%d incidents, %d ongoing, %v min, want 1, 2, 30", g.Incidents, g.Ongoing, g.DowntimeMinutes)
	}
	if g.Target.Of != 1 || g.Target.Met != 1 {
		t.Errorf("target %d of %d, want 1 of 1: ongoing ones do not count", g.Target.Met, g.Target.Of)
	}
	g = compute([]incident.Incident{open("a")}, metrics.Options{}).BySeverity["SEV-1"]
	figure(t, "MTTR of an ongoing incident alone", g.MTTRMinutes, none)
	if g.Target == nil || g.Target.Share != nil || g.Target.CI95 != nil || g.Target.MTTRMet != nil || *g.Target.Minutes != 60 {
		t.Errorf("target of an ongoing incident alone %+v, want 60 min and no share", g.Target)
	}
}

func TestWindowBorders(t *testing.T) {
	window := calendar.Window{From: at("2025-03-01T00:00:00Z"), To: at("2025-04-01T00:00:00Z")}
	for _, tt := range []struct {
		started string
		in      bool
	}{
		{"2025-02-28T23:59:59Z", false}, // ends inside the window
		{"2025-03-01T00:00:00Z", true},
		{"2025-03-01T00:30:00+01:00", false}, // an instant of 28 February
		{"2025-03-31T23:59:59Z", true},       // ends outside
		{"2025-04-01T00:00:00Z", false},
	} {
		r := compute([]incident.Incident{closed("x", tt.started, 90)}, metrics.Options{Window: window})
		if got := r.Overall.Incidents == 1; got != tt.in {
			t.Errorf("started %s: in the window = %v, want %v", tt.started, got, tt.in)
		}
	}
	noStart := closed("x", "2025-02-10T12:00:00Z", 30)
	noStart.Milestones[incident.Started] = time.Time{}
	if r := compute([]incident.Incident{noStart}, metrics.Options{Window: window}); len(r.Excluded) != 0 {
		t.Errorf("excluded %v, want none: its first known milestone lies before the window", r.Excluded)
	}
}
