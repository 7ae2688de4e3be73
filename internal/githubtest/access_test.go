package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTokens(t *testing.T) {
	s := New(t, WithToken("person", "dana"), WithToken("actions", "github-actions[bot]"), WithReadOnlyToken("fork", "github-actions[bot]"))
	post := func(token string) int {
		resp, _ := ask(t, s, token, "POST", issues, `{"title":"x"}`)
		return resp.StatusCode
	}
	same(t, "a person", post("person"), 201)
	same(t, "Actions", post("actions"), 201)
	same(t, "Actions on a fork", post("fork"), 403)
	same(t, "a stranger", post("stolen"), 401)
	same(t, "nobody", post(""), 401)
	same(t, "opened by", s.Issues(Repo)[0].User+" "+s.Issues(Repo)[1].User, "dana github-actions[bot]")
	_, body := ask(t, s, "fork", "POST", issues, `{"title":"x"}`)
	same(t, "says why", strings.Contains(body, "Resource not accessible by integration"), true)
	resp, _ := ask(t, s, "fork", "GET", issues, "")
	same(t, "Actions on a fork reads", resp.StatusCode, 200)
	resp, _ = ask(t, s, "actions", "GET", "/user", "")
	same(t, "an app is nobody", resp.StatusCode, 403)
	_, body = ask(t, s, "actions", "GET", issues+"/2", "")
	same(t, "type", strings.Contains(body, `"type":"Bot"`), true)
	same(t, "login in the record", s.Requests()[0].Login, "dana")
	same(t, "writes that were carried out", len(s.Issues(Repo)), 2)
}

func TestETag(t *testing.T) {
	s := New(t, WithToken("other", "dana"))
	s.As(Alice).AddIssue(Repo, Issue{Title: "x"})
	for _, path := range []string{issues + "/1", issues, "/rate_limit"} {
		resp, _ := ask(t, s, Token, "GET", path, "")
		tag := resp.Header.Get("Etag")
		left := resp.Header.Get("X-Ratelimit-Remaining")
		again, body := ask(t, s, Token, "GET", path, "", "If-None-Match", tag)
		same(t, "status of "+path, again.StatusCode, http.StatusNotModified)
		same(t, "body", body, "")
		same(t, "ETag", again.Header.Get("Etag"), tag)
		same(t, "requests left", again.Header.Get("X-Ratelimit-Remaining"), left)
	}
	resp, _ := ask(t, s, Token, "GET", issues+"/1", "")
	tag := resp.Header.Get("Etag")
	resp, _ = ask(t, s, "other", "GET", issues+"/1", "", "If-None-Match", tag)
	same(t, "status with another token", resp.StatusCode, 200)
	s.As(Alice).Comment(Repo, 1, "x")
	resp, _ = ask(t, s, Token, "GET", issues+"/1", "", "If-None-Match", tag)
	same(t, "status after a change", resp.StatusCode, 200)
}

func TestPrimaryLimit(t *testing.T) {
	s := New(t, WithRateLimit(2), WithToken("other", "dana"))
	status := func(token, path string) int {
		resp, _ := ask(t, s, token, "GET", path, "")
		return resp.StatusCode
	}
	same(t, "first", status(Token, issues), 200)
	same(t, "second", status(Token, issues), 200)
	resp, _ := ask(t, s, Token, "GET", issues, "")
	same(t, "third", resp.StatusCode, 403)
	same(t, "remaining", resp.Header.Get("X-Ratelimit-Remaining"), "0")
	same(t, "reset", resp.Header.Get("X-Ratelimit-Reset"), itoa(Epoch.Add(time.Hour).Unix()))
	same(t, "date", resp.Header.Get("Date"), Epoch.Format(http.TimeFormat))
	same(t, "/rate_limit is free", status(Token, "/rate_limit"), 200)
	same(t, "another token", status("other", issues), 200)
	s.Advance(time.Hour)
	same(t, "an hour later", status(Token, issues), 200)
}

func TestListLag(t *testing.T) {
	s := New(t, WithListLag(time.Minute))
	alice := s.As(Alice)
	listed := func(path string) string {
		_, body := ask(t, s, Token, "GET", path, "")
		var page []struct{ Title, Name, Body string }
		ok(t, json.Unmarshal([]byte(body), &page))
		var out []string
		for _, p := range page {
			out = append(out, p.Title+p.Name+p.Body)
		}
		return strings.Join(out, ",")
	}
	alice.AddIssue(Repo, Issue{Title: "old", Labels: []string{"bug"}})
	alice.Comment(Repo, 1, "said")
	same(t, "right after", listed(issues)+listed("/repos/acme/ops/labels")+listed(issues+"/comments"), "")
	resp, _ := ask(t, s, Token, "GET", issues+"/1", "")
	same(t, "by number", resp.StatusCode, 200)
	s.Advance(59 * time.Second)
	same(t, "a second too early", listed(issues), "")
	s.Advance(time.Second)
	same(t, "a minute later", listed(issues), "old")
	same(t, "comments", listed(issues+"/1/comments"), "said")
	same(t, "labels", listed("/repos/acme/ops/labels"), "bug")
	alice.EditIssue(Repo, 1, func(i *Issue) { i.Title = "new" })
	same(t, "after an edit", listed(issues), "old")
	alice.Delete(Repo, 1)
	s.Advance(30 * time.Second)
	same(t, "deleted, still listed", listed(issues), "old")
	s.Advance(30 * time.Second)
	same(t, "deleted", listed(issues+"?state=all"), "")
}

func TestPrefixAndClock(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s := New(t, WithPrefix("/api/v3"), WithNow(func() time.Time { return now }))
	same(t, "prefix in the URL", strings.HasSuffix(s.URL, "/api/v3"), true)
	many(s, 3)
	same(t, "walked", len(walk(t, s, issues+"?per_page=1")), 3)
	same(t, "path in the record", s.Requests()[0].Path, issues)
	same(t, "clock", s.Now(), now.Add(3*time.Second))
	same(t, "stamp", s.Issues(Repo)[1].CreatedAt, now.Add(time.Second))
}

// TestConcurrency is for the race detector: many clients, people and onlookers at once, and no number given out twice.
func TestConcurrency(t *testing.T) {
	s := New(t)
	s.InjectFunc(Random(1, 0.2, BadGateway, BadGatewayAfter, LostReply, PageShift))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			gh := client(t, s, Token)
			for i := range 10 {
				r, err := gh.NewRequest("POST", "repos/acme/ops/issues", map[string]string{"title": fmt.Sprint(i)})
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = gh.Do(t.Context(), r, nil)
				n := s.As(Ben).AddIssue(Repo, Issue{Title: "by hand"}).Number
				s.As(Ben).CloseIssue(Repo, n, "completed")
				s.Advance(time.Second)
				_, _, _ = gh.Issues.ListByRepo(t.Context(), owner, repo, nil)
				s.Requests()
			}
		})
	}
	wg.Wait()
	var committed, byBot int
	for _, r := range s.Writes() {
		if r.Committed {
			committed++
		}
	}
	for i, issue := range s.Issues(Repo) {
		same(t, "number", issue.Number, i+1)
		if issue.User == Bot {
			byBot++
		}
	}
	same(t, "issues by the bot", byBot, committed)
	same(t, "writes", len(s.Writes()), 80)
	same(t, "counted", s.Count("POST"), 80)
}
