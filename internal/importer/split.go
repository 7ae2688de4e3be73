package importer

import (
	"path"
	"regexp"
	"strings"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/parse"
)

// foreign is a Markdown file taken apart: title, what stands before the first section, and the sections.
type foreign struct {
	title  string
	intro  string
	chunks []mdChunk
	stated map[string]string // "date", "severity", "owner", "detect" ...: as written
}

// mdChunk is a heading and the text up to the next heading, of whatever level.
type mdChunk struct {
	title   string
	name    string // the section that the heading itself names
	section string // the section that it stands in; "" for none
	below   bool   // it stands below a heading that is in no section
	level   int
	text    string
}

// split cuts a document at its headings. Package parse finds them, so that headings in code, comments and quotations are none.
func split(doc *parse.Document) *foreign {
	f := &foreign{stated: foldKeys(&doc.Meta)}
	lines := strings.Split(string(doc.Source), "\n")
	ends := len(lines)
	if len(doc.Sections) > 0 {
		ends = doc.Sections[0].Span.Start.Line - 1
	}
	f.intro = text(lines, doc.BodyLine-1, ends)
	titled := -1
	if f.title = f.stated["title"]; f.title == "" {
		for i, s := range doc.Sections {
			if s.Level == 1 && s.Name == "" {
				f.title, titled = s.Title, i
				break
			}
		}
	}
	for i := range doc.Sections {
		c := f.chunk(doc, lines, i, titled)
		switch {
		case i == titled, facts.MatchString(c.title):
			f.intro = strings.Trim(f.intro+"\n\n"+c.text, "\n")
			f.note(c.title)
		default:
			f.chunks = append(f.chunks, c)
		}
	}
	return f
}

// facts is a heading that is no section but states something: Morty's "## Date: July 1, 2020".
var facts = regexp.MustCompile(`(?i)^(date|owner)\s*:\s*(.+)$`)

func (f *foreign) note(title string) {
	if m := facts.FindStringSubmatch(title); m != nil {
		if key := strings.ToLower(m[1]); f.stated[key] == "" {
			f.stated[key] = m[2]
		}
	}
}

// chunk is the i-th heading with its text. The heading of the title is nobody's parent: all sections may stand below it.
func (f *foreign) chunk(doc *parse.Document, lines []string, i, titled int) mdChunk {
	s := &doc.Sections[i]
	c := mdChunk{title: s.Title, name: s.Name, level: s.Level}
	for at := i; at >= 0 && c.section == ""; at = doc.Sections[at].Parent {
		c.section = doc.Sections[at].Name
		if c.section == parse.SectionWhys {
			c.section = parse.SectionRootCause
		}
	}
	c.below = s.Parent >= 0 && s.Parent != titled && c.section == ""
	from, to := s.Span.Start.Line, len(lines)
	if i+1 < len(doc.Sections) {
		to = doc.Sections[i+1].Span.Start.Line - 1
	}
	if from >= 1 && from <= len(lines) && !strings.HasPrefix(strings.TrimLeft(lines[from-1], " "), "#") {
		from = afterUnderline(lines, from, to)
	}
	c.text = text(lines, from, to)
	return c
}

var underline = regexp.MustCompile(`^ {0,3}(?:=+|-+)\s*$`)

// afterUnderline is the line behind a heading that is written with an underline.
func afterUnderline(lines []string, from, to int) int {
	for i := from; i < min(to, len(lines)); i++ {
		if underline.MatchString(lines[i]) {
			return i + 1
		}
	}
	return from
}

// text is the lines [from, to), without blank ones at both ends.
func text(lines []string, from, to int) string {
	from, to = max(0, from), min(to, len(lines))
	if from >= to {
		return ""
	}
	return strings.Trim(strings.ReplaceAll(strings.Join(lines[from:to], "\n"), "\r", ""), "\n")
}

// day is the day that the file states for the incident: in words, in the front matter, or in its name.
func (f *foreign) day(p string) calendar.Date {
	for _, s := range []string{f.stated["date"], path.Base(p)} {
		if d := dateWritten(s); !d.IsZero() {
			return d
		}
	}
	return calendar.Date{}
}

var misprint = regexp.MustCompile(`\b(\d{4})\d(-\d{2}-\d{2})\b`)

// misprinted is a day whose year has a digit too many ("20202-01-16"), where the file's name says which year is meant. It serves for
// the id; no time is made of it.
func (f *foreign) misprinted(p string) (day calendar.Date, as string) {
	for i := range f.chunks {
		if m := misprint.FindStringSubmatch(f.chunks[i].text); m != nil && strings.Contains(path.Base(p), m[1]) {
			day, _ = calendar.ParseDate(m[1] + m[2])
			return day, m[0]
		}
	}
	return calendar.Date{}, ""
}
