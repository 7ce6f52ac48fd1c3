package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// AssetsPrefix is the path under which assets are served.
const AssetsPrefix = "/assets/"

// Assets serves embedded files under names that hold a hash of their content,
// so that browsers keep them for ever. A file is also served under its plain
// name, with a question back each time. Style sheets' url(…) are rewritten to
// hashed names.
type Assets struct {
	byName map[string]*asset // plain and hashed names
	urls   map[string]string
}

type asset struct {
	contentType string
	body        []byte
	etag        string
	hashed      string
	once        sync.Once
	gzip, br    []byte
}

var types = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".woff": "font/woff", ".json": "application/json", ".geojson": "application/geo+json",
	".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8", ".map": "application/json",
	".html": "text/html; charset=utf-8", ".pbf": "application/x-protobuf", ".wasm": "application/wasm", ".xml": "application/xml",
}

// NewAssets reads every file of fsys.
func NewAssets(fsys fs.FS) (*Assets, error) {
	a := &Assets{byName: map[string]*asset{}, urls: map[string]string{}}
	var sheets []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if path.Ext(name) == ".css" {
			sheets = append(sheets, name)
			return nil
		}
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		a.add(name, body)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("web: read assets: %w", err)
	}
	// Sheets come last, and those that import others after them.
	sort.Slice(sheets, func(i, j int) bool { return sheets[i] < sheets[j] })
	pending := map[string][]byte{}
	for _, name := range sheets {
		if pending[name], err = fs.ReadFile(fsys, name); err != nil {
			return nil, fmt.Errorf("web: read assets: %w", err)
		}
	}
	for len(pending) > 0 {
		before := len(pending)
		for _, name := range sheets {
			if body, waits := pending[name]; waits && !a.needs(name, body, pending) {
				a.add(name, a.rewrite(name, body))
				delete(pending, name)
			}
		}
		if len(pending) == before {
			return nil, fmt.Errorf("web: style sheets import each other in a circle: %d of them", before)
		}
	}
	return a, nil
}

var cssURL = regexp.MustCompile(`url\(\s*(['"]?)([^'")]+)['"]?\s*\)|@import\s+(['"])([^'"]+)['"]`)

func (a *Assets) needs(sheet string, body []byte, pending map[string][]byte) bool {
	for _, m := range cssURL.FindAllSubmatch(body, -1) {
		target := resolve(sheet, string(m[2])+string(m[4]))
		if _, waits := pending[target]; waits && target != sheet {
			return true
		}
	}
	return false
}

func (a *Assets) rewrite(sheet string, body []byte) []byte {
	return cssURL.ReplaceAllFunc(body, func(match []byte) []byte {
		m := cssURL.FindSubmatch(match)
		link := string(m[2]) + string(m[4])
		url, ok := a.urls[resolve(sheet, link)]
		if !ok {
			return match
		}
		if len(m[4]) > 0 {
			return []byte(`@import "` + url + `"`)
		}
		return []byte(`url("` + url + `")`)
	})
}

// resolve is the asset that a link in a sheet means; "" for one that leads away.
func resolve(sheet, link string) string {
	link, _, _ = strings.Cut(link, "#")
	link, _, _ = strings.Cut(link, "?")
	if link == "" || strings.Contains(link, ":") {
		return ""
	}
	if rest, ok := strings.CutPrefix(link, AssetsPrefix); ok {
		return rest
	}
	return path.Join(path.Dir(sheet), link)
}

func (a *Assets) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	ct, ok := types[ext]
	if !ok {
		ct = mime.TypeByExtension(ext)
	}
	if ct == "" {
		ct = "application/octet-stream"
	}
	f := &asset{contentType: ct, body: body, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, hashed: hashed}
	a.byName[name], a.byName[hashed] = f, f
	a.urls[name] = AssetsPrefix + hashed
}

// URL is the address of an asset, "css/okno.css"; an unknown one is addressed
// by its plain name, where it will be found missing.
func (a *Assets) URL(name string) string {
	if u, ok := a.urls[name]; ok {
		return u
	}
	return AssetsPrefix + name
}

// ServeHTTP implements [http.Handler] for paths under [AssetsPrefix].
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, AssetsPrefix)
	f, ok := a.byName[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Etag", f.etag)
	h.Set("Cache-Control", "public, no-cache")
	if name == f.hashed {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == f.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.body
	if compressible(f.contentType) && len(f.body) >= small {
		f.once.Do(f.compress)
		h.Set("Vary", "Accept-Encoding")
		switch {
		case f.br != nil && accepts(r, "br"):
			body = f.br
			h.Set("Content-Encoding", "br")
		case f.gzip != nil && accepts(r, "gzip"):
			body = f.gzip
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that left is nobody's failure
	}
}

// compress makes both encodings at the first request: starting stays quick.
func (f *asset) compress() {
	var z, br bytes.Buffer
	if zip(&z, f.body) == nil {
		f.gzip = z.Bytes()
	}
	w := brotli.NewWriterLevel(&br, 7)
	if _, err := w.Write(f.body); err == nil && w.Close() == nil {
		f.br = br.Bytes()
	}
}
