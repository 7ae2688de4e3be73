// Package localtracker owns the issues of a repository that uses no other tracker: files below .sitrep that people read, edit and
// commit, one an issue.
//
// It refuses to guess: a file that cannot be read is an error that names it, never one issue less, and a file that changed since it
// was read is not overwritten. Files are written as a whole, so that whoever looks, also after a crash, finds the old or the new
// one. It takes no lock: a new issue's number belongs to whoever links its file first.
package localtracker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// Login is who opens issues here.
const Login = "local"

// system is the name that resources carry.
const system = "local"

// Where things are.
const (
	home       = ".sitrep"
	issuesDir  = home + "/issues"
	labelsFile = home + "/labels.yml"
	nextFile   = home + "/next" // the next issue's number: that of a deleted issue is not given again
)

// ErrChanged tells that somebody changed or deleted a file after it was read. Running again takes the change into account.
var ErrChanged = errors.New("changed meanwhile, run again")

// Tracker is a reconcile.System. It is for one goroutine; several Trackers may work on one repository at once.
type Tracker struct {
	root    *os.Root
	read    map[int]*document // issues as last read or written
	highest int               // number of an issue that was read or written
	stale   []string          // temporary files that Read came across

	step func(name string)      // called between the steps of a write
	sync func(f *os.File) error // puts a file on the disk
}

// Open gives the tracker of a repository. Nothing is read or written yet.
func Open(root *os.Root) *Tracker {
	return &Tracker{root: root, step: func(string) {}, sync: (*os.File).Sync}
}

// Read gives every issue and label.
func (t *Tracker) Read(ctx context.Context) ([]reconcile.Resource, error) {
	labels, err := t.readLabels()
	if err != nil {
		return nil, err
	}
	if err := t.readIssues(ctx); err != nil {
		return nil, err
	}
	var out []reconcile.Resource
	for _, d := range t.documents() {
		out = append(out, d.issue.Resource(system))
	}
	for _, l := range labels {
		out = append(out, reconcile.Resource{
			System: system, Kind: reconcile.KindLabel, Key: l.name,
			Fields: reconcile.Fields{reconcile.Color: l.color, reconcile.Description: l.description},
		})
	}
	return out, nil
}

// documents are the issues read, by number.
func (t *Tracker) documents() []*document {
	var out []*document
	for _, d := range t.read {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b *document) int { return a.issue.Number - b.issue.Number })
	return out
}

func (t *Tracker) readIssues(ctx context.Context) error {
	t.read, t.stale = map[int]*document{}, nil
	names, err := t.list(home)
	if err != nil {
		return err
	}
	t.noteStale(home, names)
	if names, err = t.list(issuesDir); err != nil {
		return err
	}
	t.noteStale(issuesDir, names)
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		number, err := numberOf(name)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", issuesDir, name, err)
		}
		if number == 0 {
			continue
		}
		if err := t.readIssue(number); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tracker) readIssue(number int) error {
	name := fileOf(number)
	data, err := t.load(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // deleted since the folder was listed
	}
	if err != nil {
		return err
	}
	d, err := parseIssue(name, number, data)
	if err != nil {
		return err
	}
	t.read[number] = d
	t.highest = max(t.highest, number)
	return nil
}

// maxNumber keeps a file's name within nine digits.
const maxNumber = 999_999_999

// fileOf is an issue's file: four digits or more.
func fileOf(number int) string { return path.Join(issuesDir, fmt.Sprintf("%04d.md", number)) }

var issueName = regexp.MustCompile(`^[0-9]{4,9}\.md$`)

// numberOf reads a file's name; 0 where the file is none of an issue. An issue under another name would be created again, so a
// name that could be meant for one is an error.
func numberOf(name string) (int, error) {
	switch {
	case !strings.EqualFold(path.Ext(name), ".md"), strings.HasPrefix(name, "."), strings.EqualFold(name, "README.md"):
		return 0, nil
	case issueName.MatchString(name):
		number, err := strconv.Atoi(strings.TrimSuffix(name, ".md"))
		if err == nil && number > 0 && path.Base(fileOf(number)) == name {
			return number, nil
		}
	}
	return 0, errors.New(`not an issue's name, want its number in four digits, such as "0001.md"`)
}

