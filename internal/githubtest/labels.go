package githubtest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

type labelBody struct {
	Name        field[string] `json:"name"`
	NewName     field[string] `json:"new_name"`
	Color       field[string] `json:"color"`
	Description field[string] `json:"description"`
}

var hexColor = regexp.MustCompile(`^[0-9a-fA-F]{6}$`)

// labelFlaws is what GitHub finds wrong with a label.
func labelFlaws(l Label) []flaw {
	var flaws []flaw
	wrong := func(code, field, message string) {
		flaws = append(flaws, flaw{Resource: "Label", Code: code, Field: field, Message: message})
	}
	switch {
	case strings.TrimSpace(l.Name) == "":
		wrong("missing_field", "name", "")
	case utf8.RuneCountInString(l.Name) > 50:
		wrong("custom", "name", "name is too long (maximum is 50 characters)")
	}
	if !hexColor.MatchString(l.Color) {
		wrong("invalid", "color", "")
	}
	if utf8.RuneCountInString(l.Description) > 100 {
		wrong("custom", "description", "description is too long (maximum is 100 characters)")
	}
	return flaws
}

func listLabels(c *call) response {
	return paged(c, slices.Collect(listed(c, c.repo.labels)), c.labelWire)
}

func getLabel(c *call) response {
	h := c.repo.label(c.params["name"])
	if h == nil {
		return c.fail(http.StatusNotFound, "Not Found")
	}
	return c.json(http.StatusOK, c.labelWire(h.latest()))
}

func createLabel(c *call) response {
	in, bad := read[labelBody](c)
	if bad != nil {
		return *bad
	}
	l := Label{Name: in.Name.Value, Color: "ededed", Description: in.Description.Value}
	if in.Color.Set {
		l.Color = in.Color.Value
	}
	if flaws := labelFlaws(l); len(flaws) > 0 {
		return c.invalid(flaws...)
	}
	if c.repo.label(l.Name) != nil {
		return c.invalid(flaw{Resource: "Label", Code: "already_exists", Field: "name"})
	}
	a := c.json(http.StatusCreated, c.labelWire(c.s.createLabel(c.repo, l).latest()))
	a.header.Set("Location", c.labelURL(l.Name))
	return a
}

func patchLabel(c *call) response {
	h := c.repo.label(c.params["name"])
	if h == nil {
		return c.fail(http.StatusNotFound, "Not Found")
	}
	in, bad := read[labelBody](c)
	if bad != nil {
		return *bad
	}
	l := h.latest()
	if in.NewName.Set {
		l.Name = in.NewName.Value
	}
	if in.Color.Set {
		l.Color = in.Color.Value
	}
	if in.Description.Set {
		l.Description = in.Description.Value
	}
	if flaws := labelFlaws(l); len(flaws) > 0 {
		return c.invalid(flaws...)
	}
	if other := c.repo.label(l.Name); other != nil && other != h {
		return c.invalid(flaw{Resource: "Label", Code: "already_exists", Field: "name"})
	}
	c.s.changeLabel(c.repo, h, l)
	return c.json(http.StatusOK, c.labelWire(l))
}

func listIssueLabels(c *call) response {
	h, missing := c.target("issue_number")
	if missing != nil {
		return *missing
	}
	return paged(c, h.latest().Labels, c.labelOn)
}

// addLabels takes {"labels": [...]} and the bare array that go-github sends.
func addLabels(c *call) response {
	h, missing := c.target("issue_number")
	if missing != nil {
		return *missing
	}
	var in struct {
		Labels []name `json:"labels"`
	}
	if bare := c.bareArray(); bare {
		labels, bad := read[[]name](c)
		if bad != nil {
			return *bad
		}
		in.Labels = labels
	} else if err := json.Unmarshal(c.body, &in); err != nil {
		return c.fail(http.StatusUnprocessableEntity, "Invalid request.\n\n"+err.Error())
	}
	var flaws []flaw
	for _, label := range in.Labels {
		flaws = append(flaws, labelFlaws(Label{Name: string(label), Color: "ededed"})...)
	}
	if len(flaws) > 0 {
		return c.invalid(flaws...)
	}
	i := c.s.change(c.repo, h, c.token.login, func(i *Issue) { i.Labels = slices.Concat(i.Labels, names(in.Labels)) })
	return c.json(http.StatusOK, wireAll(i.Labels, c.labelOn))
}

// bareArray tells whether the request's body is an array and no object.
func (c *call) bareArray() bool {
	return strings.HasPrefix(strings.TrimSpace(string(c.body)), "[")
}

func removeLabel(c *call) response {
	h, missing := c.target("issue_number")
	if missing != nil {
		return *missing
	}
	if !h.latest().has(c.params["name"]) {
		return c.fail(http.StatusNotFound, "Label does not exist")
	}
	i := c.s.change(c.repo, h, c.token.login, func(i *Issue) {
		i.Labels = slices.DeleteFunc(slices.Clone(i.Labels), func(l string) bool { return strings.EqualFold(l, c.params["name"]) })
	})
	return c.json(http.StatusOK, wireAll(i.Labels, c.labelOn))
}
