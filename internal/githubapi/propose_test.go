package githubapi_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/syncwell/sitrep/internal/githubapi"
	gt "github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

const sync = "sitrep/sync"

func proposal(text string) githubapi.Proposal {
	return githubapi.Proposal{
		Branch: sync, Title: "What changed on issues", Body: "Look at it.", CommitMessage: "Bring changes back",
		Files: map[string][]byte{"postmortems/a.md": []byte(text), "postmortems/b c.md": []byte("same")},
	}
}

// proposing has Git's trees and commits beside the fake.
func proposing(t *testing.T) (*world, *gitData) {
	w := newWorld(t)
	g := newGitData(w)
	w.with(func(c *githubapi.Config) { c.Transport = g })
	return w, g
}

func (w *world) propose(p githubapi.Proposal) int {
	w.Helper()
	address, number, err := w.c.ProposeChange(w.Context(), p)
	if err != nil {
		w.Fatal(err)
	}
	if number > 0 && !strings.HasSuffix(address, "/pull/1") {
		w.Errorf("address %q, want that of pull request 1", address)
	}
	return number
}

// writes takes the writes from what was sent so far.
func (g *gitData) writes() string {
	out := slices.DeleteFunc(g.sent, func(s string) bool { return strings.HasPrefix(s, "GET ") })
	g.sent = nil
	return strings.Join(out, ", ")
}

func TestPropose(t *testing.T) {
	w, g := proposing(t)
	main := g.headOf("main")
	same(t, "number", w.propose(proposal("one")), 1)
	same(t, "writes", g.writes(), "POST /git/trees, POST /git/commits, POST /git/refs, POST /pulls")
	text, _ := w.s.File(gt.Repo, sync, "postmortems/a.md")
	same(t, "file on the branch", text, "one")
	same(t, "default branch", g.headOf("main"), main)
	pull, _ := w.s.Issue(gt.Repo, 1)
	same(t, "pull request", pull.Title+" "+pull.State+" "+pull.Pull.Head+" to "+pull.Pull.Base, "What changed on issues open sitrep/sync to main")

	w.fresh()
	same(t, "number of the same again", w.propose(proposal("one")), 1)
	same(t, "writes", g.writes(), "")
	g.putFile("main", "README.md", "moved on")
	same(t, "number when the base moved on", w.propose(proposal("one")), 1)
	same(t, "writes", g.writes(), "")

	second := proposal("two")
	second.Title = "More"
	same(t, "number of another content", w.propose(second), 1)
	same(t, "writes", g.writes(), "POST /git/trees, POST /git/commits, PATCH /git/refs/heads/sitrep/sync, PATCH /pulls/1")
	text, _ = w.s.File(gt.Repo, sync, "postmortems/a.md")
	readme, _ := w.s.File(gt.Repo, sync, "README.md")
	same(t, "files on the branch", text+", "+readme, "two, moved on")
	pull, _ = w.s.Issue(gt.Repo, 1)
	same(t, "title", pull.Title, "More")
	same(t, "pull requests", len(w.s.Issues(gt.Repo)), 1)
}

// TestProposeNothing: where the base has it all nothing is opened.
func TestProposeNothing(t *testing.T) {
	w, g := proposing(t)
	g.putFile("main", "postmortems/a.md", "one")
	g.putFile("main", "postmortems/b c.md", "same")
	same(t, "number", w.propose(proposal("one")), 0)
	same(t, "writes", g.writes(), "POST /git/trees")
	same(t, "branch", g.headOf(sync), "")
}

