package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/draft"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

type resolveOptions struct {
	*globals
	when      string
	mitigated string
}

func newResolve(g *globals) *cobra.Command {
	o := &resolveOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "resolve [ID] [TEXT]",
		Short: "Close an incident",
		Long: "Close an incident: the status becomes resolved, the resolved stamp is filled, the timeline gets its last entry, and users are\n" +
			"told where they were told before (or where TEXT is given). --mitigated says when service was restored, where the record does\n" +
			"not yet; it is never guessed. Stamps that are there stay.\n\n" +
			"A record that lacks what every closed incident has (started, the roles) stays open, and the command says what is missing.",
		Example:           "  sitrep resolve\n  sitrep resolve api-outage \"All is well again.\" --at 14:10 --mitigated 13:25",
		Args:              cobra.MaximumNArgs(2),
		ValidArgsFunction: g.completeOpen,
		RunE:              func(cmd *cobra.Command, args []string) error { return runResolve(cmd.Context(), o, args) },
	}
	cmd.Flags().StringVar(&o.when, "at", "", "when it was closed: 14:10 or 2025-08-18T14:10:00Z (default: now)")
	cmd.Flags().StringVar(&o.mitigated, "mitigated", "", "when service was restored")
	return cmd
}

func runResolve(ctx context.Context, o *resolveOptions, args []string) error {
	if err := o.wantFormat("text"); err != nil {
		return err
	}
	r, err := o.openToChange(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	part, text := "", ""
	if len(args) > 0 {
		part = args[0]
	}
	if len(args) > 1 {
		text = args[1]
	}
	rec, err := r.find(part)
	if err != nil {
		return err
	}
	m, err := o.move(r, rec, text)
	if err != nil {
		return err
	}
	if err := o.editFile(ctx, r, rec, m.apply); err != nil {
		return err
	}
	o.adviseAfter(r, m)
	return nil
}

// move is the last step of an incident.
func (o *resolveOptions) move(r *records, rec *parse.Record, text string) (*move, error) {
	at, err := o.momentOf(r, rec, o.when)
	if err != nil {
		return nil, err
	}
	m := &move{records: r, rec: rec, at: at, text: text, status: incident.StatusOver}
	if o.when == "" {
		m.notBefore(o.globals)
	}
	if o.mitigated != "" {
		c, err := o.clocksOf(r, rec.Incident)
		if err != nil {
			return nil, err
		}
		restored, err := c.moment("mitigated", o.mitigated)
		if err != nil {
			return nil, err
		}
		if was := rec.Incident.Milestones[incident.Mitigated]; !was.IsZero() && !was.Equal(restored) {
			return nil, usageError("%s says already that it was mitigated at %s; sitrep set changes it", harmless.Line(rec.ID), r.shown(rec, was))
		}
		m.fill(incident.Mitigated, restored)
	}
	if text == "" {
		m.text, m.silent = "The incident is resolved.", len(rec.Incident.Updates) == 0
	}
	if _, next := neighbours(rec.Incident.Updates, m.at); next != "" {
		return nil, usageError("users were told something later than %s, want a later --at", r.shown(rec, m.at))
	}
	return m, m.plan()
}

// adviseAfter tells what comes after an incident is closed.
func (g *globals) adviseAfter(r *records, m *move) {
	inc := *m.rec.Incident
	for _, s := range m.stamps {
		inc.Milestones[s.milestone] = s.at
	}
	if inc.Milestones[incident.Mitigated].IsZero() {
		g.talk("When was service restored? It is not said, so downtime runs until the incident was closed: sitrep set %s mitigated=TIME", harmless.Line(inc.ID))
	}
	if draft.IsFirstSummary(inc.Summary) {
		g.talk("The summary is still that of the beginning: tell in %s what happened.", harmless.Line(inc.Path))
	}
	policy := r.config.Policy(inc.Severity)
	if policy.PostMortem == config.NoPostMortem || policy.PostMortem == "" || r.postmortemOf(inc.ID) != nil || inc.Kind != incident.KindIncident {
		return
	}
	due := draft.MeetingBy(&inc, r.config.Location())
	g.talk("A post-mortem is %s for %s: sitrep postmortem %s; it and its meeting are due by %s.", policy.PostMortem, inc.Severity, harmless.Line(inc.ID), dayText(due))
}

// dayText is a day as people say it: "Thu 21 Aug 2025".
func dayText(d calendar.Date) string {
	return d.Weekday().String()[:3] + " " + strings.TrimLeft(d.String()[8:], "0") + " " + d.Month.String()[:3] + " " + d.String()[:4]
}
