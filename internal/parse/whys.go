package parse

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/syncwell/sitrep/internal/incident"
)

// whys reads the lists under a 5 Whys heading. Numbered lists that follow each other go on; a list in an item branches from
// it. Plain lists beside a numbered one hold contributing factors; where there is no numbered list they are the whys.
func (d *Document) whys() []incident.Why {
	var ordered, plain []incident.Why
	for _, n := range d.section(SectionWhys) {
		list, ok := n.(*ast.List)
		switch {
		case ok && list.IsOrdered():
			ordered = append(ordered, d.whyList(list, 0)...)
		case ok:
			plain = append(plain, d.whyList(list, 0)...)
		}
	}
	if ordered == nil {
		return plain
	}
	return ordered
}

func (d *Document) whyList(list *ast.List, depth int) []incident.Why {
	if depth > maxNesting {
		return nil
	}
	var out []incident.Why
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		var w incident.Why
		var lines []Line
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			if sub, ok := c.(*ast.List); ok {
				w.Because = append(w.Because, d.whyList(sub, depth+1)...)
				continue
			}
			lines = append(lines, d.raw(c)...)
		}
		if len(lines) == 0 {
			continue
		}
		w.Pos = lines[0].Pos
		w.Question, w.Answer = splitWhy(joinLines(lines))
		out = append(out, w)
	}
	return out
}

// splitWhy parts "Why did requests fail? The pool was exhausted." at the question mark. A text without one is an answer: many
// write the chain as plain statements.
func splitWhy(text string) (question, answer string) {
	q, a, ok := strings.Cut(text, "?")
	if !ok {
		return "", strings.TrimSpace(text)
	}
	return strings.TrimSpace(strings.Trim(q, "*_")) + "?", strings.TrimLeft(strings.TrimSpace(a), "*_-\u2013\u2014: ")
}
