package githubtest

import (
	"net/http"
	"slices"
	"strings"
)

// getUser says whose token it is. An app's token, such as that of GitHub Actions, is nobody's.
func getUser(c *call) response {
	if isApp(c.token.login) {
		return c.fail(http.StatusForbidden, "Resource not accessible by integration")
	}
	return c.json(http.StatusOK, c.accountWire(c.token.login))
}

func isApp(login string) bool { return strings.HasSuffix(login, "[bot]") }

func listAssignees(c *call) response { return paged(c, c.repo.assignable, c.userWire) }

func checkAssignee(c *call) response {
	if may, _ := c.repo.assignees([]string{c.params["assignee"]}); len(may) == 0 {
		return c.fail(http.StatusNotFound, "Not Found")
	}
	return c.none()
}

type assigneesBody struct {
	Assignees []name `json:"assignees"`
}

// addAssignees passes over, for every token, whoever can't be assigned.
func addAssignees(c *call) response {
	return c.editIssue(http.StatusCreated, func(i *Issue, logins []string) { i.Assignees = slices.Concat(i.Assignees, logins) })
}

func removeAssignees(c *call) response {
	return c.editIssue(http.StatusOK, func(i *Issue, logins []string) {
		i.Assignees = slices.DeleteFunc(slices.Clone(i.Assignees), func(a string) bool {
			return slices.ContainsFunc(logins, func(l string) bool { return strings.EqualFold(a, l) })
		})
	})
}

func (c *call) editIssue(status int, edit func(i *Issue, logins []string)) response {
	h, missing := c.target("issue_number")
	if missing != nil {
		return *missing
	}
	in, bad := read[assigneesBody](c)
	if bad != nil {
		return *bad
	}
	i := c.s.change(c.repo, h, c.token.login, func(i *Issue) { edit(i, names(in.Assignees)) })
	return c.json(status, c.issueWire(i))
}

func lockIssue(c *call) response {
	h, missing := c.target("issue_number")
	if missing != nil {
		return *missing
	}
	in, bad := read[struct {
		Reason string `json:"lock_reason"`
	}](c)
	if bad != nil {
		return *bad
	}
	c.s.change(c.repo, h, c.token.login, func(i *Issue) { i.Locked, i.LockReason = true, in.Reason })
	return c.none()
}

func unlockIssue(c *call) response {
	h, missing := c.target("issue_number")
	if missing != nil {
		return *missing
	}
	c.s.change(c.repo, h, c.token.login, func(i *Issue) { i.Locked, i.LockReason = false, "" })
	return c.none()
}

func getRepo(c *call) response { return c.json(http.StatusOK, c.repoWire()) }

func listMilestones(c *call) response {
	if state := c.query.Get("state"); state == "closed" {
		return paged(c, []Milestone(nil), c.milestoneWire)
	}
	return paged(c, c.repo.milestones, c.milestoneWire)
}
