package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"okno/internal/platform/web"
)

// YAML is the OpenAPI 3.1 description of the registered operations, equal for
// equal code: api/openapi.yaml is compared with it.
func (a *API) YAML() ([]byte, error) { a.write(); return a.yaml, a.descErr }

// JSON is [API.YAML] as JSON.
func (a *API) JSON() ([]byte, error) { a.write(); return a.json, a.descErr }

func (a *API) write() {
	a.described.Do(func() {
		doc := a.huma.OpenAPI()
		if a.json, a.descErr = json.MarshalIndent(doc, "", "  "); a.descErr != nil {
			return
		}
		a.yaml, a.descErr = doc.YAML()
	})
}

func (a *API) describe() {
	document := func(kind string, get func() ([]byte, error)) web.Handler {
		return func(context.Context, *web.Request) (web.Response, error) {
			b, err := get()
			if err != nil {
				return nil, fmt.Errorf("describe the API: %w", err)
			}
			return web.Bytes(kind, b).Set("Cache-Control", "public, max-age=300"), nil
		}
	}
	a.srv.Handle("GET "+Prefix+"/openapi.json", web.Open(""), document("application/vnd.oai.openapi+json", a.JSON))
	a.srv.Handle("GET "+Prefix+"/openapi.yaml", web.Open(""), document("application/vnd.oai.openapi+yaml", a.YAML))
	a.srv.Handle("GET /api", web.Open(""), func(_ context.Context, r *web.Request) (web.Response, error) {
		return a.srv.Frame(r, r.T("api.title"), docsPage(r.Lang, a.document())), nil
	}, web.Cached(time.Hour))
}

// The page for people shows these.
type docs struct {
	Tags    []docsTag
	Schemas []docsSchema
}

type docsTag struct {
	Name       string
	Operations []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Summary, Description, Action string
	Open                                           bool
	Params                                         []docsField
	Body, Answer                                   docsType
	Status                                         string
}

type docsField struct {
	Name, In, Description, Bounds string
	Type                          docsType
	Required                      bool
}

type docsSchema struct {
	Name   string
	Fields []docsField
}

// docsType is a type in words and, where it has one, the schema that explains it.
type docsType struct{ Text, Ref string }

func (a *API) document() docs {
	doc := a.huma.OpenAPI()
	var out docs
	for _, reg := range a.ops {
		item := doc.Paths[reg.Operation.Path]
		op := operation(item, reg.Operation.Method)
		if op == nil {
			continue
		}
		d := docsOperation{ID: op.OperationID, Method: reg.Operation.Method, Path: Prefix + reg.Operation.Path, Summary: op.Summary,
			Description: op.Description, Action: string(reg.Action), Open: reg.Operation.Open}
		for _, p := range op.Parameters {
			f := property(p.Name, p.Schema, p.Required)
			f.In = p.In
			if p.Description != "" {
				f.Description = p.Description
			}
			d.Params = append(d.Params, f)
		}
		if op.RequestBody != nil {
			d.Body = content(op.RequestBody.Content)
		}
		codes := make([]string, 0, len(op.Responses))
		for code := range op.Responses {
			if strings.HasPrefix(code, "2") {
				codes = append(codes, code)
			}
		}
		sort.Strings(codes)
		if len(codes) > 0 {
			d.Status = codes[0]
			d.Answer = content(op.Responses[codes[0]].Content)
		}
		i := slices.IndexFunc(out.Tags, func(t docsTag) bool { return t.Name == reg.Operation.Tag })
		if i < 0 {
			out.Tags = append(out.Tags, docsTag{Name: reg.Operation.Tag})
			i = len(out.Tags) - 1
		}
		out.Tags[i].Operations = append(out.Tags[i].Operations, d)
	}
	for name, schema := range doc.Components.Schemas.Map() {
		s := docsSchema{Name: name}
		for _, p := range sortedKeys(schema.Properties) {
			s.Fields = append(s.Fields, property(p, schema.Properties[p], slices.Contains(schema.Required, p)))
		}
		out.Schemas = append(out.Schemas, s)
	}
	sort.Slice(out.Schemas, func(i, j int) bool { return out.Schemas[i].Name < out.Schemas[j].Name })
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func operation(item *huma.PathItem, method string) *huma.Operation {
	if item == nil {
		return nil
	}
	return map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
		http.MethodPatch: item.Patch, http.MethodDelete: item.Delete, http.MethodHead: item.Head}[method]
}

func content(kinds map[string]*huma.MediaType) docsType {
	names := sortedKeys(kinds)
	switch {
	case len(names) == 0:
		return docsType{}
	case kinds[names[0]].Schema != nil:
		return typeOf(kinds[names[0]].Schema)
	}
	return docsType{Text: names[0]}
}

func property(name string, s *huma.Schema, required bool) docsField {
	f := docsField{Name: name, Required: required}
	if s == nil {
		return f
	}
	f.Type, f.Description = typeOf(s), s.Description
	var bounds []string
	add := func(format string, v any) { bounds = append(bounds, fmt.Sprintf(format, v)) }
	if s.MinLength != nil {
		add("length ≥ %v", *s.MinLength)
	}
	if s.MaxLength != nil {
		add("length ≤ %v", *s.MaxLength)
	}
	if s.Minimum != nil {
		add("≥ %v", *s.Minimum)
	}
	if s.Maximum != nil {
		add("≤ %v", *s.Maximum)
	}
	if s.MaxItems != nil {
		add("items ≤ %v", *s.MaxItems)
	}
	if s.Pattern != "" {
		add("%v", s.Pattern)
	}
	for _, v := range s.Enum {
		add("%v", v)
	}
	if s.Default != nil {
		add("default %v", s.Default)
	}
	f.Bounds = strings.Join(bounds, ", ")
	return f
}

func typeOf(s *huma.Schema) docsType {
	switch {
	case s.Ref != "":
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		return docsType{Text: name, Ref: name}
	case s.Type == "array" && s.Items != nil:
		t := typeOf(s.Items)
		return docsType{Text: "array of " + t.Text, Ref: t.Ref}
	case s.Format != "":
		return docsType{Text: s.Type + " (" + s.Format + ")"}
	}
	return docsType{Text: s.Type}
}
