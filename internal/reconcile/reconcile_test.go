package reconcile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/reconcile"
)

var now = time.Date(2025, 8, 25, 12, 0, 0, 0, time.UTC)

func history(actions ...incident.ActionItem) incident.History {
	inc := incident.Incident{ID: "2025-08-18-api", Path: "incidents/2025-08-18-api.md", Title: "API fails", Severity: 1, Status: incident.StatusOver, Kind: incident.KindIncident, Resolution: incident.ResolvedForReal}
	inc.Roles.Commander = "octo-ic"
	inc.Milestones[incident.Resolved] = time.Date(2025, 8, 18, 14, 10, 0, 0, time.UTC)
	return incident.History{
		Incidents:   []incident.Incident{inc},
		Postmortems: []incident.Postmortem{{ID: "2025-08-18-api", Path: "postmortems/2025-08-18-api.md", Incidents: []string{"2025-08-18-api"}, Actions: actions}},
	}
}

func item(id, text string, status incident.ActionStatus) incident.ActionItem {
	return incident.ActionItem{ID: id, Text: text, Owner: "octo-db", Due: calendar.Date{Year: 2025, Month: 9, Day: 1}, Priority: incident.High, Type: incident.Prevent, Status: status}
}

func desired(h incident.History) ([]reconcile.Resource, []reconcile.Change) {
	return reconcile.Desired(h, reconcile.DesiredOptions{System: "test", Config: config.Default(), Now: now})
}

func issuesOf(rs []reconcile.Resource) map[string]reconcile.Resource {
	out := map[string]reconcile.Resource{}
	for _, r := range rs {
		if r.Kind == reconcile.KindIssue {
			out[r.Key] = r
		}
	}
	return out
}

func TestDesiredTakesAcceptedItemsOnly(t *testing.T) {
	rs, reports := desired(history(
		item("AI-1", "Cap the pool", incident.Open), item("AI-2", "Maybe", incident.Proposed), item("AI-3", "Did it", incident.Done), item("AI-4", "Will not", incident.WontDo),
		item("AI-1", "Twice", incident.Open), item("bad|id", "Pipe", incident.Open), item("AI-5", " ", incident.Open),
	))
	issues := issuesOf(rs)
	for key, state := range map[string]string{
		"2025-08-18-api/AI-1": reconcile.StateOpen, "2025-08-18-api/AI-3": reconcile.StateDone, "2025-08-18-api/AI-4": reconcile.StateWontDo,
		"2025-08-18-api/post-mortem": reconcile.StateDone,
	} {
		if got := issues[key].Fields[reconcile.State]; got != state {
			t.Errorf("state of %s is %q, want %q", key, got, state)
		}
	}
	if len(issues) != 4 {
		t.Errorf("%d issues, want 4: %v", len(issues), issues)
	}
	if len(reports) != 3 {
		t.Errorf("%d reports, want the twice given, the untrackable and the empty item: %v", len(reports), reports)
	}
}

func TestDesiredAsksForAPostmortemThatIsOwed(t *testing.T) {
	h := history()
	h.Postmortems = nil
	rs, _ := desired(h)
	got := issuesOf(rs)["2025-08-18-api/post-mortem"]
	want := reconcile.Fields{
		reconcile.Title: "Post-mortem: API fails", reconcile.Owner: "octo-ic", reconcile.Due: "2025-08-21", reconcile.Priority: "", reconcile.SeverityOf: "SEV-1", reconcile.Late: "overdue", reconcile.State: "open",
	}
	for f, v := range want {
		if got.Fields[f] != v {
			t.Errorf("%s is %q, want %q", f, got.Fields[f], v)
		}
	}
	for _, c := range []func(*incident.Incident){
		func(i *incident.Incident) { i.Severity = 2 }, func(i *incident.Incident) { i.Status = incident.Monitoring },
		func(i *incident.Incident) { i.Kind = incident.KindGameDay }, func(i *incident.Incident) { i.Resolution = incident.FalsePositive },
	} {
		other := history()
		other.Postmortems = nil
		c(&other.Incidents[0])
		if rs, _ := desired(other); len(issuesOf(rs)) != 0 {
			t.Errorf("an incident that owes none asks for one: %+v", other.Incidents[0])
		}
	}
}

