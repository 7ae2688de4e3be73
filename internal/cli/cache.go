package cli

import (
	"fmt"
	"os"

	"github.com/syncwell/sitrep/internal/parse"
	"github.com/syncwell/sitrep/internal/parsecache"
)

// cache opens the records kept from the last run; nil where there is no cache directory or none is wanted. What says what was
// asked of the records: two commands that ask different things keep different records.
func (g *globals) cache(r *repository, what string, off bool) *parsecache.Store {
	userCache, err := os.UserCacheDir()
	if off || err != nil {
		return nil
	}
	build := buildID()
	if build == "" {
		return nil
	}
	namespace := fmt.Sprintf("%s\x00%s\x00%+v", build, what, r.config)
	return parsecache.Open(parsecache.Dir(userCache), what+"\x00"+r.dir, namespace)
}

// buildID tells one build of the tool from another: two builds may read a file in two ways.
func buildID() string {
	exe, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(exe)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s %s %d %d", version(), exe, info.Size(), info.ModTime().UnixNano())
}

// asCache keeps a nil store from becoming an interface that is not nil.
func asCache(s *parsecache.Store) parse.Cache {
	if s == nil {
		return nil
	}
	return s
}

func (g *globals) saveCache(s *parsecache.Store) {
	if s == nil {
		return
	}
	if g.verbose {
		g.talk("sitrep: %d records from the cache", s.Hits())
	}
	if err := s.Save(); err != nil && g.verbose {
		g.talk("sitrep: %s", err)
	}
}
