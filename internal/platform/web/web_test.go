package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

type sessions map[string]Session

func (s sessions) Resolve(_ context.Context, token string) (Session, error) {
	if token == "broken" {
		return Session{}, errors.New("database is on fire")
	}
	if x, ok := s[token]; ok {
		return x, nil
	}
	return Session{}, errs.New(errs.Unauthenticated, "")
}

type site struct {
	*Server
	log   *bytes.Buffer
	clock *clock.Fixed
	t     *testing.T
}

func newSite(t *testing.T, change ...func(*Config)) *site {
	t.Helper()
	log, c := &bytes.Buffer{}, clock.At(noon)
	address, err := ParseAddress("https://okno.example")
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Address: address, Secret: bytes.Repeat([]byte{7}, 32), Clock: c, Log: slog.New(slog.NewTextHandler(log, nil)),
		Metrics: NewMetrics(),
		Sessions: sessions{"anna": {Actor: policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}, Lang: "en", Zone: "Asia/Omsk"},
			Prefs: Prefs{Theme: "dark"}}}}
	for _, f := range change {
		f(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return &site{s, log, c, t}
}

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, s); return err })
}

func says(s string) Handler {
	return func(context.Context, *Request) (Response, error) { return Page(text(s)), nil }
}

func fails(err error) Handler {
	return func(context.Context, *Request) (Response, error) { return nil, err }
}

// do sends a request; headers are pairs.

