package systemtest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/reconcile"
)

const record = "2025-08-18-api-outage"

// item is an action item as the records would ask for it.
func item(n int) reconcile.Resource {
	return reconcile.Resource{
		Kind: reconcile.KindIssue, Key: fmt.Sprintf("%s/AI-%d", record, n), Label: reconcile.LabelAction,
		Rows: []reconcile.Row{{Name: "Post-mortem", Value: "`" + record + "`"}},
		Fields: reconcile.Fields{
			reconcile.Title: fmt.Sprintf("Cap pool %d per tenant", n), reconcile.Text: fmt.Sprintf("Cap pool %d per tenant.\n\n- and tell why", n),
			reconcile.Owner: Ana, reconcile.Due: "2025-09-01", reconcile.Priority: "high", reconcile.Type: "prevent",
			reconcile.SeverityOf: "SEV-1", reconcile.Late: "", reconcile.State: reconcile.StateOpen,
		},
	}
}

// with is an item with another value.
func with(r reconcile.Resource, field, value string) reconcile.Resource {
	r.Fields = maps.Clone(r.Fields)
	r.Fields[field] = value
	return r
}

// renamed is an item of a record that got a new name.
func renamed(r reconcile.Resource, aliases ...string) reconcile.Resource {
	_, id, _ := strings.Cut(r.Key, "/")
	r.Key = "2025-08-18-api-down/" + id
	r.Aliases = aliases
	return r
}

// wanted is everything that items ask for: themselves and their labels.
func wanted(system string, items []reconcile.Resource) []reconcile.Resource {
	var out []reconcile.Resource
	seen := map[string]bool{}
	for _, r := range items {
		r.System = system
		out = append(out, r)
		if r.Kind != reconcile.KindIssue {
			continue
		}
		for _, name := range reconcile.LabelsOf(r) {
			if !seen[name] {
				seen[name] = true
				out = append(out, label(system, name))
			}
		}
	}
	return out
}

func label(system, name string) reconcile.Resource {
	return reconcile.Resource{
		System: system, Kind: reconcile.KindLabel, Key: name, Fields: reconcile.Fields{reconcile.Color: "0e8a16", reconcile.Description: "About " + name},
	}
}

// retouch is what a person does on an issue to change a field.
var retouch = map[string]func(i *reconcile.Issue, value string){
	reconcile.Title: func(i *reconcile.Issue, v string) { i.Title = v },
	reconcile.Text: func(i *reconcile.Issue, v string) {
		_, table, _ := strings.Cut(i.Body, "\n| | |\n")
		i.Body = v + "\n\n| | |\n" + table
	},
	reconcile.Owner: func(i *reconcile.Issue, v string) { i.Assignees = filled(v) },
	reconcile.Due:   func(i *reconcile.Issue, v string) { i.Body = setRow(i.Body, "Due", v) },
	reconcile.Type:  func(i *reconcile.Issue, v string) { i.Body = setRow(i.Body, "Type", v) },
	reconcile.Priority: func(i *reconcile.Issue, v string) {
		i.Labels = swap(i.Labels, `^priority: `, prefixed("priority: ", v))
	},
	reconcile.SeverityOf: func(i *reconcile.Issue, v string) { i.Labels = swap(i.Labels, `^sev-`, strings.ToLower(v)) },
	reconcile.Late:       func(i *reconcile.Issue, v string) { i.Labels = swap(i.Labels, `^(overdue|due-soon)$`, v) },
	reconcile.State:      setState,
}

func setState(i *reconcile.Issue, v string) {
	switch v {
	case reconcile.StateDone:
		i.State, i.Reason = "closed", "completed"
	case reconcile.StateWontDo:
		i.State, i.Reason = "closed", "not_planned"
	default:
		i.State, i.Reason = "open", ""
	}
}

func filled(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// setRow changes a row of the table in a body, adds it or takes it out.
func setRow(body, name, value string) string {
	row := regexp.MustCompile(`(?m)^\| ` + name + ` \|.*\n`)
	line := ""
	if value != "" {
		line = "| " + name + " | " + value + " |\n"
	}
	if row.MatchString(body) {
		return row.ReplaceAllLiteralString(body, line)
	}
	return strings.Replace(body, "|---|---|\n", "|---|---|\n"+line, 1)
}

func swap(labels []string, old, label string) []string {
	is := regexp.MustCompile(old)
	kept := slices.DeleteFunc(slices.Clone(labels), is.MatchString)
	kept = append(kept, filled(label)...)
	slices.Sort(kept)
	return kept
}

// say lists changes for a failure.
func say(changes []reconcile.Change) string {
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "\n  %s %s %s #%d %s -> %s %s", c.Op, c.Kind, c.Key, c.Number, short(c.Before), short(c.After), c.Reason)
	}
	return b.String()
}

func short(f reconcile.Fields) string {
	if len(f) == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%.80q", f)
}
