// Package export owns records as tables for other programs: incidents, post-mortems and action items as JSON, NDJSON, CSV, Parquet and
// SQLite, and the dates that are still to come as a calendar.
//
// It refuses to compute figures of its own: what counts and how long it took is package metrics' word, so that a query over an export
// and `sitrep metrics` agree. The same history, config and time give the same bytes in every text format. It reads no clock.
package export

import (
	"fmt"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
)

// Schema names the JSON form.
const Schema = "sitrep.export/v1"

// Type is what a column holds. Every column but Text and List may be empty.
type Type string

// The types.
const (
	Text   Type = "text"
	List   Type = "list"   // of texts
	Time   Type = "time"   // an instant, UTC
	Date   Type = "date"   // a day
	Bool   Type = "bool"   // true or false
	Int    Type = "int"    // a whole number
	Number Type = "number" // a decimal number
)

// Table is rows of values, one for each column: string, []string, time.Time, calendar.Date, bool, int64 or float64 by the column's
// type, nil where a record says nothing.
type Table struct {
	Name    string
	Columns []Column
	Rows    [][]any
}

// Column is a column and what it means. Doc stands in docs/formats.md.
type Column struct {
	Name string
	Type Type
	Doc  string
}

// Names of the tables, as --what takes them.
const (
	Incidents   = "incidents"
	Postmortems = "postmortems"
	ActionItems = "action-items"
)

// Tables lists the names.
var Tables = []string{Incidents, Postmortems, ActionItems}

// Set is everything that is exported.
type Set struct {
	DowntimeEnds incident.DowntimeEnds
	Tables       []Table // in the order of the names in Tables
}

// Make makes all tables, each sorted by id.
func Make(h incident.History, cfg config.Config, now time.Time) Set {
	return Set{
		DowntimeEnds: incident.DowntimeEnds(cfg.DowntimeEnds),
		Tables:       []Table{incidents(h, cfg, now), postmortems(h), actionItems(h)},
	}
}

// Table finds a table by its name.
func (s Set) Table(name string) (Table, error) {
	for i, n := range Tables {
		if n == name {
			return s.Tables[i], nil
		}
	}
	return Table{}, fmt.Errorf("unknown table %q, want %s, %s or %s", name, Incidents, Postmortems, ActionItems)
}

var incidentColumns = []Column{
	{"id", Text, "the file's name without folder and ending"},
	{"path", Text, "from the repository's root"},
	{"title", Text, ""},
	{"kind", Text, "`incident`, `game-day`, `maintenance` or `near-miss`"},
	{"severity", Text, "`SEV-1` ..., empty where the record gives none that is known"},
	{"status", Text, ""},
	{"resolution", Text, ""},
	{"duplicate_of", Text, "id"},
	{"services", List, ""},
	{"started", Time, ""},
	{"detected", Time, ""},
	{"diagnosed", Time, ""},
	{"mitigated", Time, ""},
	{"resolved", Time, ""},
	{"counted", Bool, "it is in the mean of `sitrep metrics` as of the time of the export"},
	{"not_counted_because", Text, "the reason where it is not: ongoing, a game day, out of order ..."},
	{"downtime_minutes", Number, "from `started` to the end of downtime (`downtime_ends` in the config), where it is counted"},
	{"detect_minutes", Number, "from `started` to `detected`, where both are there and in order"},
	{"diagnose_minutes", Number, "from `detected` to `diagnosed`, likewise"},
	{"repair_minutes", Number, "from `diagnosed` to `mitigated`, likewise"},
	{"incident_commander", Text, "login"},
	{"communications_lead", Text, "login"},
	{"subject_matter_experts", List, "logins"},
	{"user_impact", Bool, ""},
	{"detected_by", Text, ""},
	{"caused_by", Text, "URL"},
	{"contributing_factors", List, ""},
	{"customers_affected", Int, "empty where the record does not say"},
	{"visibility", Text, ""},
	{"tags", List, ""},
	{"source", Text, "`links.source`"},
	{"summary", Text, "Markdown"},
}

func incidents(h incident.History, cfg config.Config, now time.Time) Table {
	report := metrics.Compute(h, cfg, metrics.Options{Now: now})
	why := map[string]string{}
	for _, e := range report.Excluded {
		why[e.ID] = e.Reason
	}
	for _, o := range report.Ongoing {
		why[o.ID] = "ongoing"
	}
	t := Table{Name: "incidents", Columns: incidentColumns}
	for i := range h.Incidents {
		t.Rows = append(t.Rows, incidentRow(&h.Incidents[i], why, incident.DowntimeEnds(cfg.DowntimeEnds)))
	}
	return t
}

