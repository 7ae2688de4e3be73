package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors is the house: a package imports only from floors below its own. It is the map in docs/architecture.md.
var floors = map[string]int{
	"cmd/sitrep": 8,

	"internal/cli":    7,
	"internal/faults": 7,

	"internal/export":       6,
	"internal/gitpush":      6,
	"internal/githubapi":    6,
	"internal/githubtest":   6,
	"internal/localtracker": 6,
	"internal/systemtest":   6,
	"internal/gitrepo":      6,
	"internal/parsecache":   6,
	"internal/render":       6,

	"internal/draft":     5,
	"internal/reconcile": 5,

	"internal/importer": 4,
	"internal/lint":     4,
	"internal/metrics":  4,
	"internal/similar":  4,

	"internal/parse": 3,

	"internal/edit": 4,

	"internal/config": 2,

	"internal/generate": 1,
	"internal/incident": 1,
	"internal/scaffold": 1,
	"internal/yamltree": 1,

	"internal/calendar": 0,
	"internal/diag":     0,
	"internal/harmless": 0,
	"templates":         0,
}

// pureBelow is the first floor that may touch the world outside the process.
const pureBelow = 6

// impure lists what the pure floors must not import.
var impure = []string{"os", "os/exec", "os/signal", "net", "net/http", "syscall", "github.com/google/go-github", "github.com/go-git", "github.com/spf13/cobra"}

const module = "github.com/syncwell/sitrep/"

// TestFloors reads every file's imports itself: a test that asked `go list` would be served stale from the test cache.
func TestFloors(t *testing.T) {
	seen := map[string]bool{}
	for file := range goFiles(t) {
		dir := path.Dir(file)
		seen[dir] = true
		floor, ok := floors[dir]
		if !ok {
			t.Errorf("%s: package %s has no floor; give it one in internal/floor_test.go and docs/architecture.md", file, dir)
			continue
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, imported := range imports(t, file) {
			checkImport(t, file, floor, imported)
		}
	}
	for dir := range floors {
		if !seen[dir] {
			t.Errorf("%s has a floor and no files", dir)
		}
	}
}

func checkImport(t *testing.T, file string, floor int, imported string) {
	if own, ok := strings.CutPrefix(imported, module); ok {
		if below, known := floors[own]; !known || below >= floor {
			t.Errorf("%s is on floor %d and imports %s of floor %d, want one below", file, floor, own, below)
		}
		return
	}
	if floor >= pureBelow {
		return
	}
	for _, bad := range impure {
		if imported == bad || strings.Contains(bad, ".") && strings.HasPrefix(imported, bad) {
			t.Errorf("%s is on floor %d and imports %s, which only floors %d and up may", file, floor, imported, pureBelow)
		}
	}
}

// TestMap holds that the architecture page shows every package on its floor.
func TestMap(t *testing.T) {
	page, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	for dir, floor := range floors {
		name := "`" + strings.TrimPrefix(dir, "internal/") + "`"
		found := false
		for line := range strings.Lines(string(page)) {
			found = found || strings.HasPrefix(line, "| "+strconv.Itoa(floor)+" |") && strings.Contains(line, name)
		}
		if !found {
			t.Errorf("docs/architecture.md does not show %s on floor %d", name, floor)
		}
	}
}

// TestClock holds that only the command line reads the clock: everything else is given the time.
func TestClock(t *testing.T) {
	for file, text := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") || path.Dir(file) == "internal/cli" {
			continue
		}
		for _, call := range []string{"time.Now", "time.Since", "time.Until"} {
			if i := strings.Index(text, call); i >= 0 {
				t.Errorf("%s:%d: %s, want the time as an argument", file, strings.Count(text[:i], "\n")+1, call)
			}
		}
	}
}

func goFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (slices.Contains([]string{"testdata", "node_modules", "bench", "test"}, e.Name()) || strings.HasPrefix(e.Name(), ".") && p != "."):
			return fs.SkipDir
		case strings.HasSuffix(p, ".go") && p != "internal/floor_test.go":
			b, err := fs.ReadFile(root, p)
			files[p] = string(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../"+file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range f.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}
