package systemtest

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// run is a clean run, and everything that must hold after it.
func (m *model) run(t *rapid.T) {
	before := m.look()
	sys, plan := m.read()
	homes := map[string]int{}
	for key, r := range m.items {
		homes[key] = m.settle(r, before)
	}
	result := reconcile.Apply(context.Background(), sys, plan, func(int, int, reconcile.Change, error) {})
	for _, f := range result.Failed {
		t.Fatalf("%v", f.Err)
	}
	_, second := m.read()
	if second.Pending() > 0 {
		t.Fatalf("a second plan is not empty: %s\nthe first was: %s", say(second.Changes), say(plan.Changes))
	}
	after := m.look()
	untouched(t, before, after, plan)
	for _, key := range slices.Sorted(maps.Keys(m.items)) {
		r := m.items[key]
		m.check(t, r, homes[key], len(m.ours(r, before)), after)
		if ours := m.ours(r, after); len(ours) > 0 {
			m.fields(t, r, ours[0], second)
		}
	}
}

// sight is an issue with what it says.
type sight struct {
	reconcile.Issue
	says reconcile.Resource
}

func (m *model) look() []sight {
	var out []sight
	for _, i := range m.h.Issues() {
		out = append(out, sight{i, i.Resource(m.traits.System)})
	}
	return out
}

// ours lists the issues that we opened for an item, under its key or a former one, by number.
func (m *model) ours(r reconcile.Resource, issues []sight) []sight {
	hashes := []string{reconcile.HashKey(r.Key)}
	for _, a := range r.Aliases {
		if _, taken := m.items[a]; !taken {
			hashes = append(hashes, reconcile.HashKey(a))
		}
	}
	var out []sight
	for _, i := range issues {
		if i.Author == m.traits.Login && slices.Contains(hashes, i.says.Hash) {
			out = append(out, i)
		}
	}
	return out
}

// settle works out what a run makes of people's edits of an item's issue: what the file agrees with is the file's again, except
// that a person's decision to close stays one. It gives the issue's number, 0 where there is none.
func (m *model) settle(r reconcile.Resource, before []sight) int {
	ours := m.ours(r, before)
	if len(ours) == 0 {
		return 0
	}
	for _, twin := range ours[1:] {
		if twin.State == "open" {
			delete(m.edits[twin.Number], reconcile.State) // we close it, whoever re-opened it
		}
	}
	edits := m.edits[ours[0].Number]
	for f, e := range edits {
		goal := r.Fields[f]
		decided := f == reconcile.State && e.theirs != reconcile.StateOpen
		if e.theirs == goal && !decided || f == reconcile.State && m.reopen && goal == reconcile.StateOpen {
			delete(edits, f)
		}
	}
	return ours[0].Number
}

// untouched holds that an issue that no change names is as it was.
func untouched(t *rapid.T, before, after []sight, plan reconcile.Plan) {
	changed := map[int]bool{}
	for _, c := range plan.Changes {
		if c.Op != reconcile.Report {
			changed[c.Number] = true
		}
	}
	for _, was := range before {
		at := slices.IndexFunc(after, func(i sight) bool { return i.Number == was.Number })
		if is := after[at]; !changed[was.Number] && !reflect.DeepEqual(was.Issue, is.Issue) {
			t.Fatalf("#%d changed although no change names it:\n%+v\n%+v", was.Number, was.Issue, is.Issue)
		}
	}
}

// check holds what must be true of an item after a clean run. It had home, one of several issues, or none.
func (m *model) check(t *rapid.T, r reconcile.Resource, home, several int, after []sight) {
	ours := m.ours(r, after)
	switch {
	case home != 0 && (len(ours) != several || ours[0].Number != home):
		t.Fatalf("%s had #%d of %d issues, now there are %+v", r.Key, home, several, ours)
	case home == 0 && r.Fields[reconcile.State] != reconcile.StateOpen && len(ours) > 0:
		t.Fatalf("%s is decided and was created: %+v", r.Key, ours)
	case home == 0 && r.Fields[reconcile.State] == reconcile.StateOpen && len(ours) == 0 && !m.excused(r, after):
		t.Fatalf("%s was not created and no issue says the same", r.Key)
	case home == 0 && len(ours) > 1:
		t.Fatalf("%s was created more than once: %+v", r.Key, ours)
	}
	for _, twin := range ours[min(1, len(ours)):] {
		if twin.State != "closed" {
			t.Fatalf("#%d is a twin of #%d and open", twin.Number, ours[0].Number)
		}
	}
}

// fields holds that an issue says what the file says, except where a person has the word, which is reported.
func (m *model) fields(t *rapid.T, r reconcile.Resource, i sight, second reconcile.Plan) {
	is := i.says.Fields
	for _, f := range reconcile.IssueFields() {
		want := r.Fields[f]
		e, held := m.edits[i.Number][f]
		if held {
			want = e.theirs
		}
		if is[f] != want {
			t.Fatalf("#%d shows %s %q, want %q (the file says %q, a person's edit: %v %+v)", i.Number, f, is[f], want, r.Fields[f], held, e)
		}
		reported := slices.ContainsFunc(second.Changes, func(c reconcile.Change) bool {
			return c.Op == reconcile.Report && c.Number == i.Number && (strings.HasPrefix(c.Reason, f+" ") || f == reconcile.State)
		})
		if held && want != r.Fields[f] && !reported {
			t.Fatalf("#%d: nobody is told that %s is %q and the file says %q: %s", i.Number, f, want, r.Fields[f], say(second.Changes))
		}
	}
}

// excused tells whether an orphan of ours says the same as an item: its record was probably renamed, and a person is asked.
func (m *model) excused(r reconcile.Resource, after []sight) bool {
	wanted := map[string]bool{}
	for key, other := range m.items {
		wanted[reconcile.HashKey(key)] = true
		for _, a := range other.Aliases {
			wanted[reconcile.HashKey(a)] = true
		}
	}
	_, id, _ := strings.Cut(r.Key, "/")
	for _, i := range after {
		o := i.says
		_, oldID, _ := strings.Cut(o.ItemKey, "/")
		same := o.Fields[reconcile.Title] == r.Fields[reconcile.Title] || id == oldID && o.Fields[reconcile.Text] == r.Fields[reconcile.Text]
		if o.Hash != "" && !wanted[o.Hash] && o.Author == m.traits.Login && same {
			return true
		}
	}
	return false
}
