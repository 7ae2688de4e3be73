package localtracker_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/syncwell/sitrep/internal/localtracker"
	"github.com/syncwell/sitrep/internal/reconcile"
	"github.com/syncwell/sitrep/internal/systemtest"
)

// harness is a repository in a folder of its own; people edit its files.
type harness struct {
	t    *testing.T
	dir  string
	root *os.Root
}

func newRepository(t *testing.T) *harness {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return &harness{t: t, dir: dir, root: root}
}

func newHarness(t *testing.T) systemtest.Harness { return newRepository(t) }

func (h *harness) System() reconcile.System { return h.open() }

func (h *harness) open() *localtracker.Tracker { return localtracker.Open(h.root).Unsynced() }

func (h *harness) Traits() systemtest.Traits {
	return systemtest.Traits{System: "local", Login: localtracker.Login, NoOutsiders: true}
}

func (h *harness) Issues() []reconcile.Issue {
	h.t.Helper()
	tracker := h.open()
	if _, err := tracker.Read(context.Background()); err != nil {
		h.t.Fatalf("read: %v", err)
	}
	return tracker.Issues()
}

func (h *harness) path(number int) string { return filepath.Join(h.dir, localtracker.FileOf(number)) }

func (h *harness) file(name string) string {
	h.t.Helper()
	b, err := os.ReadFile(filepath.Join(h.dir, name))
	if err != nil {
		h.t.Fatal(err)
	}
	return string(b)
}

func (h *harness) write(name, text string) {
	h.t.Helper()
	name = filepath.Join(h.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) EditIssue(number int, edit func(i *reconcile.Issue)) {
	h.t.Helper()
	text, err := localtracker.Rewrite(number, []byte(h.file(localtracker.FileOf(number))), edit)
	if err != nil {
		h.t.Fatal(err)
	}
	h.write(localtracker.FileOf(number), string(text))
}

func (h *harness) OpenIssue(i reconcile.Issue) int {
	h.t.Helper()
	number := 1
	for _, other := range h.Issues() {
		number = max(number, other.Number+1)
	}
	text, err := localtracker.Rewrite(number, nil, func(next *reconcile.Issue) {
		*next = i
		next.Number, next.State, next.Reason, next.Insider = number, "open", "", true
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.write(localtracker.FileOf(number), string(text))
	return number
}

func (h *harness) Delete(number int) {
	h.t.Helper()
	if err := os.Remove(h.path(number)); err != nil {
		h.t.Fatal(err)
	}
}

func TestSystem(t *testing.T) { systemtest.Run(t, newHarness) }

// TestModel goes through fewer histories than the system in memory does: each step here reads and writes files.
func TestModel(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		_ = checks.Value.Set("25")
		t.Cleanup(func() { _ = checks.Value.Set(checks.DefValue) })
	}
	systemtest.RunModel(t, newHarness)
}

// item is what the records ask for.
func item(n int, due string) reconcile.Resource {
	return reconcile.Resource{
		System: "local", Kind: reconcile.KindIssue, Key: fmt.Sprintf("2025-08-18-api-outage/AI-%d", n), Label: reconcile.LabelAction,
		Rows: []reconcile.Row{{Name: "Post-mortem", Value: "[2025-08-18-api-outage](../../postmortems/2025-08-18-api-outage.md)"}},
		Fields: reconcile.Fields{
			reconcile.Title: fmt.Sprintf("Cap pool %d", n), reconcile.Text: "Cap the pool, ask @\u200bana", reconcile.Owner: "octo-ana",
			reconcile.Due: due, reconcile.Priority: "high", reconcile.Type: "prevent", reconcile.SeverityOf: "SEV-1", reconcile.State: reconcile.StateOpen,
		},
	}
}

// label is a label that the records ask for.
func label(name string) reconcile.Resource {
	return reconcile.Resource{
		System: "local", Kind: reconcile.KindLabel, Key: name, Fields: reconcile.Fields{reconcile.Color: "1f6feb", reconcile.Description: "Kept by sitrep: yes"},
	}
}

func options() reconcile.DiffOptions {
	return reconcile.DiffOptions{System: "local", Trusted: func(login string) bool { return login == localtracker.Login }}
}

// plan reads with a tracker and plans.
func plan(tracker *localtracker.Tracker, desired []reconcile.Resource) (reconcile.Plan, error) {
	actual, err := tracker.Read(context.Background())
	return reconcile.Make(reconcile.Inputs{Desired: slices.Clone(desired), Actual: actual, Diff: options()}), err
}

func apply(tracker *localtracker.Tracker, p reconcile.Plan) reconcile.Result {
	return reconcile.Apply(context.Background(), tracker, p, func(int, int, reconcile.Change, error) {})
}

// run is a clean run: everything works, and nothing is left for a second one.
func (h *harness) run(desired ...reconcile.Resource) {
	h.t.Helper()
	tracker := h.open()
	p, err := plan(tracker, desired)
	if err != nil {
		h.t.Fatal(err)
	}
	if r := apply(tracker, p); !r.Complete() {
		h.t.Fatalf("not complete: %+v", r)
	}
	if p, err = plan(h.open(), desired); err != nil || p.Pending() > 0 {
		h.t.Fatalf("a second plan is not empty: %+v %v", p.Changes, err)
	}
}
