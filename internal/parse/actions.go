package parse

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
)

// actionRows reads the tables and task lists of the Action Items section.
func (d *Document) actionRows() []ActionRow {
	var out []ActionRow
	for _, n := range d.section(SectionActions) {
		switch n := n.(type) {
		case *extast.Table:
			out = append(out, d.actionTable(n)...)
		case *ast.List:
			out = append(out, d.actionList(n)...)
		case *ast.Paragraph:
			d.reportBrokenTable(RuleActionTable, n)
		}
	}
	return out
}

func (d *Document) actionTable(t *extast.Table) []ActionRow {
	columns, rows := d.table(t, actionColumns)
	if _, ok := columns["action"]; !ok {
		d.report(RuleActionTable, d.tableSpan(t), "begin the table with | ID | Action | Owner | Due | Priority | Type | Status |", `the action-item table has no "Action" column`)
		return nil
	}
	var out []ActionRow
	for _, cells := range rows {
		if blankRow(cells) {
			continue
		}
		out = append(out, d.actionRow(cells))
	}
	return out
}

func blankRow(cells map[string]Cell) bool {
	for _, c := range cells {
		if !isDash(c.Text) {
			return false
		}
	}
	return true
}

// isDash tells whether a cell says nothing: empty, or a dash as people put for "none".
func isDash(s string) bool { return strings.Trim(s, "-\u2013\u2014 ") == "" }

func (d *Document) tableSpan(t *extast.Table) diag.Span {
	if head := t.FirstChild(); head != nil && head.FirstChild() != nil {
		return d.cell(head.FirstChild()).Span
	}
	return diag.At(d.BodyLine, 1)
}

func (d *Document) actionRow(cells map[string]Cell) ActionRow {
	for column, c := range cells {
		if c.Text != "" && isDash(c.Text) {
			cells[column] = Cell{Span: c.Span}
		}
	}
	a := ActionRow{Cells: cells}
	get := func(column string) string { return cells[column].Text }
	a.ID = strings.Trim(linkText(get("id")), "*_`")
	a.Text = get("action")
	a.Owner = ownerOf(get("owner"))
	a.Issue, a.Evidence, a.Reason = get("issue"), get("evidence"), get("reason")
	a.Pos = firstPos(cells)
	if due := get("due"); due != "" {
		a.Due = d.dueDate(due, cells["due"].Span)
	}
	a.Priority = actionWord(d, cells["priority"], "priority", incident.Priorities)
	a.Type = actionWord(d, cells["type"], "type", incident.ActionTypes)
	status, reason := splitReason(get("status"))
	if reason != "" {
		a.Reason = reason
	}
	cell := cells["status"]
	cell.Text = status
	if a.Status = actionWord(d, cell, "status", incident.ActionStatuses); a.Status == "" && status == "" {
		a.Status = incident.Open
	}
	return a
}

// linkText is the text of "[text](target)", and any other text as it is.
func linkText(s string) string {
	if label, _, ok := strings.Cut(s, "]("); ok && strings.HasPrefix(label, "[") {
		return label[1:]
	}
	return s
}

func firstPos(cells map[string]Cell) diag.Pos {
	var first diag.Pos
	for _, c := range cells {
		if p := c.Span.Start; first.IsZero() || (!p.IsZero() && p.Compare(first) < 0) {
			first = p
		}
	}
	return first
}

// ownerOf takes the @ off a login and leaves any other text as it is; lint asks for a login.
func ownerOf(text string) string {
	if l, ok := Login(text); ok {
		return l
	}
	return text
}

func (d *Document) dueDate(text string, at diag.Span) calendar.Date {
	date, err := calendar.ParseDate(text)
	if err != nil {
		d.report(RuleActionDue, at, "", "due %s, want a date such as 2025-09-01", err)
	}
	return date
}

// splitReason parts "wont_do: superseded" and "wont_do (superseded)".
func splitReason(text string) (status, reason string) {
	if i := strings.IndexAny(text, ":("); i > 0 {
		return strings.TrimSpace(text[:i]), strings.Trim(text[i:], ":() ")
	}
	return text, ""
}

// wordForm makes "Won't do" out of what people write: wont_do.
var wordForm = strings.NewReplacer(" ", "_", "-", "_", "'", "", "\u2019", "")

