package importer

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/incident"
)

// page is a Statuspage document: one incident, or lists of them, or an incident by itself. See https://www.githubstatus.com/api/v2.
type pageDocument struct {
	Page         pageInfo          `json:"page"`
	Incident     json.RawMessage   `json:"incident"`
	Incidents    []json.RawMessage `json:"incidents"`
	Maintenances []json.RawMessage `json:"scheduled_maintenances"`
}

type pageInfo struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

type pageIncident struct {
	ID           string          `json:"id"`
	Name         string          `json:"name"`
	Status       string          `json:"status"`
	Impact       string          `json:"impact"`
	Created      string          `json:"created_at"`
	Started      string          `json:"started_at"`
	ScheduledFor string          `json:"scheduled_for"`
	Monitoring   string          `json:"monitoring_at"`
	Resolved     string          `json:"resolved_at"`
	Shortlink    string          `json:"shortlink"`
	Updates      []pageUpdate    `json:"incident_updates"`
	Components   []pageComponent `json:"components"`
	Postmortem   string          `json:"postmortem_body"`
}

type pageUpdate struct {
	Status   string          `json:"status"`
	Body     string          `json:"body"`
	Created  string          `json:"created_at"`
	Display  string          `json:"display_at"`
	Affected json.RawMessage `json:"affected_components"`
	Tweet    string          `json:"custom_tweet"`
}

type pageComponent struct {
	Name string `json:"name"`
}

// statuspage reads a JSON file: {"page", "incident"}, {"page", "incidents"}, an array of incidents, or an incident.
func (r *reading) statuspage(p string, src []byte) {
	src = bytes.TrimPrefix(bytes.TrimSpace(src), []byte("\xef\xbb\xbf"))
	var doc pageDocument
	var err error
	if bytes.HasPrefix(src, []byte("[")) {
		err = json.Unmarshal(src, &doc.Incidents)
	} else {
		err = json.Unmarshal(src, &doc)
	}
	if err != nil {
		r.refuse(p, "is not Statuspage JSON: %v", err)
		return
	}
	list := slices.Concat(doc.Incidents, doc.Maintenances)
	if len(doc.Incident) > 0 {
		list = append(list, doc.Incident)
	}
	if len(list) == 0 && bytes.Contains(src, []byte(`"incident_updates"`)) {
		list = append(list, src)
	}
	if len(list) == 0 {
		r.skip(p, "holds no incident")
	}
	for i, raw := range list {
		r.pageIncident(p, i, raw, doc.Page)
	}
}

func (r *reading) pageIncident(p string, i int, raw json.RawMessage, page pageInfo) {
	var in pageIncident
	if err := json.Unmarshal(raw, &in); err != nil {
		r.refuse(p, "incident %d is not as Statuspage writes it: %v", i+1, err)
		return
	}
	if in.ID == "" {
		r.refuse(p, "incident %d has no id", i+1)
		return
	}
	d := newDraft(p, in.ID)
	d.inc.Title, d.inc.Kind = in.Name, incident.KindIncident
	d.severity(&r.opt, in.Impact)
	d.inc.UserImpact = in.Impact != "none" && in.Impact != "maintenance"
	if in.Impact == "maintenance" || in.ScheduledFor != "" {
		d.inc.Kind = incident.KindMaintenance
	}
	for _, c := range in.Components {
		d.inc.Services = append(d.inc.Services, c.Name)
	}
	d.inc.Links = pageLinks(in, page)
	d.pageTimes(&r.opt, in)
	d.pageStatus(in)
	d.pageTexts(in)
	r.add(d)
}

func pageLinks(in pageIncident, page pageInfo) incident.Links {
	var l incident.Links
	if web(in.Shortlink) {
		l.Statuspage = oneLine(in.Shortlink)
	}
	if l.Source = l.Statuspage; web(page.URL) {
		l.Source = strings.TrimRight(oneLine(page.URL), "/") + "/incidents/" + slug(in.ID, 40)
	}
	return l
}

func web(url string) bool {
	return strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
}

// pageTimes takes over the stamps that stand in the source, and reads the updates for those that do not.
func (d *draft) pageTimes(o *Options, in pageIncident) {
	started, key := in.Started, "started_at"
	if started == "" {
		if started, key = in.ScheduledFor, "scheduled_for"; started == "" {
			started, key = in.Created, "created_at"
		}
		d.note(Inferred, "started: %s, the source has no started_at", key)
	}
	d.milestone(o, incident.Started, key, started)
	d.milestone(o, incident.Mitigated, "monitoring_at", in.Monitoring)
	d.milestone(o, incident.Resolved, "resolved_at", in.Resolved)
	for i, u := range in.Updates {
		at, how, err := o.stamp(cmp.Or(u.Display, u.Created))
		if err != nil {
			d.note(Refused, "update %d: display_at %s", i+1, err)
			return
		}
		if how != "" {
			d.note(Inferred, "update %d: %s", i+1, how)
		}
		e := entry{at: at, text: oneLine(u.Body)}
		if e.status = pageStatuses[u.Status]; e.status == "" && u.Status != "" && u.Status != "postmortem" {
			d.note(Dropped, "update %d: status %q", i+1, cut(oneLine(u.Status), 40))
		}
		if u.Status == "postmortem" {
			d.extra = append(d.extra, chunk{"Published post-mortem", u.Body})
			continue
		}
		d.updates = append(d.updates, e)
	}
	sortEntries(d.updates)
	d.inferFromUpdates()
}

