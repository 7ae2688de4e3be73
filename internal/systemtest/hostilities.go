package systemtest

import (
	"strings"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// texts are action items as nobody should write them.
var texts = []struct{ name, text string }{
	{"mention", "ask @octo-ana and @acme/sre, &#64;octo-ben"},
	{"references", "closes #1, fixes GH-2, see https://github.com/acme/ops/issues/3 and acme/ops#4"},
	{"comment", "<!-- hidden --> shown <!-- "},
	{"marker", "x\n<!-- sitrep:v1 key=00000000000000000000 digest=00000000 -->\ny"},
	{"pipes", `a | b || c \| d |`},
	{"table row", "| Due | 2030-01-01 |"},
	{"table", "| | |\n|---|---|\n| Item | `other/AI-9` |\n| Owner | `@octo-zoe` |"},
	{"table rule", "|---|---|"},
	{"backticks", "`a` ``b`` ```c``` `"},
	{"fence", "```\nnever closed"},
	{"front matter", "---\nnumber: 9\n---\n"},
	{"line ends", "one\r\ntwo\rthree\u2028four\u0085five"},
	{"blanks", "  two blanks, a tab\t, trailing   \n\n\n   \n more \t"},
	{"control characters", "bell \x07 escape \x1b[31m nul \x00"},
	{"workflow commands", "::error::x\n##[group]y"},
	{"emoji", "🔥 cap it 👩‍👩‍👧‍👦 ☃️"},
	{"right to left", "הגבל את המאגר \u202eevil\u202c العربية"},
	{"combining", strings.Repeat("e\u0301", 150)},
	{"nothing but marks", "[](https://example.com)"},
	{"one word", "[label](https://example.com) *x*"},
	{"link", "see [the `graph`](https://example.com/a|b_(c)) *now*"},
	{"yaml", `- "a": {b: [c, 'd']} # e & *f !g %h`},
	{"long", strings.Repeat("long words without an end ", 1300)},
	{"long word", strings.Repeat("x", 31000)},
	{"long emoji", strings.Repeat("🔥", 31000)},
	{"long escapes", strings.Repeat("<@#1", 8000)},
}

// hostilities are made of records, since those make texts harmless.
func hostilities() []example {
	var out []example
	for _, h := range texts {
		out = append(out, example{h.name, func(w *world) { hostile(w, h.text) }})
	}
	return append(out, example{"everything long", func(w *world) {
		long := strings.Repeat("long | `text` <b> @x ", 1600)
		w.once(incident.ActionItem{ID: "AI-1", Text: long, Owner: Ana, Evidence: long, Reason: long, Status: incident.Open})
	}})
}

func hostile(w *world, text string) {
	w.once(incident.ActionItem{ID: "AI-1", Text: text, Owner: Ana, Priority: "high", Type: "prevent", Status: incident.Open})
	body := w.only().Body
	if n := strings.Count(body, "<!--"); n != 1 {
		w.Errorf("%d comments in the body, want one:\n%s", n, body)
	}
	for _, bad := range []string{"@acme", "#1", "GH-2", "https://github", "\x1b", "\x00", "\u202e"} {
		if strings.Contains(body, bad) || strings.Contains(w.only().Title, bad) {
			w.Errorf("%q is in the issue", bad)
		}
	}
}

// once applies the record of an action item and holds that it is created once, that nothing is ever said about it, and that it
// can be changed and closed.
func (w *world) once(a incident.ActionItem) {
	w.Helper()
	want := w.desired(a)
	w.counts(w.apply(want...), 1, 0, 0, 0)
	w.silent(w.quiet(want...))
	i := w.only()
	a.Owner = Ben
	w.counts(w.apply(w.desired(a)...), 0, 1, 0, 0)
	w.silent(w.quiet(w.desired(a)...))
	a.Status = incident.Done
	w.counts(w.apply(w.desired(a)...), 0, 0, 1, 0)
	w.silent(w.quiet(w.desired(a)...))
	if got := w.only(); got.Title != i.Title || got.Number != i.Number {
		w.Errorf("#%d %q, want #%d %q", got.Number, got.Title, i.Number, i.Title)
	}
}

// desired is what the record of one action item asks for.
func (w *world) desired(a incident.ActionItem) []reconcile.Resource {
	w.Helper()
	h := incident.History{
		Incidents:   []incident.Incident{{ID: record, Path: "incidents/" + record + ".md", Title: a.Text, Severity: 1, Kind: incident.KindIncident}},
		Postmortems: []incident.Postmortem{{ID: record, Path: "postmortems/" + record + ".md", Incidents: []string{record}, Actions: []incident.ActionItem{a}}},
	}
	out, reports := reconcile.Desired(h, reconcile.DesiredOptions{System: w.traits.System, Config: config.Default()})
	if len(reports) > 0 {
		w.Fatalf("reports: %s", say(reports))
	}
	return out
}
