//go:build unix

package localtracker_test

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestNoFiles: what stands where a file should be is not read, and does not hang.
func TestNoFiles(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"folder":  func(path string) error { return os.Mkdir(path, 0o755) },
		"FIFO":    func(path string) error { return syscall.Mkfifo(path, 0o644) },
		"link":    func(path string) error { return os.Symlink("0002.md", path) },
		"outside": func(path string) error { return os.Symlink("/etc/passwd", path) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newRepository(t)
			h.write(".sitrep/issues/0002.md", "---\ntitle: x\n---\n")
			if err := make(h.path(1)); err != nil {
				t.Skip(err)
			}
			if _, err := h.open().Read(context.Background()); err == nil || !strings.Contains(err.Error(), "0001.md: is no regular file") {
				t.Errorf("error %v, want one that names the file", err)
			}
		})
	}
}
