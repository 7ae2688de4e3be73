package githubtest

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// create opens an issue for who: what the caller left empty is filled in, labels that do not exist are made.
// The caller holds the lock, here and below.
func (s *Server) create(r *repository, who string, i Issue) Issue {
	now := s.clock()
	i.Number, i.ID = len(r.issues)+1, s.newID()
	i.User = who
	i.State = cmp.Or(i.State, "open")
	i.CreatedAt, i.UpdatedAt = stamp(now), stamp(now)
	i.Labels = s.ensureLabels(r, i.Labels)
	i.Assignees, _ = r.assignees(i.Assignees)
	if i.State == "closed" {
		i.ClosedAt, i.ClosedBy = stamp(now), who
		i.StateReason = cmp.Or(i.StateReason, "completed")
	}
	r.issues = append(r.issues, &history[Issue]{{now, i}})
	return i
}

// change edits an issue for who, and does nothing at all where the edit changes nothing: an idle write leaves updated_at alone.
func (s *Server) change(r *repository, h *history[Issue], who string, edit func(*Issue)) Issue {
	before := h.latest()
	after := before
	edit(&after)
	after.Number, after.ID, after.User, after.CreatedAt = before.Number, before.ID, before.User, before.CreatedAt
	after.Labels = s.ensureLabels(r, after.Labels)
	after.Assignees, _ = r.assignees(after.Assignees)
	now := s.clock()
	switch {
	case before.State == after.State:
		after.StateReason = before.StateReason
	case after.State == "closed":
		after.ClosedAt, after.ClosedBy = stamp(now), who
		if after.StateReason == before.StateReason || after.StateReason == "" {
			after.StateReason = "completed"
		}
	default:
		after.ClosedAt, after.ClosedBy, after.StateReason = time.Time{}, "", "reopened"
	}
	if after.Pull != nil {
		after.StateReason = "" // only issues have one
	}
	if reflect.DeepEqual(before, after) {
		return before
	}
	after.UpdatedAt = stamp(now)
	h.put(now, after)
	return after
}

// ensureLabels makes the labels that are not there yet, grey as GitHub does, and gives the names back as the repository spells them.
func (s *Server) ensureLabels(r *repository, names []string) []string {
	var out []string
	for _, name := range names {
		h := r.label(name)
		if h == nil {
			h = s.createLabel(r, Label{Name: name, Color: "ededed"})
		}
		if !slices.Contains(out, h.latest().Name) {
			out = append(out, h.latest().Name)
		}
	}
	return out
}

func (s *Server) createLabel(r *repository, l Label) *history[Label] {
	l.ID = s.newID()
	h := &history[Label]{{s.clock(), l}}
	r.labels = append(r.labels, h)
	return h
}

// changeLabel changes a label, and its name on the issues that carry it.
func (s *Server) changeLabel(r *repository, h *history[Label], l Label) {
	old := h.latest().Name
	h.put(s.clock(), l)
	if old == l.Name {
		return
	}
	for _, issue := range r.issues {
		i := issue.latest()
		if at := slices.Index(i.Labels, old); at >= 0 {
			i.Labels = slices.Clone(i.Labels)
			i.Labels[at] = l.Name
			issue.put(s.clock(), i)
		}
	}
}

func (s *Server) createComment(r *repository, h *history[Issue], who, body string) Comment {
	now := s.clock()
	c := Comment{ID: s.newID(), Issue: h.latest().Number, Body: body, User: who, CreatedAt: stamp(now), UpdatedAt: stamp(now)}
	r.comments = append(r.comments, &history[Comment]{{now, c}})
	s.change(r, h, who, func(i *Issue) { i.Comments++ })
	return c
}

func (s *Server) changeComment(h *history[Comment], body string) Comment {
	c := h.latest()
	if c.Body != body {
		c.Body, c.UpdatedAt = body, stamp(s.clock())
		h.put(s.clock(), c)
	}
	return c
}

// remove takes an issue and its comments away; to is where it went, or nothing if it was deleted.
func (s *Server) remove(r *repository, h *history[Issue], to string) {
	i := h.latest()
	i.gone = true
	h.put(s.clock(), i)
	if to != "" {
		r.moved[i.Number] = to
	}
	for _, comment := range r.comments {
		if c := comment.latest(); c.Issue == i.Number {
			c.gone = true
			comment.put(s.clock(), c)
		}
	}
}

// transfer moves an issue to another repository, where it gets a new number and id and keeps its labels and comments.
func (s *Server) transfer(from *repository, h *history[Issue], to *repository) Issue {
	i := h.latest()
	copied := i
	copied.Comments, copied.Milestone = 0, 0
	moved := s.create(to, i.User, copied)
	target := to.issue(moved.Number)
	for _, comment := range from.comments {
		if c := comment.latest(); c.Issue == i.Number && !c.gone {
			s.createComment(to, target, c.User, c.Body)
		}
	}
	s.remove(from, h, fmt.Sprintf("%s/%d", to.fullName(), moved.Number))
	return target.latest()
}

// has tells whether a label is on an issue.
func (i Issue) has(label string) bool {
	return slices.ContainsFunc(i.Labels, func(l string) bool { return strings.EqualFold(l, label) })
}
