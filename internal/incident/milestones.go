package incident

import (
	"time"
)

// Milestone is a named instant in the life of an incident.
type Milestone int

// The milestones, in the order in which they happen.
const (
	Started   Milestone = iota // the impact began
	Detected                   // somebody or something noticed
	Diagnosed                  // the cause was found
	Mitigated                  // service was restored
	Resolved                   // the Incident Commander closed it
	milestoneCount
)

var milestoneNames = [...]string{"started", "detected", "diagnosed", "mitigated", "resolved"}

// String is the milestone's front-matter key.
func (m Milestone) String() string { return milestoneNames[m] }

// Milestones holds the five instants of an incident, indexed by Milestone. UTC; zero where the record does not say.
type Milestones [milestoneCount]time.Time

// Phase is the time between two milestones that follow each other in a record. Where a milestone between them is missing
// the phase spans more than one step, so that the phases of an incident always add up to the whole.
type Phase struct {
	From, To   Milestone
	Start, End time.Time
}

var phaseNames = [...]string{Detected: "detect", Diagnosed: "diagnose", Mitigated: "repair", Resolved: "verify"}

// Name is "detect", "diagnose", "repair" or "verify", or several joined by "+" where milestones between are missing.
func (p Phase) Name() string {
	name := ""
	for m := p.From + 1; m <= p.To; m++ {
		if name != "" {
			name += "+"
		}
		name += phaseNames[m]
	}
	return name
}

// Duration of the phase; negative where the stamps are out of order.
func (p Phase) Duration() time.Duration { return p.End.Sub(p.Start) }

// Phases cuts the time from the first to the last known milestone into phases that telescope: each begins where the one
// before ends, whatever is missing and whatever the order of the stamps.
func (m Milestones) Phases() []Phase {
	var phases []Phase
	last := Milestone(-1)
	for i := Started; i < milestoneCount; i++ {
		if m[i].IsZero() {
			continue
		}
		if last >= 0 {
			phases = append(phases, Phase{From: last, To: i, Start: m[last], End: m[i]})
		}
		last = i
	}
	return phases
}

// Between is the time from one milestone to another; ok is false where either is missing.
func (m Milestones) Between(from, to Milestone) (d time.Duration, ok bool) {
	if m[from].IsZero() || m[to].IsZero() {
		return 0, false
	}
	return m[to].Sub(m[from]), true
}

// DowntimeEnds says which milestone ends downtime. The verdict on a target can turn on it, so it is a setting and is
// printed beside every figure.
type DowntimeEnds string

// The ends. EndsMitigated falls back to resolved where a record does not say when service was restored.
const (
	EndsMitigated DowntimeEnds = "mitigated"
	EndsResolved  DowntimeEnds = "resolved"
)

// DowntimeEnd is the instant at which downtime ended; zero while it goes on.
func (m Milestones) DowntimeEnd(ends DowntimeEnds) time.Time {
	if ends == EndsMitigated && !m[Mitigated].IsZero() {
		return m[Mitigated]
	}
	return m[Resolved]
}
