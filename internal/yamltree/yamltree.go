// Package yamltree owns YAML as the project's files may use it: plain mappings, lists and scalars, every one with its place
// in the file.
//
// It refuses aliases, anchors, merge keys, tags of one's own, several documents, duplicate keys and deep nesting, and reports
// each as a finding. It keeps scalars as written: "NO", "1.10" and "0x10" stay text, so that no reader meets YAML 1.1's guesses.
package yamltree

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/syncwell/sitrep/internal/diag"
)

// MaxDepth is how many mappings and lists may stand in one another.
const MaxDepth = 20

// Rules under which findings of this package are filed.
const (
	RuleSyntax       = "yaml-syntax"
	RuleFeature      = "yaml-feature"
	RuleDuplicateKey = "duplicate-key"
)

// Kind tells what a Value is.
type Kind int

// The kinds. Null is an absent value ("key:" with nothing after it, ~ or null).
const (
	Null Kind = iota
	Scalar
	List
	Mapping
)

var kindNames = [...]string{"nothing", "a text", "a list", "a mapping"}

// String names the kind as a message would: "a text", "a list".
func (k Kind) String() string { return kindNames[k] }

// Value is a node. Text is the scalar with quotes and escapes resolved; Plain tells that it stood without quotes. Refused tells
// that what stands there is not supported and has its finding: nobody should ask for it again.
type Value struct {
	Kind    Kind
	Text    string
	Plain   bool
	Refused bool
	Span    diag.Span
	Items   []Value // of a List
	Fields  []Field // of a Mapping, in file order; a duplicate key keeps its first value
}

// Field is one entry of a mapping.
type Field struct {
	Key     string
	KeySpan diag.Span
	Value   Value
}

// Get finds a field of a mapping by its exact key; nil where there is none.
func (v *Value) Get(key string) *Field {
	for i := range v.Fields {
		if v.Fields[i].Key == key {
			return &v.Fields[i]
		}
	}
	return nil
}

// Parse reads one YAML document. The text begins on line firstLine of its file, so that places are the file's.
// What it cannot use it reports; the Value holds whatever could be read, and is Null where nothing could.
func Parse(text []byte, firstLine int) (v Value, problems []diag.Diagnostic) {
	p := &reader{text: text, base: firstLine}
	// The decoder panics on a few malformed inputs that it should report; such a text is just not YAML.
	defer func() {
		if r := recover(); r != nil {
			v, problems = Value{}, []diag.Diagnostic{{Rule: RuleSyntax, Span: diag.At(firstLine, 1), Message: fmt.Sprintf("this YAML cannot be read: %v", r)}}
		}
	}()
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		p.syntax(err)
		return Value{}, p.problems
	}
	if len(doc.Content) == 1 {
		p.read(doc.Content[0], &v, 1)
	}
	if p.secondDocument() {
		return Value{}, p.problems
	}
	return v, p.problems
}

type reader struct {
	text     []byte
	base     int
	lines    []lineStart // built on first use
	last     place
	aliases  []string // reported ones
	tooDeep  bool     // reported
	problems []diag.Diagnostic
}

