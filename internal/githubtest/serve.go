package githubtest

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// ServeHTTP answers one request: record it, decide its fault, check it, carry it out, check the answer, send it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client went away
	}
	c := s.newCall(r, body)
	fault := s.admit(c)
	if fault.Do != nil {
		fault.Do()
	}
	if fault.Kind == PageShift {
		s.As(Alice).AddIssue(c.repoName(), Issue{Title: "opened between two pages"})
	}
	if c.route == nil {
		s.t.Errorf("githubtest: %s %s: not served by the fake", r.Method, r.URL)
		s.send(w, c, c.fail(http.StatusNotFound, "Not Found"))
		return
	}
	s.checker.request(s.t, c)
	if !fault.commits() {
		s.breakOff(w, c, fault)
		return
	}
	answer := s.carryOut(c)
	s.checker.response(s.t, c, answer)
	s.sendBroken(w, c, fault, answer)
}

// newCall reads the request's line.
func (s *Server) newCall(r *http.Request, body []byte) *call {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{s: s, r: r, body: body, query: r.URL.Query(), now: s.clock(), path: s.canonical(r.URL.EscapedPath())}
	c.value = bearer(r.Header.Get("Authorization"))
	c.token, c.known = s.tokens[c.value]
	c.route, c.params = routeOf(r.Method, c.path)
	return c
}

// bearer takes the token out of an Authorization header; GitHub takes either word.
func bearer(header string) string {
	scheme, value, _ := strings.Cut(header, " ")
	if strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "token") {
		return strings.TrimSpace(value)
	}
	return ""
}

// admit records the request and decides its fault.
func (s *Server) admit(c *call) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.record = &Request{
		Number: len(s.requests) + 1,
		Method: c.r.Method,
		Path:   c.path,
		Query:  c.query,
		Header: c.r.Header.Clone(),
		Body:   bytes.Clone(c.body),
		Login:  c.token.login,
		At:     c.now,
	}
	s.requests = append(s.requests, c.record)
	f := s.decide(*c.record)
	c.record.Fault = f.Kind
	return f
}

// carryOut does what the request asks for, in one step as far as other requests can see.
func (s *Server) carryOut(c *call) response {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.known {
		return c.fail(http.StatusUnauthorized, c.stranger())
	}
	rate := s.rateOf(c)
	if c.route.pattern != "/rate_limit" && rate.remaining() <= 0 {
		return c.failAt(http.StatusForbidden, "API rate limit exceeded for "+c.token.login+".", primaryDocs)
	}
	answer := c.etag(s.perform(c))
	if c.route.pattern != "/rate_limit" && answer.status != http.StatusNotModified {
		rate.used++
	}
	return answer
}

// perform is carryOut for a known token that has requests left.
func (s *Server) perform(c *call) response {
	if c.writes() && c.token.readOnly {
		return c.fail(http.StatusForbidden, "Resource not accessible by integration")
	}
	if _, ok := c.params["owner"]; ok {
		if c.repo = s.find(c.repoName()); c.repo == nil {
			return c.fail(http.StatusNotFound, "Not Found")
		}
	}
	answer := c.route.handle(c)
	c.record.Committed = c.writes() && answer.status < 300
	return answer
}

// send writes an answer, with the headers that GitHub puts on every one.
func (s *Server) send(w http.ResponseWriter, c *call, a response) {
	s.mu.Lock()
	s.rateHeaders(w.Header(), c)
	c.record.Status = a.status
	s.mu.Unlock()
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Date", c.now.UTC().Format(http.TimeFormat))
	if a.body != nil {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if c.r.Method != http.MethodHead {
		_, _ = w.Write(a.body)
	}
}
