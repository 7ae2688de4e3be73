package parse

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/syncwell/sitrep/internal/diag"
)

// Two parsers read CommonMark with GitHub's tables. Blocks leaves the inside of paragraphs, headings and cells alone: what a
// record means stands in its blocks, and most of a parser's time goes into their inside. Inlines reads that too, for the few
// files where a heading has markup or a link names a file. Neither knows emphasis (headings are compared without
// punctuation) or bare URLs (nothing depends on them); task boxes are read from the text.
var (
	blocks  = newMarkdown()
	inlines = newMarkdown(
		util.Prioritized(boundedInline{}, 0),
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
	)
)

func newMarkdown(inline ...util.PrioritizedValue) parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(boundedBlocks()...),
		parser.WithInlineParsers(inline...),
		parser.WithParagraphTransformers(util.Prioritized(boundedDefinitions{}, 100), util.Prioritized(boundedTables{}, 200)),
	)
}

// body is a document's Markdown while it is taken apart.
type body struct {
	src    []byte // the whole file, with LF line ends: the Markdown parser knows CRLF in most places, not in all
	base   int    // offset of the body in it
	linked bool   // a link may name a file
	lines  *lineIndex
	prose  []Block      // filled by Prose
	root   ast.Node     // nil where the Markdown could not be read
	nodes  [][]ast.Node // the top-level blocks of each section, index-aligned with Document.Sections
}

func (d *Document) readBody(offset int) {
	src := d.Source
	if bytes.IndexByte(src, '\r') >= 0 {
		src, offset = lineFeeds(src), len(lineFeeds(src[:offset]))
	}
	d.body = body{src: src, base: offset, lines: newLineIndex(src)}
	root := d.parseMarkdown(src[offset:])
	if root == nil {
		return
	}
	const usual = 8
	d.Sections, d.body.nodes = make([]Section, 0, usual), make([][]ast.Node, 0, usual)
	open := make([]int, 0, usual) // sections that the current block stands in, outermost first
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			open = d.openSection(h, open)
			continue
		}
		for _, i := range open {
			d.body.nodes[i] = append(d.body.nodes[i], n)
			d.Sections[i].Empty = d.Sections[i].Empty && !d.hasContent(n)
		}
	}
	d.body.root = root
	if d.body.linked {
		d.readLinks(root)
	}
}

// parseMarkdown gives nil where the parser breaks on the text.
func (d *Document) parseMarkdown(src []byte) (root ast.Node) {
	defer func() {
		if r := recover(); r != nil {
			d.report(RuleFile, diag.Span{}, "please report this as a bug of sitrep, with the file", "the Markdown cannot be read: %v", r)
			root = nil
		}
	}()
	l := limiter{doc: d}
	src = l.firstLines(src)
	root = blocks.Parse(text.NewReader(src), parser.WithContext(l.context()))
	if d.body.linked = mayLinkFile(src); d.body.linked || hasMarkup(root, src) {
		root = inlines.Parse(text.NewReader(src), parser.WithContext(l.context()))
	}
	return root
}

// hasMarkup tells whether a heading or a table's header holds more than plain words.
func hasMarkup(root ast.Node, src []byte) bool {
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		switch n.Kind() {
		case ast.KindHeading:
			if markedUp(n, src) {
				return true
			}
		case extast.KindTable:
			for c := n.FirstChild().FirstChild(); c != nil; c = c.NextSibling() {
				if markedUp(c, src) {
					return true
				}
			}
		}
	}
	return false
}

func markedUp(n ast.Node, src []byte) bool {
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		if bytes.ContainsAny(s.Value(src), "[<`&\\") {
			return true
		}
	}
	return false
}

// openSection starts the section of a heading and closes those that end there.
func (d *Document) openSection(h *ast.Heading, open []int) []int {
	title := d.plainText(h)
	name, alias := nameOf(d.Kind, title)
	if h.Level > 3 && name != SectionWhys {
		name, alias = "", false
	}
	for len(open) > 0 {
		top := &d.Sections[open[len(open)-1]]
		if top.Level < h.Level && !d.endsSection(open, name) {
			break
		}
		open = open[:len(open)-1]
	}
	s := Section{Title: title, Level: h.Level, Parent: -1, Span: d.headingSpan(h), Empty: true}
	if len(open) > 0 {
		s.Parent = open[len(open)-1]
	}
	switch {
	case name == SectionWhys:
		d.Whys = true
		s.Name = SectionWhys
	case name != "" && !d.within(open, name):
		s.Name, s.Alias = name, alias
	}
	d.Sections = append(d.Sections, s)
	d.body.nodes = append(d.body.nodes, nil)
	return append(open, len(d.Sections)-1)
}

