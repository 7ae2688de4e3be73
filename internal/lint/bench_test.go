package lint_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"gopkg.in/yaml.v3"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/generate"
	"github.com/syncwell/sitrep/internal/lint"
	"github.com/syncwell/sitrep/internal/metrics"
	"github.com/syncwell/sitrep/internal/parse"
)

// BenchmarkReading gives lint and metrics beside two floors of the same run: reading all files, and reading them with
// goldmark's tree and yaml.v3's nodes. Sizes are incidents; post-mortems are a third of that. bench/reading measures the same as
// whole processes.
func BenchmarkReading(b *testing.B) {
	for _, n := range []int{1000, 10000, 30000} {
		dir := b.TempDir()
		paths, size := writeTree(b, dir, n)
		for name, run := range map[string]func(*testing.B){
			"1-read":    func(b *testing.B) { floor(b, paths, false) },
			"2-decode":  func(b *testing.B) { floor(b, paths, true) },
			"3-lint":    func(b *testing.B) { lintTree(b, dir) },
			"4-metrics": func(b *testing.B) { reportTree(b, dir) },
		} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					run(b)
				}
				b.ReportMetric(float64(len(paths))*float64(b.N)/b.Elapsed().Seconds(), "files/s")
			})
		}
	}
}

func writeTree(b *testing.B, dir string, n int) (paths []string, size int) {
	b.Helper()
	for p, text := range generate.Files(n) {
		file := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		paths, size = append(paths, file), size+len(text)
	}
	return paths, size
}

func floor(b *testing.B, paths []string, decode bool) {
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.TaskList)).Parser()
			for i := w; i < len(paths); i += workers {
				src, err := os.ReadFile(paths[i])
				if err != nil {
					b.Error(err)
				}
				if !decode {
					continue
				}
				end := bytes.Index(src[4:], []byte("\n---\n")) + 4
				var n yaml.Node
				if err := yaml.Unmarshal(src[4:end+1], &n); err != nil {
					b.Error(err)
				}
				md.Parse(text.NewReader(src[end+5:]))
			}
		})
	}
	wait.Wait()
}

func openTree(b *testing.B, dir string) fs.FS {
	b.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { root.Close() })
	return root.FS()
}

func lintTree(b *testing.B, dir string) {
	result, err := lint.Run(b.Context(), openTree(b, dir), lint.Options{Config: config.Default()})
	if err != nil || len(result.Findings) > 0 {
		b.Fatalf("%v, %d findings", err, len(result.Findings))
	}
}

func reportTree(b *testing.B, dir string) {
	cfg := config.Default()
	tree, err := parse.Read(b.Context(), openTree(b, dir), parse.Options{Config: cfg})
	if err != nil {
		b.Fatal(err)
	}
	if r := metrics.Compute(tree.History(), cfg, metrics.Options{Now: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}); r.Overall.Incidents == 0 {
		b.Fatal("nothing counted")
	}
}
