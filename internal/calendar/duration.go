package calendar

import (
	"fmt"
	"time"
)

// FormatDuration spells a span of time for people: "45 s", "2 min 48 s", "23 min", "1 h 05 min", "2 d 03 h", "-5 min". A day is
// 24 hours. What is finer than the last unit shown is cut off, not rounded: 59 min 40 s must not read like an hour next to
// "under 60 min: met".
func FormatDuration(d time.Duration) string {
	if d != 0 && d.Abs() < time.Second {
		return "under 1 s"
	}
	sign := ""
	if d < 0 {
		sign = "-"
	}
	whole := int64(d.Abs() / time.Second)
	days, hours, minutes, seconds := whole/86400, whole/3600%24, whole/60%60, whole%60
	switch {
	case days > 0:
		return fmt.Sprintf("%s%d d %02d h", sign, days, hours)
	case hours > 0:
		return fmt.Sprintf("%s%d h %02d min", sign, hours, minutes)
	case minutes >= 10 || seconds == 0:
		return fmt.Sprintf("%s%d min", sign, minutes)
	case minutes > 0:
		return fmt.Sprintf("%s%d min %02d s", sign, minutes, seconds)
	}
	return fmt.Sprintf("%s%d s", sign, seconds)
}
