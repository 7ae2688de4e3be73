package importer

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/parse"
)

// rows is a timeline while it is read: the moments, and what is none.
type rows struct {
	moments []moment
	remarks []string // prose: "All times in CET."
	headers []string // header cells and headings
	timeCol int      // of the table at hand, -1 where none is open
	dateCol int
	list    bool // the last line was an item or belonged to one
}

// readTimeline reads all of the source's timeline: tables, lists, and lines that begin with a time.
func (d *draft) readTimeline(o *Options, f *foreign) {
	r := rows{timeCol: -1, dateCol: -1}
	for i := range f.chunks {
		c := &f.chunks[i]
		if c.section != parse.SectionTimeline {
			continue
		}
		r.headers = append(r.headers, c.title)
		if day := dateWritten(c.title); !day.IsZero() {
			r.moments = append(r.moments, moment{date: day})
		} else if c.name == "" && c.title != "" {
			r.remarks = append(r.remarks, c.title)
		}
		lines := strings.Split(c.text, "\n")
		for j, line := range lines {
			next := ""
			if j+1 < len(lines) {
				next = lines[j+1]
			}
			r.line(line, next)
		}
		r.timeCol, r.dateCol, r.list = -1, -1, false
	}
	d.resolve(o, &r)
}

var (
	tableRule = regexp.MustCompile(`^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$`)
	listItem  = regexp.MustCompile(`^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$`)
	timeWord  = regexp.MustCompile(`(?i)\b(?:time|when|timestamp|clock)\b`)
	dateWord  = regexp.MustCompile(`(?i)\b(?:date|day)\b`)
)

// line reads one line; next is the one after it, by which the header of a table is known.
func (r *rows) line(line, next string) {
	trimmed := strings.TrimSpace(line)
	switch {
	case trimmed == "":
		r.list = false
		return
	case tableRule.MatchString(line) && strings.Contains(line, "|"):
		return
	case strings.Contains(line, "|") && tableRule.MatchString(next) && strings.Contains(next, "|"):
		r.header(cells(line))
		return
	case r.timeCol >= 0 && strings.Contains(line, "|"):
		r.row(cells(line), trimmed)
		return
	}
	r.timeCol = -1
	item := listItem.FindStringSubmatch(line)
	text := trimmed
	if item != nil {
		text = item[2]
	}
	if m, ok := readMoment(text); ok {
		m.text = m.text[len(afterClock.FindString(m.text)):]
		r.moments, r.list = append(r.moments, m), true
		return
	}
	switch {
	case item == nil && r.list && len(r.moments) > 0, item != nil && item[1] != "" && r.list && len(r.moments) > 0:
		r.moments[len(r.moments)-1].text += " " + text // goes on
	case item != nil:
		r.moments, r.list = append(r.moments, moment{text: text}), true
	default:
		r.remarks = append(r.remarks, trimmed)
	}
}

// header finds the columns of a table: the first that speaks of time, and one for the day beside it.
func (r *rows) header(names []string) {
	r.headers = append(r.headers, names...)
	r.timeCol, r.dateCol, r.list = 0, -1, false
	for i := len(names) - 1; i >= 0; i-- {
		if timeWord.MatchString(names[i]) {
			r.timeCol = i
		}
	}
	for i, n := range names {
		if dateWord.MatchString(n) && i != r.timeCol && r.dateCol < 0 {
			r.dateCol = i
		}
	}
}

func (r *rows) row(cols []string, line string) {
	written := ""
	var texts []string
	for i, c := range cols {
		switch {
		case i == r.timeCol:
			written = c
		case i == r.dateCol, c == "":
		default:
			texts = append(texts, c)
		}
	}
	if r.dateCol >= 0 && r.dateCol < len(cols) {
		written = cols[r.dateCol] + " " + written
	}
	m, ok := readMoment(written)
	if !ok {
		r.moments = append(r.moments, moment{text: strings.TrimSpace(strings.Trim(line, "|"))})
		return
	}
	rest := strings.Trim(m.text, " *_~")
	m.text = strings.Join(texts, " - ")
	if rest != "" {
		m.text = fmt.Sprintf("(%s) %s", rest, m.text)
	}
	r.moments = append(r.moments, m)
}

// cells cuts a table row at its pipes; escaped ones are text.
func cells(line string) []string {
	const pipe = "\x00"
	line = strings.ReplaceAll(strings.TrimSpace(line), `\|`, pipe)
	line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
	out := strings.Split(line, "|")
	for i, c := range out {
		out[i] = strings.ReplaceAll(strings.TrimSpace(c), pipe, "|")
	}
	return out
}

