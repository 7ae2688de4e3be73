package metrics

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
)

// rules are what the classification of an incident turns on.
type rules struct {
	ends incident.DowntimeEnds
	now  time.Time
}

// sample is an incident that counts, reduced to what figures are made of.
type sample struct {
	id       string
	severity incident.Severity
	services []string
	started  time.Time
	ongoing  bool
	downtime time.Duration // 0 while ongoing
	target   time.Duration // 0 = none
	phases   [3]time.Duration
}

// The phases of a sample; negative where the record does not tell.
const (
	detect = iota
	diagnose
	repair
)

func classify(chosen []*incident.Incident, cfg config.Config, r rules) ([]sample, []Excluded) {
	var samples []sample
	var excluded []Excluded
	for _, inc := range chosen {
		if reason := r.exclude(inc); reason != "" {
			excluded = append(excluded, Excluded{inc.ID, reason})
			continue
		}
		s := r.sample(inc)
		s.target = time.Duration(cfg.Policy(inc.Severity).MTTRTarget)
		samples = append(samples, s)
	}
	slices.SortFunc(excluded, func(a, b Excluded) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Reason, b.Reason))
	})
	return samples, excluded
}

var kindNames = map[incident.Kind]string{incident.KindGameDay: "game day", incident.KindNearMiss: "near miss"}

// exclude is the reason why an incident is in no figure; "" where it counts.
func (r rules) exclude(inc *incident.Incident) string {
	if inc.Kind != incident.KindIncident {
		return cmp.Or(kindNames[inc.Kind], string(inc.Kind), "of unknown kind") + ", not an incident"
	}
	switch inc.Resolution {
	case incident.ResolvedForReal:
		return r.excludeByTime(inc)
	case incident.Duplicate:
		if inc.Duplicate != "" {
			return "duplicate of " + inc.Duplicate
		}
		return "duplicate"
	case incident.FalsePositive:
		return "false positive"
	}
	return cmp.Or(string(inc.Resolution), "of unknown resolution")
}

func (r rules) excludeByTime(inc *incident.Incident) string {
	start, end := inc.Milestones[incident.Started], inc.Milestones.DowntimeEnd(r.ends)
	switch {
	case start.IsZero():
		return "started is missing"
	case start.After(r.now):
		return "starts after the time of the report"
	case end.IsZero() && inc.Status == incident.StatusOver && r.ends == incident.EndsResolved:
		return "is resolved, but the time of it (resolved) is missing"
	case end.IsZero() && inc.Status == incident.StatusOver:
		return "is resolved, but both mitigated and resolved are missing"
	case end.IsZero():
		return ""
	case end.Equal(start):
		return fmt.Sprintf("zero length: started and %s are the same", r.endMilestone(inc))
	case end.Before(start):
		return fmt.Sprintf("ends %s before it starts", calendar.FormatDuration(start.Sub(end)))
	case end.Sub(start) == math.MaxInt64: // where time.Time.Sub saturates
		return "lasts over 292 years"
	}
	return ""
}

func (r rules) endMilestone(inc *incident.Incident) incident.Milestone {
	if r.ends == incident.EndsMitigated && !inc.Milestones[incident.Mitigated].IsZero() {
		return incident.Mitigated
	}
	return incident.Resolved
}

// sample reduces an incident that counts. As of an earlier now, an incident that has ended since is ongoing.
func (r rules) sample(inc *incident.Incident) sample {
	s := sample{id: inc.ID, severity: inc.Severity, services: inc.Services, started: inc.Milestones[incident.Started]}
	end := inc.Milestones.DowntimeEnd(r.ends)
	if end.IsZero() || end.After(r.now) {
		s.ongoing = true
		return s
	}
	s.downtime = end.Sub(s.started)
	s.phases = [3]time.Duration{
		detect:   r.between(inc, incident.Started, incident.Detected),
		diagnose: r.between(inc, incident.Detected, incident.Diagnosed),
		repair:   r.between(inc, incident.Diagnosed, incident.Mitigated),
	}
	return s
}

// between is negative where an end is missing, lies in the future, or the two are out of order.
func (r rules) between(inc *incident.Incident, from, to incident.Milestone) time.Duration {
	d, ok := inc.Milestones.Between(from, to)
	if !ok || inc.Milestones[to].After(r.now) {
		return -1
	}
	return d
}

func listOngoing(samples []sample, now time.Time) []Ongoing {
	var out []Ongoing
	for _, s := range samples {
		if s.ongoing {
			out = append(out, Ongoing{s.id, now.Sub(s.started).Minutes()})
		}
	}
	slices.SortFunc(out, func(a, b Ongoing) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.AtLeastMinutes, b.AtLeastMinutes))
	})
	return out
}
