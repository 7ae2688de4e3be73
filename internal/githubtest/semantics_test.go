package githubtest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v62/github"
)

const issues = "/repos/acme/ops/issues"

// TestRefusals are the 4xx of GitHub. Requests that GitHub's description forbids go to a server whose complaints are swallowed.
func TestRefusals(t *testing.T) {
	s := New(&listener{TB: t})
	s.As(Alice).AddIssue(Repo, Issue{Title: "One", Labels: []string{"bug"}})
	long := func(n int) string { return strings.Repeat("ü", n) }
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		want               string
	}{
		"no title":           {"POST", issues, `{}`, 422, `{"resource":"Issue","code":"missing_field","field":"title"}`},
		"blank title":        {"POST", issues, `{"title":" \n"}`, 422, `"missing_field"`},
		"long title":         {"POST", issues, `{"title":"` + long(257) + `"}`, 422, "title is too long (maximum is 256 characters)"},
		"longest title":      {"POST", issues, `{"title":"` + long(256) + `"}`, 201, ""},
		"long body":          {"PATCH", issues + "/1", `{"body":"` + long(65537) + `"}`, 422, "body is too long (maximum is 65536 characters)"},
		"longest body":       {"PATCH", issues + "/1", `{"body":"` + long(65536) + `"}`, 200, ""},
		"title taken away":   {"PATCH", issues + "/1", `{"title":""}`, 422, `"missing_field"`},
		"bad state":          {"PATCH", issues + "/1", `{"state":"shut"}`, 422, `"field":"state"`},
		"bad reason":         {"PATCH", issues + "/1", `{"state":"closed","state_reason":"bored"}`, 422, `"field":"state_reason"`},
		"no milestone":       {"POST", issues, `{"title":"x","milestone":3}`, 422, `"field":"milestone"`},
		"broken JSON":        {"POST", issues, `{"title":`, 400, "Problems parsing JSON"},
		"wrong type":         {"POST", issues, `{"title":["x"]}`, 422, "Invalid request."},
		"no issue":           {"GET", issues + "/99", "", 404, "Not Found"},
		"no number":          {"GET", issues + "/x", "", 404, "Not Found"},
		"no repository":      {"GET", "/repos/acme/none/issues", "", 404, "Not Found"},
		"long comment":       {"POST", issues + "/1/comments", `{"body":"` + long(65537) + `"}`, 422, `"code":"unprocessable","field":"data"`},
		"empty comment":      {"POST", issues + "/1/comments", `{"body":""}`, 422, `"resource":"IssueComment"`},
		"no comment":         {"PATCH", issues + "/comments/1", `{"body":"x"}`, 404, "Not Found"},
		"label twice":        {"POST", "/repos/acme/ops/labels", `{"name":"BUG"}`, 422, `{"resource":"Label","code":"already_exists","field":"name"}`},
		"label's colour":     {"POST", "/repos/acme/ops/labels", `{"name":"x","color":"#ff0000"}`, 422, `"field":"color"`},
		"label's length":     {"POST", issues, `{"title":"x","labels":["` + long(51) + `"]}`, 422, "maximum is 50 characters"},
		"label's words":      {"POST", "/repos/acme/ops/labels", `{"name":"y","description":"` + long(101) + `"}`, 422, "maximum is 100 characters"},
		"label not on issue": {"DELETE", issues + "/1/labels/feature", "", 404, "Label does not exist"},
		"no label":           {"PATCH", "/repos/acme/ops/labels/feature", `{}`, 404, "Not Found"},
		"ref twice":          {"POST", "/repos/acme/ops/git/refs", `{"ref":"refs/heads/main","sha":"x"}`, 422, "Reference already exists"},
		"ref to nothing":     {"POST", "/repos/acme/ops/git/refs", `{"ref":"refs/heads/b","sha":"x"}`, 422, "Object does not exist"},
		"ref's name":         {"POST", "/repos/acme/ops/git/refs", `{"ref":"b","sha":"x"}`, 422, "start with 'refs/'"},
		"file without sha":   {"PUT", "/repos/acme/ops/contents/README.md", `{"message":"m","content":"eA=="}`, 422, `sha`},
		"file, wrong sha":    {"PUT", "/repos/acme/ops/contents/README.md", `{"message":"m","content":"eA==","sha":"1"}`, 409, "does not match"},
		"file, no branch":    {"PUT", "/repos/acme/ops/contents/a", `{"message":"m","content":"eA==","branch":"b"}`, 404, "Branch b not found"},
		"no file":            {"GET", "/repos/acme/ops/contents/none", "", 404, "Not Found"},
		"pull of nothing":    {"POST", "/repos/acme/ops/pulls", `{"title":"x","head":"b","base":"main"}`, 422, `"field":"head"`},
		"pull of no change":  {"POST", "/repos/acme/ops/pulls", `{"title":"x","head":"main","base":"main"}`, 422, "No commits between main and main"},
		"issue is no pull":   {"GET", "/repos/acme/ops/pulls/1", "", 404, "Not Found"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, body := ask(t, s, Token, c.method, c.path, c.body)
			same(t, "status", resp.StatusCode, c.status)
			if !strings.Contains(body, c.want) {
				t.Errorf("got %s, want %q in it", body, c.want)
			}
		})
	}
}

