package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/reconcile"
	"github.com/syncwell/sitrep/internal/render"
)

type planOptions struct {
	*globals
	out      string
	exitCode bool
}

func newPlan(g *globals) *cobra.Command {
	o := &planOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what would change in the issue tracker",
		Long: "Show what would change in the issue tracker so that it says what the records say: an issue for each accepted action item,\n" +
			"one for each post-mortem that is owed. Nothing is written. What people changed on an issue is shown and left alone.\n\n" +
			"The tracker is the one in .github/sitrep.yml: local keeps issues as files below .sitrep/issues, github needs a token\n" +
			"(GITHUB_TOKEN, GH_TOKEN, a GitHub App or gh auth login).\n\n" +
			"Formats: text, json (schema sitrep.plan/v1), markdown.",
		Example: "  sitrep plan\n  sitrep plan --out plan.json && sitrep apply plan.json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runPlan(cmd.Context(), o) },
	}
	cmd.Flags().StringVar(&o.out, "out", "", "write the plan to a file, for sitrep apply FILE")
	cmd.Flags().BoolVar(&o.exitCode, "detailed-exitcode", false, "exit 1 where something would change")
	return cmd
}

func runPlan(ctx context.Context, o *planOptions) error {
	if err := o.wantFormat("text", "json", "markdown"); err != nil {
		return err
	}
	s, err := o.openSession(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	plan := reconcile.Make(s.inputs)
	if o.out != "" {
		if err := writePlan(o.out, plan); err != nil {
			return outputError(err)
		}
	}
	if err := o.printPlan(plan); err != nil {
		return outputError(err)
	}
	if o.exitCode && plan.Pending() > 0 {
		return errFindings
	}
	return nil
}

func (g *globals) printPlan(p reconcile.Plan) error {
	switch g.format {
	case "json":
		return p.WriteJSON(g.env.Stdout)
	case "markdown":
		return render.PlanMarkdown(g.env.Stdout, p)
	}
	return render.PlanText(g.env.Stdout, p, g.style())
}

func writePlan(path string, p reconcile.Plan) error {
	var b bytes.Buffer
	if err := p.WriteJSON(&b); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
}

// session is a repository with its tracker, both read.
type session struct {
	repo    *repository
	tracker *tracker
	tree    parse.Tree
	inputs  reconcile.Inputs
}

func (s *session) Close() error { return s.repo.Close() }

// openSession reads the records and the tracker.
func (g *globals) openSession(ctx context.Context) (*session, error) {
	now, err := g.clock()
	if err != nil {
		return nil, err
	}
	repo, err := g.open()
	if err != nil {
		return nil, err
	}
	s := &session{repo: repo}
	if err := g.readSession(ctx, s); err != nil {
		repo.Close()
		return nil, err
	}
	desired, reports := reconcile.Desired(s.tree.History(), reconcile.DesiredOptions{
		System: s.tracker.name, Config: repo.config, Now: now, Link: s.tracker.link,
	})
	s.inputs.Commit, s.inputs.Target = repo.commit, s.tracker.target
	s.inputs.Desired, s.inputs.Reports = desired, reports
	s.inputs.Diff = reconcile.DiffOptions{System: s.tracker.name, Trusted: s.tracker.trusted, Reopen: repo.config.TrackerReopen}
	return s, nil
}

func (g *globals) readSession(ctx context.Context, s *session) (err error) {
	cache := g.cache(s.repo, "records", false)
	if s.tree, err = parse.Read(ctx, s.repo.FS(), parse.Options{Config: s.repo.config, Cache: asCache(cache)}); err != nil {
		return repositoryError(err)
	}
	g.saveCache(cache)
	g.warnUnread(&s.tree)
	if s.tracker, err = g.openTracker(s.repo); err != nil {
		return err
	}
	if s.inputs.Actual, err = s.tracker.system.Read(ctx); err != nil {
		return remoteError(fmt.Errorf("read the issues of %s: %w", s.tracker.target, err))
	}
	return nil
}

// remoteError tells by its exit code whether running again will help.
func remoteError(err error) error {
	if errors.Is(err, reconcile.ErrGaveUp) || errors.Is(err, context.Canceled) {
		return &exitError{exitIncomplete, err}
	}
	return &exitError{exitRemote, err}
}
