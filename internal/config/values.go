package config

import (
	"fmt"
	"time"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
)

// Zone is an IANA time zone.
type Zone struct{ *time.Location }

// UnmarshalText reads an IANA name such as Europe/Berlin.
func (z *Zone) UnmarshalText(b []byte) error {
	loc, err := LoadZone(string(b))
	z.Location = loc
	return err
}

// LoadZone finds an IANA zone by name. "Local" is refused: it would mean another zone on each machine.
func LoadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("unknown time zone %q, want an IANA name such as UTC or Europe/Berlin", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("unknown time zone %q, want an IANA name such as UTC or Europe/Berlin", name)
	}
	return loc, nil
}

// DowntimeEnds is the milestone that ends downtime.
type DowntimeEnds incident.DowntimeEnds

// UnmarshalText reads mitigated or resolved.
func (e *DowntimeEnds) UnmarshalText(b []byte) error {
	switch v := incident.DowntimeEnds(b); v {
	case incident.EndsMitigated, incident.EndsResolved:
		*e = DowntimeEnds(v)
		return nil
	}
	return fmt.Errorf("unknown downtime_ends %q, want mitigated or resolved", b)
}

// Requirement tells whether a post-mortem is owed.
type Requirement string

// The requirements.
const (
	Required     Requirement = "required"
	Encouraged   Requirement = "encouraged"
	NoPostMortem Requirement = "none"
)

// UnmarshalText reads required, encouraged or none.
func (r *Requirement) UnmarshalText(b []byte) error {
	switch v := Requirement(b); v {
	case Required, Encouraged, NoPostMortem:
		*r = v
		return nil
	}
	return fmt.Errorf("unknown post_mortem %q, want required, encouraged or none", b)
}

// Tracker is where issues are kept.
type Tracker string

// The trackers.
const (
	TrackerLocal  Tracker = "local"
	TrackerGitHub Tracker = "github"
)

// UnmarshalText reads local or github.
func (t *Tracker) UnmarshalText(b []byte) error {
	switch v := Tracker(b); v {
	case TrackerLocal, TrackerGitHub:
		*t = v
		return nil
	}
	return fmt.Errorf("unknown tracker %q, want local or github", b)
}

// Minutes is a span of time, written as "60m" or "1h30m".
type Minutes time.Duration

// UnmarshalText reads a duration with its unit; negative ones are refused.
func (m *Minutes) UnmarshalText(b []byte) error {
	d, err := time.ParseDuration(string(b))
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no duration, want one with its unit such as 30m or 1h30m", b)
	}
	*m = Minutes(d)
	return nil
}

// LintSetting is the level at which a rule reports.
type LintSetting struct{ Level diag.Level }

// UnmarshalText reads error, warning, notice or off.
func (l *LintSetting) UnmarshalText(b []byte) (err error) {
	l.Level, err = diag.ParseLevel(string(b))
	return err
}
