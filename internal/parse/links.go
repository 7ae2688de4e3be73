package parse

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"github.com/syncwell/sitrep/internal/diag"
)

// readLinks lists the links and pictures that name a file of the repository.
func (d *Document) readLinks(root ast.Node) {
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			d.addLink(n, n.Destination, n.Reference != nil)
		case *ast.Image:
			d.addLink(n, n.Destination, n.Reference != nil)
		}
		return ast.WalkContinue, nil
	})
}

// mayLinkFile tells whether anything looks like a link to a file: a target that begins like no URL and no anchor. Code blocks
// are looked into as well; that costs time and nothing else.
func mayLinkFile(src []byte) bool {
	for {
		i := bytes.IndexByte(src, ']')
		if i < 0 || i+1 >= len(src) {
			return false
		}
		mark := src[i+1]
		src = src[i+1:]
		if mark != '(' && mark != ':' {
			continue
		}
		target := bytes.TrimLeft(src[1:], " \t\r\n<")
		if !slices.ContainsFunc(elsewhere, func(p string) bool { return bytes.HasPrefix(target, []byte(p)) }) {
			return true
		}
	}
}

// elsewhere is how targets begin that are no files of the repository.
var elsewhere = []string{"https://", "http://", "#", "mailto:"}

func (d *Document) addLink(n ast.Node, destination []byte, byReference bool) {
	const longestPath = 4096
	if len(destination) > longestPath || bytes.Contains(destination, []byte("://")) || bytes.HasPrefix(destination, []byte("#")) {
		return
	}
	dest := string(util.UnescapePunctuations(destination))
	u, err := url.Parse(dest)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || strings.HasPrefix(dest, "//") {
		return
	}
	d.Links = append(d.Links, Link{Target: u.Path, Span: d.linkSpan(n, destination, byReference)})
}

// linkSpan is where the destination is written: behind the link's text, or, for a reference link, the link itself.
func (d *Document) linkSpan(n ast.Node, destination []byte, byReference bool) diag.Span {
	from := n.Pos()
	if from < 0 {
		return diag.At(d.BodyLine, 1)
	}
	text := d.body.src[d.body.base:]
	if block := blockOf(n); !byReference && block != nil && block.Lines().Len() > 0 {
		to := max(from, block.Lines().At(block.Lines().Len()-1).Stop)
		for at := from; ; at++ {
			i := bytes.Index(text[at:to], destination)
			if i < 0 {
				break
			}
			if at += i; opens(text[from:at]) {
				return d.span(at, at+len(destination))
			}
		}
	}
	return d.span(from, from)
}

// opens tells whether a text ends as a link does before its destination.
func opens(text []byte) bool {
	text = bytes.TrimRight(text, " \t\r\n<")
	return bytes.HasSuffix(text, []byte("]("))
}

func blockOf(n ast.Node) ast.Node {
	for n != nil && n.Type() == ast.TypeInline {
		n = n.Parent()
	}
	return n
}
