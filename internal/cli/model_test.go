package cli_test

import (
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/incident"
)

// insert keeps a model's list in the order of time, what is new behind what is of the same time.
func insert(list []line, l line) []line {
	at := slices.IndexFunc(list, func(x line) bool { return x.At.After(l.At) })
	if at < 0 {
		at = len(list)
	}
	return slices.Insert(list, at, l)
}

var texts = []string{
	"Rollback started.", "A | B: `kubectl get pods` \\| wc", "\"Quotes\" & <b>tags</b>", "Über 12:30 - nothing", "- a dash", "# no heading", "* star", "[x] box", "Identified - by whom?",
	"1. one", "  blanks  around  ", "see [it](https://example.com/a_(b))", "@octo-ic #12", "---",
}

// written is a text as an entry says it: a status in front is told apart.
func written(text string) line {
	text = strings.Join(strings.Fields(text), " ")
	if rest, ok := strings.CutPrefix(text, "Identified - "); ok {
		return line{Status: incident.Identified, Text: rest}
	}
	return line{Text: text}
}

var order = []incident.Status{incident.Investigating, incident.Identified, incident.Monitoring, incident.StatusOver}

// ordered tells whether the stamps are in order.
func ordered(m incident.Milestones) bool {
	for _, p := range m.Phases() {
		if p.Duration() < 0 {
			return false
		}
	}
	return true
}

func (w *world) at(t *rapid.T) time.Time {
	return w.start.Add(time.Duration(rapid.IntRange(-1600, 3000).Draw(t, "minutes")) * time.Minute)
}

func (w *world) inRange(at time.Time, m incident.Milestones) bool {
	return w.start.Sub(at) <= 24*time.Hour && (m[incident.Resolved].IsZero() || at.Sub(m[incident.Resolved]) < time.Minute)
}

// log, update, resolve and set draw a command and change the model as it should; ok tells whether the command is to be carried out.

func (w *world) log(t *rapid.T) (args []string, ok bool) {
	at, text := w.at(t), rapid.SampledFrom(texts).Draw(t, "text")
	args = []string{"log", "--at", at.Format(time.RFC3339), "--", w.part(), text}
	if !w.inRange(at, w.stamps) {
		return args, false
	}
	l := written(text)
	l.At = at
	w.timeline = insert(w.timeline, l)
	return args, true
}

func (w *world) update(t *rapid.T) (args []string, ok bool) {
	at, to := w.at(t), rapid.SampledFrom(order[:3]).Draw(t, "status")
	args = []string{"update", "--status", string(to), "--at", at.Format(time.RFC3339), w.part(), "Still looking."}
	last, next := incident.Status(""), incident.Status("")
	for _, u := range w.updates {
		if !u.At.After(at) {
			last = u.Status
		} else if next == "" {
			next = u.Status
		}
	}
	if next != "" {
		if to.Order() < last.Order() || to.Order() > next.Order() {
			return args, false
		}
	} else {
		if w.status == incident.StatusOver || to.Order() < w.status.Order() || to != w.status && !w.move(to, at, nil) {
			return args, false
		}
	}
	w.updates = insert(w.updates, line{at, to, "Still looking."})
	return args, true
}

// move moves a model's status, with the stamp that goes with it and its entry; more are stamps said beside.
func (w *world) move(to incident.Status, at time.Time, more map[incident.Milestone]time.Time) bool {
	m := w.stamps
	var fresh []incident.Milestone
	for ms, t := range more {
		m[ms] = t
		fresh = append(fresh, ms)
	}
	stamp := map[incident.Status]incident.Milestone{incident.Identified: incident.Diagnosed, incident.Monitoring: incident.Mitigated, incident.StatusOver: incident.Resolved}
	if ms, ok := stamp[to]; ok && m[ms].IsZero() {
		m[ms] = at
		fresh = append(fresh, ms)
	}
	if !ordered(m) {
		return false
	}
	for _, e := range w.timeline {
		if !w.inRange(e.At, m) {
			return false
		}
	}
	w.stamps, w.status = m, to
	said := map[incident.Milestone]string{incident.Diagnosed: "Cause identified.", incident.Mitigated: "Impact mitigated, monitoring.", incident.Resolved: "Incident resolved."}
	for _, ms := range fresh {
		if !slices.ContainsFunc(w.timeline, func(l line) bool {
			return l.At.Truncate(time.Minute).Equal(m[ms]) && (ms != incident.Resolved || strings.Contains(l.Text, "resolved"))
		}) {
			w.timeline = insert(w.timeline, line{m[ms], "", said[ms]})
		}
	}
	return true
}

func (w *world) resolve(t *rapid.T) (args []string, ok bool) {
	at := w.at(t)
	if rapid.Bool().Draw(t, "at the end") {
		for _, l := range slices.Concat(w.timeline, w.updates) {
			if l.At.After(at) {
				at = l.At
			}
		}
	}
	args = []string{"resolve", w.part(), "--at", at.Format(time.RFC3339)}
	more := map[incident.Milestone]time.Time{}
	if rapid.Bool().Draw(t, "mitigated") {
		m := w.at(t)
		args = append(args, "--mitigated", m.Format(time.RFC3339))
		if was := w.stamps[incident.Mitigated]; !was.IsZero() && !was.Equal(m) {
			return args, false
		}
		more[incident.Mitigated] = m
	}
	told := len(w.updates) > 0
	if w.status == incident.StatusOver || told && w.updates[len(w.updates)-1].At.After(at) || !w.move(incident.StatusOver, at, more) {
		return args, false
	}
	if told {
		w.updates = insert(w.updates, line{at, incident.StatusOver, "The incident is resolved."})
	}
	return args, true
}

func (w *world) set(t *rapid.T) (args []string, ok bool) {
	services := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"api", "web", "x: y", "#", "null", "a'b\"c", "[z]"}), 1, 4, rapid.ID[string]).Draw(t, "services")
	w.services = services
	return []string{"set", w.part(), "services=" + strings.Join(services, ",")}, true
}
