// Package generate makes repositories of records for tests and benchmarks: any number of incidents with a post-mortem for
// every third, 2 to 8 KB each, the same bytes for the same number.
//
// It refuses to write files: it gives paths and texts. What it makes lints clean.
package generate

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"
)

// Files gives n incidents and n/3 post-mortems as path and text, in a fixed order.
func Files(n int) iter.Seq2[string, string] {
	return func(yield func(path, text string) bool) {
		rng := rand.New(rand.NewPCG(1, 2))
		start := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range n {
			start = start.Add(time.Duration(20+rng.IntN(600)) * time.Minute)
			r := newRecord(rng, i, start)
			if !yield(fmt.Sprintf("incidents/%d/%s.md", start.Year(), r.id), r.incident()) {
				return
			}
			if i%3 == 0 && i/3 < n/3 && !yield(fmt.Sprintf("postmortems/%d/%s.md", start.Year(), r.id), r.postmortem()) {
				return
			}
		}
	}
}

// record is one incident's facts.
type record struct {
	rng      *rand.Rand
	id       string
	severity int
	services []string
	stamps   [5]time.Time // started, detected, diagnosed, mitigated, resolved
	story    []string     // timeline entries
}

var (
	services = []string{"api", "web", "sync", "auth", "billing", "search", "mail", "cdn", "queue", "reports"}
	subjects = []string{"connection pool", "cache", "load balancer", "certificate", "database replica", "message queue", "deployment", "configuration", "rate limiter", "DNS record", "disk", "scheduler"}
	verbs    = []string{"runs full", "falls behind", "expires", "is exhausted", "answers late", "loses its leader", "restarts in a loop", "drops connections"}
	steps    = []string{
		"Traffic is moved to the second zone", "The change of the morning is named as a suspect", "Graphs show the error rate at 12%", "A rollback is prepared",
		"Logs of the edge show timeouts towards the backend", "The vendor confirms trouble in one zone", "The queue is drained by hand", "Half of the fleet has restarted",
	}
	prose = []string{
		"Requests waited for a free connection until they timed out, and clients tried again, which made the queue longer.",
		"The change had passed all tests, because the test environment holds a tenth of the data and none of the traffic.",
		"The dashboard showed the average, which stayed normal while the slowest tenth of the requests stood still.",
		"The runbook named a switch that no longer exists, so the first ten minutes went into finding the new one.",
		"Nothing was lost: writes were kept in the queue and arrived once the service was back.",
	}
)

func pick(rng *rand.Rand, from []string) string { return from[rng.IntN(len(from))] }

func newRecord(rng *rand.Rand, i int, start time.Time) *record {
	r := &record{rng: rng, severity: 1 + rng.IntN(3)}
	first := rng.IntN(len(services))
	r.services = []string{services[first]}
	if rng.IntN(3) == 0 {
		r.services = append(r.services, services[(first+1)%len(services)])
	}
	r.id = fmt.Sprintf("%s-%s-%d", start.Format(time.DateOnly), r.services[0], i)
	r.stamps[0] = start
	for m := 1; m < len(r.stamps); m++ {
		r.stamps[m] = r.stamps[m-1].Add(time.Duration(1+rng.IntN(40)) * time.Minute)
	}
	return r
}

