package parse

import (
	"encoding/binary"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
)

// What a record has many of (entries, places) is packed as varints: read field by field through reflection they would take
// most of a cached run.

// packer appends numbers and texts.
type packer struct{ b []byte }

func (p *packer) num(n int)     { p.b = binary.AppendVarint(p.b, int64(n)) }
func (p *packer) text(s string) { p.num(len(s)); p.b = append(p.b, s...) }
func (p *packer) span(s diag.Span) {
	for _, n := range [...]int{s.Start.Line, s.Start.Column, s.End.Line, s.End.Column} {
		p.num(n)
	}
}

// unpacker reads what a packer wrote; bad is set for good once the bytes do not hold what is asked for.
type unpacker struct {
	b   []byte
	bad bool
}

func (u *unpacker) num() int {
	n, size := binary.Varint(u.b)
	if size <= 0 {
		u.bad, u.b = true, nil
		return 0
	}
	u.b = u.b[size:]
	return int(n)
}

// count reads a number of things that each take at least one byte.
func (u *unpacker) count() int {
	n := u.num()
	if n < 0 || n > len(u.b) {
		u.bad = true
		return 0
	}
	return n
}

func (u *unpacker) text() string {
	n := u.count()
	s := string(u.b[:n])
	u.b = u.b[n:]
	return s
}

func (u *unpacker) span() diag.Span {
	return diag.Span{Start: diag.Pos{Line: u.num(), Column: u.num()}, End: diag.Pos{Line: u.num(), Column: u.num()}}
}

// noTime marks an entry whose time could not be told; no entry is that old.
const noTime = -1 << 60

func (p *packer) entries(list []incident.Entry) {
	p.num(len(list))
	for _, e := range list {
		if e.At.IsZero() {
			p.num(noTime)
		} else {
			p.num(int(e.At.Unix())) // clocks show seconds, nothing smaller
		}
		p.num(e.Status.Order())
		p.text(e.Text)
		p.span(e.Span)
	}
}

func (u *unpacker) entries() []incident.Entry {
	n := u.count()
	if n == 0 {
		return nil
	}
	list := make([]incident.Entry, n)
	for i := range list {
		if at := u.num(); at != noTime {
			list[i].At = time.Unix(int64(at), 0).UTC()
		}
		if s := u.num(); s >= 0 && s < len(incident.Statuses) {
			list[i].Status = incident.Statuses[s]
		}
		list[i].Text = u.text()
		list[i].Span = u.span()
	}
	return list
}

func (p *packer) places(list []Place) {
	p.num(len(list))
	for _, f := range list {
		p.text(f.Key)
		p.span(f.Value)
		p.num(len(f.Items))
		for _, s := range f.Items {
			p.span(s)
		}
	}
}

func (u *unpacker) places() []Place {
	list := make([]Place, u.count())
	for i := range list {
		list[i].Key = u.text()
		list[i].Value = u.span()
		if n := u.count(); n > 0 {
			list[i].Items = make([]diag.Span, n)
			for j := range list[i].Items {
				list[i].Items[j] = u.span()
			}
		}
	}
	return list
}

func (p *packer) moments(list []Moment) {
	p.num(len(list))
	for _, m := range list {
		for _, n := range [...]int{m.Date.Year, int(m.Date.Month), m.Date.Day, m.Clock.Hour, m.Clock.Minute, m.Clock.Second, flag(m.Known), flag(m.Zoned), m.Offset} {
			p.num(n)
		}
	}
}

func (u *unpacker) moments() []Moment {
	n := u.count()
	if n == 0 {
		return nil
	}
	list := make([]Moment, n)
	for i := range list {
		list[i] = Moment{
			Date:  calendar.Date{Year: u.num(), Month: time.Month(u.num()), Day: u.num()},
			Clock: calendar.Clock{Hour: u.num(), Minute: u.num(), Second: u.num()},
			Known: u.num() == 1, Zoned: u.num() == 1, Offset: u.num(),
		}
	}
	return list
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
