package githubtest

import (
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// Request is one request as it came in, and what became of it.
type Request struct {
	Number    int    // from 1, in the order of arrival
	Method    string // GET, POST, ...
	Path      string // without prefix and query, escaped, a repository by its name: /repos/acme/ops/issues
	Query     url.Values
	Header    http.Header
	Body      []byte
	Login     string    // whom the token stands for; empty for an unknown token
	At        time.Time // by the server's clock
	Fault     Kind      // empty where the request was served as it should
	Status    int       // what was answered, 0 for nothing
	Committed bool      // a write that was carried out, whatever was answered
}

// IsWrite tells a request that may change something from one that only reads.
func (r Request) IsWrite() bool { return isWrite(r.Method) }

func isWrite(method string) bool { return method != http.MethodGet && method != http.MethodHead }

// Requests are all requests so far, in the order of arrival, those that a fault swallowed among them.
func (s *Server) Requests() []Request {
	return s.requestsThat(func(Request) bool { return true })
}

// Writes are the requests that may change something; those that did are Committed.
func (s *Server) Writes() []Request { return s.requestsThat(Request.IsWrite) }

// Reads are the requests that change nothing.
func (s *Server) Reads() []Request {
	return s.requestsThat(func(r Request) bool { return !r.IsWrite() })
}

// Matching are the requests of a method, any if it is empty, to a path that a regular expression finds.
func (s *Server) Matching(method, path string) []Request {
	expr := regexp.MustCompile(path)
	return s.requestsThat(func(r Request) bool { return (method == "" || method == r.Method) && expr.MatchString(r.Path) })
}

// Count is how many requests of a method came in, of all methods if it is empty.
func (s *Server) Count(method string) int { return len(s.Matching(method, "")) }

// Forget empties the record, so that a test can count from here. Faults keep their own count.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

func (s *Server) requestsThat(want func(Request) bool) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.requests {
		if want(*r) {
			out = append(out, *r)
		}
	}
	return out
}
