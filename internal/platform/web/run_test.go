package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestBrowserAtTheNumberIsSentToTheName(t *testing.T) {
	address, err := ParseAddress("http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, func(c *Config) { c.Address = address })
	s.Handle("GET /x", Open(""), says("x"), Cached(time.Minute))
	for host, want := range map[string]string{"127.0.0.1:8080": "http://localhost:8080/x?a=1", "[::1]:8080": "http://localhost:8080/x?a=1",
		"localhost:8080": "", "10.0.0.7:8080": ""} {
		r := httptest.NewRequest("GET", "/x?a=1", nil)
		r.Host = host
		r.Header.Set("Accept", "text/html")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("%s: sent to %q, want %q", host, got, want)
		}
	}
	s.want(s.do("GET", "/healthz", "", "Accept", "*/*"), 200)
}

func TestStopIsGraceful(t *testing.T) {
	s := newSite(t)
	started, finish := make(chan bool), make(chan bool)
	s.Handle("GET /slow", Open(""), func(context.Context, *Request) (Response, error) {
		close(started)
		<-finish
		return Page(text("whole")), nil
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done, answer := make(chan error), make(chan string)
	go func() { done <- s.Run(ctx, ln) }()
	go func() {
		res, err := http.Get("http://" + ln.Addr().String() + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		answer <- string(b) + http.StatusText(res.StatusCode) + fmt.Sprint(err)
	}()
	<-started
	stop()
	for !s.ready.stopping.Load() {
		time.Sleep(time.Millisecond)
	}
	close(finish)
	if got := <-answer; got != "wholeOK<nil>" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := net.DialTimeout("tcp", ln.Addr().String(), time.Second); err == nil {
		t.Error("still listening")
	}
}

func TestHealth(t *testing.T) {
	broken := errors.New("connect to db.internal:5432")
	var failing error
	s := newSite(t, func(c *Config) {
		c.Checks = map[string]Check{"database": func(context.Context) error { return failing }}
	})
	s.want(s.do("GET", "/healthz", ""), 200, "ok")
	s.want(s.do("GET", "/readyz", ""), 200, `"database":"ok"`)
	failing = broken
	w := s.do("GET", "/readyz", "")
	if s.want(w, 503, `"database":"failed"`); strings.Contains(w.Body.String(), "db.internal") {
		t.Error("readiness leaks")
	}
	failing = nil
	s.ready.stopping.Store(true)
	s.want(s.do("GET", "/readyz", ""), 503, "stopping")
	s.Handle("GET /x/{id}", Open(""), says("x"))
	s.do("GET", "/x/42", "")
	w = httptest.NewRecorder()
	s.cfg.Metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	s.want(w, 200, `okno_http_request_seconds_count{method="GET",route="GET /x/{id}",status="2xx"} 1`, "go_goroutines")
}

// Metrics stand on a listener of their own, never on the visitors' address.
func TestMetricsHaveTheirOwnListener(t *testing.T) {
	s := newSite(t)
	s.want(s.do("GET", "/metrics", ""), 404)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	checks := map[string]Check{"database": func(context.Context) error { return errors.New("db.internal is away") }}
	go func() { ended <- Watch(ctx, ln, s.cfg.Metrics, checks, s.cfg.Log) }()
	for path, want := range map[string]struct {
		status int
		part   string
	}{"/metrics": {200, "go_goroutines"}, "/healthz": {200, "ok"}, "/readyz": {503, `"database":"failed"`}, "/": {404, ""}} {
		res, err := http.Get("http://" + ln.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil || res.StatusCode != want.status || !strings.Contains(string(body), want.part) || strings.Contains(string(body), "db.internal") {
			t.Errorf("%s: %d %s %v", path, res.StatusCode, body, err)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestBrokenStreamBreaksTheConnection(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /x", Open(""), func(context.Context, *Request) (Response, error) {
		return Stream("a.csv", "text/csv", func(w io.Writer) error {
			_, _ = io.WriteString(w, strings.Repeat("half", 4000))
			return errors.New("disk")
		}), nil
	})
	ts := httptest.NewServer(s)
	defer ts.Close()
	res, err := http.Get(ts.URL + "/x")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("half a file passed for a whole one")
	}
}
