package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/githubapi"
	"github.com/syncwell/sitrep/internal/gitpush"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/scaffold"
)

func newInit(g *globals) *cobra.Command {
	force := false
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Lay out a repository for incidents and post-mortems",
		Long: "Lay out a repository for incidents and post-mortems: folders, templates, configuration, workflows, issue forms, templates for\n" +
			"pull requests, a sample of CODEOWNERS, and a README for the team. What is there already stays; with --force it is replaced,\n" +
			"and what changed is shown.",
		Example: "  sitrep init\n  sitrep init ops-records && cd ops-records && git init",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := g.dir
			if len(args) == 1 {
				dir = args[0]
			}
			return runInit(cmd.Context(), g, dir, force)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace files that are there, and show what changed")
	return cmd
}

func runInit(ctx context.Context, g *globals, dir string, force bool) error {
	if err := g.wantFormat("text"); err != nil {
		return err
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return repositoryError(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return writeError(dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return repositoryError(err)
	}
	defer root.Close()
	files, err := scaffold.Files(scaffoldFor(dir))
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if folder, ok := strings.CutSuffix(f.Path, "/.gitkeep"); ok && holds(dir, folder) {
			continue // it only keeps an empty folder in Git
		}
		if err := g.lay(root, f, force); err != nil {
			return writeError(f.Path, err)
		}
	}
	if !holds(dir, ".git") {
		g.talk("Next: git init, commit all of it, and push it. README.md tells the rest.")
	} else {
		g.talk("Next: commit all of it, and push it. README.md tells the rest.")
	}
	return nil
}

// scaffoldFor looks at the Git repository in a folder for what differs between repositories.
func scaffoldFor(dir string) scaffold.Options {
	o := scaffold.Options{Version: "latest", Branch: "main"}
	if v := version(); strings.Count(v, ".") == 2 && !strings.ContainsAny(v, "-+ ") {
		o.Version = "v" + v
	}
	if !holds(dir, ".git") {
		return o
	}
	target, err := gitpush.Open(realPath(dir), "", "")
	if err != nil {
		return o
	}
	if branch, err := target.DefaultBranch(); err == nil {
		o.Branch = branch
	}
	_, o.GitHub = githubapi.RepoFromRemote(target.Origin())
	return o
}

// lay writes one file, unless it is there.
func (g *globals) lay(root *os.Root, f scaffold.File, force bool) error {
	was, err := fs.ReadFile(root.FS(), f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fmt.Fprintln(g.env.Stdout, "created  "+f.Path)
		return createFile(root, f.Path, f.Text)
	case err != nil:
		return err
	case bytes.Equal(was, f.Text):
		fmt.Fprintln(g.env.Stdout, "same     "+f.Path)
		return nil
	case !force:
		fmt.Fprintln(g.env.Stdout, "kept     "+f.Path)
		return nil
	}
	fmt.Fprintln(g.env.Stdout, "replaced "+f.Path)
	for line := range strings.Lines(string(diff.Diff(f.Path+" (was)", was, f.Path, f.Text))) {
		fmt.Fprintln(g.env.Stdout, "  "+harmless.Line(strings.TrimRight(line, "\r\n")))
	}
	return replaceFile(root, f.Path, f.Text)
}
