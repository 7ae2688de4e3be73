package calendar_test

import (
	"errors"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
)

func TestStampsWithAnOffsetAreGivenInUTC(t *testing.T) {
	for text, want := range map[string]string{
		"2025-08-18T13:02:00Z":                 "2025-08-18T13:02:00Z",
		"2025-08-18T13:02Z":                    "2025-08-18T13:02:00Z",
		"2025-08-18 13:02:00Z":                 "2025-08-18T13:02:00Z",
		"2025-08-18T15:02:00+02:00":            "2025-08-18T13:02:00Z",
		"2025-08-18T18:32:00+05:30":            "2025-08-18T13:02:00Z",
		"2025-08-18T12:32:00-00:30":            "2025-08-18T13:02:00Z",
		"2025-08-19T03:02:00+14:00":            "2025-08-18T13:02:00Z",
		"2025-08-18T01:02:00-12:00":            "2025-08-18T13:02:00Z",
		"2025-08-18T13:02:00+00:00":            "2025-08-18T13:02:00Z",
		"2025-08-18T13:02:00-00:00":            "2025-08-18T13:02:00Z",
		"2024-02-29T23:59:59-01:00":            "2024-03-01T00:59:59Z",
		"2000-02-29T00:00:00Z":                 "2000-02-29T00:00:00Z",
		"2025-01-01T00:30:00+01:00":            "2024-12-31T23:30:00Z",
		"2025-08-18T13:02:00.5Z":               "2025-08-18T13:02:00.5Z",
		"2025-08-18T13:02:00.29Z":              "2025-08-18T13:02:00.29Z",
		"2025-08-18T13:02:00.123456789Z":       "2025-08-18T13:02:00.123456789Z",
		"2025-08-18T13:02:00.1234567899+00:00": "2025-08-18T13:02:00.123456789Z",
	} {
		got, err := calendar.ParseStamp(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if s := got.Format(time.RFC3339Nano); s != want || got.Location() != time.UTC {
			t.Errorf("%q is %s in %v, want %s in UTC", text, s, got.Location(), want)
		}
	}
}

func TestStampsThatAreRefusedSayWhyAndHowToWriteThem(t *testing.T) {
	const none = ""
	for _, tt := range []struct {
		text   string
		reason error
		detail string
		want   string
	}{
		{"2025-08-18T13:02:00", calendar.ErrNoOffset, none, "2025-08-18T13:02:00Z"},
		{"2025-08-18 13:02:00", calendar.ErrNoOffset, none, "2025-08-18T13:02:00Z"},
		{"2025-08-18T13:02", calendar.ErrNoOffset, none, "2025-08-18T13:02:00Z"},
		{"2025-8-1 9:02", calendar.ErrNoOffset, none, "2025-08-01T09:02:00Z"},

		{"2025-08-18", calendar.ErrNotAStamp, "it is a date without a time", none},
		{"2025-08-18Z", calendar.ErrNotAStamp, "it is a date without a time", none},
		{"2025-8-18T13:02:00Z", calendar.ErrNotAStamp, none, "2025-08-18T13:02:00Z"},
		{"2025-08-18T9:02:00Z", calendar.ErrNotAStamp, none, "2025-08-18T09:02:00Z"},
		{"2025-08-18t13:02:00Z", calendar.ErrNotAStamp, none, "2025-08-18T13:02:00Z"},
		{"2025-08-18T13:02:00z", calendar.ErrNotAStamp, none, "2025-08-18T13:02:00Z"},
		{"2025-08-18T13:02:00 UTC", calendar.ErrNotAStamp, none, "2025-08-18T13:02:00Z"},
		{"2025-08-18T13:02:00GMT", calendar.ErrNotAStamp, none, "2025-08-18T13:02:00Z"},
		{"2025-08-18T13:02:00+0200", calendar.ErrNotAStamp, none, "2025-08-18T13:02:00+02:00"},
		{"2025-08-18T13:02:00+2", calendar.ErrNotAStamp, none, "2025-08-18T13:02:00+02:00"},
		{"2025-08-18T13:02:00.25 -0330", calendar.ErrNotAStamp, none, "2025-08-18T13:02:00.25-03:30"},
		{"2025-08-18   13:02:00Z", calendar.ErrNotAStamp, none, "2025-08-18T13:02:00Z"},
		{"2025-08-18T13:02:00 Z", calendar.ErrNotAStamp, none, "2025-08-18T13:02:00Z"},
		{"", calendar.ErrNotAStamp, none, none},
		{"yesterday", calendar.ErrNotAStamp, none, none},
		{"18/08/2025 13:02", calendar.ErrNotAStamp, none, none},
		{"1755522120", calendar.ErrNotAStamp, none, none},
		{" 2025-08-18T13:02:00Z", calendar.ErrNotAStamp, none, none},
		{"2025-08-18T13:02:00ZZ", calendar.ErrNotAStamp, none, none},
		{"2025-08-18T13:02:00 CEST", calendar.ErrNotAStamp, none, none},
		{"\uff12025-08-18T13:02:00Z", calendar.ErrNotAStamp, none, none},

		{"2025-02-29T13:02:00Z", calendar.ErrImpossible, "February 2025 has 28 days", none},
		{"2100-02-29T13:02:00Z", calendar.ErrImpossible, "February 2100 has 28 days", none},
		{"2025-04-31T13:02:00Z", calendar.ErrImpossible, "April 2025 has 30 days", none},
		{"2025-08-00T13:02:00Z", calendar.ErrImpossible, "August 2025 has 31 days", none},
		{"2025-13-01T13:02:00Z", calendar.ErrImpossible, "there is no month 13", none},
		{"2025-00-01T13:02:00Z", calendar.ErrImpossible, "there is no month 0", none},
		{"2025-08-18T24:00:00Z", calendar.ErrImpossible, "no clock shows 24:00:00", none},
		{"2025-08-18T13:60:00Z", calendar.ErrImpossible, "no clock shows 13:60:00", none},
		{"2016-12-31T23:59:60Z", calendar.ErrImpossible, "no clock shows 23:59:60", none}, // a leap second, which Go cannot hold
		{"2025-08-18T13:02:00+14:30", calendar.ErrImpossible, "no zone is +14:30 from UTC", none},
		{"2025-08-18T13:02:00+25:00", calendar.ErrImpossible, "no zone is +25:00 from UTC", none},
		{"2025-08-18T13:02:00-05:60", calendar.ErrImpossible, "no zone is -05:60 from UTC", none},
		{"0001-01-01T00:00:00Z", calendar.ErrImpossible, "the year 0001 stands for no time at all", none},
	} {
		got, err := calendar.ParseStamp(tt.text)
		var bad *calendar.StampError
		if !errors.As(err, &bad) || !got.IsZero() {
			t.Errorf("%q is %v, %v, want a StampError", tt.text, got, err)
			continue
		}
		if !errors.Is(err, tt.reason) || bad.Detail != tt.detail || bad.Want != tt.want || bad.Text != tt.text {
			t.Errorf("%q: %v, detail %q, want %q; want %v, detail %q, want %q", tt.text, bad.Reason, bad.Detail, bad.Want, tt.reason, tt.detail, tt.want)
		}
	}
}

func TestStampErrorsQuoteTheText(t *testing.T) {
	_, err := calendar.ParseStamp("2025-02-30T13:02:00Z")
	if want := `"2025-02-30T13:02:00Z" does not exist: February 2025 has 28 days`; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	_, err = calendar.ParseStamp("2025-02-28T13:02:00")
	if want := `"2025-02-28T13:02:00" has no UTC offset`; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

func TestOffsetMinutes(t *testing.T) {
	for _, tt := range []struct {
		text    string
		minutes int
		ok      bool
	}{
		{"", 0, false},
		{"Z", 0, true},
		{"UTC", 0, true},
		{"GMT", 0, true},
		{"+02:00", 120, true},
		{"+0530", 330, true},
		{"-00:30", -30, true},
		{"-3", -180, true},
		{"+14:00", 840, true},
		{"+14:01", 0, false},
		{"-25:00", 0, false},
		{"+02:60", 0, false},
	} {
		if m, ok := calendar.OffsetMinutes(tt.text); m != tt.minutes || ok != tt.ok {
			t.Errorf("%q is %d, %v, want %d, %v", tt.text, m, ok, tt.minutes, tt.ok)
		}
	}
}
