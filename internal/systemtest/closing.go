package systemtest

import "github.com/syncwell/sitrep/internal/reconcile"

// closing is about who decided that an item is done.
func closing() []example {
	var out []example
	for _, state := range []string{reconcile.StateDone, reconcile.StateWontDo} {
		out = append(out,
			example{state + " by a person stays", func(w *world) {
				w.apply(item(1))
				w.h.EditIssue(1, func(i *reconcile.Issue) { setState(i, state) })
				w.reported(w.quiet(item(1)), 1)
				w.shows(1, with(item(1), reconcile.State, state))
				w.only()
			}},
			example{state + " by a person re-opens where the config says so", func(w *world) {
				w.apply(item(1))
				w.h.EditIssue(1, func(i *reconcile.Issue) { setState(i, state) })
				w.reopen = true
				w.counts(w.apply(item(1)), 0, 0, 0, 1)
				w.shows(1, item(1))
				w.silent(w.quiet(item(1)))
			}},
			example{state + " by us re-opens with the file", func(w *world) {
				w.apply(item(1))
				w.apply(with(item(1), reconcile.State, state))
				w.counts(w.apply(item(1)), 0, 0, 0, 1)
				w.shows(1, item(1))
				w.silent(w.quiet(item(1)))
			}},
			example{state + " by us and re-opened by a person", func(w *world) {
				w.apply(item(1))
				decided := with(item(1), reconcile.State, state)
				w.apply(decided)
				w.h.EditIssue(1, func(i *reconcile.Issue) { setState(i, reconcile.StateOpen) })
				w.reported(w.quiet(decided), 1)
				w.shows(1, item(1))
				w.quiet(decided)
			}},
		)
	}
	return append(out, bothSides()...)
}

// bothSides is about decisions that the file and a person take apart.
func bothSides() []example {
	return []example{
		{"both decided alike", func(w *world) {
			w.apply(item(1))
			w.h.EditIssue(1, func(i *reconcile.Issue) { setState(i, reconcile.StateDone) })
			w.silent(w.quiet(with(item(1), reconcile.State, reconcile.StateDone)))
		}},
		{"both decided otherwise", func(w *world) {
			w.apply(item(1))
			w.h.EditIssue(1, func(i *reconcile.Issue) { setState(i, reconcile.StateWontDo) })
			w.reported(w.quiet(with(item(1), reconcile.State, reconcile.StateDone)), 1)
			w.shows(1, with(item(1), reconcile.State, reconcile.StateWontDo))
		}},
		{"done to wont_do", func(w *world) {
			w.apply(item(1))
			w.apply(with(item(1), reconcile.State, reconcile.StateDone))
			next := with(item(1), reconcile.State, reconcile.StateWontDo)
			w.apply(next)
			w.shows(1, next)
			w.silent(w.quiet(next))
		}},
		{"closing takes other changes along", func(w *world) {
			w.apply(with(item(1), reconcile.Late, reconcile.LabelOverdue))
			next := with(with(item(1), reconcile.State, reconcile.StateDone), reconcile.Due, "2025-10-01")
			w.counts(w.apply(next), 0, 0, 1, 0)
			w.shows(1, next)
		}},
	}
}
