package cli

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/draft"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/templates"
)

type declareOptions struct {
	*globals
	title          string
	severity       string
	services       []string
	commander      string
	communications string
	experts        []string
	started        string
	detected       string
	detectedBy     string
	summary        string
	userImpact     bool
	impactSaid     bool // --user-impact is given
	noAsking       bool
	publish        publishOptions
}

func newDeclare(g *globals) *cobra.Command {
	o := &declareOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "declare [TITLE]",
		Short: "Declare an incident: write its file",
		Long: "Declare an incident: write its file, with its id from the date and the title. No network and no token are needed; --push and\n" +
			"--pr bring the file to the others as well. Shows the past incidents most like this one, with their post-mortems.\n\n" +
			"On a terminal it asks for what is missing and matters; in scripts the flags say everything. The TITLE says what fails, as\n" +
			"users see it.",
		Example: "  sitrep declare \"API requests fail\" --severity SEV-1 --service api --commander octo-ic\n" +
			"  sitrep declare \"Sync is slow\" --severity SEV-3 --started 12:40 --detected 13:05 --detected-by customer --push",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.title = args[0]
			}
			o.impactSaid = cmd.Flags().Changed("user-impact")
			return runDeclare(cmd.Context(), o)
		},
	}
	o.roleFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.started, "started", "", "when the impact began: 12:40 or 2025-08-18T12:40:00Z (default: not known yet)")
	f.StringVar(&o.detected, "detected", "", "when somebody or something noticed (default: now)")
	f.StringVar(&o.detectedBy, "detected-by", "", "who noticed: alert, customer or staff")
	f.StringVar(&o.summary, "summary", "", "what is known, in a sentence or two")
	f.BoolVar(&o.userImpact, "user-impact", false, "users see it: the status page applies (default: as the severity has a status page)")
	f.BoolVar(&o.noAsking, "no-input", false, "never ask")
	o.publish.flags(cmd)
	_ = cmd.RegisterFlagCompletionFunc("detected-by", cobra.FixedCompletions([]string{"alert", "customer", "staff"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// roleFlags are those that declare and gameday share.
func (o *declareOptions) roleFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.severity, "severity", "", "how grave it is, such as SEV-1")
	f.StringSliceVar(&o.services, "service", nil, "what is hit; may be given more than once")
	f.StringVar(&o.commander, "commander", "", "login of the Incident Commander")
	f.StringVar(&o.communications, "communications", "", "login of the Communications Lead")
	f.StringSliceVar(&o.experts, "expert", nil, "login of a Subject Matter Expert; may be given more than once")
	o.completeFlags(cmd)
}

func runDeclare(ctx context.Context, o *declareOptions) error {
	if err := o.wantFormat("text"); err != nil {
		return err
	}
	if err := o.publish.check(); err != nil {
		return err
	}
	var causes causes
	r, err := o.openRecords(ctx, causes.visit)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := o.ask(ctx, r); err != nil {
		return err
	}
	d, err := o.declaration(r)
	if err != nil {
		return err
	}
	name, out, err := o.create(r, "incident.md", d)
	if err != nil {
		return err
	}
	o.adviseDeclared(r, d)
	o.showSimilar(r, d, &causes)
	return o.publish.run(ctx, o.globals, r, publication{path: name, id: d.ID, title: d.Severity.String() + ": " + d.Title, content: out})
}

// create writes a new record from a template and prints where it is.
func (o *declareOptions) create(r *records, template string, d draft.Declaration) (name string, content []byte, err error) {
	text, err := r.template(template)
	if err != nil {
		return "", nil, err
	}
	if content, err = draft.Incident(text, d, &r.config); err != nil {
		return "", nil, editError(err)
	}
	name = parse.Folders[parse.IncidentRecord] + "/" + d.ID + ".md"
	if err := createFile(r.root, name, content); err != nil {
		return "", nil, writeError(name, err)
	}
	fmt.Fprintln(o.env.Stdout, name)
	return name, content, nil
}

// template is the repository's own, else the one that comes with the tool.
func (r *records) template(name string) ([]byte, error) {
	own, err := fs.ReadFile(r.root.FS(), "templates/"+name)
	if err == nil {
		return own, nil
	}
	if holds(r.dir, "templates/"+name) {
		return nil, repositoryError(fmt.Errorf("read templates/%s: %w", name, err))
	}
	return fs.ReadFile(templates.FS, name)
}

// adviseDeclared tells what comes next.
func (o *declareOptions) adviseDeclared(r *records, d draft.Declaration) {
	policy := r.config.Policy(d.Severity)
	say := func(format string, args ...any) { o.talk("  "+format, args...) }
	o.talk("Declared %s %s.", d.Severity, harmless.Line(d.ID))
	if policy.WarRoom {
		say("war room      %s, and a video bridge", incident.WarRoom(d.ID))
	}
	if policy.Page {
		say("page          on-call, and tell leadership%s", leaders(r.config))
	}
	if d.Roles.Commander == "" {
		say("commander     nobody yet: sitrep set %s commander=LOGIN", d.ID)
	}
	if policy.CommsLead && d.Roles.Communications == "" {
		say("communication nobody yet: sitrep set %s communications=LOGIN", d.ID)
	}
	if len(d.Services) == 0 {
		say("services      none yet: sitrep set %s services=NAME,NAME", d.ID)
	}
	if policy.StatusPage && d.Impact {
		every := ""
		if policy.UpdateEvery > 0 {
			every = fmt.Sprintf(", and again every %d minutes", int(time.Duration(policy.UpdateEvery).Minutes()))
		}
		say("tell users    sitrep update %s \"We are investigating ...\"%s", d.ID, every)
	}
	say("note          sitrep log %s \"What happens\"", d.ID)
	say("close         sitrep resolve %s --mitigated TIME", d.ID)
}

func leaders(cfg config.Config) string {
	if len(cfg.Leadership) == 0 {
		return ""
	}
	return ": @" + strings.Join(cfg.Leadership, ", @")
}
