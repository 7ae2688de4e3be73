// Package parsecache owns the records kept between two runs: one file for each repository in the user's cache directory.
//
// The file may be lost, truncated, damaged or another version's at any time; whatever is not beyond doubt is a miss. It refuses
// to fail: a cache that cannot be read or written costs time and nothing else.
package parsecache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/google/renameio/v2/maybe"

	"github.com/syncwell/sitrep/internal/parse"
)

// Layout: the magic, the namespace's hash, then entries of key, CRC-32C of the data, length of the data, data.
const (
	magic      = "sitrep cache 1\n"
	headerSize = len(magic) + sha256.Size
	entryHead  = sha256.Size + 4 + 4
	maxFile    = 1 << 30
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Store is an opened cache; it is a parse.Cache.
type Store struct {
	path   string
	header []byte
	old    map[parse.Key]*entry
	hits   atomic.Int64

	mu    sync.Mutex
	fresh map[parse.Key][]byte
}

type entry struct {
	crc  uint32
	data []byte
	used atomic.Bool
}

// Dir is the folder of all caches below the user's cache directory.
func Dir(userCache string) string { return filepath.Join(userCache, "sitrep") }

// Open reads the cache of a repository. Namespace says what else the records depend on: the tool's version, the
// configuration, what was asked of them. What was kept under another namespace is dropped.
func Open(dir, repository, namespace string) *Store {
	repo := sha256.Sum256([]byte(repository))
	space := sha256.Sum256([]byte(namespace))
	s := &Store{
		path:   filepath.Join(dir, hex.EncodeToString(repo[:8])+".cache"),
		header: append([]byte(magic), space[:]...),
		old:    map[parse.Key]*entry{},
		fresh:  map[parse.Key][]byte{},
	}
	s.load()
	return s
}

func (s *Store) load() {
	b, err := readRegular(s.path)
	if err != nil || len(b) < headerSize || !bytes.Equal(b[:headerSize], s.header) {
		return
	}
	for b = b[headerSize:]; len(b) >= entryHead; {
		size := int(binary.LittleEndian.Uint32(b[sha256.Size+4:]))
		if size > len(b)-entryHead {
			return
		}
		s.old[parse.Key(b[:sha256.Size])] = &entry{crc: binary.LittleEndian.Uint32(b[sha256.Size:]), data: b[entryHead : entryHead+size]}
		b = b[entryHead+size:]
	}
}

func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("%s is no cache", path)
	}
	return os.ReadFile(path)
}

// Get finds what Put kept under a key; what is damaged is not found.
func (s *Store) Get(k parse.Key) ([]byte, bool) {
	e := s.old[k]
	if e == nil || checksum(k, e.data) != e.crc {
		return nil, false
	}
	e.used.Store(true)
	s.hits.Add(1)
	return e.data, true
}

// Put keeps data under a key.
func (s *Store) Put(k parse.Key, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh[k] = data
}

// checksum covers the key too, so that an entry cannot pass for another's.
func checksum(k parse.Key, data []byte) uint32 {
	return crc32.Update(crc32.Checksum(k[:], castagnoli), castagnoli, data)
}

// Hits is the number of records found so far.
func (s *Store) Hits() int { return int(s.hits.Load()) }

// Save writes what this run used and made, where that is not what the file holds already. The file is replaced as a whole.
func (s *Store) Save() error {
	unused := 0
	for _, e := range s.old {
		if !e.used.Load() {
			unused++
		}
	}
	if len(s.fresh) == 0 && unused == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return fmt.Errorf("write the cache: %w", err)
	}
	if err := maybe.WriteFile(s.path, s.encode(), 0o600); err != nil {
		return fmt.Errorf("write the cache: %w", err)
	}
	return nil
}

func (s *Store) encode() []byte {
	all := make(map[parse.Key][]byte, len(s.old)+len(s.fresh))
	for k, e := range s.old {
		if e.used.Load() {
			all[k] = e.data
		}
	}
	for k, data := range s.fresh {
		all[k] = data
	}
	keys := make([]parse.Key, 0, len(all))
	size := headerSize
	for k, data := range all {
		keys = append(keys, k)
		size += entryHead + len(data)
	}
	slices.SortFunc(keys, func(a, b parse.Key) int { return bytes.Compare(a[:], b[:]) })
	out := bytes.NewBuffer(make([]byte, 0, size))
	out.Write(s.header)
	for _, k := range keys {
		writeEntry(out, k, all[k])
	}
	return out.Bytes()
}

func writeEntry(w io.Writer, k parse.Key, data []byte) {
	var n [8]byte
	binary.LittleEndian.PutUint32(n[:4], checksum(k, data))
	binary.LittleEndian.PutUint32(n[4:], uint32(len(data)))
	for _, b := range [][]byte{k[:], n[:], data} {
		_, _ = w.Write(b) // a buffer in memory takes everything
	}
}
