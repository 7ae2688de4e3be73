// Package edit owns changes to records that keep everything else: bytes in, bytes out, with comments, key order, unknown keys, line
// ends and white space as they were.
//
// It refuses to write files, and to change what it cannot find for sure.
package edit

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/parse"
)

// ErrNoPlace tells that a record has no place for a value: the item or its column is not there.
var ErrNoPlace = errors.New("the record has no place for it")

// SetAction changes one cell of an action item: column is "owner", "due", "priority", "type" or "status". The value is escaped for
// the table. A record in which the item is not there exactly once is left alone.
func SetAction(path string, src []byte, item, column, value string) ([]byte, error) {
	cfg := config.Default()
	d := parse.Parse(path, parse.PostmortemRecord, src, &cfg)
	var row *parse.ActionRow
	for i := range d.Rows {
		if d.Rows[i].ID != item {
			continue
		}
		if row != nil {
			return nil, fmt.Errorf("%s: action item %s is there twice: %w", path, item, ErrNoPlace)
		}
		row = &d.Rows[i]
	}
	if row == nil {
		return nil, fmt.Errorf("%s: no action item %s: %w", path, item, ErrNoPlace)
	}
	cell, ok := row.Cells[column]
	if !ok || cell.Span.IsZero() {
		return nil, fmt.Errorf("%s: action item %s has no %s: %w", path, item, column, ErrNoPlace)
	}
	if column == "status" && strings.HasPrefix(cell.Text, "done") && isTaskBox(src, cell.Span) {
		return nil, fmt.Errorf("%s: action item %s is a task list entry: %w", path, item, ErrNoPlace)
	}
	out, err := replaceSpan(src, cell.Span, strings.ReplaceAll(value, "|", `\|`))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return out, nil
}

func isTaskBox(src []byte, at diag.Span) bool {
	from, ok := offset(src, at.Start)
	return ok && bytes.HasPrefix(src[from:], []byte("["))
}

// replaceSpan puts text in place of what stands in a span of one line. An empty cell gets blanks around it.
func replaceSpan(src []byte, at diag.Span, text string) ([]byte, error) {
	from, ok1 := offset(src, at.Start)
	to, ok2 := offset(src, at.End)
	if !ok1 || !ok2 || to < from || bytes.ContainsAny(src[from:to], "\n\r") || strings.ContainsAny(text, "\n\r") {
		return nil, ErrNoPlace
	}
	if from == to {
		if from > 0 && src[from-1] == '|' {
			text = " " + text
		}
		if to < len(src) && src[to] == '|' {
			text += " "
		}
	}
	return append(append(bytes.Clone(src[:from]), text...), src[to:]...), nil
}

// offset turns a place into a byte offset. A byte order mark, which places do not count, is skipped.
func offset(src []byte, p diag.Pos) (int, bool) {
	at := 0
	if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
		at = 3
	}
	for line := 1; line < p.Line; line++ {
		i := bytes.IndexByte(src[at:], '\n')
		if i < 0 {
			return 0, false
		}
		at += i + 1
	}
	for range p.Column - 1 {
		if at >= len(src) || src[at] == '\n' {
			return 0, false
		}
		_, size := utf8.DecodeRune(src[at:])
		at += size
	}
	return at, true
}
