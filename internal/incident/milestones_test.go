package incident_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/incident"
)

// drawMilestones draws any subset of the five stamps, in any order, with nanoseconds.
func drawMilestones(t *rapid.T) incident.Milestones {
	var m incident.Milestones
	for i := range m {
		if rapid.Bool().Draw(t, "known") {
			ns := rapid.Int64Range(0, 4e18).Draw(t, incident.Milestone(i).String())
			m[i] = time.Unix(0, ns).UTC()
		}
	}
	return m
}

func TestPhasesTelescope(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMilestones(t)
		var known []incident.Milestone
		for i, at := range m {
			if !at.IsZero() {
				known = append(known, incident.Milestone(i))
			}
		}
		phases := m.Phases()
		if len(known) < 2 {
			if len(phases) != 0 {
				t.Fatalf("%d phases between %d stamps", len(phases), len(known))
			}
			return
		}
		if len(phases) != len(known)-1 {
			t.Fatalf("%d phases between %d stamps", len(phases), len(known))
		}
		var sum time.Duration
		for i, p := range phases {
			if p.From != known[i] || p.To != known[i+1] || !p.Start.Equal(m[p.From]) || !p.End.Equal(m[p.To]) {
				t.Errorf("phase %d goes from %v to %v, want %v to %v", i, p.From, p.To, known[i], known[i+1])
			}
			if i > 0 && !p.Start.Equal(phases[i-1].End) {
				t.Errorf("phase %d begins at %v, the one before ends at %v", i, p.Start, phases[i-1].End)
			}
			sum += p.Duration()
		}
		whole, ok := m.Between(known[0], known[len(known)-1])
		if !ok || sum != whole {
			t.Errorf("the phases are %v long, the whole is %v", sum, whole)
		}
	})
}

func TestPhaseNamesCoverEachStepOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMilestones(t)
		names := ""
		for _, p := range m.Phases() {
			names += p.Name() + "+"
		}
		const all = "detect+diagnose+repair+verify+"
		first, last := -1, -1
		for i, at := range m {
			if !at.IsZero() {
				last = i
				if first < 0 {
					first = i
				}
			}
		}
		want := ""
		for i, name := range []string{"detect+", "diagnose+", "repair+", "verify+"} {
			if i >= first && i < last && first >= 0 {
				want += name
			}
		}
		if names != want {
			t.Errorf("phases %q of %q, want %q", names, all, want)
		}
	})
}

func TestDowntimeEnds(t *testing.T) {
	mitigated, resolved := time.Unix(100, 0).UTC(), time.Unix(200, 0).UTC()
	for _, tt := range []struct {
		m    incident.Milestones
		ends incident.DowntimeEnds
		want time.Time
	}{
		{incident.Milestones{incident.Mitigated: mitigated, incident.Resolved: resolved}, incident.EndsMitigated, mitigated},
		{incident.Milestones{incident.Mitigated: mitigated, incident.Resolved: resolved}, incident.EndsResolved, resolved},
		{incident.Milestones{incident.Resolved: resolved}, incident.EndsMitigated, resolved},
		{incident.Milestones{incident.Mitigated: mitigated}, incident.EndsResolved, time.Time{}},
		{incident.Milestones{}, incident.EndsMitigated, time.Time{}},
	} {
		if got := tt.m.DowntimeEnd(tt.ends); !got.Equal(tt.want) {
			t.Errorf("%v ends at %v by %s, want %v", tt.m, got, tt.ends, tt.want)
		}
	}
}

func TestBetweenNeedsBoth(t *testing.T) {
	m := incident.Milestones{incident.Started: time.Unix(100, 0), incident.Resolved: time.Unix(160, 0)}
	if d, ok := m.Between(incident.Started, incident.Resolved); !ok || d != time.Minute {
		t.Errorf("%v, %v, want a minute", d, ok)
	}
	if d, ok := m.Between(incident.Resolved, incident.Started); !ok || d != -time.Minute {
		t.Errorf("%v, %v, want minus a minute", d, ok)
	}
	if d, ok := m.Between(incident.Started, incident.Detected); ok || d != 0 {
		t.Errorf("%v, %v, want nothing", d, ok)
	}
}
