package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/export"
	"github.com/syncwell/sitrep/internal/parse"
)

type exportOptions struct {
	*globals
	as   string
	what string
	out  string
}

// exportFormat is an argument of export; a whole one holds all tables, a binary one is nothing for a terminal.
type exportFormat struct {
	name          string
	whole, binary bool
}

var exportFormats = []exportFormat{
	{name: "json", whole: true},
	{name: "ndjson"},
	{name: "csv"},
	{name: "ics", whole: true},
	{name: "parquet", binary: true},
	{name: "sqlite", whole: true, binary: true},
}

func newExport(g *globals) *cobra.Command {
	o := &exportOptions{globals: g}
	var names []string
	for _, f := range exportFormats {
		names = append(names, f.name)
	}
	cmd := &cobra.Command{
		Use:   "export " + strings.Join(names, "|"),
		Short: "Write incidents, post-mortems and action items for other programs",
		Long: "Write incidents, post-mortems and action items for other programs. The columns stand in docs/formats.md.\n\n" +
			"  json     one document with all tables (schema sitrep.export/v1), or the one that --what names\n" +
			"  ndjson   one object a line\n" +
			"  csv      RFC 4180; a cell that a spreadsheet could take for a formula begins with an apostrophe\n" +
			"  ics      a calendar of due days and post-mortem meetings\n" +
			"  parquet  Apache Parquet\n" +
			"  sqlite   a database with all tables\n\n" +
			"The mean of downtime_minutes over the incidents that are counted is the MTTR of sitrep metrics. Text formats of the same\n" +
			"records at the same time (--now) are the same to the byte.",
		Example:           "  sitrep export csv --what action-items\n  sitrep export sqlite --out sitrep.db\n  sitrep export ics --out docs/calendar.ics",
		Args:              cobra.ExactArgs(1),
		ValidArgs:         names,
		ValidArgsFunction: cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.as = args[0]
			return runExport(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.what, "what", "", "the table: incidents (default), postmortems or action-items")
	f.StringVar(&o.out, "out", "", "the file to write (default: stdout)")
	return cmd
}

func runExport(ctx context.Context, o *exportOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	now, err := o.clock()
	if err != nil {
		return err
	}
	repo, err := o.open()
	if err != nil {
		return err
	}
	defer repo.Close()
	cache := o.cache(repo, "texts", false)
	tree, err := parse.Read(ctx, repo.FS(), parse.Options{Config: repo.config, Cache: asCache(cache), Texts: true})
	if err != nil {
		return repositoryError(err)
	}
	o.saveCache(cache)
	o.warnUnread(&tree)
	history := tree.History()
	set := export.Make(history, repo.config, now)
	var b bytes.Buffer
	if o.as == "ics" {
		err = export.ICS(&b, history, now)
	} else {
		err = o.write(ctx, &b, set)
	}
	if err != nil {
		return fmt.Errorf("export %s: %w", o.as, err)
	}
	return outputError(o.deliver(b.Bytes()))
}

// check refuses what does not go together.
func (o *exportOptions) check() error {
	if o.format != "text" {
		return usageError("--format is not for export, want the format as argument: sitrep export %s", o.format)
	}
	i := slices.IndexFunc(exportFormats, func(f exportFormat) bool { return f.name == o.as })
	if i < 0 {
		return usageError("unknown format %q, want json, ndjson, csv, ics, parquet or sqlite", o.as)
	}
	f := exportFormats[i]
	switch {
	case o.what != "" && !slices.Contains(export.Tables, o.what):
		return usageError("unknown table %q, want %s", o.what, strings.Join(export.Tables, ", "))
	case o.what != "" && f.whole && o.as != "json":
		return usageError("--what is not for %s, which holds everything", o.as)
	case f.binary && o.out == "" && o.env.TerminalWidth() > 0:
		return usageError("%s is nothing for a terminal, name a file with --out", o.as)
	}
	return nil
}

func (o *exportOptions) write(ctx context.Context, w io.Writer, set export.Set) error {
	what := o.what
	if what == "" {
		what = export.Incidents
	}
	table, err := set.Table(what)
	if err != nil {
		return err
	}
	switch o.as {
	case "json":
		if o.what == "" {
			return set.JSON(w, set.Tables...)
		}
		return set.JSON(w, table)
	case "ndjson":
		return table.NDJSON(w)
	case "csv":
		return table.CSV(w)
	case "parquet":
		return table.Parquet(w)
	}
	return set.SQLite(ctx, w)
}

// deliver writes to stdout, or replaces the file as a whole.
func (o *exportOptions) deliver(data []byte) error {
	if o.out == "" {
		_, err := o.env.Stdout.Write(data)
		return err
	}
	dir, name := filepath.Split(filepath.Clean(o.out))
	if dir == "" {
		dir = "."
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return replaceFile(root, name, data)
}