// zone decides on whose clock the timeline is: the one it names, else --timezone, else none.
func (d *draft) timelineZone(o *Options, r *rows) *time.Location {
	loc, name, ambiguous := statedZone(strings.Join(append(r.headers, r.remarks...), "\n"))
	switch {
	case loc != nil:
		d.note(Inferred, "timezone: the timeline says %s", name)
		return loc
	case o.Zone != nil:
		d.note(Inferred, "timezone: times are read on the clock of %s", o.Zone)
		return o.Zone
	case ambiguous != "":
		d.note(Refused, "the timeline is in %q, which stands for several zones; say with --timezone which", ambiguous)
	}
	return nil
}

// resolve turns moments into instants: a day carries on to the rows after it, a clock that goes back by over 12 hours means the
// next day.
func (d *draft) resolve(o *Options, r *rows) {
	zone := d.timelineZone(o, r)
	day, last := d.day, calendar.Clock{}
	about := 0
	for i := range r.moments {
		m := &r.moments[i]
		if !m.date.IsZero() {
			day, last = m.date, calendar.Clock{}
		}
		if !m.timed || day.IsZero() {
			d.leaveUntimed(m)
			continue
		}
		if m.zone == nil && zone == nil {
			if !d.refused() {
				d.note(Refused, "%02d:%02d in the timeline %s", m.clock.Hour, m.clock.Minute, errNoZone)
			}
			continue
		}
		if last.Since(m.clock) > 12*time.Hour {
			day = day.AddDays(1)
		}
		last = m.clock
		d.addMoment(m, day, zone)
		if m.about {
			about++
		}
	}
	if zone != nil {
		d.zone = zone
		d.winterClock(r, zone)
	}
	d.remarks = r.remarks
	if about > 0 {
		d.note(Inferred, "timeline: approximate times (%d) are written with (about)", about)
	}
	if !d.refused() {
		sortEntriesNoted(d)
	}
}

func (d *draft) leaveUntimed(m *moment) {
	if strings.TrimSpace(m.text) == "" {
		return // a heading or a row that only sets the day
	}
	line := m.text
	if m.timed {
		line = fmt.Sprintf("%02d:%02d %s", m.clock.Hour, m.clock.Minute, line)
	} else if !m.date.IsZero() {
		line = m.date.String() + " " + line
	}
	d.untimed = append(d.untimed, line)
	d.note(Dropped, "timeline: %q has no time that can be read; it stands below the timeline", cut(oneLine(line), 60))
}

func (d *draft) addMoment(m *moment, day calendar.Date, zone *time.Location) {
	if m.zone != nil {
		zone = m.zone
	}
	at := day.At(m.clock, zone)
	wall := fmt.Sprintf("%sT%02d:%02d:%02d", day, m.clock.Hour, m.clock.Minute, m.clock.Second)
	if odd := clockTrouble(at, wall); odd != "" {
		d.note(Contradiction, "timeline: %s is a time %s", wall, odd)
	}
	if at = at.UTC(); at.Year() < firstYear || at.Year() > lastYear {
		d.leaveUntimed(&moment{text: wall + " " + m.text})
		return
	}
	if m.until != "" {
		d.note(Inferred, "timeline: a range until %s is written at its begin", m.until)
	}
	d.timeline = append(d.timeline, entry{at: at, text: m.said()})
}

// winterClock reports times in the summer that are said to be in a zone's winter time: they may be an hour off.
func (d *draft) winterClock(r *rows, zone *time.Location) {
	_, name, _ := statedZone(strings.Join(append(r.headers, r.remarks...), "\n"))
	summer := summerName[name]
	if summer == "" || len(d.timeline) == 0 {
		return
	}
	if month := d.timeline[0].at.Month(); month > time.March && month < time.October {
		d.note(Contradiction, "timezone: the timeline says %s in %s, when clocks there show %s; it is read as written, UTC%s",
			name, month, summer, d.timeline[0].at.In(zone).Format("-07:00"))
	}
}

// sortEntriesNoted puts the timeline in order, and says so where the source has it otherwise.
func sortEntriesNoted(d *draft) {
	for i := 1; i < len(d.timeline); i++ {
		if d.timeline[i].at.Before(d.timeline[i-1].at) {
			d.note(Contradiction, "timeline: the entry of %s stands behind one of %s; they are put in order",
				stampText(d.timeline[i].at), stampText(d.timeline[i-1].at))
			break
		}
	}
	sortEntries(d.timeline)
}
