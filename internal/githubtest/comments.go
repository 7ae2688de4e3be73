package githubtest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

func listComments(c *call) response {
	h, missing := c.target("issue_number")
	if missing != nil {
		return *missing
	}
	return paged(c, c.commentsThat(func(k Comment) bool { return k.Issue == h.latest().Number }), c.commentWire)
}

func listRepoComments(c *call) response {
	comments := c.commentsThat(func(Comment) bool { return true })
	q := c.query
	slices.SortFunc(comments, func(a, b Comment) int {
		order := a.CreatedAt.Compare(b.CreatedAt)
		if q.Get("sort") == "updated" {
			order = a.UpdatedAt.Compare(b.UpdatedAt)
		}
		order = cmp.Or(order, cmp.Compare(a.ID, b.ID))
		if q.Get("direction") == "desc" {
			return -order
		}
		return order
	})
	return paged(c, comments, c.commentWire)
}

// commentsThat are the comments of a list, in the order of their making.
func (c *call) commentsThat(want func(Comment) bool) []Comment {
	var out []Comment
	for k := range listed(c, c.repo.comments) {
		if !k.gone && want(k) && since(k.UpdatedAt, c.query.Get("since")) {
			out = append(out, k)
		}
	}
	return out
}

type commentBody struct {
	Body field[string] `json:"body"`
}

// flaws are worded as GitHub words them: unlike an issue's, a comment's text is its "data".
func (b commentBody) flaws() []flaw {
	switch {
	case strings.TrimSpace(b.Body.Value) == "":
		return []flaw{{Resource: "IssueComment", Code: "missing_field", Field: "body"}}
	case utf8.RuneCountInString(b.Body.Value) > maxBody:
		return []flaw{{
			Resource: "IssueComment", Code: "unprocessable", Field: "data",
			Message: "Body is too long (maximum is 65536 characters)",
		}}
	}
	return nil
}

func createComment(c *call) response {
	h, missing := c.target("issue_number")
	if missing != nil {
		return *missing
	}
	in, bad := read[commentBody](c)
	if bad != nil {
		return *bad
	}
	if flaws := in.flaws(); len(flaws) > 0 {
		return c.invalid(flaws...)
	}
	k := c.s.createComment(c.repo, h, c.token.login, in.Body.Value)
	a := c.json(http.StatusCreated, c.commentWire(k))
	a.header.Set("Location", c.repoURL()+"/issues/comments/"+itoa(k.ID))
	return a
}

// targetComment is the comment that a path names, or the answer for one that is not there.
func (c *call) targetComment() (*history[Comment], *response) {
	id, _ := strconv.ParseInt(c.params["comment_id"], 10, 64)
	h := c.repo.comment(id)
	if h == nil || h.latest().gone {
		a := c.fail(http.StatusNotFound, "Not Found")
		return nil, &a
	}
	return h, nil
}

func getComment(c *call) response {
	h, missing := c.targetComment()
	if missing != nil {
		return *missing
	}
	return c.json(http.StatusOK, c.commentWire(h.latest()))
}

func patchComment(c *call) response {
	h, missing := c.targetComment()
	if missing != nil {
		return *missing
	}
	in, bad := read[commentBody](c)
	if bad != nil {
		return *bad
	}
	if flaws := in.flaws(); len(flaws) > 0 {
		return c.invalid(flaws...)
	}
	return c.json(http.StatusOK, c.commentWire(c.s.changeComment(h, in.Body.Value)))
}
