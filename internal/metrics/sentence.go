package metrics

import (
	"fmt"
	"strings"
)

// skewed is how many times the median the mean must be before the sentence says that a few long incidents carry it.
const skewed = 1.5

// sentence says in plain English what the data can and cannot show. It speaks about the gravest severity that has a target and
// incidents, else about all incidents.
func sentence(r Report) string {
	g, name, target := r.Overall, "", 0.0
	for _, v := range r.Verdicts {
		if v.Incidents > 0 {
			g, name, target = r.BySeverity[v.Severity.String()], v.Severity.String(), v.TargetMinutes
			break
		}
	}
	said := subject(r.Overall.Incidents, g.Incidents, name) + ": " + finding(g, target)
	if n := r.Overall.Ongoing; n > 0 {
		said += fmt.Sprintf("; %d ongoing %s in no figure", n, plural(n, "is", "are"))
	}
	return said
}

func subject(all, n int, name string) string {
	incidents := plural(all, "incident", "incidents")
	switch {
	case all == 0:
		return "no closed incident"
	case name == "":
		return fmt.Sprintf("%d %s", all, incidents)
	case all == n:
		return fmt.Sprintf("%d %s, all %s", all, incidents, name)
	}
	return fmt.Sprintf("%d %s, %d of them %s", all, incidents, n, name)
}

func finding(g Group, target float64) string {
	switch {
	case g.Incidents == 0:
		return "the records say nothing about repair times"
	case g.Incidents < smallestForInterval:
		return "too few to say more than the values themselves (" + list(g.Values) + ")"
	}
	mean, median := *g.MTTRMinutes, *g.MedianMinutes
	lo, hi := g.MedianCI95[0], g.MedianCI95[1]
	s := fmt.Sprintf("mean %s against a median of %s", FormatMinutes(mean), FormatMinutes(median))
	if mean > skewed*median {
		s += ", a few long ones carry the mean"
	}
	s += fmt.Sprintf("; the median lies between %s and %s with 95%% confidence", FormatMinutes(lo), FormatMinutes(hi))
	return s + againstTarget(lo, hi, target)
}

// againstTarget says which side of the target the typical incident is on, where the interval can tell.
func againstTarget(lo, hi, target float64) string {
	switch {
	case target == 0:
		return ""
	case hi < target:
		return fmt.Sprintf(", so a typical one stays under %s", FormatTarget(target))
	case lo >= target:
		return fmt.Sprintf(", so a typical one does not stay under %s", FormatTarget(target))
	}
	return fmt.Sprintf(", so the data cannot tell whether a typical one stays under %s", FormatTarget(target))
}

func list(values []float64) string {
	var texts []string
	for _, v := range values {
		texts = append(texts, FormatMinutes(v))
	}
	return strings.Join(texts, ", ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
