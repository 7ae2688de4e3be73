package githubapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/go-github/v62/github"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// createLabel makes a label. One that is there already is left as it is.
func (c *Client) createLabel(ctx context.Context, ch reconcile.Change) error {
	name, color, description := ch.Key, ch.After[reconcile.Color], ch.After[reconcile.Description]
	_, err := c.wire.write(ctx, call{
		method: http.MethodPost, path: c.at("/labels"),
		body: &github.Label{Name: &name, Color: &color, Description: &description},
	})
	switch {
	case err == nil, statusOf(err) == http.StatusUnprocessableEntity && asFailure(err).has("already_exists"):
	case unknown(err):
		if _, missing := c.wire.read(ctx, call{path: c.at("/labels/%s", url.PathEscape(name))}); missing != nil {
			return fmt.Errorf("%w: label %q: %v", reconcile.ErrUnknownOutcome, name, err)
		}
	default:
		return fmt.Errorf("label %q: %w", name, err)
	}
	// The cache holds labels and is not told of new ones by GitHub: the next plan would make this one again.
	c.held.labels = append(c.held.labels, label{name, color, description})
	c.save()
	return nil
}