// pageStatuses maps the statuses of incidents and of maintenances.
var pageStatuses = map[string]incident.Status{
	"investigating": incident.Investigating, "identified": incident.Identified, "monitoring": incident.Monitoring, "resolved": incident.StatusOver,
	"postmortem": incident.StatusOver, "scheduled": incident.Investigating, "in_progress": incident.Identified, "verifying": incident.Monitoring, "completed": incident.StatusOver,
}

// inferFromUpdates fills `diagnosed` with the first update that says identified, and `mitigated` with the first that says monitoring
// and after which none says investigating or identified again. Nothing else is a statement of either.
func (d *draft) inferFromUpdates() {
	if d.inc.Kind == incident.KindMaintenance {
		return // its updates tell how far the work is
	}
	m := &d.inc.Milestones
	monitoring, relapsed := entry{}, false
	for _, e := range d.updates {
		switch e.status {
		case incident.Identified:
			if m[incident.Diagnosed].IsZero() {
				m[incident.Diagnosed] = e.at
				d.note(Inferred, "diagnosed %s: the first update that says identified", stampText(e.at))
			}
			relapsed, monitoring = relapsed || !monitoring.at.IsZero(), entry{}
		case incident.Investigating:
			relapsed, monitoring = relapsed || !monitoring.at.IsZero(), entry{}
		case incident.Monitoring:
			if monitoring.at.IsZero() {
				monitoring = e
			}
		}
	}
	if relapsed {
		d.note(Contradiction, "an update says monitoring and a later one investigating or identified again")
	}
	if m[incident.Mitigated].IsZero() && !monitoring.at.IsZero() {
		m[incident.Mitigated] = monitoring.at
		d.note(Inferred, "mitigated %s: the first update that says monitoring and is not taken back", stampText(monitoring.at))
	}
}

func (d *draft) pageStatus(in pageIncident) {
	d.inc.Status = pageStatuses[in.Status]
	if d.inc.Status != "" {
		if string(d.inc.Status) != in.Status {
			d.note(Inferred, "status: %q is %s", in.Status, d.inc.Status)
		}
		return
	}
	d.inc.Status = incident.Investigating
	for _, e := range d.updates {
		if e.status != "" {
			d.inc.Status = e.status
		}
	}
	d.note(Inferred, "status: %q is no status, %s is written", cut(oneLine(in.Status), 40), d.inc.Status)
}

// pageTexts makes the summary and the timeline. The page tells of itself: what began and ended when is all it says beside updates.
func (d *draft) pageTexts(in pageIncident) {
	d.summary = oneLine(in.Name)
	for _, e := range d.updates {
		if e.text != "" {
			d.summary = e.text
			break
		}
	}
	d.timelineOfMilestones("the status page")
	if in.Postmortem != "" {
		d.extra = append(d.extra, chunk{"Published post-mortem", in.Postmortem})
	}
	changes, tweets := 0, 0
	for _, u := range in.Updates {
		if len(u.Affected) > 0 && string(u.Affected) != "null" && string(u.Affected) != "[]" {
			changes++
		}
		if u.Tweet != "" {
			tweets++
		}
	}
	if changes > 0 {
		d.note(Dropped, "affected_components of updates (%d): which component had which state when", changes)
	}
	if tweets > 0 {
		d.note(Dropped, "custom_tweet of updates (%d)", tweets)
	}
}

var milestoneTexts = [...]string{
	incident.Started: "Impact begins", incident.Detected: "Detected", incident.Diagnosed: "Cause identified", incident.Mitigated: "Fix in place, being monitored", incident.Resolved: "Resolved",
}

// timelineOfMilestones makes a timeline for sources that have only stamps.
func (d *draft) timelineOfMilestones(source string) {
	if d.inc.Kind == incident.KindMaintenance {
		source += " (maintenance)"
	}
	for m, t := range d.inc.Milestones {
		if !t.IsZero() {
			d.timeline = append(d.timeline, entry{at: t, text: fmt.Sprintf("%s, as %s has it.", milestoneTexts[m], source)})
		}
	}
}
