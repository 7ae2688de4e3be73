package githubtest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

type pullBody struct {
	Title field[string] `json:"title"`
	Body  field[string] `json:"body"`
	State field[string] `json:"state"`
	Head  string        `json:"head"`
	Base  string        `json:"base"`
	Draft bool          `json:"draft"`
}

func listPulls(c *call) response {
	q := c.query
	c.unmodelled("sort")
	var out []Issue
	for i := range listed(c, c.repo.issues) {
		if i.Pull == nil || i.gone || q.Get("state") != "all" && i.State != orOpen(q.Get("state")) {
			continue
		}
		if base := q.Get("base"); base != "" && base != i.Pull.Base {
			continue
		}
		if head := q.Get("head"); strings.Contains(head, ":") && head != c.repo.owner+":"+i.Pull.Head {
			continue // a head without an owner filters nothing, as at GitHub
		}
		out = append(out, i)
	}
	if q.Get("direction") != "asc" {
		slices.Reverse(out)
	}
	return paged(c, out, c.pullWire)
}

func createPull(c *call) response {
	in, bad := read[pullBody](c)
	if bad != nil {
		return *bad
	}
	in.Head = strings.TrimPrefix(in.Head, c.repo.owner+":")
	if flaws := c.pullFlaws(in); len(flaws) > 0 {
		return c.invalid(flaws...)
	}
	i := c.s.create(c.repo, c.token.login, Issue{
		Title: in.Title.Value, Body: in.Body.Value, Pull: &Pull{Head: in.Head, Base: in.Base, Draft: in.Draft},
	})
	a := c.json(http.StatusCreated, c.fullPullWire(i))
	a.header.Set("Location", c.repoURL()+"/pulls/"+itoa(i.Number))
	return a
}

// pullFlaws is what GitHub finds wrong with a new pull request.
func (c *call) pullFlaws(in pullBody) []flaw {
	var flaws []flaw
	wrong := func(code, field, message string) {
		flaws = append(flaws, flaw{Resource: "PullRequest", Code: code, Field: field, Message: message})
	}
	if strings.TrimSpace(in.Title.Value) == "" {
		wrong("missing_field", "title", "")
	}
	if utf8.RuneCountInString(in.Body.Value) > maxBody {
		wrong("custom", "body", "body is too long (maximum is 65536 characters)")
	}
	g := c.repo.git
	head, base := g.refs["refs/heads/"+in.Head], g.refs["refs/heads/"+in.Base]
	switch {
	case head == "":
		wrong("invalid", "head", "")
	case base == "":
		wrong("invalid", "base", "")
	case g.ancestor(head, base):
		wrong("custom", "", "No commits between "+in.Base+" and "+in.Head)
	}
	for _, h := range c.repo.issues {
		if i := h.latest(); i.Pull != nil && i.State == "open" && i.Pull.Head == in.Head && i.Pull.Base == in.Base {
			wrong("custom", "", "A pull request already exists for "+c.repo.owner+":"+in.Head+".")
		}
	}
	return flaws
}

// targetPull is the pull request that a path names; an issue of that number is none.
func (c *call) targetPull() (*history[Issue], *response) {
	h, missing := c.target("pull_number")
	if missing == nil && h.latest().Pull != nil {
		return h, nil
	}
	a := c.fail(http.StatusNotFound, "Not Found")
	return nil, &a
}

func getPull(c *call) response {
	h, missing := c.targetPull()
	if missing != nil {
		return *missing
	}
	return c.json(http.StatusOK, c.fullPullWire(h.latest()))
}

func patchPull(c *call) response {
	h, missing := c.targetPull()
	if missing != nil {
		return *missing
	}
	in, bad := read[pullBody](c)
	if bad != nil {
		return *bad
	}
	after := h.latest()
	if flaws := c.apply(issueBody{Title: in.Title, Body: in.Body, State: in.State}, &after); len(flaws) > 0 {
		return c.invalid(flaws...)
	}
	if in.Base != "" {
		after.Pull = &Pull{Head: after.Pull.Head, Base: in.Base, Draft: after.Pull.Draft}
	}
	return c.json(http.StatusOK, c.fullPullWire(c.s.change(c.repo, h, c.token.login, func(i *Issue) { *i = after })))
}

// pullWire is a pull request as lists show it.
func (c *call) pullWire(i Issue) object {
	o := c.issueWire(i)
	n, issue, html := itoa(i.Number), o["url"].(string), o["html_url"].(string)
	base := c.repoURL() + "/pulls/" + n
	statuses := c.repoURL() + "/statuses/" + c.repo.git.refs["refs/heads/"+i.Pull.Head]
	for _, gone := range []string{"comments", "pull_request", "closed_by", "reactions", "state_reason", "repository_url", "labels_url", "events_url"} {
		delete(o, gone)
	}
	urls := object{
		"self": base, "html": html, "issue": issue, "comments": issue + "/comments", "commits": base + "/commits", "statuses": statuses,
		"review_comments": base + "/comments", "review_comment": c.repoURL() + "/pulls/comments{/number}",
	}
	links := object{}
	for name, to := range urls {
		links[name] = object{"href": to}
		if name != "self" && name != "html" {
			o[name+"_url"] = to
		}
	}
	maps.Copy(o, object{
		"id": i.ID, "node_id": nodeID("PR", i.ID), "url": base, "diff_url": html + ".diff", "patch_url": html + ".patch",
		"merge_commit_sha": nil, "merged_at": nil, "requested_reviewers": []object{}, "requested_teams": []object{}, "auto_merge": nil,
		"draft": i.Pull.Draft, "head": c.sideWire(i.Pull.Head), "base": c.sideWire(i.Pull.Base), "_links": links,
	})
	return o
}

// sideWire is one of the two branches of a pull request.
func (c *call) sideWire(branch string) object {
	return object{
		"label": c.repo.owner + ":" + branch, "ref": branch, "sha": c.repo.git.refs["refs/heads/"+branch],
		"user": c.userWire(c.repo.owner), "repo": c.repoWire(),
	}
}

// fullPullWire is a pull request as it is shown by its number.
func (c *call) fullPullWire(i Issue) object {
	o := c.pullWire(i)
	maps.Copy(o, object{
		"merged": false, "mergeable": nil, "rebaseable": nil, "mergeable_state": "unknown", "merged_by": nil, "comments": i.Comments,
		"review_comments": 0, "maintainer_can_modify": false, "commits": 1, "additions": 1, "deletions": 0, "changed_files": 1,
	})
	return o
}
