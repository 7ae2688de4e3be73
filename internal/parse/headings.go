package parse

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Names of the sections that records have.
const (
	SectionSummary   = "Summary"
	SectionUpdates   = "Status Updates"
	SectionTimeline  = "Timeline"
	SectionExecutive = "Executive Summary"
	SectionRootCause = "Root Cause Analysis"
	SectionActions   = "Action Items"
	SectionLessons   = "Lessons Learned"
	SectionWhys      = "5 Whys"
)

// sectionNames maps a heading, normalised, to the section that it names. The first name in each list is the one to use; the
// others are aliases that real repositories use.
var sectionNames = [...]map[string]string{
	IncidentRecord: byHeading(map[string][]string{
		SectionSummary:  {"summary", "executive summary", "overview", "description", "what happened"},
		SectionUpdates:  {"status updates", "status update", "updates", "status page updates", "communications", "communication"},
		SectionTimeline: {"timeline", "time line", "event timeline", "incident timeline", "timeline of events", "chronology", "log"},
	}),
	PostmortemRecord: byHeading(map[string][]string{
		SectionExecutive: {"executive summary", "summary", "incident summary", "overview", "tldr", "tl dr", "abstract", "what happened", "description", "problem summary", "issue summary"},
		SectionTimeline:  {"timeline", "time line", "event timeline", "incident timeline", "timeline of events", "chronology", "detailed timeline"},
		SectionRootCause: {
			"root cause analysis", "root cause", "root causes", "rca", "cause", "causes", "contributing factors", "contributing factor", "contributing conditions", "analysis",
			"trigger", "root cause and contributing factors", "root causes and contributing factors", "root cause and trigger", "why did it happen", "why it happened",
			"what was the root cause", "cause of the problem", "the cause", "technical analysis",
		},
		SectionActions: {
			"action items", "action item", "actions", "follow ups", "follow up", "followups", "followup", "follow up actions", "follow up items", "followup actions", "follow up tasks",
			"corrective actions", "corrective action", "corrective and preventative measures", "corrective and preventive measures", "preventive measures", "preventative measures",
			"remediation", "remediations", "remediation items", "next steps", "todo", "todos", "tasks", "improvements", "what we will do", "what are we doing", "mitigation and prevention",
			"actions taken", "action points", "future work", "long term actions", "short term actions",
		},
		SectionLessons: {
			"lessons learned", "lessons learnt", "lesson learned", "lessons", "learnings", "learning", "what we learned", "what did we learn", "key learnings", "takeaways",
			"what went well", "what went wrong", "what went badly", "what went poorly", "what didn t go well", "what didnt go well", "what did not go well", "what could have gone better",
			"what could be improved", "what could go better", "where we got lucky", "where did we get lucky", "retrospective", "conclusion", "conclusions", "recommendations",
		},
		SectionWhys: {"5 whys", "five whys", "5 whys analysis", "five whys analysis", "the 5 whys", "the five whys", "5 why", "5 why analysis", "whys"},
	}),
}

// requiredSections lists what a record of each kind must have, in order.
var requiredSections = [...][]string{
	IncidentRecord:   {SectionSummary, SectionTimeline},
	PostmortemRecord: {SectionExecutive, SectionTimeline, SectionRootCause, SectionActions, SectionLessons},
}

// RequiredSections lists the sections that a record of kind k must have, in the order in which they are written.
func RequiredSections(k Kind) []string { return requiredSections[k] }

func byHeading(names map[string][]string) map[string]string {
	out := map[string]string{}
	for name, headings := range names {
		for _, h := range headings {
			out[h] = name
		}
	}
	return out
}

// nameOf finds the section that a heading's text names; alias tells that another word is the one to use.
func nameOf(kind Kind, title string) (name string, alias bool) {
	if slices.Contains(requiredSections[kind], title) || title == SectionWhys || title == SectionUpdates && kind == IncidentRecord {
		return title, false // as nearly every heading is written
	}
	h := normalHeading(title)
	if sectionNames[kind][h] == "" {
		h = normalHeading(aside.ReplaceAllString(title, "")) // "Timeline (UTC)"
	}
	name = sectionNames[kind][h]
	return name, name != "" && h != strings.ToLower(name)
}

var (
	aside     = regexp.MustCompile(`\s*\([^()]*\)\W*$`)
	shortcode = regexp.MustCompile(`:[a-z0-9_+-]+:`) // an emoji by its name
)

// normalHeading reduces a heading to its words: markup is gone already, then numbering, emoji, punctuation and case go.
func normalHeading(title string) string {
	var b strings.Builder
	if strings.Count(title, ":") > 1 {
		title = shortcode.ReplaceAllString(title, " ")
	}
	for _, r := range dropNumbering(title) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		case r == '&':
			b.WriteString(" and ")
		case unicode.Is(unicode.Mn, r) || r == 0xFE0F || r == 0x200D:
			// variation selectors and joiners belong to an emoji
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// dropNumbering takes "1. ", "2) ", "3.1 ", "IV. " and "§ 4: " off the front; "5 Whys" keeps its number.
func dropNumbering(s string) string {
	s = strings.TrimLeft(s, " \t§")
	digits := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if digits > 0 && digits < len(s) {
		if head := s[:digits]; strings.Contains(head, ".") || strings.ContainsRune("):", rune(s[digits])) {
			return strings.TrimLeft(s[digits:], "):. \t-")
		}
	}
	if i := strings.IndexAny(s, ".)"); i > 0 && i <= 4 && strings.Trim(s[:i], "IVX") == "" {
		return strings.TrimLeft(s[i+1:], " \t")
	}
	return s
}
