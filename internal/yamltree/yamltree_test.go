package yamltree_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/yamltree"
)

// outline writes a tree down, one line for each key and entry: place, key, kind and text, with q where a text was quoted.
func outline(v *yamltree.Value, prefix string) []string {
	var out []string
	for i := range v.Items {
		out = append(out, describe(fmt.Sprintf("%s[%d]", prefix, i), &v.Items[i]))
		out = append(out, outline(&v.Items[i], fmt.Sprintf("%s[%d]", prefix, i))...)
	}
	for i := range v.Fields {
		f := &v.Fields[i]
		name := strings.TrimPrefix(prefix+"."+f.Key, ".")
		out = append(out, span(f.KeySpan)+" key "+name, describe(name, &f.Value))
		out = append(out, outline(&f.Value, name)...)
	}
	return out
}

func describe(name string, v *yamltree.Value) string {
	s := fmt.Sprintf("%s %s is %s", span(v.Span), name, v.Kind)
	if v.Kind == yamltree.Scalar {
		s += fmt.Sprintf(" %q", v.Text)
	}
	if v.Kind == yamltree.Scalar && !v.Plain {
		s += " q"
	}
	if v.Refused {
		s += " refused"
	}
	return s
}

func span(s diag.Span) string {
	if s.Start.Line == s.End.Line {
		return fmt.Sprintf("%d:%d-%d", s.Start.Line, s.Start.Column, s.End.Column)
	}
	return fmt.Sprintf("%s-%s", s.Start, s.End)
}

