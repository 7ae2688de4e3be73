package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/parse"
)

// maxJSON is how many bytes of JSON are read from one file: the whole history of a large status page has some 20 MiB.
const maxJSON = 64 << 20

// readers read one file each; what they give has a draft, or a note that says why not.
var readers = map[Format]func(*reading, string, []byte){
	Statuspage: (*reading).statuspage,
	CState:     (*reading).cstate,
	Morty:      (*reading).morty,
	Markdown:   (*reading).markdown,
}

// reading is one run of Read.
type reading struct {
	opt   Options
	fsys  fs.FS
	base  string // folder that source ids are relative to
	items []Item
	seen  map[string]string // source id: file
	known map[string]mortem // Morty's database, by file
}

// Read reads a file, or all files below a folder, in the order of their names. An error means that the path cannot be read or
// that ctx has ended; a file that cannot be used is an item that says why.
func Read(ctx context.Context, fsys fs.FS, name string, opt Options) ([]Item, error) {
	r := &reading{opt: opt, fsys: fsys, base: name, seen: map[string]string{}}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		r.base = path.Dir(name)
		r.file(name, fs.FileInfoToDirEntry(info))
		r.finish()
		return r.items, nil
	}
	r.base = root(fsys, name, opt.Format)
	err = fs.WalkDir(fsys, r.base, func(p string, e fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && p == r.base:
			return err
		case err != nil:
			r.refuse(p, "cannot be read: %v", cause(err))
			return nil
		case strings.HasPrefix(e.Name(), ".") && p != r.base:
			return skipHidden(e)
		case e.IsDir():
			return nil
		}
		r.file(p, e)
		return nil
	})
	r.finish()
	return r.items, err
}

func skipHidden(e fs.DirEntry) error {
	if e.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// root is the folder that holds a format's records below the folder given.
func root(fsys fs.FS, name string, f Format) string {
	if f == CState {
		if issues := path.Join(name, "content", "issues"); isDir(fsys, issues) {
			return issues
		}
	}
	return name
}

func isDir(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.IsDir()
}

func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// file reads one file with the reader of the format. What is no regular file is never opened: a FIFO would wait for ever.
func (r *reading) file(p string, e fs.DirEntry) {
	if !e.Type().IsRegular() {
		r.refuse(p, "is no regular file (%s)", e.Type())
		return
	}
	if why := r.foreign(p); why != "" {
		r.skip(p, why)
		return
	}
	limit := int64(parse.MaxFileSize)
	if path.Ext(p) == ".json" {
		limit = maxJSON
	}
	src, err := readBounded(r.fsys, p, limit)
	switch {
	case err != nil:
		r.refuse(p, "cannot be read: %v", cause(err))
	case int64(len(src)) > limit:
		r.refuse(p, "is longer than %d KiB", limit>>10)
	case bytes.HasPrefix(src, []byte("\xff\xfe")), bytes.HasPrefix(src, []byte("\xfe\xff")):
		r.refuse(p, "is not UTF-8, it begins with a UTF-16 byte order mark")
	default:
		readers[r.opt.Format](r, p, src)
		r.garbled(p, src)
	}
}

// garbled reports characters that no record may hold; they are gone, or replaced, by now.
func (r *reading) garbled(p string, src []byte) {
	text := strings.TrimPrefix(string(src), "\uFEFF")
	if path.Ext(p) == ".json" || tidy(text) == strings.ReplaceAll(text, "\r\n", "\n") {
		return
	}
	if it := &r.items[len(r.items)-1]; it.File == p && it.draft != nil {
		it.draft.note(Dropped, "bytes that are not UTF-8, control characters or bidirectional characters")
		it.Notes = it.draft.notes
	}
}

func readBounded(fsys fs.FS, p string, limit int64) ([]byte, error) {
	h, err := fsys.Open(p)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	return io.ReadAll(io.LimitReader(h, limit+1))
}

// foreign says why a file holds no record of the format, by its name alone; "" where it may.
func (r *reading) foreign(p string) string {
	base := path.Base(p)
	markdown := strings.HasSuffix(base, ".md") || strings.HasSuffix(base, ".markdown")
	switch r.opt.Format {
	case Statuspage:
		if path.Ext(base) != ".json" {
			return "is no JSON file"
		}
		return ""
	case Morty:
		switch {
		case base == "mortems.json":
			return ""
		case base == "template.md", strings.Contains("/"+p, "/images/"):
			return "is part of Morty, not a post-mortem"
		}
	case Markdown:
		markdown = markdown || path.Ext(base) == "" || strings.Contains(path.Ext(base), " ")
	}
	switch {
	case strings.EqualFold(base, "README.md"), base == "_index.md":
		return "is about the folder, not a record"
	case !markdown:
		return "is no Markdown file"
	}
	return ""
}

func (r *reading) skip(p, why string) {
	r.items = append(r.items, Item{File: p, Outcome: Skipped, Notes: []Note{{Kind: Refused, Text: why}}})
}

func (r *reading) refuse(p, format string, args ...any) {
	r.items = append(r.items, Item{File: p, Outcome: RefusedRecord, Notes: []Note{{Kind: Refused, Text: fmt.Sprintf(format, args...)}}})
}

// add takes a draft over, or the reason why there is none: a note of kind Refused.
func (r *reading) add(d *draft) {
	item := Item{File: d.file, SourceID: d.sourceID, Title: d.inc.Title, draft: d}
	if first, taken := r.seen[d.sourceID]; taken {
		d.note(Refused, "source id %q was read from %s already", d.sourceID, first)
	}
	r.seen[d.sourceID] = d.file
	if len(d.sourceID) > maxSourceID {
		d.note(Refused, "the source's id is %d bytes long, want at most %d", len(d.sourceID), maxSourceID)
	}
	d.finish(&r.opt)
	item.Notes = d.notes
	if d.refused() { // what would have been written is of no interest then
		item.Outcome, item.draft = RefusedRecord, nil
		item.Notes = slices.DeleteFunc(slices.Clone(d.notes), func(n Note) bool { return n.Kind != Refused })
	}
	r.items = append(r.items, item)
}

// finish adds what a database names and no file holds.
func (r *reading) finish() {
	if r.opt.Format == Morty {
		r.mortemsWithoutFile()
	}
}

// relative is a file's path below the folder that was read: the source id of formats that have no ids.
func (r *reading) relative(p string) string {
	if r.base == "." {
		return p
	}
	return strings.TrimPrefix(p, r.base+"/")
}
