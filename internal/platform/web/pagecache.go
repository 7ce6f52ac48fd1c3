package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/andybalholm/brotli"

	"okno/internal/platform/i18n"
)

const (
	longCache     = time.Hour
	maxCachePages = 4096
	maxCacheBytes = 64 << 20
)

// pageCache holds pages for signed-out readers as the bytes that are sent, in
// three encodings. A page stands under everything that changes how it looks:
// path, language and looks. It is bounded in pages and bytes.
type pageCache struct {
	srv        *Server
	generation atomic.Uint64 // grows with every forget: a page begun before one is not stored after it
	mu         sync.RWMutex
	pages      map[pageKey]*cachedPage
	bytes      int
}

type pageKey struct{ path, lang, prefs string }

type cachedPage struct {
	etag    []string
	headers map[string][]string
	plain   encoded
	gzip    encoded
	brotli  encoded
	until   time.Time
	metric  *routeMetric
}

type encoded struct {
	body   []byte
	length []string
}

func newPageCache(s *Server) *pageCache { return &pageCache{srv: s, pages: map[pageKey]*cachedPage{}} }

// fits tells whether a request may be answered from the cache: nobody signed
// in, no message waiting, no query.
func (c *pageCache) fits(r *http.Request) bool {
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || r.URL.RawQuery != "" || fragment(r) {
		return false
	}
	for _, line := range r.Header["Cookie"] {
		if strings.Contains(line, c.srv.cfg.Cookie+"=") || strings.Contains(line, flashCookie+"=") {
			return false
		}
	}
	accept := r.Header.Get("Accept")
	return accept == "" || strings.Contains(accept, "html") || strings.Contains(accept, "*/*")
}

func (c *pageCache) key(r *http.Request) pageKey {
	prefs, lang := Prefs{}, ""
	if len(r.Header["Cookie"]) > 0 {
		prefs, lang = ParsePrefs(cookieValue(r, viewCookie)), chosenLanguage(r)
	}
	if lang == "" {
		lang = negotiate(r.Header.Get("Accept-Language"))
	}
	return pageKey{r.URL.Path, lang, prefs.key()}
}

// serve answers from the cache; false where it can't.
func (c *pageCache) serve(w http.ResponseWriter, r *http.Request) bool {
	if !c.fits(r) {
		return false
	}
	start := time.Now()
	key := c.key(r)
	c.mu.RLock()
	p := c.pages[key]
	c.mu.RUnlock()
	if p == nil || start.After(p.until) {
		return false
	}
	status := p.write(w, r)
	p.metric.observe(r.Method, status, time.Since(start))
	return true
}

// write sends the page in the best encoding that the client takes.
func (p *cachedPage) write(w http.ResponseWriter, r *http.Request) int {
	h := w.Header()
	for k, v := range p.headers {
		h[k] = v
	}
	h["Etag"] = p.etag
	if r.Header.Get("If-None-Match") == p.etag[0] {
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified
	}
	e := &p.plain
	switch {
	case p.brotli.body != nil && accepts(r, "br"):
		e = &p.brotli
		h["Content-Encoding"] = []string{"br"}
	case p.gzip.body != nil && accepts(r, "gzip"):
		e = &p.gzip
		h["Content-Encoding"] = []string{"gzip"}
	}
	h["Content-Length"] = e.length
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(e.body) // a client that left is nobody's failure
	}
	return http.StatusOK
}

// store keeps a page that fits and returns it; nil where it doesn't fit.
func (c *pageCache) store(r *Request, p *Reply, h http.Header, body []byte, generation uint64) *cachedPage {
	if r.route.cache <= 0 || p.status != http.StatusOK || r.Actor.SignedIn() || len(h["Set-Cookie"]) > 0 ||
		len(p.before) > 0 || !c.fits(r.Request) || c.generation.Load() != generation {
		return nil
	}
	sum := sha256.Sum256(body)
	page := &cachedPage{
		etag:    []string{`W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`},
		headers: map[string][]string{},
		plain:   encode(body),
		until:   time.Now().Add(r.route.cache),
		metric:  r.route.metric,
	}
	for k, v := range h {
		if k != "X-Request-Id" && k != "Vary" {
			page.headers[k] = v
		}
	}
	page.headers["Cache-Control"] = []string{"private, no-cache"}
	page.headers["Vary"] = []string{"Accept-Encoding, Accept-Language, Cookie, HX-Request"}
	if len(body) >= small {
		var z, br bytes.Buffer
		if zip(&z, body) == nil {
			page.gzip = encode(z.Bytes())
		}
		bw := brotli.NewWriterLevel(&br, 6)
		if _, err := bw.Write(body); err == nil && bw.Close() == nil {
			page.brotli = encode(br.Bytes())
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation.Load() != generation {
		return page
	}
	key := c.key(r.Request)
	if old := c.pages[key]; old != nil {
		c.bytes -= old.size()
	}
	if len(c.pages) >= maxCachePages || c.bytes+page.size() > maxCacheBytes {
		c.shrink()
	}
	c.pages[key] = page
	c.bytes += page.size()
	return page
}

// shrink drops what is past its time, then any half: what is read often comes
// back at once.
func (c *pageCache) shrink() {
	now, keep := time.Now(), maxCachePages/2
	for k, p := range c.pages {
		if now.After(p.until) || len(c.pages) > keep || c.bytes > maxCacheBytes/2 {
			c.bytes -= p.size()
			delete(c.pages, k)
		}
	}
}

func (c *pageCache) forget(prefix string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation.Add(1)
	for k, p := range c.pages {
		if strings.HasPrefix(k.path, prefix) {
			c.bytes -= p.size()
			delete(c.pages, k)
		}
	}
}

func (p *cachedPage) size() int {
	return len(p.plain.body) + len(p.gzip.body) + len(p.brotli.body) + 1024
}

func encode(b []byte) encoded { return encoded{b, []string{strconv.Itoa(len(b))}} }

// negotiate is i18n.Negotiate with a memory: browsers send the same few lines.
func negotiate(accept string) string {
	if lang, ok := negotiated.Load(accept); ok {
		return lang.(string)
	}
	lang := i18n.Negotiate(accept)
	if negotiatedCount.Load() < 1000 {
		if _, loaded := negotiated.LoadOrStore(accept, lang); !loaded {
			negotiatedCount.Add(1)
		}
	}
	return lang
}

var (
	negotiated      sync.Map
	negotiatedCount atomic.Int64
)
