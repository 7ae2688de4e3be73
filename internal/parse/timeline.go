package parse

import (
	"regexp"
	"slices"
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
		case *ast.Paragraph:
			d.reportBrokenTable(RuleTimelineEntry, n)
			d.reportBareEntry(n)
		}
	}
	out = d.foldDates(out)
	d.reportUntimed(section, len(out), untimed)
	return out
}

// reportBareEntry reports an entry that is no list item: it would be overlooked.
func (d *Document) reportBareEntry(n *ast.Paragraph) {
	for _, l := range d.raw(n) {
		if m, entry, off := readEntry(entryText{lines: []Line{l}, at: l.Pos}); m.Known && off == (trouble{}) {
			d.report(RuleTimelineEntry, entry.Span, `begin each entry with "- "`, `entry is no list item, want "- HH:MM - text"`)
			return
		}
	}
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
	m, entry, off := readEntry(e)
	switch {
	case off.untimed && !e.column:
		*untimed = append(*untimed, e)
	case off.message != "":
		d.report(RuleTimelineEntry, entry.Span, off.hint, "%s", off.message)
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
		_, entry, off := readEntry(e)
		d.report(RuleTimelineEntry, entry.Span, off.hint, "%s, %s", off.message, want)
	}
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
