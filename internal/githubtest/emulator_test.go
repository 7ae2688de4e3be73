package githubtest

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-github/v62/github"
)

// TestEmulator holds what Emulator's comment says of the emulator, so that an upgrade that changes it is seen.
func TestEmulator(t *testing.T) {
	base, err := url.Parse(Emulator(t, EmulatorSeed) + "/")
	ok(t, err)
	gh := github.NewClient(nil).WithAuthToken(Token)
	gh.BaseURL = base
	ctx := context.Background()
	user, resp, err := gh.Users.Get(ctx, "")
	ok(t, err)
	same(t, "login", user.GetLogin(), Bot)
	same(t, "ETag", resp.Header.Get("Etag"), "")
	same(t, "limit", resp.Rate.Limit, 5000)

	made, _, err := gh.Issues.Create(ctx, owner, repo, &github.IssueRequest{
		Title: ptr(strings.Repeat("x", 300)), Labels: &[]string{"new"}, Assignees: &[]string{Alice},
	})
	ok(t, err)
	same(t, "length of a title", len(made.GetTitle()), 300)
	same(t, "labels and assignees", len(made.Labels)+len(made.Assignees), 2)
	_, resp, err = gh.Issues.Create(ctx, owner, repo, &github.IssueRequest{Title: ptr("x"), Assignees: &[]string{"mallory"}})
	if err == nil || resp.StatusCode != 422 {
		t.Errorf("somebody who can't be assigned: got %v, want 422", err)
	}
	edited, _, err := gh.Issues.Edit(ctx, owner, repo, 1, &github.IssueRequest{Title: ptr("y"), State: ptr("closed"), StateReason: ptr("not_planned")})
	ok(t, err)
	same(t, "reason", edited.GetStateReason(), "not_planned")
	list, _, err := gh.Issues.ListByRepo(ctx, owner, repo, &github.IssueListByRepoOptions{State: "all", Labels: []string{"new"}})
	ok(t, err)
	same(t, "listed", len(list), 1)

	k, _, err := gh.Issues.CreateComment(ctx, owner, repo, 1, &github.IssueComment{Body: ptr("one")})
	ok(t, err)
	_, _, err = gh.Issues.EditComment(ctx, owner, repo, k.GetID(), &github.IssueComment{Body: ptr("two")})
	ok(t, err)
	comments, _, err := gh.Issues.ListComments(ctx, owner, repo, 1, nil)
	ok(t, err)
	same(t, "comments", len(comments), 1)
	labels, _, err := gh.Issues.AddLabelsToIssue(ctx, owner, repo, 1, []string{"bare"})
	ok(t, err)
	same(t, "labels", len(labels), 2)
	driveGit(t, nil, gh)
	drivePulls(t, nil, gh)
	emulatorLacks(t, base.String())
}

// emulatorLacks holds the rest: what a test must not be run against.
func emulatorLacks(t *testing.T, base string) {
	t.Helper()
	for _, c := range []struct {
		method, path, token, body string
		status                    int
	}{
		{"GET", "repos/acme/ops/issues/comments", Token, "", 404},
		{"GET", "repos/acme/ops/assignees", Token, "", 404},
		{"GET", "graphql", Token, "", 404},
		{"GET", "repos/acme/ops/issues/2", Token, "", 404}, // a pull request
		{"PUT", "repos/acme/ops/issues/1/lock", Token, "", 400},
		{"GET", "repos/acme/ops/issues?per_page=100&page=100", Token, "", 200},
		{"GET", "repos/acme/ops/issues", "stolen", "", 200},
		{"POST", "repos/acme/ops/issues", "stolen", `{"title":"x"}`, 201},
		{"GET", "repos/acme/ops/issues", "", "", 200},
		{"POST", "repos/acme/ops/issues", "", `{"title":"x"}`, 401},
	} {
		r, err := http.NewRequest(c.method, base+c.path, strings.NewReader(c.body))
		ok(t, err)
		if c.token != "" {
			r.Header.Set("Authorization", "Bearer "+c.token)
		}
		resp, err := http.DefaultClient.Do(r)
		ok(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		ok(t, err)
		ok(t, resp.Body.Close())
		same(t, c.method+" "+c.path+" with token "+c.token, resp.StatusCode, c.status)
	}
}

// TestEmulatorThatFails: a seed that is no YAML ends it, and the test is told what it said.
func TestEmulatorThatFails(t *testing.T) {
	dir, node := emulatorParts(t)
	_, err := startEmulator(t, dir, node, "no-such-file.yaml")
	if err == nil || !strings.Contains(err.Error(), "no-such-file.yaml") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}
