// Package diag owns findings: where something stands in a file, how grave it is, and in which order findings are shown.
//
// It refuses to know what the findings are about. A finding is data; a Go error stops a run and is never turned into one.
package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// Pos is a place in a file. Line and Column count from 1; Column counts Unicode code points, not bytes.
// The zero Pos means the file as a whole.
type Pos struct {
	Line   int `cbor:"1,keyasint,omitempty"`
	Column int `cbor:"2,keyasint,omitempty"`
}

// IsZero tells whether p names the file as a whole.
func (p Pos) IsZero() bool { return p.Line == 0 }

// Compare orders by line, then by column.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

func (p Pos) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// Span is the text from Start up to, not including, End.
type Span struct {
	Start Pos `cbor:"1,keyasint,omitempty"`
	End   Pos `cbor:"2,keyasint,omitempty"`
}

// IsZero tells whether s names the file as a whole.
func (s Span) IsZero() bool { return s.Start.IsZero() }

// At is an empty span at one place.
func At(line, column int) Span {
	p := Pos{line, column}
	return Span{p, p}
}

// Level says how grave a finding is. Severity is a word for incidents and is not used here.
type Level int

// The levels. Error makes a run fail; Off silences a rule and is never the level of a finding.
const (
	Off Level = iota
	Notice
	Warning
	Error
)

var levelNames = [...]string{"off", "notice", "warning", "error"}

func (l Level) String() string { return levelNames[l] }

// ParseLevel reads "error", "warning", "notice" or "off".
func ParseLevel(s string) (Level, error) {
	if i := slices.Index(levelNames[:], s); i >= 0 {
		return Level(i), nil
	}
	return Off, fmt.Errorf("unknown level %q, want error, warning, notice or off", s)
}

// MarshalText writes the level's name, so that every format spells it alike.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Diagnostic is one finding. Message is lower case without a full stop and carries the offending value in quotes;
// Hint, where given, says what to do next.
type Diagnostic struct {
	Rule    string `cbor:"1,keyasint"`
	Level   Level  `cbor:"2,keyasint"`
	Path    string `cbor:"3,keyasint,omitempty"`
	Span    Span   `cbor:"4,keyasint"`
	Message string `cbor:"5,keyasint"`
	Hint    string `cbor:"6,keyasint,omitempty"`
}

// Sort orders findings by path, place, rule and message: the order in which every format prints them.
func Sort(ds []Diagnostic) {
	slices.SortFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Path, b.Path),
			a.Span.Start.Compare(b.Span.Start),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Message, b.Message),
			a.Span.End.Compare(b.Span.End),
			cmp.Compare(a.Hint, b.Hint),
		)
	})
}
