package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// find gives the incident that a part of its id names. Without a part the one open incident is meant.
func (r *records) find(part string) (*parse.Record, error) {
	var all, open, found []*parse.Record
	for i := range r.tree.Records {
		rec := &r.tree.Records[i]
		if rec.Kind != parse.IncidentRecord {
			continue
		}
		all = append(all, rec)
		if !rec.Broken && rec.Incident.Status != incident.StatusOver {
			open = append(open, rec)
		}
		if part != "" && (rec.ID == part || slices.Contains(rec.Incident.FormerIDs, part)) {
			return r.readable(rec)
		}
		if part != "" && strings.Contains(rec.ID, strings.ToLower(part)) {
			found = append(found, rec)
		}
	}
	switch {
	case part == "" && len(open) == 1:
		return open[0], nil
	case part == "" && len(open) == 0:
		return nil, usageError("no incident is open, want the id of the one that is meant")
	case part == "":
		return nil, usageError("%d incidents are open, want the id of the one that is meant: %s", len(open), someIDs(open))
	case len(found) == 1:
		return r.readable(found[0])
	case len(found) == 0:
		return nil, usageError("no incident has %q in its id, want one of those that sitrep list shows%s", part, latest(all))
	}
	return nil, usageError("%q is part of %d ids, want more of it: %s", part, len(found), someIDs(found))
}

func (r *records) readable(rec *parse.Record) (*parse.Record, error) {
	if rec.Broken {
		return nil, repositoryError(fmt.Errorf("%s cannot be read, see sitrep lint %s", harmless.Line(rec.Path), harmless.Line(rec.Path)))
	}
	return rec, nil
}

// someIDs lists ids, the latest first and not too many.
func someIDs(list []*parse.Record) string {
	const most = 5
	ids := make([]string, 0, len(list))
	for _, rec := range list {
		ids = append(ids, harmless.Line(rec.ID))
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	if len(ids) > most {
		return strings.Join(ids[:most], ", ") + ", ..."
	}
	return strings.Join(ids, ", ")
}

func latest(all []*parse.Record) string {
	if len(all) == 0 {
		return ""
	}
	return "; the latest are " + someIDs(all)
}

// idAndText parts the arguments of a command that takes [ID] TEXT.
func (r *records) idAndText(args []string) (id, text string, err error) {
	if len(args) == 1 {
		for i := range r.tree.Records {
			if r.tree.Records[i].ID == args[0] {
				return "", "", usageError("%q is an id, want the text behind it", args[0])
			}
		}
		return "", args[0], nil
	}
	return args[0], args[1], nil
}

var clockShape = regexp.MustCompile(`^(\d{2}):(\d{2})(?::(\d{2}))?$`)

// clocks is how times are read that somebody types about an incident.
type clocks struct {
	loc   *time.Location // of clock times
	now   time.Time
	until time.Time // the last time that a clock time can mean
}

// clocksOf are those of an incident: a clock time of one that is over is from before its end.
func (g *globals) clocksOf(r *records, inc *incident.Incident) (clocks, error) {
	now, err := g.clock()
	c := clocks{parse.ZoneOf(inc, r.config.Location()), now, now}
	if end := inc.Milestones[incident.Resolved]; !end.IsZero() {
		c.until = end
	}
	return c, err
}

// moment reads --at and the like: a time with its offset, or a clock time, which is the last one that a clock of the zone has shown.
// Nothing means now, to the minute. What is still to come is refused.
func (c clocks) moment(flag, text string) (time.Time, error) {
	now := c.now
	if text == "" {
		return now.Truncate(time.Minute), nil
	}
	const tolerance = time.Minute // clocks differ
	m := clockShape.FindStringSubmatch(text)
	if m == nil {
		t, err := calendar.ParseStamp(text)
		if err != nil {
			return t, usageError("--%s %w, want a time such as 13:05 or 2025-08-18T13:05:00Z", flag, err)
		}
		if t.After(now.Add(tolerance)) {
			return t, usageError("--%s %q is still to come, it is %s now", flag, text, now.Format(time.RFC3339))
		}
		return t.Truncate(time.Second), nil
	}
	layout := "15:04:05"[:len(text)]
	clock, err := time.Parse(layout, text)
	if err != nil {
		return now, usageError("--%s %q: no clock shows that, want a time such as 13:05 or 2025-08-18T13:05:00Z", flag, text)
	}
	local := c.until.In(c.loc)
	for days := 0; ; days-- {
		t := calendar.DateOf(local).AddDays(days).At(calendar.Clock{Hour: clock.Hour(), Minute: clock.Minute(), Second: clock.Second()}, c.loc)
		if !t.After(c.until.Add(tolerance)) {
			return t.UTC(), nil
		}
	}
}
