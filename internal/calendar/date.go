package calendar

import (
	"fmt"
	"strconv"
	"time"
)

// Date is a day of the civil calendar, without a zone: when it begins depends on who asks. The zero Date is no day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads YYYY-MM-DD; a day that the calendar lacks is a *StampError.
func ParseDate(text string) (Date, error) {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return Date{}, &StampError{Text: text, Reason: errNotADate}
	}
	for i, c := range []byte(text) {
		if i != 4 && i != 7 && (c < '0' || c > '9') {
			return Date{}, &StampError{Text: text, Reason: errNotADate}
		}
	}
	y, _ := strconv.Atoi(text[:4])
	mo, _ := strconv.Atoi(text[5:7])
	d, _ := strconv.Atoi(text[8:])
	if detail := dateTrouble(y, mo, d); detail != "" {
		return Date{}, &StampError{Text: text, Reason: ErrImpossible, Detail: detail}
	}
	return Date{y, time.Month(mo), d}, nil
}

var errNotADate = fmt.Errorf("is not a date")

// DateOf is the day on which t falls in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero tells whether d is no day at all.
func (d Date) IsZero() bool { return d == Date{} }

// AddDays is the day n days later; n may be negative.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 12, 0, 0, 0, time.UTC))
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// Compare orders days: -1, 0 or 1.
func (d Date) Compare(e Date) int {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Compare(time.Date(e.Year, e.Month, e.Day, 0, 0, 0, 0, time.UTC))
}

// At is the instant at which the wall clock in loc shows c on day d. Where the clock skips c (the spring gap), it is the
// instant as far after the gap's start as c is after it; where the clock shows c twice, it is the first. time.Date leaves both
// open, and takes the other choice east of Greenwich than west of it.
func (d Date) At(c Clock, loc *time.Location) time.Time {
	t := time.Date(d.Year, d.Month, d.Day, c.Hour, c.Minute, c.Second, 0, loc)
	if loc == time.UTC {
		return t
	}
	before, after := offsetAt(t.Add(-day)), offsetAt(t.Add(day))
	if before == after {
		return t
	}
	wall := time.Date(d.Year, d.Month, d.Day, c.Hour, c.Minute, c.Second, 0, time.UTC)
	first, second := wall.Add(-before).In(loc), wall.Add(-after).In(loc)
	if offsetAt(first) != before && offsetAt(second) == after {
		return second
	}
	return first
}

const day = 24 * time.Hour

func offsetAt(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// String is YYYY-MM-DD, or "" for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText writes YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; an empty text is no day.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// Clock is a wall-clock time of day without a zone; seconds are 0 where they are not written.
type Clock struct{ Hour, Minute, Second int }

// Valid tells whether a clock can show c: 00:00:00 to 23:59:59.
func (c Clock) Valid() bool {
	return c.Hour >= 0 && c.Hour < 24 && c.Minute >= 0 && c.Minute < 60 && c.Second >= 0 && c.Second < 60
}

// Since is the time from d to c on one day; negative where c is earlier.
func (c Clock) Since(d Clock) time.Duration { return c.sinceMidnight() - d.sinceMidnight() }

func (c Clock) sinceMidnight() time.Duration {
	return time.Duration(c.Hour)*time.Hour + time.Duration(c.Minute)*time.Minute + time.Duration(c.Second)*time.Second
}
