package githubtest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-github/v62/github"
)

// TestEveryEndpoint drives every operation by go-github through the checks against GitHub's description.
func TestEveryEndpoint(t *testing.T) {
	s := New(t)
	gh := client(t, s, Token)
	for _, drive := range []func(*testing.T, *Server, *github.Client){drivePeople, driveIssues, driveComments, driveLabels, driveGit, driveGitData, drivePulls} {
		drive(t, s, gh)
	}
	kept, _ := s.File(Repo, "sitrep/write-back", "postmortems/a b.md")
	same(t, "file", kept, "# two\n")
	all := s.Issues(Repo)
	issue, _, err := gh.Issues.Get(context.Background(), owner, repo, all[len(all)-1].Number)
	ok(t, err)
	same(t, "issue is a pull request", issue.IsPullRequest(), true)
	driven := map[*route]bool{}
	for _, r := range s.Requests() {
		found, _ := routeOf(r.Method, r.Path)
		driven[found] = true
		if r.Status >= 300 && r.Status != 404 {
			t.Errorf("%s %s: status %d", r.Method, r.Path, r.Status)
		}
	}
	for i := range routes {
		if !driven[&routes[i]] {
			t.Errorf("%s %s: not driven by a test", routes[i].method, routes[i].pattern)
		}
	}
}

func drivePeople(t *testing.T, s *Server, gh *github.Client) {
	ctx := context.Background()
	user, _, err := gh.Users.Get(ctx, "")
	ok(t, err)
	same(t, "login", user.GetLogin(), Bot)
	r, _, err := gh.Repositories.Get(ctx, owner, repo)
	ok(t, err)
	same(t, "default branch", r.GetDefaultBranch(), "main")
	limits, _, err := gh.RateLimit.Get(ctx)
	ok(t, err)
	same(t, "limit", limits.Core.Limit, 5000)
	same(t, "remaining", limits.Core.Remaining, 4998)
	users, _, err := gh.Issues.ListAssignees(ctx, owner, repo, nil)
	ok(t, err)
	same(t, "assignable", len(users), 2)
	may, _, err := gh.Issues.IsAssignee(ctx, owner, repo, "ALICE")
	ok(t, err)
	same(t, "alice may be assigned", may, true)
	may, _, err = gh.Issues.IsAssignee(ctx, owner, repo, "mallory")
	ok(t, err)
	same(t, "mallory may be assigned", may, false)
	s.As(Alice).AddMilestone(Repo, "Q1")
	milestones, _, err := gh.Issues.ListMilestones(ctx, owner, repo, nil)
	ok(t, err)
	same(t, "milestones", len(milestones), 1)
}

