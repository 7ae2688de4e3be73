package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/draft"
	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/yamltree"
)

func newSet(g *globals) *cobra.Command {
	postmortem := false
	cmd := &cobra.Command{
		Use:   "set [ID] KEY=VALUE...",
		Short: "Change what an incident's front matter says",
		Long: "Change what an incident's front matter says; the rest of the file stays as it is. Lists are given with commas\n" +
			"(services=api,sync), people with or without @. KEY= empties a key. A time is a clock time in the incident's zone, on the day on\n" +
			"which it was last shown, or a time with its offset.\n\n" +
			"What would make the record worse is refused with the reason. --postmortem changes the incident's post-mortem instead.",
		Example:           "  sitrep set api-outage severity=SEV-2 services=api,sync\n  sitrep set started=13:02 commander=octo-ic\n  sitrep set --postmortem api-outage status=in_review",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: g.completeSet,
		RunE:              func(cmd *cobra.Command, args []string) error { return runSet(cmd.Context(), g, args, postmortem) },
	}
	cmd.Flags().BoolVar(&postmortem, "postmortem", false, "change the incident's post-mortem")
	return cmd
}

// Keys by the form of their value.
var (
	listKeys  = []string{"services", "subject_matter_experts", "contributing_factors", "tags", "formerly", "attendees"}
	loginKeys = []string{"incident_commander", "communications_lead", "subject_matter_experts", "owner", "attendees"}
	stampKeys = []string{"started", "detected", "diagnosed", "mitigated", "resolved", "meeting", "published"}
	handKeys  = []string{"impact", "links", "waivers"} // mappings: changed by hand
)

// shortKeys are what people say.
var shortKeys = map[string]string{
	"commander": "incident_commander", "ic": "incident_commander", "communications": "communications_lead", "experts": "subject_matter_experts",
}

func runSet(ctx context.Context, g *globals, args []string, postmortem bool) error {
	if err := g.wantFormat("text"); err != nil {
		return err
	}
	r, err := g.openToChange(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	part := ""
	if !strings.Contains(args[0], "=") {
		part, args = args[0], args[1:]
	}
	if len(args) == 0 {
		return usageError("nothing to set, want KEY=VALUE, such as severity=SEV-2")
	}
	rec, err := r.find(part)
	if err != nil {
		return err
	}
	about := rec
	if postmortem {
		if rec = r.postmortemOf(rec.ID); rec == nil {
			return usageError("%s has no post-mortem; sitrep postmortem %[1]s writes it", harmless.Line(about.ID))
		}
	}
	c, err := g.clocksOf(r, about.Incident)
	if err != nil {
		return err
	}
	s := setter{c}
	return g.editFile(ctx, r, rec, func(f edit.File) (edited, error) {
		out, err := s.apply(f, args)
		if err == nil && rec == about {
			g.warnOfDays(r, rec, f.Path, out.source)
		}
		return out, err
	})
}

// warnOfDays tells where the clock times of a post-mortem are read from another day now: it begins with its incident's.
func (g *globals) warnOfDays(r *records, rec *parse.Record, name string, src []byte) {
	pm := r.postmortemOf(rec.ID)
	if pm == nil || len(pm.Timeline) == 0 || !pm.Timeline[0].Date.IsZero() {
		return
	}
	after := parse.Parse(name, parse.IncidentRecord, src, &r.config).Incident
	loc := r.config.Location()
	if was, now := draft.StartDay(rec.Incident, parse.ZoneOf(rec.Incident, loc)), draft.StartDay(after, parse.ZoneOf(after, loc)); was != now {
		g.talk("sitrep: the timeline of %s is read from %s now, was %s: write the date on its first entry", harmless.Line(pm.Path), now, was)
	}
}

// setter turns KEY=VALUE into edits.
type setter struct{ clocks }

func (s setter) apply(f edit.File, args []string) (out edited, err error) {
	for _, arg := range args {
		key, text, ok := strings.Cut(arg, "=")
		if !ok {
			return out, usageError("%q is no KEY=VALUE, want one such as severity=SEV-2", arg)
		}
		if long := shortKeys[key]; long != "" {
			key = long
		}
		value, err := s.value(f.Kind, key, text)
		if err != nil {
			return out, err
		}
		was := fieldText(f, key)
		if f.Source, err = edit.SetField(f, key, value); err != nil {
			return out, editError(err)
		}
		out.said = append(out.said, fmt.Sprintf("%s: %s, was %s", key, orNothing(fieldText(f, key)), orNothing(was)))
	}
	out.source = f.Source
	return out, nil
}

func (s setter) value(kind parse.Kind, key, text string) (edit.Value, error) {
	keys := edit.Keys(kind)
	switch {
	case !slices.Contains(keys, key):
		hint := "want one of " + strings.Join(keys, ", ")
		if near := diag.Nearest(key, keys); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return edit.Value{}, usageError("unknown key %q of %s, %s", key, map[parse.Kind]string{parse.IncidentRecord: "an incident", parse.PostmortemRecord: "a post-mortem"}[kind], hint)
	case slices.Contains(handKeys, key):
		return edit.Value{}, usageError("%q is more than one value, want it changed in the file", key)
	case text != "" && slices.Contains(stampKeys, key):
		return s.stamp(key, text)
	}
	items := []string{text}
	if slices.Contains(listKeys, key) {
		items = splitList(text)
	}
	if slices.Contains(loginKeys, key) {
		for i := range items {
			if items[i] != "" {
				items[i] = "@" + strings.TrimPrefix(items[i], "@")
			}
		}
	}
	if slices.Contains(listKeys, key) {
		return edit.List(items...), nil
	}
	return edit.Text(items[0]), nil
}

func (s setter) stamp(key, text string) (edit.Value, error) {
	if key == "meeting" { // may lie ahead
		t, err := calendar.ParseStamp(text)
		if err != nil {
			return edit.Value{}, usageError("meeting %w, want a time such as 2025-08-20T15:00:00Z", err)
		}
		return edit.Text(t.Format(time.RFC3339)), nil
	}
	t, err := s.moment(key, text)
	if err != nil {
		return edit.Value{}, err
	}
	return edit.Text(t.Format(time.RFC3339)), nil
}

func splitList(text string) []string {
	var out []string
	for _, s := range strings.Split(text, ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// fieldText is what a key says now, on one line.
func fieldText(f edit.File, key string) string {
	v := parse.Parse(f.Path, f.Kind, f.Source, f.Config).Meta.Get(key)
	if v == nil {
		return ""
	}
	if v.Value.Kind != yamltree.List {
		return v.Value.Text
	}
	items := make([]string, len(v.Value.Items))
	for i, item := range v.Value.Items {
		items[i] = item.Text
	}
	return strings.Join(items, ", ")
}
