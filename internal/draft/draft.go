// Package draft owns what new records begin as: a template and the facts in, the text of an incident, game day or post-mortem out.
//
// It refuses to write files and to make facts up: what is not known stays empty.
package draft

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// Declaration is what is known when an incident is declared. Zero values are not known.
type Declaration struct {
	ID       string
	Title    string
	Severity incident.Severity
	Services []string
	Kind     incident.Kind
	Started  time.Time
	Detected time.Time
	By       incident.Detection
	Now      time.Time
	Roles    incident.Roles
	Impact   bool // users see it
	Summary  string
}

// Incident fills a template for an incident or a game day. Text and keys that the template has beside the known ones stay.
func Incident(template []byte, d Declaration, cfg *config.Config) ([]byte, error) {
	f := edit.File{Path: "incidents/" + d.ID + ".md", Kind: parse.IncidentRecord, Source: withoutSamples(template), Config: cfg}
	summary := d.Summary
	if summary == "" {
		summary = summaryOf(d, cfg)
	}
	f.Source = fillSection(f, parse.SectionSummary, []string{summary})
	for _, field := range d.fields() {
		out, err := edit.SetField(f, field.key, field.value)
		if err != nil {
			return nil, fmt.Errorf("fill the template: %w", err)
		}
		f.Source = out
	}
	for _, e := range d.entries() {
		out, err := edit.InsertEntry(f, parse.SectionTimeline, e)
		if err != nil {
			return nil, fmt.Errorf("fill the template: %w", err)
		}
		f.Source = out
	}
	return f.Source, nil
}

type field struct {
	key   string
	value edit.Value
}

// fields are the front matter. A key of the template that is not known yet is emptied: its sample value would be taken for a fact.
func (d Declaration) fields() []field {
	out := []field{
		{"title", edit.Text(d.Title)},
		{"severity", edit.Text(d.Severity.String())},
		{"status", edit.Text(string(incident.Investigating))},
		{"services", edit.List(d.Services...)},
		{"started", edit.Text(stamp(d.Started))},
		{"detected", edit.Text(stamp(d.Detected))},
		{"diagnosed", edit.Text("")},
		{"mitigated", edit.Text("")},
		{"resolved", edit.Text("")},
		{"incident_commander", edit.Text(login(d.Roles.Commander))},
		{"communications_lead", edit.Text(login(d.Roles.Communications))},
		{"subject_matter_experts", edit.List(logins(d.Roles.Experts)...)},
	}
	if d.Kind == incident.KindGameDay {
		return append(out, field{"user_impact", edit.Text("false")}, field{"kind", edit.Text(string(d.Kind))})
	}
	out = append(out, field{"user_impact", edit.Text(fmt.Sprint(d.Impact))})
	if d.By != "" {
		out = append(out, field{"detected_by", edit.Text(string(d.By))})
	}
	return out
}

// entries are the first lines of the timeline.
func (d Declaration) entries() []edit.Entry {
	if d.Kind == incident.KindGameDay {
		return []edit.Entry{{At: d.Started, Text: "Exercise begins."}, {At: d.Now, Text: "IC declares " + d.Severity.String() + " game day."}}
	}
	var out []edit.Entry
	if !d.Started.IsZero() && d.Started.Before(d.Detected) {
		out = append(out, edit.Entry{At: d.Started, Text: "Impact begins."})
	}
	if d.Detected.Before(d.Now) {
		text := "Incident detected."
		if d.By != "" {
			text = "Incident detected: " + map[incident.Detection]string{"alert": "an alert fires.", "customer": "a customer writes.", "staff": "staff notice."}[d.By]
		}
		out = append(out, edit.Entry{At: d.Detected, Text: text})
	}
	return append(out, edit.Entry{At: d.Now, Text: "IC declares " + d.Severity.String() + " incident."})
}

func summaryOf(d Declaration, cfg *config.Config) string {
	title := strings.TrimRight(d.Title, ". ")
	if d.Kind == incident.KindGameDay {
		return title + "."
	}
	return fmt.Sprintf("%s. Detected at %s%s", title, d.Detected.In(cfg.Location()).Format("15:04 MST"), firstSummaryEnd)
}

const firstSummaryEnd = ", under investigation."

// IsFirstSummary tells whether a summary is still the one that an incident was declared with.
func IsFirstSummary(s string) bool { return strings.HasSuffix(strings.TrimSpace(s), firstSummaryEnd) }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func login(s string) string {
	if s == "" {
		return ""
	}
	return "@" + s
}

func logins(list []string) []string {
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = login(l)
	}
	return out
}

var (
	// sampleEntry is an entry of a template that shows how one is written: its text is all emphasis.
	sampleEntry = regexp.MustCompile(`^[-*+] (?:\d{4}-\d{2}-\d{2} )?\d{2}:\d{2} - (?:\w+ - )?_[^_].*_\s*$`)
	sampleText  = regexp.MustCompile(`^_[^_].*_\s*$`)
)

// withoutSamples takes the sample entries out of a template, and the blank lines that would be left over.
func withoutSamples(template []byte) []byte {
	all := slices.Collect(strings.Lines(string(template)))
	out := all[:0:0]
	for i, line := range all {
		if sampleEntry.MatchString(line) {
			continue
		}
		gone := i > 0 && sampleEntry.MatchString(all[i-1])
		if gone && strings.TrimSpace(line) == "" && len(out) > 0 && strings.TrimSpace(out[len(out)-1]) == "" {
			continue
		}
		out = append(out, line)
	}
	for len(out) > 0 && strings.TrimSpace(out[len(out)-1]) == "" {
		out = out[:len(out)-1]
	}
	return []byte(strings.Join(out, ""))
}

// fillSection puts lines in place of the sample text that stands first in a section; a section without one stays as it is.
func fillSection(f edit.File, section string, text []string) []byte {
	d := parse.Parse(f.Path, f.Kind, f.Source, f.Config)
	all := slices.Collect(strings.Lines(string(f.Source)))
	for _, s := range d.Sections {
		if s.Name != section {
			continue
		}
		for i := s.Span.Start.Line; i < len(all) && !strings.HasPrefix(all[i], "#"); i++ {
			if !sampleText.MatchString(all[i]) && !sampleEntry.MatchString(all[i]) {
				continue
			}
			end := all[i][len(strings.TrimRight(all[i], "\r\n")):]
			all[i] = strings.Join(text, end) + end
			return []byte(strings.Join(all, ""))
		}
	}
	return f.Source
}
