package web

import (
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestCompression(t *testing.T) {
	s := newSite(t)
	long := strings.Repeat("окно ", 1000)
	s.Handle("GET /long", Open(""), says(long))
	s.Handle("GET /short", Open(""), says("x"))
	w := s.do("GET", "/long", "", "Accept-Encoding", "br, gzip")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > len(long)/5 {
		t.Fatalf("%v %d", w.Header(), w.Body.Len())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != long {
		t.Errorf("came back otherwise: %v", err)
	}
	for path, accept := range map[string]string{"/short": "gzip", "/long": "gzip;q=0"} {
		if w := s.do("GET", path, "", "Accept-Encoding", accept); w.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s compressed", path)
		}
	}
}

func TestCachedPages(t *testing.T) {
	s := newSite(t)
	n := 0
	s.Handle("GET /c/{x}", Open(""), func(_ context.Context, r *Request) (Response, error) {
		n++
		return Page(text(strings.Repeat(r.Lang+r.Prefs.Theme+"-", 1000))), nil
	}, Cached(time.Minute))
	builds := func(want int, path string, headers ...string) *httptest.ResponseRecorder {
		t.Helper()
		before := n
		w := s.do("GET", path, "", headers...)
		if n-before != want {
			t.Errorf("%s %v: built %d times, want %d", path, headers, n-before, want)
		}
		return w
	}
	builds(1, "/c/1")
	w := builds(0, "/c/1")
	etag := w.Header().Get("Etag")
	if w = builds(0, "/c/1", "If-None-Match", etag); w.Code != 304 || w.Body.Len() > 0 || etag == "" {
		t.Errorf("%d %q", w.Code, etag)
	}
	if w = builds(0, "/c/1", "Accept-Encoding", "gzip, br"); w.Header().Get("Content-Encoding") != "br" || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%v", w.Header())
	}
	if w = builds(0, "/c/1", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("%v", w.Header())
	}
	s.want(builds(1, "/c/1", "Accept-Language", "en"), 200, "en-")
	s.want(builds(1, "/c/1", "Cookie", viewCookie+"=theme=dark"), 200, "rudark")
	s.want(builds(0, "/c/1", "Cookie", viewCookie+"=theme=nonsense"), 200, "ru-")
	s.want(builds(1, "/c/1", "Cookie", anna), 200, "endark")
	s.want(builds(1, "/c/1", "Cookie", anna), 200)
	builds(1, "/c/1?q=1")
	builds(1, "/c/1?q=1")
	builds(1, "/c/2")
	s.Forget("/c/1")
	builds(0, "/c/2")
	builds(1, "/c/1")
	if w := s.do("HEAD", "/c/1", ""); w.Body.Len() != 0 || w.Header().Get("Content-Length") == "0" {
		t.Errorf("HEAD: %d %v", w.Body.Len(), w.Header())
	}
}

func TestCachedPageBegunBeforeForgettingIsNotKept(t *testing.T) {
	s := newSite(t)
	n := 0
	s.Handle("GET /c", Open(""), func(context.Context, *Request) (Response, error) {
		if n++; n == 1 {
			s.Forget("")
		}
		return Page(text("x")), nil
	}, Cached(time.Minute))
	s.do("GET", "/c", "")
	s.do("GET", "/c", "")
	if s.do("GET", "/c", ""); n != 2 {
		t.Errorf("built %d times, want 2", n)
	}
}

func TestPageCacheIsBounded(t *testing.T) {
	s := newSite(t)
	s.cfg.Log = slog.New(slog.DiscardHandler)
	s.cfg.Rates.Off = true
	s.Handle("GET /c/{x}", Open(""), says(strings.Repeat("x", 100)), Cached(time.Minute))
	for i := range maxCachePages + 500 {
		s.do("GET", "/c/"+strings.Repeat("a", i%100)+NewKey(), "")
	}
	if n := len(s.pages.pages); n > maxCachePages {
		t.Errorf("%d pages", n)
	}
}

func BenchmarkCachedPage(b *testing.B) {
	address, _ := ParseAddress("https://okno.example")
	s, err := New(Config{Address: address, Secret: make([]byte, 32), Metrics: NewMetrics(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	s.Handle("GET /{$}", Open(""), says(strings.Repeat("<p>окно</p>", 3000)), Cached(time.Hour))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip, br")
	r.Header.Set("Accept-Language", "ru-RU,ru;q=0.9,en;q=0.8")
	for b.Loop() {
		s.ServeHTTP(discard{http.Header{}}, r)
	}
}

type discard struct{ h http.Header }

func (d discard) Header() http.Header { return d.h }

func (d discard) Write(b []byte) (int, error) { return len(b), nil }

func (d discard) WriteHeader(int) {}
