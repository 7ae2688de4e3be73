package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// replaceFile writes a file as a whole: whoever looks, also after a crash, finds the old or the new content. The mode stays.
func replaceFile(root *os.Root, name string, data []byte) (err error) {
	mode := fs.FileMode(0o644)
	if info, err := root.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	temp := path.Join(path.Dir(name), fmt.Sprintf(".%s.%d.tmp", path.Base(name), os.Getpid()))
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, werr := f.Write(data)
	err = errors.Join(werr, f.Sync(), f.Close())
	if err == nil {
		err = root.Rename(temp, name)
	}
	if err != nil {
		_ = root.Remove(temp) // the error that counts is the first
	}
	return err
}
