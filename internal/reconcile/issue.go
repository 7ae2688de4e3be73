package reconcile

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/harmless"
)

// Labels that issues carry.
const (
	LabelOurs       = "sitrep"
	LabelAction     = "action-item"
	LabelPostmortem = "post-mortem"
	LabelOverdue    = "overdue"
	LabelDueSoon    = "due-soon"
)

// Limits of GitHub, which the local tracker keeps too.
const (
	MaxTitle     = 200   // code points; GitHub takes 256
	MaxBody      = 65536 // code points; what we write of it is at most MaxText and the table
	MaxText      = 30000 // code points
	MaxAssignees = 10
)

// Issue is an issue as trackers keep it. Reason is "completed" or "not_planned" for a closed one.
type Issue struct {
	Number    int
	Title     string
	Body      string
	Labels    []string
	Assignees []string
	State     string // open or closed
	Reason    string
	Author    string
	Insider   bool
}

// Resource reads an issue's fields. Owner is an assignee: the one that the body names where it is among them.
func (i Issue) Resource(system string) Resource {
	above, _, hash, written := splitMarker(i.Body)
	rows, text := splitRows(above)
	r := Resource{
		System: system, Kind: KindIssue, Number: i.Number, Hash: hash, Written: written, Author: i.Author, Insider: i.Insider,
		ItemKey: unquote(rows["Item"]), Labelled: slices.Contains(i.Labels, LabelOurs),
		Fields: Fields{Title: i.Title, Text: text, Due: unquote(rows["Due"]), Type: rows["Type"], Owner: i.owner(unquote(rows["Owner"]))},
	}
	r.Fields[State] = StateOpen
	if i.State == "closed" {
		r.Fields[State] = StateDone
		if i.Reason == "not_planned" {
			r.Fields[State] = StateWontDo
		}
	}
	for _, l := range i.Labels {
		switch {
		case strings.HasPrefix(l, "priority: "):
			r.Fields[Priority] = strings.TrimPrefix(l, "priority: ")
		case severityLabel.MatchString(l):
			r.Fields[SeverityOf] = strings.ToUpper(l)
		case l == LabelOverdue || l == LabelDueSoon:
			r.Fields[Late] = l
		}
	}
	return r
}

var severityLabel = regexp.MustCompile(`^sev-[1-5]$`)

// notAssignable stands in the Owner row behind somebody whom the tracker cannot assign.
const notAssignable = " (cannot be assigned here)"

func (i Issue) owner(named string) string {
	named, unassignable := strings.CutSuffix(named, notAssignable)
	named = strings.TrimPrefix(unquote(named), "@")
	switch {
	case unassignable && len(i.Assignees) == 0:
		return named
	case len(i.Assignees) == 0:
		return ""
	}
	if at := indexLogin(i.Assignees, named); at >= 0 {
		return i.Assignees[at]
	}
	return slices.Min(i.Assignees)
}

func indexLogin(logins []string, login string) int {
	return slices.IndexFunc(logins, func(l string) bool { return strings.EqualFold(l, login) })
}

func unquote(s string) string { return strings.ReplaceAll(s, "`", "") }

var rowShape = regexp.MustCompile(`^\|[ \t]*(Item|Owner|Due|Priority|Type|Severity|Incident|Post-mortem|Evidence|Reason)[ \t]*\|[ \t]*(.*?)[ \t]*\|[ \t]*$`)

// splitRows takes the table out of the part of a body that is ours: the last one, because a text may hold what looks like it.
func splitRows(above string) (rows map[string]string, text string) {
	rows = map[string]string{}
	above = strings.ReplaceAll(above, "\r\n", "\n")
	tables := tableStart.FindAllStringIndex(above, -1)
	if tables == nil {
		return rows, strings.Trim(above, "\n")
	}
	last := tables[len(tables)-1]
	kept := []string{above[:last[0]]}
	for line := range strings.SplitSeq(above[last[1]:], "\n") {
		if m := rowShape.FindStringSubmatch(line); m != nil {
			rows[m[1]] = m[2]
		} else {
			kept = append(kept, line)
		}
	}
	return rows, strings.Trim(strings.Join(kept, "\n"), "\n")
}

// Formatters of Markdown pad tables: tableStart and rowShape take any blanks.
var tableStart = regexp.MustCompile(`(?m)^\|[ \t]*\|[ \t]*\|[ \t]*\n\|[ \t]*-+[ \t]*\|[ \t]*-+[ \t]*\|[ \t]*$`)

const (
	tableHead = "| | |"
	tableRule = "|---|---|"
)

