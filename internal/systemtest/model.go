package systemtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// RunModel holds, over random histories of edits of the records, edits by people, runs that are cut short and runs at once, that
// one clean run later there is one issue for each item, a second plan writes nothing, and what people changed is theirs.
func RunModel(t *testing.T, newHarness func(t *testing.T) Harness) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{
			T: rt, h: newHarness(t), reopen: rapid.Bool().Draw(rt, "reopen"),
			items: map[string]reconcile.Resource{}, edits: map[int]map[string]touched{},
		}
		m.traits = m.h.Traits()
		rt.Repeat(map[string]func(*rapid.T){
			"add":     m.add,
			"change":  m.change,
			"decide":  m.decide,
			"remove":  m.remove,
			"restore": m.restore,
			"rename":  m.rename,
			"person":  m.person,
			"agree":   m.agree,
			"forge":   m.forge,
			"delete":  m.deleteIssue,
			"trouble": m.trouble,
			"run":     m.run,
		})
		m.run(rt)
	})
}

// model is what the records say, and what is known to be people's.
type model struct {
	*rapid.T
	h      Harness
	traits Traits
	reopen bool

	items   map[string]reconcile.Resource // by key
	removed []reconcile.Resource
	made    int                        // items ever made
	edits   map[int]map[string]touched // by issue and field
}

// touched is a field that a person changed: what we last wrote, and what it is now.
type touched struct{ ours, theirs string }

func (m *model) desired() []reconcile.Resource {
	var items []reconcile.Resource
	for _, k := range slices.Sorted(maps.Keys(m.items)) {
		items = append(items, m.items[k])
	}
	return wanted(m.traits.System, items)
}

func (m *model) options() reconcile.DiffOptions {
	return reconcile.DiffOptions{System: m.traits.System, Reopen: m.reopen, Trusted: func(l string) bool { return l == m.traits.Login }}
}

func (m *model) read() (reconcile.System, reconcile.Plan) {
	sys := m.h.System()
	actual, err := sys.Read(context.Background())
	if err != nil {
		m.Fatalf("read: %v", err)
	}
	return sys, reconcile.Make(reconcile.Inputs{Desired: m.desired(), Actual: actual, Diff: m.options()})
}

func (m *model) pick(t *rapid.T) reconcile.Resource {
	keys := slices.Sorted(maps.Keys(m.items))
	if len(keys) == 0 {
		t.Skip("no items")
	}
	return m.items[rapid.SampledFrom(keys).Draw(t, "key")]
}

// values are what a field can become. Nobody is ever unassigned by the file, because then any assignee would be an owner.
var values = map[string][]string{
	reconcile.Owner:      {Ana, Ben, Cay},
	reconcile.Due:        {"", "2025-09-01", "2025-10-01"},
	reconcile.Priority:   {"", "high", "low"},
	reconcile.Type:       {"", "prevent", "detect"},
	reconcile.SeverityOf: {"", "SEV-1", "SEV-2"},
	reconcile.Late:       {"", reconcile.LabelOverdue, reconcile.LabelDueSoon},
	reconcile.State:      {reconcile.StateOpen, reconcile.StateOpen, reconcile.StateDone, reconcile.StateWontDo},
}

// draw picks a field and a value.
func draw(t *rapid.T, about string) (field, value string) {
	field = rapid.SampledFrom(reconcile.IssueFields()).Draw(t, "field")
	return field, drawValue(t, field, about)
}

// drawValue picks a value; titles and texts name the item, so that no two items say the same.
func drawValue(t *rapid.T, field, about string) string {
	choice := values[field]
	if choice == nil {
		choice = []string{field + " a of " + about, field + " b of " + about, field + " c of " + about}
	}
	return rapid.SampledFrom(choice).Draw(t, "value")
}

func (m *model) add(*rapid.T) {
	m.made++
	r := item(m.made)
	m.items[r.Key] = r
}

func (m *model) change(t *rapid.T) {
	r := m.pick(t)
	field, value := draw(t, r.Key)
	m.items[r.Key] = with(r, field, value)
}

func (m *model) decide(t *rapid.T) {
	r := m.pick(t)
	m.items[r.Key] = with(r, reconcile.State, rapid.SampledFrom(values[reconcile.State]).Draw(t, "state"))
}

func (m *model) remove(t *rapid.T) {
	r := m.pick(t)
	delete(m.items, r.Key)
	m.removed = append(m.removed, r)
}

