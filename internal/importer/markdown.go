package importer

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// markdown reads a post-mortem in loose Markdown: an incident with what is stated of its times, and the post-mortem with all of the
// text.
func (r *reading) markdown(p string, src []byte) {
	if !strings.HasSuffix(p, ".md") && !strings.HasSuffix(p, ".markdown") && !strings.Contains("\n"+string(src), "\n#") {
		r.skip(p, "is no Markdown file")
		return
	}
	d := r.postmortem(p, string(src))
	r.add(d)
}

// postmortem makes the draft of one post-mortem.
func (r *reading) postmortem(p, src string) *draft {
	d := newDraft(p, r.postmortemID(p))
	doc := parse.Parse(p, parse.PostmortemRecord, []byte(tidy(src)), &r.opt.Config)
	f := split(doc)
	d.inc.Title, d.inc.Kind, d.inc.Status = f.title, incident.KindIncident, incident.StatusOver
	if d.inc.Title == "" {
		d.inc.Title = strings.TrimSuffix(path.Base(p), path.Ext(p))
		d.note(Inferred, "title: the file's name, there is no heading of level 1")
	}
	f.readStated()
	d.severity(&r.opt, f.stated["severity"])
	d.inc.Services = foldList(&doc.Meta, "services", "service", "components", "affected")
	if c := oneLine(f.stated["category"]); c != "" {
		d.inc.Tags = []string{cut(c, 60)}
		d.note(Inferred, "tags: the category %q", cut(c, 60))
	}
	d.post = &postDraft{sections: map[string]string{}}
	d.ownerOf(&r.opt, f.stated["owner"])
	d.note(Inferred, "status: a post-mortem that is there is taken for published, its incident for resolved")
	d.day = f.day(p)
	d.readTimeline(&r.opt, f)
	if day, as := f.misprinted(p); d.day.IsZero() && len(d.timeline) == 0 && !day.IsZero() {
		d.day = day
		d.note(Contradiction, "id: %s is taken for the day %s, as the file's name has the year; no time is made of it", as, day)
	}
	d.readStatedSpans(&r.opt, f)
	d.takeSections(f)
	d.takeActions(&r.opt, doc, f)
	return d
}

// postmortemID is the path below the folder that was read; Morty's files are in one folder, which may be left out.
func (r *reading) postmortemID(p string) string {
	if r.opt.Format == Morty {
		return strings.TrimPrefix(r.relative(p), mortyFolder)
	}
	return r.relative(p)
}

// ownerOf finds the login of the person that the source calls the owner.
func (d *draft) ownerOf(o *Options, name string) {
	if name = oneLine(name); name == "" {
		return
	}
	if d.post.owner = loginOf(o.Config.People, name); d.post.owner == "" {
		d.note(Dropped, "owner: %q is no login; people in the config maps names to logins", cut(name, 60))
	}
}

// loginOf is the login that a text is, or that the config gives for a name.
func loginOf(people map[string]config.Person, name string) string {
	if l, ok := parse.Login(name); ok {
		return l
	}
	found := ""
	for l, p := range people {
		if strings.EqualFold(p.Name, name) && (found == "" || l < found) {
			found = l
		}
	}
	return found
}

// takeSections puts every chunk of the source into the section it names, or keeps it as a section of its own.
func (d *draft) takeSections(f *foreign) {
	for i := range f.chunks {
		c := &f.chunks[i]
		switch c.section {
		case parse.SectionTimeline, parse.SectionActions:
		case "":
			d.takeExtra(c)
		default:
			d.post.sections[c.section] = join(d.post.sections[c.section], c, c.name != c.section || d.post.sections[c.section] != "")
		}
	}
	executive := f.intro
	if s := d.post.sections[parse.SectionExecutive]; s != "" {
		executive = strings.Trim(executive+"\n\n"+s, "\n")
	}
	d.post.sections[parse.SectionExecutive], d.summary = executive, executive
	for _, name := range parse.RequiredSections(parse.PostmortemRecord) {
		if name != parse.SectionTimeline && name != parse.SectionActions && blank(d.post.sections[name]) {
			d.note(Inferred, "%s: the source has no such section; %q is written", name, notStated)
		}
	}
}

// takeExtra keeps a section that sitrep has no name for; a heading below it goes into it.
func (d *draft) takeExtra(c *mdChunk) {
	if n := len(d.post.extra); c.below && n > 0 {
		d.post.extra[n-1].text = join(d.post.extra[n-1].text, c, true)
		return
	}
	title := oneLine(c.title)
	if title == "" {
		title = "Untitled"
	}
	d.post.extra = append(d.post.extra, chunk{title, c.text})
}

// join adds a chunk to the text of a section, below its heading where it is not the section's own.
func join(text string, c *mdChunk, heading bool) string {
	body := strings.Trim(c.text, "\n")
	if heading && c.title != "" {
		mark := "###"
		if c.level > 3 {
			mark = "####"
		}
		body = fmt.Sprintf("%s %s\n\n%s", mark, oneLine(c.title), body)
	}
	return strings.Trim(text+"\n\n"+strings.TrimRight(body, "\n"), "\n")
}

// labelled is a line that states one thing: "- Time to detection: 54 minutes", "| Severity | 1 |", "## Date: July 1, 2020".
var labelled = regexp.MustCompile(`(?i)^[\s>|#*+_-]*(date|severity|sev|priority|owner|author|category|time to [a-z]+|total downtime|downtime|duration|mttd|mttr)[*_ ]*[:|]+[*_ ]*([^|]*)`)

// statedKeys maps labels to what they state.
var statedKeys = map[string]string{
	"date": "date", "severity": "severity", "sev": "severity", "priority": "severity", "owner": "owner", "author": "owner", "category": "category",
	"time to detect": "detect", "time to detection": "detect", "time to discover": "detect", "time to discovery": "detect", "mttd": "detect",
	"time to recover": "recover", "time to recovery": "recover", "time to resolve": "recover", "time to resolution": "recover", "time to restore": "recover",
	"time to repair": "recover", "time to mitigate": "recover", "time to mitigation": "recover", "mttr": "recover",
	"total downtime": "downtime", "downtime": "downtime", "duration": "downtime",
}

// readStated collects what the source states in so many words; what stands first counts.
func (f *foreign) readStated() {
	put := func(line string) {
		m := labelled.FindStringSubmatch(line)
		if m == nil {
			return
		}
		key, value := statedKeys[strings.ToLower(m[1])], strings.Trim(m[2], " \t*_")
		if key != "" && value != "" && f.stated[key] == "" {
			f.stated[key] = value
		}
	}
	for _, line := range strings.Split(f.intro, "\n") {
		put(line)
	}
	for i := range f.chunks {
		put(f.chunks[i].title)
		if f.chunks[i].section == parse.SectionTimeline {
			continue
		}
		for _, line := range strings.Split(f.chunks[i].text, "\n") {
			put(line)
		}
	}
}
