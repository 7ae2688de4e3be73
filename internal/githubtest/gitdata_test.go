package githubtest

import (
	"context"
	"testing"

	"github.com/google/go-github/v62/github"
)

// driveGitData makes a commit of one changed file on top of the default branch, as the Git data API does: tree, commit, ref.
func driveGitData(t *testing.T, s *Server, gh *github.Client) {
	ctx := context.Background()
	main, _, err := gh.Git.GetRef(ctx, owner, repo, "heads/main")
	ok(t, err)
	head, _, err := gh.Git.GetCommit(ctx, owner, repo, main.GetObject().GetSHA())
	ok(t, err)
	tree, _, err := gh.Git.CreateTree(ctx, owner, repo, head.GetTree().GetSHA(), []*github.TreeEntry{{
		Path: ptr("postmortems/new.md"), Mode: ptr("100644"), Type: ptr("blob"), Content: ptr("# new\n"),
	}})
	ok(t, err)
	commit, _, err := gh.Git.CreateCommit(ctx, owner, repo, &github.Commit{Message: ptr("Add a file"), Tree: tree, Parents: []*github.Commit{{SHA: head.SHA}}}, nil)
	ok(t, err)
	same(t, "parent", commit.Parents[0].GetSHA(), head.GetSHA())
	_, _, err = gh.Git.CreateRef(ctx, owner, repo, &github.Reference{Ref: ptr("refs/heads/sitrep/data"), Object: &github.GitObject{SHA: commit.SHA}})
	ok(t, err)
	got, _ := s.File(Repo, "sitrep/data", "postmortems/new.md")
	same(t, "file on the branch", got, "# new\n")
	_, there := s.File(Repo, "main", "postmortems/new.md")
	same(t, "file on the default branch", there, false)
}
