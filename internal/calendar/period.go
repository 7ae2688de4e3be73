package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Window is the time from From up to, not including, To. A zero bound is open.
type Window struct{ From, To time.Time }

// Contains tells whether t lies in the window.
func (w Window) Contains(t time.Time) bool {
	return (w.From.IsZero() || !t.Before(w.From)) && (w.To.IsZero() || t.Before(w.To))
}

// Month names the calendar month of t in loc: "2025-08".
func Month(t time.Time, loc *time.Location) string {
	t = t.In(loc)
	return fmt.Sprintf("%04d-%02d", t.Year(), int(t.Month()))
}

// Quarter names the calendar quarter of t in loc: "2025-Q3".
func Quarter(t time.Time, loc *time.Location) string {
	t = t.In(loc)
	return fmt.Sprintf("%04d-Q%d", t.Year(), (int(t.Month())+2)/3)
}

var (
	yearShape    = regexp.MustCompile(`^(\d{4})$`)
	quarterShape = regexp.MustCompile(`^(\d{4})-?[Qq]([1-4])$`)
	monthShape   = regexp.MustCompile(`^(\d{4})-(\d{2})$`)
)

// dayBegins is the first instant of a day in loc: not always midnight, which some zones skip. Months and days may overflow.
func dayBegins(y, m, d int, loc *time.Location) time.Time {
	return DateOf(time.Date(y, time.Month(m), d, 12, 0, 0, 0, time.UTC)).At(Clock{}, loc)
}

// ParsePeriod reads a year ("2025"), quarter ("2025-Q3"), month ("2025-08"), day ("2025-08-18") or stamp and gives the
// window that it names in loc. A stamp names an instant: From and To are the same.
func ParsePeriod(text string, loc *time.Location) (Window, error) {
	span := func(y, m, d, years, months, days int) Window {
		return Window{From: dayBegins(y, m, d, loc), To: dayBegins(y+years, m+months, d+days, loc)}
	}
	if m := yearShape.FindStringSubmatch(text); m != nil {
		if y, _ := strconv.Atoi(m[1]); y >= firstYear {
			return span(y, 1, 1, 1, 0, 0), nil
		}
	}
	if m := quarterShape.FindStringSubmatch(text); m != nil {
		y, _ := strconv.Atoi(m[1])
		if q, _ := strconv.Atoi(m[2]); y >= firstYear {
			return span(y, q*3-2, 1, 0, 3, 0), nil
		}
	}
	if m := monthShape.FindStringSubmatch(text); m != nil {
		y, _ := strconv.Atoi(m[1])
		mo, _ := strconv.Atoi(m[2])
		if mo >= 1 && mo <= 12 && y >= firstYear {
			return span(y, mo, 1, 0, 1, 0), nil
		}
	}
	if d, err := ParseDate(text); err == nil {
		return span(d.Year, int(d.Month), d.Day, 0, 0, 1), nil
	}
	t, err := ParseStamp(text)
	if err != nil {
		return Window{}, fmt.Errorf("%w, want a year, 2025-Q3, 2025-08, 2025-08-18 or 2025-08-18T13:02:00Z", err)
	}
	return Window{t, t}, nil
}

// AddBusinessDays is the n-th business day, Monday to Friday, after d.
func AddBusinessDays(d Date, n int) Date {
	for n > 0 {
		d = d.AddDays(1)
		if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return d
}
