package importer

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
)

// errNoZone is why a time is refused whose clock nobody knows.
var errNoZone = errors.New("has no zone; say with --timezone whose clock it is")

// stamp reads a time of the source. A near miss of RFC 3339 is read as what it plainly means; one without a zone is read on the
// clock of --timezone, and refused without it. how says what was done, "" for a time as it should be.
func (o *Options) stamp(text string) (t time.Time, how string, err error) {
	t, how, err = o.anyStamp(strings.TrimSpace(text))
	if err == nil && (t.Year() < firstYear || t.Year() > lastYear) {
		return time.Time{}, "", fmt.Errorf("%q is in a year that no incident is of", text)
	}
	return t, how, err
}

// The years that are read: one less on both sides than a stamp can say, so that every zone can say them too.
const firstYear, lastYear = 1, 9998

func (o *Options) anyStamp(text string) (t time.Time, how string, err error) {
	t, err = calendar.ParseStamp(text)
	var bad *calendar.StampError
	if err == nil || !errors.As(err, &bad) {
		return t, "", err
	}
	switch {
	case errors.Is(err, calendar.ErrNoOffset) && o.Zone == nil:
		return t, "", fmt.Errorf("%q %w", text, errNoZone)
	case errors.Is(err, calendar.ErrNoOffset):
		local, perr := time.ParseInLocation("2006-01-02T15:04:05Z", bad.Want, o.Zone)
		if perr != nil {
			return t, "", err
		}
		how = fmt.Sprintf("%q is read on the clock of %s", text, o.Zone)
		if odd := clockTrouble(local, bad.Want[:19]); odd != "" {
			how += ", " + odd
		}
		return local.UTC(), how, nil
	case bad.Want != "":
		if t, perr := calendar.ParseStamp(bad.Want); perr == nil {
			return t, fmt.Sprintf("%q is read as %s", text, bad.Want), nil
		}
	}
	return t, "", err
}

// clockTrouble tells where the clock of a zone shows a time twice or never.
func clockTrouble(t time.Time, wall string) string {
	const shape = "2006-01-02T15:04:05"
	switch {
	case t.Format(shape) != wall:
		return "which that clock skips; " + t.Format(time.RFC3339) + " is taken"
	case t.Add(time.Hour).Format(shape) == wall, t.Add(-time.Hour).Format(shape) == wall:
		return "which that clock shows twice; " + t.Format(time.RFC3339) + " is taken"
	}
	return ""
}

// zoneHours is what zone abbreviations mean that mean one thing only: RFC 5322, section 4.3, and the European ones. Others (IST,
// BST, AST) stand for several zones and are refused.
var zoneHours = map[string]int{
	"Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}

var ambiguousZones = []string{"IST", "BST", "AST", "SST", "GST", "AMT"}

// zoneOf is the fixed zone that an abbreviation stands for, by its IANA name: the sign of Etc names is the reverse of an offset's.
func zoneOf(abbreviation string) (*time.Location, bool) {
	hours, ok := zoneHours[strings.ToUpper(abbreviation)]
	if !ok {
		return nil, false
	}
	if hours == 0 {
		return time.UTC, true
	}
	loc, err := time.LoadLocation(fmt.Sprintf("Etc/GMT%+d", -hours))
	return loc, err == nil
}

// summerName is what clocks show in the summer where they show a zone's winter name else.
var summerName = map[string]string{
	"WET": "WEST", "CET": "CEST", "EET": "EEST", "EST": "EDT", "CST": "CDT", "MST": "MDT", "PST": "PDT",
}

var durationPart = regexp.MustCompile(`(?i)(\d+(?:\.\d+)?)\s*(days?|d|hours?|hrs?|hr?|minutes?|mins?|m|seconds?|secs?|s)\b`)

var unitLength = map[byte]time.Duration{'d': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second}

// duration reads "1 day, 2 hours", "54 minutes", "4 hours 42 minutes."; ok is false where no number with a unit is to be seen.
func duration(text string) (d time.Duration, ok bool) {
	for _, m := range durationPart.FindAllStringSubmatch(text, -1) {
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil || n > 1e6 {
			return 0, false
		}
		d, ok = d+time.Duration(n*float64(unitLength[strings.ToLower(m[2])[0]])), true
	}
	return d, ok
}

// dateWritten finds a day in a text: ISO, or with the month's name. Days in figures only (3/4/2025) mean two days and are not read.
func dateWritten(text string) calendar.Date {
	if m := isoDay.FindString(text); m != "" {
		d, _ := calendar.ParseDate(m)
		return d
	}
	text = ordinal.ReplaceAllString(text, "$1")
	for _, n := range namedDays {
		if m := n.shape.FindString(text); m != "" {
			for _, layout := range n.layouts {
				if t, err := time.Parse(layout, strings.ReplaceAll(m, ",", "")); err == nil {
					return calendar.DateOf(t)
				}
			}
		}
	}
	return calendar.Date{}
}

var (
	isoDay    = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)
	ordinal   = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)\b`)
	namedDays = []struct {
		shape   *regexp.Regexp
		layouts []string
	}{
		{regexp.MustCompile(`\b[A-Z][a-z]{2,8} \d{1,2},? \d{4}\b`), []string{"January 2 2006", "Jan 2 2006"}},
		{regexp.MustCompile(`\b\d{1,2} [A-Z][a-z]{2,8} \d{4}\b`), []string{"2 January 2006", "2 Jan 2006"}},
	}
)
