package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

func newLog(g *globals) *cobra.Command {
	when := ""
	cmd := &cobra.Command{
		Use:   "log [ID] TEXT",
		Short: "Add an entry to an incident's timeline",
		Long: "Add an entry to an incident's timeline, in the order of time; the rest of the file stays as it is. ID is any part of the id that\n" +
			"no other has; without it the one open incident is meant.\n\n" +
			"--at takes a clock time in the incident's zone (13:05, the last one that has been) or a time with its offset; default: now.",
		Example:           "  sitrep log \"Rollback started\"\n  sitrep log api-outage \"Rollback proposed\" --at 13:15",
		Args:              wantText,
		ValidArgsFunction: g.completeOpen,
		RunE:              func(cmd *cobra.Command, args []string) error { return runLog(cmd.Context(), g, args, when) },
	}
	cmd.Flags().StringVar(&when, "at", "", "when it happened: 13:05 or 2025-08-18T13:05:00Z (default: now)")
	return cmd
}

// wantText is for commands that take [ID] TEXT.
func wantText(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return usageError("no text, want %s", cmd.UseLine())
	case len(args) > 2:
		return usageError("%d arguments, want the text in quotes: %s", len(args), cmd.UseLine())
	}
	return nil
}

func runLog(ctx context.Context, g *globals, args []string, when string) error {
	if err := g.wantFormat("text"); err != nil {
		return err
	}
	r, err := g.openToChange(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	part, text, err := r.idAndText(args)
	if err != nil {
		return err
	}
	rec, err := r.find(part)
	if err != nil {
		return err
	}
	at, err := g.momentOf(r, rec, when)
	if err != nil {
		return err
	}
	return g.editFile(ctx, r, rec, func(f edit.File) (edited, error) {
		out, err := edit.InsertEntry(f, parse.SectionTimeline, edit.Entry{At: at, Text: text})
		if err != nil {
			return edited{}, editError(err)
		}
		return edited{out, []string{"timeline: " + r.shown(rec, at) + " - " + text}}, nil
	})
}

// momentOf reads --at for an incident.
func (g *globals) momentOf(r *records, rec *parse.Record, when string) (time.Time, error) {
	c, err := g.clocksOf(r, rec.Incident)
	if err != nil {
		return time.Time{}, err
	}
	return c.moment("at", when)
}

// shown is a time as the incident's readers tell it.
func (r *records) shown(rec *parse.Record, t time.Time) string {
	local := t.In(parse.ZoneOf(rec.Incident, r.config.Location()))
	if start := rec.Incident.Milestones[incident.Started]; !start.IsZero() && start.In(local.Location()).Format(time.DateOnly) == local.Format(time.DateOnly) {
		return local.Format("15:04")
	}
	return fmt.Sprint(local.Format("2006-01-02 15:04"))
}
