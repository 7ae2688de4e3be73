package githubtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// needsDescription skips a test of the checks themselves where GitHub's description is not installed.
func needsDescription(t *testing.T) {
	t.Helper()
	if doc, err := description(); err != nil || doc == nil {
		t.Skip("OpenAPI description not installed, run make test-deps")
	}
}

func TestRequestsAreChecked(t *testing.T) {
	needsDescription(t)
	l := &listener{TB: t}
	s := New(l)
	s.As(Alice).AddIssue(Repo, Issue{Title: "One"})
	const issues = "/repos/acme/ops/issues"
	for name, c := range map[string]struct{ method, path, body, want string }{
		"good":             {"POST", issues, `{"title":"x","body":"y"}`, ""},
		"no title":         {"POST", issues, `{"body":"y"}`, `property "title" is missing`},
		"number for text":  {"POST", issues, `{"title":"x","body":7}`, "at /body:"},
		"unknown state":    {"PATCH", issues + "/1", `{"state":"shut"}`, "at /state:"},
		"unknown property": {"PATCH", issues + "/1", `{"colour":"red"}`, `no property "colour"`},
		"unknown filter":   {"GET", issues + "?per-page=100", "", `no parameter "per-page"`},
		"state filter":     {"GET", issues + "?state=shut", "", "state"},
		"since":            {"GET", issues + "?since=yesterday", "", "since"},
		"cursor":           {"GET", issues + "?after=Y3Vyc29yOnYyOjE6MQ%3D%3D", "", ""},
		"per_page":         {"GET", issues + "?per_page=many", "", "per_page"},
		"labels as array":  {"POST", issues + "/1/labels", `["bug"]`, ""},
		"labels as text":   {"POST", issues + "/1/labels", `{"labels":"bug"}`, "request"},
		"not modelled":     {"GET", issues + "?mentioned=alice", "", "does not model"},
		"not served":       {"GET", "/repos/acme/ops/hooks", "", "not served"},
		"head":             {"HEAD", issues, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			ask(t, s, Token, c.method, c.path, c.body)
			said := strings.Join(l.heard(), "\n")
			if (c.want == "") != (said == "") || !strings.Contains(said, c.want) {
				t.Errorf("got %q, want %q in it", said, c.want)
			}
		})
	}
}

func TestAnswersAreChecked(t *testing.T) {
	needsDescription(t)
	s := New(t)
	l := &listener{TB: t}
	for name, c := range map[string]struct {
		method, path string
		status       int
		change       func(object)
		want         string
	}{
		"good":           {"GET", "/issues/1", 200, func(object) {}, ""},
		"wrong type":     {"GET", "/issues/1", 200, func(o object) { o["number"] = "one" }, "at /number:"},
		"null":           {"GET", "/issues/1", 200, func(o object) { o["title"] = nil }, "at /title:"},
		"missing":        {"GET", "/issues/1", 200, func(o object) { delete(o, "locked") }, `"locked" is missing`},
		"not a time":     {"GET", "/issues/1", 200, func(o object) { o["created_at"] = "today" }, "at /created_at:"},
		"not a reason":   {"GET", "/issues/1", 200, func(o object) { o["state_reason"] = "because" }, "at /state_reason:"},
		"wrong user":     {"GET", "/issues/1", 200, func(o object) { o["user"].(object)["id"] = "x" }, "at /user/id:"},
		"wrong status":   {"GET", "/issues/1", 202, func(object) {}, "status is not supported"},
		"limit too soon": {"GET", "/issues/1", 429, func(object) {}, "status is not supported"},
		"bad 404":        {"GET", "/issues/1", 404, func(o object) { o["message"] = 4 }, "at /message:"},
		"bad 401":        {"GET", "/issues/1", 401, func(o object) { o["message"] = 4 }, "at /message:"},
		"bad 422":        {"PATCH", "/labels/x", 422, func(o object) { o["errors"] = "all of it" }, "at /errors:"},
	} {
		t.Run(name, func(t *testing.T) {
			call := s.newCall(httptest.NewRequest(c.method, "/repos/acme/ops"+c.path, nil), nil)
			call.repo = s.find(Repo)
			o := call.issueWire(Issue{Number: 1, Title: "One", State: "open", User: Alice, CreatedAt: Epoch, UpdatedAt: Epoch})
			if c.status >= 400 {
				o = object{"message": "No", "documentation_url": docs}
			}
			c.change(o)
			s.checker.response(l, call, call.json(c.status, o))
			said := strings.Join(l.heard(), "\n")
			if (c.want == "") != (said == "") || !strings.Contains(said, c.want) {
				t.Errorf("got %q, want %q in it", said, c.want)
			}
		})
	}
}

