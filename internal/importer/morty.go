package importer

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

// mortem is an entry of mortems.json, the database that Morty keeps beside the post-mortems. Durations are nanoseconds, the date is a
// day written as midnight in UTC: Morty knows no clock.
type mortem struct {
	File     string `json:"file"`
	Title    string `json:"title"`
	Owner    string `json:"owner"`
	Date     string `json:"date"`
	Severity string `json:"severity"`
	Detect   int64  `json:"detect"`
	Resolve  int64  `json:"resolve"`
	Downtime int64  `json:"total_down"`
}

// day is the date without the midnight that Morty writes behind it.
func (m mortem) day() calendar.Date {
	text, _, _ := strings.Cut(m.Date, "T")
	return dateWritten(text)
}

// comments are what the template tells the writer.
var comments = regexp.MustCompile(`(?s)<!--.*?-->`)

// mortyFolder is where Morty looks for post-mortems.
const mortyFolder = "post-mortems/"

// ownersHeading is Morty's name for the action items.
var ownersHeading = regexp.MustCompile(`(?im)^(#{1,6}\s+)Corrective Actions with Owners\s*$`)

// morty reads a post-mortem of Morty's template, or its database.
func (r *reading) morty(p string, src []byte) {
	if path.Base(p) == "mortems.json" {
		r.mortems(p, src)
		return
	}
	text := comments.ReplaceAllString(tidy(string(src)), "")
	d := r.postmortem(p, ownersHeading.ReplaceAllString(text, "${1}Action Items"))
	if len(text) < len(tidy(string(src))) {
		d.note(Dropped, "comments: the template's advice to the writer")
	}
	r.add(d)
}

func (r *reading) mortems(p string, src []byte) {
	var list []json.RawMessage
	if err := json.Unmarshal(src, &list); err != nil {
		r.refuse(p, "is not Morty's database: %v", err)
		return
	}
	r.known = map[string]mortem{}
	for i, raw := range list {
		var m mortem
		if err := json.Unmarshal(raw, &m); err != nil || m.File == "" {
			r.refuse(p, "entry %d is not as Morty writes it", i+1)
			continue
		}
		r.known[m.File] = m
	}
	r.skip(p, "is the database; the files are read, and compared with it")
}

// mortemsWithoutFile compares the files with the database, and makes records of what stands in the database only.
func (r *reading) mortemsWithoutFile() {
	names := make([]string, 0, len(r.known))
	for name := range r.known {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		m := r.known[name]
		found := false
		for i := range r.items {
			if it := &r.items[i]; it.draft != nil && (it.SourceID == name || path.Base(it.SourceID) == path.Base(name)) {
				found = true
				it.draft.compare(m)
				it.Notes = it.draft.notes
			}
		}
		if !found && !slices.ContainsFunc(r.items, func(it Item) bool { return it.Outcome == RefusedRecord && path.Base(it.File) == path.Base(name) }) {
			r.add(r.fromDatabase(name, m))
		}
	}
}

// compare reports where file and database disagree: the database is as old as Morty's last run.
func (d *draft) compare(m mortem) {
	if title := oneLine(m.Title); title != "" && title != d.inc.Title {
		d.note(Contradiction, "mortems.json has the title %q", cut(title, 60))
	}
	if day := m.day(); !day.IsZero() && day != d.day {
		d.note(Contradiction, "mortems.json has the day %s, the record begins on %s", day, d.day)
	}
	if m.Downtime != m.Detect+m.Resolve {
		d.note(Contradiction, "mortems.json has a total downtime of %s, and %s to detect and %s to resolve",
			time.Duration(m.Downtime), time.Duration(m.Detect), time.Duration(m.Resolve))
	}
}

func (r *reading) fromDatabase(name string, m mortem) *draft {
	d := newDraft("mortems.json", strings.TrimPrefix(name, mortyFolder))
	d.inc.Title, d.inc.Kind, d.inc.Status = m.Title, incident.KindIncident, incident.StatusOver
	d.day = m.day()
	d.severity(&r.opt, m.Severity)
	d.summary = "Known from mortems.json only: " + oneLine(m.Title) + ". Stated there: detected after " + time.Duration(m.Detect).String() +
		", resolved after " + time.Duration(m.Resolve).String() + ", total downtime " + time.Duration(m.Downtime).String() + "."
	d.note(Dropped, "stated durations: the database has no clock that they could be counted from; they stay in the text")
	d.post = &postDraft{sections: map[string]string{parse.SectionExecutive: d.summary}}
	d.ownerOf(&r.opt, strings.TrimSpace(m.Owner))
	return d
}
