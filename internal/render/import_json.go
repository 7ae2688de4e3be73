package render

import (
	"io"

	"github.com/syncwell/sitrep/internal/importer"
)

// importReport is schema sitrep.import/v1.
type importReport struct {
	Schema  string         `json:"schema"`
	DryRun  bool           `json:"dry_run"`
	Counts  map[string]int `json:"counts"` // by outcome, and by the code of a contradiction
	Sources []importSource `json:"sources"`
}

type importSource struct {
	File     string           `json:"file"`
	SourceID string           `json:"source_id"`
	Title    string           `json:"title"`
	Outcome  importer.Outcome `json:"outcome"`
	Files    []importFile     `json:"files"`
	Notes    []importNote     `json:"notes"`
}

type importFile struct {
	Path    string           `json:"path"`
	Outcome importer.Outcome `json:"outcome"`
}

type importNote struct {
	Kind importer.NoteKind `json:"kind"`
	Code string            `json:"code,omitempty"`
	Text string            `json:"text"`
}

// ImportJSON writes what an import did as sitrep.import/v1.
func ImportJSON(w io.Writer, items []importer.Item, dryRun bool) error {
	report := importReport{Schema: "sitrep.import/v1", DryRun: dryRun, Counts: map[string]int{}, Sources: []importSource{}}
	for _, o := range importer.Outcomes {
		report.Counts[string(o)] = importer.Count(items, o)
	}
	for _, code := range []string{importer.CodeNegative, importer.CodeZero} {
		report.Counts[code] = importer.CountCode(items, code)
	}
	for _, it := range items {
		s := importSource{File: it.File, SourceID: it.SourceID, Title: it.Title, Outcome: it.Outcome, Files: []importFile{}, Notes: []importNote{}}
		for _, f := range it.Files {
			s.Files = append(s.Files, importFile{f.Path, f.Outcome})
		}
		for _, n := range it.Notes {
			s.Notes = append(s.Notes, importNote(n))
		}
		report.Sources = append(report.Sources, s)
	}
	return writeJSON(w, report)
}
