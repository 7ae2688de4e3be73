package render_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/reconcile"
	"github.com/syncwell/sitrep/internal/render"
)

func samplePlan() reconcile.Plan {
	fields := reconcile.Fields{
		reconcile.Title: "Cap the connection pool per tenant", reconcile.Owner: "octo-db", reconcile.Due: "2025-09-01",
		reconcile.Priority: "high", reconcile.SeverityOf: "SEV-1", reconcile.State: "open",
	}
	return reconcile.Plan{Target: "acme/ops (tracker github)", Changes: []reconcile.Change{
		{Op: reconcile.Create, Kind: reconcile.KindLabel, Key: "sev-1"},
		{
			Op: reconcile.Create, Kind: reconcile.KindIssue, Key: "2025-08-18-api-outage/AI-1", Title: fields[reconcile.Title], After: fields,
			Desired: &reconcile.Resource{Label: reconcile.LabelAction, Fields: fields},
		},
		{
			Op: reconcile.Update, Kind: reconcile.KindIssue, Key: "2025-08-18-api-outage/AI-2", Number: 41, Title: "Alert on pool use | by tenant",
			Before: reconcile.Fields{reconcile.Due: "2025-09-01", reconcile.Owner: ""}, After: reconcile.Fields{reconcile.Due: "2025-09-08", reconcile.Owner: "octo-net"},
		},
		{
			Op: reconcile.Close, Kind: reconcile.KindIssue, Key: "2025-08-18-api-outage/AI-3", Number: 42, Title: "::error::@octo \x1b[31mred",
			Before: reconcile.Fields{reconcile.State: "open"}, After: reconcile.Fields{reconcile.State: "wont_do"}, Reason: "a twin of #40",
		},
		{Op: reconcile.Report, Kind: reconcile.KindIssue, Key: "2025-07-02-sync-lag/AI-3", Number: 39, Reason: "is in no post-mortem any more; it stays open"},
	}}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestPlanLooks(t *testing.T) {
	var text, colour, markdown, none bytes.Buffer
	for _, err := range []error{
		render.PlanText(&text, samplePlan(), render.Style{}), render.PlanText(&colour, samplePlan(), render.Style{Color: true}),
		render.PlanMarkdown(&markdown, samplePlan()), render.PlanText(&none, reconcile.Plan{Target: "acme/ops (tracker github)"}, render.Style{}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "plan.txt", text.Bytes())
	golden(t, "plan_colour.txt", colour.Bytes())
	golden(t, "plan.md", markdown.Bytes())
	golden(t, "plan_none.txt", none.Bytes())
}