func TestDeletedAndTransferred(t *testing.T) {
	s := New(t, WithRepo("acme/other"))
	many(s, 3)
	s.As(Alice).AddIssue("acme/other", Issue{Title: "There already"})
	s.As(Alice).Comment(Repo, 2, "take me along")
	s.As(Alice).Delete(Repo, 1)
	moved := s.As(Alice).Transfer(Repo, 2, "acme/other")
	gh := client(t, s, Token)
	_, resp, err := gh.Issues.Get(context.Background(), owner, repo, 1)
	if err == nil || resp.StatusCode != http.StatusGone {
		t.Errorf("deleted: got %v, want 410", err)
	}
	resp2, _ := ask(t, s, Token, "GET", issues+"/2", "")
	same(t, "status of the transferred one", resp2.StatusCode, 301)
	got, _, err := gh.Issues.Get(context.Background(), owner, repo, 2)
	ok(t, err)
	same(t, "what http.Client finds in its place", got.GetRepositoryURL(), s.URL+"/repos/acme/other")
	same(t, "number", got.GetNumber(), moved.Number)
	same(t, "comments", len(s.Comments("acme/other", moved.Number)), 1)
	same(t, "comments left", len(s.Comments(Repo, 2)), 0)
	// The trap: an edit of a transferred issue is redirected, becomes a GET and looks like a success.
	s.Forget()
	_, _, err = gh.Issues.Edit(context.Background(), owner, repo, 2, &github.IssueRequest{Title: ptr("New title")})
	ok(t, err)
	same(t, "edits that were carried out", s.Writes()[0].Committed, false)
	same(t, "reads", len(s.Reads()), 1)
	same(t, "issues left", len(s.Issues(Repo)), 1)
	if got := walk(t, s, issues+"?state=all"); len(got) != 1 || got[0] != 3 {
		t.Errorf("listed %v, want only 3", got)
	}
}

func TestAssignees(t *testing.T) {
	body := `{"title":"x","assignees":["alice","mallory"]}`
	s := New(t, WithAssignable(Repo, Alice))
	resp, _ := ask(t, s, Token, "POST", issues, body)
	same(t, "status where they are dropped", resp.StatusCode, 201)
	same(t, "assignees", strings.Join(s.Issues(Repo)[0].Assignees, " "), "alice")
	s = New(t, WithRefusedAssignees())
	resp, text := ask(t, s, Token, "POST", issues, body)
	same(t, "status where they are refused", resp.StatusCode, 422)
	same(t, "says who", strings.Contains(text, "assignees mallory cannot be assigned to this issue"), true)
	same(t, "issues", len(s.Issues(Repo)), 0)
	s.As(Alice).AddIssue(Repo, Issue{Title: "x"})
	resp, _ = ask(t, s, Token, "POST", issues+"/1/assignees", `{"assignees":["alice","mallory"]}`)
	same(t, "status of POST assignees", resp.StatusCode, 201)
	resp, _ = ask(t, s, Token, "PATCH", issues+"/1", `{"assignee":""}`)
	same(t, "status of taking it from all", resp.StatusCode, 200)
	same(t, "assignees", len(s.Issues(Repo)[0].Assignees), 0)
}

func TestFilters(t *testing.T) {
	s := New(t, WithRepo("acme/other"))
	alice := s.As(Alice)
	alice.AddMilestone(Repo, "Q1")
	alice.AddIssue(Repo, Issue{Title: "1", Assignees: []string{Ben}, Labels: []string{"a", "b"}})
	s.Advance(time.Hour)
	s.As(Ben).AddIssue(Repo, Issue{Title: "2", State: "closed", Labels: []string{"a"}, Milestone: 1})
	alice.AddIssue(Repo, Issue{Title: "3", Pull: &Pull{Head: "main", Base: "main"}})
	alice.AddIssue("acme/other", Issue{Title: "elsewhere"})
	for query, want := range map[string]string{
		"":                                  "3 1",
		"state=all":                         "3 2 1",
		"state=closed":                      "2",
		"labels=A":                          "1",
		"state=all&labels=a,b":              "1",
		"state=all&assignee=none":           "3 2",
		"state=all&assignee=*":              "1",
		"assignee=BEN":                      "1",
		"state=all&milestone=*":             "2",
		"state=all&milestone=1":             "2",
		"state=all&milestone=none":          "3 1",
		"state=all&creator=ben":             "2",
		"since=2026-03-02T10:00:00Z":        "3",
		"since=2026-03-02T11:00:00%2B01:00": "3",
	} {
		var got []string
		for _, n := range walk(t, s, issues+"?"+query) {
			got = append(got, itoa(n))
		}
		same(t, query, strings.Join(got, " "), want)
	}
	same(t, "owner in capitals", len(walk(t, s, "/repos/ACME/Ops/issues?state=all&per_page=1")), 3)
}

