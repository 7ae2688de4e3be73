//go:build unix

package cli

import (
	"os"
	"syscall"
)

// lock keeps others from changing records until the file that it gives is closed, or the process ends in whatever way. A file system
// that cannot lock goes without.
func lock(root *os.Root) (*os.File, error) {
	f, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
	return f, nil
}
