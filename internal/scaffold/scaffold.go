// Package scaffold owns what a new repository of records begins with: configuration, workflows, forms, templates, a README.
//
// It refuses to write files: it gives paths and texts.
package scaffold

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/templates"
)

// A leading dot would keep files out of the embedding, so .github is kept as github.
//
//go:embed files
var files embed.FS

// Options are what differs between repositories.
type Options struct {
	Version string // of sitrep, as go install takes it: "v1.2.3" or "latest"
	Branch  string // the default branch
	GitHub  bool   // issues are kept on GitHub; as files otherwise
}

// File is one file of a new repository.
type File struct {
	Path string // slash-separated
	Text []byte
}

// Files gives all files of a new repository, sorted by path.
func Files(o Options) ([]File, error) {
	tracker := "# tracker: local             # or github: where issues for action items are kept"
	if o.GitHub {
		tracker = "tracker: github              # or local: where issues for action items are kept"
	}
	fill := strings.NewReplacer("{{tracker}}", tracker, "{{version}}", o.Version, "{{branch}}", o.Branch)
	out := []File{{Path: "incidents/.gitkeep"}, {Path: "postmortems/.gitkeep"}}
	err := each(files, "files", func(name string, text []byte) {
		name = strings.TrimPrefix(name, "files/")
		if rest, ok := strings.CutPrefix(name, "github/"); ok {
			name = ".github/" + rest
		}
		out = append(out, File{name, []byte(fill.Replace(string(text)))})
	})
	if err != nil {
		return nil, err
	}
	err = each(templates.FS, ".", func(name string, text []byte) { out = append(out, File{"templates/" + name, text}) })
	slices.SortFunc(out, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return out, err
}

func each(fsys fs.FS, root string, f func(name string, text []byte)) error {
	err := fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		f(name, text)
		return err
	})
	if err != nil {
		return fmt.Errorf("read the embedded files: %w", err)
	}
	return nil
}
