package edit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// Entry is one line of a timeline or of the status updates, to be written. Status is "" in a timeline.
type Entry struct {
	At     time.Time // to the second
	Status incident.Status
	Text   string
}

// statusWords is how a status stands in a status update.
var statusWords = map[incident.Status]string{
	incident.Investigating: "Investigating", incident.Identified: "Identified", incident.Monitoring: "Monitoring", incident.StatusOver: "Resolved",
}

// body is what stands behind the time.
func (e Entry) body() string {
	if w := statusWords[e.Status]; w != "" {
		return w + " - " + e.Text
	}
	return e.Text
}

// ErrText tells that a text cannot be an entry.
var ErrText = errors.New("want one line of text")

func checkText(s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return fmt.Errorf("the text is empty, %w", ErrText)
	case !utf8.ValidString(s):
		return fmt.Errorf("the text is not UTF-8, %w", ErrText)
	case strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
	}):
		return fmt.Errorf("the text holds a control character, %w", ErrText)
	}
	return nil
}

// InsertEntry writes an entry into a section of an incident, in the order of time: behind all that happened before it or at the
// same time. The section is made where it is missing. The date is written where a reader would take the clock time for another
// day's, on the new entry and on those behind it, so that every entry keeps its meaning. A section kept as a table gets a row.
func InsertEntry(f File, section string, e Entry) ([]byte, error) {
	e.At, e.Text = e.At.UTC().Truncate(time.Second), strings.Join(strings.Fields(e.Text), " ")
	if err := checkText(e.Text); err != nil {
		return nil, err
	}
	before, err := f.read()
	if err != nil {
		return nil, err
	}
	if f.Kind != parse.IncidentRecord {
		return nil, fmt.Errorf("%s is no incident: %w", f.Path, ErrNoPlace)
	}
	list := lists(before)[section]
	at := slices.IndexFunc(list, func(x incident.Entry) bool { return x.At.After(e.At) })
	if at < 0 {
		at = len(list)
	}
	return insertAt(f, before, section, at, e)
}

// insertAt tries the places and spellings for an entry, the plainest first: as it stands between its neighbours, then with dates
// written on what follows.
func insertAt(f File, before *parse.Document, section string, at int, e Entry) ([]byte, error) {
	var trouble error
	for _, pins := range []bool{false, true} {
		for _, when := range spellings(e.At, zone(before, f.Config)) {
			for _, place := range places(f, before, section, at) {
				out, ok := place(when, e)
				if !ok {
					continue
				}
				out, err := settle(f, out, before, section, at, e, pins)
				if err == nil {
					return out, nil
				}
				trouble = err
			}
		}
	}
	if trouble == nil {
		trouble = fmt.Errorf("no list or table of entries is to be seen there: %w", ErrNoPlace)
	}
	return nil, fmt.Errorf("%s: %s: %w", f.Path, section, trouble)
}

// settle checks a text with the new entry in it, and writes dates on other entries where that is allowed.
func settle(f File, out []byte, before *parse.Document, section string, at int, e Entry, pins bool) ([]byte, error) {
	if pins {
		var err error
		if out, err = pin(f.with(out), before, section, &at); err != nil {
			return nil, err
		}
	}
	after, err := f.with(out).read()
	if err != nil {
		return nil, err
	}
	return out, checkEntry(before, after, section, at, e)
}

// when is a spelling of an instant: a date where it is to be written, and a clock.
type when struct {
	date, clock string
	zoned       bool // the clock is UTC's and says so
}

// spellings of an instant: by the clock, with its date, and, where the clock of the zone shows that time twice, in UTC.
func spellings(t time.Time, loc *time.Location) []when {
	clock := func(t time.Time) string {
		if t.Second() != 0 {
			return t.Format("15:04:05")
		}
		return t.Format("15:04")
	}
	local := t.In(loc)
	return []when{
		{clock: clock(local)},
		{date: local.Format(time.DateOnly), clock: clock(local)},
		{date: t.UTC().Format(time.DateOnly), clock: clock(t.UTC()) + "Z", zoned: true},
	}
}

func (w when) String() string { return strings.TrimPrefix(w.date+" "+w.clock, " ") }

// place writes an entry somewhere; ok is false where it cannot stand there.
type place func(w when, e Entry) (out []byte, ok bool)

// places are where the entry that becomes number at may go.
func places(f File, d *parse.Document, section string, at int) []place {
	list := lists(d)[section]
	if len(list) == 0 {
		return []place{func(w when, e Entry) ([]byte, bool) { return firstEntry(f, d, section, "- "+w.String()+" - "+e.body()) }}
	}
	var out []place
	if at > 0 {
		out = append(out, func(w when, e Entry) ([]byte, bool) { return beside(f, list[at-1], w, e, true) })
	}
	if at < len(list) {
		out = append(out, func(w when, e Entry) ([]byte, bool) { return beside(f, list[at], w, e, false) })
	}
	return out
}
