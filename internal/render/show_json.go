package render

import (
	"io"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/incident"
)

// showReport is schema sitrep.show/v1.
type showReport struct {
	Schema     string           `json:"schema"`
	Now        time.Time        `json:"now"`
	Timezone   string           `json:"timezone"`
	Incident   shownIncident    `json:"incident"`
	Postmortem *shownPostmortem `json:"postmortem"`
}

type shownIncident struct {
	ID              string              `json:"id"`
	Path            string              `json:"path"`
	Title           string              `json:"title"`
	Kind            incident.Kind       `json:"kind"`
	Severity        string              `json:"severity"`
	Status          incident.Status     `json:"status"`
	Resolution      incident.Resolution `json:"resolution"`
	Services        []string            `json:"services"`
	Started         *time.Time          `json:"started"`
	Detected        *time.Time          `json:"detected"`
	Diagnosed       *time.Time          `json:"diagnosed"`
	Mitigated       *time.Time          `json:"mitigated"`
	Resolved        *time.Time          `json:"resolved"`
	DowntimeMinutes *float64            `json:"downtime_minutes"` // null where it is not known or goes on
	DowntimeEnds    string              `json:"downtime_ends"`
	Commander       string              `json:"incident_commander"`
	Communications  string              `json:"communications_lead"`
	Experts         []string            `json:"subject_matter_experts"`
	UserImpact      bool                `json:"user_impact"`
	Visibility      incident.Visibility `json:"visibility"`
	Tags            []string            `json:"tags"`
	Summary         string              `json:"summary"`
	Updates         []shownEntry        `json:"status_updates"`
	Timeline        []shownEntry        `json:"timeline"`
}

type shownEntry struct {
	At     *time.Time      `json:"at"`
	Status incident.Status `json:"status,omitempty"`
	Text   string          `json:"text"`
}

type shownPostmortem struct {
	ID        string                    `json:"id"`
	Path      string                    `json:"path"`
	Incidents []string                  `json:"incidents"`
	Status    incident.PostmortemStatus `json:"status"`
	Owner     string                    `json:"owner"`
	Meeting   *time.Time                `json:"meeting"`
	Published *time.Time                `json:"published"`
	Attendees []string                  `json:"attendees"`
	Summary   string                    `json:"summary"`
	Actions   []shownAction             `json:"action_items"`
}

type shownAction struct {
	ID       string                `json:"id"`
	Text     string                `json:"text"`
	Owner    string                `json:"owner"`
	Due      calendar.Date         `json:"due"`
	Priority incident.Priority     `json:"priority"`
	Type     incident.ActionType   `json:"type"`
	Status   incident.ActionStatus `json:"status"`
	Reason   string                `json:"reason,omitempty"`
	Issue    string                `json:"issue,omitempty"`
	Evidence string                `json:"evidence,omitempty"`
}

// ShowJSON writes an incident as sitrep.show/v1.
func ShowJSON(w io.Writer, s Shown) error {
	report := showReport{Schema: "sitrep.show/v1", Now: s.Now.UTC(), Timezone: s.Zone.String(), Incident: shownFacts(s)}
	if pm := s.Postmortem; pm != nil {
		report.Postmortem = &shownPostmortem{
			ID: pm.ID, Path: pm.Path, Incidents: orEmpty(pm.Incidents), Status: pm.Status, Owner: pm.Owner, Meeting: instant(pm.Meeting), Published: instant(pm.Published),
			Attendees: orEmpty(pm.Attendees), Summary: pm.Summary, Actions: []shownAction{},
		}
		for _, a := range pm.Actions {
			report.Postmortem.Actions = append(report.Postmortem.Actions, shownAction{a.ID, a.Text, a.Owner, a.Due, a.Priority, a.Type, a.Status, a.Reason, a.Issue, a.Evidence})
		}
	}
	return writeJSON(w, report)
}

func shownFacts(s Shown) shownIncident {
	inc := s.Incident
	m := inc.Milestones
	out := shownIncident{
		ID: inc.ID, Path: inc.Path, Title: inc.Title, Kind: inc.Kind, Severity: inc.Severity.String(), Status: inc.Status, Resolution: inc.Resolution,
		Services: orEmpty(inc.Services), Started: instant(m[incident.Started]), Detected: instant(m[incident.Detected]), Diagnosed: instant(m[incident.Diagnosed]),
		Mitigated: instant(m[incident.Mitigated]), Resolved: instant(m[incident.Resolved]), DowntimeMinutes: downtimeMinutes(inc, s.Ends), DowntimeEnds: string(s.Ends),
		Commander: inc.Roles.Commander, Communications: inc.Roles.Communications, Experts: orEmpty(inc.Roles.Experts), UserImpact: inc.UserImpact,
		Visibility: inc.Visibility, Tags: orEmpty(inc.Tags), Summary: inc.Summary, Updates: shownEntries(inc.Updates), Timeline: shownEntries(inc.Timeline),
	}
	return out
}

// downtimeMinutes is nil where downtime is not known, goes on, or is negative.
func downtimeMinutes(inc *incident.Incident, ends incident.DowntimeEnds) *float64 {
	started, end := inc.Milestones[incident.Started], inc.Milestones.DowntimeEnd(ends)
	if started.IsZero() || end.IsZero() || end.Before(started) {
		return nil
	}
	minutes := end.Sub(started).Minutes()
	return &minutes
}

func shownEntries(list []incident.Entry) []shownEntry {
	out := make([]shownEntry, 0, len(list))
	for _, e := range list {
		out = append(out, shownEntry{instant(e.At), e.Status, e.Text})
	}
	return out
}

// instant is nil for a time that is not known.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
