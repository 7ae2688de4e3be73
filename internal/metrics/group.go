package metrics

import (
	"slices"
	"time"

	"github.com/syncwell/sitrep/internal/incident"
)

// total is an exact sum of durations. time.Duration alone ends at 292 years, which a few mistyped years reach.
type total struct {
	minutes int64
	rest    time.Duration // less than a minute
}

func (t *total) add(d time.Duration) {
	t.rest += d % time.Minute
	t.minutes += int64(d/time.Minute) + int64(t.rest/time.Minute)
	t.rest %= time.Minute
}

func (t total) asMinutes() float64 { return float64(t.minutes) + t.rest.Minutes() }

// ascending gives durations as minutes, sorted, and their exact sum.
func ascending(durations []time.Duration) (values []float64, sum float64) {
	var t total
	for _, d := range durations {
		t.add(d)
		values = append(values, d.Minutes())
	}
	slices.Sort(values)
	return values, t.asMinutes()
}

// summarise makes the figures of some incidents.
func summarise(samples []sample) Group {
	var g Group
	var downtimes []time.Duration
	for _, s := range samples {
		if s.ongoing {
			g.Ongoing++
			continue
		}
		downtimes = append(downtimes, s.downtime)
	}
	values, sum := ascending(downtimes)
	n := len(values)
	g.Incidents, g.DowntimeMinutes = n, sum
	if n > 0 {
		g.MTTRMinutes = new(sum / float64(n))
		g.MedianMinutes = new(quantile(values, 0.5))
		g.MedianCI95 = medianInterval(values)
		g.P90Minutes = p90(values)
		g.MaxMinutes = &values[n-1]
	}
	if n < smallestForInterval {
		g.Values = slices.Clone(values)
	}
	g.Target = meetTarget(samples, g)
	g.TimeToDetect = phase(samples, detect)
	g.TimeToDiagnose = phase(samples, diagnose)
	g.TimeToRepair = phase(samples, repair)
	return g
}

func p90(values []float64) *float64 {
	if len(values) < smallestForP90 {
		return nil
	}
	return new(quantile(values, 0.9))
}

func phase(samples []sample, which int) Span {
	var known []time.Duration
	for _, s := range samples {
		if !s.ongoing && s.phases[which] >= 0 {
			known = append(known, s.phases[which])
		}
	}
	if len(known) == 0 {
		return Span{}
	}
	values, sum := ascending(known)
	return Span{N: len(values), Mean: new(sum / float64(len(values))), Median: new(quantile(values, 0.5)), P90: p90(values)}
}

// meetTarget counts the incidents within the target of their severity. Ongoing ones count nowhere, though one that is past its
// target can only miss it: the share would otherwise change with the hour at which the report is made.
func meetTarget(samples []sample, g Group) *Target {
	var t Target
	targets := map[time.Duration]bool{}
	for _, s := range samples {
		if s.target == 0 {
			continue
		}
		targets[s.target] = true
		if s.ongoing {
			continue
		}
		t.Of++
		if s.downtime < s.target {
			t.Met++
		}
	}
	if len(targets) == 0 {
		return nil
	}
	if t.Of > 0 {
		t.Share = new(float64(t.Met) / float64(t.Of))
		t.CI95 = wilson(t.Met, t.Of)
	}
	for target := range targets {
		if len(targets) == 1 {
			t.Minutes = new(target.Minutes())
		}
	}
	if t.Minutes != nil && t.Of > 0 && t.Of == g.Incidents {
		t.MTTRMet = new(*g.MTTRMinutes < *t.Minutes)
	}
	return &t
}

func bySeverity(samples []sample, levels []incident.Severity) map[string]Group {
	buckets := map[string][]sample{}
	for _, level := range levels {
		buckets[level.String()] = nil
	}
	for _, s := range samples {
		key := s.severity.String()
		if key == "" {
			key = UnknownSeverity
		}
		buckets[key] = append(buckets[key], s)
	}
	return summariseEach(buckets)
}

// byService shows only the services asked for where any are.
func byService(samples []sample, only []string) map[string]Group {
	buckets := map[string][]sample{}
	for _, s := range samples {
		for _, service := range sorted(s.services) {
			if len(only) == 0 || slices.Contains(only, service) {
				buckets[service] = append(buckets[service], s)
			}
		}
	}
	return summariseEach(buckets)
}

func summariseEach(buckets map[string][]sample) map[string]Group {
	groups := make(map[string]Group, len(buckets))
	for key, samples := range buckets {
		groups[key] = summarise(samples)
	}
	return groups
}
