package parse

import (
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/yamltree"
)

// IDOf is the id of the record in a file: its name without folder and ending.
func IDOf(file string) string { return strings.TrimSuffix(path.Base(file), ".md") }

// Parse reads one file. It never fails: what is wrong stands in the document's Findings.
func Parse(file string, kind Kind, src []byte, cfg *config.Config) *Document {
	d := &Document{Record: Record{Path: file, ID: IDOf(file), Kind: kind}}
	if kind == IncidentRecord {
		d.Incident = &incident.Incident{ID: d.ID, Path: file}
	} else {
		d.Postmortem = &incident.Postmortem{ID: d.ID, Path: file}
	}
	text, problems, ok := clean(src)
	d.adopt(problems)
	if !ok {
		d.Broken = true
		return d
	}
	d.Source = text
	m, trouble := splitFrontMatter(text)
	d.BodyLine = m.bodyLine
	if trouble != nil {
		d.adopt([]diag.Diagnostic{*trouble})
		d.Broken = true
	} else {
		d.readMeta(m)
	}
	d.readBody(m.body)
	d.readValues(cfg)
	return d
}

func (d *Document) adopt(problems []diag.Diagnostic) {
	for _, p := range problems {
		p.Path = d.Path
		d.Findings = append(d.Findings, p)
	}
}

func (d *Document) readMeta(m matter) {
	meta, problems := yamltree.Parse(m.yaml, 2)
	d.adopt(problems)
	switch meta.Kind {
	case yamltree.Mapping:
		d.Meta = meta
		d.Fields = make([]Place, 0, len(meta.Fields))
		for i := range meta.Fields {
			f := &meta.Fields[i]
			d.Fields = append(d.Fields, Place{Key: f.Key, Value: f.Value.Span})
		}
	case yamltree.Null:
		if len(problems) > 0 {
			d.Broken = true
			return
		}
		d.Meta.Kind = yamltree.Mapping
	default:
		d.report(RuleFrontMatter, meta.Span, `write "key: value" lines`, "front matter must be a mapping, not %s", meta.Kind)
		d.Broken = true
	}
}

// readValues turns fields and body into the record's plain values.
func (d *Document) readValues(cfg *config.Config) {
	f := &fields{doc: d, at: &d.Meta, known: make([]string, 0, 32)}
	if d.Kind == IncidentRecord {
		d.readIncident(f, cfg)
	} else {
		d.readPostmortem(f)
	}
	if !d.Broken {
		f.unknown("")
	}
}

var requiredKeys = [...][]string{
	IncidentRecord:   {"title", "severity", "status", "services"},
	PostmortemRecord: {"status", "owner"},
}

func (d *Document) requireKeys() {
	if d.Broken {
		return
	}
	for _, key := range requiredKeys[d.Kind] {
		d.requireKey(key, "")
	}
}

func (d *Document) requireKey(key, hint string) {
	f := d.Meta.Get(key)
	switch {
	case f != nil && f.Value.Refused:
	case f == nil:
		d.report(RuleRequiredKey, diag.At(1, 1), hint, "missing key %q", key)
	case f.Value.Kind == yamltree.Null, f.Value.Kind == yamltree.Scalar && strings.TrimSpace(f.Value.Text) == "",
		f.Value.Kind == yamltree.List && len(f.Value.Items) == 0:
		d.report(RuleRequiredKey, f.KeySpan, hint, "key %q is empty", key)
	}
}

func (d *Document) readIncident(f *fields, cfg *config.Config) {
	inc := d.Incident
	d.requireKeys()
	inc.Title = f.title()
	inc.Severity = f.severity("severity", cfg)
	inc.Status = oneOf(f, "status", incident.Statuses)
	inc.Services = f.texts("services")
	for m := incident.Started; m <= incident.Resolved; m++ {
		inc.Milestones[m] = f.stamp(m.String())
	}
	if !d.Broken && f.at.Get("started") == nil && (inc.Status == incident.StatusOver || f.at.Get("detected") == nil) {
		d.requireKey("started", "when did the impact begin?")
	}
	inc.Roles = incident.Roles{
		Commander:      f.login("incident_commander"),
		Communications: f.login("communications_lead"),
		Experts:        f.logins("subject_matter_experts"),
	}
	inc.UserImpact = f.boolean("user_impact")
	inc.Kind = oneOf(f, "kind", incident.Kinds)
	if inc.Kind == "" {
		inc.Kind = incident.KindIncident
	}
	inc.Resolution = oneOf(f, "resolution", incident.Resolutions)
	if inc.Resolution == "" {
		inc.Resolution = incident.ResolvedForReal
	}
	inc.Duplicate = f.text("duplicate_of")
	inc.DetectedBy = oneOf(f, "detected_by", incident.Detections)
	inc.CausedBy = f.text("caused_by")
	inc.Factors = f.texts("contributing_factors")
	inc.Customers = f.count("customers_affected")
	for _, v := range f.list("impact", yamltree.Mapping) {
		w := f.within(v)
		inc.Impact = append(inc.Impact, incident.Impact{
			Service: w.text("service"), From: w.stamp("from"), To: w.stamp("to"), Level: oneOf(w, "level", incident.ImpactLevels),
		})
		w.unknown(" in impact")
	}
	inc.Zone = f.text("timezone")
	if l := f.sub("links"); l != nil {
		inc.Links = incident.Links{
			Channel: l.text("channel"), Bridge: l.text("bridge"), Statuspage: l.text("statuspage"), PagerDuty: l.text("pagerduty"), Source: l.text("source"),
		}
		l.unknown(" in links")
	}
	inc.Visibility = oneOf(f, "visibility", incident.Visibilities)
	if inc.Visibility == "" {
		inc.Visibility = incident.Internal
	}
	inc.Waivers = f.waivers()
	inc.Tags = f.texts("tags")
	inc.FormerIDs = f.texts("formerly")
	d.readIncidentBody(f, cfg)
}