func TestLateFollowsTheDay(t *testing.T) {
	for day, want := range map[int]string{28: "", 29: "due-soon", 31: "due-soon"} {
		rs, _ := reconcile.Desired(history(item("AI-1", "Cap", incident.Open)), reconcile.DesiredOptions{System: "test", Config: config.Default(), Now: time.Date(2025, 8, day, 23, 59, 0, 0, time.UTC)})
		if got := issuesOf(rs)["2025-08-18-api/AI-1"].Fields[reconcile.Late]; got != want {
			t.Errorf("on 2025-08-%d the item is %q, want %q", day, got, want)
		}
	}
	rs, _ := reconcile.Desired(history(item("AI-1", "Cap", incident.Open)), reconcile.DesiredOptions{System: "test", Config: config.Default(), Now: time.Date(2025, 9, 2, 0, 0, 0, 0, time.UTC)})
	if got := issuesOf(rs)["2025-08-18-api/AI-1"].Fields[reconcile.Late]; got != "overdue" {
		t.Errorf("the day after it is %q, want overdue", got)
	}
}

// compose makes the issue that a create leads to.
func compose(c reconcile.Change) reconcile.Issue {
	i := reconcile.Compose(c, reconcile.Issue{}, func(string) bool { return true })
	i.Number, i.Author = 1, "octo-bot"
	return i
}

func TestComposedIssueReadsAsItWasDesired(t *testing.T) {
	rs, _ := desired(history(item("AI-1", "Cap the *pool* | per `tenant`\nfor @octo and #1 <!-- x -->", incident.Open)))
	want := issuesOf(rs)["2025-08-18-api/AI-1"]
	issue := compose(reconcile.Change{Op: reconcile.Create, System: "test", Kind: reconcile.KindIssue, Key: want.Key, After: want.Fields, Desired: &want})
	got := issue.Resource("test")
	if got.Hash != reconcile.HashKey(want.Key) || got.ItemKey != want.Key || !got.Labelled {
		t.Errorf("identity is lost: %+v\n%s", got, issue.Body)
	}
	for _, f := range reconcile.IssueFields() {
		if reconcile.DigestOf(f, got.Fields[f]) != reconcile.DigestOf(f, want.Fields[f]) || got.Written[f] != reconcile.DigestOf(f, want.Fields[f]) {
			t.Errorf("%s reads %q, want %q\n%s", f, got.Fields[f], want.Fields[f], issue.Body)
		}
	}
	if strings.Count(issue.Body, "<!--") != 1 {
		t.Errorf("want one comment, the marker:\n%s", issue.Body)
	}
}

func TestComposeKeepsWhatPeopleWrote(t *testing.T) {
	rs, _ := desired(history(item("AI-1", "Cap the pool", incident.Open)))
	want := issuesOf(rs)["2025-08-18-api/AI-1"]
	issue := compose(reconcile.Change{Op: reconcile.Create, System: "test", Key: want.Key, After: want.Fields, Desired: &want})
	issue.Body += "\n\nNotes of a person.\n"
	issue.Labels = append(issue.Labels, "team: db")
	issue.Assignees = append(issue.Assignees, "octo-helper")
	next := reconcile.Compose(reconcile.Change{Op: reconcile.Update, System: "test", Key: want.Key, After: reconcile.Fields{reconcile.Due: "2025-10-01"}, Desired: &want}, issue, func(string) bool { return true })
	if !strings.HasSuffix(next.Body, "\n\nNotes of a person.\n") || !strings.Contains(next.Body, "| Due | 2025-10-01 |") {
		t.Errorf("body after an update:\n%s", next.Body)
	}
	if diff := cmp.Diff([]string{"octo-db", "octo-helper"}, next.Assignees); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(strings.Join(next.Labels, ","), "team: db") {
		t.Errorf("labels after an update: %v", next.Labels)
	}
}

