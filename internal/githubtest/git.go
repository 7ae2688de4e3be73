package githubtest

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"path"
	"strings"
)

// defaultBranch is where every repository starts, with one commit of a README.md.
const defaultBranch = "main"

// git is as much of a Git repository as the contents API shows: branches, and whole trees of files. No history is kept but the
// parent.
type git struct {
	refs    map[string]string // refs/heads/main: a commit
	commits map[string]commit
	trees   map[string]map[string]string // of a commit or made for one: path: text
}

type commit struct {
	parent, message string
	files           map[string]string // path: text
}

func newGit() *git {
	g := &git{refs: map[string]string{}, commits: map[string]commit{}, trees: map[string]map[string]string{}}
	g.refs["refs/heads/"+defaultBranch] = g.commit(commit{message: "Initial commit", files: map[string]string{"README.md": "# fake\n"}})
	return g
}

// commit keeps a commit and gives back its hash, which is of the right shape but not the one that Git would compute.
func (g *git) commit(c commit) string {
	sum := sha1.Sum(fmt.Appendf(nil, "%d %s %s %v", len(g.commits), c.parent, c.message, c.files))
	sha := hex.EncodeToString(sum[:])
	g.commits[sha] = c
	return sha
}

// branch is the head commit of a branch.
func (g *git) branch(name string) (commit, bool) {
	sha, ok := g.refs["refs/heads/"+name]
	return g.commits[sha], ok
}

// ancestor tells whether old is new or one of its forebears.
func (g *git) ancestor(old, sha string) bool {
	for sha != "" {
		if sha == old {
			return true
		}
		sha = g.commits[sha].parent
	}
	return false
}

// blobSHA is Git's own hash of a file.
func blobSHA(text string) string {
	sum := sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(text), text))
	return hex.EncodeToString(sum[:])
}

func (c *call) refWire(ref string) object {
	sha := c.repo.git.refs[ref]
	return object{
		"ref": ref, "node_id": nodeID("REF", int64(len(ref))), "url": c.repoURL() + "/git/" + ref,
		"object": object{"type": "commit", "sha": sha, "url": c.repoURL() + "/git/commits/" + sha},
	}
}

func getRef(c *call) response {
	ref := "refs/" + c.params["ref"]
	if c.repo.git.refs[ref] == "" {
		return c.fail(http.StatusNotFound, "Not Found")
	}
	return c.json(http.StatusOK, c.refWire(ref))
}

type refBody struct {
	Ref   string `json:"ref"`
	SHA   string `json:"sha"`
	Force bool   `json:"force"`
}

func createRef(c *call) response {
	in, bad := read[refBody](c)
	g := c.repo.git
	switch {
	case bad != nil:
		return *bad
	case !strings.HasPrefix(in.Ref, "refs/") || strings.Count(in.Ref, "/") < 2:
		return c.fail(http.StatusUnprocessableEntity, "Reference name must start with 'refs/' and have at least two slashes.")
	case g.refs[in.Ref] != "":
		return c.fail(http.StatusUnprocessableEntity, "Reference already exists")
	}
	if _, ok := g.commits[in.SHA]; !ok {
		return c.fail(http.StatusUnprocessableEntity, "Object does not exist")
	}
	g.refs[in.Ref] = in.SHA
	a := c.json(http.StatusCreated, c.refWire(in.Ref))
	a.header.Set("Location", c.repoURL()+"/git/"+in.Ref)
	return a
}

func patchRef(c *call) response {
	in, bad := read[refBody](c)
	g, ref := c.repo.git, "refs/"+c.params["ref"]
	if bad != nil {
		return *bad
	}
	_, ok := g.commits[in.SHA]
	switch {
	case g.refs[ref] == "":
		return c.fail(http.StatusUnprocessableEntity, "Reference does not exist")
	case !ok:
		return c.fail(http.StatusUnprocessableEntity, "Object does not exist")
	case !in.Force && !g.ancestor(g.refs[ref], in.SHA):
		return c.fail(http.StatusUnprocessableEntity, "Update is not a fast forward")
	}
	g.refs[ref] = in.SHA
	return c.json(http.StatusOK, c.refWire(ref))
}