func TestEveryValueHasItsPlace(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"plain", "a: 1\nbc:   de f  # g\n", `
10:1-2 key a
10:4-5 a is a text "1"
11:1-3 key bc
11:7-11 bc is a text "de f"`},
		{"quoted", "a: \"x\\ty\"\n'b': 'it''s' # c\n\"c\" : \"\"\n", `
10:1-2 key a
10:4-10 a is a text "x\ty" q
11:1-4 key b
11:6-13 b is a text "it's" q
12:1-4 key c
12:7-9 c is a text "" q`},
		{"code points count, not bytes", "\u00e9\u00e8: [\"\u4e2d\u6587\", \U0001f600, z]\n", `
10:1-3 key éè
10:5-5 éè is a list
10:6-10 éè[0] is a text "中文" q
10:12-13 éè[1] is a text "😀"
10:15-16 éè[2] is a text "z"`},
		{"over several lines", "a: b\n  c\n  d\ne: \"f\n  g\"\nh: i\n", `
10:1-2 key a
10:4-5 a is a text "b c d"
13:1-2 key e
13:4-6 e is a text "f g" q
15:1-2 key h
15:4-5 h is a text "i"`},
		{"block scalars", "a: |\n  b\n   c\n\nd: >- # e\n  f\n  g\nh: i\n", `
10:1-2 key a
10:4-5 a is a text "b\n c\n" q
14:1-2 key d
14:4-10 d is a text "f g" q
17:1-2 key h
17:4-5 h is a text "i"`},
		{"nested flow", "a: {b: [c, {d: 'e', f: }], \"g\": h}\n", `
10:1-2 key a
10:4-4 a is a mapping
10:5-6 key a.b
10:8-8 a.b is a list
10:9-10 a.b[0] is a text "c"
10:12-12 a.b[1] is a mapping
10:13-14 key a.b[1].d
10:16-19 a.b[1].d is a text "e" q
10:21-22 key a.b[1].f
10:21-22 a.b[1].f is nothing
10:28-31 key a.g
10:33-34 a.g is a text "h"`},
		{"nested blocks", "a:\n  - b: c\n    d:\n    - e\n  -\n  - f\n", `
10:1-2 key a
11:3-3 a is a list
11:5-5 a[0] is a mapping
11:5-6 key a[0].b
11:8-9 a[0].b is a text "c"
12:5-6 key a[0].d
13:5-5 a[0].d is a list
13:7-8 a[0].d[0] is a text "e"
14:4-4 a[1] is nothing
15:5-6 a[2] is a text "f"`},
		{"nothing", "a:\nb: ~\nc: null\nd: Null\ne: ''\n", `
10:1-2 key a
10:1-2 a is nothing
11:1-2 key b
11:4-5 b is nothing
12:1-2 key c
12:4-8 c is nothing
13:1-2 key d
13:4-8 d is nothing
14:1-2 key e
14:4-6 e is a text "" q`},
		{"as written", "a: [NO, 1.10, 0x10, 1e3, 0o7, yes, 2025-08-18, 1_000, .inf, true]\n", `
10:1-2 key a
10:4-4 a is a list
10:5-7 a[0] is a text "NO"
10:9-13 a[1] is a text "1.10"
10:15-19 a[2] is a text "0x10"
10:21-24 a[3] is a text "1e3"
10:26-29 a[4] is a text "0o7"
10:31-34 a[5] is a text "yes"
10:36-46 a[6] is a text "2025-08-18"
10:48-53 a[7] is a text "1_000"
10:55-59 a[8] is a text ".inf"
10:61-65 a[9] is a text "true"`},
		{"CRLF", "a: b\r\nc: \"d\"\r\ne: [f,\r\n  g]\r\n", `
10:1-2 key a
10:4-5 a is a text "b"
11:1-2 key c
11:4-7 c is a text "d" q
12:1-2 key e
12:4-4 e is a list
12:5-6 e[0] is a text "f"
13:3-4 e[1] is a text "g"`},
		{"lines that only YAML sees", "a: \"b \u2028 c\u0085 d\"\ne: f\n", `
10:1-2 key a
10:4-14 a is a text "b\u2028c d" q
11:1-2 key e
11:4-5 e is a text "f"`},
		{"comments and blank lines", "# a\n\n  # b\nc: d\n\n\n# e\nf: g\n", `
13:1-2 key c
13:4-5 c is a text "d"
17:1-2 key f
17:4-5 f is a text "g"`},
		{"marked keys", "? a\n: b\n? 'c d'\n: - e\n", `
10:3-4 key a
11:3-4 a is a text "b"
12:3-8 key c d
13:3-3 c d is a list
13:5-6 c d[0] is a text "e"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, problems := yamltree.Parse([]byte(tt.text), 10)
			if len(problems) > 0 {
				t.Fatalf("problems: %v", problems)
			}
			if diff := cmp.Diff(strings.TrimSpace(tt.want), strings.Join(outline(&v, ""), "\n")); diff != "" {
				t.Errorf("tree (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsNotSupportedIsReportedAtItsPlace(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"anchor", "a: &x b\n", `1:4-8 yaml-feature anchor "&x" is not supported`},
		{"anchor on a list", "a: &x [b]\n", `1:4-4 yaml-feature anchor "&x" is not supported`},
		{"anchor on a key", "&x a: b\n", `1:1-8 yaml-feature anchor "&x" is not supported`},
		{"alias, once for each name", "a: &x b\nc: [*x, *x]\n", "1:4-8 yaml-feature anchor \"&x\" is not supported\n2:5-7 yaml-feature alias \"*x\" is not supported"},
		{"alias of what holds it", "a: &x [*x]\n", "1:4-4 yaml-feature anchor \"&x\" is not supported\n1:8-10 yaml-feature alias \"*x\" is not supported"},
		{"merge key", "<<: {a: b}\nc: d\n", `1:1-3 yaml-feature merge key "<<" is not supported`},
		{"tag", "a: !!int 1\n", `1:4-11 yaml-feature tag "!!int" is not supported`},
		{"own tag", "a: !x {b: c}\n", `1:4-4 yaml-feature tag "!x" is not supported`},
		{"text tag is fine", "a: !!str 1\n", ``},
		{"list as key", "[a, b]: c\n", `1:1-1 yaml-feature a key must be a text`},
		{"duplicate key", "a: 1\nb: 2\na: 3\n", `3:1-2 duplicate-key key "a" is given twice, the first is on line 1`},
		{"duplicate key in a mapping", "a: {b: 1, 'b': 2}\n", `1:11-14 duplicate-key key "b" is given twice, the first is on line 1`},
		{"too deep, once", strings.Repeat("[", 22) + "a, b" + strings.Repeat("]", 22) + "\n", `1:21-21 yaml-feature nested more than 20 levels deep`},
		{"deep enough", strings.Repeat("[", 19) + "a" + strings.Repeat("]", 19) + "\n", ``},
		{"second document", "a: 1\n--- # b\nc: 2\n", `2:1-8 yaml-feature a second YAML document begins here, want one`},
		{"text after the end", "a: 1\n...\n# b\nc: 2\n", `4:1-5 yaml-feature a second YAML document begins here, want one`},
		{"one document with both marks", "# a\n---\na: 1\n...\n# b\n", ``},
		{"marks within a block scalar", "a: |\n  ---\n  ...\n", ``},
		{"text", "a b c\n", ``},

		{"tab", "a:\n\tb: 1\n", `2:2-6 yaml-syntax not valid YAML: found character that cannot start any token (YAML is indented with blanks, not with tabs)`},
		{"reserved character", "a: 1\nb: [@c]\n", `2:1-8 yaml-syntax not valid YAML: found character that cannot start any token (put a text that begins with "@" in quotes)`},
		{"colon in a text", "a: 1\nb: c: d\n", `2:1-8 yaml-syntax not valid YAML: mapping values are not allowed in this context (put a text that holds ": " in quotes, and begin every key in the same column)`},
		{"no colon", "a: 1\nb\nc: d\n", `2:1-2 yaml-syntax not valid YAML: could not find expected ':' (write "key: value")`},
		{"list not closed", "a: 1\nb: [c\nd: e\n", `2:1-6 yaml-syntax not valid YAML: did not find expected ',' or ']' (close the list with "]")`},
		{"text after a quote", "a: 1\nb: \"c\" d\n", `2:1-9 yaml-syntax not valid YAML: did not find expected key`},
		{"quote not closed", "a: 1\nb: \"c\n", `2:1-6 yaml-syntax not valid YAML: found unexpected end of stream (close the quote)`},
		{"control character", "a: \u00e9\nb: \u00e9\x01\n", `2:5-5 yaml-syntax not valid YAML: control character U+0001 (delete the character)`},
		{"alias without anchor", "a: 1\nb: *c\n", `2:4-6 yaml-syntax not valid YAML: alias "*c" stands for nothing (put the text in quotes)`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := yamltree.Parse([]byte(tt.text), 1)
			var got []string
			for _, p := range problems {
				s := fmt.Sprintf("%s %s %s", span(p.Span), p.Rule, p.Message)
				if p.Hint != "" && p.Rule == yamltree.RuleSyntax {
					s += " (" + p.Hint + ")"
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsRefusedIsMarked(t *testing.T) {
	v, _ := yamltree.Parse([]byte("a: &x b\nc: *x\nd: !!int 1\ne: [f, *x]\ng: 2\n"), 1)
	for key, want := range map[string]bool{"a": false, "c": true, "d": true, "e": false, "g": false} {
		if f := v.Get(key); f == nil || f.Value.Refused != want {
			t.Errorf("%s is refused: %+v, want %v", key, f, want)
		}
	}
	if e := v.Get("e").Value; e.Items[0].Refused || !e.Items[1].Refused {
		t.Errorf("entries %+v, want the second one refused", e.Items)
	}
	if v.Get("A") != nil || v.Get("") != nil {
		t.Error("finds a key that is not there")
	}
}

func TestDuplicateKeysKeepTheFirstValue(t *testing.T) {
	v, _ := yamltree.Parse([]byte("a: 1\na: 2\n"), 1)
	if f := v.Get("a"); len(v.Fields) != 1 || f.Value.Text != "1" {
		t.Errorf("fields %+v, want the first only", v.Fields)
	}
}

func TestEmptyTextsAreNothing(t *testing.T) {
	for _, text := range []string{"", "\n", "# a\n", "  \n\n", "---\n", "~\n"} {
		if v, problems := yamltree.Parse([]byte(text), 1); v.Kind != yamltree.Null || len(problems) > 0 {
			t.Errorf("%q is %s, %v", text, v.Kind, problems)
		}
	}
}
