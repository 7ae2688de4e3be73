package metrics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/metrics"
)

func withTargets(targets map[string]time.Duration) config.Config {
	cfg := config.Default()
	for level, target := range targets {
		cfg.Severities[level] = config.Severity{MTTRTarget: config.Minutes(target)}
	}
	return cfg
}

func TestTargetIsStrict(t *testing.T) {
	for _, tt := range []struct {
		last time.Duration
		met  bool
	}{
		{time.Hour - time.Nanosecond, true},
		{time.Hour, false},
		{time.Hour + time.Nanosecond, false},
	} {
		inc := closed("x", "2025-03-01T12:00:00Z", 0)
		inc.Milestones[incident.Mitigated] = inc.Milestones[incident.Started].Add(tt.last)
		r := compute([]incident.Incident{inc}, metrics.Options{})
		if got := *r.Overall.Target.MTTRMet; got != tt.met || *r.Verdicts[0].Met != tt.met || (r.Overall.Target.Met == 1) != tt.met {
			t.Errorf("downtime %v against under 60 min: met = %v, want %v", tt.last, got, tt.met)
		}
	}
}

// TestVerdictTurns is the case of two incidents that are mitigated in time and closed late.
func TestVerdictTurns(t *testing.T) {
	a, b := closed("a", "2025-03-01T12:00:00Z", 20), closed("b", "2025-03-02T12:00:00Z", 26)
	a.Milestones[incident.Resolved] = at("2025-03-01T13:00:00Z")
	b.Milestones[incident.Resolved] = at("2025-03-02T13:16:00Z")
	v := compute([]incident.Incident{a, b}, metrics.Options{}).Verdicts[0]
	figure(t, "MTTR by mitigated", v.MTTRMinutes, 23)
	figure(t, "MTTR by resolved", v.Other.MTTRMinutes, 68)
	if !*v.Met || *v.Other.Met || !v.Turns() || v.Other.DowntimeEnds != incident.EndsResolved {
		t.Errorf("verdict %+v, want met, and missed by resolved", v)
	}
	cfg := config.Default()
	cfg.DowntimeEnds = config.DowntimeEnds(incident.EndsResolved)
	v = metrics.Compute(incident.History{Incidents: []incident.Incident{a, b}}, cfg, metrics.Options{Now: now}).Verdicts[0]
	if *v.Met || !*v.Other.Met || !v.Turns() || v.Other.DowntimeEnds != incident.EndsMitigated {
		t.Errorf("verdict with downtime_ends resolved %+v, want missed, and met by mitigated", v)
	}
	b.Milestones[incident.Resolved] = at("2025-03-02T12:30:00Z")
	if v := compute([]incident.Incident{a, b}, metrics.Options{}).Verdicts[0]; v.Turns() {
		t.Errorf("verdict %+v turns, want met either way (23 and 45 min)", v)
	}
	if v := compute(nil, metrics.Options{}).Verdicts[0]; v.Met != nil || v.Turns() {
		t.Errorf("verdict without incidents %+v, want none", v)
	}
}

