package githubtest

import (
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// site is where html_url points; a name that never resolves.
const site = "https://github.test/"

// The functions below are the JSON forms of what the state holds. GitHub's description says which properties there must be.

func (c *call) repoURL() string { return c.s.URL + "/repos/" + c.repo.fullName() }

func (c *call) siteURL() string { return site + c.repo.fullName() }

func (c *call) labelURL(name string) string { return c.repoURL() + "/labels/" + url.PathEscape(name) }

func nodeID(kind string, id int64) string {
	return kind + "_" + base64.RawURLEncoding.EncodeToString([]byte(kind+itoa(id)))
}

// orNull is null for an empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// when is null for the zero time.
func when(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format(time.RFC3339)
}

// userID numbers logins in the order of their first use.
func (s *Server) userID(login string) int64 {
	i := slices.Index(s.users, login)
	if i < 0 {
		i = len(s.users)
		s.users = append(s.users, login)
	}
	return int64(i + 1)
}

func (c *call) userWire(login string) object {
	id, base := c.s.userID(login), c.s.URL+"/users/"+url.PathEscape(login)
	kind := "User"
	if isApp(login) {
		kind = "Bot"
	}
	o := object{
		"login": login, "id": id, "node_id": nodeID("U", id), "type": kind, "site_admin": false, "user_view_type": "public",
		"avatar_url": site + "avatars/" + itoa(id), "gravatar_id": "", "url": base, "html_url": site + url.PathEscape(login),
		"following_url": base + "/following{/other_user}", "gists_url": base + "/gists{/gist_id}",
		"starred_url": base + "/starred{/owner}{/repo}", "events_url": base + "/events{/privacy}", "organizations_url": base + "/orgs",
	}
	for _, part := range []string{"followers", "subscriptions", "repos", "received_events"} {
		o[part+"_url"] = base + "/" + part
	}
	return o
}

// someone is a user or, for no login, null.
func (c *call) someone(login string) any {
	if login == "" {
		return nil
	}
	return c.userWire(login)
}

// accountWire is a user as GET /user shows it to a token without the scope "user".
func (c *call) accountWire(login string) object {
	o := c.userWire(login)
	for _, unset := range []string{"name", "company", "location", "email", "hireable", "bio", "twitter_username"} {
		o[unset] = nil
	}
	maps.Copy(o, object{
		"blog": "", "public_repos": len(c.s.repos), "public_gists": 0, "followers": 0, "following": 0,
		"created_at": when(Epoch), "updated_at": when(Epoch),
	})
	return o
}

func (c *call) labelWire(l Label) object {
	return object{
		"id": l.ID, "node_id": nodeID("LA", l.ID), "url": c.labelURL(l.Name), "name": l.Name, "color": l.Color,
		"description": orNull(l.Description), "default": false,
	}
}

// labelOn is a label by its name.
func (c *call) labelOn(name string) object { return c.labelWire(c.repo.label(name).latest()) }

func (c *call) milestoneWire(m Milestone) object {
	var open, closed int
	for _, h := range c.repo.issues {
		switch i := h.latest(); {
		case i.gone || i.Milestone != m.Number:
		case i.State == "open":
			open++
		default:
			closed++
		}
	}
	base := c.repoURL() + "/milestones/" + itoa(m.Number)
	return object{
		"id": m.ID, "node_id": nodeID("MI", m.ID), "number": m.Number, "title": m.Title, "state": "open", "description": nil,
		"url": base, "labels_url": base + "/labels", "html_url": c.siteURL() + "/milestone/" + itoa(m.Number),
		"creator": c.userWire(c.repo.owner), "open_issues": open, "closed_issues": closed,
		"created_at": when(m.CreatedAt), "updated_at": when(m.CreatedAt), "closed_at": nil, "due_on": nil,
	}
}

func (c *call) milestoneOf(i Issue) any {
	if i.Milestone < 1 || i.Milestone > len(c.repo.milestones) {
		return nil
	}
	return c.milestoneWire(c.repo.milestones[i.Milestone-1])
}

// issueWire is an issue. A pull request is one too, with one property more.
func (c *call) issueWire(i Issue) object {
	n := itoa(i.Number)
	base, html := c.repoURL()+"/issues/"+n, c.siteURL()+"/issues/"+n
	o := object{
		"id": i.ID, "node_id": nodeID("I", i.ID), "number": i.Number, "title": i.Title, "body": orNull(i.Body), "state": i.State,
		"state_reason": orNull(i.StateReason), "user": c.userWire(i.User), "labels": wireAll(i.Labels, c.labelOn),
		"assignee": nil, "assignees": wireAll(i.Assignees, c.userWire), "milestone": c.milestoneOf(i), "locked": i.Locked,
		"active_lock_reason": orNull(i.LockReason), "comments": i.Comments, "closed_at": when(i.ClosedAt), "closed_by": c.someone(i.ClosedBy),
		"created_at": when(i.CreatedAt), "updated_at": when(i.UpdatedAt), "author_association": c.repo.association(i.User),
		"url": base, "repository_url": c.repoURL(), "html_url": html, "labels_url": base + "/labels{/name}",
		"comments_url": base + "/comments", "events_url": base + "/events", "timeline_url": base + "/timeline",
		"performed_via_github_app": nil, "reactions": reactions(base),
	}
	if len(i.Assignees) > 0 {
		o["assignee"] = c.userWire(i.Assignees[0])
	}
	if i.Pull != nil {
		html = c.siteURL() + "/pull/" + n
		o["html_url"], o["draft"] = html, i.Pull.Draft
		o["pull_request"] = object{
			"url": c.repoURL() + "/pulls/" + n, "html_url": html, "diff_url": html + ".diff", "patch_url": html + ".patch", "merged_at": nil,
		}
	}
	return o
}

func reactions(base string) object {
	o := object{"url": base + "/reactions", "total_count": 0}
	for _, r := range []string{"+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"} {
		o[r] = 0
	}
	return o
}

func (c *call) commentWire(k Comment) object {
	n, base := itoa(k.Issue), c.repoURL()+"/issues/comments/"+itoa(k.ID)
	return object{
		"id": k.ID, "node_id": nodeID("IC", k.ID), "url": base, "issue_url": c.repoURL() + "/issues/" + n,
		"html_url": c.siteURL() + "/issues/" + n + "#issuecomment-" + itoa(k.ID), "body": k.Body, "user": c.userWire(k.User),
		"created_at": when(k.CreatedAt), "updated_at": when(k.UpdatedAt), "author_association": c.repo.association(k.User),
		"performed_via_github_app": nil, "reactions": reactions(base),
	}
}

// repoWire is a repository. Most of it is URLs that nobody asks for.
func (c *call) repoWire() object {
	r, base := c.repo, c.repoURL()
	o := object{
		"id": r.id, "node_id": nodeID("R", r.id), "name": r.name, "full_name": r.fullName(), "owner": c.userWire(r.owner),
		"private": true, "html_url": c.siteURL(), "url": base, "description": nil, "homepage": nil, "language": nil, "license": nil,
		"mirror_url": nil, "fork": false, "archived": false, "disabled": false, "default_branch": defaultBranch, "size": 1,
		"visibility": "private", "clone_url": c.siteURL() + ".git", "git_url": "git://github.test/" + r.fullName() + ".git",
		"ssh_url": "git@github.test:" + r.fullName() + ".git", "svn_url": c.siteURL(),
		"pushed_at": when(Epoch), "created_at": when(Epoch), "updated_at": when(Epoch),
		"permissions": object{"admin": false, "maintain": false, "push": !c.token.readOnly, "triage": !c.token.readOnly, "pull": true},
	}
	for _, has := range []string{"issues", "projects", "wiki", "pages", "downloads", "discussions"} {
		o["has_"+has] = has == "issues"
	}
	for _, count := range []string{
		"forks", "forks_count", "stargazers_count", "watchers", "watchers_count", "subscribers_count",
		"network_count", "open_issues", "open_issues_count",
	} {
		o[count] = 0
	}
	for name, path := range repoURLs {
		o[name+"_url"] = base + path
	}
	for _, name := range strings.Fields("contributors deployments downloads events forks hooks languages merges stargazers subscribers subscription tags teams") {
		o[name+"_url"] = base + "/" + name
	}
	return o
}

// repoURLs are the URL templates of a repository.
var repoURLs = map[string]string{
	"archive": "/{archive_format}{/ref}", "assignees": "/assignees{/user}", "blobs": "/git/blobs{/sha}", "branches": "/branches{/branch}",
	"collaborators": "/collaborators{/collaborator}", "comments": "/comments{/number}", "commits": "/commits{/sha}",
	"compare": "/compare/{base}...{head}", "contents": "/contents/{+path}", "git_commits": "/git/commits{/sha}",
	"git_refs": "/git/refs{/sha}", "git_tags": "/git/tags{/sha}", "issue_comment": "/issues/comments{/number}",
	"issue_events": "/issues/events{/number}", "issues": "/issues{/number}", "keys": "/keys{/key_id}", "labels": "/labels{/name}",
	"milestones": "/milestones{/number}", "notifications": "/notifications{?since,all,participating}", "pulls": "/pulls{/number}",
	"releases": "/releases{/id}", "statuses": "/statuses/{sha}", "trees": "/git/trees{/sha}",
}
