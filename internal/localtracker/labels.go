package localtracker

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/yamltree"
)

// label is an entry of labels.yml.
type label struct{ name, color, description string }

// defaultColor is that of a label which an issue carries and nobody made.
const defaultColor = "ededed"

func (t *Tracker) readLabels() ([]label, error) {
	data, err := t.loadOrNothing(labelsFile)
	if err != nil {
		return nil, err
	}
	return parseLabels(data)
}

// addLabels adds the labels that are not there yet, in any letters.
func (t *Tracker) addLabels(want []label) error {
	for _, l := range want {
		if err := checkLabel(l); err != nil {
			return err
		}
	}
	for range attempts {
		was, err := t.loadOrNothing(labelsFile)
		if err != nil {
			return err
		}
		have, err := parseLabels(was)
		if err != nil {
			return err
		}
		data, err := appendLabels(was, have, missing(have, want))
		if err != nil || data == nil {
			return err
		}
		if err = t.replace(labelsFile, was, data); !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return fmt.Errorf("%s: %w", labelsFile, ErrChanged)
}

func missing(have, want []label) []label {
	var out []label
	for _, l := range want {
		is := func(other label) bool { return strings.EqualFold(other.name, l.name) }
		if !slices.ContainsFunc(have, is) && !slices.ContainsFunc(out, is) {
			out = append(out, l)
		}
	}
	return out
}

// appendLabels adds labels below what people wrote; nil where there are none to add.
func appendLabels(was []byte, have, more []label) ([]byte, error) {
	if len(more) == 0 {
		return nil, nil
	}
	var b strings.Builder
	b.Write(was)
	if len(was) > 0 && was[len(was)-1] != '\n' {
		b.WriteByte('\n')
	}
	for _, l := range more {
		b.WriteString("- name: " + scalar(l.name) + "\n  color: " + scalar(l.color) + "\n  description: " + scalar(l.description) + "\n")
	}
	again, err := parseLabels([]byte(b.String()))
	if err != nil || !slices.Equal(again, slices.Concat(have, more)) {
		return nil, fmt.Errorf("%s: nothing can be added to it; want a list whose entries begin at the left margin", labelsFile)
	}
	return []byte(b.String()), nil
}

func parseLabels(data []byte) ([]label, error) {
	v, problems := yamltree.Parse(data, 1)
	switch {
	case len(problems) > 0:
		return nil, fmt.Errorf("%s:%d: %s", labelsFile, problems[0].Span.Start.Line, problems[0].Message)
	case v.Kind != yamltree.List && v.Kind != yamltree.Null:
		return nil, fmt.Errorf("%s: is %s, want a list of labels", labelsFile, v.Kind)
	}
	var out []label
	for _, item := range v.Items {
		l, err := parseLabel(item)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", labelsFile, item.Span.Start.Line, err)
		}
		out = append(out, l)
	}
	return out, nil
}

// parseLabel reads an entry: a mapping, or just a name.
func parseLabel(v yamltree.Value) (label, error) {
	l := label{color: defaultColor}
	if v.Kind == yamltree.Scalar {
		l.name = v.Text
	}
	for i := range v.Fields {
		var into *string
		switch v.Fields[i].Key {
		case "name":
			into = &l.name
		case "color":
			into = &l.color
		case "description":
			into = &l.description
		default:
			continue // people's
		}
		var err error
		if *into, err = text(&v.Fields[i]); err != nil {
			return l, err
		}
	}
	if strings.TrimSpace(l.name) == "" {
		return l, errors.New("a label has no name")
	}
	return l, nil
}
