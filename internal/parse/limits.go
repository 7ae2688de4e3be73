package parse

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/syncwell/sitrep/internal/diag"
)

// Limits on a body. Beyond each of them the Markdown parser's time or memory grows with a square; together they keep a file of
// MaxFileSize, whatever is in it, within about a second. What lies beyond is read as plain text and reported once.
const (
	maxLines       = 50_000
	maxNesting     = 20      // quotes and lists in one another
	maxColumns     = 100     // of a table
	maxCells       = 100_000 // of all tables, the missing ones counted
	maxDefinitions = 2_000   // link definitions without a blank line between them
	maxInline      = 1 << 27 // for all brackets and backticks: the bytes from each to the end of its paragraph, added up
)

// limiter counts what one body uses up. goldmark hands it on in its context.
type limiter struct {
	doc           *Document
	cells, inline int
	reached       map[string]bool
}

var limiterKey = parser.NewContextKey()

// context is a goldmark context with full allowances; what was reported before is not reported again.
func (l *limiter) context() parser.Context {
	l.cells, l.inline = maxCells, maxInline
	pc := parser.NewContext()
	pc.Set(limiterKey, l)
	return pc
}

func limiterOf(pc parser.Context) *limiter { return pc.Get(limiterKey).(*limiter) }

// report files that something at a body offset is beyond a limit.
func (l *limiter) report(at int, hint, format string, args ...any) {
	if l.reached[format] {
		return
	}
	if l.reached == nil {
		l.reached = map[string]bool{}
	}
	l.reached[format] = true
	pos := l.doc.body.lines.pos(l.doc.body.base + at)
	l.doc.report(RuleFileLimits, diag.Span{Start: pos, End: pos}, hint, format, args...)
}

// firstLines is as much of a body as is read.
func (l *limiter) firstLines(src []byte) []byte {
	b := &l.doc.body
	last := l.doc.BodyLine + maxLines
	if last > len(b.lines.starts) {
		return src
	}
	end := b.lines.starts[last-1] - b.base
	l.report(end, "move logs into files of their own", "more than %d lines, the rest is not read", maxLines)
	return src[:end]
}

// boundedBlocks are the block parsers of CommonMark with quotes and lists that stop at maxNesting.
func boundedBlocks() []util.PrioritizedValue {
	all := parser.DefaultBlockParsers()
	for i, p := range all {
		switch p.Value {
		case parser.NewListParser(), parser.NewBlockquoteParser():
			all[i].Value = shallow{p.Value.(parser.BlockParser)}
		}
	}
	return all
}

type shallow struct{ parser.BlockParser }

func (s shallow) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, pos := r.Position()
	n, state := s.BlockParser.Open(parent, r, pc)
	if n == nil || containers(parent) < maxNesting {
		return n, state
	}
	r.SetPosition(line, pos)
	limiterOf(pc).report(pos.Start, "", "nested more than %d levels deep", maxNesting)
	return nil, parser.NoChildren
}

// containers counts the quotes and lists that a block stands in, itself included.
func containers(n ast.Node) int {
	depth := 0
	for ; n != nil; n = n.Parent() {
		if k := n.Kind(); k == ast.KindList || k == ast.KindBlockquote {
			depth++
		}
	}
	return depth
}

// boundedDefinitions reads link definitions. It leaves paragraphs that hold none to goldmark's quicker path.
type boundedDefinitions struct{}

func (boundedDefinitions) Transform(n *ast.Paragraph, r text.Reader, pc parser.Context) {
	if n.Lines().Len() == 0 {
		return
	}
	first := n.Lines().At(0)
	if !bytes.HasPrefix(bytes.TrimLeft(first.Value(r.Source()), " \t"), []byte("[")) {
		return
	}
	if n.Lines().Len() > maxDefinitions {
		limiterOf(pc).report(first.Start, "put blank lines between them", "more than %d link definitions in one block", maxDefinitions)
		return
	}
	parser.LinkReferenceParagraphTransformer.Transform(n, r, pc)
}

// boundedTables reads tables.
type boundedTables struct{}

func (boundedTables) Transform(n *ast.Paragraph, r text.Reader, pc parser.Context) {
	columns := columnsOf(n.Lines(), r.Source())
	if columns == 0 {
		return
	}
	l := limiterOf(pc)
	if l.cells -= columns * n.Lines().Len(); l.cells < 0 || columns > maxColumns {
		l.report(n.Lines().At(0).Start, "move data into a file of its own", "table is too large, want at most %d columns, and %d cells in all tables", maxColumns, maxCells)
		return
	}
	extension.NewTableParagraphTransformer().Transform(n, r, pc)
}

// columnsOf is how many columns a table in these lines would have at most; 0 where no line rules one off.
func columnsOf(lines *text.Segments, src []byte) int {
	columns := 0
	for i := 1; i < lines.Len(); i++ {
		s := lines.At(i)
		if line := s.Value(src); isRule(line) {
			columns = max(columns, bytes.Count(line, []byte{'|'})+1)
		}
	}
	return columns
}

// isRule tells whether a line may stand between a table's header and its rows: |---|:--:|.
func isRule(line []byte) bool {
	for _, c := range line {
		if c != '-' && c != '|' && c != ':' && !util.IsSpace(c) {
			return false
		}
	}
	return true
}

// boundedInline stands before all inline parsers and lets them see no more than maxInline allows.
type boundedInline struct{}

func (boundedInline) Trigger() []byte { return []byte("[]!`<") }

func (boundedInline) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	l := limiterOf(pc)
	_, rest := block.PeekLine()
	lines := parent.Lines()
	if l.inline -= lines.At(lines.Len()-1).Stop - rest.Start; l.inline >= 0 {
		return nil
	}
	l.report(rest.Start, "put logs and data into a code block, or into a file of their own", "too many brackets and backticks to read without blank lines between them")
	block.AdvanceLine()
	return ast.NewTextSegment(rest)
}
