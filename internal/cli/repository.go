package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/gitrepo"
	"github.com/syncwell/sitrep/internal/parse"
)

// repository is an opened work tree. Everything is read through root: no symbolic link leads out of it.
type repository struct {
	dir    string // absolute
	root   *os.Root
	config config.Config
	git    *gitrepo.Repository // nil where the folder is in no Git repository
	commit string              // the one that is read; with the work tree, the one it stands on
	files  fs.FS
}

// FS is the files that are read: the work tree's, or a commit's.
func (r *repository) FS() fs.FS    { return r.files }
func (r *repository) Close() error { return r.root.Close() }

// open finds the repository and reads its config.
func (g *globals) open() (*repository, error) {
	dir, err := g.findDir()
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, repositoryError(fmt.Errorf("open the repository: %w", err))
	}
	r := &repository{dir: dir, root: root, files: root.FS()}
	if err := g.openGit(r); err != nil {
		root.Close()
		return nil, repositoryError(err)
	}
	if r.config, err = config.Load(r.FS()); err != nil {
		root.Close()
		return nil, repositoryError(err)
	}
	return r, nil
}

// openGit finds the Git repository around the records and, with --at, reads the commit asked for.
func (g *globals) openGit(r *repository) (err error) {
	r.git, err = gitrepo.Open(r.dir)
	switch {
	case errors.Is(err, gitrepo.ErrNone) && g.at != "":
		return fmt.Errorf("--at %s: %w: %s", g.at, err, r.dir)
	case err != nil:
		r.git = nil // Git matters to a few commands only; they say so
		return nil
	}
	r.commit = r.git.Head()
	if g.at == "" {
		return nil
	}
	if r.commit, err = r.git.Resolve(g.at); err != nil {
		return err
	}
	r.files, err = r.git.At(r.commit, parse.Folders[parse.IncidentRecord], parse.Folders[parse.PostmortemRecord], config.Path)
	return err
}

// findDir is --dir, or the nearest folder from here upwards that holds records or a Git repository.
func (g *globals) findDir() (string, error) {
	start := g.dir
	if start == "" {
		start = "."
	}
	start, err := filepath.Abs(start)
	if err != nil {
		return "", repositoryError(err)
	}
	info, err := os.Stat(start)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", repositoryError(fmt.Errorf("no folder %q", start))
	case err != nil:
		return "", repositoryError(fmt.Errorf("open the repository: %w", err))
	case !info.IsDir():
		return "", repositoryError(fmt.Errorf("%q is no folder", start))
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if holds(dir, parse.Folders[parse.IncidentRecord]) || holds(dir, parse.Folders[parse.PostmortemRecord]) {
			return dir, nil
		}
		if g.dir != "" || holds(dir, ".git") || dir == filepath.Dir(dir) {
			return "", repositoryError(fmt.Errorf("no incidents/ or postmortems/ folder in %q, want a repository that keeps its records there", dir))
		}
	}
}

func holds(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

// within turns a path as typed into one relative to the repository, with slashes.
func (r *repository) within(typed string) (string, error) {
	abs, err := filepath.Abs(typed)
	if err != nil {
		return "", usageError("%q is no path: %w", typed, err)
	}
	for _, base := range []string{r.dir, realPath(r.dir)} {
		if rel, err := filepath.Rel(base, abs); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel), nil
		}
	}
	// A path that is meant from the repository's root although we stand elsewhere.
	if filepath.IsLocal(typed) && holds(r.dir, typed) {
		return filepath.ToSlash(filepath.Clean(typed)), nil
	}
	return "", usageError("%q is outside the repository %q", typed, r.dir)
}

func realPath(p string) string {
	if real, err := filepath.EvalSymlinks(p); err == nil {
		return real
	}
	return p
}

// clock is --now, or the time.
func (g *globals) clock() (time.Time, error) {
	if g.now == "" {
		return g.env.Now().UTC().Truncate(time.Second), nil
	}
	t, err := calendar.ParseStamp(g.now)
	if err != nil {
		return t, usageError("--now %w, want a time such as 2025-08-18T13:02:00Z", err)
	}
	return t, nil
}