func (m *model) restore(t *rapid.T) {
	if len(m.removed) == 0 {
		t.Skip("nothing removed")
	}
	r := m.removed[len(m.removed)-1]
	m.removed = m.removed[:len(m.removed)-1]
	m.items[r.Key] = r
}

// rename gives the record of an item another name, with or without a word about it.
func (m *model) rename(t *rapid.T) {
	r := m.pick(t)
	delete(m.items, r.Key)
	m.made++
	old := r.Key
	r.Key = fmt.Sprintf("renamed-%d/AI-1", m.made)
	if rapid.Bool().Draw(t, "formerly") {
		r.Aliases = append(slices.Clone(r.Aliases), old)
	} else {
		r.Aliases = nil
	}
	m.items[r.Key] = r
}

// person changes a field of an issue.
func (m *model) person(t *rapid.T) {
	i := m.pickIssue(t)
	field, value := draw(t, fmt.Sprint("issue ", i.Number))
	m.touch(i, field, value)
}

// touch changes an issue and remembers what is people's now.
func (m *model) touch(i reconcile.Issue, field, value string) {
	before := i.Resource(m.traits.System).Fields
	m.h.EditIssue(i.Number, func(i *reconcile.Issue) { retouch[field](i, value) })
	after := m.issue(i.Number).Resource(m.traits.System).Fields
	if m.edits[i.Number] == nil {
		m.edits[i.Number] = map[string]touched{}
	}
	edits := m.edits[i.Number]
	for _, f := range reconcile.IssueFields() {
		was, again := edits[f]
		switch {
		case before[f] == after[f]:
		case !again:
			edits[f] = touched{before[f], after[f]}
		case was.ours == after[f]:
			delete(edits, f)
		default:
			edits[f] = touched{was.ours, after[f]}
		}
	}
}

// agree lets a person change an issue, the record follow, and then the record move on alone.
func (m *model) agree(t *rapid.T) {
	r := m.pick(t)
	ours := m.ours(r, m.look())
	if len(ours) == 0 {
		t.Skip("no issue")
	}
	about := fmt.Sprint("issue ", ours[0].Number)
	field, value := draw(t, about)
	m.touch(ours[0].Issue, field, value)
	for f, e := range m.edits[ours[0].Number] {
		r = with(r, f, e.theirs)
	}
	m.items[r.Key] = r
	m.run(t)
	m.items[r.Key] = with(r, field, drawValue(t, field, about))
}

func (m *model) pickIssue(t *rapid.T) reconcile.Issue {
	all := m.h.Issues()
	if len(all) == 0 {
		t.Skip("no issues")
	}
	return rapid.SampledFrom(all).Draw(t, "issue")
}

func (m *model) issue(number int) reconcile.Issue {
	all := m.h.Issues()
	return all[slices.IndexFunc(all, func(i reconcile.Issue) bool { return i.Number == number })]
}

// forge lets an outsider open an issue that looks like one of ours.
func (m *model) forge(t *rapid.T) {
	if m.traits.NoOutsiders {
		t.Skip("no outsiders")
	}
	i := m.pickIssue(t)
	i.Author, i.Insider = Outsider, false
	m.h.OpenIssue(i)
}

func (m *model) deleteIssue(t *rapid.T) {
	if m.traits.NoDelete {
		t.Skip("issues cannot be deleted")
	}
	n := m.pickIssue(t).Number
	m.h.Delete(n)
	delete(m.edits, n)
}

// trouble is a run that does not go well: cut short, or with answers lost, or two at once. What became of it is for the next
// clean run to find out, so one follows.
func (m *model) trouble(t *rapid.T) {
	kind := rapid.SampledFrom([]string{"cut short", "answers lost", "two at once"}).Draw(t, "trouble")
	sys, plan := m.read()
	other, same := m.read()
	for _, c := range plan.Changes {
		if c.Op == reconcile.Report {
			continue
		}
		if kind == "cut short" && rapid.IntRange(0, 3).Draw(t, "cut") == 0 {
			break
		}
		if kind == "answers lost" && rapid.Bool().Draw(t, "lost on the way there") {
			continue
		}
		if err := sys.Do(context.Background(), c); err != nil {
			t.Fatalf("%s %s: %v", c.Op, c.Key, err)
		}
	}
	if kind == "two at once" {
		for _, c := range same.Changes {
			if c.Op != reconcile.Report {
				_ = other.Do(context.Background(), c) // the second may find that an issue changed meanwhile
			}
		}
	}
	m.run(t)
}
