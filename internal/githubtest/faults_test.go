package githubtest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v62/github"
)

// outcome is what a client sees of a POST that meets a fault, and what became of it.
type outcome struct {
	committed bool
	status    int    // 0 for no answer
	see       string // a part of the answer's body, or of the error's text
	header    string // a header that must be there, "Name: value"
}

// outcomes holds every kind but those that hang, which need a client that gives up.
var outcomes = map[Kind]outcome{
	LostRequest:     {see: "EOF"},
	LostReply:       {see: "EOF", committed: true},
	BadGateway:      {status: 502, see: "<!DOCTYPE html>", header: "Content-Type: text/html; charset=utf-8"},
	BadGatewayAfter: {status: 502, see: "<!DOCTYPE html>", committed: true},
	ServerError:     {status: 500, see: "Server Error"},
	Unauthorized:    {status: 401, see: "Bad credentials"},
	Forbidden:       {status: 403, see: "not accessible by integration", header: "X-Ratelimit-Remaining: 5000"},
	NotFound:        {status: 404, see: "Not Found"},
	Gone:            {status: 410, see: "deleted"},
	Unprocessable:   {status: 422, see: `"errors":[{"resource":"Issue"`},
	PrimaryLimit:    {status: 403, see: "API rate limit exceeded", header: "X-Ratelimit-Remaining: 0"},
	SecondaryAfter:  {status: 403, see: "secondary rate limit", header: "Retry-After: 60"},
	Secondary:       {status: 403, see: "about-secondary-rate-limits", header: "X-Ratelimit-Remaining: 5000"},
	TooManyAfter:    {status: 429, see: "secondary rate limit", header: "Retry-After: 60"},
	TooMany:         {status: 429, see: "secondary rate limit"},
	AbuseLimit:      {status: 403, see: "#abuse-rate-limits"},
	OtherLimit:      {status: 403, see: "terms-of-service"},
	PlainHTML:       {status: 200, see: "Sign in"},
	HugeBody:        {status: 200, see: `{"body":"xxx`},
	Redirect:        {status: 307, see: "Moved"},
	TruncatedJSON:   {status: 201, see: `"title"`, committed: true},
	CutBody:         {status: 201, see: "unexpected EOF", committed: true},
	WrongTypes:      {status: 201, see: `"number":"text 1"`, committed: true},
	PageShift:       {status: 201, see: `"number":2`, committed: true},
}

func TestEveryKind(t *testing.T) {
	for _, kind := range Kinds() {
		want, listed := outcomes[kind]
		if !listed {
			continue
		}
		t.Run(string(kind), func(t *testing.T) {
			s := New(t)
			s.Inject(Rule{Method: "POST", Nth: 1, Fault: Fault{Kind: kind, Size: 1 << 20}})
			got, header := post(t, s)
			same(t, "status", got.status, want.status)
			if !strings.Contains(got.see, want.see) {
				t.Errorf("got %.200q, want %q in it", got.see, want.see)
			}
			if name, value, has := strings.Cut(want.header, ": "); has {
				same(t, name, header.Get(name), value)
			}
			for _, limit := range []Kind{Secondary, TooMany} {
				same(t, "Retry-After without", kind == limit && header.Get("Retry-After") != "", false)
			}
			request := s.Writes()[0]
			same(t, "committed", request.Committed, want.committed)
			same(t, "recorded fault", request.Fault, kind)
			got, _ = post(t, s)
			same(t, "status of the next one", got.status, 201)
		})
	}
	same(t, "kinds with an outcome or a test of their own", len(outcomes)+2, len(Kinds()))
}

// post opens an issue and keeps what it sees.
func post(t *testing.T, s *Server) (outcome, http.Header) {
	t.Helper()
	r, err := http.NewRequest("POST", s.URL+"/repos/acme/ops/issues", strings.NewReader(`{"title":"x"}`))
	ok(t, err)
	r.Header.Set("Authorization", "Bearer "+Token)
	r.Header.Set("Content-Type", "application/json")
	noFollow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := noFollow.Do(r)
	if err != nil {
		return outcome{see: err.Error()}, nil
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		body = []byte(err.Error())
	}
	return outcome{status: resp.StatusCode, see: string(body)}, resp.Header
}

