package importer

import (
	"path"
	"regexp"
	"strings"

	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/yamltree"
)

// cstate reads an issue of cState: YAML front matter, and a body whose paragraphs may end in a track shortcode with a time.
func (r *reading) cstate(p string, src []byte) {
	doc := parse.Parse(p, parse.IncidentRecord, src, &r.opt.Config)
	if doc.Broken {
		r.refuse(p, "the front matter cannot be read: %s", firstMessage(doc))
		return
	}
	meta := foldKeys(&doc.Meta)
	if s := meta["section"]; s != "" && s != "issue" && s != "post" {
		r.skip(p, "is of section "+s+", not an issue")
		return
	}
	d := newDraft(p, strings.TrimSuffix(r.relative(p), path.Ext(p)))
	d.words = strings.TrimLeft(isoDay.ReplaceAllString(path.Base(d.sourceID), ""), "-_ ")
	d.inc.Title, d.inc.Kind = meta["title"], incident.KindIncident
	d.severity(&r.opt, meta["severity"])
	d.inc.UserImpact = meta["severity"] != "notice"
	d.inc.Services = foldList(&doc.Meta, "affected", "affectedsystems")
	if meta["informational"] == "true" {
		d.inc.Kind = incident.KindMaintenance
		d.note(Inferred, "kind: informational: true is maintenance, which no figure counts")
	}
	if meta["date"] == "" {
		d.note(Refused, "has no date")
	}
	d.milestone(&r.opt, incident.Started, "date", meta["date"])
	d.milestone(&r.opt, incident.Resolved, "resolvedWhen", meta["resolvedwhen"])
	body := strings.Join(strings.Split(string(doc.Source), "\n")[min(doc.BodyLine-1, strings.Count(string(doc.Source), "\n")):], "\n")
	d.cstateBody(&r.opt, body)
	d.cstateStatus(meta)
	d.timelineOfMilestones("the status page")
	r.add(d)
}

func firstMessage(doc *parse.Document) string {
	if t := firstTrouble(doc); t != nil {
		return t.Message
	}
	return "it is no front matter"
}

// foldKeys gives the texts of a front matter by key in lower case, as Hugo reads them.
func foldKeys(meta *yamltree.Value) map[string]string {
	out := map[string]string{}
	for i := range meta.Fields {
		f := &meta.Fields[i]
		if f.Value.Kind == yamltree.Scalar {
			out[strings.ToLower(f.Key)] = strings.TrimSpace(f.Value.Text)
		}
	}
	return out
}

// foldList gives the texts of the first of some lists that is there; a bare text counts as a list of one.
func foldList(meta *yamltree.Value, keys ...string) []string {
	var out []string
	for _, key := range keys {
		for i := range meta.Fields {
			f := &meta.Fields[i]
			if !strings.EqualFold(f.Key, key) {
				continue
			}
			if f.Value.Kind == yamltree.Scalar {
				out = append(out, f.Value.Text)
			}
			for _, item := range f.Value.Items {
				if item.Kind == yamltree.Scalar {
					out = append(out, item.Text)
				}
			}
		}
	}
	return out
}

func (d *draft) cstateStatus(meta map[string]string) {
	switch over := strings.ToLower(meta["resolved"]); {
	case over == "true":
		d.inc.Status = incident.StatusOver
	case len(d.updates) > 0 && d.updates[len(d.updates)-1].status != "":
		d.inc.Status = d.updates[len(d.updates)-1].status
		if d.inc.Status == incident.StatusOver {
			d.note(Contradiction, "the last update says resolved, and resolved is not true")
			d.inc.Status = incident.Monitoring
		}
	default:
		d.inc.Status = incident.Investigating
		d.note(Inferred, "status: the issue is not resolved, investigating is written")
	}
}

// track is cState's shortcode for the time of an update: {{< track "2018-08-29 18:50:00" >}}.
var track = regexp.MustCompile(`\{\{[<%]\s*track\s+["'\x60]?([^"'\x60>%]*)["'\x60]?\s*[>%]\}\}`)

// updateStatus is the word that an update begins with: "*Resolved* - ...", "**Monitoring:** ...".
var updateStatus = regexp.MustCompile(`^[*_]{1,3}([A-Za-z]+):?[*_]{1,3}:?\s*(?:[-\x{2013}\x{2014}:]\s*)?`)

// cstateBody parts the body into updates, which are what stands before a track shortcode in its paragraph, and the summary.
func (d *draft) cstateBody(o *Options, body string) {
	var prose []string
	for _, paragraph := range strings.Split(tidy(body), "\n\n") {
		rest := paragraph
		for {
			m := track.FindStringSubmatchIndex(rest)
			if m == nil {
				break
			}
			d.cstateUpdate(o, rest[:m[0]], rest[m[2]:m[3]])
			rest = rest[m[1]:]
		}
		if strings.TrimSpace(rest) != "" {
			prose = append(prose, strings.TrimRight(rest, " \t\n"))
		}
	}
	d.summary = strings.Join(prose, "\n\n")
	if len(prose) == 0 && len(d.updates) > 0 {
		d.summary = oneLine(d.inc.Title)
	}
	// cState shows the newest update first.
	sortEntries(d.updates)
	d.inferFromUpdates()
}

func (d *draft) cstateUpdate(o *Options, text, stamp string) {
	text = strings.TrimSpace(text)
	if strings.TrimSpace(stamp) == "" {
		d.note(Dropped, "a track shortcode without a time")
		if text != "" {
			d.extra = append(d.extra, chunk{"Update without a time", text})
		}
		return
	}
	at, how, err := o.stamp(stamp)
	switch {
	case err != nil:
		d.note(Refused, "track %s", err)
		return
	case how != "":
		d.note(Inferred, "track %s", how)
	}
	e := entry{at: at, text: text}
	if m := updateStatus.FindStringSubmatch(text); m != nil {
		if s, ok := pageStatuses[strings.ToLower(m[1])]; ok {
			e.status, e.text = s, text[len(m[0]):]
		}
	}
	d.updates = append(d.updates, e)
}
