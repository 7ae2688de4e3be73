package importer

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

var (
	itemID     = regexp.MustCompile(`^[A-Za-z]{1,10}-\d{1,6}$`)
	ticked     = regexp.MustCompile(`^\s*(?:[-*+]|\d+[.)])\s+\[[xX]\]`)
	namedOwner = regexp.MustCompile(`\s*\[([^\[\]()]{1,60})\]\s*$`) // Morty's "text [Rick]"
)

// takeActions makes action items of lists and tables; what is neither stays as text below the table.
func (d *draft) takeActions(o *Options, doc *parse.Document, f *foreign) {
	tabled := false
	var prose []string
	for i := range f.chunks {
		c := &f.chunks[i]
		if c.section != parse.SectionActions {
			continue
		}
		if c.name == "" && c.title != "" {
			prose = append(prose, "### "+oneLine(c.title), "")
		}
		if table := strings.Contains(c.text, "\n|") || strings.HasPrefix(c.text, "|"); table && len(doc.Rows) > 0 {
			tabled = true
			continue
		}
		prose = append(prose, d.actionList(o, c.text)...)
	}
	if tabled {
		d.post.actions = nil
		for _, r := range doc.Rows {
			d.addRow(o, r)
		}
	}
	d.post.sections[parse.SectionActions] = strings.Trim(strings.Join(prose, "\n"), "\n")
	d.numberActions()
	if n := len(d.post.actions); n > 0 {
		d.note(Inferred, "action items: %d; without owner and due date they are proposed", n)
	}
}

// actionList reads list items of all depths: one below another is an item of its own, under the other's words.
func (d *draft) actionList(o *Options, text string) (prose []string) {
	type level struct {
		indent int
		text   string
	}
	var above []level
	open, first := false, len(d.post.actions)
	for _, line := range strings.Split(text, "\n") {
		item := listItem.FindStringSubmatch(line)
		switch {
		case item != nil && strings.Trim(item[2], "- \t") != "":
			indent := len(strings.ReplaceAll(item[1], "\t", "    "))
			for len(above) > 0 && above[len(above)-1].indent >= indent {
				above = above[:len(above)-1]
			}
			a := incident.ActionItem{Text: item[2], Status: incident.Proposed}
			if len(above) > 0 {
				a.Text = strings.TrimRight(above[len(above)-1].text, ". ") + ": " + item[2]
			}
			if ticked.MatchString(line) {
				a.Status = incident.Done
			}
			words := item[2]
			if o.Format == Morty {
				words = namedOwner.ReplaceAllString(words, "")
			}
			above, open = append(above, level{indent, cut(oneLine(words), 60)}), true
			d.post.actions = append(d.post.actions, a)
		case item != nil:
		case strings.TrimSpace(line) == "":
			open = false
			prose = append(prose, "")
		case open:
			last := &d.post.actions[len(d.post.actions)-1]
			last.Text += " " + strings.TrimSpace(line)
		default:
			prose = append(prose, line)
		}
	}
	for i := first; i < len(d.post.actions); i++ {
		d.giveOwner(o, &d.post.actions[i])
	}
	return prose
}

// giveOwner takes Morty's "[Rick]" off the end of an item.
func (d *draft) giveOwner(o *Options, a *incident.ActionItem) {
	m := namedOwner.FindStringSubmatch(a.Text)
	if m == nil || o.Format != Morty || a.Owner != "" {
		return
	}
	a.Text = strings.TrimSuffix(a.Text, m[0])
	a.Owner = m[1]
	if l := loginOf(o.Config.People, m[1]); l != "" {
		a.Owner = "@" + l
	}
}

// addRow takes over an item that package parse has read. An open item that has no owner or no due date is proposed.
func (d *draft) addRow(o *Options, r parse.ActionRow) {
	a := r.ActionItem
	if a.Owner = r.Cells["owner"].Text; a.Owner != "" {
		if l := loginOf(o.Config.People, a.Owner); l != "" {
			a.Owner = "@" + l
		}
	}
	_, isLogin := parse.Login(a.Owner)
	switch {
	case a.Status == incident.Done, a.Status == incident.WontDo && a.Reason != "":
	case a.Status == incident.Open && isLogin && !a.Due.IsZero():
	default:
		a.Status = incident.Proposed
	}
	if strings.TrimSpace(a.Text) != "" {
		d.post.actions = append(d.post.actions, a)
	}
}

// numberActions gives every item an id of its own; ids that the source gives stay.
func (d *draft) numberActions() {
	taken := map[string]bool{}
	for i := range d.post.actions {
		a := &d.post.actions[i]
		if !itemID.MatchString(a.ID) || taken[a.ID] {
			a.ID = ""
		}
		taken[a.ID] = true
	}
	next := 1
	for i := range d.post.actions {
		for a := &d.post.actions[i]; a.ID == ""; next++ {
			if id := fmt.Sprintf("AI-%d", next); !taken[id] {
				a.ID, taken[id] = id, true
			}
		}
	}
}
