package githubtest

import (
	"slices"
	"strings"
	"time"
)

// Issue is an issue as it stands, or, with a Pull, a pull request: GitHub numbers and lists them together.
type Issue struct {
	Number      int
	ID          int64
	Title, Body string
	State       string // open or closed
	StateReason string // completed, not_planned, duplicate, reopened or nothing
	Labels      []string
	Assignees   []string
	User        string // who opened it
	Milestone   int    // a milestone's number, 0 for none
	Locked      bool
	LockReason  string
	Comments    int
	CreatedAt   time.Time
	UpdatedAt   time.Time
	ClosedAt    time.Time // zero while open
	ClosedBy    string
	Pull        *Pull // nil for an issue; never changed in place

	gone bool // deleted or transferred
}

// Pull is what a pull request has beside what an issue has.
type Pull struct {
	Head, Base string // branch names
	Draft      bool
}

// Comment is a comment on an issue or a pull request.
type Comment struct {
	ID        int64
	Issue     int // the issue's number
	Body      string
	User      string
	CreatedAt time.Time
	UpdatedAt time.Time

	gone bool
}

// Label is a label of a repository. Names are told apart without regard to letter case.
type Label struct {
	ID                       int64
	Name, Color, Description string
}

// Milestone is a milestone of a repository.
type Milestone struct {
	ID        int64
	Number    int
	Title     string
	CreatedAt time.Time
}

// history keeps every version of a record, so that a list can show the past.
type history[T any] []version[T]

type version[T any] struct {
	at    time.Time
	value T
}

func (h history[T]) latest() T { return h[len(h)-1].value }

func (h *history[T]) put(at time.Time, value T) { *h = append(*h, version[T]{at, value}) }

// asOf is the record as it stood at t; false if it was not there yet.
func (h history[T]) asOf(t time.Time) (T, bool) {
	for _, v := range slices.Backward(h) {
		if !v.at.After(t) {
			return v.value, true
		}
	}
	var none T
	return none, false
}

// repository is the state of one repository. Its records are in the order of their making.
type repository struct {
	id          int64
	owner, name string
	issues      []*history[Issue]
	moved       map[int]string // where a transferred issue is now: "owner/name/number"
	comments    []*history[Comment]
	labels      []*history[Label]
	milestones  []Milestone
	assignable  []string
	git         *git
}

func (s *Server) addRepo(fullName string) {
	owner, name, _ := strings.Cut(fullName, "/")
	s.repos = append(s.repos, &repository{
		id:         s.newID(),
		owner:      owner,
		name:       name,
		moved:      map[int]string{},
		assignable: []string{Alice, Ben},
		git:        newGit(),
	})
}

func (r *repository) fullName() string { return r.owner + "/" + r.name }

// issue is the record of a number, or nil. Numbers are dense and start at 1.
func (r *repository) issue(number int) *history[Issue] {
	if number < 1 || number > len(r.issues) {
		return nil
	}
	return r.issues[number-1]
}

func (r *repository) label(name string) *history[Label] {
	for _, h := range r.labels {
		if strings.EqualFold(h.latest().Name, name) {
			return h
		}
	}
	return nil
}

func (r *repository) comment(id int64) *history[Comment] {
	for _, h := range r.comments {
		if h.latest().ID == id {
			return h
		}
	}
	return nil
}

// assignees are those of logins who may be assigned, each once, at most ten, spelled as GitHub spells them, and the rest.
func (r *repository) assignees(logins []string) (may, mayNot []string) {
	for _, login := range logins {
		i := slices.IndexFunc(r.assignable, func(a string) bool { return strings.EqualFold(a, login) })
		switch {
		case i < 0:
			mayNot = append(mayNot, login)
		case !slices.Contains(may, r.assignable[i]) && len(may) < 10:
			may = append(may, r.assignable[i])
		}
	}
	return may, mayNot
}

// association is how a login stands to the repository.
func (r *repository) association(login string) string {
	switch {
	case strings.EqualFold(login, r.owner):
		return "OWNER"
	case slices.Contains(r.assignable, login):
		return "COLLABORATOR"
	}
	return "NONE"
}

// stamp is a time as GitHub keeps it: UTC, whole seconds.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
