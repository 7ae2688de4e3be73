package parse

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// section finds the blocks of all headings that name a section.
func (d *Document) section(name string) []ast.Node {
	var out []ast.Node
	for i, s := range d.Sections {
		if s.Name == name {
			out = append(out, d.body.nodes[i]...)
		}
	}
	return out
}

// summary is a section's first paragraphs as one Markdown text.
func (d *Document) summary(name string) string {
	var parts []string
	for _, n := range d.section(name) {
		if n.Kind() == ast.KindParagraph {
			parts = append(parts, joinLines(d.raw(n)))
		}
	}
	return strings.Join(parts, "\n\n")
}

// Prose lists the runs of text that rules about language read: no headings, no code blocks, no HTML, no quotations.
func (d *Document) Prose() []Block {
	if d.body.root == nil || d.body.prose != nil {
		return d.body.prose
	}
	var out []Block
	section := -1
	for n := d.body.root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindHeading {
			section++
			continue
		}
		out = d.proseIn(n, section, out)
	}
	d.body.prose = out
	return out
}

func (d *Document) proseIn(n ast.Node, section int, out []Block) []Block {
	switch n.Kind() {
	case ast.KindParagraph, ast.KindTextBlock, extast.KindTableCell:
		if lines := d.raw(n); len(lines) > 0 {
			out = append(out, Block{Section: section, Lines: lines})
		}
	case ast.KindList, ast.KindListItem, extast.KindTable, extast.KindTableRow:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			out = d.proseIn(c, section, out)
		}
	}
	return out
}