func TestPlanFileReadsBack(t *testing.T) {
	rs, reports := desired(history(item("AI-1", "Cap the pool", incident.Open), item("", "No id", incident.Open)))
	plan := reconcile.Make(reconcile.Inputs{Commit: "abc", Target: "octo/ops", Desired: rs, Reports: reports, Diff: reconcile.DiffOptions{System: "test", Trusted: func(string) bool { return true }}})
	var file, again bytes.Buffer
	if err := plan.WriteJSON(&file); err != nil {
		t.Fatal(err)
	}
	back, err := reconcile.ReadPlan(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := back.WriteJSON(&again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(file.String(), again.String()); diff != "" {
		t.Error(diff)
	}
	if moved := reconcile.Moved(back, plan); moved != nil {
		t.Errorf("a plan that was just made is stale: %v", moved)
	}
}

func TestMovedSaysWhat(t *testing.T) {
	make := func(text string) reconcile.Plan {
		rs, _ := desired(history(item("AI-1", text, incident.Open)))
		return reconcile.Make(reconcile.Inputs{Commit: text, Desired: rs, Diff: reconcile.DiffOptions{System: "test", Trusted: func(string) bool { return true }}})
	}
	moved := strings.Join(reconcile.Moved(make("one"), make("two")), "\n")
	for _, want := range []string{"the records moved from commit one to two", "planned otherwise now: create issue 2025-08-18-api/AI-1"} {
		if !strings.Contains(moved, want) {
			t.Errorf("moved says %q, want it to say %q", moved, want)
		}
	}
}

// failing is a system whose changes end as told.
type failing struct {
	errs []error
	n    int
}

func (f *failing) Read(context.Context) ([]reconcile.Resource, error) { return nil, nil }
func (f *failing) Do(context.Context, reconcile.Change) error {
	f.n++
	return f.errs[f.n-1]
}

func TestApplyGoesOnPastOneFailure(t *testing.T) {
	plan := reconcile.Plan{}
	for i := range 5 {
		plan.Changes = append(plan.Changes, reconcile.Change{Op: reconcile.Create, Kind: reconcile.KindIssue, Key: fmt.Sprint(i)})
	}
	plan.Changes = append(plan.Changes, reconcile.Change{Op: reconcile.Report})
	other := errors.New("422")
	for name, c := range map[string]struct {
		errs                  []error
		done, failed, pending int
	}{
		"all well":           {[]error{nil, nil, nil, nil, nil}, 5, 0, 0},
		"one bad":            {[]error{nil, other, nil, nil, nil}, 4, 1, 0},
		"all bad":            {[]error{other, other, other, other, other}, 0, 5, 0},
		"gave up":            {[]error{nil, reconcile.ErrGaveUp}, 1, 1, 3},
		"refused thrice":     {[]error{reconcile.ErrAuth, reconcile.ErrAuth, reconcile.ErrAuth}, 0, 3, 2},
		"refused now and on": {[]error{reconcile.ErrAuth, reconcile.ErrAuth, nil, reconcile.ErrAuth, reconcile.ErrAuth}, 1, 4, 0},
		"unknown":            {[]error{reconcile.ErrUnknownOutcome, nil, nil, nil, nil}, 4, 1, 0},
	} {
		r := reconcile.Apply(t.Context(), &failing{errs: c.errs}, plan, func(int, int, reconcile.Change, error) {})
		if r.Done != c.done || len(r.Failed) != c.failed || r.Pending != c.pending {
			t.Errorf("%s: done %d, failed %d, pending %d, want %d, %d, %d", name, r.Done, len(r.Failed), r.Pending, c.done, c.failed, c.pending)
		}
	}
}

func TestApplyStopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	plan := reconcile.Plan{Changes: make([]reconcile.Change, 3)}
	r := reconcile.Apply(ctx, &failing{errs: []error{nil, nil, nil}}, plan, func(done, _ int, _ reconcile.Change, _ error) {
		if done == 2 {
			cancel()
		}
	})
	if r.Done != 2 || r.Pending != 1 || r.Complete() {
		t.Errorf("%+v, want two done and one pending", r)
	}
}

func BenchmarkPlan5000(b *testing.B) {
	var items []incident.ActionItem
	for i := range 5000 {
		items = append(items, item(fmt.Sprintf("AI-%d", i), fmt.Sprintf("Do thing number %d", i), incident.Open))
	}
	h := history(items...)
	rs, _ := desired(h)
	var actual []reconcile.Resource
	n := 0
	for _, r := range rs {
		if r.Kind == reconcile.KindIssue && r.Fields[reconcile.State] == reconcile.StateOpen {
			n++
			i := compose(reconcile.Change{Op: reconcile.Create, System: "test", Key: r.Key, After: r.Fields, Desired: &r})
			i.Number = n
			actual = append(actual, i.Resource("test"))
		}
	}
	for b.Loop() {
		rs, reports := desired(h)
		plan := reconcile.Make(reconcile.Inputs{Desired: rs, Reports: reports, Actual: actual, Diff: reconcile.DiffOptions{System: "test", Trusted: func(string) bool { return true }}})
		if got := plan.Count(reconcile.Create, reconcile.Update, reconcile.Close) - plan.Count(reconcile.Create); got != 0 {
			b.Fatal(plan.Changes[0])
		}
	}
}
