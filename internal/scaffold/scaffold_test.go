package scaffold_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"gopkg.in/yaml.v3"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/lint"
	"github.com/syncwell/sitrep/internal/scaffold"
)

func made(t *testing.T, o scaffold.Options) map[string]string {
	t.Helper()
	list, err := scaffold.Files(o)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range list {
		out[f.Path] = string(f.Text)
	}
	return out
}

var both = []scaffold.Options{{Version: "v1.2.3", Branch: "main", GitHub: true}, {Version: "latest", Branch: "trunk"}}

func TestANewRepositoryLintsClean(t *testing.T) {
	for _, o := range both {
		fsys := fstest.MapFS{}
		for name, text := range made(t, o) {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		cfg, err := config.Load(fsys)
		if err != nil {
			t.Fatal(err)
		}
		if got := cfg.Tracker == config.TrackerGitHub; got != o.GitHub {
			t.Errorf("tracker %q, want GitHub: %v", cfg.Tracker, o.GitHub)
		}
		result, err := lint.Run(context.Background(), fsys, lint.Options{Config: cfg})
		if err != nil || len(result.Findings) > 0 {
			t.Errorf("%v %v", err, result.Findings)
		}
	}
}

// What stands behind a # in the config is its default: with the marks off it reads as a config that says the same.
func TestTheCommentedConfigIsReadable(t *testing.T) {
	text := made(t, both[1])[config.Path]
	text = regexp.MustCompile(`(?m)^# ((?:  )?(?:[a-z_]+:|SEV-|- |octo-|section).*)$`).ReplaceAllString(text, "$1")
	cfg, err := config.Parse([]byte(regexp.MustCompile(`(?m)^#   (SEV|-|octo|section)`).ReplaceAllString(text, "  $1")))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	if len(cfg.Severities) != 3 || cfg.Severities["SEV-1"] != want.Severities["SEV-1"] || cfg.Severities["SEV-3"] != want.Severities["SEV-3"] || cfg.DowntimeEnds != want.DowntimeEnds {
		t.Errorf("the commented severities are %+v, want the defaults %+v", cfg.Severities, want.Severities)
	}
}

var pinned = regexp.MustCompile(`uses: [\w./-]+@[0-9a-f]{40} # v\d`)

func TestWorkflows(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for name, text := range made(t, both[0]) {
		if !strings.HasPrefix(name, ".github/workflows/") {
			continue
		}
		for line := range strings.Lines(text) {
			if strings.Contains(line, "uses:") && !pinned.MatchString(line) {
				t.Errorf("%s: %q is not pinned by a full hash with its version", name, strings.TrimSpace(line))
			}
		}
		if !strings.Contains(text, "\npermissions: {}\n") || strings.Contains(text, "pull_request_target") {
			t.Errorf("%s: want no permission but those of the job, and no pull_request_target", name)
		}
		p := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	if len(paths) != 2 {
		t.Fatalf("%d workflows, want lint and apply", len(paths))
	}
	out, err := exec.Command("go", append([]string{"tool", "actionlint"}, paths...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("actionlint: %v\n%s", err, out)
	}
}

// GitHub does not show a form that lacks one of these.
func TestIssueForms(t *testing.T) {
	for name, text := range made(t, both[0]) {
		if !strings.HasPrefix(name, ".github/ISSUE_TEMPLATE/") || strings.HasSuffix(name, "config.yml") {
			continue
		}
		var form struct {
			Name, Description, Title string
			Body                     []struct {
				Type, ID   string
				Attributes struct {
					Label, Value string
					Options      []string
				}
			}
		}
		if err := yaml.Unmarshal([]byte(text), &form); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if form.Name == "" || form.Description == "" || len(form.Body) == 0 {
			t.Errorf("%s: want name, description and body", name)
		}
		ids := map[string]bool{}
		for _, b := range form.Body {
			if b.Type != "markdown" && (b.ID == "" || ids[b.ID] || b.Attributes.Label == "") || b.Type == "dropdown" && len(b.Attributes.Options) == 0 {
				t.Errorf("%s: field %q is incomplete", name, b.ID)
			}
			ids[b.ID] = true
		}
	}
}
