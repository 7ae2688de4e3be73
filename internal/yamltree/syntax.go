package yamltree

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/diag"
)

var (
	lineInError    = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	unknownAnchor  = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
	oneLineTooFew  = []string{"did not find expected key", "did not find expected '-' indicator", "did not find expected node content", "did not find expected ',' or ']'", "did not find expected ',' or '}'", "did not find expected <document start>"}
	textInQuotes   = "put the text in quotes"
	blanksNotTabs  = "YAML is indented with blanks, not with tabs"
	hintsForErrors = map[string]string{
		"mapping values are not allowed in this context": `put a text that holds ": " in quotes, and begin every key in the same column`,
		"could not find expected ':'":                    "write \"key: value\"",
		"found unexpected end of stream":                 "close the quote",
		"found unknown escape character":                 "write the backslash twice, or use single quotes",
		"did not find expected ',' or ']'":               `close the list with "]"`,
		"did not find expected ',' or '}'":               `close the mapping with "}"`,
	}
)

// syntax files a decoder error under its place in the file.
func (p *reader) syntax(err error) {
	text, line := err.Error(), 1
	if m := lineInError.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		if m[1] != "" {
			line, _ = strconv.Atoi(m[1])
			if slices.Contains(oneLineTooFew, text) {
				line++ // the decoder counts these from 0
			}
		}
	}
	switch m := unknownAnchor.FindStringSubmatch(text); {
	case m != nil:
		at := max(0, bytes.Index(p.text, []byte("*"+m[1])))
		p.report(RuleSyntax, p.spanAt(at, 1+len(m[1])), textInQuotes, "not valid YAML: alias %q stands for nothing", "*"+m[1])
		return
	case strings.HasPrefix(text, "control characters"):
		at, r := p.controlCharacter()
		p.report(RuleSyntax, p.spanAt(at, 0), "delete the character", "not valid YAML: control character %U", r)
		return
	}
	hint := hintsForErrors[text]
	if strings.Contains(text, "found character that cannot start any token") || strings.Contains(text, "found a tab") {
		hint = textInQuotes
		if i := p.tabIndent(); i > 0 {
			line, hint = i, blanksNotTabs
		} else if c := p.reserved(line); c != 0 {
			hint = fmt.Sprintf("put a text that begins with %q in quotes", string(c))
		}
	}
	p.report(RuleSyntax, p.lineSpan(line), hint, "not valid YAML: %s", text)
}

// lineSpan is a line without the blanks around it, counted as YAML does.
func (p *reader) lineSpan(line int) diag.Span {
	lines := p.lineStarts()
	if line > len(lines) {
		return diag.Span{Start: p.pos(line, 1), End: p.pos(line, 1)}
	}
	at := lines[line-1].offset
	text, _, _ := bytes.Cut(p.text[at:], []byte("\n"))
	if line < len(lines) && lines[line].offset-at < len(text) {
		text = text[:lines[line].offset-at]
	}
	inner := bytes.TrimLeft(text, " \t")
	return p.spanAt(at+len(text)-len(inner), len(bytes.TrimRight(inner, " \t\r")))
}

// spanAt is the place of some bytes of one line.
func (p *reader) spanAt(offset, length int) diag.Span {
	lines := p.lineStarts()
	i, found := slices.BinarySearchFunc(lines, offset, func(l lineStart, at int) int { return l.offset - at })
	if !found {
		i--
	}
	column := utf8.RuneCount(p.text[lines[i].offset:offset]) + 1
	start := p.pos(i+1, column)
	end := start
	end.Column += utf8.RuneCount(p.text[offset : offset+length])
	return diag.Span{Start: start, End: end}
}

// controlCharacter finds what YAML does not let stand in a text.
func (p *reader) controlCharacter() (offset int, r rune) {
	for at := 0; at < len(p.text); {
		r, size := utf8.DecodeRune(p.text[at:])
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7F && r < 0xA0 && r != 0x85 || r == 0xFFFE || r == 0xFFFF {
			return at, r
		}
		at += size
	}
	return 0, 0
}

// reserved is the character that no plain text may begin with and that one on this line begins with; 0 where there is none.
func (p *reader) reserved(line int) byte {
	lines := p.lineStarts()
	if line > len(lines) {
		return 0
	}
	text, _, _ := bytes.Cut(p.text[lines[line-1].offset:], []byte("\n"))
	for i, c := range text {
		if (c == '@' || c == '`' || c == '%') && (i == 0 || strings.IndexByte(" \t[{,", text[i-1]) >= 0) {
			return c
		}
	}
	return 0
}

// tabIndent is the first line that begins with a tab, counted from 1; 0 where none does.
func (p *reader) tabIndent() int {
	for i, at := range p.lineStarts() {
		if bytes.HasPrefix(bytes.TrimLeft(p.text[at.offset:min(len(p.text), at.offset+64)], " "), []byte("\t")) {
			return i + 1
		}
	}
	return 0
}

// secondDocument reports a document after the first, which the decoder leaves unread.
func (p *reader) secondDocument() bool {
	if !bytes.Contains(p.text, []byte("\n---")) && !bytes.Contains(p.text, []byte("\n...")) {
		return false
	}
	content, ended := false, false
	for i, at := range p.lineStarts() {
		line, _, _ := bytes.Cut(p.text[at.offset:], []byte("\n"))
		marker := isMarker(line, "---")
		if marker {
			line = line[3:]
		}
		switch {
		case isMarker(line, "..."):
			ended = true
		case content && marker, ended && isContent(line):
			p.report(RuleFeature, p.lineSpan(i+1), "", "a second YAML document begins here, want one")
			return true
		}
		content = content || isContent(line)
	}
	return false
}

func isMarker(line []byte, mark string) bool {
	return bytes.HasPrefix(line, []byte(mark)) && (len(line) == len(mark) || strings.IndexByte(" \t\r", line[len(mark)]) >= 0)
}

func isContent(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) > 0 && line[0] != '#' && line[0] != '%'
}
