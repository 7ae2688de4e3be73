package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/draft"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/incident"
)

func newGameDay(g *globals) *cobra.Command {
	o := &declareOptions{globals: g}
	scenario := ""
	cmd := &cobra.Command{
		Use:   "gameday TITLE --scenario TEXT",
		Short: "Begin a game day: write its file",
		Long: "Begin a game day, the exercise of every quarter: write its file. From then on it is kept like an incident, with sitrep log, update\n" +
			"and resolve. It is of kind game-day and counts towards no figure of real incidents.",
		Example:           "  sitrep gameday \"Fail over the API\" --scenario \"The first region loses its network.\" --service api --commander octo-ic",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.title = args[0]
			return runGameDay(cmd.Context(), o, scenario)
		},
	}
	o.roleFlags(cmd)
	cmd.Flags().StringVar(&scenario, "scenario", "", "what is made to fail, and what is expected to happen")
	cmd.Flags().StringVar(&o.started, "started", "", "when the exercise began: 09:00 or 2025-09-16T09:00:00Z (default: now)")
	o.publish.flags(cmd)
	return cmd
}

func runGameDay(ctx context.Context, o *declareOptions, scenario string) error {
	if err := o.wantFormat("text"); err != nil {
		return err
	}
	if err := o.publish.check(); err != nil {
		return err
	}
	if strings.TrimSpace(scenario) == "" {
		return usageError("no scenario, want --scenario with what is made to fail and what is expected to happen")
	}
	r, err := o.openRecords(ctx, nil)
	if err != nil {
		return err
	}
	defer r.Close()
	d, err := o.gameDay(r, scenario)
	if err != nil {
		return err
	}
	name, out, err := o.create(r, "gameday.md", d)
	if err != nil {
		return err
	}
	o.adviseGameDay(r, d)
	return o.publish.run(ctx, o.globals, r, publication{path: name, id: d.ID, title: d.Title, content: out})
}

const gameDayPrefix = "Game day - "

func (o *declareOptions) gameDay(r *records, scenario string) (draft.Declaration, error) {
	if o.severity == "" {
		o.severity = incident.Severity(2).String()
		if levels := r.config.Levels(); len(levels) > 0 && r.config.Policy(2).Name == "" {
			o.severity = levels[0].String()
		}
	}
	title := o.title
	if !strings.HasPrefix(strings.ToLower(title), "game day") {
		o.title = gameDayPrefix + title
	}
	o.summary, o.detected = scenario, o.started
	d, err := o.declaration(r)
	if err != nil {
		return d, err
	}
	if strings.TrimSpace(title) == "" {
		return d, usageError("no title, want what is practised")
	}
	d.Kind, d.Started, d.Detected = incident.KindGameDay, d.Detected, time.Time{}
	d.ID = r.newID(d)
	return d, nil
}

// adviseGameDay tells what comes next, and how the quarter stands.
func (o *declareOptions) adviseGameDay(r *records, d draft.Declaration) {
	quarter := calendar.Quarter(d.Started, r.config.Location())
	held := 0
	for i := range r.tree.Records {
		inc := r.tree.Records[i].Incident
		if inc == nil || inc.Kind != incident.KindGameDay || inc.Milestones[incident.Started].IsZero() {
			continue
		}
		if calendar.Quarter(inc.Milestones[incident.Started], r.config.Location()) == quarter {
			held++
		}
	}
	o.talk("Game day %d of %s. It is kept like an incident:", held+1, quarter)
	o.talk("  note      sitrep log %s \"What happens\"", harmless.Line(d.ID))
	o.talk("  status    sitrep set %s detected=TIME, then sitrep update %s --status identified \"...\"", d.ID, d.ID)
	o.talk("  close     sitrep resolve %s --mitigated TIME", d.ID)
}
