package cli

import (
	"context"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/githubapi"
	"github.com/syncwell/sitrep/internal/gitpush"
	"github.com/syncwell/sitrep/internal/harmless"
)

// publishOptions bring a new record to the others.
type publishOptions struct{ push, pr bool }

func (o *publishOptions) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.push, "push", false, "commit the file to the default branch and push it")
	cmd.Flags().BoolVar(&o.pr, "pr", false, "commit the file to a branch of its own, push it and open a pull request")
}

func (o *publishOptions) check() error {
	if o.push && o.pr {
		return usageError("--push and --pr exclude each other")
	}
	return nil
}

// publication is a new file on its way to the others.
type publication struct {
	path, id, title string
	content         []byte
}

// Branch is the branch that a pull request of it comes from.
func (p publication) branch() string { return githubapi.BranchPrefix + p.id }

// pullOpener opens a pull request that adds a file, with a branch of its own on the server, and gives its address.
type pullOpener interface {
	Propose(ctx context.Context, p publication) (address string, err error)
}

// run pushes a file that has been written. Where that fails the file stays and Git is as it was.
func (o *publishOptions) run(ctx context.Context, g *globals, r *records, p publication) error {
	if !o.push && !o.pr {
		return nil
	}
	target, err := gitpush.Open(realPath(r.dir), g.token(), g.gitServer())
	if err != nil {
		return kept(p, err)
	}
	now, err := g.clock()
	if err != nil {
		return err
	}
	f := gitpush.File{Path: p.path, Content: p.content, Message: p.title + "\n", When: now}
	if o.push {
		commit, branch, err := target.Push(ctx, f)
		if err != nil {
			return kept(p, err)
		}
		g.talk("Pushed commit %.7s to %s.", commit, branch)
		return nil
	}
	return o.propose(ctx, g, r, target, f, p)
}

// propose makes the branch and, where GitHub can be reached with a token, the pull request.
func (o *publishOptions) propose(ctx context.Context, g *globals, r *records, target *gitpush.Target, f gitpush.File, p publication) error {
	if opener := g.pullOpener(r); opener != nil {
		address, err := opener.Propose(ctx, p)
		if err != nil {
			return kept(p, err)
		}
		g.talk("Opened %s from branch %s.", harmless.Line(address), p.branch())
		return nil
	}
	commit, err := target.PushBranch(ctx, p.branch(), f)
	if err != nil {
		return kept(p, err)
	}
	g.talk("Pushed commit %.7s to branch %s.", commit, p.branch())
	base, err := target.DefaultBranch()
	if name, ok := githubapi.RepoFromRemote(target.Origin()); ok && err == nil {
		g.talk("Open the pull request: https://%s/%s/compare/%s...%s?expand=1", g.gitServer(), name, url.PathEscape(base), p.branch())
	} else {
		g.talk("Open a pull request from it where the repository is hosted.")
	}
	return nil
}

// kept tells that the file is there although it did not reach the others.
func kept(p publication, err error) error {
	return &exitError{exitRemote, fmt.Errorf("%s is written, but did not reach the others: %s; nothing else was changed, and Git is as it was", p.path, harmless.Terminal(err.Error()))}
}

// pullOpener is the way to open pull requests; nil where there is none.
func (g *globals) pullOpener(*records) pullOpener { return nil }

func (g *globals) token() string {
	if t := g.env.Getenv("GITHUB_TOKEN"); t != "" {
		return t
	}
	return g.env.Getenv("GH_TOKEN")
}

// gitServer is the host that a token is for.
func (g *globals) gitServer() string {
	if u, err := url.Parse(g.env.Getenv("GITHUB_SERVER_URL")); err == nil && u.Host != "" {
		return u.Host
	}
	return "github.com"
}
