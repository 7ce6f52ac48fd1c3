package ui

import (
	"bytes"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/a-h/templ"
)

var preview = flag.String("preview", "", "serve the gallery at this address instead of testing")

// gallery serves the pages of /design as the product does: with the policy that forbids everything inline.
func gallery() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", Assets())
	page := func(path string, c func(Page) templ.Component) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", ContentSecurityPolicy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			q := r.URL.Query()
			view := ViewOf(r)
			if q.Has("theme") || q.Has("contrast") || q.Has("size") || q.Has("spacing") || q.Has("pictures") {
				view = ViewFromForm(q)
			}
			if err := c(Page{Lang: q.Get("lang"), Path: path, View: view}).Render(r.Context(), w); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
	page("/design", Gallery)
	page("/design/report", GalleryReport)
	page("/design/workspace", GalleryWorkspace)
	page("/design/workspace/empty", GalleryWorkspaceEmpty)
	mux.HandleFunc("GET /design/suggest", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`[{"value":"1","text":"Верхнеозёрск, Рыбацкая улица, 14","note":"Верхнеозёрск"},{"value":"2","text":"Верхнеозёрск, Рыбацкая улица, 16","note":"Верхнеозёрск"}]`)) //nolint:errcheck // a test's reader
	})
	mux.HandleFunc("GET /design/shapes", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/geo+json")
		w.Write([]byte(shapes)) //nolint:errcheck // a test's reader
	})
	return mux
}

// shapes is a crossing of two streets with a house, a pond and a square.
const shapes = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"kind":"road","name":"Рыбацкая улица"},"geometry":{"type":"LineString","coordinates":[[60.594,56.849],[60.606,56.851]]}},
{"type":"Feature","properties":{"kind":"road","name":"Школьная улица"},"geometry":{"type":"LineString","coordinates":[[60.6015,56.846],[60.5995,56.854]]}},
{"type":"Feature","properties":{"kind":"water"},"geometry":{"type":"Polygon","coordinates":[[[60.602,56.847],[60.605,56.847],[60.605,56.8485],[60.602,56.848],[60.602,56.847]]]}},
{"type":"Feature","properties":{"kind":"green"},"geometry":{"type":"Polygon","coordinates":[[[60.596,56.851],[60.599,56.8515],[60.5985,56.853],[60.596,56.8525],[60.596,56.851]]]}},
{"type":"Feature","properties":{"kind":"house","name":"14"},"geometry":{"type":"Polygon","coordinates":[[[60.5998,56.8502],[60.6008,56.8504],[60.6007,56.8507],[60.5997,56.8505],[60.5998,56.8502]]]}}]}`

func TestPreview(t *testing.T) {
	if *preview == "" {
		t.Skip("only with -preview ADDRESS")
	}
	t.Fatal(http.ListenAndServe(*preview, gallery()))
}

// TestAxe has axe-core look at every page of the gallery in all themes, at two widths and in both languages, with the
// keyboard's way through dialogs and suggestions. It needs Node, Chromium and `make -f Makefile.assets axe` once.
func TestAxe(t *testing.T) {
	tools := filepath.Join("..", "..", "tools", "assets")
	if _, err := os.Stat(filepath.Join(tools, "node_modules", "axe-core")); err != nil {
		t.Skip("axe-core is not installed: make -f Makefile.assets axe")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no chromium")
	}
	server := httptest.NewServer(gallery())
	defer server.Close()
	cmd := exec.CommandContext(t.Context(), "node", "browse.mjs", "axe", server.URL)
	cmd.Dir = tools
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Log(out.String())
}
