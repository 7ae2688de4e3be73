package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/parse"
)

// markerStart begins the last line of an imported record: a comment with the format, the source's id and a sum of the text above it.
// By it a second import finds the record, wherever it has moved, and sees whether a person has edited it.
const markerStart = "<!-- sitrep:import "

// A source id has at most maxSourceID bytes; a marker, in which some are written as three, at most maxMarker.
const (
	maxSourceID = 500
	maxMarker   = 2 << 10
)

// mark is what a marker says.
type mark struct{ key, sum string }

func markerKey(f Format, sourceID string) string {
	return string(f) + " " + strings.ReplaceAll(url.PathEscape(sourceID), "--", "-%2D")
}

func withMarker(text, key string) string {
	return fmt.Sprintf("%s\n%s%s sha256:%s -->\n", text, markerStart, key, sum(text))
}

// sum is taken over the words of a text: line ends and blanks at the end of the file may change on the way through Git.
func sum(text string) string {
	h := sha256.Sum256([]byte(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))))
	return hex.EncodeToString(h[:16])
}

// readMarker finds the last marker of a file, and the sum of the text without it.
func readMarker(text string) (m mark, now string, ok bool) {
	i := strings.LastIndex(text, "\n"+markerStart)
	if i < 0 {
		return m, "", false
	}
	line, rest, _ := strings.Cut(text[i+1:], "\n")
	words := strings.Fields(strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(line, markerStart)), "-->"))
	if len(words) != 3 || !strings.HasPrefix(words[2], "sha256:") {
		return m, "", false
	}
	return mark{words[0] + " " + words[1], strings.TrimPrefix(words[2], "sha256:")}, sum(text[:i+1] + rest), true
}

// sumKey is a format and a sum: a folder that is read from further up gives its files other ids.
func sumKey(key, sum string) string {
	format, _, _ := strings.Cut(key, " ")
	return format + " " + sum
}

// existing is a record of the target repository.
type existing struct {
	path string
	mark mark
	sum  string // of the text as it stands
}

// target is the repository that the records go to.
type target struct {
	ids      [2]map[string]bool
	imported [2]map[string]*existing // by marker key
	bySum    [2]map[string]*existing // by format and sum of what was imported
	linked   map[string]string       // links.source of incidents without a marker: path
}

// Plan decides for each item what is to be written to the repository fsys: a record is found again by its source id, and one that a
// person has edited is not overwritten. It fills in Outcome and Files.
func Plan(ctx context.Context, fsys fs.FS, items []Item, opt Options) error {
	t, err := readTarget(ctx, fsys, opt)
	if err != nil {
		return err
	}
	for i := range items {
		if items[i].draft != nil {
			t.plan(&items[i], &opt)
		}
	}
	return nil
}

func readTarget(ctx context.Context, fsys fs.FS, opt Options) (*target, error) {
	t := &target{linked: map[string]string{}}
	for k := range t.ids {
		t.ids[k], t.imported[k], t.bySum[k] = map[string]bool{}, map[string]*existing{}, map[string]*existing{}
	}
	var mu sync.Mutex
	tree, err := parse.Read(ctx, fsys, parse.Options{Config: opt.Config, Visit: func(d *parse.Document) []diag.Diagnostic {
		mu.Lock()
		defer mu.Unlock()
		t.see(d)
		return nil
	}})
	for _, f := range tree.Findings {
		t.ids[parse.IncidentRecord][parse.IDOf(f.Path)] = true // what cannot be read is there all the same
		t.ids[parse.PostmortemRecord][parse.IDOf(f.Path)] = true
	}
	return t, err
}

func (t *target) see(d *parse.Document) {
	t.ids[d.Kind][d.ID] = true
	var former []string
	if d.Incident != nil {
		former = d.Incident.FormerIDs
	} else {
		former = d.Postmortem.FormerIDs
	}
	for _, id := range former {
		t.ids[d.Kind][id] = true
	}
	text := string(d.Source)
	if m, now, ok := readMarker(text); ok {
		if was := t.imported[d.Kind][m.key]; was == nil || d.Path < was.path {
			e := &existing{path: d.Path, mark: m, sum: now}
			t.imported[d.Kind][m.key], t.bySum[d.Kind][sumKey(m.key, m.sum)] = e, e
		}
		return
	}
	if d.Incident != nil && d.Incident.Links.Source != "" {
		t.linked[d.Incident.Links.Source] = d.Path
	}
}

