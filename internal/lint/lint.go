// Package lint owns what is right and wrong in a record: the rules, each with its reasons and examples, and the run that
// applies them to a repository.
//
// It refuses the clock and the network: the same commit always lints the same. What is late is for package deadline. Findings
// are data; an error means that the repository could not be read.
package lint

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/parse"
)

// Rule is one thing that can be wrong. Rules are values in one list; see Rules.
type Rule struct {
	Name   string
	Family string
	Level  diag.Level
	Doc    string // why it matters and what to do, Markdown
	On     parse.Kind
	Ok     string // an example that passes and one that does not: see Example
	Bad    string
	// Check is nil for a rule that the reading of a file reports.
	Check func(*Pass)
	// Repository rules see all records at once; the others see one document at a time, and what they find is kept in the cache
	// for as long as the file is the same.
	Repository bool
}

// Pass is what a rule looks at and where it reports.
type Pass struct {
	Doc    *parse.Document // nil for a repository rule
	Repo   *Repository     // nil for a document rule
	Config *config.Config

	rule     *Rule
	findings *[]diag.Diagnostic
}

// Repository is all records with what rules look up in them.
type Repository struct {
	Tree *parse.Tree
	FS   fs.FS

	incidents map[string]*parse.Record
}

// Incident finds an incident by its id or by one that it used to have; nil where there is none.
func (r *Repository) Incident(id string) *parse.Record { return r.incidents[id] }

// unreadable tells whether the file of an incident is there and could not be read: it has its finding.
func (r *Repository) unreadable(id string) bool {
	return slices.ContainsFunc(r.Tree.Findings, func(d diag.Diagnostic) bool {
		return parse.IDOf(d.Path) == id && strings.HasPrefix(d.Path, parse.Folders[parse.IncidentRecord]+"/")
	})
}

func newRepository(t *parse.Tree, fsys fs.FS) *Repository {
	r := &Repository{Tree: t, FS: fsys, incidents: map[string]*parse.Record{}}
	for i := range t.Records {
		if rec := &t.Records[i]; rec.Kind == parse.IncidentRecord {
			for _, old := range rec.Incident.FormerIDs {
				r.incidents[old] = rec
			}
		}
	}
	for i := range t.Records {
		if rec := &t.Records[i]; rec.Kind == parse.IncidentRecord {
			r.incidents[rec.ID] = rec
		}
	}
	return r
}

// Options of Run.
type Options struct {
	Config config.Config
	Cache  parse.Cache
	Paths  []string // files or folders to report on; all where empty. Everything is read all the same.
}

// PathError tells that a path to report on holds no record.
type PathError struct{ Path string }

func (e *PathError) Error() string {
	return fmt.Sprintf("no incident or post-mortem at %q, want a file or folder below incidents/ or postmortems/", e.Path)
}

// Result is what a run found, sorted.
type Result struct {
	Files    int // record files looked at
	Findings []diag.Diagnostic
}

// Count gives the number of findings of a level.
func (r Result) Count(l diag.Level) int {
	n := 0
	for _, d := range r.Findings {
		if d.Level == l {
			n++
		}
	}
	return n
}

// Run lints the repository. A path in opt.Paths that holds no record is a *PathError; a rule in the config that does not exist
// is an error too.
func Run(ctx context.Context, fsys fs.FS, opt Options) (Result, error) {
	rules := Rules()
	if err := checkConfig(opt.Config, rules); err != nil {
		return Result{}, err
	}
	document, repository := split(rules)
	tree, err := parse.Read(ctx, fsys, parse.Options{
		Config: opt.Config, Cache: opt.Cache,
		Visit: func(d *parse.Document) []diag.Diagnostic {
			var found []diag.Diagnostic
			p := Pass{Doc: d, Config: &opt.Config, findings: &found}
			for _, p.rule = range document {
				p.rule.Check(&p)
			}
			return found
		},
	})
	if err != nil {
		return Result{}, err
	}
	findings := slices.Clone(tree.Findings)
	for i := range tree.Records {
		findings = append(findings, tree.Records[i].Findings...)
	}
	repo := newRepository(&tree, fsys)
	for _, r := range repository {
		r.Check(&Pass{Repo: repo, Config: &opt.Config, rule: r, findings: &findings})
	}
	result := Result{Findings: findings}
	if err := result.selectPaths(&tree, opt.Paths); err != nil {
		return Result{}, err
	}
	result.grade(rules, opt.Config)
	diag.Sort(result.Findings)
	return result, nil
}

