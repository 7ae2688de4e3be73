package edit

import (
	"slices"
	"strconv"
	"strings"

	"github.com/syncwell/sitrep/internal/yamltree"
)

// Value is what a front-matter key gets.
type Value struct {
	text  string
	items []string
	list  bool
}

// Text is a value of one text; the empty text empties the key.
func Text(s string) Value { return Value{text: s} }

// List is a value of several texts.
func List(items ...string) Value { return Value{items: items, list: true} }

func (v Value) empty() bool { return !v.list && v.text == "" }

// plain is the value as YAML on one line, in the usual style.
func (v Value) plain() string {
	if !v.list {
		return scalar(v.text, "", false)
	}
	out := make([]string, len(v.items))
	for i, s := range v.items {
		out[i] = scalar(s, "", true)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// like is the value as YAML in the style of the one that it replaces: its quotes, or a list with an entry a line.
func (v Value) like(old *yamltree.Value, written string) string {
	if v.empty() {
		return ""
	}
	if !v.list {
		quote := ""
		if old.Kind == yamltree.Scalar && !old.Plain && written != "" {
			quote = written[:1]
		}
		return scalar(v.text, quote, false)
	}
	if old.Kind != yamltree.List || !strings.HasPrefix(written, "-") || len(v.items) == 0 {
		return v.plain()
	}
	indent, end := strings.Repeat(" ", old.Span.Start.Column-1), "\n"
	if strings.Contains(written, "\r\n") {
		end = "\r\n"
	}
	out := make([]string, len(v.items))
	for i, s := range v.items {
		out[i] = "- " + scalar(s, "", false)
	}
	return strings.Join(out, end+indent)
}

// is tells whether a value was read as this one.
func (v Value) is(got *yamltree.Value) bool {
	switch {
	case v.list:
		return got.Kind == yamltree.List && slices.EqualFunc(v.items, got.Items, func(want string, item yamltree.Value) bool {
			return item.Kind == yamltree.Scalar && item.Text == want
		})
	case v.text == "":
		return got.Kind == yamltree.Null
	}
	return got.Kind == yamltree.Scalar && got.Text == v.text
}

// scalar writes a text as YAML: plain where that is read as the same text, else in the quotes given or in double ones.
func scalar(s, quote string, flow bool) string {
	switch {
	case s == "" && quote == "" && !flow:
		return ""
	case quote == "'" && !strings.ContainsFunc(s, isControl):
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	case quote == `"` || !plainSafe(s, flow):
		return strconv.Quote(s)
	}
	return s
}

func isControl(r rune) bool {
	return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xFEFF
}

// plainSafe tells whether a text may stand without quotes and is read as itself.
func plainSafe(s string, flow bool) bool {
	if strings.ContainsFunc(s, isControl) || flow && strings.ContainsAny(s, ",[]{}") || s != strings.TrimSpace(s) {
		return false
	}
	text := "k: " + s + "\n"
	if flow {
		text = "k: [" + s + "]\n"
	}
	v, problems := yamltree.Parse([]byte(text), 1)
	if len(problems) > 0 || len(v.Fields) != 1 {
		return false
	}
	got := v.Fields[0].Value
	if flow && len(got.Items) == 1 {
		got = got.Items[0]
	}
	return got.Kind == yamltree.Scalar && got.Plain && got.Text == s
}
