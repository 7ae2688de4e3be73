package githubtest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// call is one request on its way through the fake.
type call struct {
	s      *Server
	r      *http.Request
	body   []byte
	query  url.Values
	path   string // canonical, escaped
	route  *route // nil where the fake serves no such operation
	params map[string]string
	repo   *repository // nil outside a repository
	value  string      // the bearer token
	token  token
	known  bool
	now    time.Time
	record *Request // guarded by the server's lock
}

// response is an answer that is not sent yet.
type response struct {
	status int
	header http.Header
	body   []byte
}

// object is a JSON object.
type object = map[string]any

// docs is where GitHub's error bodies point.
const docs = "https://docs.github.com/rest"

func (c *call) writes() bool { return isWrite(c.r.Method) }

// repoName is "owner/name" as the path has it.
func (c *call) repoName() string { return c.params["owner"] + "/" + c.params["repo"] }

func (c *call) json(status int, value any) response {
	body, err := json.Marshal(value)
	if err != nil {
		c.s.t.Errorf("githubtest: %s %s: %v", c.r.Method, c.path, err)
	}
	return response{status: status, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body: body}
}

// none is the answer without a body.
func (c *call) none() response { return response{status: http.StatusNoContent, header: http.Header{}} }

// fail is an error as GitHub words it.
func (c *call) fail(status int, message string) response { return c.failAt(status, message, docs) }

// failAt is fail with another page of the documentation; for limits it matters which.
func (c *call) failAt(status int, message, to string) response {
	return c.json(status, object{"message": message, "documentation_url": to, "status": strconv.Itoa(status)})
}

// flaw is one entry of a 422's errors.
type flaw struct {
	Resource string `json:"resource"`
	Code     string `json:"code"` // missing_field, invalid, already_exists, custom or unprocessable
	Field    string `json:"field"`
	Message  string `json:"message,omitempty"`
	Value    string `json:"value,omitempty"`
}

// invalid is a 422 with the reasons.
func (c *call) invalid(flaws ...flaw) response {
	return c.json(http.StatusUnprocessableEntity, object{
		"message": "Validation Failed", "errors": flaws, "documentation_url": docs, "status": "422",
	})
}

// unmodelled reports query parameters that GitHub heeds and the fake does not.
func (c *call) unmodelled(names ...string) {
	for _, n := range names {
		if c.query.Has(n) {
			c.s.t.Errorf("githubtest: %s %s: the fake does not model the parameter %q", c.r.Method, c.path, n)
		}
	}
}

// stranger is what a token that nobody knows, or no token at all, is told.
func (c *call) stranger() string {
	if c.r.Header.Get("Authorization") == "" {
		return "Requires authentication"
	}
	return "Bad credentials"
}

// read decodes the request's body; no body is an empty object. The answer is nil if it could be read.
func read[T any](c *call) (T, *response) {
	var value T
	if len(c.body) == 0 {
		return value, nil
	}
	if !json.Valid(c.body) {
		r := c.fail(http.StatusBadRequest, "Problems parsing JSON")
		return value, &r
	}
	if err := json.Unmarshal(c.body, &value); err != nil {
		r := c.fail(http.StatusUnprocessableEntity, "Invalid request.\n\n"+err.Error())
		return value, &r
	}
	return value, nil
}

// etag gives a read its validator, and answers 304 to a client that has it already. As at GitHub it differs from token to token.
func (c *call) etag(a response) response {
	if c.writes() || a.status != http.StatusOK || a.header.Get("Etag") != "" {
		return a
	}
	sum := sha256.Sum256([]byte(c.value + "\x00" + c.r.URL.String() + "\x00" + string(a.body)))
	tag := `W/"` + hex.EncodeToString(sum[:]) + `"`
	a.header.Set("Etag", tag)
	a.header.Set("Cache-Control", "private, max-age=60, s-maxage=60")
	a.header.Set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With")
	if c.r.Header.Get("If-None-Match") == tag {
		a.status, a.body = http.StatusNotModified, nil
		a.header.Del("Content-Type")
	}
	return a
}

func itoa[T int | int64](n T) string { return strconv.FormatInt(int64(n), 10) }
