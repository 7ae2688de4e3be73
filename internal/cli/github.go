package cli

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2/maybe"

	"github.com/syncwell/sitrep/internal/githubapi"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/parsecache"
)

// openGitHub makes the client for the repository that Actions names, or that the remote origin leads to.
func (g *globals) openGitHub(r *repository) (*tracker, error) {
	name, base, err := g.gitHubRepository(r)
	if err != nil {
		return nil, err
	}
	token, source, err := githubapi.Credentials(g.env.Getenv, ghToken)
	if err != nil {
		return nil, &exitError{exitRemote, err}
	}
	var app *githubapi.App
	if source == githubapi.SourceApp {
		if app, err = githubapi.AppFrom(g.env.Getenv); err != nil {
			return nil, &exitError{exitRemote, err}
		}
	}
	client, err := githubapi.New(githubapi.Config{
		Repo: name, BaseURL: base, Token: token, App: app, Clock: systemClock{g.env.Now}, Cache: g.issueCache(base, name),
		Accounts: r.config.TrackerAccounts, MinWriteGap: g.writeGap(), Progress: func(s string) { g.talk("sitrep: %s", harmless.Line(s)) },
	})
	if err != nil {
		return nil, &exitError{exitRemote, err}
	}
	return &tracker{
		system: client, name: githubapi.System, target: name + " (tracker github)", trusted: client.Trusted,
		link: func(p string) string { return g.fileURL(base, name, r.commit, p) },
		propose: func(ctx context.Context, files map[string][]byte, lines []string) (string, error) {
			return proposeSync(ctx, client, files, lines)
		},
	}, nil
}

// gitHubRepository is owner/name and the API's address.
func (g *globals) gitHubRepository(r *repository) (name, base string, err error) {
	base = g.env.Getenv("GITHUB_API_URL")
	if name = g.env.Getenv("GITHUB_REPOSITORY"); name != "" {
		return name, base, nil
	}
	origin := ""
	if r.git != nil {
		origin = r.git.Origin()
	}
	name, ok := githubapi.RepoFromRemote(origin)
	if !ok {
		return "", "", usageError("tracker github: no repository; set GITHUB_REPOSITORY=owner/name, or give the clone a remote origin on GitHub")
	}
	return name, base, nil
}

// fileURL is where GitHub shows a file of a commit.
func (g *globals) fileURL(base, name, commit, path string) string {
	server := g.env.Getenv("GITHUB_SERVER_URL")
	if server == "" {
		server = "https://github.com"
		if u, err := url.Parse(base); err == nil && u.Host != "" && u.Host != "api.github.com" {
			server = u.Scheme + "://" + u.Host
		}
	}
	if commit == "" {
		commit = "HEAD"
	}
	return server + "/" + name + "/blob/" + commit + "/" + path
}

// writeGap is the time between two writes. GitHub asks for a second; SITREP_WRITE_GAP is for servers of one's own.
func (g *globals) writeGap() time.Duration {
	d, err := time.ParseDuration(g.env.Getenv("SITREP_WRITE_GAP"))
	if err != nil || d <= 0 {
		return 0
	}
	return d
}

// ghToken asks GitHub's own command line tool, where it is installed and logged in.
func ghToken() (string, error) {
	out, err := exec.Command("gh", "auth", "token").Output()
	return strings.TrimSpace(string(out)), err
}

// systemClock is the process's own clock.
type systemClock struct{ now func() time.Time }

func (c systemClock) Now() time.Time { return c.now() }

func (c systemClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// issueCache keeps what the last run read; nil where there is no cache directory.
func (g *globals) issueCache(base, name string) githubapi.Cache {
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	file := url.QueryEscape(base+" "+name) + ".issues"
	return fileCache(filepath.Join(parsecache.Dir(dir), file))
}

// fileCache is a cache of one file, written as a whole.
type fileCache string

func (f fileCache) Load() ([]byte, bool) {
	b, err := os.ReadFile(string(f))
	return b, err == nil
}

func (f fileCache) Save(b []byte) error {
	if err := os.MkdirAll(filepath.Dir(string(f)), 0o700); err != nil {
		return err
	}
	return maybe.WriteFile(string(f), b, 0o600)
}

// proposeSync opens or updates the one pull request that brings edits on issues back.
func proposeSync(ctx context.Context, client *githubapi.Client, files map[string][]byte, lines []string) (string, error) {
	var body strings.Builder
	body.WriteString("People changed these on the issues; merging brings the files to the same:\n\n")
	for _, l := range lines {
		body.WriteString("- " + harmless.Markdown(l) + "\n")
	}
	address, number, err := client.ProposeChange(ctx, githubapi.Proposal{
		Branch: "sitrep/sync", Title: "Take over what was changed on issues", Body: body.String(), CommitMessage: "Take over what was changed on issues", Files: files,
	})
	if err != nil {
		return "", err
	}
	if number == 0 {
		return "The default branch has it all already.", nil
	}
	return fmt.Sprintf("Pull request %d: %s", number, address), nil
}
