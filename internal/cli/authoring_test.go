package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/cli"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/generate"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/lint"
	"github.com/syncwell/sitrep/internal/parse"
)

// world is a repository of one incident, and a model of what its record should say.
type world struct {
	dir, path string
	start     time.Time
	first     []byte // the file as it was at the beginning
	status    incident.Status
	stamps    incident.Milestones
	timeline  []line
	updates   []line
	services  []string
}

// line is an entry as a model knows it.
type line struct {
	At     time.Time
	Status incident.Status
	Text   string
}

func linesOf(list []incident.Entry) []line {
	out := []line{}
	for _, e := range list {
		out = append(out, line{e.At, e.Status, e.Text})
	}
	return out
}

// part is a part of the incident's id that no other has.
func (w *world) part() string {
	id := strings.TrimSuffix(filepath.Base(w.path), ".md")
	return id[5:]
}

func (w *world) read(t *rapid.T) (*parse.Document, []byte) {
	src, err := os.ReadFile(filepath.Join(w.dir, w.path))
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	return parse.Parse(w.path, parse.IncidentRecord, src, &cfg), src
}

// run runs a command line at a time and gives its exit code and what it said on stderr.
func (w *world) run(now time.Time, args ...string) (int, string) {
	var out, talk bytes.Buffer
	args = slices.Insert(args, 1, "--dir", w.dir, "--now", now.Format(time.RFC3339))
	code := cli.Run(args, cli.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &talk, Getenv: func(string) string { return "" }, Now: time.Now,
		TerminalWidth: func() int { return 0 }, CanAsk: func() bool { return false },
	})
	return code, talk.String()
}

// hostile makes the ways in which people's files differ from what the tool would write.
func hostile(t *rapid.T, text string) string {
	if rapid.Bool().Draw(t, "comments") {
		text = strings.Replace(text, "\nstatus:", "\n# who keeps this?\nx_team: [ops, {room: 1}] # ours\n\nstatus:", 1)
		text = strings.Replace(text, "\nservices: [", "   # how far\nservices: [ ", 1)
		text = strings.Replace(text, "## Timeline\n", "<!-- keep -->\n\n## Timeline\n\n<!-- facts\n- 00:00 - no entry\n-->\n", 1)
		text += "\n<!-- the end -->\n\n## Links\n\n- 99:99 - elsewhere\n"
	}
	if day := text[strings.Index(text, "started: ")+9:][:10]; strings.Count(text, "\n- 20") == strings.Count(text, "\n- "+day+" ") && rapid.Bool().Draw(t, "no dates") {
		text = strings.ReplaceAll(text, "\n- "+day+" ", "\n- ")
	}
	switch rapid.SampledFrom([]string{"list", "star lists", "table"}).Draw(t, "form") {
	case "star lists":
		text = strings.ReplaceAll(text, "\n- ", "\n*   ")
	case "table":
		text = asTable(text)
	}
	if rapid.Bool().Draw(t, "no last line end") {
		text = strings.TrimRight(text, "\n")
	}
	if rapid.Bool().Draw(t, "CRLF") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if rapid.Bool().Draw(t, "BOM") {
		text = "\ufeff" + text
	}
	return text
}

// asTable makes a table of a timeline.
func asTable(text string) string {
	head, rest, _ := strings.Cut(text, "## Timeline\n\n")
	var out strings.Builder
	out.WriteString(head + "## Timeline\n\n| When | What happened | By |\n|:--|---|---|\n")
	inTable := true
	for l := range strings.Lines(rest) {
		clock, entry, ok := strings.Cut(strings.TrimPrefix(strings.TrimRight(l, "\n"), "- "), " - ")
		if inTable = inTable && ok && strings.HasPrefix(l, "- "); inTable {
			l = "| " + clock + " | " + strings.ReplaceAll(entry, "|", "\\|") + " | |\n"
		}
		out.WriteString(l)
	}
	return out.String()
}

// reopened is a generated incident as it was before it was over.
func reopened(text string) string {
	var out []string
	for l := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(l, "diagnosed:"), strings.HasPrefix(l, "mitigated:"), strings.Contains(l, "- Identified -"),
			strings.Contains(l, "- Monitoring -"), strings.Contains(l, "- Resolved -"), strings.Contains(l, "Incident resolved."), strings.Contains(l, "Error rates return"),
			strings.Contains(l, "The cause is found"):
			continue
		case strings.HasPrefix(l, "resolved:"):
			l = "resolved: # not yet\n"
		case strings.HasPrefix(l, "status:"):
			l = "status: investigating\n"
		}
		out = append(out, l)
	}
	return strings.Join(out, "")
}

var generated = func() (out [][2]string) {
	for path, text := range generate.Files(40) {
		if strings.HasPrefix(path, "incidents/") {
			out = append(out, [2]string{path, text})
		}
	}
	return out
}()

