package parse

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
)

// entryText is one entry as written, before its time is told.
type entryText struct {
	lines  []Line
	date   string // from a date column; "" elsewhere
	time   string // from a time column; "" where the time begins the text
	at     diag.Pos
	status string // from a status column
	column bool   // the time has a column of its own
}

// entries reads a section's list items and table rows. The times as written go to d.moments, index-aligned.
func (d *Document) entries(section string) []incident.Entry {
	var out []incident.Entry
	d.moments = nil
	nodes := d.sectionWithHeadings(section)
	for _, n := range nodes {
		if n.Kind() == ast.KindList {
			out = slices.Grow(out, n.ChildCount())
			d.moments = slices.Grow(d.moments, n.ChildCount())
		}
	}
	var untimed []entryText
	for _, n := range nodes {
		switch n := n.(type) {
		case *ast.Heading:
			// A date heading sets the date of what follows it. The moment has no entry: it is folded into the next one.
			if date, err := calendar.ParseDate(headingDate(d.plainText(n))); err == nil {
				d.moments = append(d.moments, Moment{Date: date})
				out = append(out, incident.Entry{})
			}
		case *ast.List:
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				if first := item.FirstChild(); first != nil {
					if lines := d.raw(first); len(lines) > 0 {
						out = d.addEntry(out, entryText{lines: lines, at: lines[0].Pos}, &untimed)
					}
				}
			}
		case *extast.Table:
			for _, e := range d.tableEntries(n) {
				out = d.addEntry(out, e, &untimed)
			}
		}
	}
	d.reportUntimed(section, len(out), untimed)
	return d.foldDates(out)
}

// foldDates merges each date heading into the entry after it.
func (d *Document) foldDates(in []incident.Entry) []incident.Entry {
	entries, moments := in[:0], d.moments[:0]
	var date calendar.Date
	for i, m := range d.moments {
		if !m.Known && !m.Date.IsZero() && in[i].Text == "" {
			date = m.Date
			continue
		}
		if m.Date.IsZero() {
			m.Date = date
		}
		date = calendar.Date{}
		entries, moments = append(entries, in[i]), append(moments, m)
	}
	d.moments = moments
	return entries
}

// sectionWithHeadings is a section's blocks with the sub-headings among them.
func (d *Document) sectionWithHeadings(name string) []ast.Node {
	var out []ast.Node
	for i, s := range d.Sections {
		if s.Name != name || len(d.body.nodes[i]) == 0 {
			continue
		}
		last := d.body.nodes[i][len(d.body.nodes[i])-1]
		n := d.body.nodes[i][0]
		for p := n.PreviousSibling(); p != nil && p.Kind() == ast.KindHeading && d.headingSpan(p.(*ast.Heading)) != s.Span; p = p.PreviousSibling() {
			n = p
		}
		for ; n != nil; n = n.NextSibling() {
			out = append(out, n)
			if n == last {
				break
			}
		}
	}
	return out
}

var isoDate = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

func headingDate(title string) string { return isoDate.FindString(title) }

func (d *Document) addEntry(out []incident.Entry, e entryText, untimed *[]entryText) []incident.Entry {
	m, entry, trouble, hint := readEntry(e)
	if trouble != "" {
		if m.Known || e.column {
			d.report(RuleTimelineEntry, entry.Span, hint, "%s", trouble)
		} else {
			*untimed = append(*untimed, e)
		}
	}
	d.moments = append(d.moments, m)
	return append(out, entry)
}

// reportUntimed reports entries without a readable time; many of them have one cause and make one finding.
func (d *Document) reportUntimed(section string, total int, untimed []entryText) {
	const want = `want "HH:MM - text"`
	if len(untimed) > 3 {
		d.reportAt(RuleTimelineEntry, untimed[0].at, 0, `begin each with its time, such as "13:05 - Alert fires"`,
			"%d of %d entries under %q begin with no time, %s", len(untimed), total, section, want)
		return
	}
	for _, e := range untimed {
		_, entry, trouble, hint := readEntry(e)
		d.report(RuleTimelineEntry, entry.Span, hint, "%s, %s", trouble, want)
	}
}

// clockShape is "[DATE ]HH:MM[:SS][ zone]" with what people write around it: emphasis, brackets, a T between date and time.
var clockShape = regexp.MustCompile(`^[*_\x60\[(~]*(?:(\d{4}-\d{2}-\d{2})(?:[ T,]+|[*_\x60\])]+[ ,]*))?[*_\x60\[(~]*(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AaPp]\.?[Mm]\.?)\b)?(?:\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})\b)?[*_\x60\])]*`)

// separator stands between the time and the text, and between the status and the text.
var separator = regexp.MustCompile(`^\s*(?:\s[-\x{2013}\x{2014}]\s+|[\x{2013}\x{2014}]\s*|\s[-\x{2013}\x{2014}]$)`)

