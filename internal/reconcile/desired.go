package reconcile

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/incident"
)

// DesiredOptions say how records are shown outside.
type DesiredOptions struct {
	System string
	Config config.Config
	Now    time.Time
	// Link is the address of a file of the repository; "" where it has none.
	Link func(path string) string
}

// dueSoonDays is how many days before its due date an item is labelled due-soon.
const dueSoonDays = 3

// Desired tells which issues and labels there should be: an issue for each accepted action item, and one for each post-mortem that
// is owed. Issues that should be closed are among them; whether there is anything to close, Diff finds out. The reports name
// what cannot be tracked, and why.
func Desired(h incident.History, opt DesiredOptions) (resources []Resource, reports []Change) {
	d := desirer{opt: opt, today: calendar.DateOf(opt.Now.In(opt.Config.Location())), incidents: map[string]*incident.Incident{}}
	for i := range h.Incidents {
		d.incidents[h.Incidents[i].ID] = &h.Incidents[i]
	}
	covered := map[string]bool{}
	for i := range h.Postmortems {
		pm := &h.Postmortems[i]
		for _, id := range pm.Incidents {
			covered[id] = true
		}
		for _, a := range pm.Actions {
			d.action(pm, a)
		}
	}
	for i := range h.Incidents {
		d.postmortem(&h.Incidents[i], covered[h.Incidents[i].ID])
	}
	d.labels()
	return d.resources, d.reports
}

type desirer struct {
	opt       DesiredOptions
	today     calendar.Date
	incidents map[string]*incident.Incident
	resources []Resource
	reports   []Change
	seen      map[string]bool
}

// Keys stand in code spans of tables and in file names: an id is letters, digits, dot, dash and underscore.
var (
	recordID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)
	itemID   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)
)

func (d *desirer) report(key, title, format string, args ...any) {
	d.reports = append(d.reports, Change{
		Op: Report, System: d.opt.System, Kind: KindIssue, Key: harmless.Terminal(key), Title: shortTitle(title), Reason: fmt.Sprintf(format, args...),
	})
}

func (d *desirer) action(pm *incident.Postmortem, a incident.ActionItem) {
	key := a.Key(pm.ID)
	switch {
	case a.Status == incident.Proposed, a.Status == "":
		return
	case !recordID.MatchString(pm.ID), !itemID.MatchString(a.ID):
		d.report(key, a.Text, "its id cannot be tracked, see sitrep lint")
		return
	case strings.TrimSpace(a.Text) == "":
		d.report(key, a.ID, "it says nothing, see sitrep lint")
		return
	case d.seen[key]:
		d.report(key, a.Text, "its id is given twice, see sitrep lint")
		return
	}
	if d.seen == nil {
		d.seen = map[string]bool{}
	}
	d.seen[key] = true
	r := Resource{System: d.opt.System, Kind: KindIssue, Key: key, Label: LabelAction}
	for _, old := range pm.FormerIDs {
		r.Aliases = append(r.Aliases, a.Key(old))
	}
	r.Fields = Fields{
		Title: cmp.Or(shortTitle(plain(a.Text)), a.ID), Text: shortText(harmless.Markdown(a.Text)), Owner: owner(a.Owner), Due: a.Due.String(),
		Priority: string(a.Priority), Type: string(a.Type), Late: d.late(a.Due, a.Status == incident.Open), State: state(a.Status),
	}
	for _, id := range pm.Incidents {
		if inc := d.incidents[id]; inc != nil {
			r.Rows = append(r.Rows, Row{"Incident", d.link(inc.Path, id) + " " + cell(inc.Title)})
			if r.Fields[SeverityOf] == "" {
				r.Fields[SeverityOf] = inc.Severity.String()
			}
		}
	}
	r.Rows = append(r.Rows, Row{"Post-mortem", d.link(pm.Path, pm.ID)}, Row{"Evidence", cell(a.Evidence)}, Row{"Reason", cell(a.Reason)})
	d.resources = append(d.resources, r)
}