func driveIssues(t *testing.T, s *Server, gh *github.Client) {
	ctx := context.Background()
	made, resp, err := gh.Issues.Create(ctx, owner, repo, &github.IssueRequest{
		Title: ptr("Page the right team"), Body: ptr("text"), Labels: &[]string{"sitrep", "SEV-1"},
		Assignees: &[]string{"Alice", "mallory"}, Milestone: ptr(1),
	})
	ok(t, err)
	same(t, "status", resp.StatusCode, 201)
	same(t, "labels", len(made.Labels), 2)
	same(t, "assignees", len(made.Assignees), 1)
	same(t, "milestone", made.Milestone.GetTitle(), "Q1")
	s.Advance(time.Hour)
	edited, _, err := gh.Issues.Edit(ctx, owner, repo, made.GetNumber(), &github.IssueRequest{State: ptr("closed"), StateReason: ptr("not_planned")})
	ok(t, err)
	same(t, "state", edited.GetState()+" "+edited.GetStateReason(), "closed not_planned")
	same(t, "closed_at", edited.GetClosedAt().Time, Epoch.Add(time.Hour))
	same(t, "body", edited.GetBody(), "text")
	got, _, err := gh.Issues.Get(ctx, owner, repo, made.GetNumber())
	ok(t, err)
	same(t, "node id", got.GetNodeID(), made.GetNodeID())
	listed, _, err := gh.Issues.ListByRepo(ctx, owner, repo, &github.IssueListByRepoOptions{
		State: "all", Labels: []string{"sitrep", "sev-1"}, Since: Epoch.Add(time.Minute), Sort: "updated", Direction: "asc", Assignee: "alice",
		Creator: Bot, Milestone: "1", ListOptions: github.ListOptions{PerPage: 100, Page: 1},
	})
	ok(t, err)
	same(t, "listed", len(listed), 1)
	_, _, err = gh.Issues.AddAssignees(ctx, owner, repo, made.GetNumber(), []string{Ben, "mallory"})
	ok(t, err)
	_, _, err = gh.Issues.RemoveAssignees(ctx, owner, repo, made.GetNumber(), []string{Alice})
	ok(t, err)
	_, err = gh.Issues.Lock(ctx, owner, repo, made.GetNumber(), &github.LockIssueOptions{LockReason: "resolved"})
	ok(t, err)
	now, _ := s.Issue(Repo, made.GetNumber())
	same(t, "assignees", len(now.Assignees), 1)
	same(t, "assignee", now.Assignees[0], Ben)
	same(t, "lock", now.LockReason, "resolved")
	_, err = gh.Issues.Lock(ctx, owner, repo, made.GetNumber(), nil)
	ok(t, err)
	_, err = gh.Issues.Unlock(ctx, owner, repo, made.GetNumber())
	ok(t, err)
}

func driveComments(t *testing.T, s *Server, gh *github.Client) {
	ctx := context.Background()
	n := s.As(Alice).AddIssue(Repo, Issue{Title: "Talk"}).Number
	first, _, err := gh.Issues.CreateComment(ctx, owner, repo, n, &github.IssueComment{Body: ptr("one")})
	ok(t, err)
	s.Advance(time.Hour)
	s.As(Alice).Comment(Repo, n, "two")
	_, _, err = gh.Issues.EditComment(ctx, owner, repo, first.GetID(), &github.IssueComment{Body: ptr("one, again")})
	ok(t, err)
	got, _, err := gh.Issues.GetComment(ctx, owner, repo, first.GetID())
	ok(t, err)
	same(t, "body", got.GetBody(), "one, again")
	list, _, err := gh.Issues.ListComments(ctx, owner, repo, n, nil)
	ok(t, err)
	same(t, "comments", len(list), 2)
	same(t, "association", list[1].GetAuthorAssociation(), "COLLABORATOR")
	since := s.Now()
	all, _, err := gh.Issues.ListComments(ctx, owner, repo, 0, &github.IssueListCommentsOptions{Sort: ptr("updated"), Direction: ptr("desc"), Since: &since})
	ok(t, err)
	same(t, "comments since", len(all), 2)
	same(t, "latest", all[0].GetBody(), "two")
	i, _ := s.Issue(Repo, n)
	same(t, "count", i.Comments, 2)
	same(t, "updated", i.UpdatedAt, s.Now())
}

