package githubtest

import "time"

// Option changes how a Server starts.
type Option func(*Server)

// WithPrefix serves the API below a path, as GitHub Enterprise Server does below "/api/v3".
func WithPrefix(prefix string) Option {
	return func(s *Server) { s.prefix = prefix }
}

// WithNow sets the clock; Advance is added to what it says. Without it the clock stands at Epoch.
func WithNow(now func() time.Time) Option {
	return func(s *Server) { s.now = now }
}

// WithRepo adds the repository "owner/name".
func WithRepo(fullName string) Option {
	return func(s *Server) { s.addRepo(fullName) }
}

// WithToken lets a token in as an account. A login that ends in "[bot]" is an app: as for the token of GitHub Actions, GET /user
// is refused to it.
func WithToken(value, login string) Option {
	return func(s *Server) { s.tokens[value] = token{login: login} }
}

// WithReadOnlyToken lets a token in that is refused every write: 403 "Resource not accessible by integration".
func WithReadOnlyToken(value, login string) Option {
	return func(s *Server) { s.tokens[value] = token{login: login, readOnly: true} }
}

// WithAssignable sets who may be assigned to issues of a repository, Alice and Ben without it.
func WithAssignable(fullName string, logins ...string) Option {
	return func(s *Server) { s.mustFind(fullName).assignable = logins }
}

// WithRefusedAssignees answers an issue written with somebody who can't be assigned by 422, "code": "invalid". That is what
// GitHub says to a token that has push access. Without it such assignees are dropped silently, which is what GitHub does for a
// token without push access and, for every token, at POST .../assignees. A client must get along with both.
func WithRefusedAssignees() Option {
	return func(s *Server) { s.refuse = true }
}

// WithListLag hides what was created or changed from every list until the clock has advanced by d; what is asked for by its
// number or id is always fresh. GitHub promises no more than that.
func WithListLag(d time.Duration) Option {
	return func(s *Server) { s.lag = d }
}

// WithPageLimit sets how far the page parameter reaches into a list of issues, in issues, 10,000 without it: page × per_page
// at the limit or over it is answered by 422, as GitHub does in large repositories; the cursor goes on.
func WithPageLimit(issues int) Option {
	return func(s *Server) { s.pageLimit = issues }
}

// WithRateLimit sets the primary limit in requests an hour for each token, 5,000 without it.
func WithRateLimit(requests int) Option {
	return func(s *Server) { s.rateLimit = requests }
}
