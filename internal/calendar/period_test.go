package calendar_test

import (
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
)

func TestPeriods(t *testing.T) {
	for _, tt := range []struct{ text, zone, from, to string }{
		{"2025", "UTC", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
		{"2025-Q1", "UTC", "2025-01-01T00:00:00Z", "2025-04-01T00:00:00Z"},
		{"2025Q4", "UTC", "2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z"},
		{"2025-q3", "Europe/Berlin", "2025-06-30T22:00:00Z", "2025-09-30T22:00:00Z"},
		{"2025-12", "UTC", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"},
		{"2024-02", "UTC", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"},
		{"2025-03", "Europe/Berlin", "2025-02-28T23:00:00Z", "2025-03-31T22:00:00Z"},
		{"2024-02-29", "UTC", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
		{"2025-03-30", "Europe/Berlin", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z"},           // 23 hours
		{"2025-10-26", "Europe/Berlin", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z"},           // 25 hours
		{"2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},       // begins at 01:00
		{"2025-08-18T13:02:00Z", "Europe/Berlin", "2025-08-18T13:02:00Z", "2025-08-18T13:02:00Z"}, // an instant
	} {
		loc, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		w, err := calendar.ParsePeriod(tt.text, loc)
		from, to := w.From.UTC().Format(time.RFC3339), w.To.UTC().Format(time.RFC3339)
		if err != nil || from != tt.from || to != tt.to {
			t.Errorf("%s in %s is %s to %s, %v, want %s to %s", tt.text, tt.zone, from, to, err, tt.from, tt.to)
		}
	}
	for _, text := range []string{"", "25", "2025-Q5", "2025-Q0", "2025-13", "2025-00", "2025-02-30", "last quarter", "2025-08-18T13:02:00", "0000", "0001", "0001-Q1", "0001-01", "2025-"} {
		if w, err := calendar.ParsePeriod(text, time.UTC); err == nil {
			t.Errorf("%q is %v, want an error", text, w)
		}
	}
}

func TestWindowsHoldTheirStartAndNotTheirEnd(t *testing.T) {
	at := func(h int) time.Time { return time.Date(2025, 8, 18, h, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		w    calendar.Window
		h    int
		want bool
	}{
		{calendar.Window{From: at(1), To: at(3)}, 0, false},
		{calendar.Window{From: at(1), To: at(3)}, 1, true},
		{calendar.Window{From: at(1), To: at(3)}, 2, true},
		{calendar.Window{From: at(1), To: at(3)}, 3, false},
		{calendar.Window{To: at(3)}, 0, true},
		{calendar.Window{From: at(1)}, 23, true},
		{calendar.Window{}, 12, true},
	} {
		if got := tt.w.Contains(at(tt.h)); got != tt.want {
			t.Errorf("%v holds %d o'clock: %v, want %v", tt.w, tt.h, got, tt.want)
		}
	}
}

func TestMonthsAndQuartersAreThoseOfTheZone(t *testing.T) {
	at := time.Date(2025, 9, 30, 22, 30, 0, 0, time.UTC)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for loc, want := range map[*time.Location][2]string{time.UTC: {"2025-09", "2025-Q3"}, berlin: {"2025-10", "2025-Q4"}} {
		if m, q := calendar.Month(at, loc), calendar.Quarter(at, loc); m != want[0] || q != want[1] {
			t.Errorf("in %v: %s, %s, want %v", loc, m, q, want)
		}
	}
}
