package calendar_test

import (
	"math"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
)

func TestFormatDuration(t *testing.T) {
	for _, tt := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0 min"},
		{time.Nanosecond, "under 1 s"},
		{-time.Millisecond, "under 1 s"},
		{45 * time.Second, "45 s"},
		{time.Minute, "1 min"},
		{2*time.Minute + 48*time.Second, "2 min 48 s"},
		{10*time.Minute + 59*time.Second, "10 min"},
		{23 * time.Minute, "23 min"},
		{59*time.Minute + 59*time.Second + 999*time.Millisecond, "59 min"},
		{time.Hour, "1 h 00 min"},
		{65 * time.Minute, "1 h 05 min"},
		{24*time.Hour - time.Second, "23 h 59 min"},
		{24 * time.Hour, "1 d 00 h"},
		{51*time.Hour + 59*time.Minute, "2 d 03 h"},
		{-5 * time.Minute, "-5 min"},
		{-65 * time.Minute, "-1 h 05 min"},
		{math.MaxInt64, "106751 d 23 h"},
		{math.MinInt64, "-106751 d 23 h"},
	} {
		if got := calendar.FormatDuration(tt.d); got != tt.want {
			t.Errorf("FormatDuration(%v) = %q, want %q", tt.d, got, tt.want)
		}
	}
}
