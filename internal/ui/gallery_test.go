package ui

import (
	"bytes"
	"context"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
			if q.Has("out") {
				if err := form(Page{Path: path, Region: "Приозёрская область", Nav: []NavItem{{Text: "Карта", Href: "#"}}}, nil).Render(r.Context(), w); err != nil {
					http.Error(w, err.Error(), http.StatusInternalServerError)
				}
				return
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
	page("/design/form", func(p Page) templ.Component { return form(p, nil) })
	mux.HandleFunc("POST /design/form", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if r.FormValue("text") == "" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusUnprocessableEntity)
			form(Page{Path: "/design/form"}, []FieldError{{"text", "Опишите, что случилось"}}).Render(r.Context(), w) //nolint:errcheck // a test's reader
			return
		}
		http.Redirect(w, r, "/design/report?got="+url.QueryEscape(r.FormValue("text")+"|"+strings.Join(r.Form["attachment"], ",")), http.StatusSeeOther)
	})
	mux.HandleFunc("POST /design/files", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, head, err := r.FormFile("file")
		if err != nil || strings.HasSuffix(head.Filename, ".exe") {
			w.WriteHeader(http.StatusUnsupportedMediaType)
			w.Write([]byte(`{"detail":"Такие файлы мы не принимаем"}`)) //nolint:errcheck // a test's reader
			return
		}
		w.WriteHeader(http.StatusCreated)
		w.Write([]byte(`{"id":"id-` + head.Filename + `"}`)) //nolint:errcheck // a test's reader
	})
	mux.HandleFunc("GET "+PathTiles, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"tilejson":"3.0.0","tiles":["/map/0/{z}/{x}/{y}.mvt"],"minzoom":4,"maxzoom":15,"bounds":[30,59,34,61]}`)) //nolint:errcheck // a test's reader
	})
	mux.HandleFunc("GET /map/0/{z}/{x}/{y}", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return mux
}

// form is a page with everything that scripts make nicer, as a report's form has it.
func form(p Page, errs []FieldError) templ.Component {
	inside := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, `<h1>Форма</h1><form method="post" action="/design/form" enctype="multipart/form-data" data-draft="test">`); err != nil {
			return err
		}
		for _, c := range []templ.Component{
			ErrorSummary(errs),
			Textarea(TextareaProps{FieldProps: FieldProps{ID: "text", Label: "Что случилось"}, Limit: 20}),
			Combobox(ComboboxProps{FieldProps: FieldProps{ID: "place", Label: "Где это"}, Source: "/design/suggest"}),
			Upload(UploadProps{FieldProps: FieldProps{ID: "files", Label: "Файлы"}, URL: "/design/files", MaxBytes: 1000, MaxText: "1 КБ"}),
			Button(ButtonProps{Text: "Отправить"}),
		} {
			if err := c.Render(ctx, w); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, "</form>")
		return err
	})
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return Layout(p).Render(templ.WithChildren(ctx, inside), w)
	})
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
