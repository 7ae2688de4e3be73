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

// cacheEntry is a Record without what the file's path gives. Packed holds the places and everything that has a time.
type cacheEntry struct {
	Packed     []byte               `cbor:"1,keyasint"`
	Incident   *incident.Incident   `cbor:"2,keyasint,omitempty"`
	Postmortem *incident.Postmortem `cbor:"3,keyasint,omitempty"`
	Findings   []diag.Diagnostic    `cbor:"4,keyasint,omitempty"`
	Links      []Link               `cbor:"5,keyasint,omitempty"`
	Broken     bool                 `cbor:"6,keyasint,omitempty"`
}

// Times keep their nanoseconds: a figure made from a cached record is the figure made from its file.
var encoding, errEncoding = cbor.EncOptions{Time: cbor.TimeRFC3339Nano}.EncMode()

// store and cached treat whatever goes wrong as a miss: a cache that is lost, old or damaged costs time and nothing else.
func store(c Cache, key Key, r *Record) {
	if b, ok := encode(r); ok {
		c.Put(key, b)
	}
}

func encode(r *Record) ([]byte, bool) {
	if errEncoding != nil {
		return nil, false
	}
	e := cacheEntry{Findings: r.Findings, Links: r.Links, Broken: r.Broken}
	var p packer
	p.places(r.Fields)
	if r.Kind == IncidentRecord {
		inc := *r.Incident
		p.entries(inc.Timeline)
		p.entries(inc.Updates)
		inc.Timeline, inc.Updates = nil, nil
		e.Incident = &inc
	} else {
		pm := *r.Postmortem
		p.entries(pm.Timeline)
		p.moments(r.Timeline)
		pm.Timeline = nil
		e.Postmortem = &pm
	}
	e.Packed = p.b
	b, err := encoding.Marshal(e)
	return b, err == nil
}

func cached(c Cache, key Key, f file) (*Record, bool) {
	b, ok := c.Get(key)
	if !ok {
		return nil, false
	}
	return decode(b, f.path, f.kind)
}

func decode(b []byte, path string, kind Kind) (*Record, bool) {
	var e cacheEntry
	if err := cbor.Unmarshal(b, &e); err != nil || (e.Incident == nil) == (kind == IncidentRecord) || (e.Postmortem == nil) == (kind == PostmortemRecord) {
		return nil, false
	}
	r := &Record{
		Path: path, ID: IDOf(path), Kind: kind,
		Incident: e.Incident, Postmortem: e.Postmortem, Findings: e.Findings, Links: e.Links, Broken: e.Broken,
	}
	u := unpacker{b: e.Packed}
	r.Fields = u.places()
	if kind == IncidentRecord {
		r.Incident.Timeline = u.entries()
		r.Incident.Updates = u.entries()
	} else {
		r.Postmortem.Timeline = u.entries()
		r.Timeline = u.moments()
	}
	return r, !u.bad && len(u.b) == 0
}