func TestHanging(t *testing.T) {
	for kind, committed := range map[Kind]bool{Hang: false, HangAfter: true} {
		s := New(t)
		ctx, giveUp := context.WithCancel(context.Background())
		s.Inject(Rule{Fault: Fault{Kind: kind, Do: giveUp}})
		_, _, err := client(t, s, Token).Issues.Create(ctx, owner, repo, &github.IssueRequest{Title: ptr("x")})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want a request that was given up", kind, err)
		}
		s.Close() // waits for the request to end at the server
		same(t, string(kind), len(s.Issues(Repo)) == 1, committed)
	}
}

// TestHangEndsWithTheServer: a client without a time limit must not hold up the end of a test.
func TestHangEndsWithTheServer(t *testing.T) {
	s := New(t)
	arrived := make(chan struct{})
	s.Inject(Rule{Fault: Fault{Kind: Hang, Do: func() { close(arrived) }}})
	done := make(chan outcome)
	go func() {
		got, _ := post(t, s)
		done <- got
	}()
	<-arrived
	s.Close()
	same(t, "status", (<-done).status, 0)
}

// TestLostReadIsRepeated is what Fault's comment warns of.
func TestLostReadIsRepeated(t *testing.T) {
	s := New(t)
	s.Inject(On("", "", 2, LostReply), On("", "", 4, LostReply))
	for range 2 {
		resp, _ := ask(t, s, Token, "GET", "/repos/acme/ops/issues", "")
		same(t, "status", resp.StatusCode, 200)
	}
	same(t, "reads", len(s.Reads()), 3)
	got, _ := post(t, s)
	same(t, "status of a write", got.status, 0)
	same(t, "writes", len(s.Writes()), 1)
}

func TestHugeBody(t *testing.T) {
	s := New(t)
	s.Inject(Rule{Fault: Fault{Kind: HugeBody, Size: 3_000_000}})
	_, text := ask(t, s, Token, "GET", "/repos/acme/ops/issues", "")
	same(t, "bytes", len(text), 3_000_000)
	same(t, "valid JSON", json.Valid([]byte(text)), true)
	s.Heal()
	s.Inject(Rule{Fault: Fault{Kind: HugeBody}})
	r, err := http.NewRequest("GET", s.URL+"/repos/acme/ops/issues", nil)
	ok(t, err)
	resp, err := http.DefaultClient.Do(r)
	ok(t, err)
	defer func() { _ = resp.Body.Close() }()
	n, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<30))
	ok(t, err)
	same(t, "bytes without a size", n, defaultSize)
}

// TestRedirectAndTheToken shows what a redirect to another host is a trap for: the header of a request is taken off by
// http.Client, the header that go-github's WithAuthToken adds below it is not.
func TestRedirectAndTheToken(t *testing.T) {
	s := New(t)
	s.Inject(Rule{Fault: Fault{Kind: Redirect}})
	r, err := http.NewRequest("GET", s.URL+"/repos/acme/ops/issues", nil)
	ok(t, err)
	r.Header.Set("Authorization", "Bearer "+Token)
	resp, err := http.DefaultClient.Do(r)
	ok(t, err)
	ok(t, resp.Body.Close())
	_, _, _ = client(t, s, Token).Issues.Create(context.Background(), owner, repo, &github.IssueRequest{Title: ptr("x")})
	got := s.Elsewhere()
	if len(got) != 2 {
		t.Fatalf("got %d requests elsewhere, want 2", len(got))
	}
	same(t, "token by http.Client", got[0].Header.Get("Authorization"), "")
	same(t, "token by go-github", got[1].Header.Get("Authorization"), "Bearer "+Token)
	same(t, "method", got[1].Method, "POST")
}

func TestLimitsAsGoGitHubSeesThem(t *testing.T) {
	s := New(t)
	retry := 90 * time.Second
	s.Inject(
		Rule{Nth: 1, Fault: Fault{Kind: PrimaryLimit, RetryAfter: time.Hour}},
		Rule{Nth: 2, Fault: Fault{Kind: SecondaryAfter, RetryAfter: retry}},
		On("", "", 3, TooManyAfter),
		Rule{Nth: 4, Fault: Fault{Kind: PrimaryLimit, Status: 429}},
	)
	see := func() error {
		_, _, err := client(t, s, Token).Issues.Get(context.Background(), owner, repo, 1)
		return err
	}
	var primary *github.RateLimitError
	if err := see(); !errors.As(err, &primary) || !primary.Rate.Reset.Equal(github.Timestamp{Time: Epoch.Add(time.Hour)}) {
		t.Errorf("primary: got %v, want a reset an hour after %s", err, Epoch)
	}
	var secondary *github.AbuseRateLimitError
	if err := see(); !errors.As(err, &secondary) || *secondary.RetryAfter != retry {
		t.Errorf("secondary: got %v, want one with %s", err, retry)
	}
	var plain *github.ErrorResponse
	for range 2 {
		if err := see(); !errors.As(err, &plain) || plain.Response.StatusCode != 429 {
			t.Errorf("429: got %v, want a plain error: go-github 62 knows no 429", err)
		}
	}
}

