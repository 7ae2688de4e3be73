package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/render"
)

type listOptions struct {
	*globals
	open       bool
	severities []string
	services   []string
	noCache    bool
}

func newList(g *globals) *cobra.Command {
	o := &listOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List incidents, the latest first",
		Long: "List incidents, the latest first: when each began, how grave it was, how long service was down, and its title.\n\n" +
			"Formats: text, json (schema sitrep.list/v1).",
		Example: "  sitrep list --open\n  sitrep list --severity SEV-1 --service api\n  sitrep list --format json | jq -r '.incidents[].id'",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runList(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.open, "open", false, "only what is not resolved")
	f.StringSliceVar(&o.severities, "severity", nil, "only these severities, such as SEV-1")
	f.StringSliceVar(&o.services, "service", nil, "only incidents of these services")
	f.BoolVar(&o.noCache, "no-cache", false, "read every file anew")
	g.completeFlags(cmd)
	return cmd
}

func runList(ctx context.Context, o *listOptions) error {
	if err := o.wantFormat("text", "json"); err != nil {
		return err
	}
	for _, s := range o.severities {
		if _, ok := incident.ParseSeverity(s); !ok {
			return usageError("unknown severity %q, want SEV-1 to %s", s, incident.MaxSeverity)
		}
	}
	now, err := o.clock()
	if err != nil {
		return err
	}
	repo, err := o.read(ctx)
	if err != nil {
		return err
	}
	defer repo.Close()
	listed := render.Listed{Zone: repo.config.Location(), Now: now, Ends: incident.DowntimeEnds(repo.config.DowntimeEnds)}
	for i := range repo.tree.Records {
		rec := &repo.tree.Records[i]
		if rec.Incident != nil && !rec.Broken && o.wants(rec.Incident) {
			listed.Incidents = append(listed.Incidents, render.ListedIncident{Incident: rec.Incident, Postmortem: repo.postmortemPath(rec.ID)})
		}
		if rec.Broken {
			listed.Unreadable = append(listed.Unreadable, rec.Path)
		}
	}
	for _, d := range repo.tree.Findings {
		listed.Unreadable = append(listed.Unreadable, d.Path)
	}
	listed.Sort()
	if o.format == "json" {
		return outputError(render.ListJSON(o.env.Stdout, listed))
	}
	return outputError(render.ListText(o.env.Stdout, listed, o.style()))
}

// read reads the records without their texts, from the cache where that has them.
func (o *listOptions) read(ctx context.Context) (*records, error) {
	repo, err := o.globals.open()
	if err != nil {
		return nil, err
	}
	cache := o.cache(repo, "list", o.noCache)
	tree, err := parse.Read(ctx, repo.FS(), parse.Options{Config: repo.config, Cache: asCache(cache)})
	if err != nil {
		repo.Close()
		return nil, repositoryError(err)
	}
	o.saveCache(cache)
	return &records{repository: repo, tree: tree}, nil
}

func (o *listOptions) wants(inc *incident.Incident) bool {
	return (!o.open || inc.Status != incident.StatusOver) &&
		(len(o.severities) == 0 || slices.Contains(o.severities, inc.Severity.String())) &&
		(len(o.services) == 0 || slices.ContainsFunc(o.services, func(s string) bool { return slices.Contains(inc.Services, s) }))
}

func (r *records) postmortemPath(id string) string {
	if pm := r.postmortemOf(id); pm != nil {
		return pm.Path
	}
	return ""
}
