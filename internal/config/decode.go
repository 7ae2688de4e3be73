package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/yamltree"
)

// decoder fills Go values from a tree, strictly: an unknown key or a value of another type is a finding with its place.
// yaml.v3's own strict mode gives no column, stops knowing the file's line, and proposes no key.
type decoder struct{ problems []diag.Diagnostic }

func (d *decoder) report(at diag.Span, hint, format string, args ...any) {
	d.problems = append(d.problems, diag.Diagnostic{Rule: "config", Span: at, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (d *decoder) decodeRoot(tree *yamltree.Value, c *Config) {
	if tree.Kind != yamltree.Mapping {
		d.report(tree.Span, "", "the config must be a mapping, not %s", tree.Kind)
		return
	}
	d.decode("", tree, reflect.ValueOf(c).Elem())
}

func (d *decoder) decode(key string, v *yamltree.Value, into reflect.Value) {
	if v.Kind == yamltree.Null {
		return // an empty key keeps the default
	}
	if u, ok := into.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if d.want(key, v, yamltree.Scalar) {
			if err := u.UnmarshalText([]byte(v.Text)); err != nil {
				d.report(v.Span, "", "%s", err)
			}
		}
		return
	}
	switch into.Kind() {
	case reflect.Struct:
		if d.want(key, v, yamltree.Mapping) {
			d.decodeStruct(v, into)
		}
	case reflect.Map:
		if d.want(key, v, yamltree.Mapping) {
			d.decodeMap(v, into)
		}
	case reflect.Slice:
		if d.want(key, v, yamltree.List) {
			into.Set(reflect.MakeSlice(into.Type(), len(v.Items), len(v.Items)))
			for i := range v.Items {
				d.decode(key, &v.Items[i], into.Index(i))
			}
		}
	default:
		if d.want(key, v, yamltree.Scalar) {
			d.decodeScalar(key, v, into)
		}
	}
}

func (d *decoder) want(key string, v *yamltree.Value, kind yamltree.Kind) bool {
	if v.Kind != kind {
		d.report(v.Span, "", "%q must be %s, not %s", key, kind, v.Kind)
	}
	return v.Kind == kind
}

func (d *decoder) decodeStruct(v *yamltree.Value, into reflect.Value) {
	known := map[string]int{}
	var names []string
	for i := range into.NumField() {
		name := into.Type().Field(i).Tag.Get("yaml")
		known[name] = i
		names = append(names, name)
	}
	for i := range v.Fields {
		f := &v.Fields[i]
		field, ok := known[f.Key]
		if !ok {
			hint := "known keys: " + strings.Join(names, ", ")
			if near := diag.Nearest(f.Key, names); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			d.report(f.KeySpan, hint, "unknown key %q", f.Key)
			continue
		}
		d.decode(f.Key, &f.Value, into.Field(field))
	}
}

// decodeMap replaces the default as a whole, but an entry that the default has keeps what it does not change.
func (d *decoder) decodeMap(v *yamltree.Value, into reflect.Value) {
	out := reflect.MakeMap(into.Type())
	for i := range v.Fields {
		f := &v.Fields[i]
		elem := reflect.New(into.Type().Elem()).Elem()
		if old := into.MapIndex(reflect.ValueOf(f.Key)); old.IsValid() {
			elem.Set(old)
		}
		d.decode(f.Key, &f.Value, elem)
		out.SetMapIndex(reflect.ValueOf(f.Key), elem)
	}
	into.Set(out)
}

func (d *decoder) decodeScalar(key string, v *yamltree.Value, into reflect.Value) {
	switch into.Kind() {
	case reflect.String:
		into.SetString(v.Text)
	case reflect.Bool:
		if v.Text != "true" && v.Text != "false" {
			d.report(v.Span, "", "%q must be true or false, not %q", key, v.Text)
		}
		into.SetBool(v.Text == "true")
	case reflect.Int:
		n, err := strconv.Atoi(v.Text)
		if err != nil {
			d.report(v.Span, "", "%q must be a whole number, not %q", key, v.Text)
		}
		into.SetInt(int64(n))
	default:
		panic("config: no decoding for " + into.Kind().String())
	}
}
