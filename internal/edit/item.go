package edit

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/incident"
)

var marker = regexp.MustCompile(`^([ \t]*)([-*+]|(\d{1,9})([.)]))([ \t]+)`)

// beside writes an entry on a line of its own behind or before another one, in its form: a list item or a table row.
func beside(f File, other incident.Entry, w when, e Entry, behind bool) ([]byte, bool) {
	all := lines(f.Source)
	n := other.Span.Start.Line - 1
	if n < 0 || n >= len(all) {
		return nil, false
	}
	line := all[n].of(f.Source)
	m := marker.FindStringSubmatch(line)
	if m == nil {
		return row(f, all, n, other, w, e, behind)
	}
	if utf8.RuneCountInString(m[0]) >= other.Span.Start.Column {
		return nil, false
	}
	item := m[1] + nextMarker(m, behind) + m[5] + w.String() + " - " + e.body()
	if !behind {
		gap := ""
		if n > 1 && all[n-1].blank(f.Source) && marker.MatchString(all[max(0, n-2)].of(f.Source)) {
			gap = f.lineEnd()
		}
		return splice(f.Source, all[n].from, all[n].from, item+f.lineEnd()+gap), true
	}
	last := endOfItem(f.Source, all, n, len(m[0]))
	gap := ""
	if n > 1 && all[n-1].blank(f.Source) && marker.MatchString(all[n-2].of(f.Source)) {
		gap = f.lineEnd() // a list with blank lines between its items
	}
	return insertLine(f, all, last, gap, item), true
}

// nextMarker is the marker of an item behind or before the one matched.
func nextMarker(m []string, behind bool) string {
	if m[3] == "" || !behind {
		return m[2]
	}
	n := 0
	for _, c := range m[3] {
		n = n*10 + int(c-'0')
	}
	return fmt.Sprint(n+1) + m[4]
}

// endOfItem is the number of the last line of the list item that begins on line n. Its text may go on without indentation; what
// follows a blank line is the item's only where it is indented.
func endOfItem(src []byte, all []text, n, indent int) int {
	last := n
	for i := n + 1; i < len(all); i++ {
		line := all[i].of(src)
		if strings.TrimSpace(line) == "" {
			continue
		}
		inside := len(line)-len(strings.TrimLeft(line, " \t")) >= indent || strings.HasPrefix(line, "\t")
		lazy := last == i-1 && !startsBlock(line)
		if !inside && !lazy {
			break
		}
		last = i
	}
	return last
}

// startsBlock tells whether a line begins something of its own and so does not carry on a paragraph.
func startsBlock(line string) bool {
	line = strings.TrimLeft(line, " ")
	for _, start := range []string{"#", "```", "~~~", ">", "<", "---", "***", "___", "|"} {
		if strings.HasPrefix(line, start) {
			return true
		}
	}
	return marker.MatchString(line + " ")
}

// insertLine puts a line behind line number last, whether or not that one ends with a line end.
func insertLine(f File, all []text, last int, gap, line string) []byte {
	end := f.lineEnd()
	if all[last].next == all[last].to { // the file's last line, without a line end
		return splice(f.Source, all[last].to, all[last].to, end+gap+line)
	}
	return splice(f.Source, all[last].next, all[last].next, gap+line+end)
}
