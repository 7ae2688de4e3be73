// Package faults holds no code: its tests run plan and apply against the fake GitHub while something fails, and count what is
// doubled, lost or overwritten. make faults prints the table for docs/reliability.md.
package faults

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/githubapi"
	"github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// canary is a token that must turn up nowhere.
const canary = "ghp_CanaryCanaryCanaryCanaryCanary0000"

// clock is the fake's clock; sleeping moves it on.
type clock struct{ s *githubtest.Server }

func (c clock) Now() time.Time { return c.s.Now() }

func (c clock) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() == nil {
		c.s.Advance(d)
	}
	return ctx.Err()
}

// world is a fake GitHub, records that want issues there, and what was said on the way.
type world struct {
	s       *githubtest.Server
	history incident.History
	trusted []string

	mu   sync.Mutex
	said []string
}

func newWorld(t testing.TB, items int, opts ...githubtest.Option) *world {
	opts = append([]githubtest.Option{
		githubtest.WithToken(canary, githubtest.Bot), githubtest.WithAssignable(githubtest.Repo, "octo-db"),
	}, opts...)
	return &world{s: githubtest.New(t, opts...), history: history(items)}
}

func history(items int) incident.History {
	pm := incident.Postmortem{ID: "2025-08-18-api-outage", Path: "postmortems/2025-08-18-api-outage.md", Incidents: []string{"2025-08-18-api-outage"}}
	for i := range items {
		pm.Actions = append(pm.Actions, incident.ActionItem{
			ID: fmt.Sprintf("AI-%d", i+1), Text: fmt.Sprintf("Do thing number %d", i+1), Owner: "octo-db", Due: calendar.Date{Year: 2040, Month: 1, Day: 1},
			Priority: incident.High, Type: incident.Prevent, Status: incident.Open,
		})
	}
	return incident.History{Postmortems: []incident.Postmortem{pm}}
}

func (w *world) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, fmt.Sprintf(format, args...))
}

// run is one plan and apply by a new client. Whatever it says is noted.
func (w *world) run(ctx context.Context) (reconcile.Result, error) {
	c, err := githubapi.New(githubapi.Config{
		Repo: githubtest.Repo, BaseURL: w.s.URL, Token: canary, Clock: clock{w.s}, Accounts: w.trusted, Timeout: 2 * time.Second,
		Budget: time.Hour, Progress: func(s string) { w.note("%s", s) },
	})
	if err != nil {
		return reconcile.Result{}, err
	}
	actual, err := c.Read(ctx)
	if err != nil {
		w.note("%v", err)
		return reconcile.Result{}, err
	}
	desired, reports := reconcile.Desired(w.history, reconcile.DesiredOptions{System: githubapi.System, Config: config.Default(), Now: w.s.Now()})
	plan := reconcile.Make(reconcile.Inputs{
		Desired: desired, Reports: reports, Actual: actual, Diff: reconcile.DiffOptions{System: githubapi.System, Trusted: c.Trusted},
	})
	result := reconcile.Apply(ctx, c, plan, func(int, int, reconcile.Change, error) {})
	for _, f := range result.Failed {
		w.note("%v", f.Err)
	}
	return result, nil
}

// tally is what a scenario counted.
type tally struct {
	runs, duplicates, lost, second, leaks int
	failed                                []string
}

func (t *tally) add(u tally) {
	t.runs += u.runs
	t.duplicates += u.duplicates
	t.lost += u.lost
	t.second += u.second
	t.leaks += u.leaks
	t.failed = append(t.failed, u.failed...)
}

// settle lets the world become well, runs until nothing is pending (a twin takes a run of its own), and counts.
func (w *world) settle() tally {
	w.s.Heal()
	w.s.Advance(time.Hour)
	out := tally{runs: 1}
	for range 2 {
		if r, err := w.run(context.Background()); err != nil || !r.Complete() {
			out.failed = append(out.failed, fmt.Sprintf("a clean run fails: %v %v", err, r.Failed))
		}
		w.s.Advance(time.Hour)
	}
	w.s.Forget()
	if _, err := w.run(context.Background()); err != nil {
		out.failed = append(out.failed, err.Error())
	}
	out.second = len(w.s.Writes())
	out.count(w)
	return out
}

// count looks for one open issue for each item.
func (t *tally) count(w *world) {
	open := map[string]int{}
	for _, i := range w.s.Issues(githubtest.Repo) {
		r := reconcile.Issue{Number: i.Number, Title: i.Title, Body: i.Body, Labels: i.Labels, State: i.State}.Resource(githubapi.System)
		if i.State == "open" && i.User != "octo-stranger" && r.Hash != "" {
			open[r.Hash]++
		}
	}
	for _, a := range w.history.Postmortems[0].Actions {
		switch n := open[reconcile.HashKey(a.Key(w.history.Postmortems[0].ID))]; {
		case n == 0:
			t.lost++
		default:
			t.duplicates += n - 1
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.said {
		if strings.Contains(s, canary) {
			t.leaks++
		}
	}
}
