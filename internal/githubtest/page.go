package githubtest

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// number is a query parameter that counts, at least 1.
func (c *call) number(name string, otherwise int) int {
	n, err := strconv.Atoi(c.query.Get(name))
	if err != nil || n < 1 {
		return otherwise
	}
	return n
}

func (c *call) perPage() int { return min(c.number("per_page", 30), 100) }

// paged answers with the page that is asked for by its number.
func paged[T any](c *call, items []T, wire func(T) object) response {
	size, page := c.perPage(), c.number("page", 1)
	last := (len(items) + size - 1) / size
	start := min((page-1)*size, len(items))
	a := c.json(http.StatusOK, wireAll(items[start:min(start+size, len(items))], wire))
	var links []string
	link := func(n int, rel string) { links = append(links, c.link(rel, url.Values{"page": {itoa(n)}})) }
	if page > 1 {
		link(page-1, "prev")
	}
	if page < last {
		link(page+1, "next")
		link(last, "last")
	}
	if page > 1 {
		link(1, "first")
	}
	return withLinks(a, links)
}

func wireAll[T any](items []T, wire func(T) object) []object {
	out := make([]object, 0, len(items))
	for _, item := range items {
		out = append(out, wire(item))
	}
	return out
}

func withLinks(a response, links []string) response {
	if len(links) > 0 {
		a.header.Set("Link", strings.Join(links, ", "))
	}
	return a
}

// link is one entry of a Link header: this request's query with some of it replaced, the repository by its id as GitHub has it.
func (c *call) link(rel string, set url.Values) string {
	q := maps.Clone(c.query)
	for _, name := range []string{"after", "before", "page"} {
		q.Del(name)
	}
	for name, values := range set {
		q[name] = values
	}
	rest := strings.SplitN(c.path, "/", 5)[4] // "", "repos", owner, name, rest
	return fmt.Sprintf(`<%s/repositories/%d/%s?%s>; rel="%s"`, c.s.URL, c.repo.id, rest, q.Encode(), rel)
}

// place is where an issue stands in a sorted list. The cursor is made of it, so that it holds when issues come and go.
type place struct {
	key    int64
	number int
}

func placeOf(i Issue, by string) place {
	switch by {
	case "updated":
		return place{i.UpdatedAt.Unix(), i.Number}
	case "comments":
		return place{int64(i.Comments), i.Number}
	}
	return place{i.CreatedAt.Unix(), i.Number}
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.key, q.key), cmp.Compare(p.number, q.number))
}

func (p place) cursor() string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "cursor:v2:%d:%d", p.key, p.number))
}

func parseCursor(s string) (p place, err error) {
	text, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return p, err
	}
	_, err = fmt.Sscanf(string(text), "cursor:v2:%d:%d", &p.key, &p.number)
	return p, err
}

// tooDeep is how GitHub refuses a page number that reaches too far into a large list.
const tooDeep = "Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)"

// issuePage answers with a page of issues as GitHub does since 2025: by a cursor, which the Link header gives together with a
// page number, or by a page number alone, which works only so far. Where a cursor is given the page number says nothing.
func issuePage(c *call, issues []Issue) response {
	q := c.query
	by, size, page := q.Get("sort"), c.perPage(), c.number("page", 1)
	order := func(a, b Issue) int { return placeOf(b, by).compare(placeOf(a, by)) }
	if q.Get("direction") == "asc" {
		order = func(a, b Issue) int { return placeOf(a, by).compare(placeOf(b, by)) }
	}
	slices.SortFunc(issues, order)
	start := (page - 1) * size
	if cursor := cmp.Or(q.Get("after"), q.Get("before")); cursor != "" {
		p, err := parseCursor(cursor)
		if err != nil {
			return c.fail(http.StatusUnprocessableEntity, "The cursor is invalid.")
		}
		start = c.startAt(issues, p, by, size)
	} else if page*size >= c.s.pageLimit {
		return c.fail(http.StatusUnprocessableEntity, tooDeep)
	}
	start = min(start, len(issues))
	end := min(start+size, len(issues))
	var links []string
	link := func(rel, cursor string, at, page int) {
		links = append(links, c.link(rel, url.Values{cursor: {placeOf(issues[at], by).cursor()}, "page": {itoa(page)}}))
	}
	if end < len(issues) {
		link("next", "after", end-1, page+1)
	}
	if start > 0 && start < len(issues) {
		link("prev", "before", start, max(page-1, 1))
	}
	return withLinks(c.json(http.StatusOK, wireAll(issues[start:end], c.issueWire)), links)
}

// startAt is where the page after, or before, a cursor starts in a sorted list.
func (c *call) startAt(issues []Issue, p place, by string, size int) int {
	q := c.query
	sign := 1
	if q.Get("direction") != "asc" {
		sign = -1
	}
	if q.Get("after") != "" {
		i := slices.IndexFunc(issues, func(i Issue) bool { return sign*placeOf(i, by).compare(p) > 0 })
		if i < 0 {
			return len(issues)
		}
		return i
	}
	i := slices.IndexFunc(issues, func(i Issue) bool { return sign*placeOf(i, by).compare(p) >= 0 })
	if i < 0 {
		i = len(issues)
	}
	return max(i-size, 0)
}