func (r *record) incident() string {
	var b strings.Builder
	subject, verb := pick(r.rng, subjects), pick(r.rng, verbs)
	fmt.Fprintf(&b, "---\ntitle: The %s %s\nseverity: SEV-%d\nstatus: resolved\nservices: [%s]\n", subject, verb, r.severity, strings.Join(r.services, ", "))
	for i, key := range []string{"started", "detected", "diagnosed", "mitigated", "resolved"} {
		fmt.Fprintf(&b, "%s: %s\n", key, r.stamps[i].Format(time.RFC3339))
	}
	fmt.Fprintf(&b, "incident_commander: \"@octo-ic%d\"\ncommunications_lead: \"@octo-comms\"\nsubject_matter_experts: [\"@octo-db\", \"@octo-net\"]\nuser_impact: %v\ntags: [generated, %s]\n---\n\n",
		r.rng.IntN(9), r.severity < 3, r.services[0])
	fmt.Fprintf(&b, "## Summary\n\nThe %s of %s %s. %s\n\n%s %s\n\n", subject, r.services[0], verb, pick(r.rng, prose), pick(r.rng, prose), pick(r.rng, prose))
	r.updates(&b)
	b.WriteString("## Timeline\n\n")
	r.story = r.timeline(subject, verb)
	for _, e := range r.story {
		b.WriteString("- " + e + "\n")
	}
	return b.String()
}

func (r *record) updates(b *strings.Builder) {
	b.WriteString("## Status Updates\n\n")
	for i, status := range []string{"Investigating", "Identified", "Monitoring", "Resolved"} {
		fmt.Fprintf(b, "- %s - %s - %s\n", r.stamps[i+1].Format("2006-01-02 15:04"), status, pick(r.rng, prose))
	}
	b.WriteString("\n")
}

func (r *record) timeline(subject, verb string) []string {
	stamp := func(t time.Time) string { return t.Format("2006-01-02 15:04") }
	entries := []string{
		stamp(r.stamps[0]) + " - The " + subject + " " + verb + ".",
		stamp(r.stamps[1]) + " - PagerDuty alert fires for \"High 5XX Error Rate\".",
	}
	for range 3 + r.rng.IntN(8) {
		entries = append(entries, stamp(r.stamps[1])+" - "+pick(r.rng, steps)+"; see [the dashboard](https://example.com/d/"+r.id+") and `kubectl get pods`.")
	}
	return append(entries,
		stamp(r.stamps[2])+" - The cause is found: the **"+subject+"** "+verb+".",
		stamp(r.stamps[3])+" - Error rates return to normal.",
		stamp(r.stamps[4])+" - Incident resolved.")
}

func (r *record) postmortem() string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nincident: %s\nstatus: published\nowner: \"@octo-ic1\"\nmeeting: %s\nattendees: [\"@octo-ic1\", \"@octo-db\", \"@octo-net\"]\n---\n\n", r.id, r.stamps[4].Add(24*time.Hour).Format(time.RFC3339))
	fmt.Fprintf(&b, "## Executive Summary\n\n%s\n\n%s %s\n\n## Timeline\n\n", pick(r.rng, prose), pick(r.rng, prose), pick(r.rng, prose))
	for _, e := range r.story {
		b.WriteString("- " + e + "\n")
	}
	fmt.Fprintf(&b, "\n## Root Cause Analysis\n\n%s %s\n\n```\nERROR pool timeout after 30s\n## not a heading\n```\n\n%s\n\n### 5 Whys\n\n", pick(r.rng, prose), pick(r.rng, prose), pick(r.rng, prose))
	for i := range 5 {
		fmt.Fprintf(&b, "%d. Why did step %d happen? %s\n", i+1, i, pick(r.rng, prose))
	}
	b.WriteString("\n## Action Items\n\n| ID | Action | Owner | Due | Priority | Type | Status |\n|----|--------|-------|-----|----------|------|--------|\n")
	for i := range 1 + r.rng.IntN(5) {
		fmt.Fprintf(&b, "| AI-%d | Alert when the %s %s | @octo-db | %s | %s | %s | open |\n", i+1, pick(r.rng, subjects), pick(r.rng, verbs),
			r.stamps[4].AddDate(0, 0, 7+r.rng.IntN(60)).Format(time.DateOnly), pick(r.rng, []string{"high", "medium", "low"}), pick(r.rng, []string{"prevent", "detect", "mitigate", "process"}))
	}
	fmt.Fprintf(&b, "\n## Lessons Learned\n\n- %s\n- %s\n", pick(r.rng, prose), pick(r.rng, prose))
	return b.String()
}
