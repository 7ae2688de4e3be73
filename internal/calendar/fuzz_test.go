package calendar_test

import (
	"errors"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
)

var stampSeeds = []string{
	"2025-08-18T13:02:00Z", "2025-08-18T13:02Z", "2025-08-18 13:02:00+02:00", "2025-08-18t13:02:00z", "2025-08-18T13:02:00", "2025-08-18", "2025-8-18T9:02:00Z",
	"2025-02-30T13:02:00Z", "2024-02-29T00:00:00-00:30", "2025-08-18T24:00:00Z", "2016-12-31T23:59:60Z", "2025-08-18T13:02:00.29Z", "2025-08-18T13:02:00.1234567891Z",
	"2025-08-18T13:02:00+0530", "2025-08-18T13:02:00 UTC", "2025-08-18T13:02:00+14:30", "0000-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "", "18/08/2025",
	"2025-08-18T13:02:00+5", "2025-08-18  13:02:00Z", "2025-08-18T13:02:00Z ", "２025-08-18T13:02:00Z", "2025", "2025-Q3", "2025q4", "2025-08", "2025-13", "0000",
}

func FuzzParseStamp(f *testing.F) {
	for _, s := range stampSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := calendar.ParseStamp(text)
		if err != nil {
			checkStampError(t, text, err)
			return
		}
		if at.Location() != time.UTC {
			t.Errorf("%q is in %v, want UTC", text, at.Location())
		}
		if y := at.Year(); y < 2 || y > 9999 {
			return // the first or last hours of the calendar, in another zone
		}
		again, err := calendar.ParseStamp(at.Format(time.RFC3339Nano))
		if err != nil || !again.Equal(at) {
			t.Errorf("%q is %v, written again it is %v (%v)", text, at, again, err)
		}
	})
}

// checkStampError holds that a refusal says why, and that a text it proposes is accepted.
func checkStampError(t *testing.T, text string, err error) {
	t.Helper()
	var bad *calendar.StampError
	if !errors.As(err, &bad) || bad.Text != text {
		t.Fatalf("%q: %v, want a StampError with the text", text, err)
	}
	if !errors.Is(err, calendar.ErrNoOffset) && !errors.Is(err, calendar.ErrNotAStamp) && !errors.Is(err, calendar.ErrImpossible) {
		t.Errorf("%q: reason is %v", text, bad.Reason)
	}
	if bad.Want != "" {
		if _, err := calendar.ParseStamp(bad.Want); err != nil {
			t.Errorf("%q: proposes %q, which is refused: %v", text, bad.Want, err)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range stampSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := calendar.ParseDate(text)
		if err != nil {
			if !d.IsZero() {
				t.Errorf("%q is refused and gives %v", text, d)
			}
			return
		}
		if d.String() != text && !d.IsZero() {
			t.Errorf("%q is written %q", text, d)
		}
		if next := d.AddDays(1); next.Compare(d) != 1 || next.AddDays(-1) != d {
			t.Errorf("the day after %v is %v", d, next)
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for i, s := range stampSeeds {
		f.Add(s, uint8(i))
	}
	zones := testZones(f)
	f.Fuzz(func(t *testing.T, text string, zone uint8) {
		loc := zones[int(zone)%len(zones)]
		w, err := calendar.ParsePeriod(text, loc)
		if err != nil {
			return
		}
		_, notAStamp := calendar.ParseStamp(text)
		if notAStamp != nil && !w.From.Before(w.To) || notAStamp == nil && !w.From.Equal(w.To) {
			t.Errorf("%q in %v is %v to %v", text, loc, w.From, w.To)
		}
		if notAStamp != nil && (!w.Contains(w.From) || w.Contains(w.To) || w.Contains(w.From.Add(-1))) {
			t.Errorf("%q in %v does not hold its own bounds", text, loc)
		}
	})
}

// testZones are zones with something odd: half hours, days without midnight, a day left out, far from UTC.
func testZones(t testing.TB) []*time.Location {
	t.Helper()
	names := []string{
		"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia",
		"Pacific/Kiritimati", "Pacific/Marquesas", "America/St_Johns", "Africa/Casablanca", "Asia/Beirut",
	}
	zones := make([]*time.Location, len(names))
	for i, name := range names {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones[i] = loc
	}
	return zones
}

func FuzzDateAt(f *testing.F) {
	f.Add(2025, 3, 30, 2, 30, uint8(1))
	f.Add(2025, 10, 26, 2, 30, uint8(1))
	f.Add(2011, 12, 30, 12, 0, uint8(7))
	f.Add(2018, 11, 4, 0, 30, uint8(5))
	zones := testZones(f)
	f.Fuzz(func(t *testing.T, y, mo, d, h, mi int, zone uint8) {
		date, err := calendar.ParseDate(calendar.Date{Year: y, Month: time.Month(mo), Day: d}.String())
		c := calendar.Clock{Hour: h, Minute: mi}
		if err != nil || !c.Valid() || y < 1 || y > 9998 {
			return
		}
		loc := zones[int(zone)%len(zones)]
		at := date.At(c, loc)
		shown := calendar.DateOf(at)
		if shown == date && at.Hour() == h && at.Minute() == mi {
			for _, back := range []time.Duration{30 * time.Minute, time.Hour} {
				if e := at.Add(-back); e.Hour() == h && e.Minute() == mi {
					t.Errorf("%v %02d:%02d in %v is %v, want the first of two", date, h, mi, loc, at)
				}
			}
			return
		}
		if again := date.At(calendar.Clock{Hour: at.Hour(), Minute: at.Minute()}, loc); shown == date && again.Hour() != at.Hour() {
			t.Errorf("%v %02d:%02d in %v is %v", date, h, mi, loc, at)
		}
		if wall := time.Date(y, time.Month(mo), d, h, mi, 0, 0, time.UTC); !at.After(wall.Add(-offset(at))) {
			t.Errorf("%v %02d:%02d in %v, which the clock skips, is %v, want later", date, h, mi, loc, at)
		}
	})
}

func offset(t time.Time) time.Duration {
	_, s := t.Zone()
	return time.Duration(s) * time.Second
}
