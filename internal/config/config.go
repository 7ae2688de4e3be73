// Package config owns .github/sitrep.yml: what it may say, and what holds where it says nothing. The defaults are the incident
// response policy.
//
// It refuses secrets, tokens and addresses of services: a pull request can edit this file, so those come from the
// environment only. Decoding is strict; every error names line and column.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/yamltree"
)

// Path is where the file stands in a repository.
const Path = ".github/sitrep.yml"

// PostmortemDays is how many business days after the end of an incident its post-mortem is due.
const PostmortemDays = 3

// maxSize of the file in bytes.
const maxSize = 256 << 10

// Config is the file's content with the defaults filled in.
type Config struct {
	Timezone     Zone                   `yaml:"timezone"`      // IANA name; default UTC
	DowntimeEnds DowntimeEnds           `yaml:"downtime_ends"` // mitigated (default) or resolved
	Severities   map[string]Severity    `yaml:"severities"`    // by level, "SEV-1"; the levels given here are the ones allowed
	Services     []Service              `yaml:"services"`      // where any is given, records may name no other
	People       map[string]Person      `yaml:"people"`        // by login, without the @
	SRELead      string                 `yaml:"sre_lead"`      // login: tracks action items to completion
	Leadership   []string               `yaml:"leadership"`    // logins told of every SEV-1
	Lint         map[string]LintSetting `yaml:"lint"`          // rule name: level
	Tracker      Tracker                `yaml:"tracker"`       // local (default) or github
	// TrackerAccounts are logins besides our own whose issues are ours too: the account that a bot had before.
	TrackerAccounts []string `yaml:"tracker_accounts"`
	// TrackerReopen lets an item that the file says is open re-open an issue that a person closed.
	TrackerReopen bool `yaml:"tracker_reopen"`
}

// Severity is the policy for one level.
type Severity struct {
	Name        string      `yaml:"name"`         // what people call it: "critical"
	PostMortem  Requirement `yaml:"post_mortem"`  // required, encouraged or none
	WarRoom     bool        `yaml:"war_room"`     // a chat channel and a video bridge
	StatusPage  bool        `yaml:"status_page"`  // applies where users are hit
	Page        bool        `yaml:"page"`         // pages on-call, leadership is told
	CommsLead   bool        `yaml:"comms_lead"`   // needs a Communications Lead
	MTTRTarget  Minutes     `yaml:"mttr_target"`  // restored in less than this; 0 = none
	UpdateEvery Minutes     `yaml:"update_every"` // longest gap between public updates while open; 0 = none
}

// Service is something that can fail.
type Service struct {
	ID    string `yaml:"id"`
	Name  string `yaml:"name"`
	Owner string `yaml:"owner"`
}

// Person maps a login to names elsewhere.
type Person struct {
	Name  string `yaml:"name"`
	Slack string `yaml:"slack"`
	Jira  string `yaml:"jira"`
	Email string `yaml:"email"`
}

// Default is the policy of a repository that configures nothing.
func Default() Config {
	return Config{
		Timezone:     Zone{time.UTC},
		DowntimeEnds: DowntimeEnds(incident.EndsMitigated),
		Tracker:      TrackerLocal,
		Severities: map[string]Severity{
			"SEV-1": {
				Name: "critical", PostMortem: Required, WarRoom: true, StatusPage: true, Page: true, CommsLead: true,
				MTTRTarget: Minutes(60 * time.Minute), UpdateEvery: Minutes(30 * time.Minute),
			},
			"SEV-2": {Name: "major", PostMortem: Encouraged, WarRoom: true, StatusPage: true, CommsLead: true},
			"SEV-3": {Name: "minor", PostMortem: NoPostMortem},
		},
	}
}

// Levels lists the severities that records may use, gravest first.
func (c Config) Levels() []incident.Severity {
	var out []incident.Severity
	for _, name := range slices.Sorted(maps.Keys(c.Severities)) {
		if s, ok := incident.ParseSeverity(name); ok {
			out = append(out, s)
		}
	}
	return out
}

// Policy is what holds for one level; the zero policy for a level that is not allowed.
func (c Config) Policy(s incident.Severity) Severity { return c.Severities[s.String()] }

// Location is the repository's zone.
func (c Config) Location() *time.Location { return c.Timezone.Location }

// Error lists everything that is wrong with the file.
type Error struct{ Findings []diag.Diagnostic }

func (e *Error) Error() string {
	var b strings.Builder
	for i, d := range e.Findings {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s:%s: %s", Path, d.Span.Start, d.Message)
		if d.Hint != "" {
			fmt.Fprintf(&b, " (%s)", d.Hint)
		}
	}
	return b.String()
}

// Load reads the repository's config. A file that is not there is the default; one that is wrong is an *Error.
func Load(fsys fs.FS) (Config, error) {
	info, err := fs.Stat(fsys, Path)
	if errors.Is(err, fs.ErrNotExist) {
		return Default(), nil
	}
	if err != nil {
		return Config{}, fmt.Errorf("read the config: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxSize {
		return Config{}, fmt.Errorf("read the config: %s must be a regular file of at most %d KiB", Path, maxSize>>10)
	}
	text, err := fs.ReadFile(fsys, Path)
	if err != nil {
		return Config{}, fmt.Errorf("read the config: %w", err)
	}
	return Parse(text)
}

// Parse reads the text of the file.
func Parse(text []byte) (Config, error) {
	c := Default()
	tree, problems := yamltree.Parse(text, 1)
	d := decoder{problems: problems}
	if tree.Kind != yamltree.Null {
		d.decodeRoot(&tree, &c)
	}
	if len(d.problems) == 0 {
		d.check(&tree, c)
	}
	if len(d.problems) > 0 {
		for i := range d.problems {
			d.problems[i].Path, d.problems[i].Level = Path, diag.Error
		}
		diag.Sort(d.problems)
		return Config{}, &Error{d.problems}
	}
	return c, nil
}

// check holds what no single value can show: levels that exist, services that are named once.
func (d *decoder) check(tree *yamltree.Value, c Config) {
	if f := tree.Get("severities"); f != nil {
		for _, s := range f.Value.Fields {
			if _, ok := incident.ParseSeverity(s.Key); !ok {
				d.report(s.KeySpan, "", "unknown severity %q, want SEV-1 to %s", s.Key, incident.MaxSeverity)
			}
		}
		if len(f.Value.Fields) == 0 {
			d.report(f.KeySpan, "leave the key out to keep the defaults", "no severity is allowed")
		}
	}
	seen := map[string]bool{}
	for i, s := range c.Services {
		span := tree.Get("services").Value.Items[i].Span
		switch {
		case s.ID == "":
			d.report(span, "", `a service needs an "id"`)
		case seen[s.ID]:
			d.report(span, "", "service %q is listed twice", s.ID)
		}
		seen[s.ID] = true
	}
}
