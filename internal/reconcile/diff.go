package reconcile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// DiffOptions say whose issues are trusted and what may be re-opened.
type DiffOptions struct {
	System string
	// Trusted tells whether a marker counts on an issue that this login opened: our own account and those named in the config.
	Trusted func(login string) bool
	// Reopen lets an item that the file says is open re-open an issue that a person closed.
	Reopen bool
}

// Diff tells what has to change so that what is there becomes what is desired. Fields are merged three ways, by the value we last
// wrote: what a person changed stays, and what both changed is reported.
func Diff(desired, actual []Resource, opt DiffOptions) []Change {
	desired = slices.Clone(desired)
	slices.SortStableFunc(desired, func(a, b Resource) int { return cmp.Compare(a.Key, b.Key) })
	d := newDiffer(desired, actual, opt)
	for i := range desired {
		switch want := &desired[i]; {
		case want.Kind == KindLabel:
			d.label(want)
		case i > 0 && want.Key == desired[i-1].Key && desired[i-1].Kind == KindIssue:
			d.report(want.Key, nil, "two items have this id; only one is tracked")
		default:
			d.issue(want)
		}
	}
	d.leftOver()
	sortChanges(d.changes)
	return d.changes
}

type differ struct {
	opt      DiffOptions
	byHash   map[string][]*Resource // marked issues, by number
	stripped []*Resource            // ours by label or table, without a marker
	wanted   map[string]bool        // hashes of desired keys and their aliases
	keys     map[string]bool        // desired keys
	used     map[*Resource]bool
	labels   map[string]bool
	changes  []Change
}

func newDiffer(desired, actual []Resource, opt DiffOptions) *differ {
	d := &differ{opt: opt, byHash: map[string][]*Resource{}, wanted: map[string]bool{}, keys: map[string]bool{}, used: map[*Resource]bool{}, labels: map[string]bool{}}
	d.index(desired, actual)
	return d
}

func (d *differ) index(desired, actual []Resource) {
	for i := range desired {
		d.wanted[HashKey(desired[i].Key)], d.keys[desired[i].Key] = true, true
		for _, a := range desired[i].Aliases {
			d.wanted[HashKey(a)] = true
		}
	}
	for i := range actual {
		switch r := &actual[i]; {
		case r.Kind == KindLabel:
			d.labels[strings.ToLower(r.Key)] = true
		case r.Hash != "":
			d.byHash[r.Hash] = append(d.byHash[r.Hash], r)
		case r.Labelled || r.ItemKey != "":
			d.stripped = append(d.stripped, r)
		}
	}
	for _, rs := range d.byHash {
		slices.SortFunc(rs, byNumber)
	}
	slices.SortFunc(d.stripped, byNumber)
}

func byNumber(a, b *Resource) int { return cmp.Compare(a.Number, b.Number) }

func (d *differ) add(c Change) {
	c.System = d.opt.System
	if c.Kind == "" {
		c.Kind = KindIssue
	}
	d.changes = append(d.changes, c)
}

func (d *differ) report(key string, r *Resource, format string, args ...any) {
	c := Change{Op: Report, Key: key, Reason: fmt.Sprintf(format, args...)}
	if r != nil {
		c.Number, c.Title = r.Number, r.Fields[Title]
	}
	d.add(c)
}

func (d *differ) label(want *Resource) {
	if !d.labels[strings.ToLower(want.Key)] {
		d.add(Change{Op: Create, Kind: KindLabel, Key: want.Key, Title: want.Key, After: want.Fields, Desired: want})
	}
}

func (d *differ) issue(want *Resource) {
	have := d.find(want)
	switch {
	case have != nil:
		d.merge(want, have)
	case want.Fields[State] != StateOpen:
		// Nothing to close, and nobody needs a closed issue.
	case d.mayBeThere(want):
	default:
		d.add(Change{Op: Create, Key: want.Key, Title: want.Fields[Title], After: want.Fields, Desired: want})
	}
}

// names are a key and what it was formerly, but for a former one that a record still has.
func (d *differ) names(want *Resource) []string {
	return append([]string{want.Key}, slices.DeleteFunc(slices.Clone(want.Aliases), func(a string) bool { return d.keys[a] })...)
}

// find gives the canonical issue of a key: the lowest number that we opened. Later ones that are still open are twins, made by
// two runs at once; they are closed.
func (d *differ) find(want *Resource) *Resource {
	var canonical *Resource
	for _, key := range d.names(want) {
		for _, r := range d.byHash[HashKey(key)] {
			if !d.opt.Trusted(r.Author) || d.used[r] {
				continue
			}
			d.used[r] = true
			if canonical == nil {
				canonical = r
				continue
			}
			canonical = d.twin(want, canonical, r)
		}
	}
	return canonical
}

// twin closes the later of two issues and gives the earlier.
func (d *differ) twin(want, a, b *Resource) *Resource {
	if b.Number < a.Number {
		a, b = b, a
	}
	if b.Fields[State] == StateOpen {
		d.add(Change{
			Op: Close, Key: want.Key, Number: b.Number, Title: b.Fields[Title], TwinOf: a.Number,
			Before: Fields{State: StateOpen}, After: Fields{State: StateWontDo}, Reason: fmt.Sprintf("a twin of #%d", a.Number),
		})
	}
	return a
}

