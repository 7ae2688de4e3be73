package githubapi_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubapi"
	gt "github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// limits are all ways in which GitHub says that it is too much, and how long each asks to wait.
var limits = []struct {
	name  string
	fault gt.Fault
	wait  time.Duration
}{
	{"primary", gt.Fault{Kind: gt.PrimaryLimit, RetryAfter: 5 * time.Minute}, 5*time.Minute + time.Second},
	{"primary as 429", gt.Fault{Kind: gt.PrimaryLimit, Status: 429, RetryAfter: 5 * time.Minute}, 5*time.Minute + time.Second},
	{"secondary with a time", gt.Fault{Kind: gt.SecondaryAfter, RetryAfter: 42 * time.Second}, 42 * time.Second},
	{"secondary", gt.Fault{Kind: gt.Secondary}, time.Minute},
	{"429 with a time", gt.Fault{Kind: gt.TooManyAfter, RetryAfter: 90 * time.Second}, 90 * time.Second},
	{"429", gt.Fault{Kind: gt.TooMany}, time.Minute},
	{"abuse", gt.Fault{Kind: gt.AbuseLimit}, time.Minute},
	{"another documentation", gt.Fault{Kind: gt.OtherLimit}, time.Minute},
	{"429 without a word", gt.Fault{Kind: gt.Answer, Status: 429, Body: "slow down"}, time.Minute},
	{"as a date", gt.Fault{Kind: gt.TooMany, Header: http.Header{"Retry-After": {gt.Epoch.Add(3 * time.Minute).Format(http.TimeFormat)}}}, 3 * time.Minute},
}

// TestLimits: a limit is waited for, no request is sent before its time, and what was refused is sent again once.
func TestLimits(t *testing.T) {
	for _, method := range []string{"GET", "POST", "PATCH"} {
		for _, l := range limits {
			t.Run(method+" "+l.name, func(t *testing.T) {
				w := newWorld(t)
				ch := changed(w, later())
				if method == "POST" {
					ch = create(item(2))
				}
				w.s.Inject(gt.Rule{Method: method, Path: "/issues", Nth: 1, Fault: l.fault})
				if err := w.c.Do(w.Context(), ch); err != nil {
					t.Fatal(err)
				}
				all := w.s.Requests()
				at := slices.IndexFunc(all, func(r gt.Request) bool { return r.Fault != "" })
				same(t, "the next request", all[at+1].Method+" "+all[at+1].Path, all[at].Method+" "+all[at].Path)
				same(t, "time to it", all[at+1].At.Sub(all[at].At), l.wait)
				same(t, "writes that were carried out", committed(w), 1)
				same(t, "waits", w.clock.total(), l.wait)
				same(t, "said", len(w.said) == 1 && strings.HasPrefix(w.said[0], "waiting ") && strings.HasSuffix(w.said[0], " for GitHub's rate limit"), true)
			})
		}
	}
}

func committed(w *world) int {
	n := 0
	for _, r := range w.s.Writes() {
		if r.Committed {
			n++
		}
	}
	return n
}

// TestLimitsAgain: where GitHub does not say how long, each wait is twice the last, and the budget ends it.
func TestLimitsAgain(t *testing.T) {
	w := newWorld(t)
	w.s.Inject(gt.Rule{Path: "/issues", Fault: gt.Fault{Kind: gt.Secondary}})
	err := w.c.Do(w.Context(), create(item(1)))
	if !errors.Is(err, reconcile.ErrGaveUp) {
		t.Fatalf("got %v, want to give up", err)
	}
	wantError(t, err, "gave up waiting: 8 min for GitHub's rate limit is more than the 3 min that this run may still wait")
	same(t, "waits", strings.Join(w.said, "; "), "waiting 60 s for GitHub's rate limit; waiting 120 s for GitHub's rate limit; waiting 4 min for GitHub's rate limit")
	same(t, "requests", len(w.s.Requests()), 1+4)
	err = w.c.Do(w.Context(), create(item(1)))
	if !errors.Is(err, reconcile.ErrGaveUp) {
		t.Errorf("got %v, want to have given up for good", err)
	}
	same(t, "requests after giving up", len(w.s.Requests()), 1+4)
}

// TestLimitBeyondBudget: a wait that the run may not take is not begun.
func TestLimitBeyondBudget(t *testing.T) {
	for _, l := range limits {
		w := newWorld(t)
		ch := changed(w, later())
		w.with(func(c *githubapi.Config) { c.Budget = 30 * time.Second })
		w.s.Inject(gt.Rule{Method: "PATCH", Fault: l.fault})
		result := reconcile.Apply(t.Context(), w.c, reconcile.Plan{Changes: []reconcile.Change{ch, ch}}, func(int, int, reconcile.Change, error) {})
		same(t, l.name+": failed", len(result.Failed), 1)
		same(t, l.name+": pending", result.Pending, 1)
		same(t, l.name+": gave up", errors.Is(result.Failed[0].Err, reconcile.ErrGaveUp), true)
		same(t, l.name+": waits", w.clock.total(), 0)
		same(t, l.name+": writes", len(w.s.Writes()), 1)
	}
}

