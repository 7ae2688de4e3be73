package localtracker

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
)

// maxFile is how long a file may be, in bytes.
const maxFile = 1 << 20

// list names what is in a folder; nothing where there is no folder.
func (t *Tracker) list(dir string) ([]string, error) {
	entries, err := fs.ReadDir(t.root.FS(), dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", dir, err)
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

// load reads a regular file. What is no regular file is not opened: a FIFO would wait for ever.
func (t *Tracker) load(name string) ([]byte, error) {
	info, err := t.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: is no regular file (%s)", name, info.Mode().Type())
	}
	f, err := t.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: longer than %d KiB", name, maxFile>>10)
	}
	return data, nil
}

// loadOrNothing is load where a file need not be there.
func (t *Tracker) loadOrNothing(name string) ([]byte, error) {
	data, err := t.load(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// link makes a file that must not be there yet: of several that try, one succeeds, the others get fs.ErrExist.
func (t *Tracker) link(name string, data []byte) error {
	temp, err := t.temp(name, data)
	if err != nil {
		return err
	}
	err = t.root.Link(temp, name)
	t.step("linked")
	return errors.Join(err, t.finish(name, temp))
}

// replace puts new content in the place of what was read, nil for no file; ErrChanged where something else is there by now.
func (t *Tracker) replace(name string, was, data []byte) error {
	if was == nil {
		err := t.link(name, data)
		if errors.Is(err, fs.ErrExist) {
			err = ErrChanged
		}
		return err
	}
	temp, err := t.temp(name, data)
	if err != nil {
		return err
	}
	if err := t.unchanged(name, was); err != nil {
		return errors.Join(err, t.finish(name, temp))
	}
	t.step("compared")
	if err := t.root.Rename(temp, name); err != nil {
		return errors.Join(err, t.finish(name, temp))
	}
	t.step("renamed")
	t.syncFolder(name)
	return nil
}

func (t *Tracker) unchanged(name string, was []byte) error {
	now, err := t.loadOrNothing(name)
	if err == nil && !bytes.Equal(now, was) {
		return ErrChanged
	}
	return err
}

// temp writes a temporary file beside the one that it is for. A crash leaves it behind; it is no issue and is swept away later.
func (t *Tracker) temp(name string, data []byte) (string, error) {
	if err := t.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return "", err
	}
	temp := path.Join(path.Dir(name), tempLead+strconv.FormatUint(rand.Uint64(), 36)+tempTail)
	f, err := t.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, t.mode(name))
	if err != nil {
		return "", err
	}
	t.step("created")
	_, err = f.Write(data)
	t.step("written")
	err = errors.Join(err, t.sync(f))
	info, statErr := f.Stat()
	if err = errors.Join(err, statErr, f.Close()); err != nil {
		return "", errors.Join(err, t.root.Remove(temp))
	}
	t.step("synced")
	t.sweep(info.ModTime())
	return temp, nil
}

const (
	tempLead = ".sitrep-"
	tempTail = ".tmp"
)

// mode is a file's mode, or that of a new file.
func (t *Tracker) mode(name string) fs.FileMode {
	if info, err := t.root.Lstat(name); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
}

// finish takes a temporary file away and puts its folder on the disk.
func (t *Tracker) finish(name, temp string) error {
	err := t.root.Remove(temp)
	t.step("removed")
	t.syncFolder(name)
	return err
}

// syncFolder puts a folder on the disk where the system knows how to. The file is in place either way.
func (t *Tracker) syncFolder(name string) {
	if dir, err := t.root.Open(path.Dir(name)); err == nil {
		_ = t.sync(dir) // some systems cannot
		dir.Close()
	}
	t.step("folder synced")
}

// abandoned is how much older than a new one a temporary file must be before nobody can be writing it any more.
const abandoned = 10 * time.Minute

func (t *Tracker) noteStale(dir string, names []string) {
	for _, name := range names {
		if strings.HasPrefix(name, tempLead) && strings.HasSuffix(name, tempTail) {
			t.stale = append(t.stale, path.Join(dir, name))
		}
	}
}

// sweep takes away temporary files that runs left behind which did not come to their end. Now is the file system's time.
func (t *Tracker) sweep(now time.Time) {
	for _, name := range t.stale {
		if info, err := t.root.Lstat(name); err == nil && info.Mode().IsRegular() && now.Sub(info.ModTime()) > abandoned {
			_ = t.root.Remove(name) // the next write tries again
		}
	}
	t.stale = nil
}

// next is the number that is given next.
func (t *Tracker) next() (int, error) {
	data, err := t.loadOrNothing(nextFile)
	if err != nil {
		return 0, err
	}
	counted, err := parseNext(data)
	return max(counted, t.highest+1), err
}

// parseNext reads the counter; 1 where there is none.
func parseNext(data []byte) (int, error) {
	if data == nil {
		return 1, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s: %.40q is no number, want that of the next issue; without the file it follows the highest", nextFile, data)
	}
	return n, nil
}

// reserve takes a number before it is used: it is never given again, whatever becomes of its issue.
func (t *Tracker) reserve(number int) error {
	for range attempts {
		was, err := t.loadOrNothing(nextFile)
		if err != nil {
			return err
		}
		if next, err := parseNext(was); err != nil || next > number {
			return err
		}
		err = t.replace(nextFile, was, []byte(strconv.Itoa(number+1)+"\n"))
		if !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return nil // others count on; who links the file first has the number
}

// attempts is how often a file that many write is tried again.
const attempts = 100
