package githubapi

import (
	"context"
	"fmt"
	"time"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// Waits where GitHub does not say how long: a minute after a rate limit, twice as long after each further one, as GitHub asks for;
// a second after a read that failed, twice as long after each further one.
const (
	firstLimitWait = time.Minute
	firstRetryWait = time.Second
	maxDoublings   = 10
)

// pace decides when the next request may go.
type pace struct {
	clock    Clock
	gap      time.Duration
	left     time.Duration // of the budget
	progress func(string)

	notBefore time.Time     // for any request
	skew      time.Duration // how far GitHub's clock is ahead of ours
	nextWrite time.Time
	refused   int // answers in a row that were a rate limit
}

// ready waits until a request may be sent. It does not where that would take longer than the budget.
func (p *pace) ready(ctx context.Context, write bool) error {
	if err := ctx.Err(); err != nil {
		return ended(err)
	}
	if err := p.wait(ctx, p.notBefore.Sub(p.clock.Now()), "for GitHub's rate limit"); err != nil {
		return err
	}
	p.notBefore = time.Time{} // it has been waited for, also where the clock stands still
	if gap := p.nextWrite.Sub(p.clock.Now()); write && gap > 0 {
		if err := p.clock.Sleep(ctx, gap); err != nil {
			return ended(err)
		}
	}
	return nil
}

// heard takes in an answer, and tells whether it was a rate limit: the request was not carried out and may be sent again.
func (p *pace) heard(a answer) bool {
	now := p.clock.Now()
	p.skew = a.time(now).Sub(now)
	wait, limited := a.limited(a.time(now))
	if !limited {
		p.refused = 0
		p.later(now, a.untilReset(a.time(now)))
		return false
	}
	doubled := time.Duration(1) << min(p.refused, maxDoublings)
	if wait == 0 {
		wait = firstLimitWait * doubled
	} else if p.refused > 0 {
		wait = max(wait, time.Second*doubled)
	}
	p.refused++
	p.later(now, wait)
	return true
}

func (p *pace) later(now time.Time, wait time.Duration) {
	if at := now.Add(wait); wait > 0 && at.After(p.notBefore) {
		p.notBefore = at
	}
}

// wrote notes that a write has ended.
func (p *pace) wrote() { p.nextWrite = p.clock.Now().Add(p.gap) }

// retry waits before a read is repeated for the nth time, from 0; an answer may ask for more.
func (p *pace) retry(ctx context.Context, n int, a answer) error {
	now := p.clock.Now()
	return p.wait(ctx, max(firstRetryWait<<n, a.retryAfter(a.time(now))), "to ask GitHub again")
}

// wait waits within the budget.
func (p *pace) wait(ctx context.Context, d time.Duration, why string) error {
	if d <= 0 {
		return nil
	}
	if d > p.left {
		return &failure{
			kind: reconcile.ErrGaveUp,
			text: fmt.Sprintf("%v: %s %s is more than the %s that this run may still wait", reconcile.ErrGaveUp, spell(d), why, spell(p.left)),
		}
	}
	p.left -= d
	p.progress("waiting " + spell(d) + " " + why)
	if err := p.clock.Sleep(ctx, d); err != nil {
		return ended(err)
	}
	return nil
}

// spell writes a time as people read it: "42 s", "12 min", "3 h".
func spell(d time.Duration) string {
	switch {
	case d <= 2*time.Minute:
		return fmt.Sprintf("%d s", (d+time.Second-1)/time.Second)
	case d <= 2*time.Hour:
		return fmt.Sprintf("%d min", (d+time.Minute-1)/time.Minute)
	}
	return fmt.Sprintf("%d h", (d+time.Hour-1)/time.Hour)
}
