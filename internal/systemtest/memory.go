package systemtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// Memory is a system in memory: the plainest one that passes the suite. It is its own Harness.
type Memory struct {
	mu     sync.Mutex
	issues []reconcile.Issue // by number
	labels map[string]reconcile.Fields
	last   int // highest number ever given
}

// NewMemory is a system that holds nothing.
func NewMemory() *Memory { return &Memory{labels: map[string]reconcile.Fields{}} }

// Of the system in memory: our login, and one that it cannot assign.
const (
	memoryLogin  = "sitrep-bot"
	unassignable = "octo-gone"
	maxTitle     = 256 // code points, as on GitHub
)

// Traits says what it is.
func (m *Memory) Traits() Traits {
	return Traits{System: "memory", Login: memoryLogin, Unassignable: unassignable}
}

// System is itself.
func (m *Memory) System() reconcile.System { return m }

// Read gives every issue and label.
func (m *Memory) Read(context.Context) ([]reconcile.Resource, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []reconcile.Resource
	for _, i := range m.issues {
		out = append(out, i.Resource("memory"))
	}
	for _, name := range slices.Sorted(maps.Keys(m.labels)) {
		out = append(out, reconcile.Resource{System: "memory", Kind: reconcile.KindLabel, Key: name, Fields: m.labels[name]})
	}
	return out, nil
}

// Do carries out a change on what is there now.
func (m *Memory) Do(_ context.Context, c reconcile.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.Kind == reconcile.KindLabel {
		m.labels[c.Key] = c.After
		return nil
	}
	var old reconcile.Issue
	at := slices.IndexFunc(m.issues, func(i reconcile.Issue) bool { return i.Number == c.Number })
	switch {
	case c.Op == reconcile.Create:
		old = reconcile.Issue{Author: memoryLogin, Insider: true}
	case at < 0:
		return fmt.Errorf("no issue #%d", c.Number)
	default:
		old = m.issues[at]
	}
	next := reconcile.Compose(c, clone(old), func(login string) bool { return login != unassignable })
	if err := fits(next); err != nil {
		return err
	}
	if c.Op == reconcile.Create {
		m.add(next)
	} else {
		m.issues[at] = next
	}
	return nil
}

func fits(i reconcile.Issue) error {
	switch {
	case strings.TrimSpace(i.Title) == "":
		return errors.New("no title")
	case utf8.RuneCountInString(i.Title) > maxTitle:
		return errors.New("the title is too long")
	case utf8.RuneCountInString(i.Body) > reconcile.MaxBody:
		return errors.New("the body is too long")
	}
	return nil
}

func (m *Memory) add(i reconcile.Issue) int {
	m.last++
	i.Number = m.last
	m.issues = append(m.issues, i)
	return i.Number
}

// Issues gives every issue.
func (m *Memory) Issues() []reconcile.Issue {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]reconcile.Issue, 0, len(m.issues))
	for _, i := range m.issues {
		out = append(out, clone(i))
	}
	return out
}

// OpenIssue opens an issue as a person does.
func (m *Memory) OpenIssue(i reconcile.Issue) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	i.State, i.Reason = "open", ""
	return m.add(clone(i))
}

// EditIssue changes an issue as a person does.
func (m *Memory) EditIssue(number int, edit func(i *reconcile.Issue)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for at := range m.issues {
		if m.issues[at].Number == number {
			i := clone(m.issues[at])
			edit(&i)
			m.issues[at] = i
		}
	}
}

// Delete takes an issue away; its number is not given again.
func (m *Memory) Delete(number int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.issues = slices.DeleteFunc(m.issues, func(i reconcile.Issue) bool { return i.Number == number })
}

func clone(i reconcile.Issue) reconcile.Issue {
	i.Labels, i.Assignees = slices.Clone(i.Labels), slices.Clone(i.Assignees)
	return i
}
