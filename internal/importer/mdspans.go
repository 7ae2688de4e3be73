package importer

import (
	"time"

	"github.com/syncwell/sitrep/internal/incident"
)

// spans is what a source states of durations. An end may be counted from the start or from the detection; both are tried.
type spans struct {
	detect  time.Duration
	ends    []time.Duration // from the start, the likeliest first
	detects bool
	stamps  map[time.Time]bool // of the timeline's entries, UTC
}

// readStatedSpans sets the milestones. Stated durations are no stamps: one is used only where the timeline has an entry at that
// distance from the start. The start is the first entry, or the one entry that all durations fit.
func (d *draft) readStatedSpans(o *Options, f *foreign) {
	var s spans
	s.detect, s.detects = duration(f.stated["detect"])
	recover, recovers := duration(f.stated["recover"])
	if down, ok := duration(f.stated["downtime"]); ok {
		s.ends = append(s.ends, down)
	}
	if recovers {
		s.ends = append(s.ends, recover)
		if s.detects {
			s.ends = append(s.ends, s.detect+recover)
		}
	}
	for _, key := range []string{"detect", "recover", "downtime"} {
		if text := oneLine(f.stated[key]); text != "" {
			if _, ok := duration(text); !ok {
				d.note(Dropped, "time to %s: %q is no duration", key, cut(text, 40))
			}
		}
	}
	if len(d.timeline) == 0 {
		if s.detects || len(s.ends) > 0 {
			d.note(Dropped, "stated durations: no time in the timeline that they could be counted from; they stay in the text")
		}
		return
	}
	d.anchor(s)
}

// anchor finds the start and puts the stated durations on the timeline.
func (d *draft) anchor(s spans) {
	m := &d.inc.Milestones
	s.stamps = make(map[time.Time]bool, len(d.timeline))
	for _, e := range d.timeline {
		s.stamps[e.at] = true
	}
	start, why := 0, "the first entry of the timeline"
	if only := d.fitsAll(s); only > 0 {
		start, why = only, "the one entry of the timeline that the stated durations fit"
	}
	m[incident.Started] = d.timeline[start].at
	d.note(Inferred, "started %s: %s", stampText(m[incident.Started]), why)
	if s.detects {
		if at := m[incident.Started].Add(s.detect); s.stamps[at] {
			m[incident.Detected] = at
			d.note(Inferred, "detected %s: the stated time to detection, and the timeline has an entry there", stampText(at))
		} else {
			d.note(Contradiction, "time to detection %s: the timeline has no entry that long after the start; detected is left out", s.detect)
		}
	}
	for _, end := range s.ends {
		if at := m[incident.Started].Add(end); s.stamps[at] {
			m[incident.Mitigated] = at
			d.note(Inferred, "mitigated %s: the stated time to recovery, and the timeline has an entry there", stampText(at))
			break
		}
	}
	switch {
	case !m[incident.Mitigated].IsZero():
		m[incident.Resolved] = d.timeline[len(d.timeline)-1].at
		d.note(Inferred, "resolved %s: the last entry of the timeline", stampText(m[incident.Resolved]))
	case len(s.ends) > 0:
		d.note(Contradiction, "time to recovery %s: the timeline has no entry that long after the start; mitigated and resolved are left out", s.ends[0])
	default:
		d.note(Dropped, "resolved: the source states no time to recovery; mitigated and resolved are left out")
	}
}

// fitsAll is the one entry from which all stated durations lead to entries; 0 where that is the first, or none, or several.
func (d *draft) fitsAll(s spans) int {
	if !s.detects || len(s.ends) == 0 {
		return 0
	}
	found := 0
	for i, e := range d.timeline {
		if !s.stamps[e.at.Add(s.detect)] {
			continue
		}
		for _, end := range s.ends {
			if !s.stamps[e.at.Add(end)] {
				continue
			}
			if i == 0 || found > 0 && d.timeline[found].at != e.at {
				return 0
			}
			found = i
			break
		}
	}
	return found
}