// mayBeThere looks for an issue that is likely the desired one although it cannot be told for sure. It is reported and nothing is
// created: a duplicate is worse than a question.
func (d *differ) mayBeThere(want *Resource) bool {
	for _, key := range d.names(want) {
		for _, r := range d.byHash[HashKey(key)] {
			if d.used[r] || d.opt.Trusted(r.Author) {
				continue
			}
			d.used[r] = true
			if r.Insider {
				d.report(want.Key, r, "opened by @%s, whose markers are not trusted: add the login to tracker_accounts in the config, or take the marker out of the issue", r.Author)
				return true
			}
			d.report(want.Key, r, "carries a marker of ours but was opened by @%s from outside: it is ignored", r.Author)
		}
	}
	for _, r := range d.stripped {
		if d.used[r] || !d.opt.Trusted(r.Author) || (r.ItemKey != want.Key && r.Fields[Title] != want.Fields[Title]) {
			continue
		}
		d.used[r] = true
		d.report(want.Key, r, "its marker is gone: run sitrep repair to put it back")
		return true
	}
	return d.mayBeRenamed(want)
}

// mayBeRenamed finds an issue whose record is gone and that says the same: its file was probably renamed.
func (d *differ) mayBeRenamed(want *Resource) bool {
	_, item, _ := strings.Cut(want.Key, "/")
	for _, hash := range d.hashes() {
		for _, r := range d.byHash[hash] {
			_, oldItem, _ := strings.Cut(r.ItemKey, "/")
			same := r.Fields[Title] == want.Fields[Title] || oldItem == item && normal(Text, r.Fields[Text]) == normal(Text, want.Fields[Text])
			if d.wanted[hash] || d.used[r] || !d.opt.Trusted(r.Author) || !same {
				continue
			}
			d.used[r] = true
			old, _, _ := strings.Cut(r.ItemKey, "/")
			d.report(want.Key, r, "was %s; if the file was renamed, add formerly: [%s] to it, else change the action's text: nothing is created until then", r.ItemKey, old)
			return true
		}
	}
	return false
}

func (d *differ) hashes() []string {
	out := make([]string, 0, len(d.byHash))
	for h := range d.byHash {
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b string) int { return byNumber(d.byHash[a][0], d.byHash[b][0]) })
	return out
}

// merge brings one issue to what is desired, field by field.
func (d *differ) merge(want, have *Resource) {
	c := Change{Key: want.Key, Number: have.Number, Title: want.Fields[Title], Before: Fields{}, After: Fields{}, Desired: want}
	var kept, agreed []string
	for _, f := range issueFields {
		now, goal := normal(f, have.Fields[f]), normal(f, want.Fields[f])
		last, known := have.Written[f]
		switch {
		case now == goal && known && last != DigestOf(f, now) && (f != State || now == StateOpen):
			// Both agree by now: the next change is compared with this. That an issue is closed stays the person's decision.
			agreed = append(agreed, f)
		case now == goal:
		case known && last == DigestOf(f, now), f == State && goal == StateOpen && d.opt.Reopen:
			c.Before[f], c.After[f] = have.Fields[f], want.Fields[f]
		case known && last == DigestOf(f, goal):
			kept = append(kept, f)
		default:
			d.conflict(want, have, f)
		}
	}
	for _, f := range kept {
		d.keep(want, have, f)
	}
	if len(c.After) == 0 && len(agreed) > 0 {
		c.Reason = "the file and the issue agree again"
	}
	for _, f := range agreed {
		c.Before[f], c.After[f] = have.Fields[f], have.Fields[f]
	}
	rekeyed := have.Hash != HashKey(want.Key)
	if rekeyed {
		c.Reason = "formerly " + have.ItemKey
	}
	if len(c.After) == 0 && !rekeyed {
		return
	}
	switch c.Op = Update; {
	case c.After[State] == c.Before[State]:
	case c.After[State] == StateOpen:
		c.Op = Reopen
	default:
		c.Op = Close
	}
	d.add(c)
}

// keep reports what a person changed on the issue, and what becomes of it.
func (d *differ) keep(want, have *Resource, f string) {
	what := fmt.Sprintf("%s was changed on the issue to %s, the file says %s", f, quote(f, have.Fields[f]), quote(f, want.Fields[f]))
	switch {
	case f == State && want.Label == LabelPostmortem && have.Fields[State] != StateOpen:
		d.report(want.Key, have, "was closed, but there is no post-mortem; it stays closed")
	case want.Label == LabelPostmortem || f == Title || f == Text || f == SeverityOf || f == Late:
		d.report(want.Key, have, "%s; it stays so", what)
	default:
		d.report(want.Key, have, "%s; sitrep pull brings it into the file", what)
	}
}

func (d *differ) conflict(want, have *Resource, f string) {
	if f == State && have.Fields[State] != StateOpen {
		d.report(want.Key, have, "is closed, the file says %s; it stays closed", want.Fields[State])
		return
	}
	d.report(want.Key, have, "%s was changed on both sides: the issue says %s, the file says %s; make them agree", f, quote(f, have.Fields[f]), quote(f, want.Fields[f]))
}

func quote(field, v string) string {
	switch {
	case field == Text:
		return "another text"
	case v == "":
		return "nothing"
	}
	return fmt.Sprintf("%q", v)
}

// leftOver reports open issues of ours that nothing in the repository asks for any more.
func (d *differ) leftOver() {
	for _, hash := range d.hashes() {
		for _, r := range d.byHash[hash] {
			if !d.used[r] && !d.wanted[hash] && d.opt.Trusted(r.Author) && r.Fields[State] == StateOpen {
				d.report(r.ItemKey, r, "is in no post-mortem any more; it stays open")
			}
		}
	}
}
