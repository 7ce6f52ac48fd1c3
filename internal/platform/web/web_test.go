package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
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

func TestOriginOfWritingRequests(t *testing.T) {
	s := newSite(t)
	s.Handle("POST /x", Open(""), says("done"))
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"session and no origin":      {[]string{"Cookie", anna}, 403},
		"unknown session, no origin": {[]string{"Cookie", "__Host-okno=guess"}, 403},
		"session, own origin":        {[]string{"Cookie", anna, "Origin", "https://okno.example"}, 200},
		"session, same-origin":       {[]string{"Cookie", anna, "Sec-Fetch-Site", "same-origin"}, 200},
		"session, foreign origin":    {[]string{"Cookie", anna, "Origin", "https://evil.example"}, 403},
		"session, cross-site":        {[]string{"Cookie", anna, "Sec-Fetch-Site", "cross-site"}, 403},
		"no session, cross-site":     {[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		"no session, no origin":      {nil, 200},
	} {
		if w := s.do("POST", "/x", "", c.headers...); w.Code != c.status {
			t.Errorf("%s: %d, want %d", name, w.Code, c.status)
		}
	}
	s.want(s.do("POST", "/x", "", "Cookie", anna), 403, "Open the page on our site and send the form from there.")
}

func TestSession(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /mine", SignedIn("casework.mine"), func(_ context.Context, r *Request) (Response, error) {
		return Page(text(r.Lang + " " + r.Zone.String() + " " + r.Prefs.Theme)), nil
	})
	s.Handle("POST /mine", SignedIn("casework.mine"), says("x"))
	s.want(s.do("GET", "/mine", "", "Cookie", anna), 200, "en Asia/Omsk dark")

	w := s.do("GET", "/mine?a=1", "")
	if w.Code != 303 || w.Header().Get("Location") != "/sign-in?next=%2Fmine%3Fa%3D1" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	s.want(s.do("POST", "/mine", "", "Origin", "https://okno.example"), 401, "/sign-in")

	w = s.do("GET", "/mine", "", "Cookie", "__Host-okno=old")
	if c := w.Header().Get("Set-Cookie"); w.Code != 303 || !strings.Contains(c, "__Host-okno=;") || !strings.Contains(c, "Max-Age=0") {
		t.Errorf("%d %q", w.Code, c)
	}
	w = s.do("GET", "/mine", "", "Cookie", "__Host-okno=broken")
	s.want(w, 500)
	if w.Header().Get("Set-Cookie") != "" {
		t.Error("a failing database signs people out")
	}

	s.Handle("POST /in", Open(""), func(context.Context, *Request) (Response, error) {
		return Redirect("/mine").SignIn("tok", noon.Add(time.Hour)), nil
	})
	c := s.do("POST", "/in", "").Header().Get("Set-Cookie")
	for _, part := range []string{"__Host-okno=tok", "Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=3600"} {
		if !strings.Contains(c, part) {
			t.Errorf("cookie %q lacks %s", c, part)
		}
	}
}

