package cli

import (
	"context"
	"path/filepath"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/localtracker"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// tracker is where issues are kept, with what the commands need to know about it.
type tracker struct {
	system  reconcile.System
	name    string // as in the config: local, github
	target  string // for people: "acme/ops (tracker github)"
	trusted func(login string) bool
	link    func(path string) string
	// propose brings changed files back and says where they are.
	propose func(ctx context.Context, files map[string][]byte, lines []string) (string, error)
}

// openTracker opens the tracker that the config names.
func (g *globals) openTracker(r *repository) (*tracker, error) {
	if r.config.Tracker == config.TrackerGitHub {
		return g.openGitHub(r)
	}
	return &tracker{
		system:  localtracker.Open(r.root),
		name:    string(config.TrackerLocal),
		target:  filepath.Base(r.dir) + " (tracker local)",
		trusted: func(string) bool { return true }, // who can write the files can write everything
		link:    func(p string) string { return "../../" + p },
		propose: r.writeBack,
	}, nil
}
