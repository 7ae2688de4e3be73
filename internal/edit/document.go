package edit

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// File is a record as it stands: the bytes, and what is needed to read them.
type File struct {
	Path   string
	Kind   parse.Kind
	Source []byte
	Config *config.Config
}

// read parses the file. One whose text had to be mended to be read is refused: places in it are not those of the bytes.
func (f File) read() (*parse.Document, error) {
	d := parse.Parse(f.Path, f.Kind, f.Source, f.Config)
	if !bytes.Equal(d.Source, bytes.TrimPrefix(f.Source, byteOrderMark)) {
		return nil, fmt.Errorf("%s has characters or line ends that no record may have, want them mended first: see sitrep lint", f.Path)
	}
	if d.Broken {
		return nil, fmt.Errorf("the front matter of %s cannot be read, want it mended first: see sitrep lint", f.Path)
	}
	return d, nil
}

func (f File) with(src []byte) File { f.Source = src; return f }

var byteOrderMark = []byte("\xef\xbb\xbf")

// lineEnd is how the file ends its lines: as its first line does.
func (f File) lineEnd() string {
	if i := bytes.IndexByte(f.Source, '\n'); i > 0 && f.Source[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// zone is the zone of the clock times in a record's body.
func zone(d *parse.Document, cfg *config.Config) *time.Location {
	if d.Incident == nil {
		return cfg.Location()
	}
	return parse.ZoneOf(d.Incident, cfg.Location())
}

// values is what a record says, without places: what an edit must leave as it was.
type values struct {
	incident   incident.Incident
	postmortem incident.Postmortem
	sections   []string
	findings   map[string]int
}

func valuesOf(d *parse.Document) values {
	v := values{findings: map[string]int{}}
	if d.Incident != nil {
		v.incident = *d.Incident
		v.incident.Timeline, v.incident.Updates = unplaced(d.Incident.Timeline), unplaced(d.Incident.Updates)
	}
	if d.Postmortem != nil {
		v.postmortem = *d.Postmortem
		v.postmortem.Timeline = unplaced(d.Postmortem.Timeline)
		v.postmortem.Whys = unplacedWhys(d.Postmortem.Whys)
		v.postmortem.Actions = slices.Clone(d.Postmortem.Actions)
		for i := range v.postmortem.Actions {
			v.postmortem.Actions[i].Pos = diag.Pos{}
		}
	}
	for _, s := range d.Sections {
		v.sections = append(v.sections, fmt.Sprint(s.Level, s.Name, s.Title))
	}
	for _, f := range d.Findings {
		v.findings[f.Rule]++
	}
	return v
}

func unplaced(list []incident.Entry) []incident.Entry {
	out := make([]incident.Entry, 0, len(list))
	for _, e := range list {
		e.Span = diag.Span{}
		out = append(out, e)
	}
	return out
}

func unplacedWhys(list []incident.Why) []incident.Why {
	out := make([]incident.Why, 0, len(list))
	for _, w := range list {
		w.Pos, w.Because = diag.Pos{}, unplacedWhys(w.Because)
		out = append(out, w)
	}
	return out
}

// same tells whether two records say the same and have no more findings of form than before.
func (v values) same(after values) bool {
	for rule, n := range after.findings {
		if n > v.findings[rule] {
			return false
		}
	}
	return reflect.DeepEqual(v.incident, after.incident) && reflect.DeepEqual(v.postmortem, after.postmortem) && slices.Equal(v.sections, after.sections)
}

// lists are the entries of a record, section by section.
func lists(d *parse.Document) map[string][]incident.Entry {
	if d.Incident == nil {
		return map[string][]incident.Entry{parse.SectionTimeline: d.Postmortem.Timeline}
	}
	return map[string][]incident.Entry{parse.SectionTimeline: d.Incident.Timeline, parse.SectionUpdates: d.Incident.Updates}
}

// text is a line of a file and where it stands.
type text struct {
	from, to int // without the line end
	next     int // where the next line begins
}

// lines cuts a file into lines; the first is number 0. A byte order mark is in none.
func lines(src []byte) []text {
	var out []text
	at := 0
	if bytes.HasPrefix(src, byteOrderMark) {
		at = len(byteOrderMark)
	}
	for at < len(src) {
		l := text{from: at, to: len(src), next: len(src)}
		if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
			l.to, l.next = at+i, at+i+1
		}
		if l.to > l.from && src[l.to-1] == '\r' {
			l.to--
		}
		out = append(out, l)
		at = l.next
	}
	return out
}

func (l text) of(src []byte) string { return string(src[l.from:l.to]) }

func (l text) blank(src []byte) bool { return len(bytes.TrimSpace(src[l.from:l.to])) == 0 }

// splice puts text in place of src[from:to].
func splice(src []byte, from, to int, text string) []byte {
	return slices.Concat(src[:from], []byte(text), src[to:])
}
