package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newMan(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages",
		Long: "Write the manual pages, one for each command, into a folder: sitrep man /usr/local/share/man/man1. --now gives the date that\n" +
			"stands on them.",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE:   func(cmd *cobra.Command, args []string) error { return runMan(g, cmd.Root(), args[0]) },
	}
}

func runMan(g *globals, root *cobra.Command, dir string) error {
	now, err := g.clock()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return writeError(dir, err)
	}
	root.DisableAutoGenTag = true
	header := &doc.GenManHeader{Title: "SITREP", Section: "1", Date: &now, Source: "sitrep " + version(), Manual: "sitrep"}
	if err := doc.GenManTree(root, header, dir); err != nil {
		return writeError(dir, err)
	}
	fmt.Fprintln(g.env.Stdout, dir)
	return nil
}
