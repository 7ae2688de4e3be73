package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/lint"
	"github.com/syncwell/sitrep/internal/render"
)

type lintOptions struct {
	*globals
	paths   []string
	noCache bool
}

func newLint(g *globals) *cobra.Command {
	o := &lintOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "lint [PATH...]",
		Short: "Check what is written in incidents and post-mortems",
		Long: "Check every incident and post-mortem, or those below the paths given. Nothing depends on the clock or the network:\n" +
			"the same commit always lints the same. Exit code 1 tells that there are errors; warnings and notices do not fail a run.\n\n" +
			"Formats: text, json (schema sitrep.lint/v1).",
		Example: "  sitrep lint\n  sitrep lint incidents/2025-08-18-api-outage.md\n  sitrep lint --format json | jq '.findings[].message'",
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			return runLint(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.noCache, "no-cache", false, "read every file anew")
	return cmd
}

func runLint(ctx context.Context, o *lintOptions) error {
	if err := o.wantFormat("text", "json"); err != nil {
		return err
	}
	repo, err := o.open()
	if err != nil {
		return err
	}
	defer repo.Close()
	cache := o.cache(repo, "lint", o.noCache)
	opt := lint.Options{Config: repo.config, Cache: asCache(cache)}
	for _, p := range o.paths {
		rel, err := repo.within(p)
		if err != nil {
			return err
		}
		opt.Paths = append(opt.Paths, rel)
	}
	result, err := lint.Run(ctx, repo.FS(), opt)
	var noRecord *lint.PathError
	if errors.As(err, &noRecord) {
		return &exitError{exitUsage, err}
	}
	if err != nil {
		return repositoryError(err)
	}
	o.saveCache(cache)
	if o.format == "json" {
		err = render.LintJSON(o.env.Stdout, result)
	} else {
		err = render.LintText(o.env.Stdout, result, repo.FS(), o.style())
	}
	if err != nil {
		return outputError(err)
	}
	if result.Count(diag.Error) > 0 {
		return errFindings
	}
	return nil
}
