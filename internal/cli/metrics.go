package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/render"
)

type metricsOptions struct {
	*globals
	from, to   string
	severities []string
	services   []string
	noCache    bool
}

func newMetrics(g *globals) *cobra.Command {
	o := &metricsOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "metrics",
		Short: "Report MTTR and what stands behind it",
		Long: "Report MTTR and what stands behind it: overall, by severity, service, month and quarter; the median with its interval,\n" +
			"the share within the target, the time to detect, diagnose and repair. An incident belongs to the period in which it started.\n\n" +
			"--from and --to take a year, a quarter (2025-Q3), a month (2025-08), a day or a time; a period given to --to is included whole.\n\n" +
			"Formats: text, json (schema sitrep.metrics/v1).",
		Example: "  sitrep metrics\n  sitrep metrics --from 2025-Q1 --to 2025-Q2 --severity SEV-1\n  sitrep metrics --service api --format json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runMetrics(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.from, "from", "", "begin of the period: 2025, 2025-Q3, 2025-08, 2025-08-18 or a time")
	f.StringVar(&o.to, "to", "", "last year, quarter, month or day of the period, or the time before which it ends")
	f.StringSliceVar(&o.severities, "severity", nil, "only these severities, such as SEV-1")
	f.StringSliceVar(&o.services, "service", nil, "only incidents of these services")
	f.BoolVar(&o.noCache, "no-cache", false, "read every file anew")
	return cmd
}

func runMetrics(ctx context.Context, o *metricsOptions) error {
	if err := o.wantFormat("text", "json"); err != nil {
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
	opt, err := o.selection(repo)
	if err != nil {
		return err
	}
	opt.Now = now
	cache := o.cache(repo, "records", o.noCache)
	tree, err := parse.Read(ctx, repo.FS(), parse.Options{Config: repo.config, Cache: asCache(cache)})
	if err != nil {
		return repositoryError(err)
	}
	o.saveCache(cache)
	o.warnUnread(&tree)
	report := metrics.Compute(tree.History(), repo.config, opt)
	if o.format == "json" {
		return outputError(render.MetricsJSON(o.env.Stdout, report))
	}
	return outputError(render.MetricsText(o.env.Stdout, report, o.style()))
}

// selection reads the flags that choose incidents.
func (o *metricsOptions) selection(repo *repository) (metrics.Options, error) {
	var opt metrics.Options
	for _, s := range o.severities {
		sev, ok := incident.ParseSeverity(s)
		if !ok || !slices.Contains(repo.config.Levels(), sev) {
			return opt, usageError("unknown severity %q, want one of %v", s, repo.config.Levels())
		}
		opt.Severities = append(opt.Severities, sev)
	}
	opt.Services = o.services
	if o.from != "" {
		w, err := calendar.ParsePeriod(o.from, repo.config.Location())
		if err != nil {
			return opt, usageError("--from %w", err)
		}
		opt.Window.From = w.From
	}
	if o.to != "" {
		w, err := calendar.ParsePeriod(o.to, repo.config.Location())
		if err != nil {
			return opt, usageError("--to %w", err)
		}
		opt.Window.To = w.To
	}
	if !opt.Window.To.IsZero() && !opt.Window.From.Before(opt.Window.To) {
		return opt, usageError("the period ends before it begins: --from %s --to %s", o.from, o.to)
	}
	return opt, nil
}

// warnUnread says which files no figure counts, so that nobody takes a report of half the records for the whole.
func (g *globals) warnUnread(tree *parse.Tree) {
	const most = 5
	var unread []string
	for _, d := range tree.Findings {
		unread = append(unread, d.Path)
	}
	for _, r := range tree.Records {
		if r.Broken {
			unread = append(unread, r.Path)
		}
	}
	for i, p := range unread {
		if i == most {
			g.talk("sitrep: and %d more", len(unread)-most)
			break
		}
		g.talk("sitrep: %s cannot be read and is not counted, see sitrep lint", p)
	}
}
