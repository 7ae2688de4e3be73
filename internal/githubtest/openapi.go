package githubtest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

// described is where npm puts GitHub's OpenAPI description, from the module's root.
const described = "test/openapi/node_modules/@octokit/openapi/generated/api.github.com.json"

// description loads GitHub's OpenAPI description once in a process; nil where it is not installed.
var description = sync.OnceValues(func() (*openapi3.T, error) {
	file := os.Getenv("SITREP_OPENAPI")
	if file == "" {
		root, err := moduleRoot()
		if err != nil {
			return nil, err
		}
		file = filepath.Join(root, filepath.FromSlash(described))
		if _, err := os.Stat(file); err != nil {
			return nil, nil
		}
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("SITREP_OPENAPI: %w", err)
	}
	part, err := cachedSubset(whole)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(part)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return doc, nil
})

// moduleRoot is the nearest directory upwards that has a go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no go.mod above the working directory: %w", fs.ErrNotExist)
		}
		dir = up
	}
}

// cachedSubset is subset, kept between processes: the whole description takes seconds to load, the part that the fake serves
// some ten milliseconds.
func cachedSubset(whole []byte) ([]byte, error) {
	h := sha256.New()
	h.Write(whole)
	for _, r := range routes {
		fmt.Fprintln(h, r.method, r.pattern)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	file := filepath.Join(dir, "sitrep-test", "openapi-"+hex.EncodeToString(h.Sum(nil))+".json")
	if part, err := os.ReadFile(file); err == nil && json.Valid(part) {
		return part, nil
	}
	part, err := subset(whole)
	if err != nil {
		return nil, err
	}
	keep(file, part) // a cache that can't be written costs time and nothing else
	return part, nil
}

// keep writes a file in one step, so that tests of several packages may do it at once.
func keep(file string, text []byte) {
	if os.MkdirAll(filepath.Dir(file), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(file), "new-*")
	if err != nil {
		return
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(text)
	if closed := f.Close(); err == nil && closed == nil {
		_ = os.Rename(f.Name(), file)
	}
}

// whole is as much of an OpenAPI description as subset looks at.
type whole struct {
	OpenAPI    string                                `json:"openapi"`
	Info       json.RawMessage                       `json:"info"`
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components map[string]map[string]json.RawMessage `json:"components"`
}

// subset is the part of a description that the fake serves: its operations, without examples, and all that they refer to.
func subset(text []byte) ([]byte, error) {
	var in whole
	if err := json.Unmarshal(text, &in); err != nil {
		return nil, err
	}
	paths, components := object{}, map[string]object{}
	refs := []string{"#/components/schemas/basic-error", "#/components/schemas/validation-error"}
	for _, r := range routes {
		method := strings.ToLower(r.method)
		operation, err := decode(in.Paths[r.pattern][method], &refs)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", r.method, r.pattern, err)
		}
		if paths[r.pattern] == nil {
			paths[r.pattern] = object{}
		}
		paths[r.pattern].(object)[method] = operation
	}
	for len(refs) > 0 {
		ref := refs[0]
		refs = refs[1:]
		kind, name, _ := strings.Cut(strings.TrimPrefix(ref, "#/components/"), "/")
		if components[kind] == nil {
			components[kind] = object{}
		}
		if components[kind][name] != nil {
			continue
		}
		component, err := decode(in.Components[kind][name], &refs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", ref, err)
		}
		components[kind][name] = component
	}
	return json.Marshal(object{"openapi": in.OpenAPI, "info": in.Info, "paths": paths, "components": components})
}

// decode reads a piece of a description, leaves its examples out and adds what it refers to.
func decode(text json.RawMessage, refs *[]string) (any, error) {
	if text == nil {
		return nil, fs.ErrNotExist
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return nil, err
	}
	prune(value, refs)
	return value, nil
}

func prune(value any, refs *[]string) {
	switch v := value.(type) {
	case string:
		if strings.HasPrefix(v, "#/components/") {
			*refs = append(*refs, v)
		}
	case []any:
		for _, item := range v {
			prune(item, refs)
		}
	case object:
		if _, ok := v["schema"]; ok {
			delete(v, "examples")
		}
		for _, item := range v {
			prune(item, refs)
		}
	}
}