func split(rules []Rule) (document, repository []*Rule) {
	for i := range rules {
		switch r := &rules[i]; {
		case r.Check == nil:
		case r.Repository:
			repository = append(repository, r)
		default:
			document = append(document, r)
		}
	}
	return document, repository
}

// grade gives every finding its rule's level, or the one that the config sets, and drops what is off.
func (r *Result) grade(rules []Rule, cfg config.Config) {
	levels := map[string]diag.Level{}
	for _, rule := range rules {
		levels[rule.Name] = rule.Level
	}
	for name, s := range cfg.Lint {
		levels[name] = s.Level
	}
	kept := r.Findings[:0]
	for _, d := range r.Findings {
		if d.Level = levels[d.Rule]; d.Level != diag.Off {
			kept = append(kept, d)
		}
	}
	r.Findings = kept
}

func (r *Result) selectPaths(tree *parse.Tree, paths []string) error {
	selected := func(p string) bool { return true }
	if len(paths) > 0 {
		selected = func(p string) bool {
			return slices.ContainsFunc(paths, func(want string) bool {
				return want == "." || p == want || strings.HasPrefix(p, want+"/")
			})
		}
	}
	files := map[string]bool{}
	for _, rec := range tree.Records {
		files[rec.Path] = true
	}
	for _, d := range tree.Findings {
		files[d.Path] = true
	}
	for _, want := range paths {
		if !anyBelow(files, want) {
			return &PathError{want}
		}
	}
	for p := range files {
		if selected(p) {
			r.Files++
		}
	}
	r.Findings = slices.DeleteFunc(r.Findings, func(d diag.Diagnostic) bool { return !selected(d.Path) })
	return nil
}

func anyBelow(files map[string]bool, want string) bool {
	want = path.Clean(want)
	if want == "." || files[want] {
		return true
	}
	for p := range files {
		if strings.HasPrefix(p, want+"/") {
			return true
		}
	}
	return false
}

// checkConfig refuses levels for rules that do not exist.
func checkConfig(cfg config.Config, rules []Rule) error {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.Name
	}
	var unknown []string
	for name := range cfg.Lint {
		if !slices.Contains(names, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	hint := ""
	if near := diag.Nearest(unknown[0], names); near != "" {
		hint = fmt.Sprintf(", did you mean %q?", near)
	}
	return fmt.Errorf("%s: unknown lint rule %q%s", config.Path, unknown[0], hint)
}

// report files a finding on the document at hand.
func (p *Pass) report(at diag.Span, hint, format string, args ...any) {
	p.reportIn(p.Doc.Path, at, hint, format, args...)
}

// reportIn files a finding on any file.
func (p *Pass) reportIn(path string, at diag.Span, hint, format string, args ...any) {
	*p.findings = append(*p.findings, diag.Diagnostic{
		Rule: p.rule.Name, Path: path, Span: at, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// incidents calls f for every readable incident.
func (p *Pass) incidents(f func(r *parse.Record)) {
	for i := range p.Repo.Tree.Records {
		if r := &p.Repo.Tree.Records[i]; r.Kind == parse.IncidentRecord && !r.Broken {
			f(r)
		}
	}
}

// postmortems calls f for every readable post-mortem.
func (p *Pass) postmortems(f func(r *parse.Record)) {
	for i := range p.Repo.Tree.Records {
		if r := &p.Repo.Tree.Records[i]; r.Kind == parse.PostmortemRecord && !r.Broken {
			f(r)
		}
	}
}
