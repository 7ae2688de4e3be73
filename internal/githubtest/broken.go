package githubtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Where the limits point.
const (
	primaryDocs   = docs + "/overview/rate-limits-for-the-rest-api"
	secondaryDocs = primaryDocs + "#about-secondary-rate-limits"
)

// secondaryText is how GitHub words a secondary limit.
const secondaryText = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."

// gatewayPage is how the proxy in front of GitHub words what it can't reach.
const gatewayPage = "<!DOCTYPE html><html><head><title>Unicorn! &middot; GitHub</title></head><body>This page is taking too long to load.</body></html>\n"

// breakOff ends a request that is not carried out.
func (s *Server) breakOff(w http.ResponseWriter, c *call, f Fault) {
	switch f.Kind {
	case LostRequest:
		panic(http.ErrAbortHandler)
	case Hang:
		s.hang(c)
	case HugeBody:
		s.flood(w, c, f)
	default:
		s.send(w, c, s.refusal(c, f))
	}
}

// refusal is the answer of a fault that answers.
func (s *Server) refusal(c *call, f Fault) response {
	var a response
	switch f.Kind {
	case BadGateway, BadGatewayAfter:
		a = html(http.StatusBadGateway, gatewayPage)
	case PlainHTML:
		a = html(http.StatusOK, "<!DOCTYPE html><title>Sign in to the network</title>\n")
	case ServerError:
		a = c.fail(http.StatusInternalServerError, "Server Error")
	case Unauthorized:
		a = c.fail(http.StatusUnauthorized, "Bad credentials")
	case Forbidden:
		a = c.fail(http.StatusForbidden, "Resource not accessible by integration")
	case NotFound:
		a = c.fail(http.StatusNotFound, "Not Found")
	case Gone:
		a = c.fail(http.StatusGone, "This issue was deleted")
	case Unprocessable:
		a = c.invalid(flaw{Resource: "Issue", Code: "custom", Field: "body", Message: "something is wrong with it"})
	case PrimaryLimit:
		a = c.failAt(http.StatusForbidden, "API rate limit exceeded for "+c.token.login+".", primaryDocs)
		a.header.Set("X-Ratelimit-Remaining", "0")
		a.header.Set("X-Ratelimit-Reset", itoa(c.now.Add(orElse(f.RetryAfter, defaultReset)).Unix()))
	case SecondaryAfter, Secondary:
		a = c.failAt(http.StatusForbidden, secondaryText, secondaryDocs)
	case TooManyAfter, TooMany:
		a = c.failAt(http.StatusTooManyRequests, secondaryText, secondaryDocs)
	case AbuseLimit:
		a = c.failAt(http.StatusForbidden, "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.",
			"https://developer.github.com/v3/#abuse-rate-limits")
	case OtherLimit:
		a = c.failAt(http.StatusForbidden, secondaryText, "https://docs.github.com/site-policy/github-terms/github-terms-of-service")
	case Redirect:
		a = c.fail(http.StatusTemporaryRedirect, "Moved temporarily")
		a.header.Set("Location", s.elsewhere.url()+c.r.URL.RequestURI())
	default:
		a = response{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body: []byte(f.Body)}
	}
	if f.Kind == SecondaryAfter || f.Kind == TooManyAfter {
		a.header.Set("Retry-After", itoa(int64(orElse(f.RetryAfter, defaultRetry).Seconds())))
	}
	if f.Status != 0 {
		a.status = f.Status
	}
	maps.Copy(a.header, f.Header)
	return a
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

func html(status int, page string) response {
	return response{status: status, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, body: []byte(page)}
}

// sendBroken sends the answer to a request that was carried out, as the fault leaves it.
func (s *Server) sendBroken(w http.ResponseWriter, c *call, f Fault, a response) {
	switch f.Kind {
	case LostReply:
		panic(http.ErrAbortHandler)
	case HangAfter:
		s.hang(c)
		return
	case BadGatewayAfter, AnswerAfter:
		a = s.refusal(c, f)
	case TruncatedJSON:
		a.body = a.body[:len(a.body)/2]
	case WrongTypes:
		a.body = wrongTypes(a.body)
	case CutBody:
		a.header.Set("Content-Length", itoa(len(a.body)))
		whole := a.body
		a.body = nil
		s.send(w, c, a)
		_, _ = w.Write(whole[:len(whole)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	s.send(w, c, a)
}

// hang lets a request wait until its client or the server is gone.
func (s *Server) hang(c *call) {
	select {
	case <-c.r.Context().Done():
	case <-s.closing:
	}
	panic(http.ErrAbortHandler)
}

// flood streams an answer that is valid JSON from its first byte to its last, and far too long.
func (s *Server) flood(w http.ResponseWriter, c *call, f Fault) {
	size := f.Size
	if size == 0 {
		size = defaultSize
	}
	open, shut := `{"body":"`, `"}`
	if c.route.many {
		open, shut = "["+open, shut+"]"
	}
	a := c.json(http.StatusOK, nil)
	a.body = nil
	s.send(w, c, a)
	piece := strings.Repeat("x", 64<<10)
	left := size - int64(len(open)+len(shut))
	_, err := w.Write([]byte(open))
	for ; left > 0 && err == nil; left -= int64(len(piece)) {
		_, err = w.Write([]byte(piece[:min(left, int64(len(piece)))]))
	}
	_, _ = w.Write([]byte(shut))
}

// wrongTypes swaps the types in a JSON text, keeping its outer shape.
func wrongTypes(body []byte) []byte {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return body
	}
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = swapped(v[i])
		}
	case map[string]any:
		value = swapped(v)
	}
	out, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return out
}

func swapped(value any) any {
	o, ok := value.(map[string]any)
	if !ok {
		return 1
	}
	for name, v := range o {
		switch v := v.(type) {
		case string:
			o[name] = len(v)
		case map[string]any:
			o[name] = []any{"an array"}
		case []any:
			o[name] = "a text"
		default:
			o[name] = fmt.Sprint("text ", v)
		}
	}
	return o
}

// elsewhere is another host: whoever comes here was redirected.
type elsewhere struct {
	http     *httptest.Server
	mu       sync.Mutex
	requests []Request
}

func newElsewhere(s *Server) *elsewhere {
	e := &elsewhere{}
	e.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.requests = append(e.requests, Request{
			Number: len(e.requests) + 1, Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.Query(),
			Header: r.Header.Clone(), At: s.Now(), Status: http.StatusOK,
		})
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte("{}"))
	}))
	return e
}

// url names the host otherwise than the server's: to a client that compares host names, another port is the same host.
func (e *elsewhere) url() string {
	return strings.Replace(e.http.URL, "127.0.0.1", "localhost", 1)
}
