package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/importer"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/render"
)

type importOptions struct {
	*globals
	source     string
	path       string
	out        string
	timezone   string
	severities map[string]string
	owner      string
	service    string
	dryRun     bool
}

func newImport(g *globals) *cobra.Command {
	o := &importOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "import FORMAT PATH --out DIR",
		Short: "Make records of another tool's incidents and post-mortems",
		Long: "Make records of what another tool has written: a file, or all files below a folder.\n\n" +
			"  statuspage  JSON of Atlassian Statuspage, API v2: an incident, a list, or a folder of such files\n" +
			"  cstate      issues of cState: YAML front matter and track shortcodes\n" +
			"  morty       post-mortems of Morty, and its mortems.json\n" +
			"  markdown    post-mortems in loose Markdown\n\n" +
			"The report says for every file what was inferred, what was dropped and where the source contradicts itself; sources that say\n" +
			"nothing new are listed with -v. No time is made up: one without a zone is refused unless --timezone says whose clock it is.\n" +
			"A second import finds the records by their source; one that a person has edited is not overwritten. Exit code 1 tells that\n" +
			"a source was refused or a record kept.\n\n" +
			"Formats: text, json (schema sitrep.import/v1).",
		Example: "  sitrep import statuspage history/ --out . --owner @octo-sre\n" +
			"  sitrep import cstate status-repo/ --out . --timezone UTC --dry-run\n" +
			"  sitrep import markdown old-postmortems/ --out . --severity-map critical=SEV-1,default=SEV-2",
		Args: cobra.ExactArgs(2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return importFormats(), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.source, o.path = args[0], args[1]
			return runImport(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.out, "out", "", "the repository that the records go to; made where it is not there")
	f.StringVar(&o.timezone, "timezone", "", "IANA zone of times that carry none, such as Europe/Berlin")
	f.StringToStringVar(&o.severities, "severity-map", nil, "what the source's words mean: critical=SEV-1,default=SEV-3")
	f.StringVar(&o.owner, "owner", "", "login that answers for records whose source names nobody, such as @octo-sre")
	f.StringVar(&o.service, "service", "", "service of records whose source names none")
	f.BoolVar(&o.dryRun, "dry-run", false, "report only, write nothing")
	_ = cmd.MarkFlagDirname("out")
	return cmd
}

func importFormats() []string {
	names := make([]string, len(importer.Formats))
	for i, f := range importer.Formats {
		names[i] = string(f)
	}
	return names
}

func runImport(ctx context.Context, o *importOptions) error {
	if err := o.wantFormat("text", "json"); err != nil {
		return err
	}
	opt, err := o.options()
	if err != nil {
		return err
	}
	if _, err := os.Stat(o.path); err != nil {
		return repositoryError(fmt.Errorf("read the source: %w", err))
	}
	target, err := o.target()
	if err != nil {
		return err
	}
	if target != nil {
		defer target.Close()
		if opt.Config, err = config.Load(target.FS()); err != nil {
			return repositoryError(err)
		}
	}
	if opt.Severities, err = o.severityMap(opt.Config); err != nil {
		return err
	}
	items, err := o.plan(ctx, target, opt)
	if err != nil {
		return err
	}
	if !o.dryRun {
		if err := writeItems(ctx, target, items); err != nil {
			return err
		}
	}
	return o.report(items)
}

// options reads the flags that do not need the repository.
func (o *importOptions) options() (importer.Options, error) {
	opt := importer.Options{Format: importer.Format(o.source), Config: config.Default(), Service: o.service}
	if !slices.Contains(importer.Formats, opt.Format) {
		return opt, usageError("unknown format %q, want %s", o.source, strings.Join(importFormats(), ", "))
	}
	if o.out == "" {
		return opt, usageError("--out is missing, want the folder that the records go to")
	}
	if o.timezone != "" {
		loc, err := config.LoadZone(o.timezone)
		if err != nil {
			return opt, usageError("--timezone: %w", err)
		}
		opt.Zone = loc
	}
	if o.owner != "" {
		login, ok := parse.Login("@" + strings.TrimPrefix(o.owner, "@"))
		if !ok {
			return opt, usageError("--owner %q is no login, want one such as @octo-sre", o.owner)
		}
		opt.Owner = login
	}
	return opt, nil
}

func (o *importOptions) severityMap(cfg config.Config) (map[string]incident.Severity, error) {
	out := map[string]incident.Severity{}
	for word, level := range o.severities {
		sev, ok := incident.ParseSeverity(level)
		if !ok || !slices.Contains(cfg.Levels(), sev) {
			return nil, usageError("--severity-map %s=%s: unknown severity %q, want one of %v", word, level, level, cfg.Levels())
		}
		out[strings.ToLower(strings.TrimSpace(word))] = sev
	}
	return out, nil
}

// target opens the folder that the records go to. A dry run makes none: nil stands for a folder that is not there.
func (o *importOptions) target() (*os.Root, error) {
	if o.dryRun {
		if _, err := os.Stat(o.out); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
	} else if err := os.MkdirAll(o.out, 0o755); err != nil {
		return nil, repositoryError(fmt.Errorf("make %s: %w", o.out, err))
	}
	root, err := os.OpenRoot(o.out)
	if err != nil {
		return nil, repositoryError(fmt.Errorf("open %s: %w", o.out, err))
	}
	return root, nil
}

// noFiles stands for a repository that is not there yet.
type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (o *importOptions) plan(ctx context.Context, target *os.Root, opt importer.Options) ([]importer.Item, error) {
	dir, name := o.path, "."
	info, err := os.Stat(o.path)
	switch {
	case err != nil:
		return nil, repositoryError(fmt.Errorf("read the source: %w", err))
	case !info.IsDir():
		dir, name = filepath.Split(filepath.Clean(o.path))
		if dir == "" {
			dir = "."
		}
	}
	source, err := os.OpenRoot(dir)
	if err != nil {
		return nil, repositoryError(fmt.Errorf("read the source: %w", err))
	}
	defer source.Close()
	items, err := importer.Read(ctx, source.FS(), name, opt)
	if err != nil {
		return nil, repositoryError(fmt.Errorf("read the source: %w", err))
	}
	var into fs.FS = noFiles{}
	if target != nil {
		into = target.FS()
	}
	if err := importer.Plan(ctx, into, items, opt); err != nil {
		return nil, repositoryError(err)
	}
	return items, nil
}

// writeItems writes what is new. It can be run again after a failure: what is there is found by its source.
func writeItems(ctx context.Context, target *os.Root, items []importer.Item) error {
	for _, folder := range parse.Folders {
		if err := target.MkdirAll(folder, 0o755); err != nil {
			return repositoryError(fmt.Errorf("make %s: %w", folder, err))
		}
	}
	for _, it := range items {
		for _, f := range it.Files {
			if f.Data == nil {
				continue
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := replaceFile(target, f.Path, f.Data); err != nil {
				return &exitError{exitIncomplete, fmt.Errorf("write %s: %w", f.Path, err)}
			}
		}
	}
	return nil
}

func (o *importOptions) report(items []importer.Item) error {
	var err error
	if o.format == "json" {
		err = render.ImportJSON(o.env.Stdout, items, o.dryRun)
	} else {
		err = render.ImportText(o.env.Stdout, items, o.verbose, o.style())
	}
	if err != nil {
		return outputError(err)
	}
	if o.dryRun {
		o.talk("sitrep: nothing was written (--dry-run)")
	}
	if importer.Count(items, importer.RefusedRecord)+importer.Count(items, importer.Kept) > 0 {
		return errFindings
	}
	return nil
}
