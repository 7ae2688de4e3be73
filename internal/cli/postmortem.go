package cli

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/draft"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

func newPostmortem(g *globals) *cobra.Command {
	var publish publishOptions
	cmd := &cobra.Command{
		Use:   "postmortem [ID]",
		Short: "Write an incident's post-mortem, filled in as far as the incident knows",
		Long: "Write an incident's post-mortem: the five sections, the timeline carried over, the Incident Commander as owner, the people of\n" +
			"the incident as attendees, a skeleton of the 5 Whys and the table of action items. Says by when the document and its meeting\n" +
			"are due. What is left to be told is in italics; sitrep lint finds each of these lines until it is filled in.\n\n" +
			"The repository's own templates/postmortem.md is used where there is one.",
		Example:           "  sitrep postmortem api-outage",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: g.completeIncidents,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runPostmortem(cmd.Context(), g, strings.Join(args, ""), &publish)
		},
	}
	publish.flags(cmd)
	return cmd
}

func runPostmortem(ctx context.Context, g *globals, part string, publish *publishOptions) error {
	if err := g.wantFormat("text"); err != nil {
		return err
	}
	if err := publish.check(); err != nil {
		return err
	}
	r, err := g.openRecords(ctx, nil)
	if err != nil {
		return err
	}
	defer r.Close()
	rec, err := r.findForPostmortem(part)
	if err != nil {
		return err
	}
	if pm := r.postmortemOf(rec.ID); pm != nil {
		return usageError("%s has a post-mortem already: %s", harmless.Line(rec.ID), harmless.Line(pm.Path))
	}
	text, err := r.template("postmortem.md")
	if err != nil {
		return err
	}
	out, err := draft.Postmortem(text, rec.Incident, &r.config)
	if err != nil {
		return editError(err)
	}
	name := parse.Folders[parse.PostmortemRecord] + strings.TrimPrefix(path.Dir(rec.Path), parse.Folders[parse.IncidentRecord]) + "/" + rec.ID + ".md"
	if err := createFile(r.root, name, out); err != nil {
		return writeError(name, err)
	}
	fmt.Fprintln(g.env.Stdout, harmless.Line(name))
	g.advisePostmortem(r, rec.Incident, name)
	return publish.run(ctx, g, r, publication{path: name, id: "postmortem-" + rec.ID, title: "Post-mortem of " + rec.ID, content: out})
}

// findForPostmortem is find; without an id, the one incident that is over, owes a post-mortem and has none.
func (r *records) findForPostmortem(part string) (*parse.Record, error) {
	if part != "" {
		return r.find(part)
	}
	var owing []*parse.Record
	for i := range r.tree.Records {
		rec := &r.tree.Records[i]
		if rec.Broken || rec.Incident == nil || rec.Incident.Status != incident.StatusOver || rec.Incident.Kind != incident.KindIncident {
			continue
		}
		if r.config.Policy(rec.Incident.Severity).PostMortem == config.Required && r.postmortemOf(rec.ID) == nil {
			owing = append(owing, rec)
		}
	}
	switch len(owing) {
	case 1:
		return owing[0], nil
	case 0:
		return nil, usageError("no closed incident owes a post-mortem, want the id of the one that is meant")
	}
	return nil, usageError("%d incidents owe a post-mortem, want the id of the one that is meant: %s", len(owing), someIDs(owing))
}

func (g *globals) advisePostmortem(r *records, inc *incident.Incident, name string) {
	id := harmless.Line(inc.ID)
	due := draft.MeetingBy(inc, r.config.Location())
	if due.IsZero() {
		g.talk("The incident is still open: the deadline of %d business days begins once it is resolved.", config.PostmortemDays)
	} else {
		g.talk("The document and its meeting are due by %s, %d business days after the incident was resolved.", dayText(due), config.PostmortemDays)
		g.talk("  meeting   sitrep set --postmortem %s meeting=%sT15:00:00Z", id, due)
	}
	if inc.Roles.Commander == "" {
		g.talk("  owner     nobody yet: sitrep set --postmortem %s owner=LOGIN", id)
	}
	g.talk("  fill in   what stands in italics; sitrep lint %s finds it", harmless.Line(name))
}
