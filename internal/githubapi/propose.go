package githubapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/go-github/v62/github"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// BranchPrefix starts the names of the branches that are ours to overwrite.
const BranchPrefix = "sitrep/"

// Proposal is a set of changed files for people to look at.
type Proposal struct {
	Branch        string // starts with BranchPrefix
	Base          string // the branch to merge into; the default branch if empty
	Title         string
	Body          string // Markdown
	CommitMessage string
	Files         map[string][]byte // whole files in UTF-8, by their path in the repository
}

// ProposeChange makes one commit on the head of the base branch, puts Branch there and opens a pull request, or brings the open
// one up to date. Where it proposes these files already nothing is written. Where the base has them already, number is 0; where a
// person closed a pull request for the same files unmerged, it is given and stays closed.
//
// It never overwrites what a person put on the branch, and writes to no other.
func (c *Client) ProposeChange(ctx context.Context, p Proposal) (address string, number int, err error) {
	p, err = c.check(ctx, p)
	if err != nil {
		return "", 0, fmt.Errorf("propose a change: %w", err)
	}
	pull, err := c.propose(ctx, p)
	if err != nil {
		return "", 0, fmt.Errorf("propose a change on %s: %w", p.Branch, err)
	}
	return pull.GetHTMLURL(), pull.GetNumber(), nil
}

// check refuses proposals that would write what is not ours, and fills in the base.
func (c *Client) check(ctx context.Context, p Proposal) (Proposal, error) {
	if len(p.Files) == 0 {
		return p, errors.New("there are no files")
	}
	for name, text := range p.Files {
		if name != path.Clean(name) || path.IsAbs(name) || name == "." || strings.HasPrefix(name, "..") || strings.HasPrefix(name, ".git/") {
			return p, fmt.Errorf("%q is no path of a file", name)
		}
		if !utf8.Valid(text) {
			return p, fmt.Errorf("%s is not UTF-8", name)
		}
	}
	if !strings.HasPrefix(p.Branch, BranchPrefix) || strings.Contains(p.Branch, "..") {
		return p, fmt.Errorf("branch %q is not ours, want one that starts with %s", p.Branch, BranchPrefix)
	}
	var repo github.Repository
	if err := c.get(ctx, c.at(""), &repo); err != nil {
		return p, err
	}
	if p.Base == "" {
		p.Base = repo.GetDefaultBranch()
	}
	if p.Branch == p.Base || p.Branch == repo.GetDefaultBranch() {
		return p, fmt.Errorf("%s is never pushed to", p.Branch)
	}
	return p, nil
}

func (c *Client) propose(ctx context.Context, p Proposal) (*github.PullRequest, error) {
	digest := p.digest()
	pulls, err := c.pulls(ctx, p)
	if err != nil {
		return nil, err
	}
	open := find(pulls, func(pr *github.PullRequest) bool { return pr.GetState() == "open" })
	if declined := find(pulls, func(pr *github.PullRequest) bool { return carries(pr, digest) }); open == nil && declined != nil && declined.GetMergedAt().IsZero() {
		return declined, nil
	}
	head, err := c.head(ctx, p.Branch)
	if err != nil {
		return nil, err
	}
	if head != "" {
		ours, same, err := c.onBranch(ctx, head, digest)
		switch {
		case err != nil:
			return nil, err
		case same && open != nil && carries(open, digest):
			return open, nil
		case !ours:
			return nil, errors.New("somebody else's commits are on the branch: merge it, or delete it")
		}
	}
	commit, err := c.commit(ctx, p, digest)
	if err != nil || commit == "" {
		return nil, err
	}
	if err := c.putBranch(ctx, p.Branch, head, commit); err != nil {
		return nil, err
	}
	if open != nil {
		return c.updatePull(ctx, p, open, digest)
	}
	return c.openPull(ctx, p, digest)
}

// digest tells one proposal's content from another's.
func (p Proposal) digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", p.Base)
	for _, name := range slices.Sorted(maps.Keys(p.Files)) {
		fmt.Fprintf(h, "%q %q\n", name, p.Files[name])
	}
	return hex.EncodeToString(h.Sum(nil))[:20]
}

// get reads one thing.
func (c *Client) get(ctx context.Context, at string, value any) error {
	a, err := c.wire.read(ctx, call{path: at})
	if err != nil {
		return err
	}
	return c.wire.into(a, value, false)
}

