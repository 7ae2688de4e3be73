package render

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/lint"
)

// LintText writes findings for people: place, message, rule, the source line with a caret, a hint; a summary line at the end.
// fsys is where the source lines are.
func LintText(w io.Writer, r lint.Result, fsys fs.FS, style Style) error {
	out := bufio.NewWriter(w)
	src := sources{fsys: fsys}
	for _, d := range r.Findings {
		fmt.Fprintf(out, "%s%s: %s %s\n", style.paint(bold, harmless.Line(d.Path)), place(d.Span), levelText(d, style), style.paint(dim, "["+d.Rule+"]"))
		if line, ok := src.line(d.Path, d.Span.Start.Line); ok && !d.Span.IsZero() {
			snippet(out, d.Span, line, style)
		}
		if d.Hint != "" {
			fmt.Fprintf(out, "  %s %s\n", style.paint(cyan, "hint:"), harmless.Line(d.Hint))
		}
	}
	if len(r.Findings) > 0 {
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out, summary(r, style))
	return out.Flush()
}

func place(s diag.Span) string {
	if s.IsZero() {
		return ""
	}
	return ":" + s.Start.String()
}

// levelText is the message; a level that is not error is said in front, an error by its colour.
func levelText(d diag.Diagnostic, style Style) string {
	switch d.Level {
	case diag.Warning:
		return style.paint(yellow, "warning:") + " " + harmless.Line(d.Message)
	case diag.Notice:
		return style.paint(cyan, "notice:") + " " + harmless.Line(d.Message)
	}
	return style.paint(red, harmless.Line(d.Message))
}

func summary(r lint.Result, style Style) string {
	files := plural(r.Files, "file")
	if len(r.Findings) == 0 {
		return files + ", " + style.paint(green, "no findings")
	}
	bad := map[string]bool{}
	for _, d := range r.Findings {
		bad[d.Path] = true
	}
	var counts []string
	for _, l := range []diag.Level{diag.Error, diag.Warning, diag.Notice} {
		if n := r.Count(l); n > 0 {
			counts = append(counts, plural(n, l.String()))
		}
	}
	return fmt.Sprintf("%s in %d of %s", strings.Join(counts, ", "), len(bad), files)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// snippetWidth is how much of a long source line is shown, in columns.
const snippetWidth = 120

// snippet shows a source line and marks the span in it.
func snippet(w io.Writer, s diag.Span, line string, style Style) {
	runes := []rune(harmless.Line(strings.ReplaceAll(line, "\t", " ")))
	from := min(s.Start.Column-1, len(runes))
	to := from
	if s.End.Line == s.Start.Line {
		to = max(from, min(s.End.Column-1, len(runes)))
	}
	first := 0
	if from > snippetWidth-40 {
		first = from - 40
	}
	last := min(len(runes), first+snippetWidth)
	number := fmt.Sprintf("%4d", s.Start.Line)
	fmt.Fprintf(w, "  %s %s %s\n", style.paint(dim, number), style.paint(dim, "|"), strings.TrimRight(string(runes[first:last]), " "))
	mark := "^" + strings.Repeat("~", max(0, min(to, last)-from-1))
	fmt.Fprintf(w, "  %s %s %s%s\n", strings.Repeat(" ", utf8.RuneCountInString(number)), style.paint(dim, "|"), strings.Repeat(" ", from-first), style.paint(green, mark))
}

// sources gives lines of files, keeping the file read last: findings come file by file.
type sources struct {
	fsys  fs.FS
	path  string
	lines []string
}

// maxSource is the largest file of which lines are shown, in bytes.
const maxSource = 1 << 20

func (s *sources) line(path string, n int) (string, bool) {
	if path != s.path {
		s.path, s.lines = path, nil
		if info, err := fs.Stat(s.fsys, path); err == nil && info.Mode().IsRegular() && info.Size() <= maxSource {
			if b, err := fs.ReadFile(s.fsys, path); err == nil {
				text := strings.TrimPrefix(strings.ToValidUTF8(string(b), "\uFFFD"), "\uFEFF")
				if strings.Contains(text, "\n") {
					text = strings.ReplaceAll(text, "\r\n", "\n")
				}
				s.lines = strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n")
			}
		}
	}
	if n < 1 || n > len(s.lines) {
		return "", false
	}
	return s.lines[n-1], true
}
