package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/reconcile"
)

type applyOptions struct {
	*globals
	file       string
	yes        bool
	maxCreates int
	maxCloses  int
}

func newApply(g *globals) *cobra.Command {
	o := &applyOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "apply [FILE]",
		Short: "Carry out a plan",
		Long: "Carry out a plan. Without FILE it is made now, shown, and carried out once you agree (--yes agrees in scripts). With FILE, a\n" +
			"plan that sitrep plan --out wrote, it is carried out only if it would be the same now.\n\n" +
			"Running it again is always safe: a second apply has nothing to do. Ctrl-C finishes the write in flight and exits 5.",
		Example: "  sitrep apply\n  sitrep apply --yes --max-creates 100\n  sitrep plan --out plan.json && sitrep apply plan.json --yes",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.file = args[0]
			}
			return runApply(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	f.IntVar(&o.maxCreates, "max-creates", 25, "refuse a plan that creates more issues than this")
	f.IntVar(&o.maxCloses, "max-closes", 10, "refuse a plan that closes more issues than this")
	return cmd
}

func runApply(ctx context.Context, o *applyOptions) error {
	if err := o.wantFormat("text", "json", "markdown"); err != nil {
		return err
	}
	var saved *reconcile.Plan
	if o.file != "" {
		plan, err := readPlan(o.file)
		if err != nil {
			return err
		}
		saved = &plan
	}
	s, err := o.openSession(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	plan := reconcile.Make(s.inputs)
	if saved != nil {
		if moved := reconcile.Moved(*saved, plan); moved != nil {
			return &exitError{exitFindings, fmt.Errorf("%s is stale, nothing was written:\n  %s\nmake a new plan and look at it", o.file, harmless.Terminal(strings.Join(moved, "\n  ")))}
		}
	}
	if err := o.printPlan(plan); err != nil {
		return outputError(err)
	}
	return o.carryOut(ctx, s, plan)
}

func readPlan(path string) (reconcile.Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return reconcile.Plan{}, usageError("read the plan: %w", err)
	}
	defer f.Close()
	plan, err := reconcile.ReadPlan(f)
	if err != nil {
		return plan, usageError("%s: %w", path, err)
	}
	return plan, nil
}

// carryOut applies a plan that has been shown, within the guard rails and once somebody agrees.
func (o *applyOptions) carryOut(ctx context.Context, s *session, plan reconcile.Plan) error {
	if plan.Pending() == 0 {
		return nil
	}
	if err := o.guard(plan); err != nil {
		return err
	}
	if err := o.agree(); err != nil {
		return err
	}
	result := reconcile.Apply(ctx, s.tracker.system, plan, o.progress)
	for _, f := range result.Failed {
		o.env.warn("%s", harmless.Line(f.Err.Error()))
	}
	fmt.Fprintf(o.env.Stderr, "Applied %d of %d.\n", result.Done, result.Done+len(result.Failed)+result.Pending)
	switch {
	case result.Complete():
		return nil
	case result.Auth():
		return &exitError{exitRemote, errors.New("not everything was applied; the token may not do this")}
	case ctx.Err() != nil:
		return &exitError{exitIncomplete, fmt.Errorf("interrupted, %d changes are left; run it again", result.Pending)}
	}
	return &exitError{exitIncomplete, errors.New("not everything was applied; it is safe to run again")}
}

func (e Env) warn(format string, args ...any) { fmt.Fprintf(e.Stderr, "sitrep: "+format+"\n", args...) }

// guard refuses mass changes that nobody asked for: an empty checkout or a lost folder must not flood or empty a tracker.
func (o *applyOptions) guard(plan reconcile.Plan) error {
	creates := 0
	for _, c := range plan.Changes {
		if c.Op == reconcile.Create && c.Kind == reconcile.KindIssue {
			creates++
		}
	}
	switch closes := plan.Count(reconcile.Close); {
	case creates > o.maxCreates:
		return &exitError{exitFindings, fmt.Errorf("the plan creates %d issues, more than --max-creates %d: nothing was written; look at the plan, then raise the limit", creates, o.maxCreates)}
	case closes > o.maxCloses:
		return &exitError{exitFindings, fmt.Errorf("the plan closes %d issues, more than --max-closes %d: nothing was written; look at the plan, then raise the limit", closes, o.maxCloses)}
	}
	return nil
}

func (o *applyOptions) agree() error {
	if o.yes {
		return nil
	}
	if !o.env.CanAsk() {
		return usageError("nobody to ask: add --yes to apply without asking")
	}
	fmt.Fprint(o.env.Stderr, "Apply these changes? [y/N] ")
	answer, _ := bufio.NewReader(o.env.Stdin).ReadString('\n')
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return &exitError{exitFindings, errors.New("nothing was written")}
	}
	return nil
}

// progress tells of each change as it is done: GitHub takes a write a second, and a long plan takes its time.
func (g *globals) progress(done, total int, c reconcile.Change, err error) {
	if g.quiet {
		return
	}
	what := "ok"
	if err != nil {
		what = "failed"
	}
	fmt.Fprintf(g.env.Stderr, "[%d/%d] %s %s %s: %s\n", done, total, c.Op, c.Kind, harmless.Line(c.Key), what)
}
