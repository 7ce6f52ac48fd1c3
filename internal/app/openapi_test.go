package app

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"

	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
)

var updateAPI = flag.Bool("update", false, "write api/openapi.yaml anew")

// described is what the program says of its API, with every operation that it
// registers. Nothing is called: no module is needed behind them.
func described(t *testing.T, kind string) []byte {
	t.Helper()
	address, err := web.ParseAddress("https://okno.example")
	if err != nil {
		t.Fatal(err)
	}
	srv, err := web.New(web.Config{Address: address, Secret: make([]byte, 32), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	(&App{Web: srv}).api(nil, nil)
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, httptest.NewRequest(http.MethodGet, api.Prefix+"/openapi."+kind, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	return w.Body.Bytes()
}

// TestOpenAPIIsCurrent compares the published description with what the code says.
func TestOpenAPIIsCurrent(t *testing.T) {
	got := described(t, "yaml")
	const name = "../../api/openapi.yaml"
	if *updateAPI {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range g {
		if i >= len(w) || !bytes.Equal(g[i], w[i]) {
			t.Fatalf("%s differs from the code, line %d:\n%s\nRead the change; then run this test with -update.", name, i+1, g[i])
		}
	}
	if len(g) != len(w) {
		t.Fatalf("%s holds %d lines, the code says %d", name, len(w), len(g))
	}
}

// TestOpenAPIDescribesEverything: every operation, parameter and property says
// what it is, and every placeholder of a path is a parameter.
func TestOpenAPIDescribesEverything(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]struct {
			Summary    string
			Parameters []struct{ Name, In, Description string }
		}
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Description string }
			}
		}
	}
	if err := json.Unmarshal(described(t, "json"), &doc); err != nil {
		t.Fatal(err)
	}
	placeholder := regexp.MustCompile(`\{(\w+)\}`)
	for path, methods := range doc.Paths {
		for method, op := range methods {
			known := map[string]bool{}
			for _, p := range op.Parameters {
				known[p.In+" "+p.Name] = true
				if p.Description == "" {
					t.Errorf("%s %s: parameter %s is not described", method, path, p.Name)
				}
			}
			for _, m := range placeholder.FindAllStringSubmatch(path, -1) {
				if !known["path "+m[1]] {
					t.Errorf("%s %s: %s is no parameter", method, path, m[1])
				}
			}
			if op.Summary == "" {
				t.Errorf("%s %s has no summary", method, path)
			}
		}
	}
	for name, s := range doc.Components.Schemas {
		for p, v := range s.Properties {
			if v.Description == "" {
				t.Errorf("%s.%s is not described", name, p)
			}
		}
	}
	if len(doc.Paths) < 25 || len(doc.Components.Schemas) < 40 {
		t.Errorf("%d paths and %d schemas: most of the API is missing", len(doc.Paths), len(doc.Components.Schemas))
	}
}
