//go:build unix

package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestNoWritePermission runs as somebody who may read the repository and not write it.
func TestNoWritePermission(t *testing.T) {
	dir, file := openRepository(t)
	binary := os.Args[0]
	var credential *syscall.Credential
	if os.Geteuid() == 0 { // nothing is forbidden to root: be somebody else
		credential = &syscall.Credential{Uid: 65534, Gid: 65534}
		binary = copyOf(t, os.Args[0], filepath.Join(filepath.Dir(dir), "sitrep"))
		if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Dir(file), 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Dir(file), 0o755) })
	for _, args := range [][]string{
		{"log", "text", "--now", "2025-03-04T13:20:00Z"},
		{"update", "text", "--now", "2025-03-04T13:20:00Z"},
		{"set", "severity=SEV-2"},
		{"declare", "Web is down", "--severity", "SEV-3"},
		{"init", dir},
	} {
		cmd := sitrep(binary, append(args, "--dir", dir)...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CACHE_HOME="+dir)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if errors.Is(err, os.ErrPermission) {
			t.Skipf("the test's binary cannot be run as somebody else: %v", err)
		}
		if !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.Contains(string(out), "permission denied; nothing was changed") {
			t.Errorf("sitrep %q: %v\n%s", args, err, out)
		}
	}
	if src, err := os.ReadFile(file); err != nil || !bytes.Equal(src, []byte(openIncident)) {
		t.Errorf("the file changed: %v\n%s", err, src)
	}
}

func copyOf(t *testing.T, from, to string) string {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o755); err != nil {
		t.Fatal(err)
	}
	return to
}
