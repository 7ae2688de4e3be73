// Package gitpush owns bringing one new file to a repository's remote: a commit that holds nothing else, and its push. Where the
// push fails everything is put back as it was; the file in the work tree stays.
//
// It refuses to commit what somebody else has changed or staged, to push other people's commits along, and to force anything.
package gitpush

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/http"
)

// File is what is to be pushed.
type File struct {
	Path    string // in the repository, with slashes
	Content []byte
	Message string // of the commit
	When    time.Time
}

// Target is a repository with a remote.
type Target struct {
	git    *git.Repository
	prefix string // of the records within the work tree, "" or with a slash at the end
	token  string
	server string // the host that the token is for
}

// Open finds the Git repository that a folder is in. A token is sent to its server only, by HTTPS.
func Open(dir, token, server string) (*Target, error) {
	r, err := git.PlainOpenWithOptions(dir, &git.PlainOpenOptions{DetectDotGit: true, EnableDotGitCommonDir: true})
	if err != nil {
		return nil, fmt.Errorf("open the Git repository: %w", err)
	}
	t := &Target{git: r, token: token, server: server}
	if w, err := r.Worktree(); err == nil {
		if rel, ok := strings.CutPrefix(dir, w.Filesystem.Root()); ok && strings.Trim(rel, "/\\") != "" {
			t.prefix = strings.Trim(strings.ReplaceAll(rel, "\\", "/"), "/") + "/"
		}
	}
	return t, nil
}

// Origin is the URL of the remote.
func (t *Target) Origin() string {
	remote, err := t.git.Remote(git.DefaultRemoteName)
	if err != nil || len(remote.Config().URLs) == 0 {
		return ""
	}
	return remote.Config().URLs[0]
}

// DefaultBranch is the branch that the remote shows first, as far as the clone knows; else main or master, whichever there is.
func (t *Target) DefaultBranch() (string, error) {
	if head, err := t.git.Reference(plumbing.NewRemoteHEADReferenceName(git.DefaultRemoteName), false); err == nil && head.Type() == plumbing.SymbolicReference {
		return strings.TrimPrefix(head.Target().Short(), git.DefaultRemoteName+"/"), nil
	}
	for _, name := range []string{"main", "master"} {
		for _, ref := range []plumbing.ReferenceName{plumbing.NewRemoteReferenceName(git.DefaultRemoteName, name), plumbing.NewBranchReferenceName(name)} {
			if _, err := t.git.Reference(ref, true); err == nil {
				return name, nil
			}
		}
	}
	head, err := t.git.Head()
	if err != nil {
		return "", errors.New("the repository has no commit yet, want a first one")
	}
	return head.Name().Short(), nil
}

// Push commits the file on the default branch, which the work tree must stand on, and pushes it.
func (t *Target) Push(ctx context.Context, f File) (commit, branch string, err error) {
	branch, err = t.DefaultBranch()
	if err != nil {
		return "", "", err
	}
	head, err := t.git.Head()
	if err != nil {
		return "", "", errors.New("the repository has no commit yet, want a first one")
	}
	if head.Name() != plumbing.NewBranchReferenceName(branch) {
		return "", "", fmt.Errorf("the work tree stands on %s, not on the default branch %s", head.Name().Short(), branch)
	}
	if remote, err := t.git.Reference(plumbing.NewRemoteReferenceName(git.DefaultRemoteName, branch), true); err == nil && remote.Hash() != head.Hash() {
		return "", "", fmt.Errorf("%s and %s/%s are not at the same commit, want them brought together first (git pull, git push)", branch, git.DefaultRemoteName, branch)
	}
	hash, err := t.commit(f, head.Hash())
	if err != nil {
		return "", "", err
	}
	unstage, err := t.stage(f)
	if err != nil {
		return "", "", err
	}
	ref := plumbing.NewHashReference(head.Name(), hash)
	if err := t.git.Storer.CheckAndSetReference(ref, head); err != nil {
		return "", "", errors.Join(fmt.Errorf("move %s: %w", branch, err), unstage())
	}
	if err := t.send(ctx, head.Name()); err != nil {
		return "", "", errors.Join(err, t.git.Storer.CheckAndSetReference(head, ref), unstage())
	}
	return hash.String(), branch, nil
}

// PushBranch commits the file on a new branch from the remote's default branch, and pushes that. The work tree stays where it is.
func (t *Target) PushBranch(ctx context.Context, branch string, f File) (commit string, err error) {
	base, err := t.base()
	if err != nil {
		return "", err
	}
	name := plumbing.NewBranchReferenceName(branch)
	if _, err := t.git.Reference(name, true); err == nil {
		return "", fmt.Errorf("there is a branch %s already", branch)
	}
	hash, err := t.commit(f, base)
	if err != nil {
		return "", err
	}
	if err := t.git.Storer.SetReference(plumbing.NewHashReference(name, hash)); err != nil {
		return "", fmt.Errorf("make branch %s: %w", branch, err)
	}
	if err := t.send(ctx, name); err != nil {
		return "", errors.Join(err, t.git.Storer.RemoveReference(name))
	}
	return hash.String(), nil
}

// base is the commit that a new branch begins at: the remote's default branch as it was fetched last, else where the work tree stands.
func (t *Target) base() (plumbing.Hash, error) {
	if branch, err := t.DefaultBranch(); err == nil {
		if ref, err := t.git.Reference(plumbing.NewRemoteReferenceName(git.DefaultRemoteName, branch), true); err == nil {
			return ref.Hash(), nil
		}
	}
	head, err := t.git.Head()
	if err != nil {
		return plumbing.ZeroHash, errors.New("the repository has no commit yet, want a first one")
	}
	return head.Hash(), nil
}

