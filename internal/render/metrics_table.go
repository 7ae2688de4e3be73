package render

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/metrics"
)

// metricsTable is rows of equal length: names on the left, figures aligned to the right.
type metricsTable struct {
	head  []string
	rows  [][]string
	left  int   // so many columns are aligned to the left; at least the first
	spare []int // columns to leave out on a narrow terminal, in this order
}

func (t *metricsTable) add(cells ...string) { t.rows = append(t.rows, cells) }

// downtimeTable is the head of the tables by service and by period; addDowntime makes their rows.
func downtimeTable() metricsTable {
	return metricsTable{head: []string{"", "n", "downtime", "MTTR", "median", "max", "in target"}, spare: []int{4}}
}

// addDowntime is the row of a service or a period. Downtime is absent where no incident is over: nobody knows it yet.
func (t *metricsTable) addDowntime(name string, g metrics.Group) {
	downtime := absent
	if g.Incidents > 0 || g.Ongoing == 0 {
		downtime = metrics.FormatMinutes(g.DowntimeMinutes)
	}
	t.add(name, fmt.Sprint(g.Incidents), downtime, minutesText(g.MTTRMinutes), minutesText(g.MedianMinutes), minutesText(g.MaxMinutes), targetText(g.Target))
}

const tableGap = 2

// widths of the columns; 0 for one that is left out: it has no figure, or the terminal is too narrow.
func (t *metricsTable) widths(limit int) []int {
	widths := make([]int, len(t.rows[0]))
	for c := range widths {
		empty := c > 0
		for _, row := range t.rows {
			widths[c] = max(widths[c], utf8.RuneCountInString(row[c]))
			empty = empty && row[c] == absent
		}
		if len(t.head) > 0 {
			widths[c] = max(widths[c], utf8.RuneCountInString(t.head[c]))
		}
		if empty {
			widths[c] = 0
		}
	}
	for _, c := range t.spare {
		if limit > 0 && tableWidth(widths) > limit {
			widths[c] = 0
		}
	}
	return widths
}

func tableWidth(widths []int) int {
	sum := 0
	for _, w := range widths {
		if w > 0 {
			sum += w + tableGap
		}
	}
	return sum
}

func (p *metricsPage) table(t metricsTable) {
	widths := t.widths(p.style.Width)
	if len(t.head) > 0 {
		p.line("%s", p.style.paint(dim, t.row(t.head, widths)))
	}
	for _, row := range t.rows {
		p.line("%s", t.row(row, widths))
	}
}

func (t *metricsTable) row(cells []string, widths []int) string {
	var b strings.Builder
	for c, cell := range cells {
		if widths[c] == 0 {
			continue
		}
		pad := strings.Repeat(" ", widths[c]-utf8.RuneCountInString(cell))
		b.WriteString(strings.Repeat(" ", tableGap))
		if c < max(1, t.left) {
			b.WriteString(cell + pad)
		} else {
			b.WriteString(pad + cell)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// safe makes a name from a record fit for one cell: nothing that moves the cursor, and nothing that the Actions runner, which
// skips blanks at a line's start, would take for a command.
func safe(text string) string {
	return harmless.Line(text)
}

func shorten(text string, width int) string {
	runes := []rune(text)
	if len(runes) <= width {
		return text
	}
	return strings.TrimRight(string(runes[:width-3]), " ") + "..."
}

// wrap breaks a text at blanks into lines of at most width columns; a longer word stays whole, and so does "1 h 05 min".
func wrap(text string, width int) []string {
	var lines []string
	for _, word := range unbroken(strings.Fields(text)) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

// unbroken puts a number and its unit, and the parts of a duration, into one word.
func unbroken(words []string) []string {
	var out []string
	for i, word := range words {
		if i > 0 && (isNumber(words[i-1]) || isNumber(word) && (words[i-1] == "h" || words[i-1] == "d")) {
			out[len(out)-1] += " " + word
		} else {
			out = append(out, word)
		}
	}
	return out
}

func isNumber(word string) bool {
	return strings.Trim(strings.TrimLeft(word, "("), "0123456789") == "" && word != "("
}

func upperFirst(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[size:]
}

func joined[T any](list []T) string {
	return strings.Join(slices.Collect(func(yield func(string) bool) {
		for _, v := range list {
			if !yield(fmt.Sprint(v)) {
				return
			}
		}
	}), ", ")
}
