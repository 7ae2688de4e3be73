package githubapi

import (
	"context"
	"maps"
	"net/url"
	"regexp"

	"github.com/google/go-github/v62/github"
)

// perPage is as many as GitHub gives; maxPages ends a list that has no end.
const (
	perPage  = "100"
	maxPages = 5000
)

// pages reads a list page by page. Where GitHub gives a cursor it is followed, in large repositories nothing else reaches the end;
// servers without one give a page number. An etag, for the first page, stands for a list of one page.
func (c *Client) pages(ctx context.Context, path string, query url.Values, etag string, each func(answer) error) error {
	q := maps.Clone(query)
	if !q.Has("per_page") {
		q.Set("per_page", perPage)
	}
	for range maxPages {
		a, err := c.wire.read(ctx, call{path: path + "?" + q.Encode(), etag: etag})
		if err != nil {
			return err
		}
		c.renamed = c.renamed || a.moved
		if err := each(a); err != nil {
			return err
		}
		key, value := next(a.header.Get("Link"))
		switch {
		case key == "":
			return nil
		case value == q.Get(key):
			return &failure{text: "GitHub's list leads from a page to the same page"}
		}
		etag = ""
		q.Del("page")
		q.Del("after")
		q.Set(key, value)
	}
	return &failure{text: "the list has no end"}
}

var nextLink = regexp.MustCompile(`<([^<>]*)>\s*;[^,]*\brel="?next\b`)

// next is the parameter that leads to the next page: a cursor, or else a page number. Nothing else is taken from a link: the next
// request is for the same list.
func next(link string) (key, value string) {
	m := nextLink.FindStringSubmatch(link)
	if m == nil {
		return "", ""
	}
	u, err := url.Parse(m[1])
	if err != nil {
		return "", ""
	}
	for _, key := range []string{"after", "page"} {
		if v := u.Query().Get(key); v != "" {
			return key, v
		}
	}
	return "", ""
}

// label is a label of the repository.
type label struct {
	Name        string `json:"name"`
	Color       string `json:"color"`
	Description string `json:"description"`
}

// labels reads the repository's labels.
func (c *Client) labels(ctx context.Context) ([]label, error) {
	var out []label
	err := c.pages(ctx, c.at("/labels"), url.Values{}, "", func(a answer) error {
		var page []*github.Label
		if err := c.wire.into(a, &page, false); err != nil {
			return err
		}
		for _, l := range page {
			out = append(out, label{spellLabel(l.GetName()), l.GetColor(), l.GetDescription()})
		}
		return nil
	})
	return out, err
}
