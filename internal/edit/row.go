package edit

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/incident"
)

var delimiterRow = regexp.MustCompile(`^[\s|:-]*-[\s|:-]*$`)

// row writes an entry as a table row behind or before the one on line n.
func row(f File, all []text, n int, other incident.Entry, w when, e Entry, behind bool) ([]byte, bool) {
	line := all[n].of(f.Source)
	if !strings.Contains(line, "|") {
		return nil, false
	}
	rule := n
	for rule > 0 && !delimiterRow.MatchString(all[rule].of(f.Source)) {
		if all[rule].blank(f.Source) {
			return nil, false
		}
		rule--
	}
	if rule == 0 {
		return nil, false
	}
	text, ok := tableRow(cells(all[rule-1].of(f.Source)), cellAt(line, other.Span.Start.Column), w, e)
	if !ok {
		return nil, false
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	if behind {
		return insertLine(f, all, n, "", indent+text), true
	}
	return splice(f.Source, all[n].from, all[n].from, indent+text+f.lineEnd()), true
}

// tableRow fills a row by the table's header: the time stands in column number clock.
func tableRow(header []string, clock int, w when, e Entry) (string, bool) {
	filled := make([]string, len(header))
	text := -1
	dated, told := false, false
	for i, h := range header {
		switch h = strings.ToLower(strings.Trim(h, " *_`")); {
		case i == clock:
		case h == "date" || h == "day":
			filled[i], dated = w.date, true
		case (h == "status" || h == "state") && e.Status != "":
			filled[i], told = statusWords[e.Status], true
		case h == "status" || h == "state" || text >= 0:
		default:
			text = i
		}
	}
	if text < 0 || clock < 0 || clock >= len(header) || dated && w.date == "" {
		return "", false
	}
	filled[clock], filled[text] = w.String(), e.body()
	if dated {
		filled[clock] = w.clock
	}
	if told {
		filled[text] = e.Text
	}
	for i, c := range filled {
		filled[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	return "| " + strings.Join(filled, " | ") + " |", true
}

// cells cuts a table row at its bars.
func cells(line string) []string {
	line = strings.TrimPrefix(strings.TrimSpace(line), "|")
	var out []string
	from := 0
	for i := 0; i < len(line); i++ {
		if line[i] == '|' && (i == 0 || line[i-1] != '\\') {
			out = append(out, strings.TrimSpace(line[from:i]))
			from = i + 1
		}
	}
	if rest := strings.TrimSpace(line[from:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

// cellAt is the number of the cell that a column, in code points from 1, is in.
func cellAt(line string, column int) int {
	at := 0
	for range column - 1 {
		if at < len(line) {
			_, size := utf8.DecodeRuneInString(line[at:])
			at += size
		}
	}
	before := line[:min(at, len(line))]
	n := strings.Count(before, "|") - strings.Count(before, `\|`)
	if strings.HasPrefix(strings.TrimSpace(line), "|") {
		n--
	}
	return n
}
