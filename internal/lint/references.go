package lint

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

const familyReferences = "references"

func referenceRules() []Rule {
	return []Rule{
		{
			Name: "duplicate-id", Family: familyReferences, Level: diag.Error, Check: checkDuplicateID, Repository: true,
			Doc: "An id stands for one record of its kind in the whole repository, whatever the sub-folder; an id in `formerly` counts.",
			Ok:  "formerly: [2025-03-04-api-down]\n",
			Bad: "-- incidents/2025-03-04-api-outage.md --\n" + baseIncident + "-- incidents/2025/2025-03-04-api-outage.md --\n" + baseIncident,
		},
		{
			Name: "postmortem-incident", Family: familyReferences, Level: diag.Error, Check: checkPostmortemIncident, Repository: true, On: parse.PostmortemRecord,
			Doc: "A post-mortem is about incidents that are in the repository.",
			Ok:  "incident: 2025-03-04-api-outage\n",
			Bad: "incident: 2025-03-04-api-outrage\n",
		},
		{
			Name: "postmortem-twice", Family: familyReferences, Level: diag.Warning, Check: checkPostmortemTwice, Repository: true, On: parse.PostmortemRecord,
			Doc: "An incident has one post-mortem: two analyses of one incident have two lists of action items, and one is forgotten.",
			Ok:  "incident: 2025-03-04-api-outage\n",
			Bad: "-- postmortems/2025-03-04-again.md --\n" + strings.Replace(basePostmortem, "---\n", "---\nincident: 2025-03-04-api-outage\n", 1),
		},
		{
			Name: "duplicate-of", Family: familyReferences, Level: diag.Error, Check: checkDuplicateOf, Repository: true,
			Doc: "`resolution: duplicate` names the incident that it repeats in `duplicate_of`, and that is another incident of the repository.",
			Ok:  "resolution: resolved\n",
			Bad: "resolution: duplicate\n",
		},
		{
			Name: "link-file", Family: familyReferences, Level: diag.Error, Check: checkLinkFile, Repository: true,
			Doc: "A link or picture that names a file of the repository finds it there.",
			Ok:  "## Summary\n\nRequests failed, see [the post-mortem](../postmortems/2025-03-04-api-outage.md).\n",
			Bad: "## Summary\n\nRequests failed, see [the graph](graph.png).\n",
		},
	}
}

func checkDuplicateID(p *Pass) {
	type key struct {
		kind parse.Kind
		id   string
	}
	first := map[key]*parse.Record{}
	for i := range p.Repo.Tree.Records {
		r := &p.Repo.Tree.Records[i]
		k := key{r.Kind, r.ID}
		if f := first[k]; f != nil {
			p.reportIn(r.Path, diag.Span{}, "give one of the two another name", "id %q is taken by %s", r.ID, f.Path)
			continue
		}
		first[k] = r
	}
	for i := range p.Repo.Tree.Records {
		r := &p.Repo.Tree.Records[i]
		for j, old := range formerIDs(r) {
			k := key{r.Kind, old}
			if f := first[k]; f != nil {
				p.reportIn(r.Path, r.Item("formerly", j), "", "former id %q is the id of %s", old, f.Path)
				continue
			}
			first[k] = r
		}
	}
}

func formerIDs(r *parse.Record) []string {
	if r.Kind == parse.IncidentRecord {
		return r.Incident.FormerIDs
	}
	return r.Postmortem.FormerIDs
}

func checkPostmortemIncident(p *Pass) {
	p.postmortems(func(r *parse.Record) {
		for i, id := range r.Postmortem.Incidents {
			if p.Repo.Incident(id) == nil && !p.Repo.unreadable(id) {
				p.reportIn(r.Path, r.Item("incident", i), p.nearestIncident(id), "no incident %q in the repository", id)
			}
		}
	})
}

func (p *Pass) nearestIncident(id string) string {
	ids := slices.Sorted(maps.Keys(p.Repo.incidents))
	if near := diag.Nearest(id, ids); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "the incident's id is its file name without .md"
}

func checkPostmortemTwice(p *Pass) {
	first := map[*parse.Record]*parse.Record{}
	p.postmortems(func(r *parse.Record) {
		for i, id := range r.Postmortem.Incidents {
			inc := p.Repo.Incident(id)
			if inc == nil {
				continue
			}
			if f := first[inc]; f != nil && f != r {
				p.reportIn(r.Path, r.Item("incident", i), "put both together", "incident %q has a post-mortem already: %s", id, f.Path)
				continue
			}
			first[inc] = r
		}
	})
}

func checkDuplicateOf(p *Pass) {
	p.incidents(func(r *parse.Record) {
		inc := r.Incident
		other := p.Repo.Incident(inc.Duplicate)
		switch {
		case inc.Resolution == incident.Duplicate && inc.Duplicate == "":
			p.reportIn(r.Path, r.Field("resolution"), "add duplicate_of: with the other incident's id", `resolution is "duplicate", but duplicate_of is missing`)
		case inc.Duplicate != "" && other == nil:
			p.reportIn(r.Path, r.Field("duplicate_of"), p.nearestIncident(inc.Duplicate), "no incident %q in the repository", inc.Duplicate)
		case inc.Duplicate != "" && other == r:
			p.reportIn(r.Path, r.Field("duplicate_of"), "", "the incident is a duplicate of itself")
		}
	})
}

func checkLinkFile(p *Pass) {
	for i := range p.Repo.Tree.Records {
		r := &p.Repo.Tree.Records[i]
		for _, l := range r.Links {
			target, ok := linkTarget(r.Path, l.Target)
			if !ok {
				p.reportIn(r.Path, l.Span, "", "link %q leads out of the repository", l.Target)
				continue
			}
			if _, err := fs.Stat(p.Repo.FS, target); err != nil {
				p.reportIn(r.Path, l.Span, "is the path relative to this file's folder?", "link %q leads to no file, %s is not there", l.Target, target)
			}
		}
	}
}

// linkTarget is the file that a link names: relative to the record's folder, or to the repository's root where it begins with
// a slash. ok is false for a path that leaves the repository.
func linkTarget(from, link string) (target string, ok bool) {
	if strings.HasPrefix(link, "/") {
		target = path.Clean(strings.TrimLeft(link, "/"))
	} else {
		target = path.Join(path.Dir(from), link)
	}
	return target, fs.ValidPath(target)
}
