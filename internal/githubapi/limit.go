package githubapi

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"
)

// answer is what GitHub said to one request.
type answer struct {
	status int
	header http.Header
	body   []byte
	moved  bool // a redirect led to it
}

// said is the error in an answer's body; empty where there is none.
func (a answer) said() github.ErrorResponse {
	var e github.ErrorResponse
	if json.Unmarshal(a.body, &e) != nil {
		return github.ErrorResponse{}
	}
	return e
}

// time is when the answer was given, by GitHub's clock, or else by ours: a runner's clock may be wrong by minutes.
func (a answer) time(ours time.Time) time.Time {
	if t, err := http.ParseTime(a.header.Get("Date")); err == nil {
		return t
	}
	return ours
}

// limited tells whether an answer refuses a request because of a rate limit, and how long it asks to wait: 0 where it does not
// say. Such a request was not carried out.
//
// A limit is any 429, and a 403 that has Retry-After, has no requests left, or speaks of a limit; GitHub words it in several
// ways, and any other 403 is about permissions. See https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
// and https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
func (a answer) limited(now time.Time) (wait time.Duration, is bool) {
	if a.status != http.StatusForbidden && a.status != http.StatusTooManyRequests {
		return 0, false
	}
	wait = max(a.retryAfter(now), a.untilReset(now))
	e := a.said()
	message, url := strings.ToLower(e.Message), strings.ToLower(e.DocumentationURL)
	worded := strings.Contains(message, "rate limit") || strings.Contains(message, "abuse") ||
		strings.Contains(url, "rate-limit") || strings.Contains(url, "abuse")
	return wait, wait > 0 || worded || a.status == http.StatusTooManyRequests
}

// maxWait keeps what a header asks for within what a Duration can hold; no budget reaches as far.
const maxWait = 365 * 24 * time.Hour

// retryAfter is what the Retry-After header asks for, in seconds or as a date; 0 without one.
func (a answer) retryAfter(now time.Time) time.Duration {
	value := strings.TrimSpace(a.header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(value, 64); err == nil && !math.IsNaN(s) {
		return max(time.Second, time.Duration(min(s, maxWait.Seconds())*float64(time.Second)))
	}
	if t, err := http.ParseTime(value); err == nil {
		return max(time.Second, min(t.Sub(now), maxWait))
	}
	return 0
}

// untilReset is how long it takes until there are requests left again; 0 where there are some. The reset is in whole seconds:
// one more is waited for.
func (a answer) untilReset(now time.Time) time.Duration {
	if a.header.Get("X-RateLimit-Remaining") != "0" {
		return 0
	}
	reset, err := strconv.ParseInt(a.header.Get("X-RateLimit-Reset"), 10, 64)
	if err != nil {
		return 0
	}
	return max(time.Second, min(time.Unix(reset, 0).Sub(now)+time.Second, maxWait))
}