func TestRules(t *testing.T) {
	s := New(t)
	s.As(Alice).AddIssue(Repo, Issue{Title: "One"})
	s.Inject(
		Rule{Method: "GET", Path: "/issues/1$", Nth: 2, Times: 2, Fault: Fault{Kind: NotFound}},
		Rule{Method: "GET", Path: "/issues/1$", Nth: 3, Fault: Fault{Kind: Gone}},
		Rule{Path: "/labels$", Fault: Fault{Kind: Answer, Status: 503, Body: "busy", Header: http.Header{"Retry-After": {"7"}}}},
		Rule{Path: "/comments$", Fault: Fault{Kind: AnswerAfter, Status: 504}},
	)
	for i, want := range []int{200, 404, 404, 200} {
		resp, _ := ask(t, s, Token, "GET", "/repos/acme/ops/issues/1", "")
		same(t, "status of request "+itoa(i+1), resp.StatusCode, want)
	}
	for range 2 {
		resp, body := ask(t, s, Token, "GET", "/repos/acme/ops/labels", "")
		same(t, "answer", body, "busy")
		same(t, "status", resp.StatusCode, 503)
		same(t, "Retry-After", resp.Header.Get("Retry-After"), "7")
	}
	resp, _ := ask(t, s, Token, "POST", "/repos/acme/ops/issues/1/comments", `{"body":"x"}`)
	same(t, "status", resp.StatusCode, 504)
	same(t, "comments", len(s.Comments(Repo, 1)), 1)
	s.Heal()
	resp, _ = ask(t, s, Token, "GET", "/repos/acme/ops/labels", "")
	same(t, "status after Heal", resp.StatusCode, 200)
}

func TestWrongTypesInAList(t *testing.T) {
	s := New(t)
	many(s, 2)
	s.Inject(Rule{Fault: Fault{Kind: WrongTypes}})
	_, body := ask(t, s, Token, "GET", "/repos/acme/ops/issues", "")
	var list []struct {
		Number string
		Title  int
		User   []string
		Labels string
	}
	ok(t, json.Unmarshal([]byte(body), &list))
	same(t, "number", list[0].Number, "text 2")
}

func TestMeanwhile(t *testing.T) {
	s := New(t)
	s.As(Alice).AddIssue(Repo, Issue{Title: "One"})
	s.Inject(Rule{Method: "PATCH", Nth: 1, Fault: Fault{Kind: Meanwhile, Do: func() {
		s.Advance(time.Minute)
		s.As(Ben).CloseIssue(Repo, 1, "completed")
	}}})
	ask(t, s, Token, "PATCH", "/repos/acme/ops/issues/1", `{"title":"Two"}`)
	i, _ := s.Issue(Repo, 1)
	same(t, "state", i.State+" by "+i.ClosedBy+": "+i.Title, "closed by ben: Two")
	same(t, "versions", len(s.Versions(Repo, 1)), 3)
}

func TestRandom(t *testing.T) {
	faults := func(seed uint64) string {
		s := New(t)
		s.InjectFunc(Random(seed, 0.5, ServerError, BadGatewayAfter))
		for range 40 {
			_, _ = post(t, s)
		}
		var out []string
		for _, r := range s.Requests() {
			out = append(out, string(r.Fault))
		}
		return strings.Join(out, "|")
	}
	first := faults(1)
	same(t, "the same seed", faults(1), first)
	same(t, "another seed is the same", faults(2) == first, false)
	for _, kind := range []Kind{ServerError, BadGatewayAfter, none} {
		same(t, string(kind)+" occurs", strings.Contains("|"+first+"|", "|"+string(kind)+"|"), true)
	}
	same(t, "no kinds", Random(1, 1)(Request{}).Kind, none)
}
