package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/parse"
)

// proseLevel is how the source's own Markdown stands in a record. What would break the record's form (a heading of a section, a
// comment that is never closed, lists too deep) is quoted; what breaks even that stands as code, which nothing reads into.
type proseLevel int

const (
	asWritten proseLevel = iota
	quoted
	asCode
	impossible
)

var levelNotes = [...]string{quoted: "the text stands as a quotation: its own Markdown would change the record's sections", asCode: "the text stands as code: its own Markdown would break the record"}

// prose writes the source's text at the draft's level.
func (d *draft) prose(text string) string {
	text = strings.Trim(disarm(tidy(text)), "\n")
	prefix := [...]string{asWritten: "", quoted: "> ", asCode: "    ", impossible: ""}[d.level]
	if strings.TrimSpace(text) == "" || prefix == "" {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(prefix+l, " ")
	}
	return strings.Join(lines, "\n")
}

// disarm keeps a source from carrying a marker of ours.
func disarm(text string) string {
	return strings.ReplaceAll(text, markerStart, strings.Replace(markerStart, ":", ": ", 1))
}

// settle finds the first level at which both files have the form of records.
func (d *draft) settle(o *Options) {
	for d.level = asWritten; d.level < impossible; d.level++ {
		inc, unlinked := fit(d.incidentText(o), parse.IncidentRecord, d.expected(), o)
		more := 0
		if inc && d.post != nil {
			inc, more = fit(d.postmortemText("a", "b"), parse.PostmortemRecord, parse.RequiredSections(parse.PostmortemRecord), o)
		}
		if !inc {
			continue
		}
		if d.level > asWritten {
			d.note(Inferred, "%s", levelNotes[d.level])
		}
		if unlinked+more > 0 {
			d.note(Dropped, "links to files (%d): the files are not imported, the links are plain text", unlinked+more)
		}
		return
	}
	d.note(Refused, "the text cannot stand in a record: %s", d.trouble(o))
}

// expected is the sections of the incident, in order.
func (d *draft) expected() []string {
	if len(d.updates) > 0 {
		return []string{parse.SectionSummary, parse.SectionUpdates, parse.SectionTimeline}
	}
	return []string{parse.SectionSummary, parse.SectionTimeline}
}

// fit tells whether a text has the form of a record with just the sections expected, and how many lines with links to files it has.
func fit(text string, kind parse.Kind, expected []string, o *Options) (ok bool, unlinked int) {
	_, unlinked, doc := unlink(text, kind, o)
	if len(text) > parse.MaxFileSize-maxMarker || firstTrouble(doc) != nil || len(doc.Links) > 0 {
		return false, 0
	}
	var names []string
	for _, s := range doc.Sections {
		if s.Name == "" || s.Name == parse.SectionWhys {
			continue
		}
		if s.Alias || s.Empty {
			return false, 0
		}
		names = append(names, s.Name)
	}
	return slices.Equal(names, expected), unlinked
}

// firstTrouble is the first finding about the form of a record. A key that the source cannot fill is a gap, not a matter of form.
func firstTrouble(doc *parse.Document) *diag.Diagnostic {
	for i := range doc.Findings {
		if doc.Findings[i].Rule != parse.RuleRequiredKey {
			return &doc.Findings[i]
		}
	}
	return nil
}

func (d *draft) trouble(o *Options) string {
	d.level = asCode
	_, _, doc := unlink(d.incidentText(o), parse.IncidentRecord, o)
	if t := firstTrouble(doc); t != nil {
		return t.Message
	}
	return "it is too long or too deep"
}

// fileDefinition is a link definition whose target is no URL and no anchor.
var fileDefinition = regexp.MustCompile(`^([\s>]*)\[([^\]]+\]:\s*(?:[^\s#:]|[^\s:]*$|[^\s:]+\s).*)$`)

var definition = regexp.MustCompile(`^(\s*(?:>\s?)*)\[`)

// unlink takes the link out of links to files: the files are not there. What is left reads "[text](file)".
func unlink(text string, kind parse.Kind, o *Options) (string, int, *parse.Document) {
	n := 0
	for again := range 3 {
		doc := parse.Parse("2000-01-01-a.md", kind, []byte(text), &o.Config)
		if len(doc.Links) == 0 {
			return text, n, doc
		}
		lines := strings.Split(text, "\n")
		if again > 0 { // what is left is by reference
			for i := range lines {
				lines[i] = fileDefinition.ReplaceAllString(lines[i], `$1\[$2`)
			}
		}
		done := map[int]bool{} // a line may hold many links
		for _, l := range doc.Links {
			for _, i := range []int{l.Span.Start.Line - 2, l.Span.Start.Line - 1} {
				if i >= 0 && i < len(lines) && !done[i] {
					lines[i], done[i] = escapeLinks(lines[i]), true
				}
			}
		}
		n += len(doc.Links)
		text = strings.Join(lines, "\n")
	}
	return text, n, parse.Parse("2000-01-01-a.md", kind, []byte(text), &o.Config)
}

func escapeLinks(line string) string {
	line = escapeBefore(line, "](")
	if strings.Contains(line, "]:") && definition.MatchString(line) {
		line = definition.ReplaceAllString(line, `$1\[`)
	}
	return line
}

// escapeBefore puts a backslash before each mark that has none.
func escapeBefore(line, mark string) string {
	var b strings.Builder
	for {
		i := strings.Index(line, mark)
		if i < 0 {
			b.WriteString(line)
			return b.String()
		}
		b.WriteString(line[:i])
		if !strings.HasSuffix(line[:i], `\`) {
			b.WriteByte('\\')
		}
		b.WriteString(mark)
		line = line[i+len(mark):]
	}
}
