package githubtest

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// tree keeps a set of files under a hash, which is of the right shape but not the one that Git would compute.
func (g *git) tree(files map[string]string) string {
	var text []byte
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text = fmt.Appendf(text, "%q %q\n", name, files[name])
	}
	sum := sha1.Sum(text)
	sha := hex.EncodeToString(sum[:])
	g.trees[sha] = files
	return sha
}

func (c *call) gitCommitWire(sha string) object {
	g := c.repo.git
	it := g.commits[sha]
	tree := g.tree(it.files)
	parents := []object{}
	if it.parent != "" {
		parents = append(parents, object{"sha": it.parent, "url": c.repoURL() + "/git/commits/" + it.parent, "html_url": c.siteURL() + "/commit/" + it.parent})
	}
	who := object{"name": Bot, "email": "bot@github.test", "date": when(Epoch)}
	return object{
		"sha": sha, "node_id": "C_" + sha, "url": c.repoURL() + "/git/commits/" + sha, "html_url": c.siteURL() + "/commit/" + sha,
		"author": who, "committer": who, "message": it.message, "parents": parents,
		"tree":         object{"sha": tree, "url": c.repoURL() + "/git/trees/" + tree},
		"verification": object{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil},
	}
}

func getCommit(c *call) response {
	sha := c.params["commit_sha"]
	if _, ok := c.repo.git.commits[sha]; !ok {
		return c.fail(http.StatusNotFound, "Not Found")
	}
	return c.json(http.StatusOK, c.gitCommitWire(sha))
}

type treeBody struct {
	BaseTree string      `json:"base_tree"`
	Tree     []treeEntry `json:"tree"`
}

type treeEntry struct {
	Path    string `json:"path"`
	Mode    string `json:"mode"`
	Type    string `json:"type"`
	Content string `json:"content"`
}

// createTree takes files by their content only, on top of a tree that is there.
func createTree(c *call) response {
	in, bad := read[treeBody](c)
	g := c.repo.git
	base, ok := g.trees[in.BaseTree]
	switch {
	case bad != nil:
		return *bad
	case !ok:
		return c.fail(http.StatusNotFound, "Not Found")
	}
	files := maps.Clone(base)
	for _, e := range in.Tree {
		files[e.Path] = e.Content
	}
	sha := g.tree(files)
	entries := []object{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		blob := blobSHA(files[name])
		entries = append(entries, object{"path": name, "mode": "100644", "type": "blob", "sha": blob, "size": len(files[name]), "url": c.repoURL() + "/git/blobs/" + blob})
	}
	a := c.json(http.StatusCreated, object{"sha": sha, "url": c.repoURL() + "/git/trees/" + sha, "tree": entries, "truncated": false})
	a.header.Set("Location", c.repoURL()+"/git/trees/"+sha)
	return a
}

type commitBody struct {
	Message string   `json:"message"`
	Tree    string   `json:"tree"`
	Parents []string `json:"parents"`
}

// createCommit makes a commit of one parent that nothing points to.
func createCommit(c *call) response {
	in, bad := read[commitBody](c)
	g := c.repo.git
	files, ok := g.trees[in.Tree]
	switch {
	case bad != nil:
		return *bad
	case !ok:
		return c.fail(http.StatusUnprocessableEntity, "Tree SHA does not exist")
	case len(in.Parents) != 1:
		return c.fail(http.StatusUnprocessableEntity, "The fake makes commits of one parent")
	}
	if _, ok := g.commits[in.Parents[0]]; !ok {
		return c.fail(http.StatusUnprocessableEntity, "Parent SHA does not exist or is not a commit object")
	}
	sha := g.commit(commit{parent: in.Parents[0], message: in.Message, files: files})
	a := c.json(http.StatusCreated, c.gitCommitWire(sha))
	a.header.Set("Location", c.repoURL()+"/git/commits/"+sha)
	return a
}