func TestLanguage(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /x", Open(""), func(ctx context.Context, r *Request) (Response, error) {
		return Page(text(r.Lang + i18n.Lang(ctx))), nil
	})
	for name, c := range map[string]struct {
		path    string
		headers []string
		want    string
	}{
		"nothing":                 {"/x", nil, "ruru"},
		"browser":                 {"/x", []string{"Accept-Language", "en"}, "enen"},
		"cookie beats browser":    {"/x", []string{"Accept-Language", "en", "Cookie", prefsCookie + "=lang=ru"}, "ruru"},
		"account":                 {"/x", []string{"Cookie", anna}, "enen"},
		"query beats all":         {"/x?lang=ru", []string{"Cookie", anna, "Accept-Language", "en"}, "ruru"},
		"unknown in the query":    {"/x?lang=xx", nil, "ruru"},
		"garbage in the cookie":   {"/x", []string{"Cookie", prefsCookie + "=lang=%zz;"}, "ruru"},
		"fallback for a language": {"/x", []string{"Accept-Language", "fr"}, "ruru"},
	} {
		if got := s.do("GET", c.path, "", c.headers...).Body.String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if c := s.do("GET", "/x?lang=en", "").Header().Get("Set-Cookie"); !strings.Contains(c, "lang=en") {
		t.Errorf("the choice is not kept: %q", c)
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

func TestMethodNotAllowed(t *testing.T) {
	s := newSite(t)
	s.Handle("GET /x", Open(""), says("x"))
	w := s.do("DELETE", "/x", "")
	if s.want(w, 405); !strings.Contains(w.Header().Get("Allow"), "GET") {
		t.Errorf("Allow %q", w.Header().Get("Allow"))
	}
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

func TestFormReadsAndRefuses(t *testing.T) {
	s := newSite(t)
	var f *Form
	var got string
	s.Handle("POST /x", Open(""), func(_ context.Context, r *Request) (Response, error) {
		var err error
		if f, err = r.Form(); err != nil {
			return nil, err
		}
		got = f.Need("name", 10) + "|" + f.Lines("text", 100)
		f.NeedChoice("kind", "a", "b")
		f.Int("n", 1, 9)
		f.Key()
		return NoContent(), f.Err()
	}, MaxBody(4096))
	const form = "application/x-www-form-urlencoded"
	ok := url.Values{"name": {"  Анна\u202e\x00 "}, "text": {"a\r\nb"}, "kind": {"a"}, "n": {"7"}, KeyName: {NewKey()}}
	w := s.do("POST", "/x", ok.Encode(), "Content-Type", form)
	if s.want(w, 204); got != "Анна|a\nb" {
		t.Errorf("got %q", got)
	}
	w = s.do("POST", "/x", "name=%ff%fe&text=%c3%28&kind=z&n=12", "Content-Type", form)
	s.want(w, 422, i18n.T("ru", "rule.encoding"), i18n.T("ru", "rule.unknown"), i18n.T("ru", "rule.out_of_range", i18n.Args{"From": 1, "To": 9}))
	rules := map[string]string{}
	for _, b := range f.Broken() {
		rules[b.Name] = b.Rule
	}
	for name, rule := range map[string]string{"name": "encoding", "text": "encoding", "kind": "unknown", "n": "out_of_range", KeyName: "required"} {
		if rules[name] != rule {
			t.Errorf("%s breaks %q, want %q", name, rules[name], rule)
		}
	}
	s.want(s.do("POST", "/x", "name="+strings.Repeat("a", 5000), "Content-Type", form), 413)
	s.want(s.do("POST", "/x", "name=%zz", "Content-Type", form), 422)
	s.want(s.do("POST", "/x", "{}", "Content-Type", "application/json"), 415)
	s.want(s.do("POST", "/x", "x"), 415)
	s.want(s.do("POST", "/x", strings.Repeat("a=1&", 600), "Content-Type", form), 413)
	s.want(s.do("POST", "/x", "--b\r\nbroken", "Content-Type", "multipart/form-data; boundary=b"), 422)
	w = s.do("POST", "/x", url.Values{"name": {"длиннее десяти"}, "kind": {"a"}, KeyName: {NewKey()}}.Encode(), "Content-Type", form)
	s.want(w, 422, "Сократите до 10 знаков")
}

func TestFormWithFiles(t *testing.T) {
	s := newSite(t)
	var names []string
	s.Handle("POST /x", Open(""), func(_ context.Context, r *Request) (Response, error) {
		f, err := r.Form()
		if err != nil {
			return nil, err
		}
		for _, h := range f.Files("file") {
			names = append(names, h.Filename)
		}
		return NoContent(), f.Err()
	}, MaxBody(10000))
	send := func(size int) *httptest.ResponseRecorder {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		p, err := m.CreateFormFile("file", "фото.jpg")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = p.Write(bytes.Repeat([]byte{1}, size))
		_ = m.Close()
		return s.do("POST", "/x", b.String(), "Content-Type", m.FormDataContentType())
	}
	if s.want(send(100), 204); len(names) != 1 || names[0] != "фото.jpg" {
		t.Errorf("files %v", names)
	}
	s.want(send(20000), 413)
}

func TestFilesAreNeverPages(t *testing.T) {
	s := newSite(t)
	for path, kind := range map[string]string{"/html": "text/html", "/svg": "image/svg+xml", "/jpeg": "image/jpeg"} {
		s.Handle("GET "+path, Open(""), func(context.Context, *Request) (Response, error) {
			return File("отчёт.bin", kind, noon, strings.NewReader("<script>")).Inline(), nil
		})
		h := s.do("GET", path, "").Header()
		inline := strings.HasPrefix(h.Get("Content-Disposition"), "inline")
		if inline != (path == "/jpeg") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, h)
		}
	}
	if w := s.do("GET", "/jpeg", "", "Range", "bytes=1-3"); w.Code != 206 || w.Body.String() != "scr" {
		t.Errorf("range: %d %s", w.Code, w.Body)
	}
}

func TestRedirectStaysHere(t *testing.T) {
	for path, want := range map[string]string{"/a?b=1#c": "/a?b=1#c", "//evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/",
		"javascript:alert(1)": "/", "": "/", "a": "/", "/a\r\nSet-Cookie: x=1": "/"} {
		if got := LocalPath(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func TestFlashMessage(t *testing.T) {
	s := newSite(t)
	s.Handle("POST /x", Open(""), func(context.Context, *Request) (Response, error) {
		return Redirect("/y").Message("success", "error.home", map[string]any{"N": "К-1"}), nil
	})
	s.Handle("GET /y", Open(""), func(_ context.Context, r *Request) (Response, error) {
		if r.Flash == nil {
			return Page(text("none")), nil
		}
		return Page(text(r.Flash.Kind + " " + r.Flash.Key + " " + r.Flash.Args["N"].(string))), nil
	}, Cached(time.Minute))
	s.want(s.do("GET", "/y", ""), 200, "none")
	c := s.do("POST", "/x", "").Result().Cookies()[0]
	w := s.do("GET", "/y", "", "Cookie", c.Name+"="+c.Value)
	if s.want(w, 200, "success error.home К-1"); !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("shown twice: %v", w.Header())
	}
	s.want(s.do("GET", "/y", "", "Cookie", c.Name+"=A"+c.Value[1:]), 200, "none")
	s.want(s.do("GET", "/y", ""), 200, "none")
}

func TestRates(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.Rates = Rates{Write: Rate{PerMinute: 6, Burst: 2}, Read: Rate{PerMinute: 60, Burst: 3}}
		c.Metrics = nil
	})
	s.Handle("POST /x", Open(""), says("x"))
	s.Handle("GET /cached", Open(""), says("x"), Cached(time.Minute))
	for i, want := range []int{200, 200, 429} {
		if w := s.do("POST", "/x", ""); w.Code != want {
			t.Fatalf("request %d: %d", i, w.Code)
		} else if want == 429 && w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	s.clock.Advance(10 * time.Second)
	s.want(s.do("POST", "/x", ""), 200)
	s.want(s.do("POST", "/x", ""), 429)
	for range 10 {
		s.want(s.do("GET", "/cached", ""), 200)
	}
}

func TestLimiterIsBounded(t *testing.T) {
	l := NewLimiter(clock.At(noon), 1600)
	for range 50_000 {
		l.Allow(NewKey(), Rate{PerMinute: 1, Burst: 1})
	}
	if n := l.keys(); n > 3300 {
		t.Errorf("%d keys", n)
	}
}

func TestClientBehindProxies(t *testing.T) {
	s := newSite(t)
	s.cfg.Proxies = proxies(t, "10.0.0.0/8")
	for name, c := range map[string]struct{ remote, forwarded, want string }{
		"direct":           {"203.0.113.5:1", "198.51.100.1", "203.0.113.5"},
		"proxied":          {"10.0.0.1:1", "198.51.100.1", "198.51.100.1"},
		"forged in front":  {"10.0.0.1:1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"},
		"garbage":          {"10.0.0.1:1", "hello", "10.0.0.1"},
		"subscriber of v6": {"[2001:db8:1:2:3::4]:1", "", "2001:db8:1:2::"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		r.Header.Set("X-Forwarded-For", c.forwarded)
		if got := s.client(r).String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

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
	s.want(builds(1, "/c/1", "Cookie", prefsCookie+"=theme=dark"), 200, "rudark")
	s.want(builds(0, "/c/1", "Cookie", prefsCookie+"=theme=nonsense"), 200, "ru-")
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

func TestAssets(t *testing.T) {
	a, err := NewAssets(fstest.MapFS{
		"css/okno.css":     {Data: []byte(`@import "parts/a.css"; @font-face{src:url(../fonts/g.woff2) format("woff2")}` + strings.Repeat("a{}", 800))},
		"css/parts/a.css":  {Data: []byte(`b{background:url('data:image/png;base64,AA')}`)},
		"fonts/g.woff2":    {Data: []byte("font")},
		"js/page.js":       {Data: []byte("export {}")},
		"icons/sprite.svg": {Data: []byte("<svg/>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		return w
	}
	css := get(a.URL("css/okno.css"))
	if css.Code != 200 || !strings.Contains(css.Header().Get("Cache-Control"), "immutable") || css.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%d %v", css.Code, css.Header())
	}
	for _, name := range []string{"fonts/g.woff2", "css/parts/a.css"} {
		if !strings.Contains(css.Body.String(), a.URL(name)) || a.URL(name) == AssetsPrefix+name {
			t.Errorf("the sheet doesn't name %s: %s", a.URL(name), css.Body)
		}
	}
	if w := get(a.URL("css/okno.css"), "Accept-Encoding", "br"); w.Header().Get("Content-Encoding") != "br" || w.Body.Len() >= css.Body.Len() {
		t.Errorf("%v", w.Header())
	}
	plain := get("/assets/js/page.js")
	if strings.Contains(plain.Header().Get("Cache-Control"), "immutable") || plain.Code != 200 {
		t.Errorf("%d %v", plain.Code, plain.Header())
	}
	if w := get("/assets/js/page.js", "If-None-Match", plain.Header().Get("Etag")); w.Code != 304 {
		t.Errorf("%d", w.Code)
	}
	if w := get("/assets/../secret"); w.Code != 404 {
		t.Errorf("%d", w.Code)
	}
}

func TestCursor(t *testing.T) {
	s := newSite(t).Cursors()
	filter := map[string]string{"list": "inbox", "state": "new"}
	want := Cursor{Sort: []any{int64(1234567890123), "б", nil, true}, ID: id.New()}
	text := s.Encode(want, filter)
	got, err := s.Decode(text, filter)
	if err != nil || got.ID != want.ID || got.Int(0) != 1234567890123 || got.Text(1) != "б" || got.Sort[2] != nil || got.Int(9) != 0 {
		t.Fatalf("%+v %v", got, err)
	}
	if c, err := s.Decode("", filter); c != nil || err != nil {
		t.Errorf("%v %v", c, err)
	}
	for i := range text {
		broken := []byte(text)
		broken[i] = map[bool]byte{true: 'A', false: 'B'}[broken[i] == 'B']
		if string(broken) == text {
			continue
		}
		// The last letter of base64 may hold bits that mean nothing.
		if c, err := s.Decode(string(broken), filter); err == nil && i < len(text)-1 {
			t.Fatalf("letter %d changed and accepted: %+v", i, c)
		}
	}
	other, err := NewCursors(bytes.Repeat([]byte{8}, 32))
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"other filter": s.Encode(want, "other"), "other secret": other.Encode(want, filter), "garbage": "%%%", "short": "AAAA", "long": strings.Repeat("A", 5000)} {
		if _, err := s.Decode(bad, filter); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	c, err := NewCursors(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.Encode(Cursor{Sort: []any{"a", int64(1)}}, "f"))
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := c.Decode(text, "f"); err == nil && got != nil {
			if again, err := c.Decode(c.Encode(*got, "f"), "f"); err != nil || again.ID != got.ID {
				t.Errorf("%v %v", again, err)
			}
		}
	})
}

func TestIfMatch(t *testing.T) {
	if n, err := ParseIfMatch(ETag(12)); n != 12 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	for _, bad := range []string{"", "12", `"12"`, `W/"v12"`, `"v-1"`, `"vx"`, "*"} {
		if _, err := ParseIfMatch(bad); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPublicAddress(t *testing.T) {
	for raw, ok := range map[string]bool{"https://okno.example": true, "https://okno.example:8443/": true, "http://localhost:8080": true,
		"http://app.localhost": true, "http://okno.example": false, "http://127.0.0.1:8080": false, "http://10.0.0.5": false, "okno.example": false,
		"https://okno.example/path": false, "ftp://localhost": false, "": false, "https://a:b@okno.example": false} {
		if _, err := ParseAddress(raw); (err == nil) != ok {
			t.Errorf("%q: %v", raw, err)
		}
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
	s.want(s.do("GET", "/metrics", ""), 200, `okno_http_request_seconds_count{method="GET",route="GET /x/{id}",status="2xx"} 1`, "go_goroutines")
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

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// proxies parses networks.
func proxies(t *testing.T, networks ...string) (out []netip.Prefix) {
	t.Helper()
	for _, n := range networks {
		p, err := netip.ParsePrefix(n)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}
