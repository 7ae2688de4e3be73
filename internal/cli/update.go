package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/incident"
)

type updateOptions struct {
	*globals
	status string
	when   string
}

func newUpdate(g *globals) *cobra.Command {
	o := &updateOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "update [ID] TEXT",
		Short: "Tell users how things stand, and move the incident's status",
		Long: "Add a status update, and move the incident's status where --status names another one. The status goes forward only:\n" +
			"investigating, identified, monitoring, resolved. With it go the stamps: identified fills diagnosed, monitoring fills mitigated,\n" +
			"resolved fills resolved; a stamp that is there stays. The timeline gets an entry for each stamp that has none.\n\n" +
			"An update of an earlier time is written in its place and moves nothing.",
		Example:           "  sitrep update --status identified \"We have found the cause, a rollback is under way.\"\n  sitrep update api-outage \"Still catching up.\" --at 14:00",
		Args:              wantText,
		ValidArgsFunction: g.completeOpen,
		RunE:              func(cmd *cobra.Command, args []string) error { return runUpdate(cmd.Context(), o, args) },
	}
	cmd.Flags().StringVar(&o.status, "status", "", "how far the response is: "+statusList+" (default: as before)")
	cmd.Flags().StringVar(&o.when, "at", "", "when users were told: 13:05 or 2025-08-18T13:05:00Z (default: now)")
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions([]string{"investigating", "identified", "monitoring", "resolved"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

const statusList = "investigating, identified, monitoring or resolved"

func runUpdate(ctx context.Context, o *updateOptions, args []string) error {
	if err := o.wantFormat("text"); err != nil {
		return err
	}
	status := incident.Status(o.status)
	if o.status != "" && status.Order() < 0 {
		return usageError("unknown status %q, want %s", o.status, statusList)
	}
	r, err := o.openToChange(ctx)
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
	at, err := o.momentOf(r, rec, o.when)
	if err != nil {
		return err
	}
	m := &move{records: r, rec: rec, at: at, text: text, status: status}
	if o.when == "" {
		m.notBefore(o.globals)
	}
	if err := m.plan(); err != nil {
		return err
	}
	if err := o.editFile(ctx, r, rec, m.apply); err != nil {
		return err
	}
	if m.forward && m.status == incident.StatusOver {
		o.adviseAfter(r, m)
	}
	return nil
}
