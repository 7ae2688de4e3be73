package render

import (
	"io"
	"math"
	"time"

	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
)

// metricsReport is schema sitrep.metrics/v1. Durations are minutes, times RFC 3339 in UTC; null is a figure that the records do
// not carry.
type metricsReport struct {
	Schema       string                  `json:"schema"`
	Now          time.Time               `json:"now"`
	Timezone     string                  `json:"timezone"`
	Window       metricsWindow           `json:"window"`
	Filter       metricsFilter           `json:"filter"`
	DowntimeEnds incident.DowntimeEnds   `json:"downtime_ends"`
	Sentence     string                  `json:"sentence"`
	Overall      metricsGroup            `json:"overall"`
	BySeverity   map[string]metricsGroup `json:"by_severity"`
	ByService    map[string]metricsGroup `json:"by_service"`
	ByMonth      []metricsPeriod         `json:"by_month"`
	ByQuarter    []metricsPeriod         `json:"by_quarter"`
	Ongoing      []metricsOngoing        `json:"ongoing"`
	Excluded     []metricsExcluded       `json:"excluded"`
}

type metricsWindow struct {
	From *time.Time `json:"from"` // null = open
	To   *time.Time `json:"to"`   // not included; null = open
}

type metricsFilter struct {
	Severities []incident.Severity `json:"severities"` // empty = all
	Services   []string            `json:"services"`   // empty = all
}

type metricsGroup struct {
	Incidents       int            `json:"incidents"`
	Ongoing         int            `json:"ongoing"`
	DowntimeMinutes float64        `json:"downtime_minutes"`
	MTTRMinutes     *float64       `json:"mttr_minutes"`
	MedianMinutes   *float64       `json:"median_minutes"`
	MedianCI95      *[2]float64    `json:"median_ci95"`
	P90Minutes      *float64       `json:"p90_minutes"`
	MaxMinutes      *float64       `json:"max_minutes"`
	Values          []float64      `json:"values_minutes,omitempty"`
	Target          *metricsTarget `json:"target"`
	TimeToDetect    metricsSpan    `json:"time_to_detect"`
	TimeToDiagnose  metricsSpan    `json:"time_to_diagnose"`
	TimeToRepair    metricsSpan    `json:"time_to_repair"`
}

type metricsTarget struct {
	Minutes *float64    `json:"minutes"`
	Met     int         `json:"met"`
	Of      int         `json:"of"`
	Share   *float64    `json:"share"`
	CI95    *[2]float64 `json:"ci95"`
	MTTRMet *bool       `json:"mttr_met"`
}

type metricsSpan struct {
	N      int      `json:"n"`
	Mean   *float64 `json:"mean"`
	Median *float64 `json:"median"`
	P90    *float64 `json:"p90"`
}

type metricsPeriod struct {
	Period string `json:"period"`
	metricsGroup
}

type metricsOngoing struct {
	ID             string  `json:"id"`
	AtLeastMinutes float64 `json:"at_least_minutes"`
}

type metricsExcluded struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// MetricsJSON writes a report as sitrep.metrics/v1. Numbers have at most three decimals, shares four.
func MetricsJSON(w io.Writer, r metrics.Report) error {
	return writeJSON(w, metricsJSON(r))
}

func metricsJSON(r metrics.Report) metricsReport {
	out := metricsReport{
		Schema: "sitrep.metrics/v1", Now: r.Now.UTC(), Timezone: r.Timezone,
		Window:       metricsWindow{bound(r.Window.From), bound(r.Window.To)},
		Filter:       metricsFilter{notNull(r.Severities), notNull(r.Services)},
		DowntimeEnds: r.DowntimeEnds, Sentence: r.Sentence,
		Overall:    groupJSON(r.Overall),
		BySeverity: groupsJSON(r.BySeverity), ByService: groupsJSON(r.ByService),
		ByMonth: periodsJSON(r.ByMonth), ByQuarter: periodsJSON(r.ByQuarter),
		Ongoing: []metricsOngoing{}, Excluded: []metricsExcluded{},
	}
	for _, o := range r.Ongoing {
		out.Ongoing = append(out.Ongoing, metricsOngoing{o.ID, round(o.AtLeastMinutes, 3)})
	}
	for _, e := range r.Excluded {
		out.Excluded = append(out.Excluded, metricsExcluded{e.ID, e.Reason})
	}
	return out
}

func bound(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}

func notNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func groupsJSON(groups map[string]metrics.Group) map[string]metricsGroup {
	out := make(map[string]metricsGroup, len(groups))
	for key, g := range groups {
		out[key] = groupJSON(g)
	}
	return out
}

func periodsJSON(periods []metrics.Period) []metricsPeriod {
	out := []metricsPeriod{}
	for _, p := range periods {
		out = append(out, metricsPeriod{p.Period, groupJSON(p.Group)})
	}
	return out
}

func groupJSON(g metrics.Group) metricsGroup {
	out := metricsGroup{
		Incidents: g.Incidents, Ongoing: g.Ongoing, DowntimeMinutes: round(g.DowntimeMinutes, 3),
		MTTRMinutes: rounded(g.MTTRMinutes, 3), MedianMinutes: rounded(g.MedianMinutes, 3), MedianCI95: roundedPair(g.MedianCI95, 3),
		P90Minutes: rounded(g.P90Minutes, 3), MaxMinutes: rounded(g.MaxMinutes, 3),
		TimeToDetect: spanJSON(g.TimeToDetect), TimeToDiagnose: spanJSON(g.TimeToDiagnose), TimeToRepair: spanJSON(g.TimeToRepair),
	}
	for _, v := range g.Values {
		out.Values = append(out.Values, round(v, 3))
	}
	if t := g.Target; t != nil {
		out.Target = &metricsTarget{
			Minutes: rounded(t.Minutes, 3), Met: t.Met, Of: t.Of,
			Share: rounded(t.Share, 4), CI95: roundedPair(t.CI95, 4), MTTRMet: t.MTTRMet,
		}
	}
	return out
}

func spanJSON(s metrics.Span) metricsSpan {
	return metricsSpan{s.N, rounded(s.Mean, 3), rounded(s.Median, 3), rounded(s.P90, 3)}
}

// round keeps what the last bits of a mean are out of the output: they may differ between processors.
func round(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(v*scale) / scale
}

func rounded(v *float64, decimals int) *float64 {
	if v == nil {
		return nil
	}
	return new(round(*v, decimals))
}

func roundedPair(v *[2]float64, decimals int) *[2]float64 {
	if v == nil {
		return nil
	}
	return &[2]float64{round(v[0], decimals), round(v[1], decimals)}
}
