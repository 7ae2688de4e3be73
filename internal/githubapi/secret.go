package githubapi

import (
	"fmt"
	"io"
)

// Secret is a text that is never printed: every way of formatting or encoding it gives "***". string(s) gives it back.
//
// Package fmt calls no methods on unexported fields of a struct, nor on what a pointer in a struct leads to where it is formatted by
// a verb such as %s: a Secret must not be kept in such places, see App. encoding/json writes it as it is where it is a map's key.
type Secret string

const hidden = "***"

// String hides the secret.
func (Secret) String() string { return hidden }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return hidden }

// Format hides the secret from every verb, %x and %d among them.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalJSON hides the secret.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// MarshalText hides the secret from XML, YAML and logs.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
