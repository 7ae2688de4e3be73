package parse

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/yamltree"
)

// fields reads typed values out of a mapping and reports what has another form. Reading a key marks it as known.
type fields struct {
	doc   *Document
	at    *yamltree.Value
	known []string
}

func (d *Document) report(rule string, at diag.Span, hint, format string, args ...any) {
	d.Findings = append(d.Findings, diag.Diagnostic{Rule: rule, Path: d.Path, Span: at, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// get is the value of a key where it is written and not empty.
func (f *fields) get(key string) *yamltree.Value {
	f.known = append(f.known, key)
	if field := f.at.Get(key); field != nil && field.Value.Kind != yamltree.Null && !field.Value.Refused {
		return &field.Value
	}
	return nil
}

func (f *fields) scalar(key string) (*yamltree.Value, bool) {
	v := f.get(key)
	if v == nil {
		return nil, false
	}
	if v.Kind != yamltree.Scalar {
		f.doc.report(RuleValueType, v.Span, "", "%q must be a text, not %s", key, v.Kind)
		return nil, false
	}
	return v, true
}

func (f *fields) text(key string) string {
	if v, ok := f.scalar(key); ok {
		return strings.TrimSpace(v.Text)
	}
	return ""
}

func (f *fields) texts(key string) []string {
	var out []string
	for _, v := range f.list(key, yamltree.Scalar) {
		out = append(out, strings.TrimSpace(v.Text))
	}
	return out
}

// list gives the entries of a list and reports those that are not of a kind. Where texts are wanted a bare one is reported and
// read as a list of one, so that the rest can still be checked.
func (f *fields) list(key string, kind yamltree.Kind) []*yamltree.Value {
	v := f.get(key)
	switch {
	case v == nil:
		return nil
	case v.Kind == yamltree.Scalar && kind == yamltree.Scalar:
		f.doc.report(RuleValueType, v.Span, fmt.Sprintf("write %s: [%s]", key, asWritten(v)), "%q must be a list, not a text", key)
		return f.place(key, []*yamltree.Value{v})
	case v.Kind != yamltree.List:
		f.doc.report(RuleValueType, v.Span, "", "%q must be a list, not %s", key, v.Kind)
		return nil
	}
	out := make([]*yamltree.Value, 0, len(v.Items))
	for i := range v.Items {
		item := &v.Items[i]
		switch {
		case item.Refused:
		case item.Kind == yamltree.Null:
			f.doc.report(RuleValueType, item.Span, "put a value there or delete the entry", "entry %d of %q is empty", i+1, key)
		case item.Kind != kind:
			f.doc.report(RuleValueType, item.Span, "", "entry %d of %q must be %s, not %s", i+1, key, kind, item.Kind)
		default:
			out = append(out, item)
		}
	}
	return f.place(key, out)
}

// place keeps where the entries of a list stand, so that the i-th entry that is kept finds its place.
func (f *fields) place(key string, items []*yamltree.Value) []*yamltree.Value {
	spans := make([]diag.Span, len(items))
	for i, v := range items {
		spans[i] = v.Span
	}
	for i := range f.doc.Fields {
		if f.doc.Fields[i].Key == key {
			f.doc.Fields[i].Items = spans
		}
	}
	return items
}

// asWritten is a scalar as YAML takes it: in quotes where it stood in quotes.
func asWritten(v *yamltree.Value) string {
	if v.Plain {
		return v.Text
	}
	return strconv.Quote(v.Text)
}

func (f *fields) boolean(key string) bool {
	v, ok := f.scalar(key)
	if !ok {
		return false
	}
	switch {
	case v.Text != "true" && v.Text != "false":
		f.doc.report(RuleValueType, v.Span, "", "%q must be true or false, not %q", key, v.Text)
	case !v.Plain:
		f.doc.report(RuleValueType, v.Span, "take the quotes off", "%q must be true or false, not a text", key)
	}
	return v.Text == "true"
}

func (f *fields) count(key string) int {
	v, ok := f.scalar(key)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(v.Text)
	if err != nil || n < 0 {
		f.doc.report(RuleValueType, v.Span, "", "%q must be a whole number of 0 or more, not %q", key, v.Text)
		return 0
	}
	return n
}

// stamp reads an instant; zero where it is missing or refused.
func (f *fields) stamp(key string) time.Time {
	v, ok := f.scalar(key)
	if !ok {
		return time.Time{}
	}
	t, err := calendar.ParseStamp(v.Text)
	var bad *calendar.StampError
	if errors.As(err, &bad) {
		hint := ""
		if bad.Want != "" {
			hint = fmt.Sprintf("write %s: %s", key, bad.Want)
		}
		if errors.Is(err, calendar.ErrNoOffset) {
			hint = fmt.Sprintf("write %s: %s if it is UTC, or end it with the offset, such as +02:00", key, bad.Want)
		}
		f.doc.report(RuleStamp, v.Span, hint, "%s %s, want a time with an offset such as 2025-08-18T13:02:00Z", key, err)
		return time.Time{}
	}
	return t
}

func (f *fields) date(key string) calendar.Date {
	v, ok := f.scalar(key)
	if !ok {
		return calendar.Date{}
	}
	d, err := calendar.ParseDate(v.Text)
	if err != nil {
		f.doc.report(RuleStamp, v.Span, "", "%s %s, want a date such as 2025-08-18", key, err)
	}
	return d
}

var loginShape = regexp.MustCompile(`^@[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?(?:/[A-Za-z0-9._-]{1,100})?$`)

// Login takes the @ off a login; ok is false for anything else.
func Login(text string) (login string, ok bool) {
	if !plainLogin(text) && !loginShape.MatchString(text) {
		return "", false
	}
	return text[1:], true
}

// plainLogin knows the shape nearly every login has, without the cost of the pattern.
func plainLogin(s string) bool {
	if len(s) < 2 || len(s) > 40 || s[0] != '@' || s[1] == '-' {
		return false
	}
	for _, c := range []byte(s[1:]) {
		if c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

func (f *fields) login(key string) string {
	if v, ok := f.scalar(key); ok {
		return f.loginOf(key, v)
	}
	return ""
}

func (f *fields) logins(key string) []string {
	var out []string
	var kept []*yamltree.Value
	for _, v := range f.list(key, yamltree.Scalar) {
		if l := f.loginOf(key, v); l != "" {
			out, kept = append(out, l), append(kept, v)
		}
	}
	f.place(key, kept)
	return out
}

func (f *fields) loginOf(key string, v *yamltree.Value) string {
	login, ok := Login(strings.TrimSpace(v.Text))
	if !ok && strings.TrimSpace(v.Text) != "" {
		hint := ""
		if l, ok := Login("@" + strings.TrimSpace(v.Text)); ok {
			hint = fmt.Sprintf(`write "@%s", in quotes`, l)
		}
		f.doc.report(RuleLogin, v.Span, hint, `%s %q is not a login, want "@name"`, key, v.Text)
	}
	return login
}

// oneOf reads a word from a closed list; the zero word where it is missing or unknown.
func oneOf[T ~string](f *fields, key string, allowed []T) T {
	v, ok := f.scalar(key)
	if !ok {
		return ""
	}
	if w, ok := word(v.Text, allowed); ok {
		return w
	}
	names := asStrings(allowed)
	hint := ""
	if near := diag.Nearest(v.Text, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	f.doc.report(RuleAllowedValue, v.Span, hint, "unknown %s %q%s, want %s", key, v.Text, codePoints(v.Text), orList(names))
	return ""
}

func word[T ~string](text string, allowed []T) (T, bool) {
	i := slices.Index(allowed, T(text))
	if i < 0 {
		return "", false
	}
	return allowed[i], true
}

func asStrings[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// orList joins words as a message does: "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// codePoints spells out letters that only look like ASCII, so that the writer sees what is wrong: " (U+0405 at 1)".
func codePoints(s string) string {
	var found []string
	i := 0
	for _, r := range s {
		i++
		if r >= utf8.RuneSelf && len(found) < 5 {
			found = append(found, fmt.Sprintf("%U at %d", r, i))
		}
	}
	if found == nil {
		return ""
	}
	return " (" + strings.Join(found, ", ") + ")"
}

var severityLike = regexp.MustCompile(`(?i)^(?:sev|severity|s|p|priority)?[\s_\-\x{2010}-\x{2015}]*([0-9])$`)

func (f *fields) severity(key string, cfg *config.Config) incident.Severity {
	v, ok := f.scalar(key)
	if !ok {
		return 0
	}
	allowed := cfg.Levels()
	s, ok := incident.ParseSeverity(v.Text)
	if ok && slices.Contains(allowed, s) {
		return s
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = a.String()
	}
	hint := ""
	latin := strings.NewReplacer("\u0405", "S", "\u0455", "s", "\u0415", "E", "\u0435", "e", "\u0395", "E").Replace(v.Text)
	if m := severityLike.FindStringSubmatch(latin); m != nil && slices.Contains(names, "SEV-"+m[1]) {
		hint = fmt.Sprintf("write severity: SEV-%s", m[1])
	}
	f.doc.report(RuleSeverity, v.Span, hint, "unknown severity %q%s, want %s", v.Text, codePoints(v.Text), orList(names))
	return 0
}

// unknown reports the keys that nothing has read, with the nearest one that something would.
func (f *fields) unknown(in string) {
	for _, field := range f.at.Fields {
		if slices.Contains(f.known, field.Key) {
			continue
		}
		hint := ""
		if near := diag.Nearest(field.Key, f.known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		f.doc.report(RuleUnknownKey, field.KeySpan, hint, "unknown key %q%s", field.Key, in)
	}
}

// sub opens the mapping under a key.
func (f *fields) sub(key string) *fields {
	v := f.get(key)
	if v == nil {
		return nil
	}
	if v.Kind != yamltree.Mapping {
		f.doc.report(RuleValueType, v.Span, "", "%q must be a mapping, not %s", key, v.Kind)
		return nil
	}
	return f.within(v)
}

// within reads a mapping that stands in the one at hand.
func (f *fields) within(v *yamltree.Value) *fields { return &fields{doc: f.doc, at: v} }
