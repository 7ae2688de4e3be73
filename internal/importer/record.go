package importer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// notStated fills a section that a record must have and the source has not.
const notStated = "Not stated in the source."

// incidentText is the incident file, without the marker.
func (d *draft) incidentText(o *Options) string {
	var b strings.Builder
	b.WriteString("---\n")
	d.frontMatter(&b, o)
	b.WriteString("---\n")
	section(&b, parse.SectionSummary, d.prose(d.summary))
	if len(d.updates) > 0 {
		section(&b, parse.SectionUpdates, d.entries(d.updates))
	}
	section(&b, parse.SectionTimeline, d.timelineText())
	for _, c := range d.extra {
		section(&b, c.title, d.prose(c.text))
	}
	return b.String()
}

func section(b *strings.Builder, title, text string) {
	text = strings.Trim(text, "\n")
	if blank(text) {
		text = notStated
	}
	fmt.Fprintf(b, "\n## %s\n\n%s\n", title, text)
}

// blank tells whether a text says nothing: no words, or just the bullets of a list that nobody has filled in.
func blank(text string) bool { return strings.Trim(text, "-*+_> \t\n") == "" }

func (d *draft) frontMatter(b *strings.Builder, o *Options) {
	inc := &d.inc
	put := func(key, value string) {
		if value != "" {
			fmt.Fprintf(b, "%s: %s\n", key, value)
		}
	}
	put("title", yamlText(inc.Title))
	if inc.Kind != incident.KindIncident {
		put("kind", string(inc.Kind))
	}
	put("severity", inc.Severity.String())
	put("status", string(inc.Status))
	put("services", yamlList(inc.Services))
	for m, t := range inc.Milestones {
		if !t.IsZero() {
			put(incident.Milestone(m).String(), stampText(t))
		}
	}
	put("incident_commander", login(inc.Roles.Commander))
	put("communications_lead", login(inc.Roles.Communications))
	if d.post == nil {
		put("user_impact", fmt.Sprint(inc.UserImpact))
	}
	if d.zone.String() != o.Config.Location().String() {
		put("timezone", d.zone.String())
	}
	put("links", links(inc.Links))
	if len(inc.Tags) > 0 {
		put("tags", yamlList(inc.Tags))
	}
}

func login(name string) string {
	if name == "" {
		return ""
	}
	return `"@` + name + `"`
}

func links(l incident.Links) string {
	var parts []string
	if l.Statuspage != "" {
		parts = append(parts, "statuspage: "+yamlText(l.Statuspage))
	}
	if l.Source != "" {
		parts = append(parts, "source: "+yamlText(l.Source))
	}
	if parts == nil {
		return ""
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// timelineText is the timeline, and below it what has no time, in a quotation: a list there would be read as entries.
func (d *draft) timelineText() string {
	var b strings.Builder
	if len(d.timeline) > 0 {
		b.WriteString(d.entries(d.timeline))
	} else {
		b.WriteString("The source states no time that can be read.\n")
	}
	if len(d.remarks) > 0 {
		b.WriteString("\n")
		for _, line := range d.remarks {
			fmt.Fprintf(&b, "> %s\n", oneLine(line))
		}
	}
	if len(d.untimed) > 0 {
		b.WriteString("\n> Without a time that can be read in the source:\n>\n")
		for _, line := range d.untimed {
			fmt.Fprintf(&b, "> - %s\n", oneLine(line))
		}
	}
	return b.String()
}

// entries writes list items on the clock of the record's zone, in the order of time. The first has its date, and each that is of
// another day than the one before.
func (d *draft) entries(list []entry) string {
	list = slices.Clone(list)
	sortEntries(list)
	var b strings.Builder
	day := ""
	for _, e := range list {
		at := e.at.In(d.zone)
		b.WriteString("- ")
		if today := at.Format("2006-01-02"); today != day {
			day = today
			b.WriteString(today + " ")
		}
		b.WriteString(at.Format("15:04"))
		if at.Second() != 0 {
			b.WriteString(at.Format(":05"))
		}
		if e.status != "" {
			fmt.Fprintf(&b, " - %s%s", strings.ToUpper(string(e.status[:1])), e.status[1:])
		}
		text := oneLine(e.text)
		if text == "" {
			text = "(no text)"
		}
		fmt.Fprintf(&b, " - %s\n", text)
	}
	return b.String()
}

// postmortemText is the post-mortem file, without the marker.
func (d *draft) postmortemText(incidentID, id string) string {
	var b strings.Builder
	b.WriteString("---\n")
	fmt.Fprintf(&b, "title: %s\n", yamlText(d.inc.Title))
	if id != incidentID {
		fmt.Fprintf(&b, "incident: %s\n", incidentID)
	}
	fmt.Fprintf(&b, "status: %s\n", incident.Published)
	if d.post.owner != "" {
		fmt.Fprintf(&b, "owner: %s\n", login(d.post.owner))
	}
	b.WriteString("---\n")
	for _, name := range parse.RequiredSections(parse.PostmortemRecord) {
		switch name {
		case parse.SectionTimeline:
			section(&b, name, d.timelineText())
		case parse.SectionActions:
			section(&b, name, actionTable(d.post.actions)+"\n"+d.prose(d.post.sections[name]))
		default:
			section(&b, name, d.prose(d.post.sections[name]))
		}
	}
	for _, c := range d.post.extra {
		section(&b, c.title, d.prose(c.text))
	}
	return b.String()
}

// actionTable writes action items; all are proposed until somebody takes them, but for those the source has ticked. Columns that no
// item fills are left out.
func actionTable(items []incident.ActionItem) string {
	if len(items) == 0 {
		return ""
	}
	columns := []struct {
		name   string
		always bool
		of     func(incident.ActionItem) string
	}{
		{"ID", true, func(a incident.ActionItem) string { return a.ID }},
		{"Action", true, func(a incident.ActionItem) string { return a.Text }},
		{"Owner", true, func(a incident.ActionItem) string { return a.Owner }},
		{"Due", true, func(a incident.ActionItem) string { return a.Due.String() }},
		{"Priority", false, func(a incident.ActionItem) string { return string(a.Priority) }},
		{"Type", false, func(a incident.ActionItem) string { return string(a.Type) }},
		{"Status", true, statusText},
		{"Issue", false, func(a incident.ActionItem) string { return a.Issue }},
		{"Evidence", false, func(a incident.ActionItem) string { return a.Evidence }},
	}
	lines := make([]string, len(items)+2)
	for _, c := range columns {
		filled := c.always || slices.ContainsFunc(items, func(a incident.ActionItem) bool { return c.of(a) != "" })
		if !filled {
			continue
		}
		lines[0] += " " + c.name + " |"
		lines[1] += strings.Repeat("-", len(c.name)+2) + "|"
		for i, a := range items {
			lines[i+2] += " " + tableCell(c.of(a)) + " |"
		}
	}
	return "|" + strings.Join(lines, "\n|") + "\n"
}

func statusText(a incident.ActionItem) string {
	if a.Status == incident.WontDo {
		return string(a.Status) + ": " + a.Reason
	}
	return string(a.Status)
}

func tableCell(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(oneLine(s), `\`, `\\`), "|", `\|`)
}