func (t *target) plan(item *Item, o *Options) {
	d := item.draft
	key := markerKey(o.Format, d.sourceID)
	found := t.imported[parse.IncidentRecord][key]
	if by := t.linked[d.inc.Links.Source]; found == nil && d.inc.Links.Source != "" && by != "" {
		d.note(Dropped, "%s names the same source and was written by hand: not touched", by)
		item.Outcome, item.Notes = Kept, d.notes
		item.Files = []File{{Path: by, Outcome: Kept}}
		return
	}
	text, _, _ := unlink(d.incidentText(o), parse.IncidentRecord, o)
	if same := t.bySum[parse.IncidentRecord][sumKey(key, sum(text))]; found == nil && same != nil {
		d.note(Dropped, "%s says the same and was imported under another source id: not written again", same.path)
		item.Outcome, item.Notes = Unchanged, d.notes
		item.Files = []File{{Path: same.path, Outcome: Unchanged}}
		return
	}
	id, path := t.place(parse.IncidentRecord, found, d.wantedID(""), d)
	item.Files = append(item.Files, decide(found, path, text, key))
	if d.post != nil {
		found := t.imported[parse.PostmortemRecord][key]
		pmID, path := t.place(parse.PostmortemRecord, found, id, d)
		text, _, _ := unlink(d.postmortemText(id, pmID), parse.PostmortemRecord, o)
		item.Files = append(item.Files, decide(found, path, text, key))
	}
	for _, f := range item.Files {
		if f.Outcome == Kept {
			d.note(Dropped, "%s was edited by hand since the import, and the source has changed: not overwritten", f.Path)
		}
	}
	item.Outcome, item.Notes = worst(item.Files), d.notes
}

// worst is the outcome of an item with several files.
func worst(files []File) Outcome {
	for _, o := range []Outcome{Kept, Updated, Created} {
		if slices.ContainsFunc(files, func(f File) bool { return f.Outcome == o }) {
			return o
		}
	}
	return Unchanged
}

// place is where a record stands, or where a new one will: under the id wanted, or with the source's id behind it.
func (t *target) place(k parse.Kind, found *existing, wanted string, d *draft) (id, path string) {
	if found != nil {
		return parse.IDOf(found.path), found.path
	}
	id = wanted
	for n := 1; t.ids[k][id]; n++ {
		suffix := slug(d.sourceID, 20)
		if n > 1 {
			suffix = fmt.Sprintf("%s-%d", suffix, n)
		}
		id = d.wantedID(strings.Trim(suffix, "-"))
	}
	t.ids[k][id] = true
	return id, parse.Folders[k] + "/" + id + ".md"
}

// wantedID is the day and the title's words, within maxID; a suffix keeps two records apart.
func (d *draft) wantedID(suffix string) string {
	words := d.words
	if words == "" {
		words = d.inc.Title
	}
	room := maxID - len("2006-01-02-")
	if suffix != "" {
		room -= len(suffix) + 1
	}
	id := d.day.String() + "-" + slug(words, room)
	if strings.HasSuffix(id, "-") {
		id += "incident"
	}
	if suffix != "" {
		id += "-" + suffix
	}
	return id
}

// decide compares what would be written with what is there.
func decide(found *existing, path, text, key string) File {
	data := []byte(withMarker(text, key))
	switch {
	case found == nil:
		return File{Path: path, Outcome: Created, Data: data}
	case found.mark.sum == sum(text):
		return File{Path: path, Outcome: Unchanged} // whatever a person has made of it, the source says nothing new
	case found.mark.sum != found.sum:
		return File{Path: path, Outcome: Kept}
	}
	return File{Path: path, Outcome: Updated, Data: data}
}
