package render

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
)

// Listed is incidents side by side.
type Listed struct {
	Incidents  []ListedIncident
	Unreadable []string // paths
	Zone       *time.Location
	Now        time.Time
	Ends       incident.DowntimeEnds
}

// ListedIncident is an incident with the path of its post-mortem, "" where it has none.
type ListedIncident struct {
	*incident.Incident
	Postmortem string
}

// began is when an incident started, or was noticed where the record does not say.
func (i ListedIncident) began() time.Time {
	if t := i.Milestones[incident.Started]; !t.IsZero() {
		return t
	}
	return i.Milestones[incident.Detected]
}

// Sort puts the latest first.
func (l *Listed) Sort() {
	slices.SortFunc(l.Incidents, func(a, b ListedIncident) int {
		return cmp.Or(b.began().Compare(a.began()), cmp.Compare(b.ID, a.ID))
	})
	slices.Sort(l.Unreadable)
}

// ListText writes incidents as a table; on a terminal titles are cut to its width.
func ListText(w io.Writer, l Listed, style Style) error {
	out := bufio.NewWriter(w)
	p := page{out: out, style: style, zone: l.Zone}
	widest := 0
	for _, i := range l.Incidents {
		widest = max(widest, utf8.RuneCountInString(i.ID))
	}
	for _, i := range l.Incidents {
		row := fmt.Sprintf("%s  %s  %s  ", p.severity(i.Severity), pad(harmless.Line(i.ID), widest), p.state(l, i))
		room := style.Width - 5 - widest - stateWidth - 6
		p.line("%s%s", row, cut(harmless.Line(i.Title), room, style.Width > 0))
	}
	switch {
	case len(l.Incidents) == 0:
		p.line("no incidents")
	case style.Width > 0:
		p.line("\n%s", plural(len(l.Incidents), "incident"))
	}
	for _, path := range l.Unreadable {
		p.line("%s cannot be read, see sitrep lint", harmless.Line(path))
	}
	return out.Flush()
}

const stateWidth = 13

// state is how far an open incident is, or how long service was down.
func (p *page) state(l Listed, i ListedIncident) string {
	if i.Status != incident.StatusOver {
		return p.style.paint(yellow, pad(string(i.Status), stateWidth))
	}
	text := absent
	if m := downtimeMinutes(i.Incident, l.Ends); m != nil {
		text = metrics.FormatMinutes(*m)
	}
	return pad(text, stateWidth)
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// cut shortens a text to a width on a terminal, but not to less than a few words.
func cut(s string, width int, terminal bool) string {
	const least = 20
	width = max(least, width)
	if !terminal || utf8.RuneCountInString(s) <= width {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:width-3]), " ") + "..."
}

// listReport is schema sitrep.list/v1.
type listReport struct {
	Schema     string           `json:"schema"`
	Incidents  []listedIncident `json:"incidents"`
	Unreadable []string         `json:"unreadable"`
}

type listedIncident struct {
	ID              string          `json:"id"`
	Path            string          `json:"path"`
	Title           string          `json:"title"`
	Kind            incident.Kind   `json:"kind"`
	Severity        string          `json:"severity"`
	Status          incident.Status `json:"status"`
	Services        []string        `json:"services"`
	Started         *time.Time      `json:"started"`
	Detected        *time.Time      `json:"detected"`
	Mitigated       *time.Time      `json:"mitigated"`
	Resolved        *time.Time      `json:"resolved"`
	DowntimeMinutes *float64        `json:"downtime_minutes"` // null where it is not known or goes on
	Commander       string          `json:"incident_commander"`
	Postmortem      string          `json:"postmortem"` // path; "" where there is none
}

// ListJSON writes incidents as sitrep.list/v1.
func ListJSON(w io.Writer, l Listed) error {
	report := listReport{Schema: "sitrep.list/v1", Incidents: []listedIncident{}, Unreadable: orEmpty(l.Unreadable)}
	for _, i := range l.Incidents {
		m := i.Milestones
		report.Incidents = append(report.Incidents, listedIncident{
			ID: i.ID, Path: i.Path, Title: i.Title, Kind: i.Kind, Severity: i.Severity.String(), Status: i.Status, Services: orEmpty(i.Services),
			Started: instant(m[incident.Started]), Detected: instant(m[incident.Detected]), Mitigated: instant(m[incident.Mitigated]), Resolved: instant(m[incident.Resolved]),
			DowntimeMinutes: downtimeMinutes(i.Incident, l.Ends), Commander: i.Roles.Commander, Postmortem: i.Postmortem,
		})
	}
	return writeJSON(w, report)
}
