package githubapi_test

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	gt "github.com/syncwell/sitrep/internal/githubtest"
)

// gitData stands before the fake and serves what the fake does not: trees and commits. A commit is made real in the fake by putting
// its files on a branch of the moment.
type gitData struct {
	t       *testing.T
	s       *gt.Server
	commits map[string]gitCommit // by hash
	trees   map[string]gitTree
	sent    []string
}

type gitCommit struct{ message, tree string }

type gitTree struct {
	base  string // a commit
	files []gitFile
}

type gitFile struct{ Path, Mode, Type, Content string }

func newGitData(w *world) *gitData {
	return &gitData{t: w.T, s: w.s, commits: map[string]gitCommit{}, trees: map[string]gitTree{}}
}

// RoundTrip answers what is about trees and commits and sends on the rest.
func (g *gitData) RoundTrip(r *http.Request) (*http.Response, error) {
	path := strings.TrimPrefix(r.URL.Path, "/repos/"+gt.Repo)
	g.sent = append(g.sent, r.Method+" "+path)
	switch {
	case r.Method == "GET" && strings.HasPrefix(path, "/git/commits/"):
		return g.getCommit(strings.TrimPrefix(path, "/git/commits/"))
	case r.Method == "POST" && path == "/git/trees":
		return g.postTree(r)
	case r.Method == "POST" && path == "/git/commits":
		return g.postCommit(r)
	}
	return http.DefaultTransport.RoundTrip(r)
}

func (g *gitData) answer(status int, value any) (*http.Response, error) {
	body, err := json.Marshal(value)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body))}, err
}

// getCommit takes a commit that was not made here for somebody else's; its tree has a name made of its own.
func (g *gitData) getCommit(sha string) (*http.Response, error) {
	c, ok := g.commits[sha]
	if !ok {
		c = gitCommit{message: "by hand", tree: hash("tree of " + sha)}
		g.trees[c.tree] = gitTree{base: sha}
	}
	return g.answer(http.StatusOK, map[string]any{"sha": sha, "message": c.message, "tree": map[string]string{"sha": c.tree}})
}

func hash(text string) string {
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

func (g *gitData) postTree(r *http.Request) (*http.Response, error) {
	var in struct {
		Base string `json:"base_tree"`
		Tree []gitFile
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		g.t.Error(err)
	}
	base := g.trees[in.Base].base
	sha, changed := hash(fmt.Sprint(in)), false
	for _, f := range in.Tree {
		same(g.t, "mode and type", f.Mode+" "+f.Type, "100644 blob")
		now, _ := g.ask("GET", "/contents/"+f.Path+"?ref="+base, nil)["content"].(string)
		changed = changed || now != f.Content
	}
	if !changed {
		sha = in.Base
	}
	g.trees[sha] = gitTree{base: base, files: in.Tree}
	return g.answer(http.StatusCreated, map[string]string{"sha": sha})
}

func (g *gitData) postCommit(r *http.Request) (*http.Response, error) {
	var in struct {
		Message, Tree string
		Parents       []string
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		g.t.Error(err)
	}
	same(g.t, "parent", in.Parents[0], g.trees[in.Tree].base)
	const branch = "moment"
	g.ask("POST", "/git/refs", map[string]any{"ref": "refs/heads/" + branch, "sha": in.Parents[0]})
	for _, f := range g.trees[in.Tree].files {
		g.putFile(branch, f.Path, f.Content)
	}
	sha := g.headOf(branch)
	g.ask("DELETE", "/git/refs/heads/"+branch, nil)
	g.commits[sha] = gitCommit{in.Message, in.Tree}
	return g.answer(http.StatusCreated, map[string]string{"sha": sha})
}

// headOf is where a branch is; "" where there is none.
func (g *gitData) headOf(branch string) string {
	at, _ := g.ask("GET", "/git/ref/heads/"+branch, nil)["object"].(map[string]any)
	sha, _ := at["sha"].(string)
	return sha
}

// putFile commits a file to a branch, as a person does in the web pages.
func (g *gitData) putFile(branch, path, text string) {
	body := map[string]any{"message": "edit", "content": []byte(text), "branch": branch}
	if old, ok := g.ask("GET", "/contents/"+path+"?ref="+branch, nil)["sha"]; ok {
		body["sha"] = old
	}
	g.ask("PUT", "/contents/"+path, body)
}

// ask asks the fake. A file's content is decoded.
func (g *gitData) ask(method, path string, body any) map[string]any {
	text, err := json.Marshal(body)
	if err != nil {
		g.t.Fatal(err)
	}
	if body == nil {
		text = nil
	}
	r, err := http.NewRequest(method, g.s.URL+"/repos/"+gt.Repo+path, bytes.NewReader(text))
	if err != nil {
		g.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+gt.Token)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		g.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out map[string]any
	_ = json.NewDecoder(resp.Body).Decode(&out) // 204 has none
	if resp.StatusCode == http.StatusNotFound {
		return nil
	}
	if _, ok := out["content"].(string); ok {
		var file struct{ Content []byte }
		raw, _ := json.Marshal(map[string]any{"content": strings.TrimSpace(out["content"].(string))})
		if json.Unmarshal(raw, &file) == nil {
			out["content"] = string(file.Content)
		}
	}
	return out
}
