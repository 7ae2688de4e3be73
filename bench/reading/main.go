// Command reading measures how fast a repository is read, linted and reported on, beside two floors taken in the same run:
// reading all files, and reading them with goldmark's syntax tree and yaml.v3's nodes and nothing else.
//
//	go build -trimpath -o bin/sitrep ./cmd/sitrep && go run ./bench/reading -n 10000 -runs 7
//
// Every figure is a whole process: the programs run in turn, the medians and the ratios to the floors are printed.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"gopkg.in/yaml.v3"

	"github.com/syncwell/sitrep/internal/generate"
)

func main() {
	n := flag.Int("n", 10000, "incidents; post-mortems are a third of that")
	runs := flag.Int("runs", 7, "counted runs of each program, after one that is not counted")
	binary := flag.String("bin", "bin/sitrep", "the program under test")
	floor := flag.String("floor", "", "run a floor over a folder: read or decode (used by the command itself)")
	flag.Parse()
	if *floor != "" {
		runFloor(*floor, flag.Arg(0))
		return
	}
	if err := measure(*n, *runs, *binary); err != nil {
		fmt.Fprintln(os.Stderr, "reading:", err)
		os.Exit(1)
	}
}

type program struct {
	name string
	argv []string
	wall []float64 // seconds
	rss  int64     // KiB, the largest run
}

func measure(n, runs int, binary string) error {
	dir, err := os.MkdirTemp("", "sitrep-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	repo := filepath.Join(dir, "repo")
	files, size, err := write(repo, n)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	programs := []*program{
		{name: "floor: read", argv: []string{self, "-floor", "read", repo}},
		{name: "floor: read, goldmark, yaml.v3", argv: []string{self, "-floor", "decode", repo}},
		{name: "sitrep lint --no-cache", argv: []string{binary, "lint", "--no-cache", "--dir", repo}},
		{name: "sitrep metrics --no-cache", argv: []string{binary, "metrics", "--no-cache", "--format", "json", "--now", "2030-01-01T00:00:00Z", "--dir", repo}},
		{name: "sitrep lint, cached", argv: []string{binary, "lint", "--dir", repo}},
		{name: "sitrep metrics, cached", argv: []string{binary, "metrics", "--format", "json", "--now", "2030-01-01T00:00:00Z", "--dir", repo}},
	}
	for run := range runs + 1 {
		for _, p := range programs {
			if err := p.run(dir, run > 0); err != nil {
				return err
			}
		}
	}
	fmt.Printf("%d files, %.1f MB, %d CPUs, %s\n\n", files, float64(size)/1e6, runtime.NumCPU(), runtime.Version())
	fmt.Printf("%-32s %8s %10s %8s %10s %12s %8s\n", "program", "median s", "files/s", "MB/s", "x read", "x decode", "MiB")
	for _, p := range programs {
		m := median(p.wall)
		fmt.Printf("%-32s %8.3f %10.0f %8.1f %10.2f %12.2f %8d\n", p.name, m, float64(files)/m, float64(size)/1e6/m,
			m/median(programs[0].wall), m/median(programs[1].wall), p.rss/1024)
	}
	return nil
}

func (p *program) run(dir string, counted bool) error {
	cmd := exec.Command(p.argv[0], p.argv[1:]...)
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(dir, "cache"))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(p.argv, " "), err, stderr.String())
	}
	if counted {
		p.wall = append(p.wall, time.Since(begin).Seconds())
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			p.rss = max(p.rss, usage.Maxrss)
		}
	}
	return nil
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

func write(repo string, n int) (files, size int, err error) {
	for path, text := range generate.Files(n) {
		file := filepath.Join(repo, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return 0, 0, err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return 0, 0, err
		}
		files, size = files+1, size+len(text)
	}
	return files, size, nil
}

// runFloor does the least that any such tool must do, on as many goroutines as there are processors.
func runFloor(what, dir string) {
	debug.SetGCPercent(400)
	var paths []string
	_ = filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.HasSuffix(p, ".md") {
			paths = append(paths, p)
		}
		return err
	})
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.TaskList)).Parser()
			for i := w; i < len(paths); i += workers {
				b, err := os.ReadFile(paths[i])
				if err != nil {
					panic(err)
				}
				if what == "read" {
					continue
				}
				end := bytes.Index(b[4:], []byte("\n---\n")) + 4
				var n yaml.Node
				if err := yaml.Unmarshal(b[4:end+1], &n); err != nil {
					panic(err)
				}
				md.Parse(text.NewReader(b[end+5:]))
			}
		})
	}
	wait.Wait()
}
