package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/lint"
	"github.com/syncwell/sitrep/internal/parse"
)

// Completion proposes what is in the repository; where that cannot be read it proposes nothing, silently.

// completion is a candidate with what a shell shows beside it.
func completion(word, about string) string { return word + "\t" + harmless.Line(about) }

// completeIncidents proposes ids for the first argument.
func (g *globals) completeIncidents(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	return g.completeIDs(cmd.Context(), args, typed, func(*incident.Incident) bool { return true })
}

// completeOpen proposes ids of open incidents.
func (g *globals) completeOpen(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	return g.completeIDs(cmd.Context(), args, typed, func(i *incident.Incident) bool { return i.Status != incident.StatusOver })
}

func (g *globals) completeIDs(ctx context.Context, args []string, typed string, want func(*incident.Incident) bool) ([]string, cobra.ShellCompDirective) {
	var out []string
	if len(args) == 0 {
		for _, inc := range g.completionIncidents(ctx) {
			if want(&inc) && strings.Contains(inc.ID, typed) {
				out = append(out, completion(inc.ID, inc.Title))
			}
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

func (g *globals) completionIncidents(ctx context.Context) []incident.Incident {
	if ctx == nil {
		ctx = context.Background()
	}
	repo, err := g.open()
	if err != nil {
		return nil
	}
	defer repo.Close()
	tree, err := parse.Read(ctx, repo.FS(), parse.Options{Config: repo.config})
	if err != nil {
		return nil
	}
	return tree.History().Incidents
}

// completeServices proposes the services of the config, else those that records name. A list goes on behind a comma.
func (g *globals) completeServices(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	repo, err := g.open()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer repo.Close()
	names := map[string]string{}
	for _, s := range repo.config.Services {
		names[s.ID] = s.Name
	}
	if len(names) == 0 {
		for _, inc := range g.completionIncidents(cmd.Context()) {
			for _, s := range inc.Services {
				names[s] = ""
			}
		}
	}
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	var out []string
	for name, about := range names {
		out = append(out, completion(before+name, about))
	}
	return sorted(out), cobra.ShellCompDirectiveNoFileComp
}

// completeSeverities proposes the severities that the repository allows.
func (g *globals) completeSeverities(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	repo, err := g.open()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer repo.Close()
	var out []string
	for _, s := range repo.config.Levels() {
		out = append(out, completion(s.String(), repo.config.Policy(s).Name))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeRules proposes the rules of lint.
func completeRules(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, r := range lint.Rules() {
		out = append(out, completion(r.Name, r.Family))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeSet proposes an id, then keys.
func (g *globals) completeSet(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	var out []string
	if len(args) == 0 {
		out, _ = g.completeIncidents(cmd, args, typed)
	}
	kind := parse.IncidentRecord
	if on, _ := cmd.Flags().GetBool("postmortem"); on {
		kind = parse.PostmortemRecord
	}
	for _, k := range edit.Keys(kind) {
		out = append(out, k+"=")
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeFlags gives the flags of a command that take a severity or a service their proposals.
func (g *globals) completeFlags(commands ...*cobra.Command) {
	for _, c := range commands {
		for flag, f := range map[string]cobra.CompletionFunc{"severity": g.completeSeverities, "service": g.completeServices} {
			if c.Flags().Lookup(flag) != nil {
				_ = c.RegisterFlagCompletionFunc(flag, f)
			}
		}
	}
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}
