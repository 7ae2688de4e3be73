package parse

import (
	"bytes"
	"strings"
	"unicode"

	extast "github.com/yuin/goldmark/extension/ast"

	"github.com/yuin/goldmark/ast"
)

// columnNames maps a header cell, normalised, to a column. Real repositories use many words for one thing.
type columnNames map[string]string

var timelineColumns = columnNames{
	"time": "time", "when": "time", "timestamp": "time", "clock": "time", "utc": "time", "time utc": "time", "date time": "time", "datetime": "time", "at": "time", "start": "time",
	"date": "date", "day": "date",
	"status": "status", "state": "status",
	"event": "text", "what": "text", "what happened": "text", "description": "text", "entry": "text", "action": "text", "details": "text", "text": "text", "note": "text", "notes": "text",
	"update": "text", "message": "text", "comment": "text", "activity": "text", "summary": "text",
}

var actionColumns = columnNames{
	"id": "id", "no": "id", "nr": "id", "key": "id", "": "id",
	"action": "action", "action item": "action", "item": "action", "task": "action", "description": "action", "what": "action", "todo": "action", "follow up": "action", "title": "action", "summary": "action",
	"owner": "owner", "owners": "owner", "owner s": "owner", "assignee": "owner", "assigned to": "owner", "responsible": "owner", "who": "owner", "dri": "owner", "person": "owner",
	"due": "due", "due date": "due", "deadline": "due", "date": "due", "when": "due", "eta": "due", "target date": "due", "by when": "due",
	"priority": "priority", "prio": "priority",
	"type": "type", "kind": "type", "category": "type",
	"status": "status", "state": "status", "done": "status",
	"issue": "issue", "ticket": "issue", "tracking": "issue", "link": "issue", "bug": "issue", "jira": "issue", "tracking issue": "issue",
	"evidence": "evidence", "proof": "evidence",
	"reason": "reason", "notes": "reason", "comment": "reason",
}

// table reads a table's rows by the names of its columns, in whatever order they stand. Where two header cells name one
// column the first counts.
func (d *Document) table(t *extast.Table, names columnNames) (columns map[string]int, rows []map[string]Cell) {
	columns = map[string]int{}
	head := t.FirstChild()
	if head == nil {
		return columns, nil
	}
	i := 0
	for c := head.FirstChild(); c != nil; c = c.NextSibling() {
		if name, ok := names[normalHeading(d.plainText(c))]; ok {
			if _, taken := columns[name]; !taken {
				columns[name] = i
			}
		}
		i++
	}
	for row := head.NextSibling(); row != nil; row = row.NextSibling() {
		var cells []Cell
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, d.cell(c))
		}
		if len(cells) == 0 {
			continue
		}
		named := make(map[string]Cell, len(columns))
		for name, i := range columns {
			if i < len(cells) {
				named[name] = cells[i]
			}
		}
		rows = append(rows, named)
	}
	return columns, rows
}

// reportBrokenTable reports lines that are meant as a table and are none: their rows would be overlooked.
func (d *Document) reportBrokenTable(rule string, n *ast.Paragraph) {
	lines := d.raw(n)
	if len(lines) < 2 || strings.Count(lines[1].Text, "|") > maxColumns { // a table that is too large has its finding
		return
	}
	if strings.HasPrefix(lines[0].Text, "|") && strings.HasPrefix(lines[1].Text, "|") {
		d.report(rule, spanOf(lines[1].Pos, lines[1].Text), "write |---| once for each column of the header", "these lines are no table, want a line of dashes under the header")
	}
}

// cell is a table cell's Markdown as written, with escaped pipes resolved. A missing cell stands at the end of its row.
func (d *Document) cell(n ast.Node) Cell {
	l := n.Lines()
	if l == nil || l.Len() == 0 {
		if p := n.PreviousSibling(); p != nil {
			end := d.cell(p).Span.End
			return Cell{Span: spanOf(end, "")}
		}
		if p := n.Parent(); p != nil && p.Pos() >= 0 {
			return Cell{Span: d.span(p.Pos(), p.Pos())}
		}
		return Cell{}
	}
	s := l.At(0)
	written := s.Value(d.body.src[d.body.base:])
	text := bytes.TrimSpace(written)
	from := d.body.base + s.Start + len(written) - len(bytes.TrimLeftFunc(written, unicode.IsSpace))
	return Cell{Text: strings.ReplaceAll(string(text), `\|`, "|"), Span: d.body.lines.span(from, from+len(text))}
}
