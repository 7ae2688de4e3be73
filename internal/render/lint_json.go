package render

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/lint"
)

// lintReport is schema sitrep.lint/v1.
type lintReport struct {
	Schema   string        `json:"schema"`
	Files    int           `json:"files"`
	Errors   int           `json:"errors"`
	Warnings int           `json:"warnings"`
	Notices  int           `json:"notices"`
	Findings []lintFinding `json:"findings"`
}

type lintFinding struct {
	Rule      string     `json:"rule"`
	Level     diag.Level `json:"level"`
	Path      string     `json:"path"`
	Line      int        `json:"line"` // 0 for the file as a whole
	Column    int        `json:"column"`
	EndLine   int        `json:"end_line"`
	EndColumn int        `json:"end_column"`
	Message   string     `json:"message"`
	Hint      string     `json:"hint"`
	Fixable   bool       `json:"fixable"`
}

// LintJSON writes findings as sitrep.lint/v1. Columns count Unicode code points from 1; ends are exclusive.
func LintJSON(w io.Writer, r lint.Result) error {
	report := lintReport{
		Schema: "sitrep.lint/v1", Files: r.Files, Errors: r.Count(diag.Error), Warnings: r.Count(diag.Warning), Notices: r.Count(diag.Notice),
		Findings: []lintFinding{},
	}
	for _, d := range r.Findings {
		report.Findings = append(report.Findings, lintFinding{
			Rule: d.Rule, Level: d.Level, Path: d.Path,
			Line: d.Span.Start.Line, Column: d.Span.Start.Column, EndLine: d.Span.End.Line, EndColumn: d.Span.End.Column,
			Message: d.Message, Hint: d.Hint,
		})
	}
	return writeJSON(w, report)
}

// writeJSON is the one way in which JSON is written: two blanks, no HTML escapes, a line feed at the end. The runner of GitHub
// Actions obeys ##[command] anywhere in a line of a log; the escape is the same string to a JSON reader.
func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(bytes.ReplaceAll(b.Bytes(), []byte("##["), []byte(`#\u0023[`)))
	return err
}
