package localtracker_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/syncwell/sitrep/internal/localtracker"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// TestFiles shows the files as people find them.
func TestFiles(t *testing.T) {
	h := newRepository(t)
	h.run(label("overdue"), item(1, "2025-09-01"))
	const issue = "---\nnumber: 1\ntitle: Cap pool 1\nstate: open\nlabels:\n  - action-item\n  - \"priority: high\"\n  - sev-1\n  - sitrep\n" +
		"assignees:\n  - octo-ana\nauthor: local\n---\n" +
		"Cap the pool, ask @\u200bana\n\n| | |\n|---|---|\n| Item | `2025-08-18-api-outage/AI-1` |\n| Owner | `@octo-ana` |\n| Due | 2025-09-01 |\n" +
		"| Type | prevent |\n| Post-mortem | [2025-08-18-api-outage](../../postmortems/2025-08-18-api-outage.md) |\n\n"
	got := h.tree()
	above, marker, _ := strings.Cut(got[".sitrep/issues/0001.md"], "<!--")
	if d := cmp.Diff(issue, above); d != "" || strings.Count(marker, "\n") != 1 {
		t.Errorf("the issue (-want +got):\n%s and a marker, got %q", d, marker)
	}
	const labels = "- name: overdue\n  color: 1f6feb\n  description: \"Kept by sitrep: yes\"\n" +
		"- name: action-item\n  color: ededed\n  description: \"\"\n"
	if !strings.HasPrefix(got[".sitrep/labels.yml"], labels) {
		t.Errorf("labels:\n%s\nwant\n%s...", got[".sitrep/labels.yml"], labels)
	}
	if got[".sitrep/next"] != "2\n" || len(got) != 3 {
		t.Errorf("files %q, want the issue, the labels and the next number", got)
	}
}

func TestNumbersAreNotGivenAgain(t *testing.T) {
	h := newRepository(t)
	h.run(item(1, ""), item(2, ""))
	h.Delete(2)
	h.run(item(1, ""), item(3, "")) // item 2 has gone with its issue
	if _, err := os.Stat(h.path(3)); err != nil {
		t.Errorf("want a new issue under a number of its own: %v", err)
	}
	// Without the counter the highest counts.
	if err := os.Remove(filepath.Join(h.dir, ".sitrep/next")); err != nil {
		t.Fatal(err)
	}
	h.run(item(1, ""), item(3, ""), item(4, ""))
	if _, err := os.Stat(h.path(4)); err != nil {
		t.Error(err)
	}
}

