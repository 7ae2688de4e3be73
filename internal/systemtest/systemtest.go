// Package systemtest owns what every reconcile.System has to do: a suite of examples, a property over random histories, and a
// system in memory that passes both.
//
// It refuses to know a system by name. What one cannot do stands in its Traits; everything else goes through reconcile.System
// and through what people can do to issues.
package systemtest

import (
	"testing"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// Harness is one system that holds nothing yet, and the people around it. Its methods fail the test themselves.
type Harness interface {
	// System is a client as a new run has it.
	System() reconcile.System
	Traits() Traits

	// Issues gives all issues there are, by number, as people see them.
	Issues() []reconcile.Issue
	// OpenIssue opens an issue in the name of i.Author, who is an insider or not, and gives its number.
	OpenIssue(i reconcile.Issue) int
	// EditIssue lets a person change an issue.
	EditIssue(number int, edit func(i *reconcile.Issue))
	Delete(number int)
}

// Traits are what differs between systems.
type Traits struct {
	System       string // the name that its resources carry
	Login        string // ours; the suite trusts no other
	Unassignable string // a login that cannot be assigned; "" where everybody can
	NoOutsiders  bool   // whoever can open an issue is an insider
	NoDelete     bool   // issues cannot be deleted
	Bulk         int    // how many items are created in one go; 0 means 300
}

// The people. Every system can assign the first four; ben, cay and zoe are insiders, the outsider is none.
const (
	Ana      = "octo-ana"
	Ben      = "octo-ben"
	Cay      = "octo-cay"
	Zoe      = "octo-zoe"
	Outsider = "octo-passer-by"
)

// example is one test of the suite.
type example struct {
	name string
	run  func(w *world)
}

// Run runs the suite. Each example has a harness of its own.
func Run(t *testing.T, newHarness func(t *testing.T) Harness) {
	t.Helper()
	for _, group := range []struct {
		name     string
		examples []example
	}{
		{"create", creating()},
		{"update", updating()},
		{"edit", editing()},
		{"state", closing()},
		{"people", peoples()},
		{"identity", identities()},
		{"hostile", hostilities()},
	} {
		for _, e := range group.examples {
			t.Run(group.name+"/"+e.name, func(t *testing.T) {
				t.Parallel()
				h := newHarness(t)
				e.run(&world{T: t, h: h, traits: h.Traits()})
			})
		}
	}
}
