package importer

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
)

// moment is the time of a timeline row as written.
type moment struct {
	date  calendar.Date
	clock calendar.Clock
	zone  *time.Location // of its own; nil for the timeline's
	timed bool           // a clock could be read
	about bool           // marked as approximate
	until string         // the end of a range
	text  string
}

// clockShape is a clock with what people write around it. What is bracketed stands in this order: hour, minute, second, half of the
// day, zone.
var clockShape = regexp.MustCompile(`^[~*_\[(\x60\s]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?\b)?(?:\s*(Z\b|[A-Z]{2,4}\b|[+-]\d{2}:?\d{2}\b))?[*_\])\x60]*`)

var (
	leadingDay = regexp.MustCompile(`^[~*_\[(\x60\s]*(\d{4}[-/]\d{2}[-/]\d{2}|[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4})(?:[*_\])\x60]*[T,;\s]+|[*_\])\x60:]*$)`)
	approx     = regexp.MustCompile(`(?i)^[~*_\s]*(?:~|\x{2248}|approx(?:imately|\.)?|about|around|ca\.|circa)\s*`)
	rangeEnd   = regexp.MustCompile(`^~?\s*(?:-|\x{2013}|\x{2014}|to|until)\s*((?:\d{4}-\d{2}-\d{2}\s+)?\d{1,2}:\d{2}(?::\d{2})?)\b`)
	afterClock = regexp.MustCompile(`^[\s*_]*(?:[-\x{2013}\x{2014}:|]+[\s*_]*)?`)
)

// readMoment reads the time that a text begins with; what follows is its text. ok is false where no time and no day is to be seen.
func readMoment(s string) (m moment, ok bool) {
	rest := strings.TrimSpace(s)
	cutApprox := func() {
		if a := approx.FindString(rest); a != "" {
			m.about, rest = true, rest[len(a):]
		}
	}
	cutApprox()
	if day := leadingDay.FindStringSubmatch(rest); day != nil {
		if m.date = dateWritten(strings.ReplaceAll(day[1], "/", "-")); m.date.IsZero() {
			return m, false
		}
		rest = rest[len(day[0]):]
	}
	cutApprox()
	c := clockShape.FindStringSubmatch(rest)
	if c == nil {
		m.text = rest
		return m, !m.date.IsZero()
	}
	used := len(c[0])
	if !m.setClock(c, &used, rest) {
		return m, false
	}
	rest = rest[used:]
	if end := rangeEnd.FindStringSubmatch(rest); end != nil {
		m.until, rest = end[1], rest[len(end[0]):]
	}
	if tilde := strings.TrimLeft(rest, " "); strings.HasPrefix(tilde, "~") {
		m.about, rest = true, tilde[1:]
	}
	m.text = rest
	return m, true
}

// setClock takes over a match of clockShape. A word in capitals that is no zone belongs to the text, and what could be an offset and
// the end of a range is a range: "09:05-09:30".
func (m *moment) setClock(c []string, used *int, rest string) bool {
	num := func(s string) int { n, _ := strconv.Atoi(s); return n }
	m.clock = calendar.Clock{Hour: num(c[1]), Minute: num(c[2]), Second: num(c[3])}
	if c[4] != "" && m.clock.Hour >= 1 && m.clock.Hour <= 12 {
		m.clock.Hour %= 12
		if strings.EqualFold(c[4], "p") {
			m.clock.Hour += 12
		}
	}
	m.timed = m.clock.Valid()
	if c[5] == "" {
		return m.timed
	}
	at := strings.LastIndex(rest[:*used], c[5])
	if loc, ok := zoneOf(c[5]); ok {
		m.zone = loc
		return m.timed
	}
	if slices.Contains(ambiguousZones, c[5]) {
		m.timed = false
		return false
	}
	signed := c[5][0] == '+' || c[5][0] == '-'
	minutes, ok := calendar.OffsetMinutes(c[5])
	isRange := c[5][0] == '-' && strings.Contains(c[5], ":") && c[5][1:] > fmt.Sprintf("%02d:%02d", m.clock.Hour, m.clock.Minute)
	if !signed || !ok || isRange {
		*used = at // no zone: what stands there is read again
		return m.timed
	}
	m.zone = time.FixedZone("", minutes*60)
	return m.timed
}

// said is the text of an entry, with what its time said beside the time.
func (m *moment) said() string {
	text := m.text
	if m.until != "" {
		text = fmt.Sprintf("(until %s) %s", m.until, text)
	}
	if m.about {
		text = "(about) " + text
	}
	return text
}

// zoneWord finds the zone that a timeline's heading, header or prose names.
var zoneWord = regexp.MustCompile(`\b(?:(UTC|GMT)\s?([+-]\d{1,2})\b|([A-Z][a-z]+/[A-Z][A-Za-z_]+)|([A-Z]{2,4})\b)`)

// statedZone reads a zone out of a text. again is the ambiguous abbreviation that it names instead.
func statedZone(text string) (loc *time.Location, name, ambiguous string) {
	for _, m := range zoneWord.FindAllStringSubmatch(text, -1) {
		switch {
		case m[1] != "":
			hours, _ := strconv.Atoi(m[2])
			if loc, err := time.LoadLocation(fmt.Sprintf("Etc/GMT%+d", -hours)); err == nil {
				return loc, m[1] + m[2], ""
			}
		case m[3] != "":
			if loc, err := time.LoadLocation(m[3]); err == nil {
				return loc, m[3], ""
			}
		default:
			if loc, ok := zoneOf(m[4]); ok {
				return loc, m[4], ""
			}
			for _, a := range ambiguousZones {
				if m[4] == a {
					return nil, a, a
				}
			}
		}
	}
	return nil, "", ""
}