// TestNothingLeft: after the last request of the hour nothing is sent before the reset, although nothing was refused.
func TestNothingLeft(t *testing.T) {
	w := newWorld(t, gt.WithRateLimit(2))
	w.with(func(c *githubapi.Config) { c.Budget = 2 * time.Hour })
	w.read()
	for _, r := range w.s.Requests() {
		same(t, r.Method+" "+r.Path, r.Status, 200)
	}
	same(t, "waits", w.clock.total(), time.Hour+time.Second)
}

// TestClockOfRunner: a reset is a time by GitHub's clock; ours may be wrong.
func TestClockOfRunner(t *testing.T) {
	w := newWorld(t)
	ch := changed(w, later())
	w.with(func(c *githubapi.Config) { c.Clock = slow{w.clock} })
	w.s.Inject(gt.Rule{Method: "PATCH", Nth: 1, Fault: gt.Fault{Kind: gt.PrimaryLimit, RetryAfter: 5 * time.Minute}})
	if err := w.c.Do(t.Context(), ch); err != nil {
		t.Fatal(err)
	}
	same(t, "waits", w.clock.total(), 5*time.Minute+time.Second)
}

// TestClockThatStands: a run with --now has a clock that stands still; what was waited for once is not waited for again.
func TestClockThatStands(t *testing.T) {
	w := newWorld(t)
	ch := changed(w, later())
	w.with(func(c *githubapi.Config) { c.Clock = still{w.clock} })
	w.s.Inject(gt.On("GET", "/issues/1$", 1, gt.TooMany))
	if err := w.c.Do(t.Context(), ch); err != nil {
		t.Fatal(err)
	}
	same(t, "waits", w.clock.total(), time.Minute)
}

// still is a clock that stands still.
type still struct{ *clock }

func (still) Now() time.Time { return gt.Epoch }

// slow is a clock that is 7 hours behind.
type slow struct{ *clock }

func (s slow) Now() time.Time { return s.clock.Now().Add(-7 * time.Hour) }

// TestInterruptedWait: a wait ends at once.
func TestInterruptedWait(t *testing.T) {
	w := newWorld(t)
	ch := changed(w, later())
	ctx, cancel := context.WithCancel(t.Context())
	w.with(func(c *githubapi.Config) { c.Progress = func(string) { cancel() } })
	w.s.Inject(gt.Rule{Method: "PATCH", Fault: gt.Fault{Kind: gt.TooMany}})
	err := w.c.Do(ctx, ch)
	if !errors.Is(err, context.Canceled) || errors.Is(err, reconcile.ErrUnknownOutcome) {
		t.Errorf("got %v, want canceled: the write was refused", err)
	}
	w.wantSent("GET /user", "GET /issues/1", "PATCH /issues/1")
}

// TestRetryOfReads: a read is repeated after 1, 2, 4 and 8 seconds.
func TestRetryOfReads(t *testing.T) {
	for _, kind := range []gt.Kind{gt.LostRequest, gt.LostReply, gt.BadGateway, gt.ServerError, gt.BadGatewayAfter, gt.TruncatedJSON, gt.CutBody, gt.PlainHTML, gt.Hang} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.made(item(1))
			patience := &impatient{s: w.s}
			w.with(func(c *githubapi.Config) { c.Transport = patience })
			w.s.Inject(gt.Rule{Path: "/issues$", Nth: 1, Times: 4, Fault: gt.Fault{Kind: kind}})
			same(t, "resources", len(w.read()), 4)
			same(t, "requests", len(w.s.Matching("GET", "/issues$")), 5)
			same(t, "waits", w.clock.total(), 15*time.Second)
			same(t, "said", w.said[0], "waiting 1 s to ask GitHub again")
			w.s.Heal()
			w.s.Forget()
			patience.hung = 0
			w.s.Inject(gt.Rule{Path: "/issues$", Fault: gt.Fault{Kind: kind}})
			_, err := w.c.Read(t.Context())
			wantError(t, err, "read issues of acme/ops: after 5 tries: ")
			same(t, "requests", len(w.s.Matching("GET", "/issues$")), 5)
			same(t, "writes", len(w.s.Writes()), 0)
		})
	}
}

// TestTimeout: a request that hangs ends by itself.
func TestTimeout(t *testing.T) {
	w := newWorld(t)
	w.with(func(c *githubapi.Config) { c.Timeout = 10 * time.Millisecond })
	w.s.Inject(gt.Rule{Fault: gt.Fault{Kind: gt.Hang}})
	_, err := w.c.Read(t.Context())
	wantError(t, err, "after 5 tries: no answer from GitHub within 1 s")
	same(t, "more than 5 requests", len(w.s.Requests()) > 5, false)
}

// TestRetryAfterOfGateway: a gateway that says how long it will be away is heeded, within the budget.
func TestRetryAfterOfGateway(t *testing.T) {
	w := newWorld(t)
	w.s.Inject(gt.Rule{Path: "/issues$", Nth: 1, Fault: gt.Fault{Kind: gt.Answer, Status: 503, Body: "busy", Header: http.Header{"Retry-After": {"77"}}}})
	w.read()
	same(t, "waits", w.clock.total(), 77*time.Second)
}
