// Package incident owns the vocabulary: incidents, post-mortems, action items, roles, milestones, and what follows from them
// by definition (phases, downtime, identities).
//
// It holds plain values and pure functions. It refuses to know where a value came from, how it is printed, what the policy
// asks for, and what time it is. Every time is UTC; a zero time means that the record does not say.
package incident

import (
	"cmp"
	"slices"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/diag"
)

// History is all records of a repository, each list sorted by id.
type History struct {
	Incidents   []Incident
	Postmortems []Postmortem
}

// Incident is one record of the incidents folder.
type Incident struct {
	ID         string // the file's name without folder and ending
	Path       string // slash-separated, from the repository's root
	FormerIDs  []string
	Title      string
	Kind       Kind
	Severity   Severity // 0 where the file gives none that is known
	Status     Status
	Resolution Resolution
	Duplicate  string // id of the incident that this one repeats
	Services   []string
	Milestones Milestones
	Roles      Roles
	UserImpact bool
	Impact     []Impact
	DetectedBy Detection
	CausedBy   string // URL of a pull request, commit or deployment
	Factors    []string
	Customers  int // customers affected; 0 where the record does not say
	Zone       string
	Links      Links
	Visibility Visibility
	Waivers    []Waiver
	Tags       []string
	Summary    string // Markdown
	Timeline   []Entry
	Updates    []Entry
}

// Roles are the people of an incident, as logins without the @.
type Roles struct {
	Commander      string
	Communications string
	Experts        []string // Subject Matter Experts
}

// Links lead to an incident's places elsewhere.
type Links struct{ Channel, Bridge, Statuspage, PagerDuty, Source string }

// Impact is a window in which one service was hit.
type Impact struct {
	Service  string
	From, To time.Time
	Level    ImpactLevel
}

// Waiver excuses one rule on one record until the end of a day.
type Waiver struct {
	Rule, Reason string
	Until        calendar.Date
}

// Entry is one line of a timeline or of the status updates. At is zero where no time could be told.
type Entry struct {
	At     time.Time
	Status Status    // of a status update; "" elsewhere
	Text   string    // Markdown
	Span   diag.Span // of the time as written
}

// Postmortem is one record of the postmortems folder.
type Postmortem struct {
	ID        string
	Path      string
	FormerIDs []string
	Incidents []string // ids; the post-mortem's own where the file names none
	Status    PostmortemStatus
	Owner     string
	Meeting   time.Time
	Published time.Time
	Attendees []string
	Waivers   []Waiver
	Title     string
	Summary   string // Markdown
	Timeline  []Entry
	Whys      []Why
	Actions   []ActionItem
}

// Why is one step of a 5 Whys analysis. Because holds the whys that its answer leads to where the chain branches.
type Why struct {
	Question, Answer string
	Because          []Why
	Pos              diag.Pos
}

// Depth is the length of the longest chain in a list of whys: steps in one list follow each other, nested lists go on from
// the step they stand under.
func Depth(whys []Why) int {
	deepest := 0
	for i, w := range whys {
		deepest = max(deepest, i+1+Depth(w.Because))
	}
	return deepest
}

// ActionItem is one promise of a post-mortem.
type ActionItem struct {
	ID       string // "AI-1": unique within its post-mortem
	Text     string // Markdown
	Owner    string // login without the @; free text where it is no login
	Due      calendar.Date
	Priority Priority
	Type     ActionType
	Status   ActionStatus
	Reason   string // why it will not be done
	Issue    string
	Evidence string
	Pos      diag.Pos
}

// Key is the action item's identity across rewording and reordering: "<post-mortem id>/AI-1".
func (a ActionItem) Key(postmortem string) string { return postmortem + "/" + a.ID }

// WarRoom is the name of the chat channel in which an incident is worked on.
func WarRoom(id string) string { return "#incident-" + id }

// Sort orders both lists by id, then by path.
func (h *History) Sort() {
	slices.SortFunc(h.Incidents, func(a, b Incident) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Path, b.Path))
	})
	slices.SortFunc(h.Postmortems, func(a, b Postmortem) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Path, b.Path))
	})
}