// commit makes a commit that adds the file to its parent's tree. No branch points to it yet.
func (t *Target) commit(f File, parent plumbing.Hash) (plumbing.Hash, error) {
	fail := func(err error) (plumbing.Hash, error) {
		return plumbing.ZeroHash, fmt.Errorf("make the commit: %w", err)
	}
	before, err := t.git.CommitObject(parent)
	if err != nil {
		return fail(err)
	}
	blob := t.git.Storer.NewEncodedObject()
	blob.SetType(plumbing.BlobObject)
	if err := write(blob, f.Content); err != nil {
		return fail(err)
	}
	leaf, err := t.git.Storer.SetEncodedObject(blob)
	if err != nil {
		return fail(err)
	}
	tree, err := t.grow(before.TreeHash, strings.Split(t.prefix+f.Path, "/"), leaf)
	if err != nil {
		return fail(err)
	}
	who := t.signature(f.When)
	c := &object.Commit{Author: who, Committer: who, Message: f.Message, TreeHash: tree, ParentHashes: []plumbing.Hash{parent}}
	o := t.git.Storer.NewEncodedObject()
	if err := c.Encode(o); err != nil {
		return fail(err)
	}
	hash, err := t.git.Storer.SetEncodedObject(o)
	if err != nil {
		return fail(err)
	}
	return hash, nil
}

func write(o plumbing.EncodedObject, content []byte) error {
	w, err := o.Writer()
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return errors.Join(err, w.Close())
}

// grow gives a tree with a file at a path; the zero hash is the empty tree. A file that is there already is refused.
func (t *Target) grow(hash plumbing.Hash, at []string, leaf plumbing.Hash) (plumbing.Hash, error) {
	var entries []object.TreeEntry
	if hash != plumbing.ZeroHash {
		tree, err := t.git.TreeObject(hash)
		if err != nil {
			return hash, err
		}
		entries = slices.Clone(tree.Entries)
	}
	i := slices.IndexFunc(entries, func(e object.TreeEntry) bool { return e.Name == at[0] })
	entry := object.TreeEntry{Name: at[0], Mode: filemode.Regular, Hash: leaf}
	if len(at) > 1 {
		below := plumbing.ZeroHash
		if i >= 0 {
			below = entries[i].Hash
		}
		sub, err := t.grow(below, at[1:], leaf)
		if err != nil {
			return hash, err
		}
		entry.Mode, entry.Hash = filemode.Dir, sub
	} else if i >= 0 {
		return hash, fmt.Errorf("%s is in the branch already", at[0])
	}
	if i >= 0 {
		entries[i] = entry
	} else {
		entries = append(entries, entry)
	}
	slices.SortFunc(entries, func(a, b object.TreeEntry) int { return strings.Compare(sortName(a), sortName(b)) })
	o := t.git.Storer.NewEncodedObject()
	if err := (&object.Tree{Entries: entries}).Encode(o); err != nil {
		return hash, err
	}
	return t.git.Storer.SetEncodedObject(o)
}

// sortName is what Git orders a tree's entries by: a folder as if its name ended with a slash.
func sortName(e object.TreeEntry) string {
	if e.Mode == filemode.Dir {
		return e.Name + "/"
	}
	return e.Name
}

// stage puts the file, and nothing else, into the index. The function it gives takes it out again.
func (t *Target) stage(f File) (unstage func() error, err error) {
	name := path.Clean(t.prefix + f.Path)
	w, err := t.git.Worktree()
	if err == nil {
		_, err = w.Add(name)
	}
	if err != nil {
		return nil, fmt.Errorf("stage %s: %w", name, err)
	}
	return func() error {
		index, err := t.git.Storer.Index()
		if err != nil {
			return err
		}
		if _, err := index.Remove(name); err != nil {
			return err
		}
		return t.git.Storer.SetIndex(index)
	}, nil
}

// signature is the person that Git is configured for.
func (t *Target) signature(when time.Time) object.Signature {
	s := object.Signature{Name: "sitrep", Email: "sitrep@localhost", When: when}
	if c, err := t.git.ConfigScoped(config.SystemScope); err == nil && c.User.Name != "" && c.User.Email != "" {
		s.Name, s.Email = c.User.Name, c.User.Email
	}
	return s
}

// send pushes one branch to the branch of the same name.
func (t *Target) send(ctx context.Context, branch plumbing.ReferenceName) error {
	origin := t.Origin()
	if origin == "" {
		return errors.New("there is no remote origin to push to")
	}
	err := t.git.PushContext(ctx, &git.PushOptions{
		RemoteName: git.DefaultRemoteName, RefSpecs: []config.RefSpec{config.RefSpec(branch + ":" + branch)}, Auth: t.auth(origin), Progress: io.Discard,
	})
	if err != nil {
		return fmt.Errorf("push %s: %w", branch.Short(), err)
	}
	return nil
}

// auth is the token, for its own server by HTTPS. Other remotes use what Git has: an SSH agent, or nothing.
func (t *Target) auth(origin string) transport.AuthMethod {
	u, err := url.Parse(origin)
	if t.token == "" || err != nil || u.Scheme != "https" || u.Host != t.server {
		return nil
	}
	return &http.BasicAuth{Username: "x-access-token", Password: t.token}
}
