package githubtest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// GitHub's limits, in characters.
const (
	maxTitle = 256
	maxBody  = 65536
)

// issueBody is the request to create or change an issue.
type issueBody struct {
	Title       field[string]   `json:"title"`
	Body        field[string]   `json:"body"`
	Assignee    field[string]   `json:"assignee"`
	Assignees   field[[]string] `json:"assignees"`
	Labels      field[[]name]   `json:"labels"`
	Milestone   field[int]      `json:"milestone"`
	State       field[string]   `json:"state"`
	StateReason field[string]   `json:"state_reason"`
}

func listIssues(c *call) response {
	c.unmodelled("mentioned", "type", "issue_field_values")
	out := make([]Issue, 0, len(c.repo.issues))
	for i := range listed(c, c.repo.issues) {
		if !i.gone && selected(i, c) && since(i.UpdatedAt, c.query.Get("since")) {
			out = append(out, i)
		}
	}
	return issuePage(c, out)
}

// selected applies the filters of a list of issues.
func selected(i Issue, c *call) bool {
	q := c.query
	if state := q.Get("state"); state != "all" && i.State != orOpen(state) {
		return false
	}
	if creator := q.Get("creator"); creator != "" && !strings.EqualFold(creator, i.User) {
		return false
	}
	for label := range strings.SplitSeq(q.Get("labels"), ",") {
		if label != "" && !i.has(label) {
			return false
		}
	}
	assigned := slices.ContainsFunc(i.Assignees, func(a string) bool { return strings.EqualFold(a, q.Get("assignee")) })
	return matches(q.Get("assignee"), len(i.Assignees) > 0, assigned) &&
		matches(q.Get("milestone"), i.Milestone > 0, strconv.Itoa(i.Milestone) == q.Get("milestone"))
}

// matches applies a filter whose values are a name, "none" or "*".
func matches(filter string, any, this bool) bool {
	switch filter {
	case "":
		return true
	case "none":
		return !any
	case "*":
		return any
	}
	return this
}

func orOpen(state string) string {
	if state == "" {
		return "open"
	}
	return state
}

// since tells whether t is not before a stamp of a query; everything is where there is none.
func since(t time.Time, stamp string) bool {
	from, err := time.Parse(time.RFC3339, stamp)
	return err != nil || !t.Before(from)
}

// target is the issue that a path names, or the answer for one that is not there: GitHub tells the deleted and the transferred
// from what never was.
func (c *call) target(param string) (*history[Issue], *response) {
	number, _ := strconv.Atoi(c.params[param])
	h := c.repo.issue(number)
	if h == nil {
		a := c.fail(http.StatusNotFound, "Not Found")
		return nil, &a
	}
	if !h.latest().gone {
		return h, nil
	}
	to, moved := c.repo.moved[number]
	if !moved {
		a := c.fail(http.StatusGone, "This issue was deleted")
		return nil, &a
	}
	at := strings.LastIndex(to, "/")
	location := c.s.URL + "/repositories/" + itoa(c.s.find(to[:at]).id) + "/issues" + to[at:]
	a := c.json(http.StatusMovedPermanently, object{"message": "Moved Permanently", "url": location, "documentation_url": docs})
	a.header.Set("Location", location)
	return nil, &a
}

func getIssue(c *call) response {
	h, missing := c.target("issue_number")
	if missing != nil {
		return *missing
	}
	return c.json(http.StatusOK, c.issueWire(h.latest()))
}

func createIssue(c *call) response {
	in, bad := read[issueBody](c)
	if bad != nil {
		return *bad
	}
	var i Issue
	in.Title.Set = true // a title that is missing is a title that is empty
	if flaws := c.apply(in, &i); len(flaws) > 0 {
		return c.invalid(flaws...)
	}
	i.State, i.StateReason = "", ""
	i = c.s.create(c.repo, c.token.login, i)
	a := c.json(http.StatusCreated, c.issueWire(i))
	a.header.Set("Location", c.repoURL()+"/issues/"+itoa(i.Number))
	return a
}

func patchIssue(c *call) response {
	h, missing := c.target("issue_number")
	if missing != nil {
		return *missing
	}
	in, bad := read[issueBody](c)
	if bad != nil {
		return *bad
	}
	after := h.latest()
	if flaws := c.apply(in, &after); len(flaws) > 0 {
		return c.invalid(flaws...)
	}
	return c.json(http.StatusOK, c.issueWire(c.s.change(c.repo, h, c.token.login, func(i *Issue) { *i = after })))
}

// apply puts what a request says into an issue, and gives back what GitHub would find wrong with it.
func (c *call) apply(in issueBody, i *Issue) []flaw {
	var flaws []flaw
	wrong := func(code, field, message string) {
		flaws = append(flaws, flaw{Resource: "Issue", Code: code, Field: field, Message: message})
	}
	if in.Title.Set && !(in.Title.Null && i.Number > 0) {
		i.Title = strings.TrimSpace(in.Title.Value)
		switch {
		case i.Title == "":
			wrong("missing_field", "title", "")
		case utf8.RuneCountInString(i.Title) > maxTitle:
			wrong("custom", "title", "title is too long (maximum is 256 characters)")
		}
	}
	if in.Body.Set {
		i.Body = in.Body.Value
		if utf8.RuneCountInString(i.Body) > maxBody {
			wrong("custom", "body", "body is too long (maximum is 65536 characters)")
		}
	}
	if in.Labels.Set {
		i.Labels = names(in.Labels.Value)
		for _, label := range i.Labels {
			flaws = append(flaws, labelFlaws(Label{Name: label, Color: "ededed"})...)
		}
	}
	if in.Milestone.Set {
		i.Milestone = in.Milestone.Value
		if i.Milestone < 0 || i.Milestone > len(c.repo.milestones) {
			wrong("invalid", "milestone", "")
		}
	}
	c.applyState(in, i, wrong)
	return append(flaws, c.applyAssignees(in, i)...)
}

func (c *call) applyState(in issueBody, i *Issue, wrong func(code, field, message string)) {
	if in.State.Set && !in.State.Null {
		if in.State.Value != "open" && in.State.Value != "closed" {
			wrong("invalid", "state", "")
		}
		i.State = in.State.Value
	}
	if in.StateReason.Set && !in.StateReason.Null {
		if !slices.Contains([]string{"completed", "not_planned", "duplicate", "reopened"}, in.StateReason.Value) {
			wrong("invalid", "state_reason", "")
		}
		i.StateReason = in.StateReason.Value
	} else {
		i.StateReason = ""
	}
}

func (c *call) applyAssignees(in issueBody, i *Issue) []flaw {
	switch {
	case in.Assignees.Set:
		i.Assignees = in.Assignees.Value
	case in.Assignee.Set && in.Assignee.Value != "":
		i.Assignees = []string{in.Assignee.Value}
	case in.Assignee.Set:
		i.Assignees = nil
	default:
		return nil
	}
	_, mayNot := c.repo.assignees(i.Assignees)
	if len(mayNot) == 0 || !c.s.refuse {
		return nil
	}
	who := strings.Join(mayNot, ", ")
	return []flaw{{Resource: "Issue", Code: "invalid", Field: "assignees", Value: who, Message: "assignees " + who + " cannot be assigned to this issue"}}
}
