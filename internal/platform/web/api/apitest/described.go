package apitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"okno/internal/platform/web/api"
)

// schema is what answers are compared with of a schema of OpenAPI.
type schema struct {
	Ref        string            `json:"$ref"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Items      *schema           `json:"items"`
	Enum       []any             `json:"enum"`
	Additional any               `json:"additionalProperties"`
}

type description struct {
	Paths map[string]map[string]struct {
		Responses map[string]struct {
			Content map[string]struct {
				Schema schema `json:"schema"`
			} `json:"content"`
		} `json:"responses"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

// described compares an answer with the API's own description: its status, the
// fields of its document and their values. The first difference is returned.
func (r *Rig) described(method, path string, status int, doc any) error {
	if r.says == nil {
		w := httptest.NewRecorder()
		r.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, api.Prefix+"/openapi.json", nil))
		r.says = &description{}
		if err := json.Unmarshal(w.Body.Bytes(), r.says); err != nil || len(r.says.Paths) == 0 {
			return fmt.Errorf("the description: %d, %w", w.Code, err)
		}
	}
	d := r.says
	path, _, _ = strings.Cut(path, "?")
	found := ""
	for template, operations := range d.Paths {
		if _, ok := operations[strings.ToLower(method)]; ok && fits(strings.TrimPrefix(template, api.Prefix), path) &&
			(found == "" || strings.Count(template, "{") < strings.Count(found, "{")) {
			found = template
		}
	}
	if found == "" { // an address of nothing
		return nil
	}
	answer, ok := d.Paths[found][strings.ToLower(method)].Responses[fmt.Sprint(status)]
	if !ok {
		return fmt.Errorf("%s %s is not said to answer %d", method, found, status)
	}
	for _, content := range answer.Content {
		if err := d.compare(content.Schema, doc, "body"); err != nil && doc != nil {
			return err
		}
	}
	return nil
}

func fits(template, path string) bool {
	a, b := strings.Split(template, "/"), strings.Split(path, "/")
	return len(a) == len(b) && !slices.ContainsFunc(a, func(part string) bool {
		i := slices.Index(a, part)
		return part != b[i] && !strings.HasPrefix(part, "{")
	})
}

func (d *description) compare(s schema, v any, at string) error {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		s = d.Components.Schemas[name]
	}
	if len(s.Enum) > 0 && v != nil && !slices.Contains(s.Enum, v) {
		return fmt.Errorf("%s is %v, one of %v is promised", at, v, s.Enum)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				return fmt.Errorf("%s lacks %q", at, name)
			}
		}
		for name, inner := range v {
			of, ok := s.Properties[name]
			if !ok {
				if s.Additional == false {
					return fmt.Errorf("%s has %q, which is not described", at, name)
				}
				continue
			}
			if err := d.compare(of, inner, at+"."+name); err != nil {
				return err
			}
		}
	case []any:
		for i, inner := range v {
			if s.Items != nil {
				if err := d.compare(*s.Items, inner, fmt.Sprintf("%s.%d", at, i)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
