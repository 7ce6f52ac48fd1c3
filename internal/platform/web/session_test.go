package web

import (
	"context"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/i18n"
)

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
		return Page(text(r.Lang + " " + r.Zone.String() + " " + r.Prefs.Theme + " " + r.Prefs.Size)), nil
	})
	s.Handle("POST /mine", SignedIn("casework.mine"), says("x"))
	s.want(s.do("GET", "/mine", "", "Cookie", anna), 200, "en Asia/Omsk dark")

	w := s.do("GET", "/mine?a=1", "")
	if w.Code != 303 || w.Header().Get("Location") != "/sign-in?back=%2Fmine%3Fa%3D1" {
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

	s.want(s.do("GET", "/mine", "", "Cookie", anna+"; "+viewCookie+"=theme=light&size=150"), 200, "en Asia/Omsk dark 150")

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
		"cookie beats browser":    {"/x", []string{"Accept-Language", "en", "Cookie", langCookie + "=ru"}, "ruru"},
		"account":                 {"/x", []string{"Cookie", anna}, "enen"},
		"query beats all":         {"/x?lang=ru", []string{"Cookie", anna, "Accept-Language", "en"}, "ruru"},
		"unknown in the query":    {"/x?lang=xx", nil, "ruru"},
		"garbage in the cookie":   {"/x", []string{"Cookie", langCookie + "=%zz;"}, "ruru"},
		"fallback for a language": {"/x", []string{"Accept-Language", "fr"}, "ruru"},
	} {
		if got := s.do("GET", c.path, "", c.headers...).Body.String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if c := s.do("GET", "/x?lang=en", "").Header().Get("Set-Cookie"); !strings.Contains(c, langCookie+"=en") {
		t.Errorf("the choice is not kept: %q", c)
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
