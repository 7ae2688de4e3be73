package lint

import (
	"fmt"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/yamltree"
)

const familyTimes = "times"

func timeRules() []Rule {
	return []Rule{
		{
			Name: "times-order", Family: familyTimes, Level: diag.Error, Check: checkTimesOrder,
			Doc: "started <= detected <= diagnosed <= mitigated <= resolved. A stamp out of order makes a negative duration, and every mean that holds it is wrong.",
			Ok:  "mitigated: 2025-03-04T13:25:00Z\n",
			Bad: "mitigated: 2025-03-04T14:25:00Z\n",
		},
		{
			Name: "times-zero", Family: familyTimes, Level: diag.Warning, Check: checkTimesZero,
			Doc: "An incident that ends in the instant in which it starts has no duration: it is left out of every mean, and named there. Often both stamps are the time of writing.",
			Ok:  "started: 2025-03-04T13:02:00Z\n",
			Bad: "-- incidents/2025-03-04-api-outage.md --\n" + zeroIncident,
		},
		{
			Name: "times-status", Family: familyTimes, Level: diag.Error, Check: checkTimesStatus,
			Doc: "`status: resolved` and the `resolved` stamp go together. With one and not the other, reports cannot tell whether the incident is over.",
			Ok:  "status: resolved\n",
			Bad: "status: monitoring\n",
		},
		{
			Name: "id-date", Family: familyTimes, Level: diag.Warning, Check: checkIDDate,
			Doc: "A record's id begins with the date on which the incident started or was detected, in the record's zone or in UTC. Another date is a slip in one of the two.",
			Ok:  "started: 2025-03-04T13:02:00Z\n",
			Bad: "-- incidents/2025-04-03-api-outage.md --\n" + baseIncident,
		},
		{
			Name: "impact-window", Family: familyTimes, Level: diag.Error, Check: checkImpact,
			Doc: "An impact window names one of the incident's services, begins before it ends, and lies within the incident.",
			Ok:  "impact: [{service: api, from: 2025-03-04T13:02:00Z, to: 2025-03-04T13:25:00Z, level: major_outage}]\n",
			Bad: "impact: [{service: web, from: 2025-03-04T13:25:00Z, to: 2025-03-04T13:02:00Z, level: major_outage}]\n",
		},
	}
}

// written is a field's text as it stands in the file.
func written(d *parse.Document, key string) string {
	if f := d.Meta.Get(key); f != nil {
		return f.Value.Text
	}
	return ""
}

func checkTimesOrder(p *Pass) {
	if p.Doc.Kind != parse.IncidentRecord {
		return
	}
	for _, phase := range p.Doc.Incident.Milestones.Phases() {
		if phase.Duration() >= 0 {
			continue
		}
		from, to := phase.From.String(), phase.To.String()
		p.report(p.Doc.Field(from), slip(p.Doc.Incident, phase), "%s %q is after %s %q, want started <= detected <= diagnosed <= mitigated <= resolved",
			from, written(p.Doc, from), to, written(p.Doc, to))
	}
}

// slip proposes the timeline entry that one of the two stamps was meant to be: one digit of its clock away, and in order.
func slip(inc *incident.Incident, phase incident.Phase) string {
	for _, m := range []incident.Milestone{phase.From, phase.To} {
		stamp := inc.Milestones[m]
		for _, e := range inc.Timeline {
			if e.At.IsZero() || !oneDigitOff(stamp, e.At) {
				continue
			}
			trial := inc.Milestones
			trial[m] = e.At
			if inOrder(trial) {
				return fmt.Sprintf("the timeline says \"%s - %s\"; did you mean %s for %s?", e.At.Format("15:04"), short(e.Text), e.At.Format("15:04"), m)
			}
		}
	}
	return ""
}

func inOrder(m incident.Milestones) bool {
	for _, p := range m.Phases() {
		if p.Duration() < 0 {
			return false
		}
	}
	return true
}

