package parse

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
)

// clockShape is "[DATE ]HH:MM[:SS][ zone]" with what people write around it: emphasis, brackets, a T between date and time.
var clockShape = regexp.MustCompile(`^[*_\x60\[(~]*(?:(\d{4}-\d{2}-\d{2})(?:[ T,]+|[*_\x60\])]+[ ,]*))?[*_\x60\[(~]*(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AaPp]\.?[Mm]\.?)\b)?(?:\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})\b)?[*_\x60\])]*`)

// separator stands between the time and the text, and between the status and the text.
var separator = regexp.MustCompile(`^\s*(?:\s[-\x{2013}\x{2014}]\s+|[\x{2013}\x{2014}]\s*|\s[-\x{2013}\x{2014}]$)`)

// trouble says what is off about an entry; the zero trouble is none.
type trouble struct {
	message, hint string
	untimed       bool // no time is to be seen
}

// readEntry tells an entry's time, status and text. A moment that is Known can be used although something is off.
func readEntry(e entryText) (m Moment, entry incident.Entry, off trouble) {
	if len(e.lines) > 0 && !e.column {
		line := e.lines[0].Text
		if m, rest, ok := plainClock(line); ok {
			entry.Span = diag.Span{Start: e.at, End: diag.Pos{Line: e.at.Line, Column: e.at.Column + len(line) - len(rest) - len(" - ")}}
			if text := entryRest(rest, e.lines); text != "" {
				entry.Status, entry.Text = splitStatus("", text)
				return m, entry, trouble{}
			}
		}
	}
	return readAnyEntry(e)
}

func entryRest(first string, lines []Line) string {
	if len(lines) > 1 {
		first += " " + joinLines(lines[1:])
	}
	return strings.TrimSpace(first)
}

// readAnyEntry reads every shape.
func readAnyEntry(e entryText) (m Moment, entry incident.Entry, off trouble) {
	written := e.time
	if !e.column && len(e.lines) > 0 {
		written = e.lines[0].Text
	}
	if e.date != "" {
		m.Date, _ = calendar.ParseDate(headingDate(e.date))
	}
	entry.Text = joinLines(e.lines)
	match := clockShape.FindStringSubmatch(written)
	if match == nil {
		entry.Span = spanOf(e.at, strings.TrimSuffix(firstWords(written), "..."))
		return m, entry, untimedTrouble(e, written)
	}
	entry.Span = spanOf(e.at, strings.TrimRight(match[0], " "))
	rest := written[len(match[0]):]
	off = m.set(match)
	if !e.column {
		rest, off = cutSeparator(match[0], rest, off)
		entry.Text = entryRest(rest, e.lines)
	}
	if off.message == "" && entry.Text == "" {
		off = trouble{message: "entry has a time and no text", hint: "say what happened"}
	}
	entry.Status, entry.Text = splitStatus(e.status, entry.Text)
	return m, entry, off
}

// cutSeparator takes off what stands between time and text.
func cutSeparator(clock, rest string, off trouble) (string, trouble) {
	if sep := separator.FindString(rest); sep != "" {
		return rest[len(sep):], off
	}
	if bold := strings.TrimPrefix(rest, ":**"); bold != rest && strings.HasPrefix(clock, "**") {
		rest = bold // "**13:05:** text"
	}
	rest = strings.TrimLeft(rest, " :|-\t")
	if off.message == "" {
		off = trouble{
			message: `no " - " between time and text, want "HH:MM - text"`,
			hint:    fmt.Sprintf("write %s - %s", bareClock(clock), firstWords(rest)),
		}
	}
	return rest, off
}

// bareClock is a time as written without what people put around it.
func bareClock(s string) string { return strings.Trim(s, " *_`[]()~") }

// isRange tells whether what looks like an offset behind a clock may be the end of a range: "09:05-09:30".
func isRange(c calendar.Clock, match []string) bool {
	return len(match[6]) == len("-09:30") && match[6][0] == '-' && match[4] == "" && !strings.Contains(match[0], "T") &&
		match[6][1:] > fmt.Sprintf("%02d:%02d", c.Hour, c.Minute)
}

