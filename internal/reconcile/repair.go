package reconcile

import (
	"slices"
)

// Repair tells which markers to put back: an issue of ours without one, whose table or title says which item it is for. The
// lowest number wins; an item whose issue is found by its marker needs none.
func Repair(desired, actual []Resource, opt DiffOptions) []Change {
	d := newDiffer(desired, actual, opt)
	var out []Change
	for i := range desired {
		want := &desired[i]
		if want.Kind != KindIssue || d.find(want) != nil {
			continue
		}
		at := slices.IndexFunc(d.stripped, func(r *Resource) bool {
			return !d.used[r] && opt.Trusted(r.Author) && (r.ItemKey == want.Key || r.Fields[Title] == want.Fields[Title])
		})
		if at < 0 {
			continue
		}
		r := d.stripped[at]
		d.used[r] = true
		out = append(out, Change{
			Op: Update, System: opt.System, Kind: KindIssue, Key: want.Key, Number: r.Number, Title: r.Fields[Title],
			Before: Fields{}, After: Fields{}, Reason: "puts the marker back", Desired: want, Remark: true,
		})
	}
	sortChanges(out)
	return out
}

// Edit is what a person changed on an issue and the file does not say yet.
type Edit struct {
	Key    string
	Number int
	Field  string
	Value  string
	Was    string // what the file says
}

// Edits lists what people changed on issues, for the files to take over. Conflicts are not among them.
func Edits(desired, actual []Resource, opt DiffOptions) []Edit {
	d := newDiffer(desired, actual, opt)
	var out []Edit
	for i := range desired {
		want := &desired[i]
		if want.Kind != KindIssue {
			continue
		}
		have := d.find(want)
		if have == nil {
			continue
		}
		for _, f := range issueFields {
			goal, last := normal(f, want.Fields[f]), have.Written[f]
			if now := normal(f, have.Fields[f]); now != goal && last == DigestOf(f, goal) {
				out = append(out, Edit{Key: want.Key, Number: have.Number, Field: f, Value: have.Fields[f], Was: want.Fields[f]})
			}
		}
	}
	return out
}
