package metrics

import (
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
)

// cut is a way to cut time into periods.
type cut struct {
	label  func(time.Time, *time.Location) string
	months int
}

var (
	month   = cut{calendar.Month, 1}
	quarter = cut{calendar.Quarter, 3}
)

// first is the first month of the period in which t falls in loc. The civil date stands in UTC from here on, so that no
// change of the clock in loc can skip or repeat a month.
func (c cut) first(t time.Time, loc *time.Location) time.Time {
	y, m, _ := t.In(loc).Date()
	return time.Date(y, m-(m-1)%time.Month(c.months), 1, 0, 0, 0, 0, time.UTC)
}

// byPeriod puts each incident into the period in which it started. Periods without incidents between the first and the last
// are there too: a chart over them has no gaps.
func byPeriod(samples []sample, loc *time.Location, c cut) []Period {
	if len(samples) == 0 {
		return nil
	}
	buckets := map[string][]sample{}
	from, to := c.first(samples[0].started, loc), c.first(samples[0].started, loc)
	for _, s := range samples {
		at := c.first(s.started, loc)
		if at.Before(from) {
			from = at
		}
		if at.After(to) {
			to = at
		}
		label := c.label(s.started, loc)
		buckets[label] = append(buckets[label], s)
	}
	var periods []Period
	for t := from; !t.After(to); t = t.AddDate(0, c.months, 0) {
		label := c.label(t, time.UTC)
		periods = append(periods, Period{label, summarise(buckets[label])})
	}
	return periods
}
