package localtracker_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/localtracker"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// crash is what stands for the end of a process in the middle of a write.
type crash struct{}

// crashing applies a plan and crashes at a step, counted from 1. It gives the steps that were made.
func (h *harness) crashing(at int, p reconcile.Plan, tracker *localtracker.Tracker) (steps []string) {
	h.t.Helper()
	tracker.OnStep(func(name string) {
		if steps = append(steps, name); len(steps) == at {
			panic(crash{})
		}
	})
	defer func() {
		if r := recover(); r != nil && r != (crash{}) {
			panic(r)
		}
	}()
	if r := apply(tracker, p); !r.Complete() {
		h.t.Errorf("not complete: %+v", r)
	}
	return steps
}

// crashes are runs that write: what was there before, and what is desired.
var crashes = []struct {
	name    string
	before  []reconcile.Resource
	people  func(h *harness)
	desired []reconcile.Resource
}{
	{"first issue", nil, nil, []reconcile.Resource{item(1, "2025-09-01")}},
	{"label and two issues", []reconcile.Resource{item(1, "2025-09-01")}, nil, []reconcile.Resource{label("overdue"), item(1, "2025-09-01"), item(2, ""), item(3, "")}},
	{"update", []reconcile.Resource{item(1, "2025-09-01")}, nil, []reconcile.Resource{item(1, "2025-10-01")}},
	{"close", []reconcile.Resource{item(1, "2025-09-01")}, nil, []reconcile.Resource{decided(item(1, "2025-10-01"))}},
	{"twin", []reconcile.Resource{item(1, "2025-09-01")}, func(h *harness) {
		h.write(localtracker.FileOf(2), strings.ReplaceAll(h.file(localtracker.FileOf(1)), "number: 1", "number: 2"))
	}, []reconcile.Resource{item(1, "2025-09-01")}},
}

func decided(r reconcile.Resource) reconcile.Resource {
	r.Fields[reconcile.State] = reconcile.StateDone
	return r
}

// TestCrash stops a run at every step. Each file is the old one or the new one, and one clean run later everything is as if
// nothing had happened.
func TestCrash(t *testing.T) {
	for _, c := range crashes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			prepare := func() (*harness, *localtracker.Tracker, reconcile.Plan) {
				h := newRepository(t)
				h.run(c.before...)
				if c.people != nil {
					c.people(h)
				}
				tracker := h.open()
				p, err := plan(tracker, c.desired)
				if err != nil {
					t.Fatal(err)
				}
				return h, tracker, p
			}
			calm, tracker, p := prepare()
			before := calm.tree()
			steps := calm.crashing(0, p, tracker)
			if len(steps) < 5 {
				t.Fatalf("steps %q, want those of a write", steps)
			}
			for at, step := range steps {
				h, tracker, p := prepare()
				h.crashing(at+1, p, tracker)
				where := fmt.Sprintf("crashed at step %d, %s", at+1, step)
				h.oldOrNew(where, before, calm.tree())
				h.run(c.desired...)
				if d := cmp.Diff(contents(calm.Issues()), contents(h.Issues())); d != "" {
					t.Errorf("%s: after a clean run (-without crash +with):\n%s", where, d)
				}
				h.swept(where, c.desired)
			}
		})
	}
}

// contents are issues without their numbers, of which a crash may use one up.
func contents(issues []reconcile.Issue) []reconcile.Issue {
	for n := range issues {
		issues[n].Number = 0
	}
	return issues
}

// tree is every file but temporary ones.
func (h *harness) tree() map[string]string {
	h.t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(h.root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Ext(name) != ".tmp" {
			out[name] = h.file(name)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// oldOrNew holds that no file is half written: its content is one that a run leaves.
func (h *harness) oldOrNew(where string, old, after map[string]string) {
	h.t.Helper()
	for name, text := range h.tree() {
		allowed := []string{old[name], after[name]}
		if name == ".sitrep/next" || name == ".sitrep/labels.yml" {
			if !strings.HasSuffix(text, "\n") {
				h.t.Errorf("%s: %s ends in the middle: %q", where, name, text)
			}
			continue // several writes of one run change these
		}
		if text == "" || !slices.Contains(allowed, text) {
			h.t.Errorf("%s: %s is neither old nor new: %q", where, name, text)
		}
	}
}

// swept holds that what a crash left behind goes with the next write, once it is too old to be somebody's.
func (h *harness) swept(where string, desired []reconcile.Resource) {
	h.t.Helper()
	for _, name := range h.temps() {
		long := time.Unix(0, 0)
		if err := os.Chtimes(name, long, long); err != nil {
			h.t.Fatal(err)
		}
	}
	h.run(append(slices.Clone(desired), item(9, "2025-09-01"))...)
	if left := h.temps(); len(left) > 0 {
		h.t.Errorf("%s: left behind: %q", where, left)
	}
}

func (h *harness) temps() []string {
	h.t.Helper()
	var out []string
	for _, dir := range []string{".sitrep", ".sitrep/issues"} {
		names, err := filepath.Glob(filepath.Join(h.dir, dir, ".*.tmp"))
		if err != nil {
			h.t.Fatal(err)
		}
		out = append(out, names...)
	}
	return out
}

func TestYoungTempsStay(t *testing.T) {
	h := newRepository(t)
	h.run(item(1, ""))
	h.write(".sitrep/issues/.sitrep-abc.tmp", "another run is writing this")
	h.run(item(1, "2025-09-01"))
	if n := len(h.temps()); n != 1 {
		t.Errorf("%d temporary files, want the other run's", n)
	}
}
