package draft

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// Postmortem fills a template from an incident: the Incident Commander as owner, the people of the incident as attendees, its
// timeline, and its summary where somebody has written one.
func Postmortem(template []byte, inc *incident.Incident, cfg *config.Config) ([]byte, error) {
	f := edit.File{Path: "postmortems/" + inc.ID + ".md", Kind: parse.PostmortemRecord, Source: template, Config: cfg}
	if s := strings.TrimSpace(inc.Summary); s != "" && !IsFirstSummary(s) {
		f.Source = fillSection(f, parse.SectionExecutive, strings.Split(s, "\n"))
	}
	if len(inc.Timeline) > 0 {
		f.Source = fillSection(f, parse.SectionTimeline, Timeline(inc, cfg.Location()))
	}
	for _, field := range []field{
		{"incident", edit.Text(inc.ID)},
		{"status", edit.Text(string(incident.Draft))},
		{"owner", edit.Text(login(inc.Roles.Commander))},
		{"meeting", edit.Text("")},
		{"attendees", edit.List(logins(Attendees(inc.Roles))...)},
	} {
		out, err := edit.SetField(f, field.key, field.value)
		if err != nil {
			return nil, fmt.Errorf("fill the template: %w", err)
		}
		f.Source = out
	}
	return f.Source, nil
}

// Attendees of a post-mortem's meeting: the Incident Commander and every Subject Matter Expert.
func Attendees(r incident.Roles) []string {
	var out []string
	for _, l := range slices.Concat([]string{r.Commander}, r.Experts) {
		if l != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// MeetingBy is the last business day on which a post-mortem's meeting is in time; no day while the incident goes on.
func MeetingBy(inc *incident.Incident, loc *time.Location) calendar.Date {
	resolved := inc.Milestones[incident.Resolved]
	if resolved.IsZero() {
		return calendar.Date{}
	}
	return calendar.AddBusinessDays(calendar.DateOf(resolved.In(loc)), config.PostmortemDays)
}

// Timeline writes an incident's timeline as list items. A post-mortem is read from the same day and in the same zone, so a date is
// written only where a reader would take the clock for another day's.
func Timeline(inc *incident.Incident, fallback *time.Location) []string {
	loc := parse.ZoneOf(inc, fallback)
	base := StartDay(inc, loc)
	var moments []parse.Moment
	var out []string
	for _, e := range inc.Timeline {
		if e.At.IsZero() {
			out = append(out, "- "+e.Text)
			continue
		}
		m, when := spell(moments, base, loc, e.At)
		moments = append(moments, m)
		text := e.Text
		if e.Status != "" {
			text = strings.ToUpper(string(e.Status[:1])) + string(e.Status[1:]) + " - " + text
		}
		out = append(out, "- "+when+" - "+text)
	}
	return out
}

// spell writes an instant that follows others so that it is read as itself: by its clock, with its date, or in UTC.
func spell(before []parse.Moment, base calendar.Date, loc *time.Location, t time.Time) (parse.Moment, string) {
	shape := func(t time.Time) string {
		if t.Second() != 0 {
			return t.Format("15:04:05")
		}
		return t.Format("15:04")
	}
	local := t.In(loc)
	clock := calendar.Clock{Hour: local.Hour(), Minute: local.Minute(), Second: local.Second()}
	reads := func(m parse.Moment) bool {
		times := parse.Resolve(append(slices.Clone(before), m), base, loc)
		return times[len(times)-1].Equal(t.Truncate(time.Second))
	}
	m := parse.Moment{Clock: clock, Known: true}
	if reads(m) {
		return m, shape(local)
	}
	if m.Date = calendar.DateOf(local); reads(m) {
		return m, m.Date.String() + " " + shape(local)
	}
	utc := t.UTC()
	m = parse.Moment{Date: calendar.DateOf(utc), Clock: calendar.Clock{Hour: utc.Hour(), Minute: utc.Minute(), Second: utc.Second()}, Known: true, Zoned: true}
	return m, m.Date.String() + " " + shape(utc) + "Z"
}

// StartDay is the day from which the clock times of an incident and of its post-mortem are read; see docs/formats.md.
func StartDay(inc *incident.Incident, loc *time.Location) calendar.Date {
	for _, t := range inc.Milestones {
		if !t.IsZero() {
			return calendar.DateOf(t.In(loc))
		}
	}
	return parse.IDDate(inc.ID)
}