func TestSubset(t *testing.T) {
	needsDescription(t)
	doc, _ := description()
	for _, r := range routes {
		if doc.Paths.Value(r.pattern).GetOperation(r.method) == nil {
			t.Errorf("%s %s: not in the subset", r.method, r.pattern)
		}
	}
	if doc.Paths.Value("/repos/{owner}/{repo}/issues").GetOperation(http.MethodPost).Responses.Status(201) == nil {
		t.Error("no answer 201 in the subset")
	}
	if _, err := subset([]byte(`{"paths":{}}`)); err == nil || !strings.Contains(err.Error(), "GET /user") {
		t.Errorf("a description without our paths: got %v, want an error that names one", err)
	}
}

// TestSubsetOfASmallDescription needs nothing installed.
func TestSubsetOfASmallDescription(t *testing.T) {
	paths := map[string]object{}
	for _, r := range routes {
		if paths[r.pattern] == nil {
			paths[r.pattern] = object{"head": object{"$ref": "#/components/schemas/unused"}}
		}
		paths[r.pattern][strings.ToLower(r.method)] = object{
			"schema":   object{"$ref": "#/components/schemas/a"},
			"examples": object{"one": object{"$ref": "#/components/examples/one"}},
		}
	}
	text, err := json.Marshal(object{"openapi": "3.0.3", "paths": paths, "components": object{"schemas": object{
		"basic-error": object{}, "validation-error": object{}, "unused": object{},
		"a": object{"oneOf": []object{{"$ref": "#/components/schemas/b"}, {"$ref": "#/components/schemas/a"}}}, "b": object{"type": "string"},
	}}})
	ok(t, err)
	part, err := subset(text)
	ok(t, err)
	var got whole
	ok(t, json.Unmarshal(part, &got))
	same(t, "schemas", len(got.Components["schemas"]), 4)
	same(t, "paths", len(got.Paths), len(paths))
	same(t, "kinds of components", len(got.Components), 1)
	same(t, "mentions what is not used", strings.Contains(string(part), "unused"), false)
	_, err = subset([]byte(strings.Replace(string(text), `"b":`, `"c":`, 1)))
	if err == nil || !strings.Contains(err.Error(), "#/components/schemas/b") {
		t.Errorf("a reference to nothing: got %v, want an error that names it", err)
	}
}

func TestCacheIsWrittenInOneStep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sub", "file.json")
	keep(file, []byte("{}"))
	text, err := os.ReadFile(file)
	ok(t, err)
	same(t, "text", string(text), "{}")
	left, err := os.ReadDir(filepath.Dir(file))
	ok(t, err)
	same(t, "files", len(left), 1)
	keep(filepath.Join(file, "below a file"), nil) // must not fail
}

// TestUnchecked is the fake without GitHub's description.
func TestUnchecked(t *testing.T) {
	l := &listener{TB: t}
	s := New(l)
	s.checker = &checker{}
	resp, _ := ask(t, s, Token, "POST", "/repos/acme/ops/issues", `{"colour":"red"}`)
	same(t, "status", resp.StatusCode, 422)
	same(t, "errors", len(l.heard()), 0)
}