func actionWord[T ~string](d *Document, c Cell, what string, allowed []T) T {
	text := strings.Trim(c.Text, "*_` ")
	if isDash(text) {
		return ""
	}
	if w, ok := word(text, allowed); ok {
		return w
	}
	normal := strings.ToLower(wordForm.Replace(text))
	if w, ok := word(normal, allowed); ok {
		return w
	}
	names := asStrings(allowed)
	hint := ""
	if near := diag.Nearest(normal, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	d.report(RuleActionValue, c.Span, hint, "unknown %s %q, want %s", what, text, orList(names))
	return ""
}

var (
	taskBox = regexp.MustCompile(`^\[([ xX])\](?:\s+|$)`)
	taskID  = regexp.MustCompile(`^(?:\*\*|__)?([A-Za-z]{1,10}-\d{1,6})(?:\*\*|__)?:?(?:\s+|$)`)
)

// actionList reads "- [ ] **AI-1** text (owner: @login, due: 2025-09-01)". Items without a box are read too: an action that
// is not seen is an action that is forgotten. An item without a box over items with one is just their caption.
func (d *Document) actionList(list *ast.List) []ActionRow {
	var out []ActionRow
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		first := item.FirstChild()
		if first == nil {
			continue
		}
		var nested []ActionRow
		for c := first; c != nil; c = c.NextSibling() {
			if sub, ok := c.(*ast.List); ok && d.hasBox(sub.FirstChild()) {
				nested = append(nested, d.actionList(sub)...)
			}
		}
		if lines := d.raw(first); len(lines) > 0 && (nested == nil || d.hasBox(item)) {
			if row := d.taskRow(lines); row.ID != "" || row.Text != "" {
				out = append(out, row)
			}
		}
		out = append(out, nested...)
	}
	return out
}

// hasBox tells whether a list item begins with a task box.
func (d *Document) hasBox(item ast.Node) bool {
	if item == nil || item.FirstChild() == nil {
		return false
	}
	lines := d.raw(item.FirstChild())
	return len(lines) > 0 && taskBox.MatchString(lines[0].Text)
}

func (d *Document) taskRow(lines []Line) ActionRow {
	text := joinLines(lines)
	cells := map[string]Cell{}
	put := func(column string, from, to int) {
		if _, taken := cells[column]; !taken {
			from, to = trimRange(text, from, to)
			cells[column] = Cell{Text: text[from:to], Span: spanInLines(lines, from, to-from)}
		}
	}
	from, to := 0, len(text)
	if m := taskBox.FindStringSubmatchIndex(text); m != nil {
		from = m[1]
		if text[m[2]] != ' ' {
			cells["status"] = Cell{Text: string(incident.Done), Span: spanInLines(lines, 0, m[3]+1)}
		}
	}
	if m := taskID.FindStringSubmatchIndex(text[from:]); m != nil {
		put("id", from+m[2], from+m[3])
		from += m[1]
	}
	to = taskDetails(text[:to], from, put)
	put("action", from, to)
	row := d.actionRow(cells)
	row.Pos = lines[0].Pos
	return row
}

// taskDetails reads "(owner: @login, due: 2025-09-01)" at the end of a text and tells where it begins. A comma before a word
// that is no column belongs to the value before it.
func taskDetails(text string, from int, put func(column string, from, to int)) (begin int) {
	end := len(strings.TrimRight(text, " .")) - 1
	begin = strings.LastIndexByte(text, '(')
	if begin < from || end < begin || text[end] != ')' {
		return len(text)
	}
	column, value := "", 0
	for at := begin + 1; at <= end; {
		stop := end
		if i := strings.IndexByte(text[at:end], ','); i >= 0 {
			stop = at + i
		}
		if key, _, ok := strings.Cut(text[at:stop], ":"); ok && detailColumn(key) != "" {
			if column != "" {
				put(column, value, at-1)
			}
			column, value = detailColumn(key), at+len(key)+1
		}
		at = stop + 1
	}
	if column == "" {
		return len(text)
	}
	put(column, value, end)
	return begin
}

// detailColumn is the column that a key in a task's brackets names; "" for none.
func detailColumn(key string) string {
	if column := actionColumns[normalHeading(key)]; column != "action" && strings.TrimSpace(key) != "" {
		return column
	}
	return ""
}

// trimRange takes the blanks off both ends of text[from:to].
func trimRange(text string, from, to int) (int, int) {
	to = from + len(strings.TrimRight(text[from:to], " \t"))
	return to - len(strings.TrimLeft(text[from:to], " \t")), to
}

// spanInLines is the place of a part of the text that joinLines makes.
func spanInLines(lines []Line, at, length int) diag.Span {
	for _, l := range lines {
		if at < 0 {
			break
		}
		if at <= len(l.Text) {
			start := spanOf(l.Pos, l.Text[:at]).End
			return spanOf(start, l.Text[at:min(len(l.Text), at+length)])
		}
		at -= len(l.Text) + 1
	}
	return spanOf(lines[0].Pos, "")
}
