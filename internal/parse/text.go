package parse

import (
	"bytes"
	"fmt"
	"sort"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/diag"
)

// clean makes text out of a file's bytes: the byte order mark goes, what is not UTF-8 or must not be in a text is reported and
// replaced. ok is false where the rest is not worth reading.
func clean(src []byte) (text []byte, problems []diag.Diagnostic, ok bool) {
	report := func(pos diag.Pos, hint, format string, args ...any) {
		problems = append(problems, diag.Diagnostic{Rule: RuleEncoding, Span: diag.Span{Start: pos, End: pos}, Message: fmt.Sprintf(format, args...), Hint: hint})
	}
	switch {
	case bytes.HasPrefix(src, []byte("\xff\xfe")), bytes.HasPrefix(src, []byte("\xfe\xff")):
		report(diag.Pos{Line: 1, Column: 1}, "save the file as UTF-8", "the file is not UTF-8, it begins with a UTF-16 byte order mark")
		return nil, problems, false
	case bytes.HasPrefix(src, []byte("\xef\xbb\xbf")):
		src = src[3:]
	}
	if nul := bytes.Count(src, []byte{0}); nul > 0 && nul > len(src)/4 {
		report(diag.Pos{Line: 1, Column: 1}, "save the file as UTF-8", "the file is not UTF-8, it looks like UTF-16")
		return nil, problems, false
	}
	if i := loneCR(src); i >= 0 { // first: it changes what a line is
		report(offsetPos(src, i), "save the file with LF or CRLF line ends", "a line ends with CR alone")
		src = replaceLoneCR(src)
	}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		report(offsetPos(src, i), "delete the character", "NUL character in the text")
		src = bytes.ReplaceAll(src, []byte{0}, []byte("\uFFFD"))
	}
	if !utf8.Valid(src) {
		report(offsetPos(src, invalidAt(src)), "save the file as UTF-8", "the file is not valid UTF-8")
		src = replaceInvalid(src)
	}
	for i := 0; ; {
		j := bytes.IndexByte(src[i:], 0xE2) // the first byte of every bidirectional control
		if j < 0 {
			break
		}
		i += j
		r, size := utf8.DecodeRune(src[i:])
		if (r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069) {
			report(offsetPos(src, i), "delete the character: it makes text read otherwise than it is", "bidirectional control character %U", r)
			break
		}
		i += size
	}
	return src, problems, true
}

func invalidAt(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return 0
}

// replaceInvalid puts one U+FFFD in place of each byte that is no UTF-8, so that columns stay what an editor shows.
func replaceInvalid(src []byte) []byte {
	out := make([]byte, 0, len(src)+len(src)/8)
	for len(src) > 0 {
		r, size := utf8.DecodeRune(src)
		out = utf8.AppendRune(out, r)
		src = src[size:]
	}
	return out
}

// loneCR is the offset of the first CR without a LF behind it, -1 where there is none.
func loneCR(src []byte) int {
	for i := 0; ; i++ {
		j := bytes.IndexByte(src[i:], '\r')
		if j < 0 {
			return -1
		}
		i += j
		if i+1 == len(src) || src[i+1] != '\n' {
			return i
		}
	}
}

func replaceLoneCR(src []byte) []byte {
	out := bytes.Clone(src)
	for i, c := range out {
		if c == '\r' && (i+1 == len(out) || out[i+1] != '\n') {
			out[i] = '\n'
		}
	}
	return out
}

// lineFeeds takes the CR off every CRLF. Lines and columns stay what they are.
func lineFeeds(src []byte) []byte { return bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")) }

// offsetPos is the place of one byte; for many in one text use lineIndex.
func offsetPos(src []byte, at int) diag.Pos {
	before := src[:at]
	bol := bytes.LastIndexByte(before, '\n') + 1
	return diag.Pos{Line: bytes.Count(before, []byte{'\n'}) + 1, Column: utf8.RuneCount(before[bol:]) + 1}
}

// lineIndex turns byte offsets into places. It is quick where they are asked for in the order of the file.
type lineIndex struct {
	src    []byte
	starts []int
	last   diag.Pos // the place given last, and its offset
	at     int
}

func newLineIndex(src []byte) *lineIndex {
	starts := make([]int, 1, 1+bytes.Count(src, []byte{'\n'}))
	for i := 0; ; {
		j := bytes.IndexByte(src[i:], '\n')
		if j < 0 {
			return &lineIndex{src: src, starts: starts}
		}
		i += j + 1
		starts = append(starts, i)
	}
}

func (x *lineIndex) line(offset int) int {
	return sort.Search(len(x.starts), func(i int) bool { return x.starts[i] > offset })
}

func (x *lineIndex) pos(offset int) diag.Pos {
	offset = max(0, min(offset, len(x.src)))
	line := x.line(offset)
	from, column := x.starts[line-1], 1
	if line == x.last.Line && x.at <= offset {
		from, column = x.at, x.last.Column // lines may be long and hold many places
	}
	x.last, x.at = diag.Pos{Line: line, Column: column + utf8.RuneCount(x.src[from:offset])}, offset
	return x.last
}

func (x *lineIndex) span(from, to int) diag.Span {
	return diag.Span{Start: x.pos(from), End: x.pos(to)}
}
