package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/reconcile"
)

func newRepair(g *globals) *cobra.Command {
	o := &applyOptions{globals: g, maxCreates: 0, maxCloses: 0}
	cmd := &cobra.Command{
		Use:   "repair",
		Short: "Put back the markers that people took off issues",
		Long: "Put back the markers that people took off issues. The marker is a comment in the issue's text by which sitrep knows it again;\n" +
			"without it the issue is found by the item named in its table, or by its title. Shows what it would do and asks first.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runRepair(cmd.Context(), o) },
	}
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	return cmd
}

func runRepair(ctx context.Context, o *applyOptions) error {
	if err := o.wantFormat("text", "json", "markdown"); err != nil {
		return err
	}
	s, err := o.openSession(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	plan := reconcile.Make(s.inputs)
	plan.Changes = reconcile.Repair(s.inputs.Desired, s.inputs.Actual, s.inputs.Diff)
	if err := o.printPlan(plan); err != nil {
		return outputError(err)
	}
	return o.carryOut(ctx, s, plan)
}