func (d *Document) readIncidentBody(f *fields, cfg *config.Config) {
	inc := d.Incident
	loc := cfg.Location()
	if inc.Zone != "" {
		zone, err := loadZone(inc.Zone)
		if err != nil {
			d.report(RuleAllowedValue, d.Field("timezone"), "", "%s", err)
		} else {
			loc = zone
		}
	}
	base := startDay(inc, loc)
	inc.Summary = d.summary(SectionSummary)
	inc.Timeline = d.entries(SectionTimeline)
	setTimes(inc.Timeline, d.moments, base, loc)
	inc.Updates = d.entries(SectionUpdates)
	setTimes(inc.Updates, d.moments, base, loc)
}

// startDay is the date from which an incident's clock times are read: that of its first milestone in its zone, else the one
// its id begins with.
func startDay(inc *incident.Incident, loc *time.Location) calendar.Date {
	for _, t := range inc.Milestones {
		if !t.IsZero() {
			return calendar.DateOf(t.In(loc))
		}
	}
	return IDDate(inc.ID)
}

// IDDate is the date that an id begins with; no day where it begins otherwise.
func IDDate(id string) calendar.Date {
	if len(id) < 10 {
		return calendar.Date{}
	}
	d, _ := calendar.ParseDate(id[:10])
	return d
}

func setTimes(entries []incident.Entry, moments []Moment, base calendar.Date, loc *time.Location) {
	for i, t := range Resolve(moments, base, loc) {
		entries[i].At = t
	}
}

func (d *Document) readPostmortem(f *fields) {
	pm := d.Postmortem
	d.requireKeys()
	pm.Title = f.title()
	pm.Incidents = f.incidents(d.ID)
	pm.Status = oneOf(f, "status", incident.PostmortemStatuses)
	pm.Owner = f.login("owner")
	pm.Meeting = f.stamp("meeting")
	pm.Published = f.stamp("published")
	pm.Attendees = f.logins("attendees")
	pm.Waivers = f.waivers()
	pm.FormerIDs = f.texts("formerly")
	pm.Summary = d.summary(SectionExecutive)
	pm.Timeline = d.entries(SectionTimeline)
	d.Timeline = d.moments
	setTimes(pm.Timeline, d.Timeline, IDDate(d.ID), time.UTC) // until link knows the incident
	pm.Whys = d.whys()
	d.Rows = d.actionRows()
	for _, r := range d.Rows {
		pm.Actions = append(pm.Actions, r.ActionItem)
	}
}

// incidents reads the one key that may be a text or a list.
func (f *fields) incidents(id string) []string {
	v := f.get("incident")
	switch {
	case v == nil:
		return []string{id}
	case v.Kind == yamltree.Scalar:
		return []string{strings.TrimSpace(v.Text)}
	}
	return f.texts("incident")
}

func (f *fields) title() string {
	v, ok := f.scalar("title")
	if !ok {
		return ""
	}
	title := strings.TrimSpace(v.Text)
	if n := utf8.RuneCountInString(title); n > MaxTitleLength {
		f.doc.report(RuleTitle, v.Span, "say it in a few words; details belong into the summary", "title is %d characters long, want at most %d", n, MaxTitleLength)
	}
	if strings.ContainsAny(title, "\n\t") {
		f.doc.report(RuleTitle, v.Span, "", "title has a line break or a tab in it, want one line")
	}
	return title
}

func (f *fields) waivers() []incident.Waiver {
	var out []incident.Waiver
	for _, v := range f.list("waivers", yamltree.Mapping) {
		w := f.within(v)
		waiver := incident.Waiver{Rule: w.text("rule"), Reason: w.text("reason"), Until: w.date("until")}
		if waiver.Rule == "" || waiver.Reason == "" || waiver.Until.IsZero() {
			f.doc.report(RuleRequiredKey, v.Span, "", `a waiver needs "rule", "reason" and "until"`)
		}
		w.unknown(" in a waiver")
		out = append(out, waiver)
	}
	return out
}
