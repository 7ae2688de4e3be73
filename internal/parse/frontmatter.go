package parse

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/diag"
)

// matter is the result of splitting a file: the YAML between the fences and where the body begins.
type matter struct {
	yaml     []byte
	found    bool
	body     int // byte offset
	bodyLine int
}

// splitFrontMatter finds the YAML between a first line of --- and the next line of --- or ... at the left margin, where YAML
// itself would end the document: an indented --- stands in a block scalar, and tables and thematic breaks come later.
// Blanks after a fence do not count.
func splitFrontMatter(src []byte) (matter, *diag.Diagnostic) {
	none := matter{bodyLine: 1}
	trouble := func(line int, hint, format string, args ...any) *diag.Diagnostic {
		return &diag.Diagnostic{Rule: RuleFrontMatter, Span: diag.At(line, 1), Message: fmt.Sprintf(format, args...), Hint: hint}
	}
	first, rest := cutLine(src)
	if !isFence(first, "---") {
		hint, what := whatBegins(src)
		return none, trouble(1, hint, "%s", what)
	}
	start, at, line := len(src)-len(rest), len(src)-len(rest), 2
	for at < len(src) {
		l, after := cutLine(src[at:])
		next := len(src) - len(after)
		if isFence(l, "---") || isFence(l, "...") {
			m := matter{yaml: src[start:at], found: true, body: next, bodyLine: line + 1}
			if len(m.yaml) > MaxFrontMatterSize {
				m.yaml = nil
				d := trouble(1, "move long texts into the body", "front matter is longer than %d KiB", MaxFrontMatterSize>>10)
				d.Rule = RuleFileLimits
				return m, d
			}
			return m, nil
		}
		at, line = next, line+1
	}
	return none, trouble(1, `end it with a line of "---"`, "front matter is not closed")
}

// whatBegins says what stands where the front matter should.
func whatBegins(src []byte) (hint, message string) {
	text := bytes.TrimLeft(src, " \t\r\n")
	first, _ := cutLine(src)
	blank := len(bytes.TrimSpace(first)) == 0
	const wantFirst = `move the "---" to line 1`
	if r, rest := invisible(first); r != 0 && isFence(rest, "---") {
		return "delete the character", fmt.Sprintf("front matter must begin on line 1, the invisible character %U stands before it", r)
	}
	switch {
	case len(text) == 0:
		return `begin with "---", the fields, "---"`, "no front matter, the file is empty"
	case isFence(first, "+++"):
		return `write YAML between two lines of "---"`, "TOML front matter is not supported"
	case text[0] == '{':
		return `write YAML between two lines of "---"`, "no front matter, JSON is not supported in its place"
	case blank && bytes.HasPrefix(text, []byte("---")):
		return wantFirst, "front matter must begin on line 1, a blank line stands before it"
	case bytes.HasPrefix(bytes.TrimLeft(first, " \t"), []byte("---")) && isFence(bytes.TrimLeft(first, " \t"), "---"):
		return wantFirst + " without blanks before it", "front matter must begin at the left margin"
	case text[0] == '#' || bytes.HasPrefix(text, []byte("<!--")) || bytes.HasPrefix(text, []byte("//")):
		if fenceWithin(text, 20) {
			what := "a comment"
			if text[0] == '#' {
				what = "a comment or heading"
			}
			return wantFirst, "front matter must begin on line 1, " + what + " stands before it"
		}
	}
	return `begin with "---", the fields, "---"`, "no front matter"
}

// invisible takes characters that no editor shows off the front of a line; r is the first of them, 0 where there is none.
func invisible(line []byte) (r rune, rest []byte) {
	rest = bytes.TrimLeftFunc(line, func(r rune) bool { return r == 0xA0 || r == 0x3000 || unicode.Is(unicode.Cf, r) })
	if len(rest) < len(line) {
		r, _ = utf8.DecodeRune(line)
	}
	return r, rest
}

// fenceWithin tells whether two of the first n lines are fences.
func fenceWithin(text []byte, n int) bool {
	fences := 0
	for range n {
		var line []byte
		line, text = cutLine(text)
		if isFence(line, "---") {
			fences++
		}
	}
	return fences > 0
}

func isFence(line []byte, mark string) bool {
	return bytes.HasPrefix(line, []byte(mark)) && strings.TrimRight(string(line[len(mark):]), " \t\r") == ""
}

// cutLine gives the first line without its line feed, and what follows it.
func cutLine(b []byte) (line, rest []byte) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i], b[i+1:]
	}
	return b, nil
}
