// Package gitrepo owns what the tool asks of Git: which commit the work tree stands on, where its remote is, and the files of a
// commit as a file system.
//
// It refuses to change anything, and to shell out.
package gitrepo

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"golang.org/x/tools/txtar"
)

// Repository is an opened Git repository.
type Repository struct{ git *git.Repository }

// ErrNone tells that a folder is in no Git repository.
var ErrNone = errors.New("not a Git repository")

// Open finds the repository that a folder is in.
func Open(dir string) (*Repository, error) {
	r, err := git.PlainOpenWithOptions(dir, &git.PlainOpenOptions{DetectDotGit: true, EnableDotGitCommonDir: true})
	if errors.Is(err, git.ErrRepositoryNotExists) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("open the Git repository: %w", err)
	}
	return &Repository{r}, nil
}

// Head is the commit that the work tree stands on; "" before the first commit.
func (r *Repository) Head() string {
	head, err := r.git.Head()
	if err != nil {
		return ""
	}
	return head.Hash().String()
}

// Origin is the URL of the remote named origin; "" where there is none.
func (r *Repository) Origin() string {
	remote, err := r.git.Remote("origin")
	if err != nil || len(remote.Config().URLs) == 0 {
		return ""
	}
	return remote.Config().URLs[0]
}

// maxBlob is the largest file that is read out of a commit, in bytes; the rest of a larger one is left out, which is enough for
// its reader to see that it is too large.
const maxBlob = 1<<20 + 1

// Resolve gives the hash of a commit, named as git rev-parse understands it.
func (r *Repository) Resolve(rev string) (string, error) {
	hash, err := r.git.ResolveRevision(plumbing.Revision(rev))
	if err != nil {
		return "", fmt.Errorf("no commit %q in this repository: %w (a shallow clone has no history: fetch with depth 0)", rev, err)
	}
	return hash.String(), nil
}

// At gives the files of a commit below the folders wanted; of all other files only the names are there, with no content.
func (r *Repository) At(hash string, wanted ...string) (fs.FS, error) {
	commit, err := r.git.CommitObject(plumbing.NewHash(hash))
	if err != nil {
		return nil, fmt.Errorf("read commit %s: %w", hash, err)
	}
	tree, err := commit.Tree()
	if err != nil {
		return nil, fmt.Errorf("read commit %s: %w", hash, err)
	}
	var archive txtar.Archive
	if err := r.walk(tree, wanted, &archive); err != nil {
		return nil, fmt.Errorf("read commit %s: %w", hash, err)
	}
	return txtar.FS(&archive)
}

func (r *Repository) walk(tree *object.Tree, wanted []string, into *txtar.Archive) error {
	w := object.NewTreeWalker(tree, true, nil)
	defer w.Close()
	for {
		name, entry, err := w.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if entry.Mode == filemode.Dir || entry.Mode == filemode.Submodule || !fs.ValidPath(name) {
			continue
		}
		file := txtar.File{Name: name}
		if entry.Mode != filemode.Symlink && isBelow(name, wanted) {
			if file.Data, err = r.blob(entry.Hash); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		into.Files = append(into.Files, file)
	}
}

func isBelow(name string, wanted []string) bool {
	for _, w := range wanted {
		if name == w || strings.HasPrefix(name, w+"/") {
			return true
		}
	}
	return false
}

func (r *Repository) blob(hash plumbing.Hash) ([]byte, error) {
	b, err := r.git.BlobObject(hash)
	if err != nil {
		return nil, err
	}
	in, err := b.Reader()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, maxBlob))
}
