package render

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
)

// mostRows is how many rows of a list the text shows; json has all.
const mostRows = 15

// metricsPage is a page of text in the making.
type metricsPage struct {
	strings.Builder
	style Style
}

// MetricsText writes a report for people. It fits 100 columns; on a narrower terminal the 90th percentile and the interval of
// the median are left out first.
func MetricsText(w io.Writer, r metrics.Report, style Style) error {
	p := &metricsPage{style: style}
	p.head(r)
	if len(r.Verdicts) > 0 {
		p.line("")
	}
	for _, v := range r.Verdicts {
		p.verdict(v, r.BySeverity[v.Severity.String()])
	}
	p.severities(r)
	p.services(r.ByService)
	p.periods("By quarter", r.ByQuarter)
	p.periods("By month", r.ByMonth)
	p.phases(r.Overall)
	p.ongoing(r.Ongoing)
	p.excluded(r.Excluded)
	p.section("In short")
	p.note(upperFirst(r.Sentence)+".", "")
	_, err := io.WriteString(w, p.String())
	return err
}

func (p *metricsPage) line(format string, args ...any) {
	fmt.Fprintf(p, format, args...)
	p.WriteByte('\n')
}

func (p *metricsPage) section(title string) { p.line("\n%s", p.style.paint(bold, title)) }

// note writes a wrapped paragraph, two columns in.
func (p *metricsPage) note(text, sgr string) {
	for _, line := range wrap(text, p.width()-2) {
		p.line("  %s", p.style.paint(sgr, line))
	}
}

// width of running text: what the terminal has, but no line is longer than is read with ease.
func (p *metricsPage) width() int {
	if p.style.Width == 0 {
		return 100
	}
	return min(max(p.style.Width, 40), 100)
}

func (p *metricsPage) head(r metrics.Report) {
	title := "MTTR of incidents " + windowText(r)
	if len(r.Severities) > 0 {
		title += ", severity " + joined(r.Severities)
	}
	if len(r.Services) > 0 {
		title += ", service " + safe(joined(r.Services))
	}
	for _, line := range wrap(title, p.width()) {
		p.line("%s", p.style.paint(bold, line))
	}
	p.note(definition(r.DowntimeEnds)+fmt.Sprintf(" (downtime_ends: %s).", r.DowntimeEnds), dim)
}

func definition(ends incident.DowntimeEnds) string {
	if ends == incident.EndsMitigated {
		return "Downtime runs from started to mitigated, where that is missing to resolved; wall clock"
	}
	return "Downtime runs from started to resolved; wall clock"
}

// windowText names the window as people do: whole days with the last one included, other bounds to the second.
func windowText(r metrics.Report) string {
	from, to := r.Window.From, r.Window.To
	day := func(t time.Time) bool {
		return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0
	}
	first, last := from.Format(time.RFC3339), "until "+to.Format(time.RFC3339)
	if day(from) {
		first = from.Format(time.DateOnly)
	}
	if day(to) {
		last = "to " + to.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	zone := fmt.Sprintf(" (%s)", r.Timezone)
	switch {
	case from.IsZero() && to.IsZero():
		return "up to " + r.Now.Format("2006-01-02 15:04") + zone
	case from.IsZero():
		return strings.Replace(last, "to ", "up to ", 1) + zone
	case to.IsZero():
		return "since " + first + zone
	}
	return "from " + first + " " + last + zone
}

func (p *metricsPage) severities(r metrics.Report) {
	p.section("By severity")
	t := metricsTable{head: []string{"", "n", "MTTR", "median", "95% interval", "p90", "max", "in target"}, spare: []int{5, 4}}
	row := func(name string, g metrics.Group) {
		t.add(
			name, fmt.Sprint(g.Incidents), minutesText(g.MTTRMinutes), minutesText(g.MedianMinutes), rangeText(g.MedianCI95),
			minutesText(g.P90Minutes), minutesText(g.MaxMinutes), targetText(g.Target),
		)
	}
	keys := slices.Sorted(maps.Keys(r.BySeverity))
	for _, key := range keys {
		row(key, r.BySeverity[key])
	}
	if len(keys) > 1 {
		row("all", r.Overall)
	}
	p.table(t)
	for _, key := range keys {
		if v := r.BySeverity[key].Values; len(v) > 1 {
			p.note(fmt.Sprintf("%s: too few for an interval, the values are %s", key, values(v)), dim)
		}
	}
}

func values(minutes []float64) string {
	var texts []string
	for _, v := range minutes {
		texts = append(texts, metrics.FormatMinutes(v))
	}
	return strings.Join(texts, ", ")
}

// services lists those with the most downtime first.
func (p *metricsPage) services(groups map[string]metrics.Group) {
	if len(groups) == 0 {
		return
	}
	p.section("By service")
	names := slices.SortedFunc(maps.Keys(groups), func(a, b string) int {
		return cmp.Or(cmp.Compare(groups[b].DowntimeMinutes, groups[a].DowntimeMinutes), cmp.Compare(a, b))
	})
	t := downtimeTable()
	for _, name := range names[:min(len(names), mostRows)] {
		t.addDowntime(shorten(safe(name), 24), groups[name])
	}
	p.table(t)
	p.more(len(names) - mostRows)
}

// phases shows where the time goes. An incident is in a row when its record names both ends.
func (p *metricsPage) phases(g metrics.Group) {
	if g.Incidents == 0 {
		return
	}
	p.section("Where the time goes")
	t := metricsTable{head: []string{"", "n", "mean", "median", "p90"}}
	for _, s := range []struct {
		name string
		metrics.Span
	}{
		{"detect    (started to detected)", g.TimeToDetect},
		{"diagnose  (detected to diagnosed)", g.TimeToDiagnose},
		{"repair    (diagnosed to mitigated)", g.TimeToRepair},
	} {
		t.add(s.name, fmt.Sprintf("%d of %d", s.N, g.Incidents), minutesText(s.Mean), minutesText(s.Median), minutesText(s.P90))
	}
	p.table(t)
}

func (p *metricsPage) ongoing(list []metrics.Ongoing) {
	var rows [][2]string
	for _, o := range list[:min(len(list), mostRows)] {
		rows = append(rows, [2]string{o.ID, "at least " + metrics.FormatMinutes(o.AtLeastMinutes)})
	}
	p.apart("Ongoing", len(list), rows)
}

func (p *metricsPage) excluded(list []metrics.Excluded) {
	var rows [][2]string
	for _, e := range list[:min(len(list), mostRows)] {
		rows = append(rows, [2]string{e.ID, e.Reason})
	}
	p.apart("Excluded", len(list), rows)
}

// apart lists incidents that are in no figure. Ids stay whole, for people copy them: where one and its remark do not fit into a
// line together, the remarks go below.
func (p *metricsPage) apart(title string, n int, rows [][2]string) {
	if n == 0 {
		return
	}
	p.section(fmt.Sprintf("%s (%d), in no figure above", title, n))
	t := metricsTable{left: 2}
	for _, row := range rows {
		t.add(safe(row[0]), safe(row[1]))
	}
	if tableWidth(t.widths(0)) <= p.width() {
		p.table(t)
	} else {
		for _, row := range t.rows {
			p.line("  %s\n    %s", row[0], row[1])
		}
	}
	p.more(n - len(rows))
}

func (p *metricsPage) more(n int) {
	if n > 0 {
		p.note(fmt.Sprintf("... and %d more, see --format json", n), dim)
	}
}
