package render

import (
	"fmt"

	"github.com/syncwell/sitrep/internal/metrics"
)

// mostPeriods is how many rows of months or quarters the text shows: the latest.
const mostPeriods = 12

// periods shows the latest ones. Three or more without an incident in a row become one row.
func (p *metricsPage) periods(title string, all []metrics.Period) {
	if len(all) == 0 {
		return
	}
	p.section(title)
	var rows []periodRow
	for i := 0; i < len(all); {
		n := quiet(all[i:])
		if n < 3 {
			n = 1
		}
		rows = append(rows, periodRow{all[i], all[i+n-1].Period, n})
		i += n
	}
	t := downtimeTable()
	hidden := 0
	for i, row := range rows {
		if i < len(rows)-mostPeriods {
			hidden += row.periods
			continue
		}
		t.addDowntime(row.name(), row.Group)
	}
	p.table(t)
	if hidden > 0 {
		p.note(fmt.Sprintf("... and %d earlier, see --format json", hidden), dim)
	}
}

// periodRow is one period, or several without incidents.
type periodRow struct {
	metrics.Period
	last    string
	periods int
}

func (r periodRow) name() string {
	if r.periods == 1 {
		return r.Period.Period
	}
	return r.Period.Period + " to " + r.last
}

// quiet is the number of periods at the head of the list in which nothing began.
func quiet(all []metrics.Period) int {
	for i, p := range all {
		if p.Incidents+p.Ongoing > 0 {
			return i
		}
	}
	return len(all)
}
