package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"

	"okno/internal/platform/i18n"
	"okno/internal/ui/stylesheet"
)

//go:embed assets/css assets/js assets/vendor assets/mark.svg assets/mark-solid.svg
var embedded embed.FS

// sheets are the style sheets and the files each is made of; "*" takes every file of css in the order of names.
var sheets = map[string][]string{
	"okno.css":      {"css/[0-7]*.css"},
	"workspace.css": {"css/8*.css"},
	"gallery.css":   {"css/9*.css"},
	"map.css":       {"vendor/maplibre-gl.css"},
}

// asset is a file as it is sent.
type asset struct {
	body        []byte
	contentType string
	once        sync.Once
	gzip, br    []byte
}

// shelf is all assets by name, and the two versions that stand in their addresses: of what is vendored, which changes
// rarely, and of the rest.
type shelf struct {
	files       map[string]*asset
	vendor, own string
}

var assets = sync.OnceValue(func() *shelf {
	s, err := build()
	if err != nil {
		panic("ui: embedded assets: " + err.Error()) // at start; a test builds them first
	}
	return s
})

func build() (*shelf, error) {
	s := &shelf{files: map[string]*asset{}}
	raw := map[string][]byte{}
	vendored, own := sha256.New(), sha256.New()
	err := fs.WalkDir(embedded, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := embedded.ReadFile(name)
		if err != nil {
			return err
		}
		name = strings.TrimPrefix(name, "assets/")
		raw[name] = b
		if strings.HasPrefix(name, "vendor/") {
			vendored.Write(b)
		} else {
			own.Write(b)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.vendor, s.own = hex.EncodeToString(vendored.Sum(nil))[:10], ""
	own.Write([]byte(s.vendor))
	s.own = hex.EncodeToString(own.Sum(nil))[:10]

	for name, b := range raw {
		switch {
		case strings.HasPrefix(name, "css/"):
		case strings.HasPrefix(name, "js/"):
			s.add(strings.TrimPrefix(name, "js/"), []byte(s.addresses(trimScript(string(b)))))
		default:
			s.add(name, b)
		}
	}
	for name, patterns := range sheets {
		var sources []string
		for _, file := range matching(raw, patterns) {
			source := string(raw[file])
			if strings.HasPrefix(file, "vendor/") { // ours win over it
				source = "@layer vendor {" + source + "}"
			}
			sources = append(sources, source)
		}
		css, err := stylesheet.Build(sources...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s.add(name, []byte(s.addresses(css)))
	}
	for _, lang := range i18n.Languages() {
		b, err := s.manifest(lang)
		if err != nil {
			return nil, err
		}
		s.add("manifest."+lang+".webmanifest", b)
	}
	return s, nil
}

func matching(raw map[string][]byte, patterns []string) []string {
	var out []string
	for name := range raw {
		for _, p := range patterns {
			if ok, _ := path.Match(p, name); ok { // the patterns above are well-formed
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// addresses puts versions into the addresses that scripts and styles name: /assets/vendor/htmx.js.
func (s *shelf) addresses(text string) string {
	return strings.ReplaceAll(text, "/assets/vendor/", "/assets/"+s.vendor+"/vendor/")
}

// trimScript drops lines that are only a comment, and indentation; template literals in scripts hold neither.
func trimScript(src string) string {
	var out strings.Builder
	for line := range strings.Lines(src) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

func (s *shelf) manifest(lang string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"name": i18n.T(lang, "ui.name"), "short_name": i18n.T(lang, "ui.name"), "lang": lang, "start_url": PathHome, "display": "browser",
		"background_color": "#ffffff", "theme_color": "#ffffff",
		"icons": []map[string]string{
			{"src": s.url("mark.svg"), "sizes": "any", "type": "image/svg+xml"},
			{"src": s.url("mark-solid.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "maskable"},
		},
	})
}

func (s *shelf) add(name string, body []byte) {
	s.files[name] = &asset{body: body, contentType: contentType(name)}
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".svg":
		return "image/svg+xml"
	case ".webmanifest":
		return "application/manifest+json"
	default:
		return "text/plain; charset=utf-8"
	}
}

func (s *shelf) url(name string) string {
	if strings.HasPrefix(name, "vendor/") {
		return "/assets/" + s.vendor + "/" + name
	}
	return "/assets/" + s.own + "/" + name
}

// URL is the address of an asset with its version: "okno.css", "okno.js", "map.js", "vendor/htmx.js".
func URL(name string) string { return assets().url(name) }

// Assets serves what URL names; mount it at "GET /assets/". With the current version in its address an asset is kept
// for a year; with another (a page of the release before) it is served too, and not kept.
func Assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := assets()
		version, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/assets/"), "/")
		a, ok := s.files[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.contentType)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Vary", "Accept-Encoding")
		if version == s.own || version == s.vendor {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			h.Set("Cache-Control", "no-cache")
		}
		body, encoding := a.encoded(r.Header.Get("Accept-Encoding"))
		if encoding != "" {
			h.Set("Content-Encoding", encoding)
		}
		h.Set("Content-Length", itoa(len(body)))
		if r.Method != http.MethodHead {
			w.Write(body) //nolint:errcheck // the reader is gone; there is nobody to tell
		}
	})
}

// encoded is the body in the best encoding that the client takes; each is made once, when first asked for.
func (a *asset) encoded(accept string) ([]byte, string) {
	if strings.HasPrefix(a.contentType, "font/") {
		return a.body, ""
	}
	a.once.Do(func() {
		var gz, br bytes.Buffer
		zw, _ := gzip.NewWriterLevel(&gz, gzip.BestCompression) // the level is valid
		level := brotli.BestCompression
		if len(a.body) > 200_000 {
			level = 6 // a large file at the best level would hold its first reader for seconds
		}
		bw := brotli.NewWriterLevel(&br, level)
		zw.Write(a.body) //nolint:errcheck // a buffer takes everything
		bw.Write(a.body) //nolint:errcheck // a buffer takes everything
		zw.Close()       //nolint:errcheck // a buffer takes everything
		bw.Close()       //nolint:errcheck // a buffer takes everything
		a.gzip, a.br = gz.Bytes(), br.Bytes()
	})
	switch {
	case strings.Contains(accept, "br"):
		return a.br, "br"
	case strings.Contains(accept, "gzip"):
		return a.gzip, "gzip"
	default:
		return a.body, ""
	}
}

// ContentSecurityPolicy is all that these components need. Pages with a Map need the worker of the same origin and
// blob: for its images, both of which are in it.
const ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
	"connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
