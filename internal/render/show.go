package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
)

// Shown is an incident as a reader wants it, with its post-mortem where there is one.
type Shown struct {
	Incident   *incident.Incident
	Postmortem *incident.Postmortem // nil where there is none
	Zone       *time.Location       // of the times
	Now        time.Time
	Ends       incident.DowntimeEnds
	Policy     config.Severity
}

// maxMeasure is how wide text is set at most, in columns: longer lines are hard to read.
const maxMeasure = 100

// ShowText writes an incident for people. In a pipe lines are as long as they are written; on a terminal they are broken.
func ShowText(w io.Writer, s Shown, style Style) error {
	p := page{out: bufio.NewWriter(w), style: style, zone: s.Zone}
	inc := s.Incident
	p.line("%s  %s", p.severity(inc.Severity), style.paint(bold, harmless.Line(inc.Title)))
	p.line("%s", style.paint(dim, harmless.Line(inc.Path)))
	p.line("")
	p.facts(s)
	p.times(s)
	p.section("Summary")
	p.prose(inc.Summary)
	p.entries("Status Updates", inc.Updates)
	p.entries("Timeline", inc.Timeline)
	if s.Postmortem != nil {
		p.postmortem(s.Postmortem)
	}
	return p.out.Flush()
}

// page writes lines.
type page struct {
	out   *bufio.Writer
	style Style
	zone  *time.Location
}

func (p *page) line(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }

func (p *page) section(title string) { p.line("\n%s", p.style.paint(bold, title)) }

func (p *page) severity(s incident.Severity) string {
	colour := map[incident.Severity]string{1: red, 2: yellow}[s]
	if colour == "" {
		colour = cyan
	}
	if s == 0 {
		return p.style.paint(colour, "SEV-?")
	}
	return p.style.paint(colour, s.String())
}

func (p *page) fact(name, value string) {
	if value != "" {
		p.line("  %s %s", p.style.paint(dim, fmt.Sprintf("%-14s", name)), value)
	}
}

func (p *page) facts(s Shown) {
	inc := s.Incident
	p.fact("status", p.status(inc.Status))
	if inc.Kind != incident.KindIncident {
		p.fact("kind", string(inc.Kind))
	}
	if inc.Resolution != incident.ResolvedForReal {
		p.fact("resolution", strings.TrimSpace(string(inc.Resolution)+" "+harmless.Line(inc.Duplicate)))
	}
	p.fact("services", harmless.Line(strings.Join(inc.Services, ", ")))
	p.fact("commander", people(inc.Roles.Commander))
	p.fact("communications", people(inc.Roles.Communications))
	p.fact("experts", people(inc.Roles.Experts...))
	p.fact("detected by", string(inc.DetectedBy))
	p.fact("caused by", harmless.Line(inc.CausedBy))
	if inc.Customers > 0 {
		p.fact("customers", fmt.Sprint(inc.Customers))
	}
	if s.Policy.WarRoom && inc.Status != incident.StatusOver {
		p.fact("war room", incident.WarRoom(harmless.Line(inc.ID)))
	}
	p.fact("tags", harmless.Line(strings.Join(inc.Tags, ", ")))
}

func (p *page) status(s incident.Status) string {
	if s == incident.StatusOver {
		return p.style.paint(green, string(s))
	}
	return p.style.paint(yellow, string(s))
}

func people(logins ...string) string {
	var out []string
	for _, l := range logins {
		if l != "" {
			out = append(out, "@"+harmless.Line(l))
		}
	}
	return strings.Join(out, ", ")
}

// times writes the milestones, each with the phase that it ends, and the downtime.
func (p *page) times(s Shown) {
	p.section("Times (" + s.Zone.String() + ")")
	inc := s.Incident
	ended := map[incident.Milestone]incident.Phase{}
	for _, ph := range inc.Milestones.Phases() {
		ended[ph.To] = ph
	}
	for m := incident.Started; m <= incident.Resolved; m++ {
		t := inc.Milestones[m]
		if t.IsZero() {
			continue
		}
		phase := ""
		if ph, ok := ended[m]; ok {
			phase = p.style.paint(dim, fmt.Sprintf("  %s to %s", metrics.FormatMinutes(ph.Duration().Minutes()), strings.ReplaceAll(ph.Name(), "+", " and ")))
		}
		p.line("  %s %s%s", p.style.paint(dim, fmt.Sprintf("%-14s", m)), t.In(p.zone).Format("Mon 2 Jan 2006 15:04"), phase)
	}
	if text := downtimeText(s); text != "" {
		p.fact("downtime", text)
	}
}

