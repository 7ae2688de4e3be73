package lint

import (
	"fmt"
	"slices"
	"time"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

const familyTimeline = "timeline"

// contextBefore is how long before the impact a timeline may begin: a deployment of the day before belongs to the story, one
// of the month before is a slip of the date.
const contextBefore = 24 * time.Hour

func timelineRules() []Rule {
	return []Rule{
		{
			Name: parse.RuleTimelineEntry, Family: familyTimeline, Level: diag.Error,
			Doc: "An entry is `[DATE ]HH:MM[:SS] - [Status - ]text`, one list item or table row each, on the 24-hour clock of the record's zone.",
			Ok:  "## Timeline\n\n- 13:02 - Requests begin to fail.\n- 13:05 - Alert fires.\n- 13:25 - Error rates return to normal.\n- 14:10 - Incident resolved.\n",
			Bad: "## Timeline\n\n- 13:02 - Requests begin to fail.\n- 13:05 - Alert fires.\n- 1:25pm - Error rates return to normal.\n- 14:10 - Incident resolved.\n",
		},
		{
			Name: "timeline-order", Family: familyTimeline, Level: diag.Error, Check: checkTimelineOrder,
			Doc: "Entries stand in the order in which things happened. A clock that goes back by over 12 hours is the next day; anything less is a slip, or wants its date written.",
			Ok:  "## Timeline\n\n- 13:02 - Requests begin to fail.\n- 13:05 - Alert fires.\n- 13:25 - Error rates return to normal.\n- 14:10 - Incident resolved.\n",
			Bad: "## Timeline\n\n- 13:05 - Alert fires.\n- 13:02 - Requests begin to fail.\n- 13:25 - Error rates return to normal.\n- 14:10 - Incident resolved.\n",
		},
		{
			Name: "timeline-range", Family: familyTimeline, Level: diag.Warning, Check: checkTimelineRange,
			Doc: "Entries lie between the day before the impact began and the end of the incident. What came later belongs into the text; a date far off is a slip.",
			Ok:  "## Timeline\n\n- 13:02 - Requests begin to fail.\n- 13:05 - Alert fires.\n- 13:25 - Error rates return to normal.\n- 14:10 - Incident resolved.\n",
			Bad: "## Timeline\n\n- 2025-02-04 13:02 - Requests begin to fail.\n- 2025-03-04 13:02 - Somebody notices.\n- 13:05 - Alert fires.\n- 13:25 - Error rates return to normal.\n- 14:10 - Incident resolved.\n",
		},
		{
			Name: "postmortem-timeline", Family: familyTimeline, Level: diag.Warning, Check: checkPostmortemTimeline, Repository: true, On: parse.PostmortemRecord,
			Doc: "The timeline of a post-mortem lies between the day before its incident's impact began and the end of the incident: the two records tell one story.",
			Ok:  "## Timeline\n\n- 13:02 - Requests begin to fail.\n- 13:25 - Error rates return to normal.\n",
			Bad: "## Timeline\n\n- 2025-02-04 13:02 - Requests begin to fail.\n- 2025-03-04 13:25 - Error rates return to normal.\n",
		},
		{
			Name: "timeline-milestone", Family: familyTimeline, Level: diag.Warning, Check: checkTimelineMilestone,
			Doc: "The front matter and the timeline tell one story: for `detected`, `mitigated` and `resolved` the timeline of the incident has an entry in that minute. Two places that disagree cannot both be right, and the figures come from one of them.",
			Ok:  "## Timeline\n\n- 13:02 - Requests begin to fail.\n- 13:05 - Alert fires.\n- 13:25 - Error rates return to normal.\n- 14:10 - Incident resolved.\n",
			Bad: "## Timeline\n\n- 13:02 - Requests begin to fail.\n- 13:09 - Alert fires.\n- 13:25 - Error rates return to normal.\n- 14:10 - Incident resolved.\n",
		},
		{
			Name: "update-resolved", Family: familyTimeline, Level: diag.Warning, Check: checkUpdateResolved,
			Doc: "The status update that says \"Resolved\" goes out when the incident is resolved. Minutes between the two are normal, an hour is a slip in one of them.",
			Ok:  "## Status Updates\n\n- 13:10 - Investigating - We are looking into failing requests.\n- 14:12 - Resolved - All is well again.\n",
			Bad: "## Status Updates\n\n- 13:10 - Investigating - We are looking into failing requests.\n- 17:12 - Resolved - All is well again.\n",
		},
	}
}

// entries are a document's timeline and status updates.
func entries(d *parse.Document) [][]incident.Entry {
	if d.Kind == parse.IncidentRecord {
		return [][]incident.Entry{d.Incident.Timeline, d.Incident.Updates}
	}
	return [][]incident.Entry{d.Postmortem.Timeline}
}

func checkTimelineOrder(p *Pass) {
	zone := time.UTC // of a post-mortem's entries until its incident is known
	if p.Doc.Kind == parse.IncidentRecord {
		zone = parse.ZoneOf(p.Doc.Incident, p.Config.Location())
	}
	for _, list := range entries(p.Doc) {
		var last *incident.Entry
		for i := range list {
			e := &list[i]
			if e.At.IsZero() {
				continue
			}
			if last != nil && e.At.Before(last.At) {
				p.report(e.Span, "put the entries in the order in which things happened, or write the date: YYYY-MM-DD HH:MM",
					"entry of %s stands after one of %s", clock(e.At.In(zone), last.At.In(zone)), clock(last.At.In(zone), e.At.In(zone)))
				continue
			}
			last = e
		}
	}
}

// clock shows a time, with its date where the other one is of another day.
func clock(t, other time.Time) string {
	if t.Format(time.DateOnly) == other.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}

func checkTimelineRange(p *Pass) {
	if p.Doc.Kind == parse.IncidentRecord {
		p.checkRange(&p.Doc.Record, p.Doc.Incident.Timeline, p.Doc.Incident)
	}
}

func checkPostmortemTimeline(p *Pass) {
	p.postmortems(func(r *parse.Record) {
		if inc := p.soleIncident(r); inc != nil {
			p.checkRange(r, r.Postmortem.Timeline, inc.Incident)
		}
	})
}

// soleIncident is the incident of a post-mortem that covers just one.
func (p *Pass) soleIncident(r *parse.Record) *parse.Record {
	if len(r.Postmortem.Incidents) != 1 {
		return nil
	}
	inc := p.Repo.Incident(r.Postmortem.Incidents[0])
	if inc == nil || inc.Broken {
		return nil
	}
	return inc
}

func (p *Pass) checkRange(r *parse.Record, list []incident.Entry, inc *incident.Incident) {
	started, resolved := inc.Milestones[incident.Started], inc.Milestones[incident.Resolved]
	if !started.IsZero() && !resolved.IsZero() && resolved.Before(started) {
		return // times-order has said it
	}
	zone := parse.ZoneOf(inc, p.Config.Location())
	started, resolved = started.In(zone), resolved.In(zone)
	for _, e := range list {
		at := e.At.In(zone)
		switch {
		case at.IsZero():
		case !started.IsZero() && started.Sub(at) > contextBefore:
			p.reportIn(r.Path, e.Span, "is the date right?", "entry of %s is %s before the incident started, %s", at.Format("2006-01-02 15:04"), days(started.Sub(at)), started.Format("2006-01-02 15:04"))
		case !resolved.IsZero() && at.Sub(resolved) >= time.Minute:
			p.reportIn(r.Path, e.Span, "is the date right? what came later belongs into the text", "entry of %s is after the incident was resolved, %s", clock(at, resolved), clock(resolved, at))
		}
	}
}

func days(d time.Duration) string {
	if n := int(d.Hours() / 24); n != 1 {
		return fmt.Sprintf("%d days", n)
	}
	return "a day"
}

func checkTimelineMilestone(p *Pass) {
	if p.Doc.Kind != parse.IncidentRecord || !timed(p.Doc.Incident.Timeline) || !inOrder(p.Doc.Incident.Milestones) {
		return // times-order has said what is off
	}
	for _, m := range []incident.Milestone{incident.Detected, incident.Mitigated, incident.Resolved} {
		p.checkMilestone(m)
	}
}

func timed(list []incident.Entry) bool {
	return slices.ContainsFunc(list, func(e incident.Entry) bool { return !e.At.IsZero() })
}

func (p *Pass) checkMilestone(m incident.Milestone) {
	inc := p.Doc.Incident
	stamp := inc.Milestones[m]
	if stamp.IsZero() {
		return
	}
	var nearest *incident.Entry
	for i := range inc.Timeline {
		e := &inc.Timeline[i]
		if e.At.IsZero() {
			continue
		}
		if e.At.Truncate(time.Minute).Equal(stamp.Truncate(time.Minute)) {
			return
		}
		if nearest == nil || e.At.Sub(stamp).Abs() < nearest.At.Sub(stamp).Abs() {
			nearest = e
		}
	}
	zone := parse.ZoneOf(inc, p.Config.Location())
	p.report(p.Doc.Field(m.String()), fmt.Sprintf("the nearest entry is \"%s - %s\"", nearest.At.In(zone).Format("15:04"), short(nearest.Text)),
		"no timeline entry in the minute of %s, %s", m, stamp.In(zone).Format("15:04"))
}

func checkUpdateResolved(p *Pass) {
	if p.Doc.Kind != parse.IncidentRecord || len(p.Doc.Incident.Updates) == 0 {
		return
	}
	resolved := p.Doc.Incident.Milestones[incident.Resolved]
	last := p.Doc.Incident.Updates[len(p.Doc.Incident.Updates)-1]
	if !resolved.IsZero() && last.Status == incident.StatusOver && !last.At.IsZero() && last.At.Sub(resolved).Abs() > time.Hour {
		p.report(last.Span, "", "the update that says resolved is of %s, the incident was resolved at %s", clock(last.At, resolved), clock(resolved, last.At))
	}
}