func deleteRef(c *call) response {
	ref := "refs/" + c.params["ref"]
	if c.repo.git.refs[ref] == "" {
		return c.fail(http.StatusUnprocessableEntity, "Reference does not exist")
	}
	delete(c.repo.git.refs, ref)
	return c.none()
}

func getContents(c *call) response {
	ref := c.query.Get("ref")
	head, ok := c.repo.git.branch(orDefault(ref))
	if !ok {
		head, ok = c.repo.git.commits[ref]
	}
	if !ok {
		return c.fail(http.StatusNotFound, "No commit found for the ref "+ref)
	}
	text, ok := head.files[c.params["path"]]
	if !ok {
		return c.fail(http.StatusNotFound, "Not Found")
	}
	o := c.fileWire(text)
	o["content"], o["encoding"] = base64.StdEncoding.EncodeToString([]byte(text))+"\n", "base64"
	return c.json(http.StatusOK, o)
}

func orDefault(branch string) string {
	if branch == "" {
		return defaultBranch
	}
	return strings.TrimPrefix(branch, "refs/heads/")
}

func (c *call) fileWire(text string) object {
	file, sha := c.params["path"], blobSHA(text)
	self, blob := c.repoURL()+"/contents/"+file, c.repoURL()+"/git/blobs/"+sha
	html := c.siteURL() + "/blob/" + defaultBranch + "/" + file
	return object{
		"type": "file", "name": path.Base(file), "path": file, "sha": sha, "size": len(text), "url": self, "git_url": blob,
		"html_url": html, "download_url": html, "_links": object{"self": self, "git": blob, "html": html},
	}
}

type contentsBody struct {
	Message string        `json:"message"`
	Content []byte        `json:"content"` // base64 in JSON
	Branch  string        `json:"branch"`
	SHA     field[string] `json:"sha"`
}

// putContents writes one file in one commit: over an old text only for who knows its hash.
func putContents(c *call) response {
	in, bad := read[contentsBody](c)
	if bad != nil {
		return *bad
	}
	g, branch, file := c.repo.git, orDefault(in.Branch), c.params["path"]
	head, ok := g.branch(branch)
	if !ok {
		return c.fail(http.StatusNotFound, "Branch "+branch+" not found")
	}
	old, exists := head.files[file]
	switch {
	case exists && in.SHA.Value == "":
		return c.fail(http.StatusUnprocessableEntity, "Invalid request.\n\n\"sha\" wasn't supplied.")
	case exists && in.SHA.Value != blobSHA(old), !exists && in.SHA.Value != "":
		return c.fail(http.StatusConflict, file+" does not match "+in.SHA.Value)
	}
	files := maps.Clone(head.files)
	files[file] = string(in.Content)
	parent := g.refs["refs/heads/"+branch]
	sha := g.commit(commit{parent: parent, message: in.Message, files: files})
	g.refs["refs/heads/"+branch] = sha
	status := http.StatusCreated
	if exists {
		status = http.StatusOK
	}
	return c.json(status, object{"content": c.fileWire(files[file]), "commit": c.commitWire(sha)})
}

func (c *call) commitWire(sha string) object {
	k, base := c.repo.git.commits[sha], c.repoURL()+"/git/commits/"
	by := object{"name": c.token.login, "email": c.token.login + "@users.noreply.github.test", "date": when(stamp(c.now))}
	return object{
		"sha": sha, "node_id": nodeID("C", int64(len(c.repo.git.commits))), "url": base + sha, "html_url": c.siteURL() + "/commit/" + sha,
		"author": by, "committer": by, "message": k.message, "tree": object{"sha": sha, "url": c.repoURL() + "/git/trees/" + sha},
		"parents":      []object{{"sha": k.parent, "url": base + k.parent, "html_url": c.siteURL() + "/commit/" + k.parent}},
		"verification": object{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil},
	}
}
