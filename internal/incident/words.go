package incident

import (
	"fmt"
	"slices"
	"strconv"
)

// Severity is how grave an incident is: 1 (SEV-1, the gravest) to 5. The zero Severity is none.
type Severity int

// MaxSeverity is the mildest severity that a repository may configure.
const MaxSeverity Severity = 5

func (s Severity) String() string {
	if s == 0 {
		return ""
	}
	return "SEV-" + strconv.Itoa(int(s))
}

// ParseSeverity reads "SEV-1" to "SEV-5", as written: no other case, no other dash.
func ParseSeverity(text string) (Severity, bool) {
	if len(text) != 5 || text[:4] != "SEV-" || text[4] < '1' || text[4] > '0'+byte(MaxSeverity) {
		return 0, false
	}
	return Severity(text[4] - '0'), true
}

// MarshalText writes "SEV-1".
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads "SEV-1".
func (s *Severity) UnmarshalText(b []byte) error {
	v, ok := ParseSeverity(string(b))
	if !ok {
		return fmt.Errorf("unknown severity %q, want SEV-1 to SEV-%d", b, MaxSeverity)
	}
	*s = v
	return nil
}

// Status is how far the response to an incident has come.
type Status string

// The statuses, in the order an incident goes through them.
const (
	Investigating Status = "investigating"
	Identified    Status = "identified"
	Monitoring    Status = "monitoring"
	StatusOver    Status = "resolved"
)

// Statuses lists them in their order.
var Statuses = []Status{Investigating, Identified, Monitoring, StatusOver}

// Order is the place of s among Statuses, -1 for an unknown one.
func (s Status) Order() int { return slices.Index(Statuses, s) }

// Kind tells what a record of the incidents folder is about. Only KindIncident counts towards MTTR.
type Kind string

// The kinds; a record that names none is an incident.
const (
	KindIncident    Kind = "incident"
	KindGameDay     Kind = "game-day"
	KindMaintenance Kind = "maintenance"
	KindNearMiss    Kind = "near-miss"
)

// Kinds lists them.
var Kinds = []Kind{KindIncident, KindGameDay, KindMaintenance, KindNearMiss}

// Resolution tells how an incident ended. Only ResolvedForReal counts towards MTTR.
type Resolution string

// The resolutions; a record that names none was resolved.
const (
	ResolvedForReal Resolution = "resolved"
	Duplicate       Resolution = "duplicate"
	FalsePositive   Resolution = "false_positive"
	Cancelled       Resolution = "cancelled"
)

// Resolutions lists them.
var Resolutions = []Resolution{ResolvedForReal, Duplicate, FalsePositive, Cancelled}

// Detection tells who noticed.
type Detection string

// Detections lists the ways an incident is noticed.
var Detections = []Detection{"alert", "customer", "staff"}

// Visibility tells who may read a record; one that names none is internal.
type Visibility string

// The visibilities.
const (
	Internal Visibility = "internal"
	Public   Visibility = "public"
)

// Visibilities lists them.
var Visibilities = []Visibility{Internal, Public}

// ImpactLevel is how badly one service was hit.
type ImpactLevel string

// ImpactLevels lists them, worst first.
var ImpactLevels = []ImpactLevel{"major_outage", "partial_outage", "degraded"}

// PostmortemStatus is how far a post-mortem has come.
type PostmortemStatus string

// The post-mortem statuses, in order.
const (
	Draft     PostmortemStatus = "draft"
	InReview  PostmortemStatus = "in_review"
	Published PostmortemStatus = "published"
)

// PostmortemStatuses lists them in their order.
var PostmortemStatuses = []PostmortemStatus{Draft, InReview, Published}

// Priority of an action item.
type Priority string

// The priorities.
const (
	High   Priority = "high"
	Medium Priority = "medium"
	Low    Priority = "low"
)

// Priorities lists them, most urgent first.
var Priorities = []Priority{High, Medium, Low}

// ActionType is what an action item is for.
type ActionType string

// The action types.
const (
	Prevent  ActionType = "prevent"
	Detect   ActionType = "detect"
	Mitigate ActionType = "mitigate"
	Process  ActionType = "process"
)

// ActionTypes lists them.
var ActionTypes = []ActionType{Prevent, Detect, Mitigate, Process}

// ActionStatus is how far an action item has come.
type ActionStatus string

// The action statuses. A proposed item is nobody's yet; WontDo needs a reason.
const (
	Proposed ActionStatus = "proposed"
	Open     ActionStatus = "open"
	Done     ActionStatus = "done"
	WontDo   ActionStatus = "wont_do"
)

// ActionStatuses lists them.
var ActionStatuses = []ActionStatus{Proposed, Open, Done, WontDo}
