package faults

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

var runs = flag.Int("faults.runs", 20, "runs of each random scenario; make faults takes 1000")

// scenarios are the rows of the table, in order.
var scenarios = []struct {
	name string
	run  func(t *testing.T, n int) tally
}{
	{"reply lost after the server committed; 502 on a write, committed or not", lostReplies},
	{"2 runs at once, no lock", func(t *testing.T, n int) tally { return atOnce(t, 2, n/5) }},
	{"8 runs at once, no lock", func(t *testing.T, n int) tally { return atOnce(t, 8, n/5) }},
	{"the list lags by 600 s", listLag},
	{"an issue is opened between two pages of the list", pageShift},
	{"rate limits, 403 and 429, primary and secondary", rateLimits},
	{"401, 404, 410, 422 on one item", refused},
	{"hang, cut, wrong or foreign answers, redirect to another host", strangeAnswers},
	{"any of all faults, at random", anything},
	{"the bot's account changes", newAccount},
}

// TestFaults runs every scenario and holds that nothing is doubled, lost or told. With -v it prints the table.
func TestFaults(t *testing.T) {
	fmt.Fprintln(os.Stderr, "| fault | runs | doubled | lost | writes of a second run | tokens told |\n|---|---|---|---|---|---|")
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			got := s.run(t, *runs)
			fmt.Fprintf(os.Stderr, "| %s | %d | %d | %d | %d | %d |\n", s.name, got.runs, got.duplicates, got.lost, got.second, got.leaks)
			if got.runs == 0 || got.duplicates+got.lost+got.second+got.leaks > 0 || len(got.failed) > 0 {
				t.Errorf("%+v", got)
			}
		})
	}
}

func random(t *testing.T, n int, p float64, kinds ...githubtest.Kind) tally {
	var sum tally
	for seed := range n {
		w := newWorld(t, 3)
		w.s.InjectFunc(githubtest.Random(uint64(seed), p, kinds...))
		for range 2 {
			_, _ = w.run(context.Background()) // that it fails is the point; what is left is counted
		}
		sum.add(w.settle())
		w.s.Close()
	}
	return sum
}

func lostReplies(t *testing.T, n int) tally {
	return random(t, n, 0.3, githubtest.LostReply, githubtest.LostRequest, githubtest.BadGateway, githubtest.BadGatewayAfter)
}

// anything leaves out what takes real time (a hang, 200 MB) and what wants a list to shift.
func anything(t *testing.T, n int) tally {
	var kinds []githubtest.Kind
	for _, k := range githubtest.Kinds() {
		if k != githubtest.Hang && k != githubtest.HangAfter && k != githubtest.HugeBody && k != githubtest.PageShift {
			kinds = append(kinds, k)
		}
	}
	return random(t, n, 0.2, kinds...)
}

func atOnce(t *testing.T, clients, n int) tally {
	var sum tally
	for range n {
		w := newWorld(t, 3)
		var wait sync.WaitGroup
		for range clients {
			wait.Go(func() { _, _ = w.run(context.Background()) })
		}
		wait.Wait()
		sum.add(w.settle())
		w.s.Close()
	}
	return sum
}

func listLag(t *testing.T, n int) tally {
	var sum tally
	for range n/20 + 1 {
		w := newWorld(t, 3, githubtest.WithListLag(600*time.Second))
		for range 3 {
			_, _ = w.run(context.Background())
			w.s.Advance(time.Minute)
		}
		sum.add(w.settle())
		w.s.Close()
	}
	return sum
}

func pageShift(t *testing.T, n int) tally {
	var sum tally
	for range n/100 + 1 {
		w := newWorld(t, 150)
		_, _ = w.run(context.Background())
		w.s.Inject(githubtest.Rule{Method: "GET", Path: "/issues$", Fault: githubtest.Fault{Kind: githubtest.PageShift}})
		_, _ = w.run(context.Background())
		sum.add(w.settle())
		w.s.Close()
	}
	return sum
}

// rateLimits also holds that no request is sent before the time that the answer allowed.
func rateLimits(t *testing.T, _ int) tally {
	var sum tally
	for _, kind := range []githubtest.Kind{
		githubtest.PrimaryLimit, githubtest.SecondaryAfter, githubtest.Secondary, githubtest.TooManyAfter, githubtest.TooMany, githubtest.AbuseLimit, githubtest.OtherLimit,
	} {
		for _, method := range []string{"GET", "POST"} {
			w := newWorld(t, 3)
			w.s.Inject(githubtest.On(method, "/issues$", 1, kind))
			if r, err := w.run(context.Background()); err != nil || !r.Complete() {
				sum.failed = append(sum.failed, fmt.Sprintf("%s on %s is not waited for: %v %v", kind, method, err, r.Failed))
			}
			sum.failed = append(sum.failed, tooEarly(w, method, kind)...)
			sum.add(w.settle())
			w.s.Close()
		}
	}
	return sum
}

