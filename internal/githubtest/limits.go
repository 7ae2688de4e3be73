package githubtest

import (
	"net/http"
	"time"
)

// rate counts one token's requests in the current hour.
type rate struct {
	limit, used int
	reset       time.Time
}

func (r *rate) remaining() int { return max(r.limit-r.used, 0) }

// rateOf is the count for a call's token; it starts anew an hour after it started. The caller holds the lock.
func (s *Server) rateOf(c *call) *rate {
	r := s.rates[c.value]
	if r == nil || !c.now.Before(r.reset) {
		r = &rate{limit: s.rateLimit, reset: stamp(c.now).Add(time.Hour)}
		s.rates[c.value] = r
	}
	return r
}

// rateHeaders says on every answer how much is left of the primary limit. The caller holds the lock.
func (s *Server) rateHeaders(h http.Header, c *call) {
	if !c.known {
		return
	}
	r := s.rateOf(c)
	h.Set("X-Ratelimit-Limit", itoa(r.limit))
	h.Set("X-Ratelimit-Remaining", itoa(r.remaining()))
	h.Set("X-Ratelimit-Used", itoa(r.used))
	h.Set("X-Ratelimit-Reset", itoa(r.reset.Unix()))
	h.Set("X-Ratelimit-Resource", "core")
}

// getRateLimit costs nothing, and is answered when nothing is left too.
func getRateLimit(c *call) response {
	r := c.s.rateOf(c)
	core := object{"limit": r.limit, "used": r.used, "remaining": r.remaining(), "reset": r.reset.Unix()}
	other := object{"limit": 30, "used": 0, "remaining": 30, "reset": r.reset.Unix()}
	return c.json(http.StatusOK, object{"rate": core, "resources": object{"core": core, "search": other, "graphql": other}})
}