// TestNulls: a property that is null is not one that is missing.
func TestNulls(t *testing.T) {
	s := New(&listener{TB: t})
	s.As(Alice).AddIssue(Repo, Issue{Title: "x", Body: "y", Assignees: []string{Ben}})
	resp, body := ask(t, s, Token, "PATCH", issues+"/1", `{"title":null,"body":null,"state":null,"state_reason":null,"milestone":null}`)
	same(t, "status", resp.StatusCode, 200)
	same(t, "body is null", strings.Contains(body, `"body":null`), true)
	i, _ := s.Issue(Repo, 1)
	same(t, "the rest", i.Title+i.State+i.Assignees[0], "xopenben")
}

// TestStates follows an issue through closing and opening by the bot and by people.
func TestStates(t *testing.T) {
	s := New(t)
	alice := s.As(Alice)
	n := alice.AddIssue(Repo, Issue{Title: "x", Labels: []string{"Late"}}).Number
	state := func() string {
		i, _ := s.Issue(Repo, n)
		return strings.Join([]string{i.State, i.StateReason, i.ClosedBy, i.UpdatedAt.Format("15:04")}, " ")
	}
	s.Advance(time.Minute)
	alice.CloseIssue(Repo, n, "not_planned")
	same(t, "closed by alice", state(), "closed not_planned alice 09:01")
	s.Advance(time.Minute)
	ask(t, s, Token, "PATCH", issues+"/1", `{"state":"closed","state_reason":"completed","title":"x","labels":["late"]}`)
	same(t, "closed again", state(), "closed not_planned alice 09:01")
	ask(t, s, Token, "PATCH", issues+"/1", `{"state":"open"}`)
	same(t, "opened", state(), "open reopened  09:02")
	ask(t, s, Token, "PATCH", issues+"/1", `{"state":"closed"}`)
	same(t, "closed by the bot", state(), "closed completed sitrep-bot 09:02")
	alice.Reopen(Repo, n)
	alice.Relabel(Repo, n, "LATE", "bug")
	alice.Assign(Repo, n, Ben)
	alice.Lock(Repo, n)
	alice.EditIssue(Repo, n, func(i *Issue) { i.Body = "by hand\r\n" })
	i, _ := s.Issue(Repo, n)
	same(t, "labels", strings.Join(i.Labels, " "), "Late bug")
	same(t, "assignee, lock, body", i.Assignees[0]+" "+i.Body, "ben by hand\r\n")
	k := alice.Comment(Repo, n, "one")
	alice.EditComment(Repo, k.ID, "two")
	same(t, "comment", s.Comments(Repo, n)[0].Body, "two")
	alice.DeleteComment(Repo, k.ID)
	same(t, "comments", len(s.Comments(Repo, n)), 0)
	i, _ = s.Issue(Repo, n)
	same(t, "count of comments", i.Comments, 0)
}

// TestRenamedLabel: an issue's labels follow.
func TestRenamedLabel(t *testing.T) {
	s := New(t)
	s.As(Alice).AddIssue(Repo, Issue{Title: "x", Labels: []string{"a", "b"}})
	resp, _ := ask(t, s, Token, "PATCH", "/repos/acme/ops/labels/a", `{"new_name":"c"}`)
	same(t, "status", resp.StatusCode, 200)
	same(t, "labels", strings.Join(s.Issues(Repo)[0].Labels, " "), "c b")
	resp, _ = ask(t, s, Token, "PATCH", "/repos/acme/ops/labels/c", `{"new_name":"b"}`)
	same(t, "status of a name that is taken", resp.StatusCode, 422)
}

// TestMistakesOfTests: a test that names what is not there is told so.
func TestMistakesOfTests(t *testing.T) {
	l := &listener{TB: t}
	s := New(l)
	s.Issues("acme/none")
	s.As(Alice).CloseIssue(Repo, 1, "completed")
	s.As(Alice).Comment(Repo, 1, "x")
	s.As(Alice).EditComment(Repo, 1, "x")
	s.As(Alice).DeleteComment(Repo, 1)
	s.As(Alice).Transfer(Repo, 1, Repo)
	s.As(Alice).Delete(Repo, 1)
	same(t, "complaints", len(l.heard()), 7)
}

func TestClosed(t *testing.T) {
	s := New(t)
	s.Close()
	_, _, err := client(t, s, Token).Issues.Get(context.Background(), owner, repo, 1)
	var known *github.ErrorResponse
	if err == nil || errors.As(err, &known) {
		t.Errorf("got %v, want a connection refused", err)
	}
}