// Compose is an issue after a change: what a create makes, or what an update makes of the issue as it was read. Text that people
// wrote below the marker stays, and so do labels and assignees that are not ours. canAssign tells whether the tracker can
// assign a login.
func Compose(c Change, old Issue, canAssign func(login string) bool) Issue {
	if c.TwinOf > 0 {
		old.State, old.Reason = "closed", "not_planned"
		old.Body = noteWritten(old.Body, State, StateWontDo)
		return old
	}
	next := old
	before := old.Resource(c.System)
	fields := maps.Clone(before.Fields)
	maps.Copy(fields, c.After)
	written := map[string]string{}
	maps.Copy(written, before.Written)
	for f, v := range c.After {
		written[f] = DigestOf(f, v)
	}
	if c.Remark {
		// What differs from the file now counts as a person's edit: it is reported, never overwritten.
		for _, f := range issueFields {
			written[f] = DigestOf(f, c.Desired.Fields[f])
		}
	}
	next.Title = fields[Title]
	next.State, next.Reason = "open", ""
	if fields[State] != StateOpen {
		next.State, next.Reason = "closed", "completed"
		if fields[State] == StateWontDo {
			next.Reason = "not_planned"
		}
	}
	next.Labels = labels(old.Labels, fields, c.Desired)
	if c.Remark {
		next.Labels = append(next.Labels, LabelOurs, c.Desired.Label)
		slices.Sort(next.Labels)
		next.Labels = slices.Compact(next.Labels)
	}
	assignable := fields[Owner] != "" && canAssign(fields[Owner])
	next.Assignees = assignees(old.Assignees, before.Fields[Owner], fields[Owner], assignable)
	next.Body = composeBody(c, old.Body, fields, written, assignable)
	return next
}

func labels(old []string, fields Fields, desired *Resource) []string {
	kept := slices.DeleteFunc(slices.Clone(old), func(l string) bool {
		return strings.HasPrefix(l, "priority: ") || severityLabel.MatchString(l) || l == LabelOverdue || l == LabelDueSoon
	})
	if desired != nil && len(old) == 0 {
		kept = append(kept, LabelOurs, desired.Label)
	}
	if v := fields[Priority]; v != "" {
		kept = append(kept, "priority: "+v)
	}
	if v := fields[SeverityOf]; v != "" {
		kept = append(kept, strings.ToLower(v))
	}
	if v := fields[Late]; v != "" {
		kept = append(kept, v)
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}

func assignees(old []string, was, owner string, assignable bool) []string {
	if was == owner && (slices.Contains(old, owner) || !assignable) {
		return old
	}
	kept := slices.DeleteFunc(slices.Clone(old), func(l string) bool { return l == was })
	if assignable && len(kept) < MaxAssignees && indexLogin(kept, owner) < 0 {
		kept = append(kept, owner)
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}

func composeBody(c Change, old string, fields Fields, written map[string]string, assignable bool) string {
	_, below, hash, _ := splitMarker(old)
	oldRows, _ := splitRows(old)
	if c.Desired != nil {
		hash = HashKey(c.Desired.Key)
	}
	var b strings.Builder
	b.WriteString(fields[Text] + "\n\n" + tableHead + "\n" + tableRule + "\n")
	row := func(name, value string) {
		if value != "" {
			b.WriteString("| " + name + " | " + value + " |\n")
		}
	}
	row("Item", "`"+c.Key+"`")
	owner := fields[Owner]
	if owner != "" {
		owner = "`@" + owner + "`"
		if !assignable {
			owner += notAssignable
		}
	}
	row("Owner", owner)
	row("Due", fields[Due])
	row("Type", fields[Type])
	for _, r := range rowsOf(c, oldRows) {
		row(r.Name, r.Value)
	}
	if below == "" {
		below = "\n"
	}
	return b.String() + "\n" + formatMarker(hash, written) + below
}

// rowsOf are the rows that nobody compares: the desired ones, or those that are there where nothing is desired any more.
func rowsOf(c Change, old map[string]string) []Row {
	if c.Desired != nil {
		return c.Desired.Rows
	}
	var rows []Row
	for _, name := range []string{"Incident", "Post-mortem", "Evidence", "Reason"} {
		rows = append(rows, Row{name, old[name]})
	}
	return rows
}

// shortText cuts a text to what leaves people room below it.
func shortText(s string) string {
	if utf8.RuneCountInString(s) <= MaxText {
		return s
	}
	return string([]rune(s)[:MaxText]) + "\n\n(cut; the post-mortem has all of it)"
}

// shortTitle cuts a title to what trackers take.
func shortTitle(s string) string {
	s = harmless.Title(s)
	if utf8.RuneCountInString(s) <= MaxTitle {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:MaxTitle-3]), " ") + "..."
}

// LabelsOf are the labels that a new issue gets.
func LabelsOf(r Resource) []string { return labels(nil, r.Fields, &r) }
