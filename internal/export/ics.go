package export

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/syncwell/sitrep/internal/incident"
)

// icsLine is how many bytes a line of a calendar has at most, without its end: RFC 5545, section 3.1.
const icsLine = 75

// ICS writes a calendar (RFC 5545) of what has a date in the records: the due days of action items that are not done, and the meetings
// of post-mortems. A UID is the item's identity, so that a calendar that subscribes moves an event instead of adding one.
func ICS(w io.Writer, h incident.History, now time.Time) error {
	c := calendarFile{now: now}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//sitrep//export//EN")
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.text("X-WR-CALNAME", "Incident follow-up")
	for i := range h.Postmortems {
		p := &h.Postmortems[i]
		if !p.Meeting.IsZero() {
			c.meeting(p)
		}
		for _, a := range p.Actions {
			if pending(a) && !a.Due.IsZero() {
				c.due(p, a)
			}
		}
	}
	c.line("END", "VCALENDAR")
	_, err := io.WriteString(w, c.b.String())
	return err
}

type calendarFile struct {
	b   strings.Builder
	now time.Time
}

const icsStamp = "20060102T150405Z"

func (c *calendarFile) event(uid, summary, description string, when func()) {
	c.line("BEGIN", "VEVENT")
	c.text("UID", uid+"@sitrep")
	c.line("DTSTAMP", c.now.UTC().Format(icsStamp))
	when()
	c.text("SUMMARY", summary)
	c.text("DESCRIPTION", description)
	c.line("TRANSP", "TRANSPARENT")
	c.line("END", "VEVENT")
}

func (c *calendarFile) meeting(p *incident.Postmortem) {
	title := p.Title
	if title == "" {
		title = p.ID
	}
	about := fmt.Sprintf("Post-mortem of %s\nOwner: %s\nAttendees: %s\n%s", strings.Join(p.Incidents, ", "), person(p.Owner), persons(p.Attendees), p.Path)
	c.event("meeting/"+p.ID, "Post-mortem meeting: "+title, about, func() {
		c.line("DTSTART", p.Meeting.UTC().Format(icsStamp))
	})
}

// due is a day, not an instant: it means the same day wherever the calendar is looked at.
func (c *calendarFile) due(p *incident.Postmortem, a incident.ActionItem) {
	about := fmt.Sprintf("%s\nOwner: %s\nStatus: %s\n%s", a.Text, person(a.Owner), a.Status, p.Path)
	c.event("action/"+a.Key(p.ID), fmt.Sprintf("Due: %s (%s)", a.Text, a.Key(p.ID)), about, func() {
		c.line("DTSTART;VALUE=DATE", strings.ReplaceAll(a.Due.String(), "-", ""))
		c.line("DTEND;VALUE=DATE", strings.ReplaceAll(a.Due.AddDays(1).String(), "-", ""))
	})
}

func person(login string) string {
	if login == "" {
		return "nobody"
	}
	return login
}

func persons(logins []string) string {
	if len(logins) == 0 {
		return "nobody"
	}
	return strings.Join(logins, ", ")
}

var icsEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`)

// text writes a property of type TEXT (section 3.3.11). Control characters have no form there and are left out.
func (c *calendarFile) text(name, value string) {
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, value)
	c.line(name, icsEscapes.Replace(value))
}

// line folds at 75 bytes, never inside a character.
func (c *calendarFile) line(name, value string) {
	rest, room := name+":"+value, icsLine
	for len(rest) > room {
		at := room
		for at > 0 && rest[at]&0xC0 == 0x80 {
			at--
		}
		if at == 0 {
			at = room // no text that is UTF-8 has this many bytes in one character
		}
		c.b.WriteString(rest[:at] + "\r\n ")
		rest, room = rest[at:], icsLine-1
	}
	c.b.WriteString(rest + "\r\n")
}
