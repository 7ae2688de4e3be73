package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/parse"
)

const openIncident = "---\ntitle: API requests fail\nseverity: SEV-3\nstatus: investigating\nservices: [api]\nstarted: 2025-03-04T13:02:00Z\ndetected: 2025-03-04T13:05:00Z\n---\n\n" +
	"## Summary\n\nAPI requests fail.\n\n## Timeline\n\n- 13:05 - Alert fires.\n"

// openRepository is a folder with one open incident.
func openRepository(t *testing.T) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	file = filepath.Join(dir, "incidents", "2025-03-04-api-outage.md")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(openIncident), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir, file
}

// sitrep is this test's own binary under the name by which it is the tool.
func sitrep(binary string, args ...string) *exec.Cmd {
	cmd := exec.Command(binary)
	cmd.Args = append([]string{"sitrep"}, args...)
	return cmd
}

// TestKilledWhileWriting kills the tool at any moment of its run: the file is the old or the new one, and the next run goes on.
func TestKilledWhileWriting(t *testing.T) {
	dir, file := openRepository(t)
	args := func(i int) []string {
		return []string{"log", "--dir", dir, "--now", "2025-03-04T13:20:00Z", "api", fmt.Sprint("step ", i)}
	}
	begin := time.Now()
	if out, err := sitrep(os.Args[0], args(0)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(begin)
	const runs = 30
	done := 0
	for i := 1; i <= runs; i++ {
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cmd := sitrep(os.Args[0], args(i)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole * time.Duration(i) / (runs * 3 / 4))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		after, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := append(bytes.Clone(before), fmt.Sprintf("- 13:20 - step %d\n", i)...)
		if bytes.Equal(after, want) {
			done++
		} else if !bytes.Equal(after, before) {
			t.Fatalf("killed on run %d, the file is neither the old nor the new one:\n%s", i, after)
		}
	}
	if done == 0 || done == runs {
		t.Logf("%d of %d runs came to their end: the machine's speed changed while they ran", done, runs)
	}
	if out, err := sitrep(os.Args[0], "lint", "--dir", dir, "--no-cache").CombinedOutput(); err != nil || !strings.Contains(string(out), "1 file, no findings") {
		t.Errorf("what a kill leaves behind is in the way: %v\n%s", err, out)
	}
}

// TestNoReaderSeesHalfAFile reads a file all the time while it is written over and over.
func TestNoReaderSeesHalfAFile(t *testing.T) {
	dir, file := openRepository(t)
	stop := make(chan struct{})
	seen := make(chan error, 1)
	go func() {
		cfg := config.Default()
		for {
			select {
			case <-stop:
				seen <- nil
				return
			default:
			}
			src, err := os.ReadFile(file)
			d := parse.Parse("incidents/2025-03-04-api-outage.md", parse.IncidentRecord, src, &cfg)
			if err != nil || len(d.Findings) > 0 || !bytes.HasSuffix(src, []byte("\n")) {
				seen <- fmt.Errorf("%w %v\n%s", errors.Join(err), d.Findings, src)
				return
			}
		}
	}()
	w := &world{dir: dir}
	for i := range 40 {
		if code, talk := w.run(time.Date(2025, 3, 4, 13, 20, 0, 0, time.UTC), "log", "api", fmt.Sprint("step ", i)); code != 0 {
			t.Fatal(talk)
		}
	}
	close(stop)
	if err := <-seen; err != nil {
		t.Error(err)
	}
}

// TestTwoAtOnce holds that of entries written at the same time none is lost.
func TestTwoAtOnce(t *testing.T) {
	dir, file := openRepository(t)
	var running []*exec.Cmd
	for i := range 12 {
		cmd := sitrep(os.Args[0], "log", "--dir", dir, "--now", "2025-03-04T13:20:00Z", "api", fmt.Sprint("at once ", i))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
	}
	written := 0
	for _, cmd := range running {
		if cmd.Wait() == nil {
			written++
		}
	}
	src, err := os.ReadFile(file)
	if err != nil || bytes.Count(src, []byte("at once")) != written {
		t.Errorf("%d were told that their entry is written, %v:\n%s", written, err, src)
	}
}
