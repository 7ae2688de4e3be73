package githubtest

import (
	"encoding/json"
	"iter"
)

// field is a property of a request that may be missing, null or there.
type field[T any] struct {
	Set, Null bool
	Value     T
}

// UnmarshalJSON is called only for a property that is there, null among them.
func (f *field[T]) UnmarshalJSON(text []byte) error {
	f.Set = true
	if string(text) == "null" {
		f.Null = true
		return nil
	}
	return json.Unmarshal(text, &f.Value)
}

// name is a label or a login, written as a string or as an object that has it.
type name string

// UnmarshalJSON takes "bug", {"name": "bug"} and {"login": "bug"}.
func (n *name) UnmarshalJSON(text []byte) error {
	if len(text) == 0 || text[0] != '{' {
		return json.Unmarshal(text, (*string)(n))
	}
	var o struct{ Name, Login string }
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	*n = name(o.Name + o.Login)
	return nil
}

func names(in []name) []string {
	var out []string
	for _, n := range in {
		out = append(out, string(n))
	}
	return out
}

// listed are the records as a list shows them: as they are, or as they were a list lag ago.
func listed[T any](c *call, records []*history[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, h := range records {
			value, ok := h.latest(), true
			if c.s.lag > 0 {
				value, ok = h.asOf(c.now.Add(-c.s.lag))
			}
			if ok && !yield(value) {
				return
			}
		}
	}
}
