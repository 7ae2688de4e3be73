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

	"golang.org/x/tools/txtar"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/edit"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/lint"
	"github.com/syncwell/sitrep/internal/parse"
)

// records are a repository's records while one of them is written or shown.
type records struct {
	*repository
	tree parse.Tree
}

// openRecords opens the repository and reads its records with their texts. visit may be nil.
func (g *globals) openRecords(ctx context.Context, visit func(*parse.Document) []diag.Diagnostic) (*records, error) {
	repo, err := g.open()
	if err != nil {
		return nil, err
	}
	tree, err := parse.Read(ctx, repo.FS(), parse.Options{Config: repo.config, Texts: true, Visit: visit})
	if err != nil {
		repo.Close()
		return nil, repositoryError(err)
	}
	return &records{repo, tree}, nil
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

// refusedRules are warnings that an edit must not add: an entry where no reader would look for it.
var refusedRules = []string{"timeline-range", "timeline-order", "update-resolved"}

// refuseWorse lints a record as it was and as it would be. New errors are the reason to refuse an edit; other new findings are told.
func (g *globals) refuseWorse(ctx context.Context, r *records, f edit.File, out []byte) error {
	before, err := g.lintOne(ctx, r, f.Path, f.Source)
	if err != nil {
		return err
	}
	after, err := g.lintOne(ctx, r, f.Path, out)
	if err != nil {
		return err
	}
	for _, d := range added(before, after) {
		if d.Level == diag.Error || slices.Contains(refusedRules, d.Rule) {
			return usageError("nothing was written: %s [%s]%s", harmless.Line(d.Message), d.Rule, hintText(d))
		}
		g.talk("sitrep: %s: %s [%s]%s", d.Level, harmless.Line(d.Message), d.Rule, hintText(d))
	}
	return nil
}

func hintText(d diag.Diagnostic) string {
	if d.Hint == "" {
		return ""
	}
	return "\n  hint: " + harmless.Line(d.Hint)
}

// lintOne gives the findings of one record by itself.
func (g *globals) lintOne(ctx context.Context, r *records, name string, src []byte) ([]diag.Diagnostic, error) {
	fsys, err := txtar.FS(&txtar.Archive{Files: []txtar.File{{Name: name, Data: src}}})
	if err != nil {
		return nil, repositoryError(err)
	}
	result, err := lint.Run(ctx, fsys, lint.Options{Config: r.config})
	if err != nil {
		return nil, repositoryError(err)
	}
	return result.Findings, nil
}

// added are the findings of the rules that find more after than before: those that say what was not said.
func added(before, after []diag.Diagnostic) []diag.Diagnostic {
	count := map[string]int{}
	said := map[string]bool{}
	for _, d := range before {
		count[d.Rule]++
		said[d.Rule+d.Message] = true
	}
	for _, d := range after {
		count[d.Rule]--
	}
	var out []diag.Diagnostic
	for _, d := range after {
		if count[d.Rule] < 0 && !said[d.Rule+d.Message] {
			out = append(out, d)
		}
	}
	return out
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
