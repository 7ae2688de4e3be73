package parsecache

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/parse"
)

func key(s string) parse.Key { return sha256.Sum256([]byte(s)) }

// reopen saves a store and opens its file again.
func reopen(t *testing.T, s *Store, dir, namespace string) *Store {
	t.Helper()
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	return Open(dir, "/repo", namespace)
}

func TestKeepsWhatWasPut(t *testing.T) {
	dir := t.TempDir()
	s := Open(dir, "/repo", "v1")
	s.Put(key("a"), []byte("alpha"))
	s.Put(key("b"), nil)
	s = reopen(t, s, dir, "v1")
	for k, want := range map[string]string{"a": "alpha", "b": ""} {
		if got, ok := s.Get(key(k)); !ok || string(got) != want {
			t.Errorf("Get(%s) = %q, %v, want %q", k, got, ok, want)
		}
	}
	if s.Hits() != 2 {
		t.Errorf("Hits = %d, want 2", s.Hits())
	}
}

func TestForgetsWhatIsNotUsed(t *testing.T) {
	dir := t.TempDir()
	s := Open(dir, "/repo", "v1")
	s.Put(key("a"), []byte("alpha"))
	s.Put(key("b"), []byte("beta"))
	s = reopen(t, s, dir, "v1")
	s.Get(key("a"))
	s = reopen(t, s, dir, "v1")
	if _, ok := s.Get(key("b")); ok {
		t.Error("an entry that no run used is still there")
	}
	if _, ok := s.Get(key("a")); !ok {
		t.Error("an entry that was used is gone")
	}
}

func TestOtherNamespaceIsAMiss(t *testing.T) {
	dir := t.TempDir()
	s := Open(dir, "/repo", "v1")
	s.Put(key("a"), []byte("alpha"))
	if _, ok := reopen(t, s, dir, "v2").Get(key("a")); ok {
		t.Error("found what another version kept")
	}
}

func TestUnwritableDirectoryIsAnErrorNotALoss(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := Open(filepath.Join(file, "sub"), "/repo", "v1")
	s.Put(key("a"), []byte("alpha"))
	if err := s.Save(); err == nil {
		t.Error("Save below a file succeeds")
	}
}

// TestDamageNeverShows damages the file at random and asks that whatever is found is what was put.
func TestDamageNeverShows(t *testing.T) {
	dir := t.TempDir()
	s := Open(dir, "/repo", "v1")
	want := map[string]string{}
	for i := range 20 {
		name := fmt.Sprint(i)
		want[name] = fmt.Sprintf("content %d of some length", i*i)
		s.Put(key(name), []byte(want[name]))
	}
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		bad := append([]byte(nil), good...)
		for range rapid.IntRange(1, 4).Draw(t, "flips") {
			bad[rapid.IntRange(0, len(bad)-1).Draw(t, "at")] ^= byte(1 << rapid.IntRange(0, 7).Draw(t, "bit"))
		}
		bad = bad[:rapid.IntRange(0, len(bad)).Draw(t, "cut")]
		if err := os.WriteFile(s.path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		damaged := Open(dir, "/repo", "v1")
		for name, content := range want {
			if got, ok := damaged.Get(key(name)); ok && string(got) != content {
				t.Fatalf("Get(%s) = %q, want %q or nothing", name, got, content)
			}
		}
	})
}