func (s *site) do(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "okno.example"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func (s *site) want(w *httptest.ResponseRecorder, status int, parts ...string) {
	s.t.Helper()
	if w.Code != status {
		s.t.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	for _, p := range parts {
		if !strings.Contains(w.Body.String(), p) {
			s.t.Errorf("answer lacks %q: %s", p, w.Body)
		}
	}
}

const anna = "__Host-okno=anna"

func TestPolicyOfContentStandsOnEveryKindOfAnswer(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /page", Open(""), says("x"))
	s.Handle("GET /cached", Open(""), says("x"), Cached(time.Minute))
	s.Handle("GET /fail", Open(""), fails(errors.New("x")))
	s.Handle("GET /panic", Open(""), func(context.Context, *Request) (Response, error) { panic("x") })
	s.HandleRaw("GET /api/x", Open(""), func(w http.ResponseWriter, r *Request) { s.Fail(w, r, errs.New(errs.NotFound, "")) })
	s.Mount("GET /assets/", http.NotFoundHandler())
	for _, path := range []string{"/page", "/cached", "/cached", "/fail", "/panic", "/api/x", "/assets/x", "/nowhere"} {
		h := s.do("GET", path, "").Header()
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Strict-Transport-Security") == "" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	s.Handle("GET /map", Open(""), func(context.Context, *Request) (Response, error) { return Page(text("m")).AllowMap(), nil })
	if csp := s.do("GET", "/map", "").Header().Get("Content-Security-Policy"); !strings.Contains(csp, "worker-src 'self' blob:") || strings.Contains(csp, "unsafe") {
		t.Errorf("map policy %q", csp)
	}
}

func TestPanicGivesAPageThatTellsNothing(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /panic", Open(""), func(context.Context, *Request) (Response, error) { panic("secret-token-1") })
	w := s.do("GET", "/panic?q=ivanova", "")
	s.want(w, 500, i18n.Title("ru", errs.Internal), w.Header().Get("X-Request-Id"))
	if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "goroutine") {
		t.Errorf("leaks: %s", w.Body)
	}
	if !strings.Contains(s.log.String(), "secret-token-1") || strings.Contains(s.log.String(), "ivanova") {
		t.Errorf("log: %s", s.log)
	}
	s.Handle("GET /layout", Open(""), says("x"))
	s.cfg.Layout = func(*Request, string, templ.Component) templ.Component { panic("in layout") }
	s.want(s.do("GET", "/panic", ""), 500, i18n.Title("ru", errs.Internal))
}

func TestInternalErrorsAreLoggedOnceAndNotShown(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /x", Open(""), fails(errors.New("dial tcp 10.1.2.3")))
	w := s.do("GET", "/x", "")
	s.want(w, 500)
	if strings.Contains(w.Body.String(), "10.1.2.3") {
		t.Error("the cause shows")
	}
	if n := strings.Count(s.log.String(), "10.1.2.3"); n != 1 {
		t.Errorf("logged %d times", n)
	}
}

func TestLogHoldsNoValues(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /find/{name}", SignedIn(""), says("x"))
	s.do("GET", "/find/petrova?phone=79001234567", "", "Cookie", anna)
	if out := s.log.String(); strings.Contains(out, "petrova") || strings.Contains(out, "7900") || strings.Contains(out, "anna") ||
		!strings.Contains(out, "/find/{name}") || !strings.Contains(out, "status=200") {
		t.Errorf("log: %s", out)
	}
}

func TestFailuresInThreeForms(t *testing.T) {
	s := newSite(t)
	err := errs.InvalidFields(errs.Field{Name: "text", Rule: "too_long", Args: map[string]any{"Max": 5}})
	s.Handle("GET /x", Open(""), fails(err))
	s.HandleRaw("GET /api/x", Open(""), func(w http.ResponseWriter, r *Request) { s.Fail(w, r, err) })

	page := s.do("GET", "/x", "")
	s.want(page, 422, "<html lang=\"ru\"", "Сократите до 5 знаков", "href=\"#text\"")
	fragment := s.do("GET", "/x", "", "HX-Request", "true", "Accept-Language", "en")
	s.want(fragment, 422, "Shorten it to 5 characters", "role=\"alert\"")
	if strings.Contains(fragment.Body.String(), "<html") {
		t.Error("a whole page for htmx")
	}
	w := s.do("GET", "/api/x", "", "Accept-Language", "en")
	s.want(w, 422)
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if w.Header().Get("Content-Type") != "application/problem+json" || p.Type != "/errors/invalid" || p.Status != 422 || p.Code != errs.Invalid ||
		len(p.Fields) != 1 || p.Fields[0].Rule != "too_long" || p.Fields[0].Detail != "Too long. Shorten it to 5 characters." || p.Request != "" {
		t.Errorf("%+v", p)
	}
	s.want(s.do("GET", p.Type, ""), 200, "<h1>")
}

func TestEveryCodeHasItsPage(t *testing.T) {
	s := newSite(t)
	for _, code := range errs.Codes() {
		s.want(s.do("GET", "/errors/"+string(code), ""), 200, i18n.Title("ru", code), string(code))
	}
	s.want(s.do("GET", "/errors/nonsense", ""), 404)
}

func TestForeignAndMissingLookTheSame(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /case/{id}", SignedIn(""), fails(errs.Wrap(errs.NotFound, errors.New("belongs to another"))))
	a := s.do("GET", "/case/1", "", "Cookie", anna).Body.String()
	b := s.do("GET", "/nothing", "", "Cookie", anna).Body.String()
	if a != b {
		t.Errorf("they differ:\n%s\n%s", a, b)
	}
}

func TestPathsInNoEncoding(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /x/{name}", Open(""), says("x"))
	s.want(s.do("GET", "/x/%ff%fe", ""), 404)
	s.want(s.do("GET", "/x/a%00b", ""), 404)
	s.want(s.do("GET", "/x/%D0%B0", ""), 200)
}

// A path that is there, asked with a method that it lacks, says so in its
// status, in Allow and in its body, to people and to programs.
func TestMethodNotAllowed(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /x", Open(""), says("x"))
	s.HandleRaw("POST /raw", Open(""), func(w http.ResponseWriter, _ *Request) { w.WriteHeader(http.StatusNoContent) })
	for _, lang := range []string{"ru", "en"} {
		w := s.do("DELETE", "/x", "", "Accept", "text/html", "Accept-Language", lang)
		s.want(w, 405, html.EscapeString(i18n.Title(lang, errs.MethodNotAllowed)), "DELETE")
		if allow := w.Header().Get("Allow"); allow != "GET, HEAD" {
			t.Errorf("Allow %q", allow)
		}
		if body := w.Body.String(); strings.Contains(body, "404") || strings.Contains(body, i18n.Title(lang, errs.NotFound)) {
			t.Errorf("the page speaks of a missing one: %s", body)
		}
	}
	for path, allow := range map[string]string{"/x": "GET, HEAD", "/raw": "POST"} {
		w := s.do("PUT", path, "", "Accept", "application/json")
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if w.Code != 405 || p.Status != 405 || p.Type != "/errors/method_not_allowed" || p.Code != errs.MethodNotAllowed || p.Title == i18n.Title("ru", errs.NotFound) || w.Header().Get("Allow") != allow ||
			w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(p.Detail, "PUT") {
			t.Errorf("%s: %d %v %+v", path, w.Code, w.Header(), p)
		}
	}
	s.want(s.do("GET", "/errors/method_not_allowed", ""), 200, "405")
	s.want(s.do("PUT", "/nothing", ""), 404, "<h1>")
	s.want(s.do("PUT", "/api/v9/nothing", ""), 404, `"code":"not_found"`)
}

func TestBeforeSending(t *testing.T) {
	s := newSite(t)
	var order []string
	s.Handle("GET /x", Open(""), func(context.Context, *Request) (Response, error) {
		page := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			order = append(order, "built")
			_, err := io.WriteString(w, "private")
			return err
		})
		return Page(page).Before(func(context.Context) error { order = append(order, "recorded"); return nil }), nil
	})
	s.want(s.do("GET", "/x", ""), 200, "private")
	if strings.Join(order, " ") != "built recorded" {
		t.Errorf("order %v", order)
	}
	s.Handle("GET /y", Open(""), func(context.Context, *Request) (Response, error) {
		return Page(text("private")).Set("X-Secret", "1").Before(func(context.Context) error { return errs.New(errs.Unavailable, "") }), nil
	})
	w := s.do("GET", "/y", "")
	if s.want(w, 503); strings.Contains(w.Body.String(), "private") || w.Header().Get("X-Secret") != "" {
		t.Errorf("shown without a record: %v %s", w.Header(), w.Body)
	}
	s.Handle("GET /file", Open(""), func(context.Context, *Request) (Response, error) {
		return File("a.txt", "text/plain", noon, strings.NewReader("private")).Before(func(context.Context) error { return errors.New("x") }), nil
	})
	if w := s.do("GET", "/file", ""); w.Code != 500 || strings.Contains(w.Body.String(), "private") || strings.Contains(w.Header().Get("Content-Disposition"), "a.txt") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// proxies parses networks.
