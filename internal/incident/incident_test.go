package incident_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/incident"
)

func TestSeveritiesAreReadAsWrittenOnly(t *testing.T) {
	for text, want := range map[string]incident.Severity{
		"SEV-1": 1, "SEV-5": 5, "SEV-0": 0, "SEV-6": 0, "sev-1": 0, "SEV1": 0, "SEV-1 ": 0, "": 0, "SEV-": 0, "SEV-10": 0, "\u0405EV-1": 0, "SEV\u20111": 0,
	} {
		got, ok := incident.ParseSeverity(text)
		if got != want || ok != (want != 0) {
			t.Errorf("%q is %v, %v, want %v", text, got, ok, want)
		}
		var s incident.Severity
		if err := json.Unmarshal([]byte(`"`+text+`"`), &s); (err == nil) != ok || s != want {
			t.Errorf("%q is kept as %v, %v", text, s, err)
		}
	}
	if b, err := json.Marshal(map[incident.Severity]incident.Severity{1: 2}); err != nil || string(b) != `{"SEV-1":"SEV-2"}` {
		t.Errorf("%s, %v", b, err)
	}
	if s := incident.Severity(0).String(); s != "" {
		t.Errorf("no severity is written %q", s)
	}
}

func TestDepthIsTheLongestChain(t *testing.T) {
	chain := func(n int) []incident.Why { return make([]incident.Why, n) }
	for _, tt := range []struct {
		name string
		whys []incident.Why
		want int
	}{
		{"none", nil, 0},
		{"five in a row", chain(5), 5},
		{"a branch at the first", []incident.Why{{Because: chain(4)}, {}}, 5},
		{"a branch at the last", []incident.Why{{}, {Because: []incident.Why{{Because: chain(2)}}}}, 5},
		{"two branches", []incident.Why{{Because: chain(1)}, {Because: chain(2)}, {}}, 4},
	} {
		if got := incident.Depth(tt.whys); got != tt.want {
			t.Errorf("%s: %d deep, want %d", tt.name, got, tt.want)
		}
	}
}

func TestHistoryIsSortedByIDThenPath(t *testing.T) {
	h := incident.History{
		Incidents:   []incident.Incident{{ID: "b", Path: "1"}, {ID: "a", Path: "2"}, {ID: "a", Path: "1"}},
		Postmortems: []incident.Postmortem{{ID: "b"}, {ID: "a", Path: "2"}, {ID: "a", Path: "1"}},
	}
	h.Sort()
	want := incident.History{
		Incidents:   []incident.Incident{{ID: "a", Path: "1"}, {ID: "a", Path: "2"}, {ID: "b", Path: "1"}},
		Postmortems: []incident.Postmortem{{ID: "a", Path: "1"}, {ID: "a", Path: "2"}, {ID: "b"}},
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestStatusesHaveAnOrder(t *testing.T) {
	for i, s := range incident.Statuses {
		if s.Order() != i {
			t.Errorf("%s is number %d, want %d", s, s.Order(), i)
		}
	}
	if got := incident.Status("closed").Order(); got != -1 {
		t.Errorf("an unknown status is number %d", got)
	}
}

func TestNamesMadeOfIDs(t *testing.T) {
	if got := incident.WarRoom("2025-08-18-api-outage"); got != "#incident-2025-08-18-api-outage" {
		t.Errorf("war room %q", got)
	}
	if got := (incident.ActionItem{ID: "AI-1"}).Key("2025-08-18-api-outage"); got != "2025-08-18-api-outage/AI-1" {
		t.Errorf("action item %q", got)
	}
}