// head is the commit that a branch is at; "" where there is no such branch.
func (c *Client) head(ctx context.Context, branch string) (string, error) {
	var ref github.Reference
	err := c.get(ctx, c.at("/git/ref/heads/%s", escape(branch)), &ref)
	switch {
	case statusOf(err) == http.StatusNotFound:
		return "", nil
	case err == nil && ref.GetObject().GetSHA() == "":
		return "", fmt.Errorf("GitHub does not say where %s is", branch)
	}
	return ref.GetObject().GetSHA(), err
}

// escape makes a path of a branch's name: its slashes stay.
func escape(branch string) string {
	parts := strings.Split(branch, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

// trailer ends the message of our commits: what the commit proposes, and the tree that it is. A commit whose tree is another was
// changed by somebody.
const trailer = "\n\nSitrep-Sync: %s %s\n"

// onBranch tells whether a commit is ours, and whether it is this proposal.
func (c *Client) onBranch(ctx context.Context, commit, digest string) (ours, same bool, err error) {
	var got github.Commit
	if err := c.get(ctx, c.at("/git/commits/%s", commit), &got); err != nil {
		return false, false, err
	}
	_, ends, ours := strings.Cut(got.GetMessage(), "\n\nSitrep-Sync: ")
	said, tree, _ := strings.Cut(strings.TrimSpace(ends), " ")
	ours = ours && tree == got.GetTree().GetSHA()
	return ours, ours && said == digest, nil
}

// commit makes the commit of a proposal, and gives "" where the base has all of it already. Nothing points to what it makes: made
// twice it does no harm.
func (c *Client) commit(ctx context.Context, p Proposal, digest string) (string, error) {
	base, err := c.head(ctx, p.Base)
	if err == nil && base == "" {
		err = errors.New("it is not there")
	}
	if err != nil {
		return "", fmt.Errorf("branch %s: %w", p.Base, err)
	}
	var parent github.Commit
	if err := c.get(ctx, c.at("/git/commits/%s", base), &parent); err != nil {
		return "", err
	}
	type entry struct {
		Path    string `json:"path"`
		Mode    string `json:"mode"`
		Type    string `json:"type"`
		Content string `json:"content"`
	}
	var entries []entry
	for _, name := range slices.Sorted(maps.Keys(p.Files)) {
		entries = append(entries, entry{name, "100644", "blob", string(p.Files[name])})
	}
	var tree struct{ SHA string }
	err = c.put(ctx, http.MethodPost, c.at("/git/trees"), map[string]any{"base_tree": parent.GetTree().GetSHA(), "tree": entries}, &tree)
	if err != nil || tree.SHA == parent.GetTree().GetSHA() {
		return "", err
	}
	var made struct{ SHA string }
	err = c.put(ctx, http.MethodPost, c.at("/git/commits"), map[string]any{
		"message": strings.TrimSpace(p.CommitMessage) + fmt.Sprintf(trailer, digest, tree.SHA), "tree": tree.SHA, "parents": []string{base},
	}, &made)
	if err == nil && made.SHA == "" {
		err = errors.New("GitHub does not say which commit it made")
	}
	return made.SHA, err
}

// put sends one write and decodes its answer. One whose outcome is unknown is reconcile.ErrUnknownOutcome.
func (c *Client) put(ctx context.Context, method, at string, body, value any) error {
	a, err := c.wire.write(ctx, call{method: method, path: at, body: body})
	if err == nil {
		err = c.wire.into(a, value, true)
	}
	if unknown(err) {
		return &failure{unknown: true, kind: reconcile.ErrUnknownOutcome, text: err.Error() + ": " + reconcile.ErrUnknownOutcome.Error()}
	}
	return err
}

// putBranch moves a branch from old, "" for none, to a commit. It says where the branch is to be, so after a write without an answer
// it is looked at.
func (c *Client) putBranch(ctx context.Context, branch, old, commit string) error {
	method, at, body := http.MethodPost, c.at("/git/refs"), map[string]any{"ref": "refs/heads/" + branch, "sha": commit}
	if old != "" {
		method, at, body = http.MethodPatch, c.at("/git/refs/heads/%s", escape(branch)), map[string]any{"sha": commit, "force": true}
	}
	var ref github.Reference
	err := c.put(ctx, method, at, body, &ref)
	if !unknown(err) {
		return err
	}
	if now, readErr := c.head(ctx, branch); readErr != nil || now != commit {
		return err
	}
	return nil
}
