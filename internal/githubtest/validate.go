package githubtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// checker holds requests and answers against GitHub's description. The one of a missing description lets everything pass.
type checker struct {
	doc     *openapi3.T
	options *openapi3filter.Options
}

var saidMissing sync.Once

func newChecker(t testing.TB) *checker {
	t.Helper()
	doc, err := description()
	if err != nil {
		t.Fatalf("githubtest: GitHub's OpenAPI description: %v", err)
	}
	if doc == nil {
		saidMissing.Do(func() { t.Log("OpenAPI description not installed, run make test-deps") })
	}
	options := &openapi3filter.Options{
		IncludeResponseStatus:             true,
		MultiError:                        true,
		SkipSettingDefaults:               true,
		RejectWhenRequestBodyNotSpecified: true,
	}
	options.WithCustomSchemaErrorFunc(wording)
	return &checker{doc: doc, options: options}
}

// wording is one thing that does not match a schema, in a line instead of a page.
func wording(err *openapi3.SchemaError) string {
	return "at /" + strings.Join(err.JSONPointer(), "/") + ": " + err.Reason
}

// general are the errors that GitHub answers at every endpoint, whether an operation's description lists them or not, and the
// schema of their bodies.
var general = map[int]string{
	http.StatusBadRequest:          "basic-error",
	http.StatusUnauthorized:        "basic-error",
	http.StatusForbidden:           "basic-error",
	http.StatusNotFound:            "basic-error",
	http.StatusConflict:            "basic-error",
	http.StatusGone:                "basic-error",
	http.StatusUnprocessableEntity: "validation-error",
}

// undescribed are parameters that GitHub's Link headers hold and its description of the operation does not.
var undescribed = map[string][]string{
	inRepo + "/issues": {"after", "before"},
}

// request checks a request. One exception is made: the description of POST .../labels wants an object, and says in words that a
// bare array will do, which is what go-github sends.
func (k *checker) request(t testing.TB, c *call) {
	t.Helper()
	if k.doc == nil || c.route.pattern == inRepo+"/issues/{issue_number}/labels" && c.bareArray() {
		return
	}
	in := k.input(c)
	k.report(t, c, "request", openapi3filter.ValidateRequest(context.Background(), in))
	for name := range c.r.URL.Query() {
		known := in.Route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) != nil
		if !known && !slices.Contains(undescribed[c.route.pattern], name) {
			t.Errorf("githubtest: %s %s: request: GitHub knows no parameter %q here", c.r.Method, c.r.URL, name)
		}
	}
	k.properties(t, c, in.Route.Operation)
}

// properties reports properties of a request's body that GitHub would pass over in silence.
func (k *checker) properties(t testing.TB, c *call, op *openapi3.Operation) {
	t.Helper()
	var body map[string]json.RawMessage
	if op.RequestBody == nil || json.Unmarshal(c.body, &body) != nil {
		return
	}
	media := op.RequestBody.Value.Content.Get("application/json")
	if media == nil || len(media.Schema.Value.Properties) == 0 {
		return
	}
	for name := range body {
		if media.Schema.Value.Properties[name] == nil {
			t.Errorf("githubtest: %s %s: request: GitHub knows no property %q here", c.r.Method, c.r.URL, name)
		}
	}
}

// response checks an answer of the fake's own, before a fault breaks it.
func (k *checker) response(t testing.TB, c *call, a response) {
	t.Helper()
	if k.doc == nil {
		return
	}
	in := k.input(c)
	if schema, ok := general[a.status]; ok && in.Route.Operation.Responses.Status(a.status) == nil {
		var value any
		err := json.Unmarshal(a.body, &value)
		if err == nil {
			err = k.doc.Components.Schemas[schema].Value.VisitJSON(value,
				openapi3.VisitAsResponse(), openapi3.MultiErrors(), openapi3.SetSchemaErrorMessageCustomizer(wording))
		}
		k.report(t, c, "response", err)
		return
	}
	k.report(t, c, "response", openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in,
		Status:                 a.status,
		Header:                 a.header,
		Body:                   io.NopCloser(bytes.NewReader(a.body)),
		Options:                k.options,
	}))
}

// input is a request as kin-openapi wants it; the fake's own routes stand in for its router, which knows no {path} with slashes.
func (k *checker) input(c *call) *openapi3filter.RequestValidationInput {
	item := k.doc.Paths.Value(c.route.pattern)
	r := c.r.Clone(context.Background())
	r.Body = io.NopCloser(bytes.NewReader(c.body))
	r.ContentLength = int64(len(c.body))
	return &openapi3filter.RequestValidationInput{
		Request:    r,
		PathParams: c.params,
		Route: &routers.Route{
			Spec: k.doc, Path: c.route.pattern, PathItem: item, Method: c.route.method, Operation: item.GetOperation(c.route.method),
		},
		Options: k.options,
	}
}

// report fails the test for every single thing that is wrong.
func (k *checker) report(t testing.TB, c *call, what string, err error) {
	t.Helper()
	var many openapi3.MultiError
	switch {
	case err == nil:
	case errors.As(err, &many):
		for _, one := range many {
			t.Errorf("githubtest: %s %s: %s does not match GitHub's description: %v", c.r.Method, c.r.URL, what, one)
		}
	default:
		t.Errorf("githubtest: %s %s: %s does not match GitHub's description: %v", c.r.Method, c.r.URL, what, err)
	}
}
