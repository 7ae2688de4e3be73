package edit

import (
	"bytes"
	"fmt"

	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/yamltree"
)

// errLines is for values that cannot be replaced without losing what stands among them.
var errLines = fmt.Errorf("its value stands on several lines with comments among them, want it changed in the file: %w", ErrNoPlace)

// replaceValue puts a value in place of a field's.
func replaceValue(f File, d *parse.Document, field *yamltree.Field, value Value) ([]byte, error) {
	if field.Value.Refused {
		return nil, fmt.Errorf("its value is none that sitrep reads: %w", ErrNoPlace)
	}
	src := f.Source
	colon, ok := colonAfter(src, field)
	if !ok {
		return nil, ErrNoPlace
	}
	v := &field.Value
	if v.Kind == yamltree.Null && (v.Span == field.KeySpan || v.Span.Start == v.Span.End) {
		return splice(src, colon, colon, spaced(value.plain())), nil
	}
	from, ok := offset(src, v.Span.Start)
	if !ok {
		return nil, ErrNoPlace
	}
	to, err := endOfValue(f, d, field, from)
	if err != nil {
		return nil, err
	}
	text := value.like(v, string(src[from:to]))
	switch {
	case value.empty():
		from = colon
	case value.list && len(value.items) == 0:
		from, text = colon, " []" // on the key's line, wherever the old list began
	}
	return splice(src, from, to, text), nil
}

func colonAfter(src []byte, field *yamltree.Field) (int, bool) {
	at, ok := offset(src, field.KeySpan.End)
	if !ok {
		return 0, false
	}
	for at < len(src) && src[at] == ' ' {
		at++
	}
	return at + 1, at < len(src) && src[at] == ':'
}

// endOfValue finds where a value that begins at an offset ends: on its line, or on the last of its lines where no comment stands
// among them.
func endOfValue(f File, d *parse.Document, field *yamltree.Field, from int) (int, error) {
	all := lines(f.Source)
	v := &field.Value
	first, last := v.Span.Start.Line-1, lastLine(f, d, field)
	if first == last && v.Kind == yamltree.Scalar || v.Kind == yamltree.Null {
		to, ok := offset(f.Source, v.Span.End)
		if !ok {
			return 0, ErrNoPlace
		}
		return to, nil
	}
	if last < first {
		return 0, ErrNoPlace
	}
	if f.Source[from] == '[' || f.Source[from] == '{' {
		if to, ok := closing(f.Source, from, all[last].to); ok {
			return to, checkNoComment(f.Source[from:to])
		}
		return 0, ErrNoPlace
	}
	return all[last].to, checkNoComment(f.Source[from:all[last].to])
}

func checkNoComment(value []byte) error {
	if bytes.HasPrefix(value, []byte("#")) || bytes.Contains(value, []byte(" #")) || bytes.Contains(value, []byte("\n#")) {
		return errLines
	}
	return nil
}

// closing finds the bracket that closes the one at from, and gives the offset behind it. Quoted texts are stepped over.
func closing(src []byte, from, end int) (int, bool) {
	depth := 0
	for i := from; i < end; i++ {
		switch c := src[i]; c {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i + 1, true
			}
		case '"', '\'':
			if !bytes.ContainsRune([]byte("[{,: "), rune(src[i-1])) {
				continue // an apostrophe within a plain text
			}
			for i++; i < end && src[i] != c; i++ {
				if c == '"' && src[i] == '\\' {
					i++
				}
			}
		}
	}
	return 0, false
}
