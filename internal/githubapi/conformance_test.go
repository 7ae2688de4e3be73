package githubapi_test

import (
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubapi"
	"github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
	"github.com/syncwell/sitrep/internal/systemtest"
)

const unassignable = "octo-gone"

// harness is the fake for the suite of package systemtest.
type harness struct {
	t     *testing.T
	s     *githubtest.Server
	cache githubapi.Cache
}

func newHarness(t *testing.T, cache githubapi.Cache) *harness {
	s := githubtest.New(t, githubtest.WithAssignable(githubtest.Repo, systemtest.Ana, systemtest.Ben, systemtest.Cay, systemtest.Zoe))
	return &harness{t, s, cache}
}

func (h *harness) System() reconcile.System {
	c, err := githubapi.New(githubapi.Config{
		Repo: githubtest.Repo, BaseURL: h.s.URL, Token: githubtest.Token, Clock: &clock{s: h.s}, Cache: h.cache, Budget: time.Hour,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *harness) Traits() systemtest.Traits {
	return systemtest.Traits{System: githubapi.System, Login: githubtest.Bot, Unassignable: unassignable, Bulk: 30}
}

func (h *harness) Issues() []reconcile.Issue {
	var out []reconcile.Issue
	for _, i := range h.s.Issues(githubtest.Repo) {
		out = append(out, asIssue(i))
	}
	return out
}

func asIssue(i githubtest.Issue) reconcile.Issue {
	reason := i.StateReason
	if i.State == "open" {
		reason = ""
	}
	labels, assignees := slices.Sorted(slices.Values(i.Labels)), slices.Sorted(slices.Values(i.Assignees))
	return reconcile.Issue{
		Number: i.Number, Title: i.Title, Body: i.Body, Labels: labels, Assignees: assignees, State: i.State, Reason: reason, Author: i.User,
		Insider: i.User != systemtest.Outsider,
	}
}

// OpenIssue puts our label on what carries our marker: Read looks at nothing without it.
func (h *harness) OpenIssue(i reconcile.Issue) int {
	if strings.Contains(i.Body, "<!-- sitrep:") && !slices.Contains(i.Labels, reconcile.LabelOurs) {
		i.Labels = append(slices.Clone(i.Labels), reconcile.LabelOurs)
	}
	return h.s.As(i.Author).AddIssue(githubtest.Repo, githubtest.Issue{Title: i.Title, Body: i.Body, Labels: i.Labels, Assignees: i.Assignees}).Number
}

// EditIssue leaves our label on, for the same reason. That it is taken off has tests of its own.
func (h *harness) EditIssue(number int, edit func(*reconcile.Issue)) {
	ben := h.s.As(systemtest.Ben)
	now, _ := h.s.Issue(githubtest.Repo, number)
	after := asIssue(now)
	edit(&after)
	if now.State == "closed" && after.State == "closed" && now.StateReason != after.Reason {
		ben.Reopen(githubtest.Repo, number) // the fake, as GitHub, heeds no reason without a change of state
	}
	ben.EditIssue(githubtest.Repo, number, func(i *githubtest.Issue) {
		r := asIssue(now)
		ours := slices.Contains(r.Labels, reconcile.LabelOurs)
		edit(&r)
		if ours && !slices.Contains(r.Labels, reconcile.LabelOurs) {
			r.Labels = append(slices.Clone(r.Labels), reconcile.LabelOurs)
		}
		i.Title, i.Body, i.Labels, i.Assignees, i.State, i.StateReason = r.Title, r.Body, r.Labels, r.Assignees, r.State, r.Reason
	})
}

// Delete lets a day go by: until then a cache may still hold the issue.
func (h *harness) Delete(number int) {
	h.s.As(systemtest.Ben).Delete(githubtest.Repo, number)
	h.s.Advance(25 * time.Hour)
}

func TestConformance(t *testing.T) {
	t.Run("no cache", func(t *testing.T) {
		systemtest.Run(t, func(t *testing.T) systemtest.Harness { return newHarness(t, nil) })
	})
	t.Run("cache", func(t *testing.T) {
		systemtest.Run(t, func(t *testing.T) systemtest.Harness { return newHarness(t, &memory{}) })
	})
}

// modelChecks is how many histories are tried: each is some hundred requests to the fake. -rapid.checks asks for more.
const modelChecks = "12"

func TestModel(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := flag.Set("rapid.checks", modelChecks); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("no cache", func(t *testing.T) {
		t.Parallel()
		systemtest.RunModel(t, func(t *testing.T) systemtest.Harness { return newHarness(t, nil) })
	})
	t.Run("cache", func(t *testing.T) {
		t.Parallel()
		systemtest.RunModel(t, func(t *testing.T) systemtest.Harness { return newHarness(t, &memory{}) })
	})
}
