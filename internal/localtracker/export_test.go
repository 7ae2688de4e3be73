package localtracker

import (
	"os"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// OnStep lets a test stop a write between its steps: what the function does not return from has crashed.
func (t *Tracker) OnStep(f func(name string)) { t.step = f }

// Unsynced spares a test that writes thousands of files the waiting for the disk.
func (t *Tracker) Unsynced() *Tracker {
	t.sync = func(*os.File) error { return nil }
	return t
}

// Issues gives the issues as last read, by number.
func (t *Tracker) Issues() []reconcile.Issue {
	var out []reconcile.Issue
	for _, d := range t.documents() {
		out = append(out, d.issue)
	}
	return out
}

// Rewrite gives an issue's file after an edit.
func Rewrite(number int, source []byte, edit func(*reconcile.Issue)) ([]byte, error) {
	d := &document{}
	if source != nil {
		var err error
		if d, err = parseIssue("a test", number, source); err != nil {
			return nil, err
		}
	}
	next := d.issue
	next.Number = number
	edit(&next)
	err := d.become(next)
	return d.source, err
}

// ReadIssue reads an issue's file.
func ReadIssue(number int, source []byte) (reconcile.Issue, error) {
	d, err := parseIssue("a test", number, source)
	if err != nil {
		return reconcile.Issue{}, err
	}
	return d.issue, nil
}

var FileOf = fileOf
