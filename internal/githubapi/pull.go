package githubapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/go-github/v62/github"
)

// pulls lists the pull requests from a proposal's branch to its base, the latest first. The owner has to be named: without it GitHub
// filters nothing.
func (c *Client) pulls(ctx context.Context, p Proposal) ([]*github.PullRequest, error) {
	owner, _, _ := strings.Cut(c.repo, "/")
	q := url.Values{"state": {"all"}, "head": {owner + ":" + p.Branch}, "base": {p.Base}, "per_page": {perPage}}
	var out []*github.PullRequest
	err := c.get(ctx, c.at("/pulls?%s", q.Encode()), &out)
	return out, err
}

func find(pulls []*github.PullRequest, is func(*github.PullRequest) bool) *github.PullRequest {
	if i := slices.IndexFunc(pulls, is); i >= 0 {
		return pulls[i]
	}
	return nil
}

// mark is a comment in a pull request's text that says which content it proposes.
func mark(digest string) string { return "<!-- sitrep-sync:v1 content=" + digest + " -->" }

func carries(pr *github.PullRequest, digest string) bool {
	return strings.Contains(pr.GetBody(), mark(digest))
}

func (p Proposal) bodyWith(digest string) string {
	return strings.TrimRight(p.Body, "\n") + "\n\n" + mark(digest) + "\n"
}

// openPull opens the pull request. After a POST without an answer the list tells whether there is one.
func (c *Client) openPull(ctx context.Context, p Proposal, digest string) (*github.PullRequest, error) {
	var made github.PullRequest
	err := c.put(ctx, http.MethodPost, c.at("/pulls"), map[string]any{
		"title": p.Title, "body": p.bodyWith(digest), "head": p.Branch, "base": p.Base,
	}, &made)
	if !unknown(err) {
		return &made, err
	}
	pulls, readErr := c.pulls(ctx, p)
	if open := find(pulls, func(pr *github.PullRequest) bool { return pr.GetState() == "open" }); readErr == nil && open != nil {
		return open, nil
	}
	return nil, err
}

// updatePull brings the words of the open pull request up to date with its new content.
func (c *Client) updatePull(ctx context.Context, p Proposal, open *github.PullRequest, digest string) (*github.PullRequest, error) {
	var now github.PullRequest
	err := c.put(ctx, http.MethodPatch, c.at("/pulls/%d", open.GetNumber()), map[string]any{"title": p.Title, "body": p.bodyWith(digest)}, &now)
	return open, err
}
