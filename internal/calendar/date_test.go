package calendar_test

import (
	"errors"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
)

func TestDates(t *testing.T) {
	for _, text := range []string{"2025-08-18", "2024-02-29", "2000-02-29", "0002-01-01", "9999-12-31"} {
		d, err := calendar.ParseDate(text)
		if err != nil || d.String() != text {
			t.Errorf("%q is %v, %v", text, d, err)
		}
		var again calendar.Date
		if b, _ := d.MarshalText(); again.UnmarshalText(b) != nil || again != d {
			t.Errorf("%q kept and given back is %v", text, again)
		}
	}
	for text, want := range map[string]string{
		"":            `"" is not a date`,
		"2025-8-18":   `"2025-8-18" is not a date`,
		"2025-08-18T": `"2025-08-18T" is not a date`,
		"2025/08/18":  `"2025/08/18" is not a date`,
		"20250-8-18":  `"20250-8-18" is not a date`,
		"2025-02-29":  `"2025-02-29" does not exist: February 2025 has 28 days`,
		"1900-02-29":  `"1900-02-29" does not exist: February 1900 has 28 days`,
		"2025-00-10":  `"2025-00-10" does not exist: there is no month 0`,
		"0001-01-01":  `"0001-01-01" does not exist: the year 0001 stands for no time at all`,
	} {
		d, err := calendar.ParseDate(text)
		var bad *calendar.StampError
		if !errors.As(err, &bad) || err.Error() != want || !d.IsZero() {
			t.Errorf("%q is %v, %v, want %s", text, d, err, want)
		}
	}
	var none calendar.Date
	if err := none.UnmarshalText(nil); err != nil || !none.IsZero() || none.String() != "" {
		t.Errorf("no text is %v, %v, want no day", none, err)
	}
}

func TestAddDaysCrossesMonthsYearsAndLeapDays(t *testing.T) {
	for _, tt := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-08-31", 1, "2025-09-01"},
		{"2024-02-28", 1, "2024-02-29"},
		{"2025-02-28", 1, "2025-03-01"},
		{"2025-01-01", -1, "2024-12-31"},
		{"2024-02-29", 365, "2025-02-28"},
		{"2025-03-30", 0, "2025-03-30"},
	} {
		d, _ := calendar.ParseDate(tt.from)
		if got := d.AddDays(tt.n).String(); got != tt.want {
			t.Errorf("%s and %d days is %s, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

// TestClockTimesInOddHours holds the same choice east and west of Greenwich, where time.Date makes two.
func TestClockTimesInOddHours(t *testing.T) {
	for _, tt := range []struct{ zone, date, clock, want string }{
		{"UTC", "2025-03-30", "02:30", "2025-03-30T02:30:00Z"},
		{"Europe/Berlin", "2025-03-30", "01:59", "2025-03-30T00:59:00Z"},
		{"Europe/Berlin", "2025-03-30", "02:00", "2025-03-30T01:00:00Z"}, // skipped: read as 03:00
		{"Europe/Berlin", "2025-03-30", "02:30", "2025-03-30T01:30:00Z"}, // skipped: read as 03:30
		{"Europe/Berlin", "2025-03-30", "03:00", "2025-03-30T01:00:00Z"},
		{"Europe/Berlin", "2025-10-26", "01:59", "2025-10-25T23:59:00Z"},
		{"Europe/Berlin", "2025-10-26", "02:30", "2025-10-26T00:30:00Z"}, // twice: the first
		{"Europe/Berlin", "2025-10-26", "03:00", "2025-10-26T02:00:00Z"},
		{"America/New_York", "2025-03-09", "02:30", "2025-03-09T07:30:00Z"}, // skipped: read as 03:30
		{"America/New_York", "2025-11-02", "01:30", "2025-11-02T05:30:00Z"}, // twice: the first
		{"America/New_York", "2025-11-02", "02:00", "2025-11-02T07:00:00Z"},
		{"Australia/Lord_Howe", "2025-10-05", "02:15", "2025-10-04T15:45:00Z"}, // skipped by half an hour
		{"Australia/Lord_Howe", "2025-04-06", "01:45", "2025-04-05T14:45:00Z"}, // twice: the first
		{"Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T22:00:00Z"},        // a day that was left out
		{"America/Sao_Paulo", "2018-11-04", "00:30", "2018-11-04T03:30:00Z"},   // a day without midnight
		{"Asia/Kathmandu", "2025-08-18", "05:45", "2025-08-18T00:00:00Z"},
	} {
		loc, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		d, _ := calendar.ParseDate(tt.date)
		c, _ := time.Parse("15:04", tt.clock)
		at := d.At(calendar.Clock{Hour: c.Hour(), Minute: c.Minute()}, loc)
		if got := at.UTC().Format(time.RFC3339); got != tt.want || at.Location() != loc {
			t.Errorf("%s %s in %s is %s, want %s", tt.date, tt.clock, tt.zone, got, tt.want)
		}
	}
}

func TestClocks(t *testing.T) {
	for c, want := range map[calendar.Clock]bool{
		{}: true, {23, 59, 59}: true, {24, 0, 0}: false, {0, 60, 0}: false, {0, 0, 60}: false, {-1, 0, 0}: false, {0, -1, 0}: false, {0, 0, -1}: false,
	} {
		if c.Valid() != want {
			t.Errorf("%+v is valid: %v, want %v", c, c.Valid(), want)
		}
	}
	if got := (calendar.Clock{Hour: 0, Minute: 10}).Since(calendar.Clock{Hour: 23, Minute: 50}); got != -(23*time.Hour + 40*time.Minute) {
		t.Errorf("from 23:50 to 00:10 of one day are %v", got)
	}
}
