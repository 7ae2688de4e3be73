package githubapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubapi"
	gt "github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// lies are answers to a read by which an issue that is there seems not to be. With lists that are late there is then no way to know,
// and a twin is opened; the next run closes it.
var lies = []gt.Kind{gt.NotFound, gt.Gone, gt.Redirect}

// TestChaos: whatever goes wrong in any request, while lists are late and with a cache that comes and goes, each item gets one issue,
// and once things are well a run brings everything up to date and the next has nothing to do.
func TestChaos(t *testing.T) {
	kinds := slices.DeleteFunc(gt.Kinds(), func(k gt.Kind) bool {
		return k == gt.Hang || k == gt.HangAfter || k == gt.HugeBody || k == gt.PageShift // slow, slow, slow, and not for every path
	})
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, gt.WithListLag(5*time.Minute))
			m := &memory{}
			w.cfg.Cache, w.cfg.Transport, w.cfg.Budget = m, oneByOne, 1000*time.Hour
			random := gt.Random(seed, 0.25, kinds...)
			w.s.InjectFunc(func(r gt.Request) gt.Fault {
				f := random(r)
				if !r.IsWrite() && slices.Contains(lies, f.Kind) {
					return gt.Fault{}
				}
				return f
			})
			want := items(6)
			for run := range 6 {
				if run == int(seed%6) {
					m.data = nil
				}
				want[run] = with(want[run], reconcile.Due, "2025-12-24")
				w.badRun(want)
				w.s.Advance(time.Minute)
			}
			w.s.Heal()
			w.s.Advance(10 * time.Minute)
			w.badRun(want)
			w.s.Advance(10 * time.Minute)
			w.fresh()
			same(t, "changes in the end", len(w.plan(want...)), 0)
			same(t, "issues", len(w.s.Issues(gt.Repo)), len(want))
			for _, i := range w.s.Issues(gt.Repo) {
				same(t, "due", strings.Contains(i.Body, "| Due | 2025-12-24 |"), true)
			}
			same(t, "requests to another host", len(w.s.Elsewhere()), 0)
		})
	}
}

// badRun is a run of which nothing is expected but that no request but a limited one is sent too early.
func (w *world) badRun(want []reconcile.Resource) {
	w.Helper()
	w.fresh()
	actual, err := w.c.Read(w.Context())
	if err != nil {
		return
	}
	changes := reconcile.Diff(want, actual, reconcile.DiffOptions{System: githubapi.System, Trusted: w.c.Trusted})
	reconcile.Apply(w.Context(), w.c, reconcile.Plan{Changes: changes}, func(int, int, reconcile.Change, error) {})
}
