package edit

import (
	"fmt"
	"time"

	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// pin writes the date on entries that are not of the day any more that they were of in before: on the first such entry of each
// section, until all are. With at, entry number *at of a section is new and has no counterpart.
func pin(f File, before *parse.Document, section string, at *int) ([]byte, error) {
	was := lists(before)
	for range 64 {
		d, err := f.read()
		if err != nil {
			return nil, err
		}
		now := lists(d)
		out, moved := []byte(nil), false
		for _, name := range []string{parse.SectionTimeline, parse.SectionUpdates} {
			skip := -1
			if at != nil && name == section {
				skip = *at
			}
			i, t := firstMoved(was[name], now[name], skip)
			if i < 0 {
				continue
			}
			moved = true
			if out, err = writeDate(f, now[name][i], t.In(zone(d, f.Config))); err != nil {
				return nil, err
			}
			break
		}
		if !moved {
			return f.Source, nil
		}
		f = f.with(out)
	}
	return nil, fmt.Errorf("the times of the entries would change: %w", ErrNoPlace)
}

// firstMoved is the first entry that is of another time now than it was, and that time; entry number skip has no counterpart.
func firstMoved(was, now []incident.Entry, skip int) (int, time.Time) {
	j := 0
	for i := range now {
		if i == skip {
			continue
		}
		if j < len(was) && !was[j].At.Equal(now[i].At) {
			return i, was[j].At
		}
		j++
	}
	return -1, time.Time{}
}

// writeDate puts the date before an entry's clock.
func writeDate(f File, e incident.Entry, t time.Time) ([]byte, error) {
	from, ok := offset(f.Source, e.Span.Start)
	if t.IsZero() || !ok || from+5 > len(f.Source) || f.Source[from] < '0' || f.Source[from] > '9' || f.Source[from+4] == '-' {
		return nil, fmt.Errorf("the entry on line %d would change its time, and no date can be written there: %w", e.Span.Start.Line, ErrNoPlace)
	}
	return splice(f.Source, from, from, t.Format(time.DateOnly)+" "), nil
}

// checkEntry holds that the new entry is there and says what it should, and that nothing else changed.
func checkEntry(before, after *parse.Document, section string, at int, e Entry) error {
	list := lists(after)[section]
	if at >= len(list) || !list[at].At.Equal(e.At) {
		return fmt.Errorf("the entry would be read as one of another time: %w", ErrNoPlace)
	}
	got := list[at]
	if got.Status != e.Status && e.Status != "" || got.Text != e.Text && (e.Status != "" || got.Status == "") {
		return fmt.Errorf("the entry would be read as %q: %w", got.Text, ErrNoPlace)
	}
	return sameEntries(before, after, section, at)
}

// sameEntries holds that two documents say the same but for entry number at of a section, which is new.
func sameEntries(before, after *parse.Document, section string, at int) error {
	was, now := valuesOf(before), valuesOf(after)
	if section == "" { // a field has changed: the fields are compared by who changed it
		for name, list := range lists(after) {
			if i, _ := firstMoved(lists(before)[name], list, -1); i >= 0 || len(list) != len(lists(before)[name]) {
				return fmt.Errorf("an entry under %q would change its time: %w", name, ErrNoPlace)
			}
		}
		return nil
	}
	timeline := &now.incident.Timeline
	if section == parse.SectionUpdates {
		timeline = &now.incident.Updates
	}
	*timeline = append((*timeline)[:at:at], (*timeline)[at+1:]...)
	if len(now.sections) == len(was.sections)+1 {
		now.sections = withoutNew(was.sections, now.sections)
	}
	if !was.same(now) {
		return fmt.Errorf("something else in the file would change: %w", ErrNoPlace)
	}
	return nil
}

// withoutNew leaves out the one section that has been made.
func withoutNew(was, now []string) []string {
	for i := range now {
		if i == len(was) || was[i] != now[i] {
			return append(now[:i:i], now[i+1:]...)
		}
	}
	return now
}