// downtimeText is how long service was down: "at least ..." while it goes on.
func downtimeText(s Shown) string {
	started, end := s.Incident.Milestones[incident.Started], s.Incident.Milestones.DowntimeEnd(s.Ends)
	switch {
	case started.IsZero():
		return ""
	case end.IsZero() && s.Now.After(started):
		return "at least " + metrics.FormatMinutes(s.Now.Sub(started).Minutes())
	case end.IsZero():
		return ""
	case end.Before(started):
		return "unknown, it ends before it begins"
	}
	return metrics.FormatMinutes(end.Sub(started).Minutes())
}

// prose writes paragraphs, broken to the width of the terminal.
func (p *page) prose(text string) {
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			p.line("")
		}
		p.wrapped("  ", "  ", paragraph)
	}
}

func (p *page) entries(title string, list []incident.Entry) {
	if len(list) == 0 {
		return
	}
	p.section(title)
	day := ""
	for _, e := range list {
		clock := "     "
		if !e.At.IsZero() {
			local := e.At.In(p.zone)
			if d := local.Format("Mon 2 Jan 2006"); d != day {
				p.line("  %s", p.style.paint(dim, d))
				day = d
			}
			clock = local.Format("15:04")
		}
		text := e.Text
		if e.Status != "" {
			text = strings.ToUpper(string(e.Status[:1])) + string(e.Status[1:]) + " - " + text
		}
		p.wrapped("  "+p.style.paint(cyan, clock)+"  ", "         ", text)
	}
}

// wrapped writes a text behind a first indent, and goes on behind another where the terminal is too narrow.
func (p *page) wrapped(first, more, text string) {
	text = harmless.Line(strings.Join(strings.Fields(text), " "))
	if p.style.Width == 0 {
		p.line("%s%s", first, text)
		return
	}
	room := max(20, min(p.style.Width, maxMeasure)-utf8.RuneCountInString(more))
	for i, l := range breakLines(text, room) {
		if i == 0 {
			p.line("%s%s", first, l)
		} else {
			p.line("%s%s", more, l)
		}
	}
}

// breakLines breaks a text at blanks into lines of at most room code points; a longer word stands on a line of its own.
func breakLines(text string, room int) []string {
	var lines []string
	line, length := "", 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if length > 0 && length+1+n > room {
			lines, line, length = append(lines, line), "", 0
		}
		if length > 0 {
			line, length = line+" ", length+1
		}
		line, length = line+word, length+n
	}
	return append(lines, line)
}

func (p *page) postmortem(pm *incident.Postmortem) {
	p.section("Post-mortem")
	p.line("  %s", p.style.paint(dim, harmless.Line(pm.Path)))
	p.fact("status", string(pm.Status))
	p.fact("owner", people(pm.Owner))
	if !pm.Meeting.IsZero() {
		p.fact("meeting", pm.Meeting.In(p.zone).Format("Mon 2 Jan 2006 15:04"))
	}
	p.line("")
	p.prose(pm.Summary)
	if len(pm.Actions) > 0 {
		p.section("Action Items")
	}
	for _, a := range pm.Actions {
		status := string(a.Status)
		if a.Status == incident.Done {
			status = p.style.paint(green, status)
		}
		about := strings.Join(notEmpty(status, people(a.Owner), dueText(a)), ", ")
		p.wrapped("  "+p.style.paint(cyan, fmt.Sprintf("%-6s", harmless.Line(a.ID)))+" ", "         ", a.Text)
		p.line("         %s", p.style.paint(dim, about))
	}
}

func dueText(a incident.ActionItem) string {
	if a.Due.IsZero() {
		return ""
	}
	return "due " + a.Due.String()
}

func notEmpty(list ...string) []string {
	out := list[:0]
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