// postmortem asks for the post-mortem of an incident that is over and owes one; the issue is closed once there is one.
func (d *desirer) postmortem(inc *incident.Incident, covered bool) {
	policy := d.opt.Config.Policy(inc.Severity)
	owed := policy.PostMortem == config.Required && inc.Kind == incident.KindIncident && inc.Resolution == incident.ResolvedForReal &&
		inc.Status == incident.StatusOver && !inc.Milestones[incident.Resolved].IsZero()
	if !owed || !recordID.MatchString(inc.ID) {
		return
	}
	due := calendar.AddBusinessDays(calendar.DateOf(inc.Milestones[incident.Resolved].In(d.opt.Config.Location())), config.PostmortemDays)
	status := incident.Open
	if covered {
		status = incident.Done
	}
	r := Resource{System: d.opt.System, Kind: KindIssue, Key: PostmortemKey(inc.ID), Label: LabelPostmortem}
	for _, old := range inc.FormerIDs {
		r.Aliases = append(r.Aliases, PostmortemKey(old))
	}
	r.Fields = Fields{
		Title: shortTitle("Post-mortem: " + plain(inc.Title)),
		Text: shortText("Write the post-mortem of the " + inc.Severity.String() + " incident \"" + harmless.Markdown(inc.Title) + "\" as `postmortems/" + inc.ID +
			".md`, and hold the meeting. This issue is closed once the file is there."),
		Owner: owner(inc.Roles.Commander), Due: due.String(), SeverityOf: inc.Severity.String(), Late: d.late(due, !covered), State: state(status),
	}
	r.Rows = []Row{{"Incident", d.link(inc.Path, inc.ID) + " " + cell(inc.Title)}}
	d.resources = append(d.resources, r)
}

// PostmortemKey is the key of the issue that asks for an incident's post-mortem.
func PostmortemKey(incident string) string { return incident + "/post-mortem" }

func state(s incident.ActionStatus) string {
	switch s {
	case incident.Done:
		return StateDone
	case incident.WontDo:
		return StateWontDo
	}
	return StateOpen
}

var loginShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\[bot\])?$`)

// owner is a login, or nothing: what is no login cannot be assigned and is for lint to complain about.
func owner(s string) string {
	if loginShape.MatchString(s) {
		return s
	}
	return ""
}

func (d *desirer) late(due calendar.Date, open bool) string {
	switch {
	case !open || due.IsZero():
		return ""
	case due.Compare(d.today) < 0:
		return LabelOverdue
	case due.Compare(d.today.AddDays(dueSoonDays)) <= 0:
		return LabelDueSoon
	}
	return ""
}

func (d *desirer) link(path, id string) string {
	url := ""
	if d.opt.Link != nil {
		url = d.opt.Link(path)
	}
	if url == "" {
		return "`" + id + "`"
	}
	return "[" + id + "](" + strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "|", "%7C").Replace(url) + ")"
}

// cell makes a text safe in a table's cell.
func cell(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > maxCell {
		s = string([]rune(s)[:maxCell-3]) + "..."
	}
	return strings.ReplaceAll(harmless.Markdown(s), "|", `\|`)
}

// maxCell keeps a body within what trackers take, in code points.
const maxCell = 1000

var markup = regexp.MustCompile("!?\\[([^\\]]*)\\]\\([^)]*\\)|[*_`]{1,3}([^*_`]+)[*_`]{1,3}")

// plain takes links, emphasis and code marks off a line of Markdown: titles are plain text.
func plain(s string) string { return markup.ReplaceAllString(s, "$1$2") }

// labels asks for the labels that the issues carry.
func (d *desirer) labels() {
	used := map[string]bool{}
	for _, r := range d.resources {
		for _, l := range labels(nil, r.Fields, &r) {
			used[l] = true
		}
	}
	for _, l := range labelCatalogue {
		if used[l.name] {
			d.resources = append(d.resources, Resource{
				System: d.opt.System, Kind: KindLabel, Key: l.name, Fields: Fields{Color: l.color, Description: l.description},
			})
		}
	}
	slices.SortStableFunc(d.resources, func(a, b Resource) int { return strings.Compare(a.Kind+"\x00"+a.Key, b.Kind+"\x00"+b.Key) })
}

var labelCatalogue = []struct{ name, color, description string }{
	{LabelOurs, "1f6feb", "Kept by sitrep from the records"},
	{LabelAction, "0e8a16", "Action item of a post-mortem"},
	{LabelPostmortem, "5319e7", "A post-mortem is owed"},
	{"sev-1", "b60205", "SEV-1 incident"},
	{"sev-2", "d93f0b", "SEV-2 incident"},
	{"sev-3", "fbca04", "SEV-3 incident"},
	{"sev-4", "fef2c0", "SEV-4 incident"},
	{"sev-5", "ededed", "SEV-5 incident"},
	{"priority: high", "b60205", "High priority"},
	{"priority: medium", "fbca04", "Medium priority"},
	{"priority: low", "c2e0c6", "Low priority"},
	{LabelOverdue, "b60205", "Past its due date"},
	{LabelDueSoon, "fbca04", "Due within three days"},
}
