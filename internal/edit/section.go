package edit

import (
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/parse"
)

// sectionOrder is the order in which an incident's sections are written.
var sectionOrder = []string{parse.SectionSummary, parse.SectionUpdates, parse.SectionTimeline}

// firstEntry writes the first entry of a section: at the end of what stands right under its heading, or under a new heading.
func firstEntry(f File, d *parse.Document, section, item string) ([]byte, bool) {
	all := lines(f.Source)
	at := slices.IndexFunc(d.Sections, func(s parse.Section) bool { return s.Name == section })
	if at < 0 {
		return newSection(f, d, section, item)
	}
	first, end := d.Sections[at].Span.Start.Line-1, len(all)
	if at+1 < len(d.Sections) {
		end = d.Sections[at+1].Span.Start.Line - 1
	}
	last := lastText(f.Source, all, first, end)
	return insertLine(f, all, last, f.lineEnd(), item), true
}

// lastText is the number of the last line before end that is not blank; first at the least.
func lastText(src []byte, all []text, first, end int) int {
	last := end - 1
	for last > first && all[last].blank(src) {
		last--
	}
	return last
}

// newSection writes a section with one entry: before the one that follows it in the usual order, else at the end of the file.
func newSection(f File, d *parse.Document, section, item string) ([]byte, bool) {
	all := lines(f.Source)
	level := 2
	for _, s := range d.Sections {
		if s.Name != "" {
			level = s.Level
			break
		}
	}
	end := f.lineEnd()
	heading := strings.Repeat("#", level) + " " + section + end + end
	for _, later := range sectionOrder[slices.Index(sectionOrder, section)+1:] {
		for _, s := range d.Sections {
			if s.Name == later {
				from := all[s.Span.Start.Line-1].from
				return splice(f.Source, from, from, heading+item+end+end), true
			}
		}
	}
	last := lastText(f.Source, all, max(0, d.BodyLine-2), len(all))
	return insertLine(f, all, last, end, heading+item), true
}
