package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/reconcile"
)

func newPull(g *globals) *cobra.Command {
	dryRun := false
	cmd := &cobra.Command{
		Use:   "pull",
		Short: "Bring what people changed on issues back into the files",
		Long: "Bring what people changed on issues (owner, due date, priority, type, closed or re-opened) back into the post-mortems. With\n" +
			"the local tracker the files of the work tree are changed; with GitHub it becomes one pull request on the branch sitrep/sync,\n" +
			"which later runs update in place. The default branch is never pushed to.",
		Example: "  sitrep pull --dry-run\n  sitrep pull",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runPull(cmd.Context(), g, dryRun) },
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be changed and change nothing")
	return cmd
}

func runPull(ctx context.Context, g *globals, dryRun bool) error {
	if err := g.wantFormat("text"); err != nil {
		return err
	}
	if g.at != "" {
		return usageError("--at reads a commit; pull changes the files as they are now")
	}
	s, err := g.openSession(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	files, lines, err := s.takeOver(reconcile.Edits(s.inputs.Desired, s.inputs.Actual, s.inputs.Diff))
	if err != nil {
		return repositoryError(err)
	}
	for _, l := range lines {
		fmt.Fprintln(g.env.Stdout, harmless.Line(l))
	}
	if len(files) == 0 {
		fmt.Fprintln(g.env.Stdout, "Nothing to bring back.")
		return nil
	}
	if dryRun {
		return nil
	}
	where, err := s.tracker.propose(ctx, files, lines)
	if err != nil {
		return remoteError(err)
	}
	fmt.Fprintln(g.env.Stdout, where)
	return nil
}

// columnOf is where a field stands in a post-mortem; a field that is not here is not brought back.
var columnOf = map[string]string{
	reconcile.Owner: "owner", reconcile.Due: "due", reconcile.Priority: "priority", reconcile.Type: "type", reconcile.State: "status",
}

// takeOver edits the files that the edits are about, in memory, and says in a line each what it did.
func (s *session) takeOver(edits []reconcile.Edit) (files map[string][]byte, lines []string, err error) {
	paths := map[string]string{}
	for _, r := range s.tree.Records {
		if r.Kind == parse.PostmortemRecord {
			paths[r.ID] = r.Path
		}
	}
	files = map[string][]byte{}
	for _, e := range edits {
		record, item, _ := strings.Cut(e.Key, "/")
		path, column := paths[record], columnOf[e.Field]
		if path == "" || column == "" {
			lines = append(lines, fmt.Sprintf("! #%d %s: %s was changed on the issue and has no place in the file", e.Number, e.Key, e.Field))
			continue
		}
		src, ok := files[path]
		if !ok {
			if src, err = fs.ReadFile(s.repo.FS(), path); err != nil {
				return nil, nil, err
			}
		}
		out, err := edit.SetAction(path, src, item, column, inFile(e))
		if errors.Is(err, edit.ErrNoPlace) {
			lines = append(lines, fmt.Sprintf("! #%d %s: %v", e.Number, e.Key, err))
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		files[path] = out
		lines = append(lines, fmt.Sprintf("~ %s %s: %s %s, was %s", path, item, column, inFile(e), orNothing(e.Was)))
	}
	return files, lines, nil
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// inFile is a field's value as a post-mortem writes it.
func inFile(e reconcile.Edit) string {
	switch {
	case e.Field == reconcile.Owner && e.Value != "":
		return "@" + e.Value
	case e.Field == reconcile.State && e.Value == reconcile.StateWontDo:
		return fmt.Sprintf("wont_do: decided on issue %d", e.Number)
	}
	return strings.Join(strings.Fields(e.Value), " ")
}

// writeBack changes the files of the work tree, each as a whole.
func (r *repository) writeBack(_ context.Context, files map[string][]byte, _ []string) (string, error) {
	paths := slices.Sorted(maps.Keys(files))
	for _, p := range paths {
		if err := replaceFile(r.root, p, files[p]); err != nil {
			return "", fmt.Errorf("write %s: %w", p, err)
		}
	}
	return fmt.Sprintf("Changed %s. Look at them with git diff, then commit.", strings.Join(paths, ", ")), nil
}
