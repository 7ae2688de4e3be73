package githubtest

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// route is one operation that the fake serves, under the name it has in GitHub's description.
type route struct {
	method, pattern string
	handle          func(*call) response
	many            bool // the answer is an array
	match           *regexp.Regexp
	names           []string
}

// inRepo starts the paths of nearly all operations.
const inRepo = "/repos/{owner}/{repo}"

// routes is in the order of matching: what is fixed stands before what is variable.
var routes = compile([]route{
	{method: "GET", pattern: "/user", handle: getUser},
	{method: "GET", pattern: "/rate_limit", handle: getRateLimit},
	{method: "GET", pattern: inRepo, handle: getRepo},
	{method: "GET", pattern: inRepo + "/assignees", handle: listAssignees, many: true},
	{method: "GET", pattern: inRepo + "/assignees/{assignee}", handle: checkAssignee},

	{method: "GET", pattern: inRepo + "/issues", handle: listIssues, many: true},
	{method: "POST", pattern: inRepo + "/issues", handle: createIssue},
	{method: "GET", pattern: inRepo + "/issues/comments", handle: listRepoComments, many: true},
	{method: "GET", pattern: inRepo + "/issues/comments/{comment_id}", handle: getComment},
	{method: "PATCH", pattern: inRepo + "/issues/comments/{comment_id}", handle: patchComment},
	{method: "GET", pattern: inRepo + "/issues/{issue_number}", handle: getIssue},
	{method: "PATCH", pattern: inRepo + "/issues/{issue_number}", handle: patchIssue},
	{method: "GET", pattern: inRepo + "/issues/{issue_number}/comments", handle: listComments, many: true},
	{method: "POST", pattern: inRepo + "/issues/{issue_number}/comments", handle: createComment},
	{method: "GET", pattern: inRepo + "/issues/{issue_number}/labels", handle: listIssueLabels, many: true},
	{method: "POST", pattern: inRepo + "/issues/{issue_number}/labels", handle: addLabels, many: true},
	{method: "DELETE", pattern: inRepo + "/issues/{issue_number}/labels/{name}", handle: removeLabel, many: true},
	{method: "POST", pattern: inRepo + "/issues/{issue_number}/assignees", handle: addAssignees},
	{method: "DELETE", pattern: inRepo + "/issues/{issue_number}/assignees", handle: removeAssignees},
	{method: "PUT", pattern: inRepo + "/issues/{issue_number}/lock", handle: lockIssue},
	{method: "DELETE", pattern: inRepo + "/issues/{issue_number}/lock", handle: unlockIssue},

	{method: "GET", pattern: inRepo + "/labels", handle: listLabels, many: true},
	{method: "POST", pattern: inRepo + "/labels", handle: createLabel},
	{method: "GET", pattern: inRepo + "/labels/{name}", handle: getLabel},
	{method: "PATCH", pattern: inRepo + "/labels/{name}", handle: patchLabel},
	{method: "GET", pattern: inRepo + "/milestones", handle: listMilestones, many: true},

	{method: "GET", pattern: inRepo + "/git/ref/{ref}", handle: getRef},
	{method: "POST", pattern: inRepo + "/git/refs", handle: createRef},
	{method: "PATCH", pattern: inRepo + "/git/refs/{ref}", handle: patchRef},
	{method: "DELETE", pattern: inRepo + "/git/refs/{ref}", handle: deleteRef},
	{method: "GET", pattern: inRepo + "/git/commits/{commit_sha}", handle: getCommit},
	{method: "POST", pattern: inRepo + "/git/trees", handle: createTree},
	{method: "POST", pattern: inRepo + "/git/commits", handle: createCommit},
	{method: "GET", pattern: inRepo + "/contents/{path}", handle: getContents},
	{method: "PUT", pattern: inRepo + "/contents/{path}", handle: putContents},
	{method: "GET", pattern: inRepo + "/pulls", handle: listPulls, many: true},
	{method: "POST", pattern: inRepo + "/pulls", handle: createPull},
	{method: "GET", pattern: inRepo + "/pulls/{pull_number}", handle: getPull},
	{method: "PATCH", pattern: inRepo + "/pulls/{pull_number}", handle: patchPull},
})

var variable = regexp.MustCompile(`\\\{(\w+)\\\}`)

// compile makes a regular expression of each pattern. A ref and a path in a repository may hold slashes, nothing else does.
func compile(routes []route) []route {
	for i := range routes {
		r := &routes[i]
		expr := variable.ReplaceAllStringFunc(regexp.QuoteMeta(r.pattern), func(v string) string {
			name := strings.Trim(v, `\{}`)
			r.names = append(r.names, name)
			if name == "ref" || name == "path" {
				return `(.+)`
			}
			return `([^/]+)`
		})
		r.match = regexp.MustCompile("^" + expr + "$")
	}
	return routes
}

// routeOf finds the operation of a request by its escaped path, and its path parameters, unescaped. It is nil for an operation
// that the fake does not serve.
func routeOf(method, path string) (*route, map[string]string) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for i := range routes {
		r := &routes[i]
		m := r.match.FindStringSubmatch(path)
		if m == nil || r.method != method {
			continue
		}
		params := map[string]string{}
		for at, name := range r.names {
			value, err := url.PathUnescape(m[at+1])
			if err != nil {
				return nil, nil
			}
			params[name] = value
		}
		return r, params
	}
	return nil, nil
}

// canonical takes the prefix off an escaped path and writes a repository given by its id, as GitHub's Link and Location headers
// give it, by its name: /repositories/1001/issues becomes /repos/acme/ops/issues.
func (s *Server) canonical(path string) string {
	path = strings.TrimPrefix(path, s.prefix)
	rest, ok := strings.CutPrefix(path, "/repositories/")
	if !ok {
		return path
	}
	id, rest, _ := strings.Cut(rest, "/")
	i := slices.IndexFunc(s.repos, func(r *repository) bool { return itoa(r.id) == id })
	if i < 0 {
		return path
	}
	return strings.TrimSuffix("/repos/"+s.repos[i].fullName()+"/"+rest, "/")
}
