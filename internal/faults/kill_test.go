package faults

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubtest"
)

// program is the built binary with a repository that tracks its action items on the fake GitHub.
type program struct {
	t    *testing.T
	bin  string
	repo string
	env  []string
}

func build(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "sitrep")
	if out, err := exec.Command("go", "build", "-o", bin, "github.com/syncwell/sitrep/cmd/sitrep").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return bin
}

func newProgram(t *testing.T, bin string, w *world) *program {
	t.Helper()
	return newProgramAt(t, bin, w, w.s.URL)
}

func newProgramAt(t *testing.T, bin string, w *world, url string) *program {
	t.Helper()
	repo := t.TempDir()
	text := "---\nstatus: published\nowner: \"@octo-ic\"\n---\n\n## Action Items\n\n| ID | Action | Owner | Due | Priority | Type | Status |\n|---|---|---|---|---|---|---|\n"
	for _, a := range w.history.Postmortems[0].Actions {
		text += "| " + a.ID + " | " + a.Text + " | @octo-db | 2040-01-01 | high | prevent | open |\n"
	}
	for name, content := range map[string]string{
		"postmortems/" + w.history.Postmortems[0].ID + ".md": text,
		".github/sitrep.yml": "tracker: github\n",
	} {
		file := filepath.Join(repo, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cache := t.TempDir()
	return &program{t: t, bin: bin, repo: repo, env: append(os.Environ(),
		"GITHUB_API_URL="+url, "GITHUB_REPOSITORY="+githubtest.Repo, "GITHUB_TOKEN="+canary, "SITREP_WRITE_GAP=1ms", "XDG_CACHE_HOME="+cache, "HOME="+cache)}
}

// apply runs sitrep apply to its end, or to the bitter one.
func (p *program) apply(killer *atomic.Pointer[os.Process]) (output string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.bin, "apply", "--yes", "--dir", p.repo)
	cmd.Env = p.env
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	killer.Store(cmd.Process)
	err = cmd.Wait()
	return out.String(), err
}

// TestKilledAtEveryRequest kills the program, as kill -9 does, at each request that it sends: once before the server has
// carried it out and once after. What is left then is counted after one clean run.
func TestKilledAtEveryRequest(t *testing.T) {
	bin := build(t)
	for kind, name := range map[githubtest.Kind]string{githubtest.LostRequest: "before", githubtest.LostReply: "after"} {
		boundaries := 0
		for nth := 1; ; nth++ {
			w := newWorld(t, 3, githubtest.WithNow(time.Now))
			p := newProgram(t, bin, w)
			var victim atomic.Pointer[os.Process]
			killed := atomic.Bool{}
			w.s.Inject(githubtest.Rule{Nth: nth, Fault: githubtest.Fault{Kind: kind, Do: func() {
				killed.Store(true)
				if v := victim.Load(); v != nil {
					_ = v.Kill() // it is gone already where this fails
				}
			}}})
			out, err := p.apply(&victim)
			if !killed.Load() {
				if err != nil {
					t.Fatalf("a run that nobody killed: %v\n%s", err, out)
				}
				break
			}
			boundaries++
			w.s.Heal()
			again, err := p.apply(&victim)
			if err != nil {
				t.Fatalf("the run after a kill %s request %d: %v\n%s", name, nth, err, again)
			}
			w.s.Forget()
			third, err := p.apply(&victim)
			got := tally{second: len(w.s.Writes())}
			got.count(w)
			if err != nil || got.duplicates+got.lost+got.second > 0 || strings.Contains(out+again+third, canary) {
				t.Errorf("killed %s request %d: %v, %+v\n%s\n%s\n%s", name, nth, err, got, out, again, third)
			}
			w.s.Close()
		}
		if boundaries < 10 {
			t.Errorf("%d boundaries, want every request of a run with 3 issues and their labels", boundaries)
		}
		t.Logf("killed %s each of %d requests", name, boundaries)
	}
}
