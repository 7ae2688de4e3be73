package localtracker_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/syncwell/sitrep/internal/localtracker"
	"github.com/syncwell/sitrep/internal/reconcile"
)

const repetitions = 50

// TestAtOnce lets several runs that planned the same apply it at once. One clean run later there is one open issue for each item,
// and it says what is desired.
func TestAtOnce(t *testing.T) {
	for _, runs := range []int{2, 8} {
		t.Run(fmt.Sprint(runs), func(t *testing.T) {
			t.Parallel()
			for range repetitions {
				h := newRepository(t)
				for _, due := range []string{"2025-09-01", "2025-10-01"} {
					desired := []reconcile.Resource{label("overdue"), item(1, due), item(2, due)}
					h.atOnce(runs, desired)
					h.run(desired...)
					h.converged(due, 2)
				}
			}
		})
	}
}

// TestNumbersAtOnce: runs that create different issues at once never take each other's number.
func TestNumbersAtOnce(t *testing.T) {
	for range 10 {
		h := newRepository(t)
		const runs = 4
		var done sync.WaitGroup
		for n := range runs {
			done.Go(func() {
				tracker := h.open()
				p, err := plan(tracker, []reconcile.Resource{item(2*n, "2025-09-01"), item(2*n+1, "2025-09-01")})
				if err != nil {
					t.Error(err)
				}
				if r := apply(tracker, p); !r.Complete() {
					t.Errorf("%+v", r)
				}
			})
		}
		done.Wait()
		h.converged("2025-09-01", 2*runs)
		if got := len(h.Issues()); got != 2*runs {
			t.Fatalf("%d issues, want %d", got, 2*runs)
		}
	}
}

// atOnce applies in several runs that have all read before one of them writes.
func (h *harness) atOnce(runs int, desired []reconcile.Resource) {
	h.t.Helper()
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for range runs {
		ready.Add(1)
		done.Go(func() {
			tracker := h.open()
			p, err := plan(tracker, desired)
			ready.Done()
			if err != nil {
				h.t.Error(err)
				return
			}
			<-start
			for _, f := range apply(tracker, p).Failed {
				if !errors.Is(f.Err, localtracker.ErrChanged) {
					h.t.Errorf("a run at the same time: %v", f.Err)
				}
			}
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

// converged holds that each of n items has one open issue, and that all say the due date.
func (h *harness) converged(due string, n int) {
	h.t.Helper()
	open, numbers := map[string]int{}, map[int]bool{}
	for _, i := range h.Issues() {
		r := i.Resource("local")
		if numbers[i.Number] {
			h.t.Errorf("two issues with number %d", i.Number)
		}
		numbers[i.Number] = true
		if i.State == "open" {
			open[r.ItemKey]++
			if r.Fields[reconcile.Due] != due {
				h.t.Errorf("#%d is due %q, want %q", i.Number, r.Fields[reconcile.Due], due)
			}
		}
	}
	for k, count := range open {
		if count != 1 {
			h.t.Errorf("%d open issues of %s", count, k)
		}
	}
	if len(open) != n {
		h.t.Errorf("open issues of %d items, want %d", len(open), n)
	}
}

// TestChangedMeanwhile: what somebody saved between reading and writing is not overwritten.
func TestChangedMeanwhile(t *testing.T) {
	for _, c := range []struct {
		name  string
		while func(h *harness)
	}{
		{"edited", func(h *harness) { h.EditIssue(1, func(i *reconcile.Issue) { i.Body += "\nmy words\n" }) }},
		{"deleted", func(h *harness) { h.Delete(1) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newRepository(t)
			h.run(item(1, "2025-09-01"))
			tracker := h.open()
			p, err := plan(tracker, []reconcile.Resource{item(1, "2025-10-01")})
			if err != nil {
				t.Fatal(err)
			}
			c.while(h)
			before := h.tree()
			r := apply(tracker, p)
			if len(r.Failed) != 1 || !errors.Is(r.Failed[0].Err, localtracker.ErrChanged) {
				t.Errorf("result %+v, want one change that failed because of the other", r)
			}
			if after := h.tree(); fmt.Sprint(before) != fmt.Sprint(after) {
				t.Errorf("files changed: %v, were %v", after, before)
			}
			if n := len(h.temps()); n > 0 {
				t.Errorf("%d temporary files are left", n)
			}
			h.run(item(1, "2025-10-01"))
			h.converged("2025-10-01", 1)
		})
	}
}
