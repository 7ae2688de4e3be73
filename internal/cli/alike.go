package cli

import (
	"strings"
	"sync"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/draft"
	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/similar"
)

// causes collects the root causes that post-mortems tell while they are read.
type causes struct {
	sync.Mutex
	text map[string]string // by path
}

func (c *causes) visit(d *parse.Document) []diag.Diagnostic {
	if d.Postmortem == nil {
		return nil
	}
	var b strings.Builder
	for _, block := range d.Prose() {
		if !inSection(d, block.Section, parse.SectionRootCause) {
			continue
		}
		for _, l := range block.Lines {
			b.WriteString(l.Text + "\n")
		}
	}
	c.Lock()
	defer c.Unlock()
	if c.text == nil {
		c.text = map[string]string{}
	}
	c.text[d.Path] = b.String()
	return nil
}

func inSection(d *parse.Document, i int, name string) bool {
	for ; i >= 0; i = d.Sections[i].Parent {
		if d.Sections[i].Name == name {
			return true
		}
	}
	return false
}

// showSimilar tells which past incidents are most like a new one.
func (o *declareOptions) showSimilar(r *records, d draft.Declaration, c *causes) {
	const most = 3
	documents := make([]similar.Document, 0, len(r.tree.Records))
	byID := map[string]*parse.Record{}
	for i := range r.tree.Records {
		rec := &r.tree.Records[i]
		if rec.Incident == nil || rec.Broken {
			continue
		}
		inc := rec.Incident
		text := []string{inc.Summary, strings.Join(inc.Services, " "), strings.Join(inc.Factors, " ")}
		if pm := r.postmortemOf(inc.ID); pm != nil {
			text = append(text, pm.Postmortem.Summary, c.text[pm.Path])
		}
		byID[inc.ID] = rec
		documents = append(documents, similar.Document{ID: inc.ID, Title: inc.Title, Text: strings.Join(text, "\n")})
	}
	found := similar.Rank(d.Title+" "+strings.Join(d.Services, " ")+" "+d.Summary, documents, most)
	if len(found) == 0 {
		return
	}
	o.talk("Most like it:")
	for _, m := range found {
		rec := byID[m.ID]
		o.talk("  %s  %s", harmless.Line(rec.ID), harmless.Line(rec.Incident.Title))
		if pm := r.postmortemOf(m.ID); pm != nil {
			o.talk("    %s", harmless.Line(pm.Path))
		} else {
			o.talk("    %s (no post-mortem)", harmless.Line(rec.Path))
		}
	}
}
