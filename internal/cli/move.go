package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// move is one step of an incident: a status update, the status that it leads to, and the stamps that go with it.
type move struct {
	*records
	rec     *parse.Record
	at      time.Time
	text    string
	status  incident.Status // of the update; "" for as before
	silent  bool            // no status update, only the move
	forward bool            // the incident's status becomes the update's
	stamps  []stamped
}

type stamped struct {
	milestone incident.Milestone
	at        time.Time
}

// notBefore makes now, to the minute, not earlier than a stamp of this minute that has seconds.
func (m *move) notBefore(g *globals) {
	now, err := g.clock()
	if err != nil {
		return
	}
	for _, t := range m.rec.Incident.Milestones {
		if t.After(m.at) && !t.After(now) {
			m.at = t
		}
	}
}

// plan decides what moves, and refuses what must not.
func (m *move) plan() error {
	inc, id := m.rec.Incident, harmless.Line(m.rec.ID)
	if inc.Status.Order() < 0 {
		return usageError("%s has no status that is known, want it mended first: see sitrep lint", id)
	}
	last, next := neighbours(inc.Updates, m.at)
	if next != "" {
		return m.planEarlier(last, next)
	}
	if m.status == "" {
		m.status = inc.Status
	}
	switch {
	case inc.Status == incident.StatusOver:
		return usageError("%s is resolved, want an open incident; if it is not over, sitrep set %s status=monitoring resolved=", id, id)
	case m.status.Order() < inc.Status.Order():
		return usageError("status goes from %s back to %s, want it to go forward; where a fix did not hold, tell it with this status or sitrep log, "+
			"and correct status and stamps with sitrep set", inc.Status, m.status)
	}
	m.forward = m.status != inc.Status
	if m.forward {
		m.stamp(m.at)
	}
	return nil
}

// planEarlier places an update among those that are there.
func (m *move) planEarlier(last, next incident.Status) error {
	if m.status == "" {
		m.status = last
	}
	if m.status == "" {
		m.status = incident.Investigating
	}
	if m.status.Order() < last.Order() || m.status.Order() > next.Order() {
		return usageError("an update of that time stands between %s and %s, want one of these, not %q", orNone(last), next, m.status)
	}
	return nil
}

func orNone(s incident.Status) string {
	if s == "" {
		return "nothing"
	}
	return string(s)
}

// neighbours are the statuses of the updates before and after a time.
func neighbours(updates []incident.Entry, at time.Time) (last, next incident.Status) {
	for _, u := range updates {
		switch {
		case u.Status == "" || u.At.IsZero():
		case !u.At.After(at):
			last = u.Status
		case next == "":
			next = u.Status
		}
	}
	return last, next
}

// milestoneOf is the stamp that goes with a status.
var milestoneOf = map[incident.Status]incident.Milestone{
	incident.Identified: incident.Diagnosed, incident.Monitoring: incident.Mitigated, incident.StatusOver: incident.Resolved,
}

// milestoneText is the timeline's entry for a stamp that has none.
var milestoneText = map[incident.Milestone]string{
	incident.Diagnosed: "Cause identified.", incident.Mitigated: "Impact mitigated, monitoring.", incident.Resolved: "Incident resolved.",
}

// stamp fills the stamp of the status, unless one is there.
func (m *move) stamp(at time.Time) {
	if ms, ok := milestoneOf[m.status]; ok {
		m.fill(ms, at)
	}
}

func (m *move) fill(ms incident.Milestone, at time.Time) {
	if m.rec.Incident.Milestones[ms].IsZero() {
		m.stamps = append(m.stamps, stamped{ms, at})
	}
}

// apply makes the edits of a move.
func (m *move) apply(f edit.File) (out edited, err error) {
	set := func(key, value string) {
		if err == nil {
			f.Source, err = edit.SetField(f, key, edit.Text(value))
		}
	}
	if m.forward {
		set("status", string(m.status))
		out.said = append(out.said, fmt.Sprintf("status: %s, was %s", m.status, m.rec.Incident.Status))
	}
	for _, s := range m.stamps {
		set(s.milestone.String(), s.at.Format(time.RFC3339))
		out.said = append(out.said, fmt.Sprintf("%s: %s", s.milestone, s.at.Format(time.RFC3339)))
	}
	insert := func(section string, e edit.Entry) {
		if err == nil {
			f.Source, err = edit.InsertEntry(f, section, e)
			out.said = append(out.said, strings.ToLower(section)+": "+m.shown(m.rec, e.At)+" - "+e.Text)
		}
	}
	for _, s := range m.stamps {
		if !tells(m.rec.Incident.Timeline, s) {
			insert(parse.SectionTimeline, edit.Entry{At: s.at, Text: milestoneText[s.milestone]})
		}
	}
	if !m.silent {
		insert(parse.SectionUpdates, edit.Entry{At: m.at, Status: m.status, Text: m.text})
	}
	if err != nil {
		return out, editError(err)
	}
	out.source = f.Source
	return out, nil
}

// tells is whether a timeline has an entry in the minute of a stamp; for the end, one that says so.
func tells(list []incident.Entry, s stamped) bool {
	for _, e := range list {
		said := s.milestone != incident.Resolved || strings.Contains(strings.ToLower(e.Text), "resolved")
		if said && !e.At.IsZero() && e.At.Truncate(time.Minute).Equal(s.at.Truncate(time.Minute)) {
			return true
		}
	}
	return false
}
