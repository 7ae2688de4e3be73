package localtracker

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// What GitHub takes, in code points, so that issues can move there.
const (
	maxTitle       = 256
	maxLabels      = 100
	maxLabelName   = 50
	maxDescription = 100
)

func checkIssue(i reconcile.Issue) error {
	switch {
	case strings.TrimSpace(i.Title) == "":
		return errors.New("the title is empty")
	case utf8.RuneCountInString(i.Title) > maxTitle:
		return fmt.Errorf("the title is longer than %d characters", maxTitle)
	case utf8.RuneCountInString(i.Body) > reconcile.MaxBody:
		return fmt.Errorf("the body is longer than %d characters", reconcile.MaxBody)
	case len(i.Assignees) > reconcile.MaxAssignees:
		return fmt.Errorf("more than %d people are assigned", reconcile.MaxAssignees)
	case len(i.Labels) > maxLabels:
		return fmt.Errorf("more than %d labels", maxLabels)
	}
	for _, s := range append([]string{i.Title}, i.Assignees...) {
		if !utf8.ValidString(s) {
			return fmt.Errorf("%.40q is not UTF-8", s)
		}
	}
	return nil
}

var colorShape = regexp.MustCompile(`^[0-9a-fA-F]{6}$`)

func checkLabel(l label) error {
	switch {
	case strings.TrimSpace(l.name) == "":
		return errors.New("a label's name is empty")
	case utf8.RuneCountInString(l.name) > maxLabelName:
		return fmt.Errorf("label %.60q: the name is longer than %d characters", l.name, maxLabelName)
	case utf8.RuneCountInString(l.description) > maxDescription:
		return fmt.Errorf("label %q: the description is longer than %d characters", l.name, maxDescription)
	case !utf8.ValidString(l.name + l.description):
		return fmt.Errorf("label %q is not UTF-8", l.name)
	case !colorShape.MatchString(l.color):
		return fmt.Errorf("label %q: colour %q, want six hex digits", l.name, l.color)
	}
	return nil
}
