package githubtest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v62/github"
)

// many opens issues one second apart.
func many(s *Server, n int) {
	for i := range n {
		s.As(Alice).AddIssue(Repo, Issue{Title: "Number " + itoa(i+1)})
		s.Advance(time.Second)
	}
}

var nextLink = regexp.MustCompile(`<([^>]+)>; rel="next"`)

// walk follows Link headers from a path on and gives back the issues' numbers.
func walk(t *testing.T, s *Server, path string) []int {
	t.Helper()
	var numbers []int
	for path != "" {
		resp, body := ask(t, s, Token, "GET", path, "")
		same(t, "status of "+path, resp.StatusCode, 200)
		var page []struct{ Number int }
		ok(t, json.Unmarshal([]byte(body), &page))
		for _, i := range page {
			numbers = append(numbers, i.Number)
		}
		path = ""
		if m := nextLink.FindStringSubmatch(resp.Header.Get("Link")); m != nil {
			path = strings.TrimPrefix(m[1], s.URL)
		}
	}
	return numbers
}

func upTo(n int) []int {
	var out []int
	for i := range n {
		out = append(out, i+1)
	}
	return out
}

func TestCursor(t *testing.T) {
	s := New(t)
	many(s, 25)
	for _, query := range []string{"per_page=10", "per_page=10&sort=updated", "per_page=10&sort=comments", "per_page=1&state=all", "per_page=25", ""} {
		got := walk(t, s, "/repos/acme/ops/issues?"+query)
		slices.Reverse(got)
		if !slices.Equal(got, upTo(25)) {
			t.Errorf("%s: got %v, want 25 down to 1", query, got)
		}
		if got := walk(t, s, "/repos/acme/ops/issues?direction=asc&"+query); !slices.Equal(got, upTo(25)) {
			t.Errorf("%s, ascending: got %v, want 1 to 25", query, got)
		}
	}
	resp, _ := ask(t, s, Token, "GET", "/repos/acme/ops/issues?per_page=10&state=all", "")
	link, err := url.Parse(nextLink.FindStringSubmatch(resp.Header.Get("Link"))[1])
	ok(t, err)
	same(t, "page in the link", link.Query().Get("page"), "2")
	same(t, "state in the link", link.Query().Get("state"), "all")
	same(t, "repository by its id", link.Path, "/repositories/"+itoa(s.find(Repo).id)+"/issues")
	resp, _ = ask(t, s, Token, "GET", "/repos/acme/ops/issues?after=nonsense", "")
	same(t, "status of a cursor that is none", resp.StatusCode, 422)
}

// TestBefore goes back by the links as far as it went forward.
func TestBefore(t *testing.T) {
	s := New(t)
	many(s, 5)
	gh := client(t, s, Token)
	list := func(query string) (string, *github.Response) {
		r, err := gh.NewRequest("GET", "repos/acme/ops/issues?per_page=2&"+query, nil)
		ok(t, err)
		var page []*github.Issue
		resp, err := gh.Do(context.Background(), r, &page)
		ok(t, err)
		var out string
		for _, i := range page {
			out += itoa(i.GetNumber())
		}
		return out, resp
	}
	first, resp := list("")
	same(t, "first page", first, "54")
	same(t, "no page before the first", resp.Before, "")
	second, resp := list("after=" + url.QueryEscape(resp.After))
	same(t, "second page", second, "32")
	again, _ := list("before=" + url.QueryEscape(resp.Before))
	same(t, "first page again", again, "54")
}

// TestPageTooDeep is what a client meets in a large repository that counts pages.
func TestPageTooDeep(t *testing.T) {
	s := New(t)
	for _, c := range []struct{ page, size, want int }{{99, 100, 200}, {100, 100, 422}, {101, 100, 422}, {333, 30, 200}, {334, 30, 422}} {
		resp, body := ask(t, s, Token, "GET", "/repos/acme/ops/issues?per_page="+itoa(c.size)+"&page="+itoa(c.page), "")
		same(t, "status of page "+itoa(c.page), resp.StatusCode, c.want)
		same(t, "says why", strings.Contains(body, "use cursor based pagination"), c.want == 422)
	}
	small := New(t, WithPageLimit(20))
	many(small, 45)
	same(t, "by the cursor", len(walk(t, small, "/repos/acme/ops/issues?per_page=10")), 45)
	resp, _ := ask(t, small, Token, "GET", "/repos/acme/ops/issues?per_page=10&page=2", "")
	same(t, "by the page", resp.StatusCode, 422)
}

func TestPagesByNumber(t *testing.T) {
	s := New(t)
	for i := range 7 {
		s.As(Alice).AddLabel(Repo, Label{Name: "label " + itoa(i), Color: "ededed"})
	}
	gh := client(t, s, Token)
	labels, resp, err := gh.Issues.ListLabels(context.Background(), owner, repo, &github.ListOptions{PerPage: 3, Page: 2})
	ok(t, err)
	same(t, "first on page 2", labels[0].GetName(), "label 3")
	same(t, "next", resp.NextPage, 3)
	same(t, "last", resp.LastPage, 3)
	same(t, "prev", resp.PrevPage, 1)
	same(t, "first", resp.FirstPage, 1)
	labels, resp, err = gh.Issues.ListLabels(context.Background(), owner, repo, &github.ListOptions{PerPage: 500, Page: 1})
	ok(t, err)
	same(t, "labels on one page", len(labels), 7)
	same(t, "Link", resp.Header.Get("Link"), "")
}

// TestPageShift: an issue that is opened between two pages pushes one onto the next page, where a cursor does not look again.
func TestPageShift(t *testing.T) {
	count := func(next func(page int, resp *http.Response) string) map[int]int {
		s := New(t)
		many(s, 4)
		s.Inject(On("GET", "/issues$", 2, PageShift))
		seen := map[int]int{}
		path := "/repos/acme/ops/issues?per_page=2"
		for page := 2; path != ""; page++ {
			resp, body := ask(t, s, Token, "GET", path, "")
			var issues []struct{ Number int }
			ok(t, json.Unmarshal([]byte(body), &issues))
			for _, i := range issues {
				seen[i.Number]++
			}
			path = ""
			if len(issues) == 2 {
				path = next(page, resp)
			}
		}
		return seen
	}
	byPage := count(func(page int, _ *http.Response) string { return "/repos/acme/ops/issues?per_page=2&page=" + itoa(page) })
	same(t, "issue 3 by page numbers", byPage[3], 2)
	byCursor := count(func(_ int, resp *http.Response) string {
		m := nextLink.FindStringSubmatch(resp.Header.Get("Link"))
		if m == nil {
			return ""
		}
		u, err := url.Parse(m[1])
		ok(t, err)
		return u.RequestURI()
	})
	same(t, "issue 3 by the cursor", byCursor[3], 1)
}
