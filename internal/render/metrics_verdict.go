package render

import (
	"fmt"

	"github.com/syncwell/sitrep/internal/metrics"
)

// verdict is the headline: MTTR against the target, and the other answer where the definition of downtime decides.
func (p *metricsPage) verdict(v metrics.Verdict, g metrics.Group) {
	target := "target under " + metrics.FormatTarget(v.TargetMinutes)
	if v.Met == nil {
		p.line("%s: no closed incident, %s: no verdict", v.Severity, target)
		return
	}
	p.line("%s MTTR %s, %s: %s (n = %d)", v.Severity, metrics.FormatMinutes(*v.MTTRMinutes), target, p.metText(*v.Met, "MISSED"), v.Incidents)
	if t := g.Target; t != nil && t.CI95 != nil {
		p.note(fmt.Sprintf("%d of %d within target: %.0f%%, 95%% interval %.0f%% to %.0f%%", t.Met, t.Of, *t.Share*100, t.CI95[0]*100, t.CI95[1]*100), dim)
	}
	if v.Turns() {
		p.line("  with downtime_ends: %s it would be %s: %s (n = %d)",
			v.Other.DowntimeEnds, metrics.FormatMinutes(*v.Other.MTTRMinutes), p.metText(*v.Other.Met, "missed"), v.Other.Incidents)
	}
}

func (p *metricsPage) metText(met bool, missed string) string {
	if met {
		return p.style.paint(green, "met")
	}
	return p.style.paint(red, missed)
}

// targetText is "7 of 12"; absent where no incident has a target.
func targetText(t *metrics.Target) string {
	if t == nil || t.Of == 0 {
		return absent
	}
	return fmt.Sprintf("%d of %d", t.Met, t.Of)
}
