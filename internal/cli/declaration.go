package cli

import (
	"slices"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/draft"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// declaration checks what was said and puts it together.
func (o *declareOptions) declaration(r *records) (draft.Declaration, error) {
	now, err := o.clock()
	if err != nil {
		return draft.Declaration{}, err
	}
	d := draft.Declaration{Title: strings.Join(strings.Fields(o.title), " "), Now: now.Truncate(time.Minute), Services: unique(o.services), Summary: strings.Join(strings.Fields(o.summary), " ")}
	if d.Title == "" {
		return d, usageError("no title, want what fails, as users see it: sitrep declare \"API requests fail\" --severity SEV-1")
	}
	if d.Severity, err = o.severityOf(r); err != nil {
		return d, err
	}
	if d.Roles, err = o.roles(); err != nil {
		return d, err
	}
	if d.By = incident.Detection(o.detectedBy); o.detectedBy != "" && !slices.Contains(incident.Detections, d.By) {
		return d, usageError("unknown --detected-by %q, want alert, customer or staff", o.detectedBy)
	}
	if err := o.times(r, &d, now); err != nil {
		return d, err
	}
	if err := checkServices(r, d.Services); err != nil {
		return d, err
	}
	if d.Impact = o.userImpact; !o.impactSaid {
		d.Impact = r.config.Policy(d.Severity).StatusPage
	}
	d.ID = r.newID(d)
	return d, nil
}

func (o *declareOptions) severityOf(r *records) (incident.Severity, error) {
	levels := r.config.Levels()
	names := make([]string, len(levels))
	for i, l := range levels {
		names[i] = l.String()
	}
	s, ok := incident.ParseSeverity(strings.ToUpper(o.severity))
	if !ok || !slices.Contains(levels, s) {
		if o.severity == "" {
			return 0, usageError("no severity, want --severity %s", strings.Join(names, ", "))
		}
		return 0, usageError("unknown severity %q, want %s", o.severity, strings.Join(names, ", "))
	}
	return s, nil
}

func (o *declareOptions) roles() (incident.Roles, error) {
	var roles incident.Roles
	for flag, into := range map[string]*string{"commander": &roles.Commander, "communications": &roles.Communications} {
		text := map[string]string{"commander": o.commander, "communications": o.communications}[flag]
		if text == "" {
			continue
		}
		var ok bool
		if *into, ok = parse.Login("@" + strings.TrimPrefix(text, "@")); !ok {
			return roles, usageError("--%s %q is not a login, want one such as octo-ic", flag, text)
		}
	}
	for _, e := range unique(o.experts) {
		login, ok := parse.Login("@" + strings.TrimPrefix(e, "@"))
		if !ok {
			return roles, usageError("--expert %q is not a login, want one such as octo-db", e)
		}
		roles.Experts = append(roles.Experts, login)
	}
	return roles, nil
}

// times reads the stamps; one that is not given is now, or not known.
func (o *declareOptions) times(r *records, d *draft.Declaration, now time.Time) (err error) {
	c := clocks{r.config.Location(), now, now}
	if d.Detected, err = c.moment("detected", o.detected); err != nil {
		return err
	}
	if o.started == "" {
		return nil
	}
	if d.Started, err = c.moment("started", o.started); err != nil {
		return err
	}
	if d.Started.After(d.Detected) {
		return usageError("--started %s is after detected, %s, want it before", d.Started.Format(time.RFC3339), d.Detected.Format(time.RFC3339))
	}
	return nil
}

// checkServices refuses services that the config does not list: two spellings of one would be two in every figure.
func checkServices(r *records, services []string) error {
	if len(r.config.Services) == 0 {
		return nil
	}
	known := make([]string, len(r.config.Services))
	for i, s := range r.config.Services {
		known[i] = s.ID
	}
	for _, s := range services {
		if !slices.Contains(known, s) {
			return usageError("unknown service %q, want %s", s, strings.Join(known, ", "))
		}
	}
	return nil
}

// newID makes an id that no record has, from the day on which it began.
func (r *records) newID(d draft.Declaration) string {
	day := d.Detected
	if !d.Started.IsZero() {
		day = d.Started
	}
	return draft.ID(calendar.DateOf(day.In(r.config.Location())), d.Title, r.taken)
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
