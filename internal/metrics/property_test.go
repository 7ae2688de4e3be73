package metrics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
)

// anyIncident draws records as people leave them: milestones missing and out of order, any kind, severities without a policy.
func anyIncident(t *rapid.T, i int) incident.Incident {
	inc := incident.Incident{
		ID:         fmt.Sprintf("i%03d", i),
		Kind:       rapid.SampledFrom(append(incident.Kinds, "", incident.KindIncident, incident.KindIncident)).Draw(t, "kind"),
		Severity:   incident.Severity(rapid.IntRange(0, 5).Draw(t, "severity")),
		Status:     rapid.SampledFrom(incident.Statuses).Draw(t, "status"),
		Resolution: rapid.SampledFrom(append(incident.Resolutions, incident.ResolvedForReal, incident.ResolvedForReal)).Draw(t, "resolution"),
		Services:   rapid.SliceOfN(rapid.SampledFrom([]string{"api", "sync", "web"}), 0, 3).Draw(t, "services"),
	}
	clock := at("2024-01-01T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 1000*24*60).Draw(t, "started")) * time.Minute)
	for m := range inc.Milestones {
		if rapid.IntRange(0, 3).Draw(t, "known") > 0 {
			inc.Milestones[m] = clock
		}
		clock = clock.Add(time.Duration(rapid.Int64Range(-int64(time.Minute), int64(3*time.Hour)).Draw(t, "step")))
	}
	return inc
}

func anyIncidents(t *rapid.T) []incident.Incident {
	var out []incident.Incident
	for i := range rapid.IntRange(0, 40).Draw(t, "n") {
		out = append(out, anyIncident(t, i))
	}
	return out
}

func TestOrderOfRecordsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := anyIncidents(t)
		want := compute(all, metrics.Options{})
		shuffled := slices.Clone(all)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := compute(shuffled, metrics.Options{}); !reflect.DeepEqual(got, want) {
			t.Fatalf("shuffled records give another report:\n got %+v\nwant %+v", got, want)
		}
	})
}

// TestPartsMakeTheWhole holds that every chosen incident is in exactly one of counted, ongoing and excluded, and that the cuts
// by severity, month and quarter each add up to it.
func TestPartsMakeTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := anyIncidents(t)
		r := compute(all, metrics.Options{})
		if got := r.Overall.Incidents + len(r.Ongoing) + len(r.Excluded); got != len(all) || r.Overall.Ongoing != len(r.Ongoing) {
			t.Fatalf("%d incidents in the report, want %d", got, len(all))
		}
		sameSum(t, "severities", r, func(add func(metrics.Group)) {
			for _, g := range r.BySeverity {
				add(g)
			}
		})
		for name, periods := range map[string][]metrics.Period{"months": r.ByMonth, "quarters": r.ByQuarter} {
			sameSum(t, name, r, func(add func(metrics.Group)) {
				for _, p := range periods {
					add(p.Group)
				}
			})
		}
	})
}

func sameSum(t *rapid.T, name string, r metrics.Report, each func(func(metrics.Group))) {
	var n, ongoing int
	var downtime float64
	each(func(g metrics.Group) {
		n, ongoing, downtime = n+g.Incidents, ongoing+g.Ongoing, downtime+g.DowntimeMinutes
	})
	if n != r.Overall.Incidents || ongoing != r.Overall.Ongoing || math.Abs(downtime-r.Overall.DowntimeMinutes) > 1e-6 {
		t.Fatalf("%s add up to %d incidents, %d ongoing, %v min; overall has %d, %d, %v",
			name, n, ongoing, downtime, r.Overall.Incidents, r.Overall.Ongoing, r.Overall.DowntimeMinutes)
	}
}

func TestFiguresAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := compute(anyIncidents(t), metrics.Options{})
		for name, g := range r.BySeverity {
			if g.Incidents == 0 {
				continue
			}
			if *g.MedianMinutes <= 0 || *g.MedianMinutes > *g.MaxMinutes || *g.MTTRMinutes > *g.MaxMinutes+1e-9 {
				t.Fatalf("%s: median %v, mean %v, max %v", name, *g.MedianMinutes, *g.MTTRMinutes, *g.MaxMinutes)
			}
			if ci := g.MedianCI95; ci != nil && (ci[0] > *g.MedianMinutes || ci[1] < *g.MedianMinutes) {
				t.Fatalf("%s: the median %v lies outside its interval %v", name, *g.MedianMinutes, *ci)
			}
			if tg := g.Target; tg != nil && tg.Of > 0 && (tg.CI95[0] > *tg.Share || tg.CI95[1] < *tg.Share) {
				t.Fatalf("%s: the share %v lies outside its interval %v", name, *tg.Share, *tg.CI95)
			}
		}
	})
}

// An earlier clock never makes a record with an end count twice or vanish: it is over, ongoing, or not begun.
func TestEarlierNow(t *testing.T) {
	inc := closed("x", "2025-03-01T12:00:00Z", 60)
	for clock, want := range map[string][3]int{
		"2025-03-01T11:59:59Z": {0, 0, 1},
		"2025-03-01T12:00:00Z": {0, 1, 0},
		"2025-03-01T12:59:59Z": {0, 1, 0},
		"2025-03-01T13:00:00Z": {1, 0, 0},
	} {
		h := incident.History{Incidents: []incident.Incident{inc}}
		r := metrics.Compute(h, config.Default(), metrics.Options{Now: at(clock)})
		if got := [3]int{r.Overall.Incidents, len(r.Ongoing), len(r.Excluded)}; got != want {
			t.Errorf("as of %s: counted, ongoing, excluded = %v, want %v", clock, got, want)
		}
	}
}
