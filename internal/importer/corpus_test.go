package importer_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/importer"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/lint"
	"github.com/syncwell/sitrep/internal/metrics"
	"github.com/syncwell/sitrep/internal/parse"
)

// corpus opens a public history; they are not part of the repository.
func corpus(t *testing.T, name string) fs.FS {
	t.Helper()
	dir := os.Getenv("SITREP_CORPORA")
	if dir == "" {
		t.Skip("SITREP_CORPORA is not set: the public corpora are not checked")
	}
	return os.DirFS(filepath.Join(dir, name))
}

func options(f importer.Format) importer.Options {
	return importer.Options{Format: f, Config: config.Default(), Owner: "octo-sre"}
}

// run imports into a repository in memory and gives both.
func run(t *testing.T, fsys fs.FS, name string, opt importer.Options, into fstest.MapFS) []importer.Item {
	t.Helper()
	items, err := importer.Read(context.Background(), fsys, name, opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := importer.Plan(context.Background(), into, items, opt); err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		for _, f := range it.Files {
			if f.Data != nil {
				if into[f.Path] != nil && f.Outcome == importer.Created {
					t.Errorf("%s: created twice", f.Path)
				}
				into[f.Path] = &fstest.MapFile{Data: f.Data}
			}
		}
	}
	return items
}

// lintErrors runs lint and gives its errors, by rule.
func lintErrors(t *testing.T, fsys fs.FS) map[string][]diag.Diagnostic {
	t.Helper()
	result, err := lint.Run(context.Background(), fsys, lint.Options{Config: config.Default()})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]diag.Diagnostic{}
	for _, d := range result.Findings {
		if d.Level == diag.Error {
			out[d.Rule] = append(out[d.Rule], d)
		}
	}
	return out
}

// onlyRules fails for errors of any other rule.
func onlyRules(t *testing.T, found map[string][]diag.Diagnostic, allowed ...string) {
	t.Helper()
	for rule, ds := range found {
		if !slices.Contains(allowed, rule) {
			t.Errorf("%d errors of rule %s, the first: %s: %s", len(ds), rule, ds[0].Path, ds[0].Message)
		}
	}
}

func report(fsys fs.FS, t *testing.T, ends incident.DowntimeEnds) metrics.Report {
	t.Helper()
	cfg := config.Default()
	cfg.DowntimeEnds = config.DowntimeEnds(ends)
	tree, err := parse.Read(context.Background(), fsys, parse.Options{Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	return metrics.Compute(tree.History(), cfg, metrics.Options{Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
}

func excluded(r metrics.Report, reason string) int {
	n := 0
	for _, e := range r.Excluded {
		if strings.Contains(e.Reason, reason) {
			n++
		}
	}
	return n
}

func wantCount(t *testing.T, what string, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %d, want %d", what, got, want)
	}
}

func twice(t *testing.T, fsys fs.FS, opt importer.Options, into fstest.MapFS) {
	t.Helper()
	again := run(t, fsys, ".", opt, into)
	for _, it := range again {
		for _, f := range it.Files {
			if f.Outcome != importer.Unchanged {
				t.Errorf("second import: %s is %s", f.Path, f.Outcome)
			}
		}
	}
}

func TestGitHubHistory(t *testing.T) {
	fsys, into := corpus(t, "GitHub-Incident-History"), fstest.MapFS{}
	opt := options(importer.Statuspage)
	items := run(t, fsys, ".", opt, into)
	wantCount(t, "created", importer.Count(items, importer.Created), 361)
	wantCount(t, "refused", importer.Count(items, importer.RefusedRecord), 0)
	wantCount(t, "zero spans", importer.CountCode(items, importer.CodeZero), 46)
	wantCount(t, "negative spans", importer.CountCode(items, importer.CodeNegative), 3)
	onlyRules(t, lintErrors(t, into), "times-order")
	for ends, want := range map[incident.DowntimeEnds]string{incident.EndsResolved: "111.28", incident.EndsMitigated: "111.10"} {
		r := report(into, t, ends)
		wantCount(t, "zero length in metrics", excluded(r, "zero length"), 46)
		wantCount(t, "negative in metrics", excluded(r, "before it starts"), 3)
		wantCount(t, "in the mean", r.Overall.Incidents, 312)
		if got := formatMinutes(*r.Overall.MTTRMinutes); got != want {
			t.Errorf("mean with downtime_ends %s: %s minutes, want %s", ends, got, want)
		}
	}
	twice(t, fsys, opt, into)
}

func TestJenkins(t *testing.T) {
	fsys, into := corpus(t, "jenkins-infra+status"), fstest.MapFS{}
	opt := options(importer.CState)
	items := run(t, fsys, ".", opt, into)
	wantCount(t, "files", len(items), 297)
	wantCount(t, "refused without --timezone", importer.Count(items, importer.RefusedRecord), 11)
	opt.Zone = time.UTC
	into = fstest.MapFS{}
	items = run(t, fsys, ".", opt, into)
	wantCount(t, "created", importer.Count(items, importer.Created), 297)
	wantCount(t, "zero spans", importer.CountCode(items, importer.CodeZero), 2)
	wantCount(t, "negative spans", importer.CountCode(items, importer.CodeNegative), 8)
	found := lintErrors(t, into)
	onlyRules(t, found, "times-order")
	wantCount(t, "times-order", len(found["times-order"]), 8)
	r := report(into, t, incident.EndsMitigated)
	wantCount(t, "zero length in metrics", excluded(r, "zero length"), 2)
	wantCount(t, "negative in metrics", excluded(r, "before it starts"), 8)
	twice(t, fsys, opt, into)
}

func TestDFDS(t *testing.T) {
	fsys, into := corpus(t, "dfds+postmortems"), fstest.MapFS{}
	opt := options(importer.Markdown)
	items := run(t, fsys, ".", opt, into)
	for _, it := range items {
		t.Log(it.Outcome, it.File)
		for _, n := range it.Notes {
			t.Log("   ", n.Kind, n.Text)
		}
	}
	wantCount(t, "created", importer.Count(items, importer.Created), 39)
	onlyRules(t, lintErrors(t, into), "times-order", "times-status", "required-key")
	twice(t, fsys, opt, into)
}