func driveLabels(t *testing.T, s *Server, gh *github.Client) {
	ctx := context.Background()
	_, _, err := gh.Issues.CreateLabel(ctx, owner, repo, &github.Label{Name: ptr("late"), Color: ptr("ff0000"), Description: ptr("past its date")})
	ok(t, err)
	got, _, err := gh.Issues.GetLabel(ctx, owner, repo, "LATE")
	ok(t, err)
	same(t, "description", got.GetDescription(), "past its date")
	_, _, err = gh.Issues.EditLabel(ctx, owner, repo, "late", &github.Label{Color: ptr("00ff00")})
	ok(t, err)
	n := s.As(Alice).AddIssue(Repo, Issue{Title: "Label me"}).Number
	on, _, err := gh.Issues.AddLabelsToIssue(ctx, owner, repo, n, []string{"late", "new"})
	ok(t, err)
	same(t, "labels", len(on), 2)
	ask(t, s, Token, "POST", "/repos/acme/ops/issues/"+itoa(n)+"/labels", `{"labels":[{"name":"as an object"}]}`)
	on, _, err = gh.Issues.ListLabelsByIssue(ctx, owner, repo, n, nil)
	ok(t, err)
	same(t, "labels", len(on), 3)
	_, err = gh.Issues.RemoveLabelForIssue(ctx, owner, repo, n, "late")
	ok(t, err)
	i, _ := s.Issue(Repo, n)
	same(t, "late is on it", i.has("late"), false)
	list, _, err := gh.Issues.ListLabels(ctx, owner, repo, nil)
	ok(t, err)
	same(t, "labels", len(list), len(s.Labels(Repo)))
}

func driveGit(t *testing.T, _ *Server, gh *github.Client) {
	ctx := context.Background()
	main, _, err := gh.Git.GetRef(ctx, owner, repo, "heads/main")
	ok(t, err)
	_, _, err = gh.Git.CreateRef(ctx, owner, repo, &github.Reference{Ref: ptr("refs/heads/sitrep/write-back"), Object: main.Object})
	ok(t, err)
	file := &github.RepositoryContentFileOptions{Message: ptr("Add it"), Content: []byte("# one\n"), Branch: ptr("sitrep/write-back")}
	added, resp, err := gh.Repositories.CreateFile(ctx, owner, repo, "postmortems/a b.md", file)
	ok(t, err)
	same(t, "status", resp.StatusCode, 201)
	file.SHA, file.Content = added.Content.SHA, []byte("# two\n")
	_, resp, err = gh.Repositories.UpdateFile(ctx, owner, repo, "postmortems/a b.md", file)
	ok(t, err)
	same(t, "status", resp.StatusCode, 200)
	got, _, _, err := gh.Repositories.GetContents(ctx, owner, repo, "postmortems/a b.md", &github.RepositoryContentGetOptions{Ref: "sitrep/write-back"})
	ok(t, err)
	text, err := got.GetContent()
	ok(t, err)
	same(t, "content", text, "# two\n")
	_, _, err = gh.Git.CreateRef(ctx, owner, repo, &github.Reference{Ref: ptr("refs/heads/gone"), Object: main.Object})
	ok(t, err)
	branch, _, err := gh.Git.GetRef(ctx, owner, repo, "heads/sitrep/write-back")
	ok(t, err)
	_, _, err = gh.Git.UpdateRef(ctx, owner, repo, &github.Reference{Ref: ptr("refs/heads/gone"), Object: branch.Object}, false)
	ok(t, err)
	_, err = gh.Git.DeleteRef(ctx, owner, repo, "heads/gone")
	ok(t, err)
}

func drivePulls(t *testing.T, _ *Server, gh *github.Client) {
	ctx := context.Background()
	made, _, err := gh.PullRequests.Create(ctx, owner, repo, &github.NewPullRequest{
		Title: ptr("Numbers of new issues"), Head: ptr("sitrep/write-back"), Base: ptr("main"), Body: ptr("text"),
	})
	ok(t, err)
	_, _, err = gh.PullRequests.Edit(ctx, owner, repo, made.GetNumber(), &github.PullRequest{Title: ptr("Other"), Body: ptr("words")})
	ok(t, err)
	list, _, err := gh.PullRequests.List(ctx, owner, repo, &github.PullRequestListOptions{Head: "acme:sitrep/write-back", Base: "main"})
	ok(t, err)
	same(t, "pull requests", len(list), 1)
	got, _, err := gh.PullRequests.Get(ctx, owner, repo, made.GetNumber())
	ok(t, err)
	same(t, "title", got.GetTitle(), "Other")
	same(t, "head", got.Head.GetRef(), "sitrep/write-back")
}