func (p *reader) report(rule string, span diag.Span, hint, format string, args ...any) {
	p.problems = append(p.problems, diag.Diagnostic{Rule: rule, Span: span, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (p *reader) read(n *yaml.Node, v *Value, depth int) {
	v.Span = p.span(n)
	p.refuseExtras(n, v)
	if depth > MaxDepth {
		if !p.tooDeep {
			p.report(RuleFeature, v.Span, "", "nested more than %d levels deep", MaxDepth)
		}
		p.tooDeep, v.Refused = true, true
		return
	}
	switch n.Kind {
	case yaml.AliasNode:
		v.Refused = true
		if !slices.Contains(p.aliases, n.Value) {
			p.report(RuleFeature, v.Span, "write the value out where it is needed", "alias %q is not supported", "*"+n.Value)
			p.aliases = append(p.aliases, n.Value)
		}
	case yaml.SequenceNode:
		v.Kind, v.Items = List, make([]Value, len(n.Content))
		for i, c := range n.Content {
			p.read(c, &v.Items[i], depth+1)
		}
	case yaml.MappingNode:
		v.Kind, v.Fields = Mapping, make([]Field, 0, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			p.field(n.Content[i], n.Content[i+1], v, depth)
		}
	default:
		if n.Tag == "!!null" {
			return
		}
		v.Kind, v.Text = Scalar, n.Value
		v.Plain = n.Style&^yaml.TaggedStyle == 0
	}
}

// refuseExtras reports a node's anchor and tag.
func (p *reader) refuseExtras(n *yaml.Node, v *Value) {
	if n.Anchor != "" {
		p.report(RuleFeature, v.Span, "write the value out where it is needed", "anchor %q is not supported", "&"+n.Anchor)
	}
	if tag := n.ShortTag(); n.Style&yaml.TaggedStyle != 0 && tag != "!!str" {
		v.Refused = true
		p.report(RuleFeature, v.Span, "write the value as plain text", "tag %q is not supported", tag)
	}
}

func (p *reader) field(key, val *yaml.Node, into *Value, depth int) {
	span := p.span(key)
	switch {
	case key.Kind != yaml.ScalarNode:
		p.report(RuleFeature, span, "", "a key must be a text")
		return
	case key.Tag == "!!merge":
		p.report(RuleFeature, span, "write the fields out where they are needed", "merge key %q is not supported", key.Value)
		return
	}
	if first := into.Get(key.Value); first != nil {
		p.report(RuleDuplicateKey, span, "keep one of the two", "key %q is given twice, the first is on line %d", key.Value, first.KeySpan.Start.Line)
		return
	}
	f := Field{Key: key.Value, KeySpan: span}
	p.refuseExtras(key, &Value{Span: span})
	p.read(val, &f.Value, depth+1)
	if f.Value.Kind == Null && (f.Value.Span.IsZero() || f.Value.Span.Start == f.Value.Span.End) {
		f.Value.Span = span // nothing is written there: point at the key
	}
	into.Fields = append(into.Fields, f)
}

// span is where a node stands. The decoder gives the start only; the end is found in the text for what stands on one line,
// and is the start of the next line otherwise.
func (p *reader) span(n *yaml.Node) diag.Span {
	if n.Line == 0 {
		return diag.Span{}
	}
	start := p.pos(n.Line, n.Column)
	width := 0
	if n.Kind == yaml.ScalarNode || n.Kind == yaml.AliasNode {
		width = p.width(n)
	}
	return diag.Span{Start: start, End: diag.Pos{Line: start.Line, Column: start.Column + width}}
}

func (p *reader) width(n *yaml.Node) int {
	if n.Kind == yaml.AliasNode {
		return 1 + utf8.RuneCountInString(n.Value)
	}
	rest := p.rest(n)
	if n.Style == 0 && len(rest) >= len(n.Value) && string(rest[:len(n.Value)]) == n.Value {
		return utf8.RuneCountInString(n.Value)
	}
	end := len(bytes.TrimRight(rest, " \t\r"))
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		end = closingQuote(rest, end)
	}
	return utf8.RuneCount(rest[:end])
}

// closingQuote is the offset behind the quote that closes the scalar at the start of s, or end where it closes on a later line.
func closingQuote(s []byte, end int) int {
	open := bytes.IndexAny(s, `"'`)
	if open < 0 {
		return end
	}
	for i := open + 1; i < end; i++ {
		switch {
		case s[i] == '\\' && s[open] == '"':
			i++
		case s[i] == s[open] && s[i] == '\'' && i+1 < end && s[i+1] == '\'':
			i++
		case s[i] == s[open]:
			return i + 1
		}
	}
	return end
}

// place is an offset with its line and column as the decoder counts them.
type place struct{ line, column, offset int }

// rest is the text from a node's start to the end of its line.
func (p *reader) rest(n *yaml.Node) []byte {
	lines := p.lineStarts()
	if n.Line > len(lines) {
		return nil
	}
	at := place{n.Line, 1, lines[n.Line-1].offset}
	if p.last.line == n.Line && p.last.column <= n.Column {
		at = p.last // lines may be long and hold many nodes
	}
	for ; at.column < n.Column && at.offset < len(p.text); at.column++ {
		_, size := utf8.DecodeRune(p.text[at.offset:])
		at.offset += size
	}
	p.last = at
	s := p.text[at.offset:]
	if i := bytes.IndexByte(s, '\n'); i >= 0 {
		s = s[:i]
	}
	return s
}

// pos turns the decoder's line and column into the file's.
func (p *reader) pos(line, column int) diag.Pos {
	lines := p.lineStarts()
	if line > len(lines) {
		return diag.Pos{Line: lines[len(lines)-1].file + 1, Column: 1}
	}
	l := lines[line-1]
	return diag.Pos{Line: l.file, Column: l.before + column}
}

// lineStart is where a line begins as YAML counts lines. YAML 1.1 also breaks at a lone CR, NEL, LS and PS, where an
// editor goes on in the same line: file is the editor's line, before the characters that stand before it there.
type lineStart struct{ offset, file, before int }

func (p *reader) lineStarts() []lineStart {
	if p.lines != nil {
		return p.lines
	}
	cur := lineStart{file: p.base}
	p.lines = append(make([]lineStart, 0, bytes.Count(p.text, []byte{'\n'})+1), cur)
	brk := func(end int, real bool) {
		next := lineStart{offset: end, file: cur.file + 1}
		if !real {
			next.file, next.before = cur.file, cur.before+utf8.RuneCount(p.text[cur.offset:end])
		}
		cur = next
		p.lines = append(p.lines, cur)
	}
	for i := 0; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '\n':
			brk(i+1, true)
		case c == '\r' && (i+1 == len(p.text) || p.text[i+1] != '\n'):
			brk(i+1, false)
		case c == 0xC2 && i+1 < len(p.text) && p.text[i+1] == 0x85:
			brk(i+2, false)
		case c == 0xE2 && i+2 < len(p.text) && p.text[i+1] == 0x80 && (p.text[i+2] == 0xA8 || p.text[i+2] == 0xA9):
			brk(i+3, false)
		}
	}
	return p.lines
}
