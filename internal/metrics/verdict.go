package metrics

import (
	"fmt"
	"math"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
)

// Verdict compares the MTTR of one severity with its target, under the configured end of downtime and under the other one: the
// answer can turn on it.
type Verdict struct {
	Severity      incident.Severity
	TargetMinutes float64
	Outcome               // by the configured downtime_ends
	Other         Outcome // by the other one
}

// Outcome is a verdict under one definition of downtime.
type Outcome struct {
	DowntimeEnds incident.DowntimeEnds
	Incidents    int      // over and counted
	MTTRMinutes  *float64 // nil where Incidents is 0
	Met          *bool    // MTTRMinutes < target; nil where Incidents is 0
}

// Turns tells whether the other definition of downtime gives the opposite verdict.
func (v Verdict) Turns() bool { return v.Met != nil && v.Other.Met != nil && *v.Met != *v.Other.Met }

func verdicts(chosen []*incident.Incident, cfg config.Config, opt Options) []Verdict {
	ends := incident.DowntimeEnds(cfg.DowntimeEnds)
	other := incident.EndsResolved
	if ends == incident.EndsResolved {
		other = incident.EndsMitigated
	}
	var out []Verdict
	for _, level := range sorted(opt.levels(cfg)) {
		target := time.Duration(cfg.Policy(level).MTTRTarget)
		if target == 0 {
			continue
		}
		var ofLevel []*incident.Incident
		for _, inc := range chosen {
			if inc.Severity == level {
				ofLevel = append(ofLevel, inc)
			}
		}
		out = append(out, Verdict{
			Severity: level, TargetMinutes: target.Minutes(),
			Outcome: outcome(ofLevel, cfg, rules{ends, opt.Now}),
			Other:   outcome(ofLevel, cfg, rules{other, opt.Now}),
		})
	}
	return out
}

func outcome(ofLevel []*incident.Incident, cfg config.Config, r rules) Outcome {
	samples, _ := classify(ofLevel, cfg, r)
	g := summarise(samples)
	o := Outcome{DowntimeEnds: r.ends, Incidents: g.Incidents, MTTRMinutes: g.MTTRMinutes}
	if g.Target != nil {
		o.Met = g.Target.MTTRMet
	}
	return o
}

// FormatTarget spells a target as it is spoken of: "60 min" up to two hours, "4 h 00 min" above.
func FormatTarget(minutes float64) string {
	if minutes < 120 && minutes == math.Trunc(minutes) {
		return fmt.Sprintf("%.0f min", minutes)
	}
	return FormatMinutes(minutes)
}

// FormatMinutes spells a number of minutes for people: "1 h 05 min".
func FormatMinutes(minutes float64) string {
	ns := math.Round(minutes * float64(time.Minute))
	if ns >= math.MaxInt64 { // a total may be longer than a time.Duration
		return fmt.Sprintf("%.0f d", math.Trunc(minutes/(24*60)))
	}
	return calendar.FormatDuration(time.Duration(ns))
}
