package githubapi_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-github/v62/github"

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

// wrote takes the writes from what was sent so far.
func (w *world) wrote() string {
	out := slices.DeleteFunc(w.sent(), func(s string) bool { return strings.HasPrefix(s, "GET ") })
	w.s.Forget()
	return strings.Join(out, ", ")
}

// putFile commits a file to a branch, as a person does in the web pages.
func (w *world) putFile(branch, path, text string) {
	w.Helper()
	u, err := url.Parse(w.s.URL + "/")
	if err != nil {
		w.Fatal(err)
	}
	gh := github.NewClient(nil).WithAuthToken(gt.Token)
	gh.BaseURL = u
	file := &github.RepositoryContentFileOptions{Message: github.String("edit"), Content: []byte(text), Branch: &branch}
	if old, _, _, err := gh.Repositories.GetContents(w.Context(), "acme", "ops", path, &github.RepositoryContentGetOptions{Ref: branch}); err == nil {
		file.SHA = old.SHA
	}
	if _, _, err := gh.Repositories.UpdateFile(w.Context(), "acme", "ops", path, file); err != nil {
		w.Fatal(err)
	}
	w.s.Forget()
}

func TestPropose(t *testing.T) {
	w := newWorld(t)
	same(t, "number", w.propose(proposal("one")), 1)
	same(t, "writes", w.wrote(), "POST /git/trees, POST /git/commits, POST /git/refs, POST /pulls")
	text, _ := w.s.File(gt.Repo, sync, "postmortems/a.md")
	same(t, "file on the branch", text, "one")
	_, onMain := w.s.File(gt.Repo, "main", "postmortems/a.md")
	same(t, "default branch has it", onMain, false)
	pull, _ := w.s.Issue(gt.Repo, 1)
	same(t, "pull request", pull.Title+" "+pull.State+" "+pull.Pull.Head+" to "+pull.Pull.Base, "What changed on issues open sitrep/sync to main")

	w.fresh()
	same(t, "number of the same again", w.propose(proposal("one")), 1)
	same(t, "writes", w.wrote(), "")
	w.putFile("main", "README.md", "moved on")
	same(t, "number when the base moved on", w.propose(proposal("one")), 1)
	same(t, "writes", w.wrote(), "")

	second := proposal("two")
	second.Title = "More"
	same(t, "number of another content", w.propose(second), 1)
	same(t, "writes", w.wrote(), "POST /git/trees, POST /git/commits, PATCH /git/refs/heads/sitrep/sync, PATCH /pulls/1")
	text, _ = w.s.File(gt.Repo, sync, "postmortems/a.md")
	readme, _ := w.s.File(gt.Repo, sync, "README.md")
	same(t, "files on the branch", text+", "+readme, "two, moved on")
	pull, _ = w.s.Issue(gt.Repo, 1)
	same(t, "title", pull.Title, "More")
	same(t, "pull requests", len(w.s.Issues(gt.Repo)), 1)
}

// TestProposeNothing: where the base has it all nothing is opened.
func TestProposeNothing(t *testing.T) {
	w := newWorld(t)
	w.putFile("main", "postmortems/a.md", "one")
	w.putFile("main", "postmortems/b c.md", "same")
	same(t, "number", w.propose(proposal("one")), 0)
	same(t, "writes", w.wrote(), "POST /git/trees")
	_, there := w.s.File(gt.Repo, sync, "README.md")
	same(t, "branch is there", there, false)
}

// TestProposeDeclined: what a person closed is not opened again until it says something else.
func TestProposeDeclined(t *testing.T) {
	w := newWorld(t)
	w.propose(proposal("one"))
	w.s.As(gt.Ben).CloseIssue(gt.Repo, 1, "")
	w.wrote()
	same(t, "number", w.propose(proposal("one")), 1)
	same(t, "writes", w.wrote(), "")
	_, number, err := w.c.ProposeChange(t.Context(), proposal("two"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "number", number, 2)
}

// TestProposeOverOthers: somebody's commits on our branch stay.
func TestProposeOverOthers(t *testing.T) {
	w := newWorld(t)
	w.propose(proposal("one"))
	w.putFile(sync, "postmortems/a.md", "by hand")
	w.wrote()
	_, _, err := w.c.ProposeChange(t.Context(), proposal("two"))
	wantError(t, err, "propose a change on sitrep/sync: somebody else's commits are on the branch")
	same(t, "writes", w.wrote(), "")
}

func TestProposeRefused(t *testing.T) {
	w := newWorld(t)
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
	same(t, "writes", w.wrote(), "")
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
		{"POST", "/git/trees$", gt.LostReply, true},
		{"POST", "/git/commits$", gt.WrongTypes, true},
	} {
		t.Run(c.method+" "+c.path+" "+string(c.kind), func(t *testing.T) {
			w := newWorld(t)
			want := "one"
			if c.method == "PATCH" {
				w.propose(proposal("one"))
				want = "two"
			}
			w.s.Inject(gt.Rule{Method: c.method, Path: "^/repos/acme/ops" + c.path, Nth: 1, Fault: gt.Fault{Kind: c.kind}})
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
