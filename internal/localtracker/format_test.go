package localtracker_test

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/localtracker"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// awkward are texts that YAML, Markdown or a text editor could take for something else.
var awkward = []string{
	"null", "~", "yes", "1e3", "2025-09-01", "- x", "a: b", "a #b", "'", `"`, `\`, "@ana", "%x", "!tag", "&a", "*a", "|", ">", "{", "[]", "?", " x ", "a  b",
	"---", "\n---\n", "\r", "\t", "\x00", "\x1b", "\u0085", "\u2028", "\u202e", "\ufeff", "\U0010ffff", "🔥", "שלום", "e\u0301", "<!-- -->", "",
}

func anyText() *rapid.Generator[string] {
	piece := rapid.OneOf(rapid.SampledFrom(awkward), rapid.String())
	return rapid.Map(rapid.SliceOfN(piece, 0, 3), func(p []string) string { return strings.Join(p, "") })
}

func anyIssue() *rapid.Generator[reconcile.Issue] {
	return rapid.Custom(func(t *rapid.T) reconcile.Issue {
		login := anyText().Filter(func(s string) bool { return !strings.HasPrefix(s, "@") })
		i := reconcile.Issue{
			Title:     anyText().Filter(func(s string) bool { return strings.TrimSpace(s) != "" }).Draw(t, "title"),
			Body:      anyText().Draw(t, "body") + string(rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "bytes")),
			Labels:    rapid.SliceOfN(anyText(), 0, 3).Draw(t, "labels"),
			Assignees: rapid.SliceOfN(login, 0, 3).Draw(t, "assignees"),
			Author:    anyText().Draw(t, "author"),
			State:     "open", Insider: true,
		}
		if rapid.Bool().Draw(t, "closed") {
			i.State, i.Reason = "closed", rapid.SampledFrom([]string{"", "completed", "not_planned"}).Draw(t, "reason")
		}
		return i
	})
}

var emptyIsNil = cmpopts.EquateEmpty()

// TestRoundTrip: what is written is read, also when it is written over something else.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var source []byte
		number := rapid.SampledFrom([]int{1, 9999, 10000, 999_999_999}).Draw(t, "number")
		for range 3 {
			want := anyIssue().Draw(t, "issue")
			want.Number = number
			var err error
			if source, err = localtracker.Rewrite(number, source, func(i *reconcile.Issue) { *i = want }); err != nil {
				t.Fatalf("write: %v", err)
			}
			got, err := localtracker.ReadIssue(number, source)
			if err != nil {
				t.Fatalf("read: %v", err)
			}
			if d := cmp.Diff(want, got, emptyIsNil); d != "" {
				t.Fatalf("(-written +read):\n%s\nfile:\n%q", d, source)
			}
		}
	})
}

// TestRefused: what GitHub would not take is not taken here either.
func TestRefused(t *testing.T) {
	long := strings.Repeat("x", 257)
	for name, r := range map[string]reconcile.Resource{
		"the title is longer":                 with(item(1, ""), reconcile.Title, long),
		"the title is empty":                  with(item(1, ""), reconcile.Title, " "),
		"the body is longer":                  with(item(1, ""), reconcile.Text, strings.Repeat("x", 65537)),
		"is not UTF-8":                        with(item(1, ""), reconcile.Title, "\xff"),
		"label \"priority: ":                  with(item(1, ""), reconcile.Priority, long),
		"colour \"blue\", want six hex":       with(label("x"), reconcile.Color, "blue"),
		"the description is longer than 100 ": with(label("x"), reconcile.Description, long),
		"the name is longer than 50":          label(long),
	} {
		h := newRepository(t)
		tracker := h.open()
		p, err := plan(tracker, []reconcile.Resource{r})
		if err != nil {
			t.Fatal(err)
		}
		if res := apply(tracker, p); len(res.Failed) != 1 || !strings.Contains(res.Failed[0].Err.Error(), name) {
			t.Errorf("result %.300v, want an error that %s", res.Failed, name)
		}
		if issues := h.Issues(); len(issues) > 0 {
			t.Errorf("%s: issues %v", name, issues)
		}
	}
}

func with(r reconcile.Resource, field, value string) reconcile.Resource {
	r.Fields[field] = value
	return r
}

func TestUnknownChanges(t *testing.T) {
	h := newRepository(t)
	tracker := h.open()
	for _, c := range []reconcile.Change{
		{Op: reconcile.Comment, Kind: reconcile.KindIssue, Number: 1},
		{Op: reconcile.Update, Kind: reconcile.KindIssue, Number: 1},
		{Op: reconcile.Update, Kind: reconcile.KindLabel, Key: "x"},
		{Op: reconcile.Create, Kind: "page"},
	} {
		if err := tracker.Do(context.Background(), c); err == nil {
			t.Errorf("%s %s: no error", c.Op, c.Kind)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := tracker.Do(ctx, reconcile.Change{Op: reconcile.Create, Kind: reconcile.KindIssue}); err == nil {
		t.Error("no error after the end")
	}
	if len(h.tree()) > 0 {
		t.Errorf("files: %v", h.tree())
	}
}

// TestLabelsByHand: what people wrote in labels.yml stays.
func TestLabelsByHand(t *testing.T) {
	h := newRepository(t)
	const byHand = "# ours\n- Overdue\n- {name: x, color: aaaaaa, owner: ana}"
	h.write(".sitrep/labels.yml", byHand)
	h.run(label("overdue"), label("y"))
	if got, want := h.file(".sitrep/labels.yml"), byHand+"\n- name: y\n  color: 1f6feb\n  description: \"Kept by sitrep: yes\"\n"; got != want {
		t.Errorf("(-want +got):\n%s", cmp.Diff(want, got))
	}
	h.write(".sitrep/labels.yml", "[x]\n")
	tracker := h.open()
	p, err := plan(tracker, []reconcile.Resource{label("y")})
	if err != nil {
		t.Fatal(err)
	}
	if r := apply(tracker, p); len(r.Failed) != 1 || h.file(".sitrep/labels.yml") != "[x]\n" {
		t.Errorf("result %+v, want the file refused and left alone", r)
	}
}

func FuzzReadIssue(f *testing.F) {
	for _, s := range []string{
		"---\nnumber: 1\ntitle: x\nstate: closed\nreason: completed\nlabels: [a, b]\nassignees: [\"@ana\"]\nauthor: local\n---\nbody",
		"---\r\ntitle: x\r\nlabels: a\r\n--- \r\n", "\ufeff---\ntitle: |\n  x\n  y\n# z\nother: &a b\n---\n", "---\n{title: x}\n---\n", "---\n? a\n: b\n---\n", "---", "",
		"---\n# a\ntitle: x\n\n# b\nmore:\n  - 1\n# c\n---", "---\ntitle: 'x\n  y'\nstate: open\n---\n---\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		i, err := localtracker.ReadIssue(1, source)
		if err != nil {
			return
		}
		same, err := localtracker.Rewrite(1, source, func(*reconcile.Issue) {})
		if err != nil || !bytes.Equal(same, source) {
			t.Fatalf("rewritten without a change: %v\n%q", err, same)
		}
		change := func(i *reconcile.Issue) {
			i.State, i.Reason, i.Labels = "closed", "not_planned", append(i.Labels, "more: of it")
			i.Body += "\nend"
		}
		changed, err := localtracker.Rewrite(1, source, change)
		if err != nil {
			return // refused before anything is written
		}
		got, err := localtracker.ReadIssue(1, changed)
		if change(&i); err != nil || !reflect.DeepEqual(got, i) {
			t.Fatalf("%v (-want +got):\n%s", err, cmp.Diff(i, got))
		}
	})
}
