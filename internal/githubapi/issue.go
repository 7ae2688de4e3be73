package githubapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v62/github"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// record is an issue as it was read.
type record struct {
	reconcile.Issue
	Updated time.Time
	Pull    bool // a pull request, which has a number of the same row and is nothing of ours
}

// fromGitHub reads an issue. Names that GitHub compares without regard to letter case are spelled as we spell them: our labels,
// and the login that the body names as the owner.
func fromGitHub(i *github.Issue) (record, error) {
	if i.GetNumber() < 1 {
		return record{}, errors.New("GitHub's answer is not what was asked for: an issue without a number")
	}
	r := record{Updated: i.GetUpdatedAt().UTC(), Pull: i.IsPullRequest()}
	r.Issue = reconcile.Issue{
		Number: i.GetNumber(), Title: i.GetTitle(), Body: i.GetBody(), State: i.GetState(), Reason: reason(i.GetState(), i.GetStateReason()),
		Author: orText(i.GetUser().GetLogin(), "ghost"),
	}
	for _, l := range i.Labels {
		r.Labels = append(r.Labels, spellLabel(l.GetName()))
	}
	for _, u := range i.Assignees {
		r.Assignees = append(r.Assignees, spellLogin(u.GetLogin(), r.Body))
	}
	slices.Sort(r.Labels)
	slices.Sort(r.Assignees)
	r.Insider = slices.Contains([]string{"OWNER", "MEMBER", "COLLABORATOR"}, i.GetAuthorAssociation()) || strings.HasSuffix(r.Author, "[bot]")
	return r, nil
}

// reason is the reason of a closed issue in the two words that reconcile knows.
func reason(state, given string) string {
	switch {
	case state != "closed":
		return ""
	case given == "not_planned" || given == "duplicate":
		return "not_planned"
	}
	return "completed"
}

var ourLabel = regexp.MustCompile(`^(sitrep|action-item|post-mortem|overdue|due-soon|sev-[1-5]|priority: (high|medium|low))$`)

func spellLabel(name string) string {
	if lower := strings.ToLower(name); ourLabel.MatchString(lower) {
		return lower
	}
	return name
}

func spellLogin(login, body string) string {
	named := regexp.MustCompile("(?i)`@(" + regexp.QuoteMeta(login) + ")`").FindStringSubmatch(body)
	if named == nil {
		return login
	}
	return named[1]
}

// issue reads one issue by its number. Unlike a list this is always fresh. An issue that moved is an error, see elsewhere.
func (c *Client) issue(ctx context.Context, number int) (record, error) {
	a, err := c.wire.read(ctx, call{path: c.at("/issues/%d", number), stay: true})
	if err != nil {
		return record{}, err
	}
	r, err := c.decodeIssue(a, false)
	if err == nil && r.Number != number {
		err = &failure{text: fmt.Sprintf("GitHub's answer is not what was asked for: issue %d", r.Number)}
	}
	return r, err
}

func (c *Client) decodeIssue(a answer, write bool) (record, error) {
	var i github.Issue
	if err := c.wire.into(a, &i, write); err != nil {
		return record{}, err
	}
	r, err := fromGitHub(&i)
	if err != nil {
		return record{}, &failure{text: err.Error(), unknown: write}
	}
	c.highest = max(c.highest, r.Number)
	return r, nil
}

// issues reads a list of issues to its end. Oldest first, so that what is opened meanwhile comes at the end and shifts nothing; what
// is listed twice all the same was read later the second time. Pull requests are among them.
func (c *Client) issues(ctx context.Context, filter url.Values, etag string) (list, error) {
	q := url.Values{"state": {"all"}, "sort": {"created"}, "direction": {"asc"}}
	for k, v := range filter {
		q[k] = v
	}
	var out list
	err := c.pages(ctx, c.at("/issues"), q, etag, func(a answer) error {
		if out.pages++; out.pages == 1 {
			out.answer = a
		}
		if a.status == http.StatusNotModified {
			return nil
		}
		page, err := c.decodeIssues(a)
		out.records = append(out.records, page...)
		return err
	})
	return out, err
}

// list is a list that was read, and its first answer.
type list struct {
	records []record
	answer  answer
	pages   int
}

func (c *Client) decodeIssues(a answer) ([]record, error) {
	var page []*github.Issue
	if err := c.wire.into(a, &page, false); err != nil {
		return nil, err
	}
	var out []record
	for _, i := range page {
		r, err := fromGitHub(i)
		if err != nil {
			return nil, &failure{text: err.Error()}
		}
		c.highest = max(c.highest, r.Number)
		out = append(out, r)
	}
	return out, nil
}
