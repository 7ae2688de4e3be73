package reconcile

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Inputs is everything that a plan is made from.
type Inputs struct {
	Commit  string
	Target  string
	Desired []Resource
	Reports []Change // of Desired
	Actual  []Resource
	Diff    DiffOptions
}

// Make plans.
func Make(in Inputs) Plan {
	changes := append(Diff(in.Desired, in.Actual, in.Diff), in.Reports...)
	sortChanges(changes)
	return Plan{Commit: in.Commit, InputsDigest: in.digest(), Target: in.Target, Changes: changes}
}

// digest covers what is desired and what is there, in an order of its own: it tells whether a plan that was saved still holds.
func (in Inputs) digest() string {
	h := sha256.New()
	for _, list := range [][]Resource{in.Desired, in.Actual} {
		lines := make([]string, len(list))
		for i, r := range list {
			lines[i] = r.line()
		}
		slices.Sort(lines)
		for _, l := range lines {
			_, _ = io.WriteString(h, l+"\n") // a hash takes everything
		}
		_, _ = io.WriteString(h, "\x00")
	}
	return hex.EncodeToString(h.Sum(nil))
}

// line spells a resource out; maps go by sorted key.
func (r Resource) line() string {
	s := fmt.Sprintf("%q %q %q %d %q %q %q %v %q %v %q", r.System, r.Kind, r.Key, r.Number, r.Hash, r.Aliases, r.Author, r.Insider, r.ItemKey, r.Labelled, r.Label)
	for _, m := range []map[string]string{r.Fields, r.Written} {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			s += fmt.Sprintf(" %q=%q", k, m[k])
		}
	}
	return s
}

// planFile is schema sitrep.plan/v1.
type planFile struct {
	Schema       string       `json:"schema"`
	Commit       string       `json:"commit"`
	InputsDigest string       `json:"inputs_digest"`
	Target       string       `json:"target"`
	Changes      []planChange `json:"changes"`
}

type planChange struct {
	Op     Op     `json:"op"`
	System string `json:"system"`
	Kind   string `json:"kind"`
	Key    string `json:"key"`
	Number int    `json:"number"`
	Title  string `json:"title"`
	Before Fields `json:"before"`
	After  Fields `json:"after"`
	Reason string `json:"reason"`
}

const planSchema = "sitrep.plan/v1"

// WriteJSON writes a plan as sitrep.plan/v1.
func (p Plan) WriteJSON(w io.Writer) error {
	f := planFile{Schema: planSchema, Commit: p.Commit, InputsDigest: p.InputsDigest, Target: p.Target, Changes: []planChange{}}
	for _, c := range p.Changes {
		f.Changes = append(f.Changes, planChange{c.Op, c.System, c.Kind, c.Key, c.Number, c.Title, orEmpty(c.Before), orEmpty(c.After), c.Reason})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(f)
}

func orEmpty(f Fields) Fields {
	if f == nil {
		return Fields{}
	}
	return f
}

// ReadPlan reads what WriteJSON wrote. Such a plan can be compared and shown; what is applied is always a plan made anew.
func ReadPlan(r io.Reader) (Plan, error) {
	var f planFile
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return Plan{}, fmt.Errorf("not a plan: %w", err)
	}
	if f.Schema != planSchema {
		return Plan{}, fmt.Errorf("not a plan of this version: schema %q, want %q", f.Schema, planSchema)
	}
	p := Plan{Commit: f.Commit, InputsDigest: f.InputsDigest, Target: f.Target}
	for _, c := range f.Changes {
		p.Changes = append(p.Changes, Change{
			Op: c.Op, System: c.System, Kind: c.Kind, Key: c.Key, Number: c.Number, Title: c.Title, Before: c.Before, After: c.After, Reason: c.Reason,
		})
	}
	return p, nil
}

// Moved tells what differs between a saved plan and one made now, in words; nothing where the saved one still holds.
func Moved(saved, now Plan) []string {
	if saved.InputsDigest == now.InputsDigest && saved.Target == now.Target {
		return nil
	}
	var out []string
	if saved.Target != now.Target {
		out = append(out, fmt.Sprintf("the plan is for %s, this run is for %s", saved.Target, now.Target))
	}
	if saved.Commit != now.Commit {
		out = append(out, fmt.Sprintf("the records moved from commit %.12s to %.12s", saved.Commit, now.Commit))
	}
	was, is := said(saved), said(now)
	for _, k := range slices.Sorted(maps.Keys(was)) {
		if _, ok := is[k]; !ok {
			out = append(out, "no longer planned: "+k)
		} else if was[k] != is[k] {
			out = append(out, "planned otherwise now: "+k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(is)) {
		if _, ok := was[k]; !ok {
			out = append(out, "planned now and not then: "+k)
		}
	}
	if out == nil {
		out = append(out, "what is there or what is desired changed; the changes themselves are the same")
	}
	return out
}

// said is each change by what it does to what, with all it says.
func said(p Plan) map[string]string {
	out := map[string]string{}
	for _, c := range p.Changes {
		name := fmt.Sprintf("%s %s %s", c.Op, c.Kind, c.Key)
		if c.Number > 0 {
			name += fmt.Sprintf(" #%d", c.Number)
		}
		out[name] += fmt.Sprintf("%v %v %s", c.Before, c.After, c.Reason)
	}
	return out
}