func newWorld(t *rapid.T, dir string) *world {
	pick := rapid.SampledFrom(generated).Draw(t, "record")
	text := pick[1]
	if rapid.IntRange(0, 3).Draw(t, "open") > 0 {
		text = reopened(text)
	}
	w := &world{dir: dir, path: pick[0]}
	if err := os.RemoveAll(filepath.Join(dir, "incidents")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, w.path)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	w.first = []byte(hostile(t, text))
	if err := os.WriteFile(file, w.first, 0o600); err != nil {
		t.Fatal(err)
	}
	d, _ := w.read(t)
	inc := d.Incident
	w.start, w.status, w.stamps, w.services = inc.Milestones[incident.Started], inc.Status, inc.Milestones, inc.Services
	w.timeline, w.updates = linesOf(inc.Timeline), linesOf(inc.Updates)
	return w
}

// check holds that the record says what the model says, and that nothing of what people wrote is lost.
func (w *world) check(t *rapid.T, before map[string]int) {
	d, src := w.read(t)
	inc := d.Incident
	got := world{status: inc.Status, stamps: inc.Milestones, services: inc.Services, timeline: linesOf(inc.Timeline), updates: linesOf(inc.Updates)}
	want := world{status: w.status, stamps: w.stamps, services: w.services, timeline: w.timeline, updates: w.updates}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(world{})); diff != "" {
		t.Fatalf("the record differs from the model (-want +got):\n%s\n%s", diff, src)
	}
	if strings.Contains(string(w.first), "\r\n") != strings.Contains(string(src), "\r\n") || strings.Contains(string(w.first), "\r\n") && strings.Count(string(src), "\n") != strings.Count(string(src), "\r\n") {
		t.Fatalf("the line ends changed:\n%q", src)
	}
	if bytes.HasPrefix(w.first, []byte("\ufeff")) != bytes.HasPrefix(src, []byte("\ufeff")) {
		t.Fatal("the byte order mark changed")
	}
	for _, keep := range []string{"# who keeps this?", "x_team: [ops, {room: 1}] # ours", "# how far", "<!-- keep -->", "- no entry", "<!-- the end -->", "elsewhere"} {
		if strings.Count(string(w.first), keep) != strings.Count(string(src), keep) {
			t.Fatalf("%q is lost:\n%s", keep, src)
		}
	}
	cfg := config.Default()
	was := parse.Parse(w.path, parse.IncidentRecord, w.first, &cfg)
	left := keysOf(d)
	for _, k := range keysOf(was) {
		i := slices.Index(left, k)
		if i < 0 {
			t.Fatalf("key %q is lost or has moved:\n%s", k, src)
		}
		left = left[i+1:]
	}
	for rule, n := range errorsOf(t, w.path, src) {
		if n > before[rule] {
			t.Fatalf("%d errors of %s, %d before:\n%s", n, rule, before[rule], src)
		}
	}
}

func keysOf(d *parse.Document) (out []string) {
	for _, f := range d.Meta.Fields {
		out = append(out, f.Key)
	}
	return out
}

// errorsOf counts a file's errors, and the warnings about where entries stand, by rule.
func errorsOf(t *rapid.T, path string, src []byte) map[string]int {
	result, err := lint.Run(context.Background(), fstest.MapFS{path: {Data: src}}, lint.Options{Config: config.Default()})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, f := range result.Findings {
		if f.Level == diag.Error || strings.HasPrefix(f.Rule, "timeline-") || f.Rule == "update-resolved" {
			out[f.Rule]++
		}
	}
	return out
}

// TestAnySequenceKeepsTheRecord draws records as people may write them and any sequence of commands, and holds the file against a
// model after each.
func TestAnySequenceKeepsTheRecord(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt, dir)
		now := w.start.Add(60 * 24 * time.Hour)
		before := errorsOf(rt, w.path, w.first)
		for i := range rapid.IntRange(1, 8).Draw(rt, "steps") {
			_, src := w.read(rt)
			was := *w
			was.timeline, was.updates = slices.Clone(w.timeline), slices.Clone(w.updates)
			name := rapid.SampledFrom([]string{"log", "log", "update", "update", "resolve", "set"}).Draw(rt, fmt.Sprint("step ", i))
			args, ok := map[string]func(*rapid.T) ([]string, bool){"log": w.log, "update": w.update, "resolve": w.resolve, "set": w.set}[name](rt)
			code, talk := w.run(now, args...)
			if (code == 0) != ok {
				rt.Fatalf("sitrep %q ends with %d, want it carried out: %v\n%s\n%s", args, code, ok, talk, src)
			}
			if !ok {
				*w = was
				if _, after := w.read(rt); !bytes.Equal(src, after) {
					rt.Fatalf("sitrep %q is refused and changes the file", args)
				}
			}
			w.check(rt, before)
		}
	})
}