// Do carries out one change.
func (t *Tracker) Do(ctx context.Context, c reconcile.Change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	switch {
	case c.Kind == reconcile.KindLabel && c.Op == reconcile.Create:
		return t.addLabels([]label{{c.Key, c.After[reconcile.Color], c.After[reconcile.Description]}})
	case c.Kind == reconcile.KindIssue && c.Op == reconcile.Create:
		return t.create(c)
	case c.Kind == reconcile.KindIssue && (c.Op == reconcile.Update || c.Op == reconcile.Close || c.Op == reconcile.Reopen):
		return t.update(c)
	}
	return fmt.Errorf("the local tracker cannot %s a %s", c.Op, c.Kind)
}

// anybody can be assigned: a file has no list of people.
func anybody(string) bool { return true }

func (t *Tracker) create(c reconcile.Change) error {
	issue := reconcile.Compose(c, reconcile.Issue{Author: Login, Insider: true}, anybody)
	if err := t.admit(issue); err != nil {
		return err
	}
	next, err := t.next()
	if err != nil {
		return err
	}
	for issue.Number = next; issue.Number <= maxNumber; issue.Number++ {
		err := t.createAs(issue)
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return errors.New("no issue number is left")
}

// createAs creates an issue under its number; the error is fs.ErrExist where that is taken.
func (t *Tracker) createAs(issue reconcile.Issue) error {
	d := &document{}
	if err := d.become(issue); err != nil {
		return err
	}
	if err := t.reserve(issue.Number); err != nil {
		return err
	}
	if err := t.link(fileOf(issue.Number), d.source); err != nil {
		return err
	}
	t.highest = issue.Number
	if t.read != nil {
		t.read[issue.Number] = d
	}
	return nil
}

// admit holds an issue to what trackers take, and makes the labels that it carries.
func (t *Tracker) admit(issue reconcile.Issue) error {
	if err := checkIssue(issue); err != nil {
		return err
	}
	var labels []label
	for _, name := range issue.Labels {
		labels = append(labels, label{name: name, color: defaultColor})
	}
	return t.addLabels(labels)
}

func (t *Tracker) update(c reconcile.Change) error {
	was := t.read[c.Number]
	if was == nil {
		return fmt.Errorf("no issue #%d was read", c.Number)
	}
	issue := reconcile.Compose(c, was.issue, anybody)
	issue.Labels, issue.Assignees = inOrder(was.issue.Labels, issue.Labels), inOrder(was.issue.Assignees, issue.Assignees)
	if c.TwinOf > 0 {
		issue.Body = pointTo(issue.Body, c.TwinOf)
	}
	if err := t.admit(issue); err != nil {
		return err
	}
	d := &document{source: was.source, issue: was.issue, open: was.open, parts: slices.Clone(was.parts), close: was.close}
	if err := d.become(issue); err != nil {
		return err
	}
	if bytes.Equal(d.source, was.source) {
		return nil
	}
	if err := t.replace(fileOf(c.Number), was.source, d.source); err != nil {
		return fmt.Errorf("issue #%d: %w", c.Number, err)
	}
	t.read[c.Number] = d
	return nil
}

// inOrder gives a list with what was there before in its old order: people's order is no change.
func inOrder(was, list []string) []string {
	place := func(s string) int {
		if at := slices.Index(was, s); at >= 0 {
			return at
		}
		return len(was)
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b string) int { return place(a) - place(b) })
	return list
}

// pointTo says in a twin's text where its work goes on.
func pointTo(body string, number int) string {
	link := fmt.Sprintf("A twin of [#%d](%s).\n", number, path.Base(fileOf(number)))
	if strings.Contains(body, link) {
		return body
	}
	if body != "" && !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	return body + "\n" + link
}
