package lint

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/yamltree"
	"github.com/syncwell/sitrep/templates"
)

const familySections = "sections"

func sectionRules() []Rule {
	return []Rule{
		{
			Name: "section-missing", Family: familySections, Level: diag.Error, Check: checkSectionMissing, On: parse.PostmortemRecord,
			Doc: "An incident has the sections Summary and Timeline; a post-mortem has Executive Summary, Timeline, Root Cause Analysis, Action Items and Lessons Learned. " +
				"Any heading of level 1 to 3 will do; headings in code, comments and quotations do not count.",
			Ok:  "## Lessons Learned\n\n- The alert came before the first ticket.\n",
			Bad: "-- postmortems/2025-03-04-api-outage.md --\n" + strings.Replace(basePostmortem, "## Lessons Learned\n", "##Lessons Learned\n", 1),
		},
		{
			Name: "section-empty", Family: familySections, Level: diag.Error, Check: checkSectionEmpty, On: parse.PostmortemRecord,
			Doc: "A required section says something. Comments, rules and a table without rows say nothing. Where there is nothing to tell, say that in a sentence.",
			Ok:  "## Lessons Learned\n\nNothing new: the runbook covered it.\n",
			Bad: "## Lessons Learned\n\n<!-- to do -->\n",
		},
		{
			Name: "section-duplicate", Family: familySections, Level: diag.Warning, Check: checkSectionDuplicate, On: parse.PostmortemRecord,
			Doc: "A section stands once. The tool reads both; a person reads the first.",
			Ok:  "## Action Items\n\n| ID | Action | Owner | Due | Status |\n|---|---|---|---|---|\n| AI-1 | Cap the pool | @octo-db | 2025-04-01 | open |\n",
			Bad: "-- postmortems/2025-03-04-api-outage.md --\n" + basePostmortem + "\n## Lessons Learned\n\n- More of them.\n",
		},
		{
			Name: "section-alias", Family: familySections, Level: diag.Notice, Check: checkSectionAlias, On: parse.PostmortemRecord,
			Doc: "Other words for a section are understood (\"Root cause\", \"Follow-ups\", \"What went well\"). One name for one thing makes records easier to read side by side.",
			Ok:  "## Root Cause Analysis\n\nThe pool has no cap.\n",
			Bad: "-- postmortems/2025-03-04-api-outage.md --\n" + strings.Replace(basePostmortem, "## Lessons Learned\n", "## What we learned\n", 1),
		},
		{
			Name: "template-text", Family: familySections, Level: diag.Error, Check: checkTemplateText,
			Doc: "Text of the template that is still there says nothing about this incident. Fill it in, or delete it.",
			Ok:  "## Summary\n\nRequests failed for 23 minutes.\n",
			Bad: "## Summary\n\n_What users see, since when, and what is being done, in two or three sentences._\n",
		},
		{
			Name: "placeholder", Family: familySections, Level: diag.Warning, Check: checkPlaceholder,
			Doc: "TODO, TBD, FIXME and XXX mark what is still to be written.",
			Ok:  "## Summary\n\nAbout 1,200 customers were affected.\n",
			Bad: "## Summary\n\nCustomers affected: TBD\n",
		},
	}
}

func checkSectionMissing(p *Pass) {
	if p.Doc.BodyLine == 0 {
		return // nothing of the file could be read
	}
	for _, want := range parse.RequiredSections(p.Doc.Kind) {
		if slices.ContainsFunc(p.Doc.Sections, func(s parse.Section) bool { return s.Name == want }) {
			continue
		}
		hint := fmt.Sprintf("add the heading %q and what belongs under it", "## "+want)
		if line, why := hiddenHeading(p.Doc, want); line > 0 {
			hint = fmt.Sprintf("line %d has it, but %s", line, why)
		}
		p.report(diag.At(max(1, p.Doc.BodyLine-1), 1), hint, "missing section %q", want)
	}
}

// hiddenHeading finds a line that looks like the missing heading but is none.
func hiddenHeading(d *parse.Document, want string) (line int, why string) {
	want = strings.ToLower(want)
	n := 0
	for text := range strings.SplitSeq(string(d.Source), "\n") {
		n++
		t := strings.ToLower(strings.TrimSpace(text))
		switch bare := strings.TrimLeft(t, "#> \t"); {
		case bare != want:
		case strings.HasPrefix(t, ">"):
			return n, "inside a quotation"
		case strings.HasPrefix(t, "#") && !strings.HasPrefix(strings.TrimLeft(t, "#"), " "):
			return n, `without a blank after the "#"`
		case strings.HasPrefix(t, "#"):
			return n, "inside a code block, a comment or a list, or below level 3"
		}
	}
	return 0, ""
}