func oneDigitOff(a, b time.Time) bool {
	const shape = "2006-01-02T15:04"
	x, y := a.UTC().Format(shape), b.UTC().Format(shape)
	n := 0
	for i := range x {
		if x[i] != y[i] {
			n++
		}
	}
	return n == 1
}

// short cuts a text to what fits a message.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}

func checkTimesZero(p *Pass) {
	if p.Doc.Kind != parse.IncidentRecord || p.Doc.Incident.Kind != incident.KindIncident {
		return
	}
	m := p.Doc.Incident.Milestones
	if end := m.DowntimeEnd(incident.DowntimeEnds(p.Config.DowntimeEnds)); !m[incident.Started].IsZero() && end.Equal(m[incident.Started]) {
		p.report(p.Doc.Field("started"), "when did the impact begin, and when did it end?", "the incident ends in the instant in which it starts, %s", end.Format(time.RFC3339))
	}
}

func checkTimesStatus(p *Pass) {
	if p.Doc.Kind != parse.IncidentRecord || p.Doc.Broken {
		return
	}
	inc := p.Doc.Incident
	stamp := written(p.Doc, "resolved")
	switch over := inc.Status == incident.StatusOver; {
	case over && stamp == "" && !hasFinding(p.Doc.Meta.Get("resolved")):
		p.report(p.Doc.Field("status"), "add resolved: with the time at which the Incident Commander closed it", `status is "resolved", but there is no resolved time`)
	case !over && inc.Status != "" && stamp != "":
		p.report(p.Doc.Field("status"), "write status: resolved, or take the time out", `status is %q, but resolved says %q`, inc.Status, stamp)
	}
}

// hasFinding tells whether what stands in a field is no text and was reported as that.
func hasFinding(f *yamltree.Field) bool {
	return f != nil && (f.Value.Refused || f.Value.Kind > yamltree.Scalar)
}

func checkIDDate(p *Pass) {
	if p.Doc.Kind != parse.IncidentRecord {
		return
	}
	inc := p.Doc.Incident
	date := parse.IDDate(inc.ID)
	started := inc.Milestones[incident.Started]
	if date.IsZero() || started.IsZero() {
		return
	}
	zone := parse.ZoneOf(inc, p.Config.Location())
	for _, t := range []time.Time{started, inc.Milestones[incident.Detected]} {
		if !t.IsZero() && (calendar.DateOf(t.In(zone)) == date || calendar.DateOf(t.UTC()) == date) {
			return
		}
	}
	p.report(p.Doc.Field("started"), "rename the file (and keep the old id in formerly), or correct the time", "started %q is on %s, but the id begins with %s",
		written(p.Doc, "started"), calendar.DateOf(started.In(zone)), date)
}

func checkImpact(p *Pass) {
	if p.Doc.Kind != parse.IncidentRecord {
		return
	}
	inc := p.Doc.Incident
	started, resolved := inc.Milestones[incident.Started], inc.Milestones[incident.Resolved]
	for i, w := range inc.Impact {
		at := p.Doc.Item("impact", i)
		known := false
		for _, s := range inc.Services {
			known = known || s == w.Service
		}
		switch {
		case w.Service == "" || w.From.IsZero() || w.Level == "":
			p.report(at, "", `impact %d is incomplete, want "service", "from" and "level"`, i+1)
		case !known:
			p.report(at, "add it to services", "impact %d names service %q, which is not in services", i+1, w.Service)
		case !w.To.IsZero() && !w.From.Before(w.To):
			p.report(at, "", "impact %d begins at %s, which is not before its end at %s", i+1, w.From.Format(time.RFC3339), w.To.Format(time.RFC3339))
		case !started.IsZero() && w.From.Before(started):
			p.report(at, "", "impact %d begins at %s, before the incident started", i+1, w.From.Format(time.RFC3339))
		case !resolved.IsZero() && (w.To.After(resolved) || w.From.After(resolved)):
			p.report(at, "", "impact %d goes on after the incident was resolved", i+1)
		}
	}
}