// endsSection tells whether a heading for section name ends the innermost open one although it is of a lower level: records
// with uneven levels still get their sections apart. A section's own alias below it ("Contributing factors" under "Root
// cause") is a sub-heading, and so is the 5 Whys.
func (d *Document) endsSection(open []int, name string) bool {
	if name == "" || name == SectionWhys || d.within(open, name) {
		return false
	}
	for _, i := range open {
		if d.Sections[i].Name != "" {
			return true
		}
	}
	return false
}

func (d *Document) within(open []int, name string) bool {
	for _, i := range open {
		if d.Sections[i].Name == name {
			return true
		}
	}
	return false
}

// hasContent tells whether a block says anything: comments and rules do not.
func (d *Document) hasContent(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ThematicBreak:
		return false
	case *ast.LinkReferenceDefinition:
		return false
	case *ast.HTMLBlock:
		return n.HTMLBlockType != ast.HTMLBlockType2 || d.saysMore(n, n.ClosureLine)
	case *ast.List:
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			for c := item.FirstChild(); c != nil; c = c.NextSibling() {
				if d.hasContent(c) {
					return true
				}
			}
		}
		return false
	case *extast.Table:
		return n.ChildCount() > 1 // a header without rows says nothing
	case *ast.Paragraph, *ast.TextBlock:
		return d.saysMore(n, text.NewSegment(-1, -1))
	}
	return true
}

// saysMore tells whether a block holds anything but HTML comments. Last is its closing line, where it has one of its own.
func (d *Document) saysMore(n ast.Node, last text.Segment) bool {
	src := d.body.src[d.body.base:]
	if n.Lines().Len() == 0 {
		return false
	}
	from, to := n.Lines().At(0).Start, n.Lines().At(n.Lines().Len()-1).Stop
	rest := src[from:max(to, last.Stop)]
	for {
		rest = bytes.TrimSpace(rest)
		if !bytes.HasPrefix(rest, []byte("<!--")) {
			return len(rest) > 0
		}
		_, after, closed := bytes.Cut(rest, []byte("-->"))
		if !closed {
			return false
		}
		rest = after
	}
}

// plainText is the text of a node with all markup, raw HTML and comments removed.
func (d *Document) plainText(n ast.Node) string {
	var b strings.Builder
	src := d.body.src[d.body.base:]
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			b.WriteString(unescape(c, src))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(src))
		case *ast.RawHTML:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// unescape resolves entities and backslashes, which goldmark leaves to its renderer.
func unescape(t *ast.Text, src []byte) string {
	text := t.Segment.Value(src)
	if t.IsRaw() || !bytes.ContainsAny(text, "&\\") {
		return string(text)
	}
	return html.UnescapeString(string(util.UnescapePunctuations(text)))
}

func (d *Document) headingSpan(h *ast.Heading) diag.Span {
	if l := h.Lines(); l != nil && l.Len() > 0 {
		s := l.At(0)
		return d.span(s.Start, s.Stop)
	}
	return d.span(h.Pos(), h.Pos())
}

// span is the place of a range of body offsets, without trailing white space.
func (d *Document) span(from, to int) diag.Span {
	b := &d.body
	from, to = from+b.base, to+b.base
	to = from + len(bytes.TrimRight(b.src[from:to], " \t\r\n"))
	return b.lines.span(from, to)
}

// raw is the lines of a block as written, without indentation and line ends, and the place of each.
func (d *Document) raw(n ast.Node) []Line {
	lines := n.Lines()
	if lines == nil {
		return nil
	}
	out := make([]Line, 0, lines.Len())
	for i := range lines.Len() {
		s := lines.At(i)
		t := d.body.src[d.body.base+s.Start : d.body.base+s.Stop] // not its Value, which may have blanks that the file has not
		trimmed := bytes.TrimLeft(t, " \t")
		out = append(out, Line{
			Text: string(bytes.TrimRight(trimmed, " \t\r\n")),
			Pos:  d.body.lines.pos(d.body.base + s.Start + len(t) - len(trimmed)),
		})
	}
	return out
}

func joinLines(lines []Line) string {
	if len(lines) == 1 {
		return lines[0].Text
	}
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.Text
	}
	return strings.Join(texts, " ")
}

func (d *Document) reportAt(rule string, pos diag.Pos, width int, hint, format string, args ...any) {
	end := diag.Pos{Line: pos.Line, Column: pos.Column + width}
	d.report(rule, diag.Span{Start: pos, End: end}, hint, "%s", fmt.Sprintf(format, args...))
}
