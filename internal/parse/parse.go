// Package parse owns reading records: a file system of Markdown files with YAML front matter in, a Tree of plain values with
// the place of everything out.
//
// It reports what cannot be read or does not have the form that docs/formats.md gives; whether what is written makes sense is
// for package lint. It refuses to stop at a bad file, to read what is no regular file, and to touch anything but the fs.FS it
// is given. Nothing here depends on the clock.
package parse

import (
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/yamltree"
)

// Limits on what is read. A file beyond them is a finding, not an error.
const (
	MaxFileSize        = 1 << 20  // bytes
	MaxFrontMatterSize = 64 << 10 // bytes
	MaxTitleLength     = 200      // code points: what fits an issue title with the record's id beside it
)

// Kind tells which folder a record is from.
type Kind int

// The kinds of record.
const (
	IncidentRecord Kind = iota
	PostmortemRecord
)

// Folders of the records, by Kind.
var Folders = [...]string{IncidentRecord: "incidents", PostmortemRecord: "postmortems"}

var kindNames = [...]string{IncidentRecord: "incident", PostmortemRecord: "post-mortem"}

func (k Kind) String() string { return kindNames[k] }

// Tree is all records of a repository, sorted by path. Findings are those of paths that hold no readable record.
type Tree struct {
	Records  []Record
	Findings []diag.Diagnostic
}

// Record is what is kept of one file: plain values, and the places that a finding about more than one file may point at.
// One of Incident and Postmortem is set.
type Record struct {
	Path       string
	ID         string
	Kind       Kind
	Fields     []Place // the front matter's keys, in file order
	Incident   *incident.Incident
	Postmortem *incident.Postmortem
	Timeline   []Moment // of a post-mortem: as written, one for each entry of the timeline
	Links      []Link   // to files of the repository
	Findings   []diag.Diagnostic
	Broken     bool // the front matter could not be read: the values are not to be counted
}

// Place is where one front-matter field stands. Items are the places of a list's entries.
type Place struct {
	Key   string      `cbor:"1,keyasint"`
	Value diag.Span   `cbor:"3,keyasint"`
	Items []diag.Span `cbor:"4,keyasint,omitempty"`
}

// Link is a link or picture whose target is a path, not a URL or an anchor. Target is without query and anchor, unescaped.
type Link struct {
	Target string    `cbor:"1,keyasint"`
	Span   diag.Span `cbor:"2,keyasint"`
}

// Field is where a key's value stands; the file as a whole where the front matter lacks it.
func (r *Record) Field(key string) diag.Span {
	for i := range r.Fields {
		if r.Fields[i].Key == key {
			return r.Fields[i].Value
		}
	}
	return diag.Span{}
}

// Item is where the i-th entry of a list stands; the list where it has fewer.
func (r *Record) Item(key string, i int) diag.Span {
	for _, f := range r.Fields {
		if f.Key == key {
			if i < len(f.Items) {
				return f.Items[i]
			}
			return f.Value
		}
	}
	return diag.Span{}
}

// Moment is the time of an entry as written: a clock, perhaps a date and perhaps an offset of its own.
type Moment struct {
	Date   calendar.Date  `cbor:"1,keyasint"`
	Clock  calendar.Clock `cbor:"2,keyasint"`
	Known  bool           `cbor:"3,keyasint"` // false where the entry has no readable time
	Zoned  bool           `cbor:"4,keyasint"` // Offset is given
	Offset int            `cbor:"5,keyasint"` // minutes east of UTC
}

// Document is one file while it is looked at: its values and all its places.
type Document struct {
	Record
	Source   []byte // as parsed: UTF-8, invalid bytes, NULs and lone CRs replaced, no byte order mark
	Meta     yamltree.Value
	BodyLine int       // line on which the body begins
	Sections []Section // top-level headings, in file order
	Whys     bool      // a 5 Whys heading is there
	Rows     []ActionRow

	body    body
	moments []Moment // of the section read last
}

// Section is a heading and what stands under it, up to the next heading of the same or a higher level or to the next heading
// that names another section.
type Section struct {
	Title  string // as written, markup removed
	Name   string // the section that it names; "" for any other heading
	Alias  bool   // Title is another word for Name
	Level  int
	Parent int // index of the section that it stands in, -1 at the top
	Span   diag.Span
	Empty  bool // nothing but comments and rules stands in it
}

// Block is a run of prose (a paragraph, a list item, a table cell) with its lines as written.
type Block struct {
	Section int // index into Sections, -1 before the first
	Lines   []Line
}

// Line is a line of prose and where it begins.
type Line struct {
	Text string
	Pos  diag.Pos
}

// ActionRow is an action item with the places of its cells.
type ActionRow struct {
	incident.ActionItem
	Cells map[string]Cell // by column: "id", "action", "owner", "due", "priority", "type", "status", "issue", "evidence"
}

// Cell is a text and where it stands.
type Cell struct {
	Text string
	Span diag.Span
}

// History gives the tree's records as plain values, each list sorted by id. Broken records are left out.
func (t *Tree) History() incident.History {
	var h incident.History
	for i := range t.Records {
		switch r := &t.Records[i]; {
		case r.Broken:
		case r.Kind == IncidentRecord:
			h.Incidents = append(h.Incidents, *r.Incident)
		default:
			h.Postmortems = append(h.Postmortems, *r.Postmortem)
		}
	}
	h.Sort()
	return h
}

// Resolve tells the instant of each moment: a date carries on to the entries after it, base is the date of the first, and a
// clock that goes back by over 12 hours means the next day. A moment without a known clock gives the zero time.
func Resolve(moments []Moment, base calendar.Date, loc *time.Location) []time.Time {
	out := make([]time.Time, len(moments))
	var last *Moment
	for i := range moments {
		m := &moments[i]
		if !m.Known {
			if !m.Date.IsZero() {
				base, last = m.Date, nil
			}
			continue
		}
		switch {
		case !m.Date.IsZero():
			base = m.Date
		case last != nil && last.Clock.Since(m.Clock) > 12*time.Hour:
			base = base.AddDays(1)
		}
		last = m
		if base.IsZero() {
			continue
		}
		if m.Zoned {
			out[i] = base.At(m.Clock, time.UTC).Add(-time.Duration(m.Offset) * time.Minute)
		} else {
			out[i] = base.At(m.Clock, loc).UTC()
		}
	}
	return out
}
