package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/incident"
)

// words of each format for how grave an incident is. docs/formats.md has the same table.
var severityWords = map[Format]map[string]incident.Severity{
	Statuspage: {"critical": 1, "major": 2, "minor": 3, "none": 3, "maintenance": 3},
	CState:     {"down": 1, "disrupted": 2, "notice": 3},
	Morty:      graveness,
	Markdown:   graveness,
}

var graveness = map[string]incident.Severity{"critical": 1, "blocker": 1, "major": 2, "high": 2, "moderate": 3, "medium": 3, "minor": 3, "low": 3}

var severityNumber = regexp.MustCompile(`^(?:sev(?:erity)?|p(?:riority)?|s)?[\s_-]*([0-5])$`)

// severity sets the severity that a word of the source stands for.
func (d *draft) severity(o *Options, written string) {
	word := strings.ToLower(oneLine(written))
	sev, known := o.Severities[word]
	if !known {
		sev, known = severityWords[o.Format][word]
	}
	if m := severityNumber.FindStringSubmatch(word); !known && m != nil && (o.Format == Morty || o.Format == Markdown) {
		sev, known = max(1, incident.Severity(m[1][0]-'0')), true
	}
	if !known {
		if sev = o.Severities["default"]; sev == 0 {
			sev = incident.MaxSeverity
		}
	}
	levels := o.Config.Levels()
	if len(levels) > 0 && !slices.Contains(levels, sev) {
		sev = nearestLevel(levels, sev)
	}
	d.inc.Severity = sev
	switch {
	case word == "":
		d.note(Inferred, "severity: the source states none, %s is written", sev)
	case !known:
		d.note(Inferred, "severity: %q is no word of the format, %s is written; map it with --severity-map", cut(word, 40), sev)
	default:
		d.note(Inferred, "severity: %q is %s", cut(word, 40), sev)
	}
}

// nearestLevel is the mildest level that is no milder than the one wanted, else the gravest there is.
func nearestLevel(levels []incident.Severity, wanted incident.Severity) incident.Severity {
	best := levels[0]
	for _, l := range levels {
		if l <= wanted {
			best = max(best, l)
		}
	}
	return best
}
