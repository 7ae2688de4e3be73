package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/parse"
)

// records are a repository's records while one of them is written or shown.
type records struct {
	*repository
	tree parse.Tree
	lock *os.File // nil for readers
}

// Close lets go of the repository.
func (r *records) Close() error {
	if r.lock != nil {
		r.lock.Close()
	}
	return r.repository.Close()
}

// openToChange is openRecords for who changes a record by what it says: nobody else does meanwhile.
func (g *globals) openToChange(ctx context.Context) (*records, error) {
	repo, err := g.open()
	if err != nil {
		return nil, err
	}
	held, err := lock(repo.root)
	if err != nil {
		repo.Close()
		return nil, repositoryError(fmt.Errorf("lock the repository: %w", err))
	}
	r, err := repo.records(ctx, nil)
	if err != nil {
		held.Close()
		return nil, err
	}
	r.lock = held
	return r, nil
}

// openRecords opens the repository and reads its records with their texts. visit may be nil.
func (g *globals) openRecords(ctx context.Context, visit func(*parse.Document) []diag.Diagnostic) (*records, error) {
	repo, err := g.open()
	if err != nil {
		return nil, err
	}
	return repo.records(ctx, visit)
}

// records reads a repository's records, and closes it where that fails.
func (r *repository) records(ctx context.Context, visit func(*parse.Document) []diag.Diagnostic) (*records, error) {
	tree, err := parse.Read(ctx, r.FS(), parse.Options{Config: r.config, Texts: true, Visit: visit})
	if err != nil {
		r.Close()
		return nil, repositoryError(err)
	}
	return &records{repository: r, tree: tree}, nil
}

// taken tells whether an id is in use, by a record or by a file of that name.
func (r *records) taken(id string) bool {
	for i := range r.tree.Records {
		rec := &r.tree.Records[i]
		former := []string(nil)
		if rec.Incident != nil {
			former = rec.Incident.FormerIDs
		} else if rec.Postmortem != nil {
			former = rec.Postmortem.FormerIDs
		}
		if rec.ID == id || slices.Contains(former, id) {
			return true
		}
	}
	for _, folder := range parse.Folders {
		if _, err := r.root.Lstat(folder + "/" + id + ".md"); err == nil {
			return true
		}
	}
	return false
}

// postmortemOf is the post-mortem about an incident; nil where there is none.
func (r *records) postmortemOf(id string) *parse.Record {
	for i := range r.tree.Records {
		if rec := &r.tree.Records[i]; rec.Postmortem != nil && slices.Contains(rec.Postmortem.Incidents, id) {
			return rec
		}
	}
	return nil
}

// edited is what an edit made of a record, and what to tell about it.
type edited struct {
	source []byte
	said   []string
}

// editFile changes a record: what edit makes of it is written as a whole, unless it reads worse than before.
func (g *globals) editFile(ctx context.Context, r *records, rec *parse.Record, change func(edit.File) (edited, error)) error {
	f, err := r.file(rec)
	if err != nil {
		return err
	}
	out, err := change(f)
	if err != nil {
		return err
	}
	if bytes.Equal(out.source, f.Source) {
		g.talk("%s stays as it is", harmless.Line(rec.Path))
		return nil
	}
	if err := g.refuseWorse(ctx, r, f, out.source); err != nil {
		return err
	}
	if now, err := fs.ReadFile(r.root.FS(), rec.Path); err != nil || !bytes.Equal(now, f.Source) {
		return &exitError{exitIncomplete, fmt.Errorf("%s was changed by somebody else meanwhile, run it again", harmless.Line(rec.Path))}
	}
	if err := replaceFile(r.root, rec.Path, out.source); err != nil {
		return writeError(rec.Path, err)
	}
	fmt.Fprintln(g.env.Stdout, harmless.Line(rec.Path))
	for _, line := range out.said {
		fmt.Fprintln(g.env.Stdout, "  "+harmless.Line(line))
	}
	return nil
}

// file reads a record to be changed. A symbolic link is refused: writing would put a file in its place.
func (r *records) file(rec *parse.Record) (edit.File, error) {
	info, err := r.root.Lstat(rec.Path)
	if err != nil {
		return edit.File{}, repositoryError(fmt.Errorf("read %s: %w", rec.Path, err))
	}
	if !info.Mode().IsRegular() {
		return edit.File{}, repositoryError(fmt.Errorf("%s is no regular file, want the file itself changed", harmless.Line(rec.Path)))
	}
	src, err := fs.ReadFile(r.root.FS(), rec.Path)
	if err != nil {
		return edit.File{}, repositoryError(fmt.Errorf("read %s: %w", rec.Path, err))
	}
	return edit.File{Path: rec.Path, Kind: rec.Kind, Source: src, Config: &r.config}, nil
}

// editError is for what package edit refuses: the file, or the text asked for.
func editError(err error) error {
	return &exitError{exitUsage, errors.New(harmless.Terminal(err.Error()))} // it may quote the record
}

// writeError is for a file that was not written: without permission it is the repository's trouble, else (a full disk) it is safe to
// run again once there is room.
func writeError(name string, err error) error {
	code := exitIncomplete
	if errors.Is(err, fs.ErrPermission) || strings.Contains(err.Error(), "read-only file system") {
		code = exitRepository
	}
	return &exitError{code, fmt.Errorf("write %s: %w; nothing was changed", harmless.Line(name), err)}
}

// createFile writes a new file as a whole and never over another: whoever looks, also after a crash, finds nothing or all of it.
func createFile(root *os.Root, name string, data []byte) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	temp := path.Join(path.Dir(name), fmt.Sprintf(".%s.%d.tmp", path.Base(name), os.Getpid()))
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer root.Remove(temp)
	_, werr := f.Write(data)
	if err := errors.Join(werr, f.Sync(), f.Close()); err != nil {
		return err
	}
	err = root.Link(temp, name) // fails where the name is taken, which renaming does not
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// A file system without links: look, then rename.
	if _, err := root.Lstat(name); err == nil {
		return fs.ErrExist
	}
	return root.Rename(temp, name)
}
