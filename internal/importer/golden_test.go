package importer_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/syncwell/sitrep/internal/importer"
	"github.com/syncwell/sitrep/internal/render"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden reads each testdata/FORMAT-*.txtar: the files below source/ go in, and the records below out/ and the report come out.
// A first line "timezone: ZONE" of the comment is --timezone.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { golden(t, file) })
	}
}

func golden(t *testing.T, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	world := txtar.Parse(data)
	source := fstest.MapFS{}
	for _, f := range world.Files {
		if name, ok := strings.CutPrefix(f.Name, "source/"); ok {
			source[name] = &fstest.MapFile{Data: f.Data}
		}
	}
	format, _, _ := strings.Cut(filepath.Base(file), "-")
	opt := options(importer.Format(strings.TrimSuffix(format, ".txtar")))
	first, _, _ := strings.Cut(string(world.Comment), "\n")
	if zone, ok := strings.CutPrefix(first, "timezone: "); ok {
		if opt.Zone, err = time.LoadLocation(zone); err != nil {
			t.Fatal(err)
		}
	}
	into := fstest.MapFS{}
	items := run(t, source, ".", opt, into)
	checkForm(t, into)
	twice(t, source, opt, into)
	got := &txtar.Archive{Comment: world.Comment}
	for _, f := range world.Files {
		if strings.HasPrefix(f.Name, "source/") {
			got.Files = append(got.Files, f)
		}
	}
	var report bytes.Buffer
	if err := render.ImportText(&report, items, true, render.Style{}); err != nil {
		t.Fatal(err)
	}
	got.Files = append(got.Files, txtar.File{Name: "report", Data: report.Bytes()})
	for _, name := range slices.Sorted(maps.Keys(into)) {
		got.Files = append(got.Files, txtar.File{Name: "out/" + name, Data: into[name].Data})
	}
	if text := txtar.Format(got); *update {
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(string(data), string(text)); diff != "" {
		t.Errorf("%s (-want +got; rewrite with -update):\n%s", file, diff)
	}
}

// contentRules are about what a source says or leaves out; every other rule is about the form, which import answers for.
var contentRules = []string{"times-order", "times-status", "required-key", "role-commander", "role-communications", "impact-window"}

func checkForm(t *testing.T, fsys fs.FS) {
	t.Helper()
	onlyRules(t, lintErrors(t, fsys), contentRules...)
}

func TestEditedRecordIsKept(t *testing.T) {
	opt := options(importer.Statuspage)
	source := func(body string) fstest.MapFS {
		return fstest.MapFS{"a.json": {Data: fmt.Appendf(nil, `{"id":"a1","name":"API errors","status":"resolved","impact":"minor","started_at":"2025-01-02T03:04:05Z",
			"resolved_at":"2025-01-02T04:04:05Z","incident_updates":[{"status":"resolved","body":%q,"display_at":"2025-01-02T04:04:05Z"}]}`, body)}}
	}
	into := fstest.MapFS{}
	run(t, source("Over."), ".", opt, into)
	const file = "incidents/2025-01-02-api-errors.md"
	if into[file] == nil {
		t.Fatalf("no %s in %v", file, slices.Sorted(maps.Keys(into)))
	}
	moved := "incidents/2025/2025-01-02-api-errors.md"
	into[moved] = into[file]
	delete(into, file)
	if items := run(t, source("Over for good."), ".", opt, into); items[0].Outcome != importer.Updated || items[0].Files[0].Path != moved {
		t.Errorf("a changed source: %s %v, want updated where it was moved to", items[0].Outcome, items[0].Files[0].Path)
	}
	edited := bytes.Replace(into[moved].Data, []byte("Over for good."), []byte("Over, and understood."), 1)
	into[moved].Data = edited
	if items := run(t, source("Over for good."), ".", opt, into); items[0].Outcome != importer.Unchanged {
		t.Errorf("edited, source the same: %s, want unchanged", items[0].Outcome)
	}
	if items := run(t, source("Never mind."), ".", opt, into); items[0].Outcome != importer.Kept {
		t.Errorf("edited, source changed: %s, want kept", items[0].Outcome)
	}
	if !bytes.Equal(into[moved].Data, edited) {
		t.Error("the edited record was overwritten")
	}
	into[moved].Data = bytes.ReplaceAll(edited, []byte("\n"), []byte("\r\n"))
	if items := run(t, source("Never mind."), ".", opt, into); items[0].Outcome != importer.Kept {
		t.Errorf("with CRLF: %s, want kept", items[0].Outcome)
	}
}

func TestHandWrittenRecordOfTheSameSourceIsKept(t *testing.T) {
	opt := options(importer.Statuspage)
	into := fstest.MapFS{"incidents/2025-01-02-ours.md": {Data: []byte("---\ntitle: Ours\nseverity: SEV-2\nstatus: resolved\nservices: [api]\nlinks: {source: \"https://status.example.com/incidents/a1\"}\n---\n")}}
	source := fstest.MapFS{"a.json": {Data: []byte(`{"page":{"url":"https://status.example.com/"},"incident":{"id":"a1","name":"x","status":"resolved","started_at":"2025-01-02T03:04:05Z","resolved_at":"2025-01-02T03:14:05Z"}}`)}}
	items := run(t, source, ".", opt, into)
	if len(into) != 1 || items[0].Outcome != importer.Kept {
		t.Errorf("%s, %d files, want kept and one file", items[0].Outcome, len(into))
	}
}

// TestFolderFromFurtherUp holds that a folder's records are found again when a folder above it is read.
func TestFolderFromFurtherUp(t *testing.T) {
	opt := options(importer.Markdown)
	text := []byte("# A\n\n## Timeline\n\n- 2025-01-02 10:00Z - a\n")
	into := fstest.MapFS{}
	run(t, fstest.MapFS{"a.md": {Data: text}}, ".", opt, into)
	items := run(t, fstest.MapFS{"docs/a.md": {Data: text}}, ".", opt, into)
	if len(into) != 2 || items[0].Outcome != importer.Unchanged {
		t.Errorf("%s, %d files, want unchanged and two files", items[0].Outcome, len(into))
	}
}
