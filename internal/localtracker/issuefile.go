package localtracker

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/syncwell/sitrep/internal/reconcile"
	"github.com/syncwell/sitrep/internal/yamltree"
)

// document is an issue with the file that it stands in. What a change does not touch stays as people wrote it: other keys,
// comments, the form of values.
type document struct {
	source []byte
	issue  reconcile.Issue
	open   string // the first line
	parts  []part // of the front matter, in file order
	close  string // the line below it
}

// part is a key of the front matter with its lines; the key is empty for what stands before the first.
type part struct{ key, lines string }

// keys of the front matter in the order in which they are written. Others are people's and stay.
var keys = []string{"number", "title", "state", "reason", "labels", "assignees", "author"}

const (
	fence          = "---"
	maxFrontMatter = 64 << 10
	byteOrderMark  = "\ufeff" // what some editors begin files with
)

// parseIssue reads an issue's file.
func parseIssue(name string, number int, source []byte) (*document, error) {
	d, matter, err := split(source)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	const firstLine = 2
	v, problems := yamltree.Parse(matter, firstLine)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s:%d: %s", name, problems[0].Span.Start.Line, problems[0].Message)
	}
	d.issue.State, d.issue.Author, d.issue.Insider = "open", Login, true
	for i := range v.Fields {
		f := &v.Fields[i]
		if err := read(f, &d.issue); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, f.KeySpan.Start.Line, err)
		}
		if f.KeySpan.Start.Column != 1 {
			return nil, fmt.Errorf("%s:%d: key %q stands within a line, want it at the left margin", name, f.KeySpan.Start.Line, f.Key)
		}
	}
	if d.issue.State == "open" {
		d.issue.Reason = ""
	}
	switch {
	case d.issue.Number != 0 && d.issue.Number != number:
		return nil, fmt.Errorf("%s: says that it is number %d; want number and name to agree", name, d.issue.Number)
	case strings.TrimSpace(d.issue.Title) == "":
		return nil, fmt.Errorf("%s: has no title", name)
	}
	d.issue.Number = number
	d.parts = parts(string(matter), v.Fields, firstLine)
	return d, nil
}

// split parts a file at its fences.
func split(source []byte) (d *document, matter []byte, err error) {
	open, rest := cutLine(source)
	if !isFence(bytes.TrimPrefix(open, []byte(byteOrderMark))) {
		return nil, nil, errors.New(`does not begin with a line of "---"`)
	}
	for at := 0; at < len(rest); {
		line, after := cutLine(rest[at:])
		switch {
		case isFence(line):
			d = &document{source: source, open: string(open), close: string(line)}
			d.issue.Body = string(after)
			return d, rest[:at], nil
		case at > maxFrontMatter:
			return nil, nil, fmt.Errorf("front matter is longer than %d KiB", maxFrontMatter>>10)
		}
		at += len(line)
	}
	return nil, nil, errors.New(`front matter is not closed by a line of "---"`)
}

// cutLine gives the first line with its end, and what follows.
func cutLine(b []byte) (line, rest []byte) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i+1], b[i+1:]
	}
	return b, nil
}

func isFence(line []byte) bool { return string(bytes.TrimRight(line, " \t\r\n")) == fence }

// parts divides the front matter into its keys' lines.
func parts(matter string, fields []yamltree.Field, firstLine int) []part {
	lines := strings.SplitAfter(matter, "\n")
	out := []part{{}}
	from := 0
	for _, f := range fields {
		at := min(f.KeySpan.Start.Line-firstLine, len(lines))
		out[len(out)-1].lines = strings.Join(lines[from:at], "")
		out = append(out, part{key: f.Key})
		from = at
	}
	out[len(out)-1].lines = strings.Join(lines[from:], "")
	return out
}

// read takes a field of the front matter over into an issue.
func read(f *yamltree.Field, i *reconcile.Issue) (err error) {
	switch f.Key {
	case "number":
		if i.Number, err = strconv.Atoi(f.Value.Text); err != nil || i.Number < 1 {
			err = fmt.Errorf("number %q, want that in the file's name", f.Value.Text)
		}
	case "title":
		i.Title, err = text(f)
	case "state":
		i.State, err = oneOf(f, "open", "closed")
	case "reason":
		i.Reason, err = oneOf(f, "", "completed", "not_planned")
	case "labels":
		i.Labels, err = texts(f)
	case "assignees":
		i.Assignees, err = texts(f)
		for n, login := range i.Assignees {
			i.Assignees[n] = strings.TrimPrefix(login, "@") // as records name people
		}
	case "author":
		i.Author, err = text(f)
	}
	return err
}

func text(f *yamltree.Field) (string, error) {
	if f.Value.Kind == yamltree.List || f.Value.Kind == yamltree.Mapping {
		return "", fmt.Errorf("%s is %s, want a text", f.Key, f.Value.Kind)
	}
	return f.Value.Text, nil
}

func oneOf(f *yamltree.Field, allowed ...string) (string, error) {
	v, err := text(f)
	if err == nil && !slices.Contains(allowed, v) {
		err = fmt.Errorf("%s %q, want %s", f.Key, v, strings.TrimPrefix(strings.Join(allowed, " or "), " or "))
	}
	return v, err
}

// texts reads a list; one text is a list of one, nothing is an empty one.
func texts(f *yamltree.Field) ([]string, error) {
	switch f.Value.Kind {
	case yamltree.Null:
		return nil, nil
	case yamltree.Scalar:
		return []string{f.Value.Text}, nil
	case yamltree.Mapping:
		return nil, fmt.Errorf("%s is a mapping, want a list", f.Key)
	}
	var out []string
	for _, v := range f.Value.Items {
		if v.Kind != yamltree.Scalar {
			return nil, fmt.Errorf("%s holds %s, want texts", f.Key, v.Kind)
		}
		out = append(out, v.Text)
	}
	return out, nil
}
