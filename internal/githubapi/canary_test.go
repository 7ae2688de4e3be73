package githubapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/githubapi"
	gt "github.com/syncwell/sitrep/internal/githubtest"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// TestCanary lets everything go wrong in every way and holds that the token is in nothing that comes out, and went to no other host.
func TestCanary(t *testing.T) {
	echo := `{"message": "token ` + canary + `\n::error::x", "errors": [{"message": "` + canary + `"}, "` + canary + `"], "documentation_url": "https://x/` + canary + `"}`
	var faults []gt.Fault
	for _, kind := range gt.Kinds() {
		faults = append(faults, gt.Fault{Kind: kind, Size: 1 << 10})
	}
	for _, status := range []int{200, 201, 301, 307, 400, 401, 403, 404, 409, 410, 422, 429, 500, 503} {
		header := http.Header{"Location": {"https://" + canary + "/" + canary}, "Content-Type": {"text/" + canary}}
		faults = append(faults, gt.Fault{Kind: gt.Answer, Status: status, Body: echo, Header: header}, gt.Fault{Kind: gt.Answer, Status: status, Body: canary, Header: header})
	}
	for _, path := range []string{"", "/user$", "/labels$", "/issues$", "/issues/", "/assignees/", "/pulls$", "/git/"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			for _, f := range faults {
				noCanary(t, path, f)
			}
		})
	}
}

func noCanary(t *testing.T, path string, f gt.Fault) {
	t.Helper()
	w := newWorld(t)
	if f.Kind == gt.PageShift && (path == "" || path == "/user$") {
		return // the fake wants a repository in every path for this one
	}
	w.with(func(c *githubapi.Config) {
		c.Cache = &memory{}
		if f.Kind == gt.Hang || f.Kind == gt.HangAfter {
			c.Timeout = 20 * time.Millisecond
		}
	})
	w.s.Inject(gt.Rule{Path: path, Fault: f})
	out := everything(w)
	if strings.Contains(out, canary) || strings.Contains(out, canary[4:20]) {
		t.Errorf("%s with %+v says the token:\n%s", path, f, out)
	}
	if strings.Contains(out, "::error::") {
		t.Errorf("%s with %+v holds a command:\n%s", path, f, out)
	}
	for _, r := range w.s.Elsewhere() {
		t.Errorf("%s with %+v: %s %s went to another host", path, f, r.Method, r.Path)
	}
}

// everything is all that a run says.
func everything(w *world) string {
	var out strings.Builder
	_, err := w.c.Read(w.Context())
	fmt.Fprintf(&out, "%v %+v %#v\n", err, err, fmt.Sprint(err))
	label := reconcile.Change{Op: reconcile.Create, Kind: reconcile.KindLabel, Key: "x", After: reconcile.Fields{reconcile.Color: "ededed"}}
	update := create(later())
	update.Op, update.Number = reconcile.Update, 1
	for _, ch := range []reconcile.Change{create(item(1)), label, update} {
		fmt.Fprintf(&out, "%+v\n", w.c.Do(w.Context(), ch))
	}
	_, _, err = w.c.ProposeChange(w.Context(), proposal("x"))
	fmt.Fprintf(&out, "%v\n%q\n%+v\n%#v\n%+v\n", err, w.said, w.c, w.cfg, struct{ C *githubapi.Client }{w.c})
	data, _ := w.cfg.Cache.Load()
	out.Write(data)
	return out.String()
}
