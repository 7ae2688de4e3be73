package githubapi

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// Where credentials come from, in the order in which they are looked for.
const (
	SourceToken   = "GITHUB_TOKEN"
	SourceGHToken = "GH_TOKEN"
	SourceApp     = "SITREP_APP_ID"
	SourceGH      = "gh auth token"
)

// Credentials finds the token, and says where. For SourceApp there is no token: AppFrom has the rest. runGh runs `gh auth token`;
// nil where there is no gh.
func Credentials(getenv func(string) string, runGh func() (string, error)) (token Secret, source string, err error) {
	for _, name := range []string{SourceToken, SourceGHToken} {
		if v := strings.TrimSpace(getenv(name)); v != "" {
			return Secret(v), name, nil
		}
	}
	app, err := AppFrom(getenv)
	if err != nil || app != nil {
		return "", SourceApp, err
	}
	if runGh != nil {
		if v, err := runGh(); err == nil && strings.TrimSpace(v) != "" {
			return Secret(strings.TrimSpace(v)), SourceGH, nil
		}
	}
	return "", "", &failure{
		kind: reconcile.ErrAuth,
		text: "no GitHub token: set GITHUB_TOKEN or GH_TOKEN, or SITREP_APP_ID with SITREP_APP_INSTALLATION_ID and SITREP_APP_PRIVATE_KEY, or run gh auth login",
	}
}

// AppFrom reads SITREP_APP_ID, SITREP_APP_INSTALLATION_ID and SITREP_APP_PRIVATE_KEY; nil where none of them is set.
func AppFrom(getenv func(string) string) (*App, error) {
	id, installation, key := getenv("SITREP_APP_ID"), getenv("SITREP_APP_INSTALLATION_ID"), getenv("SITREP_APP_PRIVATE_KEY")
	if id == "" && installation == "" && key == "" {
		return nil, nil
	}
	if id == "" || installation == "" || key == "" {
		return nil, errors.New("a GitHub App wants all of SITREP_APP_ID, SITREP_APP_INSTALLATION_ID and SITREP_APP_PRIVATE_KEY")
	}
	var app App
	var err error
	if app.ID, err = positive("SITREP_APP_ID", id); err != nil {
		return nil, err
	}
	if app.InstallationID, err = positive("SITREP_APP_INSTALLATION_ID", installation); err != nil {
		return nil, err
	}
	// Who puts a key on one line writes \n for its line ends.
	app.PrivateKey = Secret(strings.ReplaceAll(strings.TrimSpace(key), `\n`, "\n") + "\n")
	return &app, nil
}

// positive reads a number. The text is not repeated: somebody may have mixed up the variables.
func positive(name, text string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s is not a number above 0", name)
	}
	return n, nil
}

var (
	repoName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]*[A-Za-z0-9_-]$`)
	scpLike  = regexp.MustCompile(`^(?:[^@/:]+@)?([^@/:]{2,}):([^:].*)$`)
)

// RepoFromRemote reads "owner/name" off a remote's URL: https, ssh, git, or git@host:owner/name. The host may be any, because GitHub
// Enterprise's may.
func RepoFromRemote(remote string) (string, bool) {
	remote = strings.TrimSpace(remote)
	rest := ""
	if u, err := url.Parse(remote); strings.Contains(remote, "://") {
		if err != nil || u.Hostname() == "" {
			return "", false
		}
		switch u.Scheme {
		case "https", "http", "ssh", "git", "git+ssh", "ssh+git":
			rest = u.Path
		default:
			return "", false
		}
	} else if m := scpLike.FindStringSubmatch(remote); m != nil {
		rest = m[2]
	}
	repo := strings.TrimSuffix(strings.Trim(rest, "/"), ".git")
	return repo, repoName.MatchString(repo)
}