// TestProposeDeclined: what a person closed is not opened again until it says something else.
func TestProposeDeclined(t *testing.T) {
	w, g := proposing(t)
	w.propose(proposal("one"))
	w.s.As(gt.Ben).CloseIssue(gt.Repo, 1, "")
	g.writes()
	same(t, "number", w.propose(proposal("one")), 1)
	same(t, "writes", g.writes(), "")
	_, number, err := w.c.ProposeChange(t.Context(), proposal("two"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "number", number, 2)
}

// TestProposeOverOthers: somebody's commits on our branch stay.
func TestProposeOverOthers(t *testing.T) {
	w, g := proposing(t)
	w.propose(proposal("one"))
	g.putFile(sync, "postmortems/a.md", "by hand")
	g.writes()
	_, _, err := w.c.ProposeChange(t.Context(), proposal("two"))
	wantError(t, err, "propose a change on sitrep/sync: somebody else's commits are on the branch")
	same(t, "writes", g.writes(), "")
}

func TestProposeRefused(t *testing.T) {
	w, g := proposing(t)
	for want, spoil := range map[string]func(*githubapi.Proposal){
		`branch "main" is not ours`:           func(p *githubapi.Proposal) { p.Branch = "main" },
		`branch "sitrep/../main" is not ours`: func(p *githubapi.Proposal) { p.Branch = "sitrep/../main" },
		"sitrep/sync is never pushed to":      func(p *githubapi.Proposal) { p.Base = sync },
		"there are no files":                  func(p *githubapi.Proposal) { p.Files = nil },
		`"../x" is no path of a file`:         func(p *githubapi.Proposal) { p.Files = map[string][]byte{"../x": nil} },
		`"/x" is no path of a file`:           func(p *githubapi.Proposal) { p.Files = map[string][]byte{"/x": nil} },
		`".git/config" is no path of a file`:  func(p *githubapi.Proposal) { p.Files = map[string][]byte{".git/config": nil} },
		"x is not UTF-8":                      func(p *githubapi.Proposal) { p.Files = map[string][]byte{"x": {0xff}} },
		"branch gone: it is not there":        func(p *githubapi.Proposal) { p.Base = "gone" },
	} {
		p := proposal("one")
		spoil(&p)
		_, _, err := w.c.ProposeChange(t.Context(), p)
		wantError(t, err, want)
	}
	same(t, "writes", g.writes(), "")
	w.s.Inject(gt.On("POST", "/pulls$", 1, gt.Forbidden))
	_, _, err := w.c.ProposeChange(t.Context(), proposal("one"))
	wantError(t, err, "403 Resource not accessible by integration")
	same(t, "is about the token", errors.Is(err, reconcile.ErrAuth), true)
	same(t, "number of the next run", w.propose(proposal("one")), 1)
}

// TestProposeUnknown: no write is sent twice, and what can be found out is.
func TestProposeUnknown(t *testing.T) {
	for _, c := range []struct {
		method, path string
		kind         gt.Kind
		unknown      bool
	}{
		{"POST", "/pulls$", gt.LostReply, false},
		{"POST", "/pulls$", gt.LostRequest, true},
		{"POST", "/git/refs$", gt.BadGatewayAfter, false},
		{"POST", "/git/refs$", gt.BadGateway, true},
		{"PATCH", "/git/refs/", gt.TruncatedJSON, false},
		{"PATCH", "/git/refs/", gt.LostRequest, true},
		{"PATCH", "/pulls/1$", gt.LostRequest, true},
	} {
		t.Run(c.method+" "+c.path+" "+string(c.kind), func(t *testing.T) {
			w, _ := proposing(t)
			want := "one"
			if c.method == "PATCH" {
				w.propose(proposal("one"))
				want = "two"
			}
			w.s.Inject(gt.Rule{Method: c.method, Path: "^/repos/acme/ops" + c.path, Nth: nth(c.path), Fault: gt.Fault{Kind: c.kind}})
			_, _, err := w.c.ProposeChange(t.Context(), proposal(want))
			same(t, "is unknown", errors.Is(err, reconcile.ErrUnknownOutcome), c.unknown)
			same(t, "is an error", err != nil, c.unknown)
			w.fresh()
			same(t, "number of the next run", w.propose(proposal(want)), 1)
			text, _ := w.s.File(gt.Repo, sync, "postmortems/a.md")
			same(t, "file on the branch", text, want)
			pull, _ := w.s.Issue(gt.Repo, 1)
			same(t, "pull request", pull.State, "open")
			same(t, "pull requests", len(w.s.Issues(gt.Repo)), 1)
		})
	}
}

// nth passes over the ref that the stand-in for Git's commits makes.
func nth(path string) int {
	if path == "/git/refs$" {
		return 2
	}
	return 1
}
