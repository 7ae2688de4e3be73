// Package reconcile owns what should be true outside the repository: it tells what is desired, compares it with what is there,
// makes a plan that a person can read, and applies it.
//
// Desired and Diff are pure; Apply is the only mutator and acts through a System. There is no ledger of what was sent: every
// resource carries its key and digests of what was last written, so that a lost or repeated run can change when something
// happens, never whether or how often. What a person changed outside is never overwritten.
package reconcile

import (
	"cmp"
	"context"
	"slices"
)

// Kinds of resource.
const (
	KindIssue = "issue"
	KindLabel = "label"
)

// Fields of an issue, all as text. A label has Color and Description.
const (
	Title       = "title"
	Text        = "text"     // Markdown
	Owner       = "owner"    // login without the @
	Due         = "due"      // YYYY-MM-DD
	Priority    = "priority" // high, medium, low
	Type        = "type"     // prevent, detect, mitigate, process
	SeverityOf  = "severity" // SEV-1
	Late        = "late"     // overdue, due-soon or empty
	State       = "state"    // open, done or wont_do
	Color       = "color"    // RRGGBB
	Description = "description"
)

// States of an issue.
const (
	StateOpen   = "open"
	StateDone   = "done"
	StateWontDo = "wont_do"
)

// issueFields lists the fields that are compared, in the order in which digests and plans show them.
var issueFields = []string{Title, Text, Owner, Due, Priority, Type, SeverityOf, Late, State}

// Fields are a resource's values by name. A name that is missing is the same as an empty value.
type Fields map[string]string

// Resource is one thing outside the repository, desired or actual.
type Resource struct {
	System string
	Kind   string
	Key    string // who it is: "<post-mortem id>/AI-1", "<incident id>/post-mortem", a label's name
	Fields Fields

	// Of a desired issue.
	Aliases []string // keys that it had under former ids
	Rows    []Row    // what the issue shows and nobody compares: links to the records
	Label   string   // the label of its kind: action-item or post-mortem

	// Of an actual issue.
	Number   int
	Hash     string            // the key's hash in its marker; "" where it has no marker
	Written  map[string]string // digest of each field as last written by us
	Author   string            // login that opened it
	Insider  bool              // the author may write to the repository or is a bot
	ItemKey  string            // the key that the body shows, for an issue whose marker is gone
	Labelled bool              // carries our label
}

// Row is a line of the table in an issue's body.
type Row struct{ Name, Value string }

// Op is what a change does.
type Op string

// The operations. A Report changes nothing: it is for a person to look at.
const (
	Create  Op = "create"
	Update  Op = "update"
	Close   Op = "close"
	Reopen  Op = "reopen"
	Comment Op = "comment"
	Report  Op = "report"
)

// Change is one step of a plan. After holds the fields to write: all of them for a create, the changed ones otherwise; Before
// holds what stood there.
type Change struct {
	Op     Op
	System string
	Kind   string
	Key    string
	Number int // 0 for a create
	Title  string
	Before Fields
	After  Fields
	Reason string

	Desired *Resource // what the change leads to; nil for a twin, an orphan and a report
	TwinOf  int       // of a close: the canonical issue
	Remark  bool      // puts back a marker that a person took off
}

// System is a tracker, a chat, a status page: something that holds resources of ours. Read gives all that may be ours; Do carries
// out one change, at most once.
type System interface {
	Read(ctx context.Context) ([]Resource, error)
	Do(ctx context.Context, c Change) error
}

// Plan is what would change, in the order in which it is carried out.
type Plan struct {
	Commit       string // of the repository; "" for a work tree without one
	InputsDigest string // of everything that the plan was made from
	Target       string // what a person calls the systems: "acme/ops (tracker github)"
	Changes      []Change
}

// Count is the number of changes with one of the operations.
func (p Plan) Count(ops ...Op) int {
	n := 0
	for _, c := range p.Changes {
		if slices.Contains(ops, c.Op) {
			n++
		}
	}
	return n
}

// Pending is the number of changes that would write something.
func (p Plan) Pending() int { return len(p.Changes) - p.Count(Report) }

// order of operations in a plan: labels first because issues carry them, reports last.
var opOrder = []Op{Create, Update, Reopen, Close, Comment, Report}

func sortChanges(changes []Change) {
	rank := func(c Change) int {
		if c.Kind == KindLabel {
			return -1
		}
		return slices.Index(opOrder, c.Op)
	}
	slices.SortStableFunc(changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Reason, b.Reason))
	})
}

// IssueFields lists the fields of an issue in the order in which they are shown.
func IssueFields() []string { return slices.Clone(issueFields) }
