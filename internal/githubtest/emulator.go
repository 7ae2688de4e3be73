package githubtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// EmulatorSeed is the state for Emulator that is nearest to what a Server starts with: Repo of an organization, Token for Bot,
// and Alice and Ben as its members.
const EmulatorSeed = `
tokens:
  ` + Token + `:
    login: ` + Bot + `
    scopes: [repo, user]
github:
  users:
    - login: ` + Bot + `
    - login: ` + Alice + `
    - login: ` + Ben + `
  orgs:
    - login: acme
      name: Acme
      members:
        - {login: ` + Bot + `, role: admin}
        - {login: ` + Alice + `, role: member}
        - {login: ` + Ben + `, role: member}
  repos:
    - owner: acme
      name: ops
      auto_init: true
`

// emulatorPatience is how long the emulator may take to answer for the first time.
const emulatorPatience = 30 * time.Second

// Emulator starts the npm package "emulate" 0.12.2 of test/emulator with a seed in YAML, on a free port of 127.0.0.1, and ends
// it with the test. It was not written here: what passes on the Server and on it does not rest on one reading of GitHub's
// documentation alone. The test is skipped where the package is not installed (npm ci in test/emulator).
//
// What it does, as TestEmulator holds: issues (create, get, change, list by state and labels; pages by number), comments on an
// issue and by their id, labels of repositories and issues (made on the way, from objects and bare arrays), assignees, refs,
// contents and pull requests, GET /user, rate-limit headers. Like GitHub to a token with push access, and unlike a Server without
// WithRefusedAssignees, it answers 422 to an issue with somebody who can't be assigned.
//
// What it does otherwise than GitHub: a token that nobody knows reads and writes, as the first user of the seed, and no token
// reads; titles and bodies have no limit; a 422 has no errors[]; stamps have milliseconds; URLs in answers say "localhost"; a
// lock without a body is a 400; a pull request is not among the issues.
//
// What it does not do: ETag, conditional requests, cursors, GraphQL, Git, secondary limits, faults, the comments of a whole
// repository (404, its route is shadowed), GET .../assignees (404).
func Emulator(t testing.TB, seed string) (baseURL string) {
	t.Helper()
	dir, node := emulatorParts(t)
	file := filepath.Join(t.TempDir(), "seed.yaml")
	if err := os.WriteFile(file, []byte(seed), 0o600); err != nil {
		t.Fatalf("githubtest: %v", err)
	}
	var err error
	for range 3 { // somebody else may take the free port first
		var url string
		if url, err = startEmulator(t, dir, node, file); err == nil {
			return url
		}
	}
	t.Fatalf("githubtest: the emulator does not start: %v", err)
	return ""
}

// emulatorParts finds the package and the Node that it runs on, Node 22 from npm too.
func emulatorParts(t testing.TB) (dir, node string) {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Skipf("GitHub emulator not installed: %v", err)
	}
	dir = filepath.Join(root, "test", "emulator")
	machine := map[string]string{"amd64": "x64"}[runtime.GOARCH]
	if machine == "" {
		machine = runtime.GOARCH
	}
	node = filepath.Join(dir, "node_modules", "node-"+runtime.GOOS+"-"+machine, "bin", "node")
	for _, part := range []string{filepath.Join(dir, "node_modules", "emulate"), node} {
		if _, err := os.Stat(part); err != nil {
			t.Skip("GitHub emulator not installed, run make test-deps")
		}
	}
	return dir, node
}

// startEmulator starts one on a free port and waits until it answers.
func startEmulator(t testing.TB, dir, node, seed string) (string, error) {
	t.Helper()
	port, err := freePort()
	if err != nil {
		return "", err
	}
	var output bytes.Buffer
	cmd := exec.Command(node, "start.mjs", strconv.Itoa(port), seed)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &output, &output
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	t.Cleanup(func() { endEmulator(stdin, cmd.Process, exited) })
	url := "http://127.0.0.1:" + strconv.Itoa(port)
	if err := answers(url+"/rate_limit", exited); err != nil {
		endEmulator(stdin, cmd.Process, exited)
		return "", fmt.Errorf("%w\n%s", err, output.String())
	}
	return url, nil
}

// endEmulator asks it to end by closing its standard input, and insists after a while.
func endEmulator(stdin io.Closer, process *os.Process, exited <-chan struct{}) {
	_ = stdin.Close()
	select {
	case <-exited:
	case <-time.After(5 * time.Second):
		_ = process.Kill()
		<-exited
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// answers asks until there is an answer, the process ends or patience does.
func answers(url string, exited <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), emulatorPatience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(r); err == nil {
			return resp.Body.Close()
		}
		select {
		case <-exited:
			return errors.New("it ended")
		case <-ctx.Done():
			return fmt.Errorf("no answer from %s in %s", url, emulatorPatience)
		case <-again.C:
		}
	}
}
