package edit

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/yamltree"
)

// order is the front-matter keys in the order in which records are written, by kind of record.
var order = map[parse.Kind][]string{
	parse.IncidentRecord: {
		"title", "severity", "status", "services", "started", "detected", "diagnosed", "mitigated", "resolved",
		"incident_commander", "communications_lead", "subject_matter_experts", "user_impact", "kind", "resolution", "duplicate_of",
		"detected_by", "caused_by", "contributing_factors", "customers_affected", "impact", "timezone", "links", "visibility", "waivers",
		"tags", "formerly",
	},
	parse.PostmortemRecord: {"title", "incident", "status", "owner", "meeting", "published", "attendees", "waivers", "formerly"},
}

// Keys lists the front-matter keys of a kind of record in the order in which they are written.
func Keys(kind parse.Kind) []string { return slices.Clone(order[kind]) }

// SetField gives a front-matter key a value. The value is put where the old one stands; comments, quotes and the order of the keys
// stay. A key that is missing goes behind its neighbour in the usual order. Entries of the body keep their times: where a new start
// would make another day of a clock time, its date is written.
func SetField(f File, key string, value Value) ([]byte, error) {
	before, err := f.read()
	if err != nil {
		return nil, err
	}
	candidates := missing(f, before, key, value)
	if field := before.Meta.Get(key); field != nil {
		out, err := replaceValue(f, before, field, value)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", f.Path, key, err)
		}
		candidates = [][]byte{out}
	}
	var trouble error
	for _, out := range candidates {
		if out, err = pin(f.with(out), before, "", nil); err == nil {
			err = checkField(f, before, f.with(out), key, value)
		}
		if err == nil {
			return out, nil
		}
		trouble = errors.Join(trouble, err)
	}
	return nil, fmt.Errorf("%s: set %s: %w", f.Path, key, trouble)
}

// missing gives the texts with a line for the key behind, or before, each neighbour in the usual order, nearest first, and last
// at the end of the front matter.
func missing(f File, d *parse.Document, key string, value Value) [][]byte {
	all := lines(f.Source)
	end := d.BodyLine - 2 // the line that closes the front matter
	keys := order[f.Kind]
	at := slices.Index(keys, key)
	var out [][]byte
	insert := func(line int, indent string) {
		text := indent + key + ":" + spaced(value.plain()) + f.lineEnd()
		out = append(out, splice(f.Source, all[line].from, all[line].from, text))
	}
	if at >= 0 {
		for i := at - 1; i >= 0; i-- {
			if n := d.Meta.Get(keys[i]); n != nil {
				insert(lastLine(f, d, n)+1, indentOf(f, n))
				break
			}
		}
		for _, k := range keys[at+1:] {
			if n := d.Meta.Get(k); n != nil {
				insert(n.KeySpan.Start.Line-1, indentOf(f, n))
				break
			}
		}
	}
	indent := ""
	if len(d.Meta.Fields) > 0 {
		indent = indentOf(f, &d.Meta.Fields[0])
	}
	insert(end, indent)
	return out
}

func spaced(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

func indentOf(f File, field *yamltree.Field) string {
	line := lines(f.Source)[field.KeySpan.Start.Line-1].of(f.Source)
	return line[:len(line)-len(strings.TrimLeft(line, " "))]
}

// lastLine is the number, from 0, of the last line on which a field's value stands: comments and blank lines behind it are not its.
func lastLine(f File, d *parse.Document, field *yamltree.Field) int {
	all := lines(f.Source)
	end := d.BodyLine - 2
	for i := range d.Meta.Fields {
		if l := d.Meta.Fields[i].KeySpan.Start.Line - 1; l > field.KeySpan.Start.Line-1 {
			end = min(end, l)
		}
	}
	last := end - 1
	margin := len(indentOf(f, field))
	for last > field.KeySpan.Start.Line-1 {
		line := all[last].of(f.Source)
		trimmed := strings.TrimLeft(line, " \t")
		if trimmed != "" && (trimmed[0] != '#' || len(line)-len(trimmed) > margin) {
			break
		}
		last--
	}
	return last
}

// checkField holds that the new text has the value, and that nothing else changed.
func checkField(f File, before *parse.Document, out File, key string, value Value) error {
	after, err := out.read()
	if err != nil {
		return fmt.Errorf("the value cannot stand there: %w", ErrNoPlace)
	}
	got := after.Meta.Get(key)
	if got == nil || !value.is(&got.Value) {
		return fmt.Errorf("the value would not be read as it is given: %w", ErrNoPlace)
	}
	if !reflect.DeepEqual(fieldsBut(before, key), fieldsBut(after, key)) {
		return fmt.Errorf("another field would change: %w", ErrNoPlace)
	}
	if !slices.Equal(valuesOf(before).sections, valuesOf(after).sections) {
		return fmt.Errorf("the body would change: %w", ErrNoPlace)
	}
	return sameEntries(before, after, "", -1)
}

// fieldsBut is a record's front matter, in order, without one key and without places.
func fieldsBut(d *parse.Document, key string) []yamltree.Field {
	var out []yamltree.Field
	for _, f := range d.Meta.Fields {
		if f.Key != key {
			f.KeySpan, f.Value = diag.Span{}, nowhere(f.Value)
			out = append(out, f)
		}
	}
	return out
}

func nowhere(v yamltree.Value) yamltree.Value {
	v.Span = diag.Span{}
	items, fields := v.Items, v.Fields
	v.Items, v.Fields = nil, nil
	for _, i := range items {
		v.Items = append(v.Items, nowhere(i))
	}
	for _, f := range fields {
		v.Fields = append(v.Fields, yamltree.Field{Key: f.Key, Value: nowhere(f.Value)})
	}
	return v
}
