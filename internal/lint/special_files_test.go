//go:build unix

package lint_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/lint"
)

// TestSpecialFiles lints a work tree through os.Root, as the command does: what is no regular file of the repository is a
// finding, is never waited for, and hides no other file.
func TestSpecialFiles(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret.md")
	writeFile(t, outside, "---\ntitle: secret\n")
	dir := t.TempDir()
	good := read(t, edgecases+"/incident/01-valid-baseline.md")
	writeFile(t, filepath.Join(dir, "incidents/"+caseID+".md"), strings.Replace(good, "SEV-1", "SEV-9", 1))
	writeFile(t, filepath.Join(dir, "incidents/2025-08-01-folder.md/2025-08-18-within.md"), good)
	writeFile(t, filepath.Join(dir, "elsewhere.md"), good)
	record := func(name string) string { return filepath.Join(dir, "incidents", "2025-08-18-"+name+".md") }
	for _, err := range []error{
		syscall.Mkfifo(record("fifo"), 0o600),
		os.Symlink(record("fifo"), record("fifo-absolute")),
		os.Symlink(filepath.Base(record("fifo")), record("fifo-link")),
		os.Symlink(outside, record("outside")),
		os.Symlink("../../../../../../../../etc/passwd", record("passwd")),
		os.Symlink("/dev/zero", record("device")),
		os.Symlink(filepath.Base(record("loop")), record("loop")),
		os.Symlink("nowhere.md", record("dangling")),
		os.Symlink("../elsewhere.md", record("inside")),
		os.Symlink("..", record("folder-link")),
		os.Mkdir(filepath.Join(dir, "postmortems"), 0o700),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	result, err := lint.Run(t.Context(), root.FS(), lint.Options{Config: config.Default()})
	if err != nil {
		t.Fatalf("a file that cannot be read is a finding: %v", err)
	}
	got := map[string]string{}
	for _, d := range result.Findings {
		name := strings.TrimSuffix(strings.TrimPrefix(d.Path, "incidents/2025-08-18-"), ".md")
		got[name] += d.Message + " [" + d.Rule + "]"
	}
	want := map[string]string{
		"api-outage":                  `unknown severity "SEV-9", want SEV-1, SEV-2 or SEV-3 [severity]`,
		"fifo":                        "is a named pipe, want a regular file [file]",
		"fifo-absolute":               "is a symbolic link that cannot be followed: path escapes from parent [file]",
		"fifo-link":                   "is a named pipe, want a regular file [file]",
		"outside":                     "is a symbolic link that cannot be followed: path escapes from parent [file]",
		"passwd":                      "is a symbolic link that cannot be followed: path escapes from parent [file]",
		"device":                      "is a symbolic link that cannot be followed: path escapes from parent [file]",
		"loop":                        "is a symbolic link that cannot be followed: too many levels of symbolic links [file]",
		"dangling":                    "is a symbolic link that cannot be followed: no such file or directory [file]",
		"folder-link":                 "is a folder, want a regular file [file]",
		"incidents/2025-08-01-folder": "is a folder, want a file [file]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if result.Files != 13 {
		t.Errorf("%d files looked at, want 13", result.Files)
	}
}

func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