// readEntry tells an entry's time, status and text. trouble says what is off; a moment that is Known can be used all the same.
func readEntry(e entryText) (m Moment, entry incident.Entry, trouble, hint string) {
	line := ""
	if len(e.lines) > 0 {
		line = e.lines[0].Text
	}
	written, rest := e.time, line
	if !e.column {
		written = line
	}
	if fast, rest, ok := plainClock(line); ok && !e.column {
		entry.Span = diag.Span{Start: e.at, End: diag.Pos{Line: e.at.Line, Column: e.at.Column + len(line) - len(rest) - len(" - ")}}
		entry.Text = rest
		if len(e.lines) > 1 {
			entry.Text += " " + joinLines(e.lines[1:])
		}
		entry.Status, entry.Text = splitStatus("", entry.Text)
		return fast, entry, "", ""
	}
	entry.Text = joinLines(e.lines)
	entry.Span = spanOf(e.at, written)
	if e.date != "" {
		m.Date, _ = calendar.ParseDate(headingDate(e.date))
	}
	match := clockShape.FindStringSubmatch(written)
	if match == nil {
		entry.Span = spanOf(e.at, firstWords(written))
		trouble, hint = untimedTrouble(written)
		return m, entry, trouble, hint
	}
	entry.Span = spanOf(e.at, strings.TrimRight(match[0], " "))
	trouble, hint = m.set(match)
	if !e.column {
		rest = written[len(match[0]):]
		if sep := separator.FindString(rest); sep != "" {
			rest = rest[len(sep):]
		} else {
			rest = strings.TrimLeft(rest, " :|-\t")
			if trouble == "" {
				trouble, hint = `no " - " between time and text, want "HH:MM - text"`, fmt.Sprintf("write %s - %s", strings.Trim(match[0], " *_`[]()~"), firstWords(rest))
			}
		}
		entry.Text = strings.TrimSpace(rest + " " + joinLines(e.lines[1:]))
	}
	if trouble == "" && entry.Text == "" {
		trouble, hint = "entry has a time and no text", "say what happened"
	}
	entry.Status, entry.Text = splitStatus(e.status, entry.Text)
	return m, entry, trouble, hint
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
func (m *Moment) set(match []string) (trouble, hint string) {
	if match[1] != "" {
		date, err := calendar.ParseDate(match[1])
		if err != nil {
			return "date " + err.Error(), ""
		}
		m.Date = date
	}
	num := func(s string) int { n, _ := strconv.Atoi(s); return n }
	m.Clock = calendar.Clock{Hour: num(match[2]), Minute: num(match[3]), Second: num(match[4])}
	if half := strings.ToLower(match[5]); half != "" && m.Clock.Hour >= 1 && m.Clock.Hour <= 12 {
		m.Clock.Hour %= 12
		if half[0] == 'p' {
			m.Clock.Hour += 12
		}
		trouble, hint = fmt.Sprintf("time %q is on the 12-hour clock, want 24 hours", match[0]), fmt.Sprintf("write %02d:%02d", m.Clock.Hour, m.Clock.Minute)
	} else if len(match[2]) == 1 {
		trouble, hint = fmt.Sprintf("time %q has one digit for the hour, want two", match[2]+":"+match[3]), fmt.Sprintf("write 0%s:%s", match[2], match[3])
	}
	if !m.Clock.Valid() {
		return fmt.Sprintf("no clock shows %q, want 00:00 to 23:59", strings.Trim(match[0], " *_`[]()~")), ""
	}
	m.Known = true
	if zone := match[6]; zone != "" {
		m.Zoned = true
		m.Offset = calendar.OffsetMinutes(zone)
	}
	return trouble, hint
}

func untimedTrouble(written string) (trouble, hint string) {
	if strings.TrimSpace(written) == "" {
		return "entry has no time", ""
	}
	return fmt.Sprintf("entry %q begins with no time", firstWords(written)), ""
}

// splitStatus takes "Identified - " off the front of a text; a status column goes before it.
func splitStatus(column, text string) (incident.Status, string) {
	if column != "" {
		s, _ := word(strings.ToLower(strings.Trim(column, " *_`[]")), incident.Statuses)
		return s, text
	}
	end := strings.IndexAny(text, " \u2013\u2014:")
	if end < 0 || end > len("**investigating**") {
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

// tableEntries reads a table that has a time column; other tables hold no entries.
func (d *Document) tableEntries(t *extast.Table) []entryText {
	columns, rows := d.table(t, timelineColumns)
	_, timed := columns["time"]
	if !timed {
		return nil
	}
	var out []entryText
	for _, row := range rows {
		e := entryText{column: true, at: row["time"].Span.Start, time: row["time"].Text, date: row["date"].Text, status: row["status"].Text}
		e.lines = []Line{{Text: row["text"].Text, Pos: row["text"].Span.Start}}
		out = append(out, e)
	}
	return out
}

func spanOf(at diag.Pos, text string) diag.Span {
	return diag.Span{Start: at, End: diag.Pos{Line: at.Line, Column: at.Column + utf8.RuneCountInString(text)}}
}

// firstWords is the start of a text, short enough for a message.
func firstWords(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:most]), " ") + "..."
}
