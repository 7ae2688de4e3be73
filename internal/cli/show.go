package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/render"
)

func newShow(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "show [ID]",
		Short: "Show an incident and its post-mortem",
		Long: "Show an incident: what it is, its times and phases, its status updates and timeline, and its post-mortem with the action items.\n" +
			"ID is any part of the id that no other has; without it the one open incident is meant.\n\n" +
			"Formats: text, json (schema sitrep.show/v1).",
		Example:           "  sitrep show api-outage\n  sitrep show api-outage --format json | jq .incident.timeline",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: g.completeIncidents,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runShow(cmd.Context(), g, strings.Join(args, ""))
		},
	}
}

func runShow(ctx context.Context, g *globals, part string) error {
	if err := g.wantFormat("text", "json"); err != nil {
		return err
	}
	now, err := g.clock()
	if err != nil {
		return err
	}
	r, err := g.openRecords(ctx, nil)
	if err != nil {
		return err
	}
	defer r.Close()
	rec, err := r.find(part)
	if err != nil {
		return err
	}
	shown := render.Shown{
		Incident: rec.Incident, Zone: parse.ZoneOf(rec.Incident, r.config.Location()), Now: now,
		Ends: incident.DowntimeEnds(r.config.DowntimeEnds), Policy: r.config.Policy(rec.Incident.Severity),
	}
	if pm := r.postmortemOf(rec.ID); pm != nil {
		shown.Postmortem = pm.Postmortem
	}
	if g.format == "json" {
		return outputError(render.ShowJSON(g.env.Stdout, shown))
	}
	return outputError(render.ShowText(g.env.Stdout, shown, g.style()))
}
