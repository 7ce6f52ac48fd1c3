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
	return mux
}

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
