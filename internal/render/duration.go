package render

import "github.com/syncwell/sitrep/internal/metrics"

// absent stands where the records carry no figure.
const absent = "-"

// minutesText spells a number of minutes, "1 h 05 min"; what is not known is absent.
func minutesText(minutes *float64) string {
	if minutes == nil {
		return absent
	}
	return metrics.FormatMinutes(*minutes)
}

// rangeText spells an interval of minutes: "12 min to 1 h 05 min".
func rangeText(interval *[2]float64) string {
	if interval == nil {
		return absent
	}
	return metrics.FormatMinutes(interval[0]) + " to " + metrics.FormatMinutes(interval[1])
}
