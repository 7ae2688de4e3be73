package parse

import (
	"crypto/sha256"

	"github.com/fxamacker/cbor/v2"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
)

// Key says what a cached record was made of: the file's path and its whole content.
type Key [sha256.Size]byte

// Cache keeps records as bytes between runs. Whoever makes one keeps apart what was made by another version of the tool,
// under another configuration or with another Visit. Get and Put are called on several goroutines at once.
type Cache interface {
	Get(Key) ([]byte, bool)
	Put(Key, []byte)
}

func keyOf(path string, src []byte) Key {
	h := sha256.New()
	h.Write([]byte(path))
	h.Write([]byte{0})
	h.Write(src)
	return Key(h.Sum(nil))
}

// cacheEntry is a Record without what the file's path gives.
type cacheEntry struct {
	Fields     []Place              `cbor:"1,keyasint,omitempty"`
	Incident   *incident.Incident   `cbor:"2,keyasint,omitempty"`
	Postmortem *incident.Postmortem `cbor:"3,keyasint,omitempty"`
	Timeline   []Moment             `cbor:"4,keyasint,omitempty"`
	Findings   []diag.Diagnostic    `cbor:"5,keyasint,omitempty"`
	Broken     bool                 `cbor:"6,keyasint,omitempty"`
	Links      []Link               `cbor:"7,keyasint,omitempty"`
}

// Times keep their nanoseconds: a figure made from a cached record is the figure made from its file.
var encoding, errEncoding = cbor.EncOptions{Time: cbor.TimeRFC3339Nano}.EncMode()

// store and cached treat whatever goes wrong as a miss: a cache that is lost, old or damaged costs time and nothing else.
func store(c Cache, key Key, r *Record) {
	if errEncoding != nil {
		return
	}
	b, err := encoding.Marshal(cacheEntry{r.Fields, r.Incident, r.Postmortem, r.Timeline, r.Findings, r.Broken, r.Links})
	if err == nil {
		c.Put(key, b)
	}
}

func cached(c Cache, key Key, f file) (*Record, bool) {
	b, ok := c.Get(key)
	if !ok {
		return nil, false
	}
	var e cacheEntry
	if err := cbor.Unmarshal(b, &e); err != nil || (e.Incident == nil) == (f.kind == IncidentRecord) || (e.Postmortem == nil) == (f.kind == PostmortemRecord) {
		return nil, false
	}
	return &Record{
		Path: f.path, ID: IDOf(f.path), Kind: f.kind, Fields: e.Fields,
		Incident: e.Incident, Postmortem: e.Postmortem, Timeline: e.Timeline, Findings: e.Findings, Broken: e.Broken, Links: e.Links,
	}, true
}
