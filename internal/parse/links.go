package parse

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"github.com/syncwell/sitrep/internal/diag"
)

// readLinks lists the links and pictures that name a file of the repository.
func (d *Document) readLinks(root ast.Node) {
	text := d.Source[d.body.base:]
	if !bytes.Contains(text, []byte("](")) && !bytes.Contains(text, []byte("]:")) {
		return
	}
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			d.addLink(n, n.Destination)
		case *ast.Image:
			d.addLink(n, n.Destination)
		}
		return ast.WalkContinue, nil
	})
}

func (d *Document) addLink(n ast.Node, destination []byte) {
	dest := string(util.UnescapePunctuations(destination))
	u, err := url.Parse(dest)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || strings.HasPrefix(dest, "//") {
		return
	}
	d.Links = append(d.Links, Link{Target: u.Path, Span: d.linkSpan(n, destination)})
}

// linkSpan is where the destination is written: after the link's text, or, for a reference link, the link itself.
func (d *Document) linkSpan(n ast.Node, destination []byte) diag.Span {
	from := n.Pos()
	if from < 0 {
		return diag.At(d.BodyLine, 1)
	}
	text := d.Source[d.body.base:]
	if block := blockOf(n); block != nil && block.Lines().Len() > 0 {
		to := block.Lines().At(block.Lines().Len() - 1).Stop
		if i := bytes.Index(text[from:max(from, to)], destination); i >= 0 {
			return d.span(from+i, from+i+len(destination))
		}
	}
	return d.span(from, from)
}

func blockOf(n ast.Node) ast.Node {
	for n != nil && n.Type() == ast.TypeInline {
		n = n.Parent()
	}
	return n
}
