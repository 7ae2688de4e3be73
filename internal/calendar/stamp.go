// Package calendar owns time as people write it: stamps with an offset, civil dates, clock times, zones, and the periods
// (months, quarters) that reports are cut into.
//
// It refuses to read the clock and never guesses a zone: a stamp without an offset is an error.
package calendar

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Reasons why a text is not a stamp. Each is what a writer has to mend.
var (
	ErrNoOffset   = errors.New("has no UTC offset")
	ErrNotAStamp  = errors.New("is not an RFC 3339 time")
	ErrImpossible = errors.New("does not exist")
)

// StampError says why Text was refused and, where the intent is plain, how it is written right.
type StampError struct {
	Text   string
	Reason error  // one of the Err values above
	Detail string // e.g. "February 2026 has 28 days"; may be empty
	Want   string // a corrected text to suggest; may be empty
}

func (e *StampError) Error() string {
	s := fmt.Sprintf("%q %v", e.Text, e.Reason)
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

func (e *StampError) Unwrap() error { return e.Reason }

// stampShape is RFC 3339 section 5.6, read liberally enough to say what is off about a near miss.
var stampShape = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?$`)

// ParseStamp reads an RFC 3339 date and time with an offset and gives it in UTC. Seconds may be left out
// ("2025-08-18T13:02Z"), as ISO 8601 allows. A stamp without an offset, one that the calendar lacks
// (30 February, 25:00, the leap second :60) and anything else is a *StampError.
func ParseStamp(text string) (time.Time, error) {
	if t, ok := plainStamp(text); ok {
		return t, nil
	}
	m := stampShape.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, &StampError{Text: text, Reason: ErrNotAStamp}
	}
	num := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
	y, mo, d := num(1), num(2), num(3)
	if detail := dateTrouble(y, mo, d); detail != "" {
		return time.Time{}, &StampError{Text: text, Reason: ErrImpossible, Detail: detail}
	}
	if m[5] == "" {
		return time.Time{}, &StampError{Text: text, Reason: ErrNotAStamp, Detail: "it is a date without a time"}
	}
	h, mi, s := num(5), num(6), num(7)
	if h > 23 || mi > 59 || s > 59 {
		return time.Time{}, &StampError{Text: text, Reason: ErrImpossible, Detail: fmt.Sprintf("no clock shows %02d:%02d:%02d", h, mi, s)}
	}
	plain := fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", y, mo, d, h, mi, s)
	if m[9] == "" {
		return time.Time{}, &StampError{Text: text, Reason: ErrNoOffset, Want: plain + "Z"}
	}
	offset, zone, ok := parseOffset(m[9])
	if !ok {
		return time.Time{}, &StampError{Text: text, Reason: ErrImpossible, Detail: fmt.Sprintf("no zone is %s from UTC", m[9])}
	}
	strict := len(m[2]) == 2 && len(m[3]) == 2 && len(m[5]) == 2 && (m[4] == "T" || m[4] == " ") && zone == m[9]
	if !strict || text != rejoin(m) {
		return time.Time{}, &StampError{Text: text, Reason: ErrNotAStamp, Want: plain + m[8] + zone}
	}
	t := time.Date(y, time.Month(mo), d, h, mi, s, nanoseconds(m[8]), time.UTC)
	return t.Add(-time.Duration(offset) * time.Minute), nil
}

// nanoseconds reads ".25"; what is finer than a nanosecond is cut off.
func nanoseconds(fraction string) int {
	if fraction == "" {
		return 0
	}
	n, _ := strconv.Atoi((fraction[1:] + "000000000")[:9])
	return n
}

// plainStamp reads the one shape nearly every stamp has, 2025-08-18T13:02:00Z, without the cost of the pattern.
func plainStamp(s string) (time.Time, bool) {
	if len(s) != 20 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != 'Z' {
		return time.Time{}, false
	}
	var bad byte
	num := func(from, to int) int {
		n := 0
		for _, c := range []byte(s[from:to]) {
			if c < '0' || c > '9' {
				bad = c
			}
			n = n*10 + int(c-'0')
		}
		return n
	}
	y, mo, d, h, mi, sec := num(0, 4), num(5, 7), num(8, 10), num(11, 13), num(14, 16), num(17, 19)
	if bad != 0 || h > 23 || mi > 59 || sec > 59 || dateTrouble(y, mo, d) != "" {
		return time.Time{}, false
	}
	return time.Date(y, time.Month(mo), d, h, mi, sec, 0, time.UTC), true
}

// rejoin is the text that the parts would make with nothing between them: it differs where stray blanks stand.
func rejoin(m []string) string {
	s := m[1] + "-" + m[2] + "-" + m[3] + m[4] + m[5] + ":" + m[6]
	if m[7] != "" {
		s += ":" + m[7]
	}
	return s + m[8] + m[9]
}

// OffsetMinutes reads a zone suffix (Z, UTC, GMT, +02:00, +0200) as minutes east of UTC; ok is false for what no zone has.
func OffsetMinutes(s string) (minutes int, ok bool) {
	if s == "" {
		return 0, false
	}
	minutes, _, ok = parseOffset(s)
	return minutes, ok
}

// parseOffset gives the minutes east of UTC and the RFC 3339 spelling of a zone suffix.
func parseOffset(s string) (minutes int, spelled string, ok bool) {
	switch s {
	case "Z", "z", "UTC", "GMT":
		return 0, "Z", true
	}
	var digits string
	for _, r := range s[1:] {
		if r != ':' {
			digits += string(r)
		}
	}
	if len(digits)%2 == 1 {
		digits = "0" + digits
	}
	for len(digits) < 4 {
		digits += "00"
	}
	h, _ := strconv.Atoi(digits[:2])
	m, _ := strconv.Atoi(digits[2:])
	if h > 14 || m > 59 || (h == 14 && m > 0) {
		return 0, "", false
	}
	minutes = h*60 + m
	if s[0] == '-' {
		minutes = -minutes
	}
	return minutes, s[:1] + digits[:2] + ":" + digits[2:], true
}

// firstYear is where the calendar begins. The year 1 is what programs write for no time at all; here its first instant is the
// zero time, which means the same.
const firstYear = 2

func dateTrouble(y, m, d int) string {
	if y < firstYear {
		return fmt.Sprintf("the year %04d stands for no time at all", y)
	}
	if m < 1 || m > 12 {
		return fmt.Sprintf("there is no month %d", m)
	}
	if last := time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day(); d < 1 || d > last {
		return fmt.Sprintf("%s %d has %d days", time.Month(m), y, last)
	}
	return ""
}