// plainClock reads the one shape nearly every entry has, "[YYYY-MM-DD ]HH:MM - text", without the cost of the pattern. What is
// not quite that is left to it.
func plainClock(s string) (m Moment, rest string, ok bool) {
	if len(s) > 11 && s[10] == ' ' {
		if d, err := calendar.ParseDate(s[:10]); err == nil {
			m.Date, s = d, s[11:]
		}
	}
	if len(s) < 9 || s[2] != ':' || s[5:8] != " - " || s[8] == ' ' {
		return m, "", false
	}
	for _, i := range [...]int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return m, "", false
		}
	}
	m.Clock = calendar.Clock{Hour: int(s[0]-'0')*10 + int(s[1]-'0'), Minute: int(s[3]-'0')*10 + int(s[4]-'0')}
	m.Known = m.Clock.Valid()
	return m, s[8:], m.Known
}

// set takes over the parts of a clockShape match.
func (m *Moment) set(match []string) trouble {
	if match[1] != "" {
		date, err := calendar.ParseDate(match[1])
		if err != nil {
			return trouble{message: "date " + err.Error()}
		}
		m.Date = date
	}
	num := func(s string) int { n, _ := strconv.Atoi(s); return n }
	m.Clock = calendar.Clock{Hour: num(match[2]), Minute: num(match[3]), Second: num(match[4])}
	off := m.readHalf(match)
	if !m.Clock.Valid() {
		return trouble{message: fmt.Sprintf("no clock shows %q, want 00:00 to 23:59", bareClock(match[0]))}
	}
	m.Known = true
	switch offset, ok := calendar.OffsetMinutes(match[6]); {
	case match[6] == "":
	case isRange(m.Clock, match):
		off = trouble{message: fmt.Sprintf("%q may be a range or a time with an offset, want one time", bareClock(match[0])), hint: "begin with the first time, and tell the other in the text"}
	case !ok:
		m.Known = false
		off = trouble{message: fmt.Sprintf("no zone is %q from UTC", match[6])}
	default:
		m.Zoned, m.Offset = true, offset
	}
	return off
}

// readHalf applies am and pm.
func (m *Moment) readHalf(match []string) trouble {
	half := strings.ToLower(match[5])
	if half != "" && m.Clock.Hour >= 1 && m.Clock.Hour <= 12 {
		m.Clock.Hour %= 12
		if half[0] == 'p' {
			m.Clock.Hour += 12
		}
		return trouble{
			message: fmt.Sprintf("time %q is on the 12-hour clock, want 24 hours", bareClock(match[0])),
			hint:    fmt.Sprintf("write %02d:%02d", m.Clock.Hour, m.Clock.Minute),
		}
	}
	if len(match[2]) == 1 {
		return trouble{
			message: fmt.Sprintf("time %q has one digit for the hour, want two", match[2]+":"+match[3]),
			hint:    fmt.Sprintf("write 0%s:%s", match[2], match[3]),
		}
	}
	return trouble{}
}

func untimedTrouble(e entryText, written string) trouble {
	switch {
	case strings.TrimSpace(written) == "":
		return trouble{message: "entry has no time", untimed: true}
	case e.column:
		return trouble{message: fmt.Sprintf("%q is no time, want HH:MM", firstWords(written)), untimed: true}
	}
	return trouble{message: fmt.Sprintf("entry %q begins with no time", firstWords(written)), untimed: true}
}

// splitStatus takes "Identified - " off the front of a text; a status column goes before it.
func splitStatus(column, text string) (incident.Status, string) {
	if column != "" {
		s, _ := word(strings.ToLower(strings.Trim(column, " *_`[]")), incident.Statuses)
		return s, text
	}
	if text == "" || strings.IndexByte("iImMrR*_`[", text[0]) < 0 { // as nearly every entry begins
		return "", text
	}
	end := strings.IndexAny(text[:min(len(text), len("**investigating** - "))], " \u2013\u2014:")
	if end < 0 {
		return "", text
	}
	s, ok := word(strings.ToLower(strings.Trim(text[:end], "*_`[]")), incident.Statuses)
	if !ok {
		return "", text
	}
	sep := separator.FindString(text[end:])
	if sep == "" {
		return "", text
	}
	return s, text[end+len(sep):]
}

// firstWords is the start of a text, short enough for a message.
func firstWords(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:most]), " ") + "..."
}
