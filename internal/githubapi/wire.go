package githubapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"

	"github.com/syncwell/sitrep/internal/reconcile"
)

const (
	maxRetries   = 4 // of a read
	maxRedirects = 3
)

// call is one thing to ask of the API.
type call struct {
	method string
	path   string // below the base, escaped, with its query
	body   any    // as JSON
	etag   string // what is asked for is known in this form
	stay   bool   // a redirect is the answer
}

func (c call) writes() bool { return c.method != http.MethodGet }

// wire sends calls.
type wire struct {
	gh      *github.Client // builds requests; sends none
	guard   *guard
	account account
	pace    *pace
}

func newWire(cfg Config) (*wire, error) {
	base, err := parseBase(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	g := &guard{base: base, next: cfg.Transport, timeout: orElse(cfg.Timeout, defaultTimeout)}
	if g.next == nil {
		g.next = newTransport()
	}
	w := &wire{gh: github.NewClient(nil), guard: g}
	w.gh.BaseURL, w.gh.UserAgent = base, "sitrep"
	w.pace = &pace{clock: cfg.Clock, gap: orElse(cfg.MinWriteGap, defaultWriteGap), left: orElse(cfg.Budget, defaultBudget), progress: cfg.Progress}
	if w.pace.progress == nil {
		w.pace.progress = func(string) {}
	}
	w.account, err = newAccount(cfg, g)
	return w, err
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

// newTransport is Go's, with answers' headers held to a size.
func newTransport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxResponseHeaderBytes = 1 << 20
	return t
}

// parseBase reads the base URL. It says what is wrong without repeating it: it may hold a password.
func parseBase(text string) (*url.URL, error) {
	if text == "" {
		text = DefaultBaseURL
	}
	u, err := url.Parse(strings.TrimRight(text, "/") + "/")
	switch {
	case err != nil || u.Host == "":
		return nil, errors.New("GITHUB_API_URL is no URL, want one like " + DefaultBaseURL)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("GITHUB_API_URL has a user, a query or a fragment, want one like " + DefaultBaseURL)
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return u, nil
	}
	return nil, errors.New("GITHUB_API_URL must be https: a token would be sent in the clear")
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// read asks, and asks again where that may help: after a network that fails, a gateway that cannot reach GitHub, or an answer
// that is no JSON.
func (w *wire) read(ctx context.Context, c call) (answer, error) {
	c.method = http.MethodGet
	for try := 0; ; try++ {
		a, err := w.send(ctx, c)
		if err == nil {
			err = w.judge(a, c)
		}
		if err == nil || !asFailure(err).again {
			return a, err
		}
		if try == maxRetries {
			return a, fmt.Errorf("after %d tries: %w", try+1, err)
		}
		if err := w.pace.retry(ctx, try, a); err != nil {
			return a, err
		}
	}
}

// write sends a write, once: a refusal is final unless it is for a rate limit, which means that nothing was carried out. The error
// tells by unknown where nobody knows. A write that was sent is waited for even when ctx ends.
func (w *wire) write(ctx context.Context, c call) (answer, error) {
	a, err := w.send(ctx, c)
	if err == nil {
		err = w.judge(a, c)
	}
	return a, err
}

// send sends a call once it may be sent, and again after each rate limit.
func (w *wire) send(ctx context.Context, c call) (answer, error) {
	for {
		if err := w.pace.ready(ctx, c.writes()); err != nil {
			return answer{}, err
		}
		a, err := w.once(ctx, c)
		if c.writes() {
			w.pace.wrote()
		}
		if err != nil {
			return answer{}, err
		}
		if !w.pace.heard(a) {
			return a, nil
		}
	}
}

// judge tells whether an answer is one to go on with.
func (w *wire) judge(a answer, c call) error {
	switch {
	case a.status == http.StatusNotModified && c.etag != "", a.status == http.StatusNoContent:
		return nil
	case a.status >= 500 || a.status == http.StatusRequestTimeout:
		f := w.refusal(a)
		f.status, f.kind = 0, nil
		f.text, f.unknown, f.again = "GitHub answered "+f.text, c.writes(), true
		return f
	case a.status < 200 || a.status > 299:
		return w.refusal(a)
	case !json.Valid(a.body):
		return &failure{
			text:    "GitHub's answer is no JSON but " + w.clean(orText(a.header.Get("Content-Type"), "of no known type")),
			unknown: c.writes(), again: true,
		}
	}
	return nil
}

func orText(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// into decodes an answer. A write whose answer cannot be read may have been carried out.
func (w *wire) into(a answer, value any, write bool) error {
	if err := json.Unmarshal(a.body, value); err != nil {
		return &failure{text: "GitHub's answer is not what was asked for: " + w.clean(err.Error()), unknown: write}
	}
	return nil
}

// once sends one request, and for a read those that its redirects lead to.
func (w *wire) once(ctx context.Context, c call) (answer, error) {
	if c.writes() {
		ctx = context.WithoutCancel(ctx)
	}
	token, err := w.account.token(ctx)
	if err != nil {
		return answer{}, w.noToken(ctx, err)
	}
	r, err := w.gh.NewRequest(c.method, c.path, c.body)
	if err != nil {
		return answer{}, &failure{text: "the request cannot be made: " + w.clean(err.Error())}
	}
	r = r.WithContext(ctx)
	r.Header.Set("Authorization", "Bearer "+string(token))
	if c.etag != "" {
		r.Header.Set("If-None-Match", c.etag)
	}
	for hop := 0; ; hop++ {
		resp, err := w.guard.RoundTrip(r)
		if err != nil {
			return answer{}, w.lost(ctx, c, err)
		}
		a := answer{status: resp.StatusCode, header: resp.Header, body: resp.Body.(held).all, moved: hop > 0}
		to, err := resp.Location()
		if err != nil || a.status < 300 || a.status > 399 || c.writes() || c.stay {
			return a, nil
		}
		if hop == maxRedirects {
			return a, &failure{text: "GitHub redirects in a circle"}
		}
		r = r.Clone(ctx)
		r.URL, r.Host = to, to.Host
	}
}

// lost is for a request without an answer.
func (w *wire) lost(ctx context.Context, c call, err error) *failure {
	f := &failure{text: "no answer from GitHub: " + w.clean(err.Error()), unknown: c.writes() && !unsent(err)}
	switch {
	case ctx.Err() != nil:
		f.kind = ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		f.text, f.again = fmt.Sprintf("no answer from GitHub within %s", spell(w.guard.timeout)), true
	case errors.Is(err, errOtherHost), errors.Is(err, errTooLong):
		f.text = w.clean(err.Error())
	default:
		f.again = true
	}
	return f
}

// noToken is for an App that got no token; the request itself was not sent.
func (w *wire) noToken(ctx context.Context, err error) *failure {
	f := &failure{text: "no token for the GitHub App: " + w.clean(err.Error())}
	switch status := w.account.refused(err); {
	case ctx.Err() != nil:
		f.kind = ctx.Err()
	case status >= 400 && status < 500:
		f.kind, f.status = reconcile.ErrAuth, http.StatusUnauthorized
	default:
		f.again = true
	}
	return f
}
