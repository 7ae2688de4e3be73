package reconcile

import (
	"context"
	"errors"
	"fmt"
)

// What can become of a change that was not carried out. A System wraps one of these where it knows; any other error is about
// the one change, and the others go on.
var (
	// ErrUnknownOutcome: a request was sent and no answer tells whether it was carried out. It is not sent again; the next run
	// reads and decides.
	ErrUnknownOutcome = errors.New("it is not known whether this was carried out; the next run finds out")
	// ErrGaveUp: the remote asks to wait for longer than the run may take.
	ErrGaveUp = errors.New("gave up waiting")
	// ErrAuth: the remote does not let us.
	ErrAuth = errors.New("not allowed")
)

// authStreak is how many refusals in a row end a run: one can be about one resource, three are about the token.
const authStreak = 3

// Failure is a change that was not carried out, and why.
type Failure struct {
	Change Change
	Err    error
}

// Result is what became of a plan.
type Result struct {
	Done    int
	Failed  []Failure
	Pending int // changes that were not tried
}

// Complete tells whether everything was carried out.
func (r Result) Complete() bool { return len(r.Failed) == 0 && r.Pending == 0 }

// Auth tells whether the remote refused us.
func (r Result) Auth() bool {
	for _, f := range r.Failed {
		if errors.Is(f.Err, ErrAuth) {
			return true
		}
	}
	return false
}

// Progress is told of each change once it has been tried.
type Progress func(done, total int, c Change, err error)

// Apply carries out a plan, one change after the other. When ctx ends the change in flight is finished, the rest is pending.
// What fails does not stop the others, unless it is plain that they would fail too.
func Apply(ctx context.Context, sys System, plan Plan, progress Progress) Result {
	var todo []Change
	for _, c := range plan.Changes {
		if c.Op != Report {
			todo = append(todo, c)
		}
	}
	var r Result
	refused := 0
	for i, c := range todo {
		if ctx.Err() != nil {
			r.Pending = len(todo) - i
			return r
		}
		err := sys.Do(ctx, c)
		progress(i+1, len(todo), c, err)
		if err == nil {
			r.Done++
			refused = 0
			continue
		}
		r.Failed = append(r.Failed, Failure{c, fmt.Errorf("%s %s %s: %w", c.Op, c.Kind, c.Key, err)})
		if refused++; !errors.Is(err, ErrAuth) {
			refused = 0
		}
		if errors.Is(err, ErrGaveUp) || errors.Is(err, context.Canceled) || refused == authStreak {
			r.Pending = len(todo) - i - 1
			return r
		}
	}
	return r
}
