package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// send builds the answer, runs beside it what stands before sending, and sends it.
func (s *Server) send(w *recorder, r *Request, p *Reply, generation uint64) {
	wait := func() error { return nil }
	if len(p.before) > 0 {
		wait = Beside(func() error { return p.prepare(r.Context()) })
	}
	body, err := s.build(r, p)
	if err == nil && cookieValue(r.Request, keptCookie) != "" {
		body, err = s.keptReply(r, p, body)
	}
	if berr := wait(); berr != nil && err == nil {
		err = fmt.Errorf("before sending: %w", berr)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	cookies, err := s.cookies(r, p)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	for k, v := range p.header {
		h[k] = v
	}
	if p.csp != "" {
		h.Set("Content-Security-Policy", p.csp)
	}
	for _, c := range cookies {
		http.SetCookie(w, c)
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-store")
	}
	if p.send != nil {
		if err := p.send(w, r.Request); err != nil {
			s.cfg.Log.Error("answer broken off", "id", r.ID, "route", r.route.Pattern, "error", err)
			panic(http.ErrAbortHandler)
		}
		return
	}
	if p.whole {
		if page := s.pages.store(r, p, h, body, generation); page != nil {
			page.write(w, r.Request)
			return
		}
	}
	if p.page != nil {
		h.Add("Vary", "HX-Request")
	}
	write(w, r.Request, p.status, body)
}

// keptReply puts words that outlived a session into the page, or forgets them
// when their form has been taken.
func (s *Server) keptReply(r *Request, p *Reply, body []byte) ([]byte, error) {
	switch {
	case p.whole && p.status == http.StatusOK && r.Method == http.MethodGet && !r.Fragment():
		return s.putBack(r, body)
	case writes(r.Method) && p.status == http.StatusSeeOther && r.route.back != nil:
		return body, s.dropSent(r)
	}
	return body, nil
}

func (p *Reply) prepare(ctx context.Context) error {
	for _, before := range p.before {
		if err := before(ctx); err != nil {
			return err
		}
	}
	return nil
}

// build makes the answer's bytes in memory; nil for one that sends itself.
func (s *Server) build(r *Request, p *Reply) ([]byte, error) {
	switch {
	case p.page != nil:
		b := buffers.Get().(*bytes.Buffer)
		defer func() { b.Reset(); buffers.Put(b) }()
		if err := p.page.Render(r.Context(), b); err != nil {
			return nil, fmt.Errorf("render page: %w", err)
		}
		return bytes.Clone(b.Bytes()), nil
	case p.body != nil:
		return p.body(r.Context())
	}
	return nil, nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (s *Server) cookies(r *Request, p *Reply) ([]*http.Cookie, error) {
	cookies := p.cookies
	if p.signIn != nil {
		cookies = append(cookies, s.sessionCookie(*p.signIn))
	}
	if p.signOut {
		cookies = append(cookies, deadCookie(s.cfg.Cookie), deadCookie(keptCookie))
	}
	switch {
	case p.flash != nil:
		c, err := s.flashCookie(p.flash)
		if err != nil {
			return nil, fmt.Errorf("flash message: %w", err)
		}
		cookies = append(cookies, c)
	case p.whole && cookieValue(r.Request, flashCookie) != "":
		cookies = append(cookies, deadCookie(flashCookie))
	}
	return cookies, nil
}

// small answers gain nothing from compression.
const small = 1400

// write sends bytes, compressed where that helps and the client takes it.
func write(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	h := w.Header()
	if status == http.StatusNoContent || status == http.StatusNotModified {
		w.WriteHeader(status)
		return
	}
	if compressible(h.Get("Content-Type")) && len(body) >= small && h.Get("Content-Encoding") == "" {
		h.Add("Vary", "Accept-Encoding")
		if accepts(r, "gzip") {
			b := buffers.Get().(*bytes.Buffer)
			defer func() { b.Reset(); buffers.Put(b) }()
			if err := zip(b, body); err == nil {
				h.Set("Content-Encoding", "gzip")
				body = b.Bytes()
			}
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that left is nobody's failure
	}
}

var zippers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return z
}}

func zip(to *bytes.Buffer, body []byte) error {
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(to)
	if _, err := z.Write(body); err != nil {
		return err
	}
	return z.Close()
}

func compressible(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "javascript") ||
		strings.HasSuffix(kind, "xml") || kind == "image/svg+xml" || strings.HasSuffix(kind, "yaml") || strings.HasSuffix(kind, "manifest+json") ||
		kind == "application/wasm" || kind == "font/ttf"
}

// accepts tells whether the client takes an encoding.
func accepts(r *http.Request, encoding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == encoding {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

func (s *Server) signInPath(r *Request) string {
	return s.cfg.SignIn + "?back=" + url.QueryEscape(r.URL.RequestURI())
}

// wantsProblem tells whether a failure is told as a problem document.
func wantsProblem(w *recorder, r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return w.problems || strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}