// TestByHand edits files as people do.
func TestByHand(t *testing.T) {
	h := newRepository(t)
	h.run(item(1, "2025-09-01"))
	name := localtracker.FileOf(1)
	byHand := strings.NewReplacer(
		"number: 1\n", "# looked at on Monday\nnumber: 1\nmilestone: 3 # ours\n",
		"state: open\n", "state:   open\n\n# people\n",
		"labels:\n", "labels:\n  - \"team: data\"\n",
		"  - octo-ana\n", "  - \"@octo-ana\"\n  - octo-zoe\n",
		"author: local\n", "author: local\nnote: |\n  two lines\n  of it\n",
	).Replace(h.file(name)) + "\nmy words  \n"
	h.write(name, byHand)
	h.run(item(1, "2025-09-01"))
	if got := h.file(name); got != byHand {
		t.Errorf("nothing was to do and the file changed (-want +got):\n%s", cmp.Diff(byHand, got))
	}
	h.run(item(1, "2025-10-01"))
	got := h.file(name)
	wantMatter, _, _ := strings.Cut(byHand, "---\nCap")
	if matter, _, _ := strings.Cut(got, "---\nCap"); matter != wantMatter {
		t.Errorf("the front matter changed (-want +got):\n%s", cmp.Diff(wantMatter, matter))
	}
	if !strings.Contains(got, "| Due | 2025-10-01 |") || !strings.HasSuffix(got, "\nmy words  \n") {
		t.Errorf("want a new due date and the old words:\n%s", got)
	}
	h.run(decided(item(1, "2025-10-01")))
	for _, want := range []string{"milestone: 3 # ours\n", "state: closed\n\n# people\nreason: completed\nlabels:\n", "note: |\n  two lines\n  of it\n---\n"} {
		if got := h.file(name); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// TestClosedByHand: two words in the file are a decision.
func TestClosedByHand(t *testing.T) {
	h := newRepository(t)
	h.run(item(1, "2025-09-01"))
	h.write(localtracker.FileOf(1), strings.Replace(h.file(localtracker.FileOf(1)), "state: open", "state: closed", 1))
	before := h.tree()
	h.run(item(1, "2025-09-01"))
	if d := cmp.Diff(before, h.tree()); d != "" {
		t.Errorf("want the issue to stay closed (-want +got):\n%s", d)
	}
}

func TestTwinPointsToTheFirst(t *testing.T) {
	h := newRepository(t)
	h.run(item(1, ""))
	h.write(localtracker.FileOf(2), strings.Replace(h.file(localtracker.FileOf(1)), "number: 1", "number: 2", 1))
	h.run(item(1, ""))
	got := h.file(localtracker.FileOf(2))
	if !strings.Contains(got, "reason: not_planned\n") || !strings.HasSuffix(got, "\n\nA twin of [#1](0001.md).\n") {
		t.Errorf("want it closed and pointing to the first:\n%s", got)
	}
}

// TestDamaged: a file that cannot be read is an error that names it.
func TestDamaged(t *testing.T) {
	const good = "---\ntitle: x\n---\n"
	for _, c := range []struct{ name, file, text, want string }{
		{"empty", ".sitrep/issues/0001.md", "", `0001.md: does not begin with a line of "---"`},
		{"no front matter", ".sitrep/issues/0001.md", "# Cap it\n", `0001.md: does not begin`},
		{"not closed", ".sitrep/issues/0001.md", "---\ntitle: x\n", "0001.md: front matter is not closed"},
		{"no title", ".sitrep/issues/0001.md", "---\nstate: open\n---\n", "0001.md: has no title"},
		{"another number", ".sitrep/issues/0001.md", "---\nnumber: 2\ntitle: x\n---\n", "0001.md: says that it is number 2"},
		{"no number", ".sitrep/issues/0001.md", "---\nnumber: one\ntitle: x\n---\n", `0001.md:2: number "one"`},
		{"state", ".sitrep/issues/0001.md", "---\ntitle: x\nstate: done\n---\n", `0001.md:3: state "done", want open or closed`},
		{"reason", ".sitrep/issues/0001.md", "---\ntitle: x\nreason: no\n---\n", `0001.md:3: reason "no", want completed or not_planned`},
		{"conflict", ".sitrep/issues/0001.md", "---\n<<<<<<< HEAD\ntitle: x\n=======\ntitle: y\n>>>>>>> theirs\n---\n", "0001.md:"},
		{"key twice", ".sitrep/issues/0001.md", "---\ntitle: x\ntitle: y\n---\n", `0001.md:3: key "title" is given twice`},
		{"labels", ".sitrep/issues/0001.md", "---\ntitle: x\nlabels: {a: b}\n---\n", "0001.md:3: labels is a mapping, want a list"},
		{"lists in a list", ".sitrep/issues/0001.md", "---\ntitle: x\nassignees: [[a]]\n---\n", "0001.md:3: assignees holds a list"},
		{"one line", ".sitrep/issues/0001.md", "---\n{title: x, state: open}\n---\n", "0001.md:2: key \"title\" stands within a line"},
		{"alias", ".sitrep/issues/0001.md", "---\ntitle: &a x\nauthor: *a\n---\n", "0001.md:2: anchor"},
		{"too long", ".sitrep/issues/0001.md", good + strings.Repeat("x", 1<<20), "0001.md: longer than 1024 KiB"},
		{"long front matter", ".sitrep/issues/0001.md", "---\ntitle: x\n" + strings.Repeat("# x\n", 1<<15) + "---\n", "0001.md: front matter is longer"},
		{"short name", ".sitrep/issues/1.md", good, "1.md: not an issue's name"},
		{"word", ".sitrep/issues/cap-it.md", good, "cap-it.md: not an issue's name"},
		{"too many digits", ".sitrep/issues/00001.md", good, "00001.md: not an issue's name"},
		{"zero", ".sitrep/issues/0000.md", good, "0000.md: not an issue's name"},
		{"capital", ".sitrep/issues/0001.MD", good, "0001.MD: not an issue's name"},
		{"labels no list", ".sitrep/labels.yml", "a: b\n", ".sitrep/labels.yml: is a mapping, want a list"},
		{"label without name", ".sitrep/labels.yml", "- color: aaaaaa\n", ".sitrep/labels.yml:1: a label has no name"},
		{"labels no YAML", ".sitrep/labels.yml", "- [\n", ".sitrep/labels.yml:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newRepository(t)
			h.write(".sitrep/issues/0002.md", good)
			h.write(c.file, c.text)
			if _, err := h.open().Read(context.Background()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

// TestNotIssues: what is no issue is nobody's trouble.
func TestNotIssues(t *testing.T) {
	h := newRepository(t)
	for _, name := range []string{"README.md", ".0001.md.swp", ".hidden.md", "0001.md.orig", "0001.md~", ".DS_Store", ".sitrep-abc.tmp"} {
		h.write(".sitrep/issues/"+name, "not an issue")
	}
	h.run(item(1, ""))
	if got := len(h.Issues()); got != 1 {
		t.Errorf("%d issues, want 1", got)
	}
}

func TestDamagedCounter(t *testing.T) {
	h := newRepository(t)
	h.write(".sitrep/next", "<<<<<<< HEAD\n3\n")
	tracker := h.open()
	p, err := plan(tracker, []reconcile.Resource{item(1, "")})
	if err != nil {
		t.Fatal(err)
	}
	r := apply(tracker, p)
	if len(r.Failed) != 1 || !strings.Contains(r.Failed[0].Err.Error(), ".sitrep/next: ") {
		t.Errorf("result %+v, want an error that names the file", r)
	}
	h.write(".sitrep/next", "7")
	h.run(item(1, ""))
	if _, err := os.Stat(h.path(7)); err != nil {
		t.Error(err)
	}
}
