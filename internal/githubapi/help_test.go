package githubapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubapi"
	"github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// clock is the fake's clock: sleeping moves it on.
type clock struct {
	s     *githubtest.Server
	slept []time.Duration
}

func (c *clock) Now() time.Time { return c.s.Now() }

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.slept = append(c.slept, d)
	c.s.Advance(d)
	return nil
}

func (c *clock) total() time.Duration {
	var sum time.Duration
	for _, d := range c.slept {
		sum += d
	}
	return sum
}

// memory is a cache.
type memory struct{ data []byte }

func (m *memory) Load() ([]byte, bool) { return m.data, m.data != nil }

func (m *memory) Save(data []byte) error {
	m.data = data
	return nil
}

// world is a fake GitHub and a client of it.
type world struct {
	*testing.T
	s     *githubtest.Server
	c     *githubapi.Client
	clock *clock
	said  []string
	cfg   githubapi.Config
}

// canary is a token that must turn up nowhere.
const canary = "ghp_CanaryCanaryCanaryCanaryCanary0000"

func newWorld(t *testing.T, opts ...githubtest.Option) *world {
	t.Helper()
	opts = append([]githubtest.Option{githubtest.WithToken(canary, githubtest.Bot)}, opts...)
	w := &world{T: t, s: githubtest.New(t, opts...)}
	w.clock = &clock{s: w.s}
	w.cfg = githubapi.Config{
		Repo: githubtest.Repo, BaseURL: w.s.URL, Token: canary, Clock: w.clock,
		Progress: func(text string) { w.said = append(w.said, text) },
	}
	w.fresh()
	return w
}

// fresh starts a new run.
func (w *world) fresh() {
	w.Helper()
	c, err := githubapi.New(w.cfg)
	if err != nil {
		w.Fatal(err)
	}
	w.c = c
}

// with starts a new run with another config.
func (w *world) with(change func(*githubapi.Config)) {
	w.Helper()
	change(&w.cfg)
	w.fresh()
}

func (w *world) read() []reconcile.Resource {
	w.Helper()
	out, err := w.c.Read(w.Context())
	if err != nil {
		w.Fatalf("read: %v", err)
	}
	return out
}

// impatient gives a request up as soon as the fake lets it hang, as a time limit would in the end.
type impatient struct {
	s    *githubtest.Server
	hung int
}

// RoundTrip uses a connection once.
func (i *impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	type result struct {
		resp *http.Response
		err  error
	}
	done := make(chan result)
	go func() {
		resp, err := oneByOne.RoundTrip(r.WithContext(ctx))
		done <- result{resp, err}
	}()
	for {
		select {
		case got := <-done:
			context.AfterFunc(r.Context(), cancel) // the body is read under it
			return got.resp, got.err
		default:
			if n := i.count(); n > i.hung {
				i.hung = n
				cancel()
				<-done
				return nil, context.DeadlineExceeded
			}
		}
		runtime.Gosched()
	}
}

func (i *impatient) count() int {
	n := 0
	for _, r := range i.s.Requests() {
		if r.Fault == githubtest.Hang || r.Fault == githubtest.HangAfter && r.Committed {
			n++
		}
	}
	return n
}

// oneByOne uses a connection once: on one that was used before Go repeats a read by itself.
var oneByOne = &http.Transport{DisableKeepAlives: true}

// item is an action item.
func item(n int) reconcile.Resource {
	return reconcile.Resource{
		System: githubapi.System, Kind: reconcile.KindIssue, Key: fmt.Sprintf("2025-08-18-api-outage/AI-%d", n), Label: reconcile.LabelAction,
		Fields: reconcile.Fields{
			reconcile.Title: fmt.Sprintf("Cap pool %d", n), reconcile.Text: "Cap it.", reconcile.Owner: githubtest.Alice, reconcile.Due: "2025-09-01",
			reconcile.Priority: "high", reconcile.State: reconcile.StateOpen,
		},
	}
}

func items(n int) []reconcile.Resource {
	var out []reconcile.Resource
	for i := range n {
		out = append(out, item(i+1))
	}
	return out
}

func with(r reconcile.Resource, field, value string) reconcile.Resource {
	r.Fields = maps.Clone(r.Fields)
	r.Fields[field] = value
	return r
}

func create(r reconcile.Resource) reconcile.Change {
	return reconcile.Change{Op: reconcile.Create, System: r.System, Kind: r.Kind, Key: r.Key, Title: r.Fields[reconcile.Title], After: r.Fields, Desired: &r}
}

// plan plans for items, without their labels.
func (w *world) plan(desired ...reconcile.Resource) []reconcile.Change {
	w.Helper()
	return reconcile.Diff(desired, w.read(), reconcile.DiffOptions{System: githubapi.System, Trusted: w.c.Trusted})
}

// made gives what a run creates that meets no fault, and starts a new one.
func (w *world) made(desired ...reconcile.Resource) {
	w.Helper()
	for _, ch := range w.plan(desired...) {
		if err := w.c.Do(w.Context(), ch); err != nil {
			w.Fatalf("do: %v", err)
		}
	}
	w.s.Forget()
	w.fresh()
	w.clock.slept, w.said = nil, nil
}

// sent lists requests as "POST /issues", without the repository.
func (w *world) sent() []string {
	var out []string
	for _, r := range w.s.Requests() {
		out = append(out, r.Method+" "+strings.TrimPrefix(r.Path, "/repos/"+githubtest.Repo))
	}
	return out
}

func (w *world) wantSent(want ...string) {
	w.Helper()
	if got := w.sent(); !slices.Equal(got, want) {
		w.Errorf("sent\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// wantError holds that an error says all of it.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", parts)
		return
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q, want %q in it", err, p)
		}
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// properties are those of a request's body, sorted.
func properties(t *testing.T, r githubtest.Request) []string {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(r.Body, &body); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(body))
}
