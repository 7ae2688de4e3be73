// Package metrics owns the figures: which incidents count, how long their downtime was, and what mean, median and share within
// target say about them, overall and by severity, service, month and quarter.
//
// It refuses to hide doubt: a figure that the records do not carry is absent, never zero; an incident that cannot count is
// listed with the reason; an ongoing one is in no mean. It reads no clock and prints nothing: the same history, config and
// Options.Now give the same Report, in whatever order the records come.
package metrics

import (
	"cmp"
	"slices"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
)

// UnknownSeverity is the key of incidents whose severity the record does not tell.
const UnknownSeverity = "unknown"

// Options choose the incidents of a report.
type Options struct {
	Window     calendar.Window     // an incident belongs to it when its `started` does
	Severities []incident.Severity // none = all
	Services   []string            // an incident counts when it hit any of them; none = all
	Now        time.Time           // required: the instant as of which is reported
}

// Report is what the records say about repair times.
type Report struct {
	Window       calendar.Window     // in the repository's zone, as is Now
	Severities   []incident.Severity // the filter as asked for, sorted; empty = all
	Services     []string            // likewise
	DowntimeEnds incident.DowntimeEnds
	Timezone     string // IANA name; months and quarters are cut in this zone
	Now          time.Time

	Overall    Group
	BySeverity map[string]Group // "SEV-1"; every configured level, with or without incidents, and UnknownSeverity
	ByService  map[string]Group // an incident counts once in each of its services
	ByMonth    []Period         // "2025-08", ascending, without gaps
	ByQuarter  []Period         // "2025-Q3", likewise

	Verdicts []Verdict // one per severity with a target, gravest first
	Ongoing  []Ongoing // by id
	Excluded []Excluded
	Sentence string // what the data can and cannot show, in plain English
}

// Group is the figures of some incidents. All durations are minutes; a nil figure is one that the data does not carry.
type Group struct {
	Incidents       int // over and counted
	Ongoing         int // in no other figure of the group
	DowntimeMinutes float64
	MTTRMinutes     *float64    // DowntimeMinutes / Incidents
	MedianMinutes   *float64    // Hyndman & Fan type 7
	MedianCI95      *[2]float64 // exact, from order statistics; from 6 incidents
	P90Minutes      *float64    // Hyndman & Fan type 7; from 10 incidents
	MaxMinutes      *float64
	Values          []float64 // ascending; below 6 incidents only, where they say more than any figure
	Target          *Target   // nil where no target applies to any of the incidents
	TimeToDetect    Span      // started to detected
	TimeToDiagnose  Span      // detected to diagnosed
	TimeToRepair    Span      // diagnosed to mitigated
}

// Target tells how many incidents were restored in less than the target of their severity.
type Target struct {
	Minutes *float64    // nil where the incidents have different targets
	Met     int         // downtime strictly below the target
	Of      int         // incidents whose severity has a target; may be fewer than Group.Incidents
	Share   *float64    // Met / Of
	CI95    *[2]float64 // Wilson score interval of Share
	MTTRMet *bool       // the group's mean is below Minutes; nil unless that one target applies to every incident of the group
}

// Span is the figures of a phase, in minutes. N counts the incidents whose records name both ends in the right order.
type Span struct {
	N      int
	Mean   *float64
	Median *float64
	P90    *float64 // from 10 values
}

// Period is the figures of the incidents that started in a month or a quarter.
type Period struct {
	Period string
	Group
}

// Ongoing is an incident whose downtime had not ended at Report.Now.
type Ongoing struct {
	ID             string
	AtLeastMinutes float64
}

// Excluded is an incident that is in no figure.
type Excluded struct{ ID, Reason string }

// Compute reports on the incidents of h that opt chooses.
func Compute(h incident.History, cfg config.Config, opt Options) Report {
	ends := incident.DowntimeEnds(cfg.DowntimeEnds)
	chosen := opt.choose(h.Incidents)
	samples, excluded := classify(chosen, cfg, rules{ends, opt.Now})
	r := Report{
		Window:     calendar.Window{From: opt.Window.From.In(cfg.Location()), To: opt.Window.To.In(cfg.Location())},
		Severities: sorted(opt.Severities), Services: sorted(opt.Services),
		DowntimeEnds: ends, Timezone: cfg.Location().String(), Now: opt.Now.In(cfg.Location()),
		Overall:    summarise(samples),
		BySeverity: bySeverity(samples, opt.levels(cfg)),
		ByService:  byService(samples, opt.Services),
		ByMonth:    byPeriod(samples, cfg.Location(), month),
		ByQuarter:  byPeriod(samples, cfg.Location(), quarter),
		Ongoing:    listOngoing(samples, opt.Now),
		Excluded:   excluded,
	}
	r.Verdicts = verdicts(chosen, cfg, opt)
	r.Sentence = sentence(r)
	return r
}

// levels are the severities that a report shows even where there are no incidents.
func (o Options) levels(cfg config.Config) []incident.Severity {
	if len(o.Severities) > 0 {
		return o.Severities
	}
	return cfg.Levels()
}

func (o Options) choose(all []incident.Incident) []*incident.Incident {
	var chosen []*incident.Incident
	for i := range all {
		if o.covers(&all[i]) {
			chosen = append(chosen, &all[i])
		}
	}
	return chosen
}

// covers tells whether an incident passes window and filters. One without `started` is placed by its first known milestone,
// and one without any is always listed: leaving it out in silence would hide the gap in the record.
func (o Options) covers(inc *incident.Incident) bool {
	if len(o.Severities) > 0 && !slices.Contains(o.Severities, inc.Severity) {
		return false
	}
	if len(o.Services) > 0 && !slices.ContainsFunc(inc.Services, func(s string) bool { return slices.Contains(o.Services, s) }) {
		return false
	}
	for _, t := range inc.Milestones {
		if !t.IsZero() {
			return o.Window.Contains(t)
		}
	}
	return true
}

func sorted[T cmp.Ordered](list []T) []T {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}