func incidentRow(inc *incident.Incident, why map[string]string, ends incident.DowntimeEnds) []any {
	m := inc.Milestones
	reason, left := why[inc.ID]
	var downtime, customers any
	if !left {
		downtime = m.DowntimeEnd(ends).Sub(m[incident.Started]).Minutes()
	}
	if inc.Customers > 0 {
		customers = int64(inc.Customers)
	}
	return []any{
		inc.ID, inc.Path, inc.Title, string(inc.Kind), inc.Severity.String(), string(inc.Status), string(inc.Resolution), inc.Duplicate, inc.Services,
		instant(m[incident.Started]), instant(m[incident.Detected]), instant(m[incident.Diagnosed]), instant(m[incident.Mitigated]), instant(m[incident.Resolved]),
		!left, reason, downtime, span(m, incident.Started, incident.Detected), span(m, incident.Detected, incident.Diagnosed), span(m, incident.Diagnosed, incident.Mitigated),
		inc.Roles.Commander, inc.Roles.Communications, inc.Roles.Experts, inc.UserImpact, string(inc.DetectedBy), inc.CausedBy, inc.Factors, customers,
		string(inc.Visibility), inc.Tags, inc.Links.Source, inc.Summary,
	}
}

// instant is a time, or nil where the record does not say.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

func day(d calendar.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}

func span(m incident.Milestones, from, to incident.Milestone) any {
	if d, ok := m.Between(from, to); ok && d >= 0 {
		return d.Minutes()
	}
	return nil
}

var postmortemColumns = []Column{
	{"id", Text, "the file's name without folder and ending"},
	{"path", Text, "from the repository's root"},
	{"title", Text, ""},
	{"incidents", List, "ids of the incidents it is about"},
	{"status", Text, ""},
	{"owner", Text, "login"},
	{"meeting", Time, ""},
	{"published", Time, ""},
	{"attendees", List, "logins"},
	{"whys", Int, "length of the longest chain of whys"},
	{"action_items", Int, "how many it has"},
	{"open_action_items", Int, "how many of them are open or proposed"},
	{"summary", Text, "Markdown"},
}

func postmortems(h incident.History) Table {
	t := Table{Name: "postmortems", Columns: postmortemColumns}
	for i := range h.Postmortems {
		p := &h.Postmortems[i]
		open := 0
		for _, a := range p.Actions {
			if pending(a) {
				open++
			}
		}
		t.Rows = append(t.Rows, []any{
			p.ID, p.Path, p.Title, p.Incidents, string(p.Status), p.Owner, instant(p.Meeting), instant(p.Published), p.Attendees,
			int64(incident.Depth(p.Whys)), int64(len(p.Actions)), int64(open), p.Summary,
		})
	}
	return t
}

// pending tells whether something is still to be done.
func pending(a incident.ActionItem) bool {
	return a.Status != incident.Done && a.Status != incident.WontDo
}

var actionColumns = []Column{
	{"key", Text, "`<post-mortem id>/<id>`: stays when the item is reworded or moved"},
	{"postmortem", Text, "id"},
	{"incidents", List, "ids of the incidents that the post-mortem is about"},
	{"id", Text, "unique in the post-mortem"},
	{"action", Text, "Markdown"},
	{"owner", Text, "login, or the text that stands there"},
	{"due", Date, ""},
	{"priority", Text, ""},
	{"type", Text, ""},
	{"status", Text, ""},
	{"reason", Text, "why it will not be done"},
	{"issue", Text, ""},
	{"evidence", Text, ""},
	{"path", Text, "of the post-mortem"},
	{"line", Int, "in the post-mortem, from 1"},
}

func actionItems(h incident.History) Table {
	t := Table{Name: "action_items", Columns: actionColumns}
	for i := range h.Postmortems {
		p := &h.Postmortems[i]
		for _, a := range p.Actions {
			t.Rows = append(t.Rows, []any{
				a.Key(p.ID), p.ID, p.Incidents, a.ID, a.Text, a.Owner, day(a.Due), string(a.Priority), string(a.Type), string(a.Status),
				a.Reason, a.Issue, a.Evidence, p.Path, int64(a.Pos.Line),
			})
		}
	}
	return t
}
