package githubapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/bradleyfalzon/ghinstallation/v2"
)

// App is how a GitHub App proves who it is. Tokens made of it end after an hour and are made anew.
type App struct {
	ID             int64
	InstallationID int64
	PrivateKey     Secret // PEM
}

// Format shows which App it is, by every verb: %s would get at the key otherwise.
func (a App) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "App %d, installation %d", a.ID, a.InstallationID)
}

// actionsLogin opens the issues of a workflow that uses its own token.
const actionsLogin = "github-actions[bot]"

// Tokens tell by how they start what they are: those of apps, that of GitHub Actions among them, are nobody's, and GET /user is
// refused to them; the others are somebody's. See
// https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
const installationToken = "ghs_"

var userTokens = []string{"ghp_", "gho_", "ghu_", "github_pat_"}

// account is who we are. Secrets stand in closures: package fmt would print them in a field.
type account struct {
	id      string // tells one account from another, and gives nothing away
	token   func(ctx context.Context) (Secret, error)
	login   func(ctx context.Context) (string, error) // "" where GitHub has to be asked by GET /user
	secrets func() []string                           // what must not be in any text
	refused func(err error) int                       // the status by which no token was given; 0 for another error
	user    bool                                      // known to be somebody's
}

func newAccount(cfg Config, g *guard) (account, error) {
	switch {
	case cfg.App != nil:
		return appAccount(*cfg.App, g)
	case cfg.Token == "":
		return account{}, errors.New("no token for GitHub")
	case strings.ContainsFunc(string(cfg.Token), func(r rune) bool { return r <= ' ' || r > '~' }):
		return account{}, errors.New("the token for GitHub holds blanks or control characters; it was probably cut out wrongly")
	}
	return tokenAccount(string(cfg.Token)), nil
}

func tokenAccount(token string) account {
	return account{
		id:      fingerprint("token", token),
		token:   func(context.Context) (Secret, error) { return Secret(token), nil },
		secrets: func() []string { return []string{token} },
		refused: func(error) int { return 0 },
		user:    slices.ContainsFunc(userTokens, func(p string) bool { return strings.HasPrefix(token, p) }),
		login: func(context.Context) (string, error) {
			if strings.HasPrefix(token, installationToken) {
				return actionsLogin, nil
			}
			return "", nil
		},
	}
}

// fingerprint is too short to be guessed back from, and long enough to tell two accounts apart.
func fingerprint(kind, secret string) string {
	sum := sha256.Sum256([]byte("sitrep " + kind + "\x00" + secret))
	return hex.EncodeToString(sum[:8])
}

// appAccount makes installation tokens; requests for them go through the guard as all others do.
func appAccount(app App, g *guard) (account, error) {
	apps, err := ghinstallation.NewAppsTransport(g, app.ID, []byte(app.PrivateKey))
	if err != nil {
		return account{}, errors.New("the private key of the GitHub App cannot be read, want it as PEM")
	}
	apps.BaseURL = strings.TrimRight(g.base.String(), "/")
	installation := ghinstallation.NewFromAppsTransport(apps, app.InstallationID)
	latest := ""
	return account{
		id: fingerprint("app", fmt.Sprint(app.ID)),
		token: func(ctx context.Context) (Secret, error) {
			token, err := installation.Token(ctx)
			if err == nil && token == "" {
				err = errors.New("GitHub gave an empty one")
			}
			latest = token
			return Secret(token), err
		},
		login: func(ctx context.Context) (string, error) { return appLogin(ctx, apps) },
		secrets: func() []string {
			if latest == "" {
				return nil
			}
			return []string{latest}
		},
		refused: func(err error) int {
			var e *ghinstallation.HTTPError
			if errors.As(err, &e) && e.Response != nil {
				return e.Response.StatusCode
			}
			return 0
		},
	}, nil
}

// appLogin is the account that an App writes as: its short name with "[bot]".
func appLogin(ctx context.Context, apps *ghinstallation.AppsTransport) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, apps.BaseURL+"/app", nil)
	if err != nil {
		return "", err
	}
	resp, err := apps.RoundTrip(r)
	if err != nil {
		return "", err
	}
	var app struct{ Slug string }
	if err := json.NewDecoder(resp.Body).Decode(&app); err != nil || resp.StatusCode != http.StatusOK || app.Slug == "" {
		return "", fmt.Errorf("GitHub does not say which App this is: %s", resp.Status)
	}
	return app.Slug + "[bot]", nil
}

// identify finds out who we are, once.
func (c *Client) identify(ctx context.Context) error {
	if c.self != "" {
		return nil
	}
	login, err := c.wire.account.login(ctx)
	if err != nil {
		return &failure{text: "who this is: " + c.wire.clean(err.Error()), kind: ctx.Err()}
	}
	if login == "" {
		if login, err = c.askWho(ctx); err != nil {
			return err
		}
	}
	c.self = login
	return nil
}

// askWho asks GitHub. The token of GitHub Actions is refused an answer.
func (c *Client) askWho(ctx context.Context) (string, error) {
	a, err := c.wire.read(ctx, call{path: "user"})
	if statusOf(err) == http.StatusForbidden && !c.wire.account.user {
		return actionsLogin, nil
	}
	if err != nil {
		return "", fmt.Errorf("who this is: %w", err)
	}
	var user struct{ Login string }
	if err := c.wire.into(a, &user, false); err != nil {
		return "", fmt.Errorf("who this is: %w", err)
	}
	if user.Login == "" {
		return "", errors.New("who this is: GitHub does not say")
	}
	return user.Login, nil
}