// tooEarly finds a request that was sent within a minute of the refusal, which is the least that GitHub asks for.
func tooEarly(w *world, method string, kind githubtest.Kind) []string {
	var out []string
	list := w.s.Requests()
	for i := range list[:len(list)-1] {
		if r := list[i]; r.Fault == kind && r.Method == method && list[i+1].At.Sub(r.At) < time.Minute {
			out = append(out, fmt.Sprintf("%s: next request after %v", kind, list[i+1].At.Sub(r.At)))
		}
	}
	return out
}

// refused holds that a refused write is sent once, and that the other items are applied.
func refused(t *testing.T, _ int) tally {
	var sum tally
	for _, kind := range []githubtest.Kind{githubtest.Unauthorized, githubtest.NotFound, githubtest.Gone, githubtest.Unprocessable} {
		w := newWorld(t, 3)
		w.s.Inject(githubtest.On("POST", "/issues$", 2, kind))
		r, err := w.run(context.Background())
		if err != nil || len(r.Failed) != 1 || r.Pending != 0 {
			sum.failed = append(sum.failed, fmt.Sprintf("%s: %v, %d failed, %d pending, want one failed", kind, err, len(r.Failed), r.Pending))
		}
		if n := len(w.s.Matching("POST", "/issues$")); n != 3 {
			sum.failed = append(sum.failed, fmt.Sprintf("%s: %d requests for 3 issues", kind, n))
		}
		sum.add(w.settle())
		w.s.Close()
	}
	return sum
}

func strangeAnswers(t *testing.T, _ int) tally {
	var sum tally
	for _, kind := range []githubtest.Kind{
		githubtest.Hang, githubtest.HangAfter, githubtest.TruncatedJSON, githubtest.CutBody, githubtest.WrongTypes, githubtest.PlainHTML, githubtest.HugeBody, githubtest.Redirect,
	} {
		for _, method := range []string{"GET", "POST"} {
			w := newWorld(t, 2)
			w.s.Inject(githubtest.On(method, "/issues", 1, kind))
			_, _ = w.run(context.Background())
			for _, r := range w.s.Elsewhere() {
				if r.Login != "" || r.Header.Get("Authorization") != "" {
					sum.failed = append(sum.failed, fmt.Sprintf("%s on %s: another host was shown the token", kind, method))
				}
			}
			sum.add(w.settle())
			w.s.Close()
		}
	}
	return sum
}

// newAccount runs as another bot over the issues of the first: nothing is created until the config names the old one.
func newAccount(t *testing.T, _ int) tally {
	w := newWorld(t, 3, githubtest.WithToken("old-token", "github-actions[bot]"))
	for _, a := range w.history.Postmortems[0].Actions {
		desired := reconcile.Resource{System: "github", Kind: reconcile.KindIssue, Key: a.Key(w.history.Postmortems[0].ID), Label: reconcile.LabelAction}
		desired.Fields = reconcile.Fields{reconcile.Title: a.Text, reconcile.Text: a.Text, reconcile.Owner: a.Owner, reconcile.Due: a.Due.String(), reconcile.Priority: string(a.Priority), reconcile.Type: string(a.Type), reconcile.State: reconcile.StateOpen}
		i := reconcile.Compose(reconcile.Change{Op: reconcile.Create, Key: desired.Key, After: desired.Fields, Desired: &desired}, reconcile.Issue{}, func(string) bool { return true })
		w.s.As("github-actions[bot]").AddIssue(githubtest.Repo, githubtest.Issue{Title: i.Title, Body: i.Body, Labels: i.Labels, Assignees: i.Assignees})
	}
	var sum tally
	if r, err := w.run(context.Background()); err != nil || r.Done > len(w.s.Labels(githubtest.Repo)) || len(w.s.Issues(githubtest.Repo)) != 3 {
		sum.failed = append(sum.failed, fmt.Sprintf("untrusted issues are doubled: %v, %+v, %d issues", err, r, len(w.s.Issues(githubtest.Repo))))
	}
	w.trusted = []string{"github-actions[bot]"}
	sum.add(w.settle())
	if n := len(w.s.Issues(githubtest.Repo)); n != 3 {
		sum.failed = append(sum.failed, fmt.Sprintf("%d issues, want 3", n))
	}
	return sum
}

// TestGivesUpInBudget holds that a limit longer than the budget ends the run as incomplete, safe to run again.
func TestGivesUpInBudget(t *testing.T) {
	w := newWorld(t, 3)
	w.s.Inject(githubtest.Rule{Method: "POST", Path: "/issues$", Fault: githubtest.Fault{Kind: githubtest.PrimaryLimit, RetryAfter: 3 * time.Hour}})
	r, err := w.run(context.Background())
	if err != nil || len(r.Failed) == 0 || !errors.Is(r.Failed[len(r.Failed)-1].Err, reconcile.ErrGaveUp) || r.Complete() {
		t.Errorf("%v, %+v, want ErrGaveUp", err, r)
	}
}
