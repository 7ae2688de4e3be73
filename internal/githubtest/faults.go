package githubtest

import (
	"math/rand/v2"
	"net/http"
	"regexp"
	"time"
)

// Kind is a way in which a request goes wrong.
type Kind string

// Before the commit: the request changes nothing.
const (
	LostRequest    Kind = "lost request"     // the connection is closed without an answer
	BadGateway     Kind = "bad gateway"      // 502 and an HTML page
	ServerError    Kind = "server error"     // 500
	Unauthorized   Kind = "unauthorized"     // 401 "Bad credentials"
	Forbidden      Kind = "forbidden"        // 403 "Resource not accessible by integration"; nothing to do with a limit
	NotFound       Kind = "not found"        // 404, as GitHub answers a token that may not know
	Gone           Kind = "gone"             // 410
	Unprocessable  Kind = "unprocessable"    // 422
	PrimaryLimit   Kind = "primary limit"    // 403, X-RateLimit-Remaining: 0, reset after RetryAfter, 10 minutes without it
	SecondaryAfter Kind = "secondary, after" // 403 with Retry-After, 60 seconds without RetryAfter
	Secondary      Kind = "secondary"        // 403 without Retry-After, and with requests left
	TooManyAfter   Kind = "too many, after"  // 429 with Retry-After
	TooMany        Kind = "too many"         // 429 without Retry-After
	AbuseLimit     Kind = "abuse limit"      // 403 in the words of before 2021, its documentation_url ends in #abuse-rate-limits
	OtherLimit     Kind = "other limit"      // 403 secondary whose documentation_url is none that a client may know
	Hang           Kind = "hang"             // no answer until the client gives up
	PlainHTML      Kind = "plain HTML"       // 200 and an HTML page, as a captive portal or a proxy answers
	HugeBody       Kind = "huge body"        // 200 and Size bytes of JSON, 200 MB without it
	Redirect       Kind = "redirect"         // 307 to another host, see Elsewhere
	Answer         Kind = "answer"           // Status, Header and Body as the Fault has them
)

// After the commit: the request does its work, and the client can't tell.
const (
	LostReply       Kind = "lost reply"         // the connection is closed without an answer
	BadGatewayAfter Kind = "bad gateway, after" // 502 and an HTML page
	HangAfter       Kind = "hang, after"        // no answer until the client gives up
	TruncatedJSON   Kind = "truncated JSON"     // a whole answer with half of the JSON
	CutBody         Kind = "cut body"           // the connection is closed in the middle of the answer
	WrongTypes      Kind = "wrong types"        // valid JSON, texts where numbers should be and numbers where texts should be
	AnswerAfter     Kind = "answer, after"      // Status, Header and Body as the Fault has them
	PageShift       Kind = "page shift"         // Alice opens an issue just before the request is served, as it should be
	Meanwhile       Kind = "meanwhile"          // the Fault's Do runs just before the request is served, as it should be
)

// none is no fault.
const none Kind = ""

// What a Fault means where it leaves a number out.
const (
	defaultSize  = 200 << 20
	defaultRetry = 60 * time.Second
	defaultReset = 10 * time.Minute
)

// Kinds are all kinds that need nothing but their name.
func Kinds() []Kind {
	return []Kind{
		LostRequest, BadGateway, ServerError, Unauthorized, Forbidden, NotFound, Gone, Unprocessable, PrimaryLimit, SecondaryAfter,
		Secondary, TooManyAfter, TooMany, AbuseLimit, OtherLimit, Hang, PlainHTML, HugeBody, Redirect, LostReply, BadGatewayAfter,
		HangAfter, TruncatedJSON, CutBody, WrongTypes, PageShift,
	}
}

// Fault is what goes wrong with one request. The zero Fault is none.
//
// A reply or a request that is lost on a connection used before looks to Go's http.Transport like an idle connection that was
// closed: it repeats a GET by itself, at once, and no write. Count the Requests where that matters.
type Fault struct {
	Kind       Kind
	Status     int           // of the kinds that answer with a status: another one, such as 429 for PrimaryLimit
	Header     http.Header   // more headers
	Body       string        // of Answer and AnswerAfter
	RetryAfter time.Duration // of the limits
	Size       int64         // of HugeBody, in bytes
	Do         func()        // runs before the request does anything, whatever the Kind; may call the Server
}

// commits tells whether a request with this fault is carried out.
func (f Fault) commits() bool {
	switch f.Kind {
	case LostReply, BadGatewayAfter, HangAfter, TruncatedJSON, CutBody, WrongTypes, AnswerAfter, PageShift, Meanwhile, none:
		return true
	}
	return false
}

// Rule gives a fault to some of the requests that match it.
type Rule struct {
	Method string // any if empty
	Path   string // a regular expression over Request.Path; any if empty
	Nth    int    // the matching request, from 1, to start with; from the first on if 0
	Times  int    // how many; if 0, one with Nth and all without
	Fault  Fault
}

type rule struct {
	Rule
	path *regexp.Regexp
	seen int
}

// On is the Rule for one request: the nth, from 1, of a method, any if it is empty, to a path that a regular expression finds.
func On(method, path string, nth int, kind Kind) Rule {
	return Rule{Method: method, Path: path, Nth: nth, Fault: Fault{Kind: kind}}
}

// Inject adds rules. Each counts from now on; where several match, the first one added wins.
func (s *Server) Inject(rules ...Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range rules {
		s.rules = append(s.rules, &rule{Rule: r, path: regexp.MustCompile(r.Path)})
	}
}

// InjectFunc adds a function that decides the fault of each request that no rule hits. It must not call the Server.
func (s *Server) InjectFunc(decide func(Request) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deciders = append(s.deciders, decide)
}

// Heal takes all faults away.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules, s.deciders = nil, nil
}

// Random is for InjectFunc: each request meets one of the kinds with a probability from 0 to 1. The same seed gives the same
// faults to the same requests in the same order.
func Random(seed uint64, probability float64, kinds ...Kind) func(Request) Fault {
	source := rand.New(rand.NewPCG(seed, 0))
	return func(Request) Fault {
		if source.Float64() >= probability || len(kinds) == 0 {
			return Fault{}
		}
		return Fault{Kind: kinds[source.IntN(len(kinds))]}
	}
}

// decide finds the fault of a request. Every rule counts every request that it matches. The caller holds the lock.
func (s *Server) decide(r Request) Fault {
	var hit Fault
	for _, rule := range s.rules {
		if f := rule.next(r); hit.Kind == none {
			hit = f
		}
	}
	for _, decide := range s.deciders {
		if hit.Kind == none {
			hit = decide(r)
		}
	}
	return hit
}

func (r *rule) next(request Request) Fault {
	if r.Method != "" && r.Method != request.Method || !r.path.MatchString(request.Path) {
		return Fault{}
	}
	r.seen++
	times := r.Times
	if times == 0 && r.Nth > 0 {
		times = 1
	}
	first := max(r.Nth, 1)
	if r.seen < first || times > 0 && r.seen >= first+times {
		return Fault{}
	}
	return r.Fault
}
