// Package importer owns foreign records: Statuspage JSON, cState issues, Morty's post-mortems and loose Markdown in, the text of
// sitrep records out, with a report of what was inferred, dropped or contradictory.
//
// It refuses to invent a time: a stamp without a zone is refused unless Options.Zone says whose clock it is, and what a source
// does not state stays out of the record. It refuses to mend contradictions (resolved before started): they are written as the
// source has them, for lint and metrics to see. It writes no file: Plan tells what is to be written, and leaves alone what a person
// has edited since.
package importer

import (
	"time"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
)

// Format is a foreign format.
type Format string

// The formats.
const (
	Statuspage Format = "statuspage" // Atlassian Statuspage, API v2: JSON
	CState     Format = "cstate"     // cState: Hugo front matter and track shortcodes
	Morty      Format = "morty"      // Morty: post-mortems/*.md and mortems.json
	Markdown   Format = "markdown"   // post-mortems in loose Markdown
)

// Formats lists them.
var Formats = []Format{Statuspage, CState, Morty, Markdown}

// Options of Read.
type Options struct {
	Format Format
	Config config.Config // of the repository that the records go to
	// Zone is the clock of times that carry no zone; nil refuses them.
	Zone *time.Location
	// Severities overrides what a word of the source means; keys are lower case, "default" stands for everything else.
	Severities map[string]incident.Severity
	// Owner is the login that answers for what the source names nobody for: Incident Commander, Communications Lead, owner of the
	// post-mortem. "" leaves the roles out.
	Owner string
	// Service is named where the source names none; "" is UnknownService.
	Service string
}

// UnknownService is written where neither the source nor Options name a service: a record must name one.
const UnknownService = "unknown"

// NoteKind tells what a note is about.
type NoteKind string

// The kinds of note.
const (
	Inferred      NoteKind = "inferred"      // written, and not stated like this in the source
	Dropped       NoteKind = "dropped"       // stated in the source, and not written
	Contradiction NoteKind = "contradiction" // the source disagrees with itself
	Refused       NoteKind = "refused"       // why there is no record
)

// Codes of contradictions that are counted.
const (
	CodeNegative = "negative-span" // resolved before started
	CodeZero     = "zero-span"     // resolved in the instant of the start
)

// Note is one line of the report.
type Note struct {
	Kind NoteKind
	Code string // one of the codes; "" for most
	Text string
}

// Outcome is what becomes of one foreign record.
type Outcome string

// The outcomes. Kept is a record that a person has edited while the source changed too, or that was written by hand.
const (
	Created       Outcome = "created"
	Updated       Outcome = "updated"
	Unchanged     Outcome = "unchanged"
	Kept          Outcome = "kept"
	RefusedRecord Outcome = "refused" // a record that could not be made
	Skipped       Outcome = "skipped" // no record of the format
)

// Outcomes lists them in the order in which reports count them.
var Outcomes = []Outcome{Created, Updated, Unchanged, Kept, RefusedRecord, Skipped}

// Item is one foreign record, or one file that holds none.
type Item struct {
	File     string // as found below the path that was read
	SourceID string
	Title    string
	Outcome  Outcome
	Notes    []Note
	Files    []File

	draft *draft // nil where there is no record
}

// File is a record's file and what is to be done with it.
type File struct {
	Path    string // from the repository's root
	Outcome Outcome
	Data    []byte // to write; nil for Unchanged and Kept
}

// Count tells how many items end in an outcome.
func Count(items []Item, o Outcome) int {
	n := 0
	for i := range items {
		if items[i].Outcome == o {
			n++
		}
	}
	return n
}

// CountCode tells how many items have a note of a code.
func CountCode(items []Item, code string) int {
	n := 0
	for i := range items {
		for _, note := range items[i].Notes {
			if note.Code == code {
				n++
				break
			}
		}
	}
	return n
}
