package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// draft is a record in the making: what a source says, before it has an id.
type draft struct {
	file, sourceID string
	words          string        // the id's words; "" = the title's
	day            calendar.Date // the day that is stated where no time is
	inc            incident.Incident
	zone           *time.Location // of the clock times in the body
	summary        string
	timeline       []entry
	remarks        []string // prose of the source's timeline
	untimed        []string // its lines that have no readable time
	updates        []entry
	extra          []chunk // sections beside the usual ones
	post           *postDraft
	notes          []Note
	level          proseLevel
}

// postDraft is the post-mortem beside an incident.
type postDraft struct {
	owner    string // login
	sections map[string]string
	extra    []chunk
	actions  []incident.ActionItem
}

// chunk is a heading of the source and the text under it.
type chunk struct{ title, text string }

// entry is a line of a timeline or of the status updates.
type entry struct {
	at     time.Time
	status incident.Status
	text   string
}

func newDraft(file, sourceID string) *draft {
	return &draft{file: file, sourceID: sourceID, zone: time.UTC}
}

func (d *draft) note(kind NoteKind, format string, args ...any) {
	d.notes = append(d.notes, Note{Kind: kind, Text: fmt.Sprintf(format, args...)})
}

func (d *draft) refused() bool {
	return slices.ContainsFunc(d.notes, func(n Note) bool { return n.Kind == Refused })
}

// milestone sets a milestone from a stamp of the source; key is the source's name for it. An empty text sets nothing.
func (d *draft) milestone(o *Options, m incident.Milestone, key, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	t, how, err := o.stamp(text)
	switch {
	case err != nil:
		d.note(Refused, "%s %s", key, err)
	case how != "":
		d.note(Inferred, "%s: %s %s", m, key, how)
	}
	d.inc.Milestones[m] = t
}

// finish fills in what every record must have, and says what disagrees.
func (d *draft) finish(o *Options) {
	if d.refused() {
		return
	}
	d.finishTitle()
	d.finishServices(o)
	d.finishRoles(o)
	d.checkTimes()
	for i := len(d.inc.Milestones) - 1; i >= 0; i-- {
		if t := d.inc.Milestones[i]; !t.IsZero() {
			d.day = calendar.DateOf(t.In(d.zone))
		}
	}
	if d.day.IsZero() && len(d.timeline) > 0 {
		d.day = calendar.DateOf(d.timeline[0].at.In(d.zone))
	}
	if d.day.IsZero() {
		d.note(Refused, "no day is stated anywhere; a record's id begins with one")
		return
	}
	d.settle(o)
}

func (d *draft) finishTitle() {
	title := oneLine(d.inc.Title)
	if title == "" {
		title = "Untitled incident"
		d.note(Inferred, "title: the source has none")
	}
	if short := cut(title, parse.MaxTitleLength); short != title {
		d.note(Dropped, "title: cut to %d characters", parse.MaxTitleLength)
		title = short
	}
	d.inc.Title = title
}

// finishServices spells services as ids, and as the repository's config does where it lists them.
func (d *draft) finishServices(o *Options) {
	var out []string
	for _, name := range d.inc.Services {
		id := configured(o.Config.Services, oneLine(name))
		if id == "" {
			id = serviceID(oneLine(name))
		}
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
		if id != "" && id != name {
			d.note(Inferred, "services: %q is written %s", oneLine(name), id)
		}
	}
	if len(out) == 0 {
		out = []string{cmp.Or(serviceID(o.Service), UnknownService)}
		d.note(Inferred, "services: the source names none, %s is written", out[0])
	}
	d.inc.Services = out
}

func configured(list []config.Service, name string) string {
	for _, s := range list {
		if strings.EqualFold(s.ID, name) || strings.EqualFold(s.Name, name) {
			return s.ID
		}
	}
	return ""
}

func (d *draft) finishRoles(o *Options) {
	if o.Owner == "" || d.inc.Status != incident.StatusOver {
		return
	}
	d.inc.Roles.Commander = o.Owner
	if o.Config.Policy(d.inc.Severity).CommsLead {
		d.inc.Roles.Communications = o.Owner
	}
	if d.post != nil && d.post.owner == "" {
		d.post.owner = o.Owner
	}
}

// checkTimes reports spans that are negative or empty. They are written as they stand.
func (d *draft) checkTimes() {
	m := d.inc.Milestones
	if over := d.inc.Status == incident.StatusOver; over != !m[incident.Resolved].IsZero() {
		d.note(Contradiction, "status is %s, and a time of resolution is %s", d.inc.Status, map[bool]string{true: "not stated", false: "stated"}[over])
	}
	if m[incident.Started].IsZero() {
		d.note(Dropped, "started: the source states no time of the start; metrics leave the record out")
	}
	whole, known := m.Between(incident.Started, incident.Resolved)
	switch {
	case known && whole < 0:
		d.notes = append(d.notes, Note{Contradiction, CodeNegative, fmt.Sprintf("resolved %s is %s before started %s",
			stampText(m[incident.Resolved]), calendar.FormatDuration(-whole), stampText(m[incident.Started]))})
	case known && whole == 0:
		d.notes = append(d.notes, Note{Contradiction, CodeZero, fmt.Sprintf("started and resolved are the same, %s", stampText(m[incident.Started]))})
	}
	for _, p := range m.Phases() {
		if p.Duration() < 0 && (p.From != incident.Started || p.To != incident.Resolved) {
			d.note(Contradiction, "%s %s is before %s %s", p.To, stampText(p.End), p.From, stampText(p.Start))
		}
	}
}

// stampText writes an instant as front matter does: RFC 3339 in UTC, with the fraction of a second that the source has.
func stampText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func sortEntries(list []entry) {
	slices.SortStableFunc(list, func(a, b entry) int { return a.at.Compare(b.at) })
}
