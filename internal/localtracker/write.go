package localtracker

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// become makes a document say what an issue says, and holds that it reads back the same. Lines of what stays the same stay.
func (d *document) become(next reconcile.Issue) error {
	fresh := d.source == nil
	if fresh {
		d.open, d.close = fence+"\n", fence+"\n"
	}
	for n, key := range keys {
		if lines := linesOf(next, key); fresh || lines != linesOf(d.issue, key) {
			d.put(n, lines)
		}
	}
	var b strings.Builder
	b.WriteString(d.open)
	for _, p := range d.parts {
		b.WriteString(p.lines)
	}
	b.WriteString(d.close)
	if next.Body != "" && !strings.HasSuffix(d.close, "\n") {
		b.WriteByte('\n')
	}
	b.WriteString(next.Body)
	again, err := parseIssue(fileOf(next.Number), next.Number, []byte(b.String()))
	if err != nil {
		return fmt.Errorf("cannot be written: %w", err)
	}
	if !same(again.issue, next) {
		return errors.New("cannot be written so that it reads back the same")
	}
	*d = *again
	return nil
}

func same(a, b reconcile.Issue) bool {
	if !slices.Equal(a.Labels, b.Labels) || !slices.Equal(a.Assignees, b.Assignees) {
		return false
	}
	a.Labels, a.Assignees, b.Labels, b.Assignees = nil, nil, nil, nil
	return reflect.DeepEqual(a, b)
}

// put writes the lines of a known key in the place of its former ones, or below the known key before it.
func (d *document) put(n int, lines string) {
	below := min(1, len(d.parts)) // what stands before the first key stays there
	for at := range d.parts {
		p := &d.parts[at]
		if p.key == keys[n] {
			p.lines = lines + remarks(p.lines)
			return
		}
		if slices.Contains(keys[:n], p.key) {
			below = at + 1
		}
	}
	if lines != "" {
		d.parts = slices.Insert(d.parts, below, part{keys[n], lines})
	}
}

// remarks are the comments and empty lines at the end of a key's lines: they are about what follows.
func remarks(lines string) string {
	all := strings.SplitAfter(lines, "\n")
	from := len(all)
	for from > 1 && (strings.TrimSpace(all[from-1]) == "" || strings.HasPrefix(all[from-1], "#")) {
		from--
	}
	return strings.Join(all[from:], "")
}

// linesOf is a key of the front matter as we write it; nothing where there is nothing to write.
func linesOf(i reconcile.Issue, key string) string {
	switch key {
	case "number":
		return "number: " + strconv.Itoa(i.Number) + "\n"
	case "title":
		return "title: " + scalar(i.Title) + "\n"
	case "state":
		return "state: " + scalar(i.State) + "\n"
	case "reason":
		if i.Reason != "" {
			return "reason: " + scalar(i.Reason) + "\n"
		}
	case "labels":
		return list("labels", i.Labels)
	case "assignees":
		return list("assignees", i.Assignees)
	case "author":
		return "author: " + scalar(i.Author) + "\n"
	}
	return ""
}

func list(key string, items []string) string {
	if len(items) == 0 {
		return key + ": []\n"
	}
	var b strings.Builder
	b.WriteString(key + ":\n")
	for _, item := range items {
		b.WriteString("  - " + scalar(item) + "\n")
	}
	return b.String()
}

// scalar writes a text as YAML, on one line and without quotes where nobody could take it for something else. The escapes of Go
// are escapes of YAML too.
func scalar(s string) string {
	if isPlain(s) {
		return s
	}
	return strconv.Quote(s)
}

func isPlain(s string) bool {
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if i == 0 && !letter || !letter && !strings.ContainsRune(" -_.,;/()+'%!?", r) {
			return false
		}
	}
	return s != "" && !strings.HasSuffix(s, " ") && !strings.EqualFold(s, "null")
}