func checkSectionEmpty(p *Pass) {
	for _, want := range parse.RequiredSections(p.Doc.Kind) {
		var first *parse.Section
		said := false
		for i := range p.Doc.Sections {
			if s := &p.Doc.Sections[i]; s.Name == want {
				if first == nil {
					first = s
				}
				said = said || !s.Empty
			}
		}
		if first != nil && !said {
			p.report(first.Span, "where there is nothing to tell, say so in a sentence", "section %q is empty", first.Title)
		}
	}
}

func checkSectionDuplicate(p *Pass) {
	first := map[string]*parse.Section{}
	for i := range p.Doc.Sections {
		s := &p.Doc.Sections[i]
		if s.Name == "" || s.Alias {
			continue
		}
		if f := first[s.Name]; f != nil {
			p.report(s.Span, "put both together", "section %q stands twice, the first is on line %d", s.Title, f.Span.Start.Line)
			continue
		}
		first[s.Name] = s
	}
}

func checkSectionAlias(p *Pass) {
	for _, s := range p.Doc.Sections {
		if s.Alias && s.Name != parse.SectionWhys && !isLessonsPart(s) {
			p.report(s.Span, fmt.Sprintf("write %q", s.Name), "heading %q is read as section %q", s.Title, s.Name)
		}
	}
}

// isLessonsPart spares the customary parts of the lessons ("What went well"), which no single heading could replace.
func isLessonsPart(s parse.Section) bool {
	return s.Name == parse.SectionLessons && strings.HasPrefix(strings.ToLower(s.Title), "wh") && !strings.Contains(strings.ToLower(s.Title), "learn")
}

// templateText is every line of prose in the templates, as a reader would find it left in a record.
var templateText = sync.OnceValue(func() map[string]bool {
	lines := map[string]bool{}
	cfg := config.Default()
	for file, kind := range map[string]parse.Kind{"incident.md": parse.IncidentRecord, "gameday.md": parse.IncidentRecord, "postmortem.md": parse.PostmortemRecord} {
		text, err := fs.ReadFile(templates.FS, file)
		if err != nil {
			continue // the templates are part of the program; a test holds that they are all there
		}
		d := parse.Parse(file, kind, text, &cfg)
		for _, b := range d.Prose() {
			for _, l := range b.Lines {
				if strings.Contains(l.Text, "_") && strings.HasSuffix(l.Text, "_") {
					lines[l.Text] = true
				}
			}
		}
		for _, key := range []string{"title", "incident"} {
			if f := d.Meta.Get(key); f != nil {
				lines[f.Value.Text] = true
			}
		}
	}
	return lines
})

// templateLogin stands in the templates where a login belongs.
const templateLogin = "@login"

func checkTemplateText(p *Pass) {
	known := templateText()
	if slices.ContainsFunc(emphasisEnds, func(end string) bool { return bytes.Contains(p.Doc.Source, []byte(end)) }) {
		checkTemplateProse(p, known)
	}
	for i := range p.Doc.Meta.Fields {
		f := &p.Doc.Meta.Fields[i]
		if f.Value.Text != "" && known[f.Value.Text] {
			p.report(f.Value.Span, "fill it in", "%s is still the template's", f.Key)
		}
		p.checkTemplateValue(f.Key, &f.Value)
		for j := range f.Value.Items {
			p.checkTemplateValue(f.Key, &f.Value.Items[j])
		}
	}
}

func (p *Pass) checkTemplateValue(key string, v *yamltree.Value) {
	if v.Text == templateLogin || v.Text == "service-name" {
		p.report(v.Span, "put the real one there", "%s %q is still the template's", key, v.Text)
	}
}

// emphasisEnds is how a line or cell of the templates' prose ends: without any of them no line has to be looked at.
var emphasisEnds = []string{"_\n", "_\r", "_ |"}

func checkTemplateProse(p *Pass, known map[string]bool) {
	for _, b := range p.Doc.Prose() {
		for _, l := range b.Lines {
			if known[l.Text] {
				p.report(diag.Span{Start: l.Pos, End: diag.Pos{Line: l.Pos.Line, Column: l.Pos.Column + len([]rune(l.Text))}},
					"fill it in, or delete it", "text of the template is still there")
			}
		}
	}
}

var placeholderWords = []string{"TODO", "TBD", "FIXME", "XXX"}

var placeholder = regexp.MustCompile(`\b(?:` + strings.Join(placeholderWords, "|") + `)\b`)

func checkPlaceholder(p *Pass) {
	if !slices.ContainsFunc(placeholderWords, func(w string) bool { return bytes.Contains(p.Doc.Source, []byte(w)) }) {
		return // the pattern costs far more than this look
	}
	for _, b := range p.Doc.Prose() {
		for _, l := range b.Lines {
			if m := placeholder.FindStringIndex(l.Text); m != nil {
				start := l.Pos.Column + len([]rune(l.Text[:m[0]]))
				p.report(diag.Span{Start: diag.Pos{Line: l.Pos.Line, Column: start}, End: diag.Pos{Line: l.Pos.Line, Column: start + m[1] - m[0]}},
					"", "%q is still to be written", l.Text[m[0]:m[1]])
			}
		}
	}
}
