package metrics_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
)

func counts(periods []metrics.Period) []string {
	var out []string
	for _, p := range periods {
		out = append(out, fmt.Sprintf("%s %d %v", p.Period, p.Incidents, p.DowntimeMinutes))
	}
	return out
}

func TestPeriodsHaveNoGaps(t *testing.T) {
	r := compute([]incident.Incident{
		closed("b", "2025-02-03T12:00:00Z", 20), closed("a", "2024-11-20T12:00:00Z", 10), closed("c", "2025-02-28T23:59:00Z", 30),
	}, metrics.Options{})
	if got, want := counts(r.ByMonth), []string{"2024-11 1 10", "2024-12 0 0", "2025-01 0 0", "2025-02 2 50"}; !reflect.DeepEqual(got, want) {
		t.Errorf("months %v, want %v", got, want)
	}
	if got, want := counts(r.ByQuarter), []string{"2024-Q4 1 10", "2025-Q1 2 50"}; !reflect.DeepEqual(got, want) {
		t.Errorf("quarters %v, want %v", got, want)
	}
	figure(t, "MTTR of an empty month", r.ByMonth[1].MTTRMinutes, none)
	if r := compute(nil, metrics.Options{}); len(r.ByMonth)+len(r.ByQuarter) != 0 {
		t.Errorf("periods without any incident: %v %v, want none", r.ByMonth, r.ByQuarter)
	}
}

// Berlin puts its clocks forward on 30 March 2025: 31 March ends at 22:00 UTC, the end of February lies at 23:00 UTC.
func TestMonthBorderInAZone(t *testing.T) {
	zone, err := config.LoadZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.Timezone = config.Zone{Location: zone}
	for started, want := range map[string][2]string{
		"2025-02-28T22:59:59Z": {"2025-02", "2025-Q1"},
		"2025-02-28T23:00:00Z": {"2025-03", "2025-Q1"},
		"2025-03-31T21:59:59Z": {"2025-03", "2025-Q1"},
		"2025-03-31T22:00:00Z": {"2025-04", "2025-Q2"},
		"2024-12-31T23:30:00Z": {"2025-01", "2025-Q1"},
	} {
		h := incident.History{Incidents: []incident.Incident{closed("x", started, 30)}}
		r := metrics.Compute(h, cfg, metrics.Options{Now: now})
		if r.Timezone != "Europe/Berlin" || len(r.ByMonth) != 1 || r.ByMonth[0].Period != want[0] || r.ByQuarter[0].Period != want[1] {
			t.Errorf("started %s: months %v, quarters %v, want %v", started, counts(r.ByMonth), counts(r.ByQuarter), want)
		}
	}
}

// A downtime across the change of the clock is measured in real time, not by the wall clock.
func TestDowntimeAcrossTheChangeOfTheClock(t *testing.T) {
	inc := closed("x", "2025-03-30T01:30:00+01:00", 0)
	inc.Milestones[incident.Mitigated] = at("2025-03-30T03:30:00+02:00")
	g := compute([]incident.Incident{inc}, metrics.Options{}).Overall
	figure(t, "MTTR", g.MTTRMinutes, time.Hour.Minutes())
}
