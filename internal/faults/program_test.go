package faults

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubtest"
)

// TestInterruptFinishesTheWrite sends SIGINT while a write is under way: the write is finished, the rest is left, and the exit
// code says that it is safe to run again.
func TestInterruptFinishesTheWrite(t *testing.T) {
	w := newWorld(t, 3, githubtest.WithNow(time.Now))
	p := newProgram(t, build(t), w)
	var process atomic.Pointer[os.Process]
	w.s.Inject(githubtest.Rule{Method: "POST", Path: "/issues$", Nth: 1, Fault: githubtest.Fault{Kind: githubtest.Meanwhile, Do: func() {
		_ = process.Load().Signal(syscall.SIGINT)
	}}})
	out, err := p.apply(&process)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 5 {
		t.Errorf("an interrupted apply ends with %v, want exit code 5\n%s", err, out)
	}
	if n := len(w.s.Issues(githubtest.Repo)); n != 1 {
		t.Errorf("%d issues, want the one whose write was under way\n%s", n, out)
	}
	if again, err := p.apply(&process); err != nil || len(w.s.Issues(githubtest.Repo)) != 3 {
		t.Errorf("the run after: %v\n%s", err, again)
	}
}

// TestPullRequestForWhatPeopleChanged edits an issue as a person, pulls twice, and finds one pull request with the edit, on a
// branch of ours; the default branch is as it was.
func TestPullRequestForWhatPeopleChanged(t *testing.T) {
	w := newWorld(t, 2, githubtest.WithNow(time.Now), githubtest.WithAssignable(githubtest.Repo, "octo-db", "octo-net"))
	p := newProgram(t, build(t), w)
	var process atomic.Pointer[os.Process]
	if out, err := p.apply(&process); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	person := w.s.As(githubtest.Alice)
	person.Assign(githubtest.Repo, 1, "octo-net")
	person.EditIssue(githubtest.Repo, 1, func(i *githubtest.Issue) { i.Body = strings.Replace(i.Body, "2040-01-01", "2040-02-02", 1) })
	person.CloseIssue(githubtest.Repo, 2, "completed")
	for range 2 {
		out, err := p.command("pull")
		if err != nil || !strings.Contains(out, "Pull request") {
			t.Fatalf("pull: %v\n%s", err, out)
		}
	}
	pulls := 0
	for _, i := range w.s.Issues(githubtest.Repo) {
		if i.Pull != nil {
			pulls++
		}
	}
	if pulls != 1 {
		t.Errorf("%d pull requests, want 1", pulls)
	}
	path := "postmortems/" + w.history.Postmortems[0].ID + ".md"
	got, _ := w.s.File(githubtest.Repo, "sitrep/sync", path)
	for _, want := range []string{"| @octo-net | 2040-02-02 | high | prevent | open |", "| @octo-db | 2040-01-01 | high | prevent | done |"} {
		if !strings.Contains(got, want) {
			t.Errorf("the branch says\n%s\nwant it to contain %q", got, want)
		}
	}
	if base, ok := w.s.File(githubtest.Repo, "main", path); ok && strings.Contains(base, "octo-net") {
		t.Errorf("the default branch was written to:\n%s", base)
	}
}

// command runs any command of the program in its repository.
func (p *program) command(args ...string) (string, error) {
	cmd := exec.Command(p.bin, append(args, "--dir", p.repo)...)
	cmd.Env = p.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestAgainstAnEmulator runs the program against an emulator of GitHub that this project did not write: what is created is found
// again, a changed record changes its issue, and a second run has nothing to do.
func TestAgainstAnEmulator(t *testing.T) {
	base := githubtest.Emulator(t, githubtest.EmulatorSeed)
	w := &world{history: history(3)}
	p := newProgramAt(t, build(t), w, base)
	for i, want := range []string{"Plan: ", "Nothing to change"} {
		out, err := p.command("apply", "--yes")
		if err != nil || !strings.Contains(out, want) {
			t.Fatalf("apply number %d: %v\n%s", i+1, err, out)
		}
	}
	file := filepath.Join(p.repo, "postmortems", w.history.Postmortems[0].ID+".md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), "prevent | open", "prevent | done", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"0 to create, 0 to update, 1 to close", "Nothing to change"} {
		if out, err := p.command("apply", "--yes"); err != nil || !strings.Contains(out, want) {
			t.Fatalf("after an item is done: %v, want %q\n%s", err, want, out)
		}
	}
}
