package parse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
)

// Options of Read.
type Options struct {
	Config config.Config
	// Visit, where given, looks at each document while all of it is in memory and gives what it finds; the findings are kept
	// on the record. It runs on several goroutines at once.
	Visit func(*Document) []diag.Diagnostic
	Cache Cache // nil for none
	// Texts keeps the Markdown of summaries, entries and whys on the records. Without it they hold what is counted and judged,
	// in a fraction of the memory.
	Texts bool
}

// Read reads all records of a repository, on all cores. An error means that the repository cannot be read or ctx has ended;
// a bad file is a finding.
func Read(ctx context.Context, fsys fs.FS, opt Options) (Tree, error) {
	paths, findings, err := list(fsys)
	if err != nil {
		return Tree{}, err
	}
	records := make([]*Record, len(paths))
	trouble := make([]*diag.Diagnostic, len(paths))
	group, ctx := errgroup.WithContext(ctx)
	workers := min(runtime.GOMAXPROCS(0), max(1, len(paths)))
	for w := range workers {
		group.Go(func() error {
			var r reader
			for i := w; i < len(paths); i += workers {
				if err := ctx.Err(); err != nil {
					return err
				}
				records[i], trouble[i] = r.read(fsys, paths[i], &opt)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return Tree{}, err
	}
	t := Tree{Findings: findings, Records: make([]Record, 0, len(paths))}
	for i := range paths {
		if trouble[i] != nil {
			t.Findings = append(t.Findings, *trouble[i])
		} else {
			t.Records = append(t.Records, *records[i])
		}
	}
	t.link(opt.Config)
	return t, nil
}

// file is a path that holds a record.
type file struct {
	path string
	kind Kind
	typ  fs.FileMode // 0 for a regular file
}

// list finds the record files below both folders, sorted. Sub-folders are allowed; files that are not Markdown, hidden files
// and README.md are not records.
func list(fsys fs.FS) ([]file, []diag.Diagnostic, error) {
	var files []file
	var findings []diag.Diagnostic
	for kind, folder := range Folders {
		err := fs.WalkDir(fsys, folder, func(p string, e fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && p == folder:
				return fs.SkipDir
			case err != nil && p == folder:
				return fmt.Errorf("read %s: %w", p, err)
			case err != nil:
				findings = append(findings, fileFinding(p, "", "cannot be read: %v", cause(err)))
				return nil
			case strings.HasPrefix(e.Name(), ".") && p != folder:
				if e.IsDir() {
					return fs.SkipDir
				}
				return nil
			case e.IsDir() && strings.HasSuffix(p, ".md"):
				findings = append(findings, fileFinding(p, "give the folder a name without .md", "is a folder, want a file"))
				return nil
			case e.IsDir() || strings.EqualFold(e.Name(), "README.md"):
				return nil
			case !strings.HasSuffix(p, ".md"):
				if ext := path.Ext(p); strings.EqualFold(ext, ".md") || strings.EqualFold(ext, ".markdown") {
					findings = append(findings, fileFinding(p, "rename the file", "name ends in %q, want .md", ext))
				}
				return nil
			}
			files = append(files, file{p, Kind(kind), e.Type()})
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.path, b.path) })
	return files, findings, nil
}

func fileFinding(p, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{Rule: RuleFile, Path: p, Message: fmt.Sprintf(format, args...), Hint: hint}
}

// cause takes the operation and path off an error: the finding names the path already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// reader reads files one after the other and keeps its buffer between them.
type reader struct{ buf []byte }

func (r *reader) read(fsys fs.FS, f file, opt *Options) (*Record, *diag.Diagnostic) {
	src, trouble := r.load(fsys, f)
	if trouble != nil {
		return nil, trouble
	}
	var key Key
	if opt.Cache != nil {
		key = keyOf(f.path, src)
		if rec, ok := cached(opt.Cache, key, f); ok {
			return rec, nil
		}
	}
	// The document may use the buffer: only its record, which holds copies, is kept.
	d := Parse(f.path, f.kind, src, &opt.Config)
	d.checkName()
	if opt.Visit != nil {
		d.Findings = append(d.Findings, opt.Visit(d)...)
	}
	rec := d.Record // a copy: the document goes with its source and its syntax tree
	if !opt.Texts {
		rec.dropTexts()
	}
	if opt.Cache != nil {
		store(opt.Cache, key, &rec)
	}
	return &rec, nil
}

// dropTexts leaves of the texts what figures and deadlines need: which status was told when, and the last entry of a timeline.
func (r *Record) dropTexts() {
	bare := func(entries []incident.Entry) {
		for i := range entries {
			entries[i].Text = ""
		}
	}
	if r.Kind == IncidentRecord {
		r.Incident.Summary = ""
		bare(r.Incident.Updates)
		if n := len(r.Incident.Timeline); n > 1 {
			r.Incident.Timeline = []incident.Entry{r.Incident.Timeline[n-1]}
		}
		bare(r.Incident.Timeline)
		return
	}
	r.Postmortem.Summary, r.Postmortem.Whys = "", nil
	bare(r.Postmortem.Timeline)
}

// load reads a regular file up to the size limit into the reader's buffer. What is no regular file is never opened: a FIFO
// would wait for ever.
func (r *reader) load(fsys fs.FS, f file) ([]byte, *diag.Diagnostic) {
	p := f.path
	refuse := func(rule, hint, format string, args ...any) ([]byte, *diag.Diagnostic) {
		d := fileFinding(p, hint, format, args...)
		d.Rule = rule
		return nil, &d
	}
	if f.typ != 0 { // a symbolic link may lead to a file; nothing else but a file can be opened without waiting
		info, err := fs.Stat(fsys, p)
		switch {
		case err != nil:
			return refuse(RuleFile, "", "is a symbolic link that cannot be followed: %v", cause(err))
		case !info.Mode().IsRegular():
			return refuse(RuleFile, "", "is %s, want a regular file", typeName(info.Mode()))
		}
	}
	h, err := fsys.Open(p)
	if err != nil {
		return refuse(RuleFile, "", "cannot be read: %v", cause(err))
	}
	defer h.Close()
	info, err := h.Stat()
	switch {
	case err != nil:
		return refuse(RuleFile, "", "cannot be read: %v", cause(err))
	case info.Size() > MaxFileSize:
		return refuse(RuleFileLimits, "move logs and pictures into files of their own", "is %d KiB long, want at most %d KiB", (info.Size()+1023)>>10, MaxFileSize>>10)
	}
	if int64(cap(r.buf)) <= info.Size() {
		r.buf = make([]byte, info.Size()+1+info.Size()/2)
	}
	n, err := readFull(h, r.buf[:info.Size()+1])
	switch {
	case err != nil:
		return refuse(RuleFile, "", "cannot be read: %v", cause(err))
	case int64(n) > info.Size():
		return refuse(RuleFile, "run again", "changed while it was read")
	}
	return r.buf[:n], nil
}

// typeName tells people what is no regular file.
func typeName(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}

// readFull is io.ReadFull that takes the end of the file for what it is.
func readFull(h io.Reader, buf []byte) (int, error) {
	n, err := io.ReadFull(h, buf)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

var idShape = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*$`)

// checkName reports file names that cannot be ids: ids stand in branch names, channel names, URLs and issue markers.
func (d *Document) checkName() {
	if idShape.MatchString(d.ID) && !IDDate(d.ID).IsZero() {
		return
	}
	d.report(RuleFile, diag.Span{}, "rename the file; keep the old id in formerly", "file name %q is no id, want YYYY-MM-DD-words-in-lower-case.md", path.Base(d.Path))
}

// link tells the times of post-mortem timelines: they are read in the zone and from the start of the incident.
func (t *Tree) link(cfg config.Config) {
	incidents := map[string]*Record{}
	for i := range t.Records {
		if r := &t.Records[i]; r.Kind == IncidentRecord {
			incidents[r.ID] = r
		}
	}
	for i := range t.Records {
		r := &t.Records[i]
		if r.Kind != PostmortemRecord {
			continue
		}
		base, loc := IDDate(r.ID), cfg.Location()
		for _, id := range r.Postmortem.Incidents {
			if inc := incidents[id]; inc != nil {
				base, loc = startDay(inc.Incident, zoneOf(inc.Incident, loc)), zoneOf(inc.Incident, loc)
				break
			}
		}
		setTimes(r.Postmortem.Timeline, r.Timeline, base, loc)
	}
}

func zoneOf(inc *incident.Incident, fallback *time.Location) *time.Location {
	if inc.Zone == "" {
		return fallback
	}
	if loc, err := loadZone(inc.Zone); err == nil {
		return loc
	}
	return fallback
}

var zones sync.Map // the ones loaded so far, by name

// loadZone is config.LoadZone that reads each zone's file once.
func loadZone(name string) (*time.Location, error) {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	loc, err := config.LoadZone(name)
	if err == nil {
		zones.Store(name, loc)
	}
	return loc, err
}

// ZoneOf is the zone of an incident's clock times; fallback where it names none that exists.
func ZoneOf(inc *incident.Incident, fallback *time.Location) *time.Location {
	return zoneOf(inc, fallback)
}