func TestTargetsAcrossSeverities(t *testing.T) {
	one, two, three := closed("a", "2025-03-01T12:00:00Z", 50), closed("b", "2025-03-02T12:00:00Z", 100), closed("c", "2025-03-03T12:00:00Z", 900)
	two.Severity, three.Severity = 2, 3
	all := incident.History{Incidents: []incident.Incident{one, two, three}}
	for _, tt := range []struct {
		name    string
		targets map[string]time.Duration
		minutes float64
		met, of int
	}{
		{"SEV-1 alone has one", nil, 60, 1, 1},
		{"two differ", map[string]time.Duration{"SEV-2": 2 * time.Hour}, none, 2, 2},
		{"two are the same", map[string]time.Duration{"SEV-2": time.Hour}, 60, 1, 2},
		{"all three, the same", map[string]time.Duration{"SEV-2": time.Hour, "SEV-3": time.Hour}, 60, 1, 3},
	} {
		r := metrics.Compute(all, withTargets(tt.targets), metrics.Options{Now: now})
		g := r.Overall.Target
		figure(t, tt.name, g.Minutes, tt.minutes)
		if g.Met != tt.met || g.Of != tt.of {
			t.Errorf("%s: %d of %d, want %d of %d", tt.name, g.Met, g.Of, tt.met, tt.of)
		}
		if (g.MTTRMet != nil) != (tt.of == 3) {
			t.Errorf("%s: verdict on the mean %v, want one only where the target applies to every incident", tt.name, g.MTTRMet)
		}
		if len(r.Verdicts) != 1+len(tt.targets) || r.Verdicts[0].Severity != 1 {
			t.Errorf("%s: verdicts %+v, want one per target, SEV-1 first", tt.name, r.Verdicts)
		}
	}
	if g := compute([]incident.Incident{three}, metrics.Options{}).BySeverity["SEV-3"]; g.Target != nil {
		t.Errorf("SEV-3 without a target has %+v", *g.Target)
	}
}

func TestSentence(t *testing.T) {
	sev3 := closed("z", "2025-05-01T12:00:00Z", 90)
	sev3.Severity = 3
	open := closed("y", "2025-12-31T22:00:00Z", 0)
	open.Status, open.Milestones[incident.Mitigated] = incident.Investigating, time.Time{}
	for _, tt := range []struct {
		name      string
		incidents []incident.Incident
		want      string
	}{
		{"none", nil, "no closed incident: the records say nothing about repair times"},
		{"ongoing only", []incident.Incident{open}, "no closed incident: the records say nothing about repair times; 1 ongoing is in no figure"},
		{
			"few", lasting(23, 65), "2 incidents, all SEV-1: too few to say more than the values themselves (23 min, 1 h 05 min)",
		},
		{
			"no target", []incident.Incident{sev3}, "1 incident: too few to say more than the values themselves (1 h 30 min)",
		},
		{
			"under", append(lasting(10, 20, 30, 40, 50, 55), sev3),
			"7 incidents, 6 of them SEV-1: mean 34 min against a median of 35 min; the median lies between 10 min and 55 min with 95% confidence, so a typical one stays under 60 min",
		},
		{
			"the interval ends at the target", lasting(10, 20, 30, 40, 50, 60),
			"6 incidents, all SEV-1: mean 35 min against a median of 35 min; " +
				"the median lies between 10 min and 1 h 00 min with 95% confidence, so the data cannot tell whether a typical one stays under 60 min",
		},
		{
			"over and skewed", lasting(60, 70, 80, 90, 100, 1000),
			"6 incidents, all SEV-1: mean 3 h 53 min against a median of 1 h 25 min, a few long ones carry the mean; " +
				"the median lies between 1 h 00 min and 16 h 40 min with 95% confidence, so a typical one does not stay under 60 min",
		},
		{
			"undecided", lasting(10, 70, 80, 90, 100, 110),
			"6 incidents, all SEV-1: mean 1 h 16 min against a median of 1 h 25 min; " +
				"the median lies between 10 min and 1 h 50 min with 95% confidence, so the data cannot tell whether a typical one stays under 60 min",
		},
	} {
		if got := compute(tt.incidents, metrics.Options{}).Sentence; got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, strings.TrimSpace(got), tt.want)
		}
	}
}

func TestFormatTarget(t *testing.T) {
	for minutes, want := range map[float64]string{
		30: "30 min", 60: "60 min", 119: "119 min", 120: "2 h 00 min", 0.5: "30 s", 1500: "1 d 01 h",
	} {
		if got := metrics.FormatTarget(minutes); got != want {
			t.Errorf("FormatTarget(%v) = %q, want %q", minutes, got, want)
		}
	}
	if got := metrics.FormatMinutes(1e12); got != "694444444 d" {
		t.Errorf("FormatMinutes(1e12) = %q, want the days of a span longer than time.Duration", got)
	}
}
