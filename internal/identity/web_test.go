package identity

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// browser is a person's browser at the site of a test.
type browser struct {
	b    bench
	site *web.Server
	jar  http.CookieJar
	at   *url.URL
}

func (b bench) site() *web.Server {
	t := b.T
	b.Helper()
	address, err := web.ParseAddress("https://okno.example")
	b.must(err)
	s, err := web.New(web.Config{Address: address, Secret: bytes.Repeat([]byte{7}, 32), Clock: b.clock, Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), Sessions: b.WebSessions(), Rates: web.Rates{Off: true}})
	b.must(err)
	pages := &Web{Accounts: b.Service, Page: func(_ context.Context, r *web.Request, title, _ string) ui.Page {
		return ui.Page{Title: title, Lang: r.Lang, Path: r.URL.Path, User: r.Actor.DisplayName,
			View: ui.View{Theme: r.Prefs.Theme, Contrast: r.Prefs.Contrast, Size: r.Prefs.Size}}
	}}
	pages.Routes(s)
	return s
}

func (b bench) browser(s *web.Server) *browser {
	b.Helper()
	jar, err := cookiejar.New(nil)
	b.must(err)
	at, err := url.Parse("https://okno.example/")
	b.must(err)
	return &browser{b, s, jar, at}
}

// do sends a request with the browser's cookies and keeps those it gets.
func (x *browser) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "https://okno.example"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "ru")
	for _, c := range x.jar.Cookies(x.at) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	x.site.ServeHTTP(w, r)
	x.jar.SetCookies(x.at, w.Result().Cookies())
	return w
}

func (x *browser) get(path string) *httptest.ResponseRecorder { return x.do("GET", path, nil) }

func (x *browser) want(w *httptest.ResponseRecorder, status int, parts ...string) {
	x.b.Helper()
	if w.Code != status {
		x.b.Errorf("status %d, want %d: %.300s", w.Code, status, w.Body)
	}
	for _, p := range parts {
		if !strings.Contains(w.Body.String(), p) {
			x.b.Errorf("the page lacks %q", p)
		}
	}
}

func TestAPersonRegistersAndManagesTheAccount(t *testing.T) {
	each(t, func(b bench) {
		s := b.site()
		x := b.browser(s)
		x.want(x.get(ui.PathAccount), http.StatusSeeOther)
		x.want(x.get(PathRegister+"?back=/report/new"), http.StatusOK, "Регистрация", `value="/report/new"`)
		form := url.Values{"name": {"Мария Соколова"}, "login": {"maria@example.ru"}, "password": {"short"}, "zone": {"Europe/Moscow"}, "back": {"/report/new"}, web.KeyName: {"form-key-1"}}
		w := x.do("POST", PathRegister, form)
		x.want(w, http.StatusUnprocessableEntity, "Мария Соколова", "maria@example.ru", "не меньше 8", `href="#password"`)
		if strings.Contains(w.Body.String(), "short") {
			t.Error("the page repeats the password")
		}
		form.Set("password", good)
		w = x.do("POST", PathRegister, form)
		x.want(w, http.StatusSeeOther)
		if w.Header().Get("Location") != "/report/new" {
			t.Errorf("goes to %q", w.Header().Get("Location"))
		}
		x.want(x.get(ui.PathAccount), http.StatusOK, "Мария Соколова", "maria@example.ru", "по Москве")
		x.want(x.do("POST", ui.PathAccount, url.Values{"version": {"1"}, "name": {"Маша"}, "lang": {"en"}, "zone": {"Asia/Omsk"}}), http.StatusSeeOther)
		x.want(x.get(ui.PathAccount), http.StatusOK, "Маша", "About me", `<html lang="en"`)
		x.want(x.do("POST", ui.PathAccount, url.Values{"version": {"1"}, "name": {"Опять"}, "lang": {"en"}, "zone": {"Asia/Omsk"}}), http.StatusPreconditionFailed, "Опять")
		x.want(x.do("POST", ui.PathLang, url.Values{"lang": {"ru"}, "back": {ui.PathAccount}}), http.StatusSeeOther)
		x.want(x.do("POST", ui.PathView, url.Values{"contrast": {"high"}, "size": {"150"}, "back": {"//evil.example"}}), http.StatusSeeOther)
		x.want(x.get(ui.PathAccount), http.StatusOK, `data-contrast="high"`, `data-size="150"`, `<html lang="ru"`)
		x.want(x.get(PathSessions), http.StatusOK, "это устройство")

		other := b.browser(s) // the account's looks come with it to another browser
		w = other.do("POST", ui.PathSignIn, url.Values{"login": {"maria@example.ru"}, "password": {good}, "back": {"https://evil.example"}})
		other.want(w, http.StatusSeeOther)
		if w.Header().Get("Location") != "/" {
			t.Errorf("leads away to %q", w.Header().Get("Location"))
		}
		other.want(other.get(ui.PathAccount), http.StatusOK, `data-size="150"`)
		x.want(x.do("POST", PathSessions, url.Values{"others": {"1"}}), http.StatusSeeOther)
		other.want(other.get(ui.PathAccount), http.StatusSeeOther)
		x.want(x.do("POST", PathSignOut, nil), http.StatusSeeOther)
		x.want(x.get(ui.PathAccount), http.StatusSeeOther)
	})
}

func TestSignInPage(t *testing.T) {
	each(t, func(b bench) {
		b.register("vasya")
		x := b.browser(b.site())
		missing := x.do("POST", ui.PathSignIn, url.Values{"login": {"nobody"}, "password": {good}})
		x.want(missing, http.StatusUnprocessableEntity, "Логин или пароль не подходят")
		wrong := x.do("POST", ui.PathSignIn, url.Values{"login": {"vasya"}, "password": {"Wrong-pass-1"}})
		same := func(w *httptest.ResponseRecorder, login string) string {
			return strings.ReplaceAll(w.Body.String(), login, "LOGIN")
		}
		if same(missing, "nobody") != same(wrong, "vasya") {
			t.Error("the pages for a missing login and a wrong password differ")
		}
		for range 12 {
			wrong = x.do("POST", ui.PathSignIn, url.Values{"login": {"vasya"}, "password": {"Wrong-pass-1"}})
		}
		x.want(wrong, http.StatusTooManyRequests, "Слишком много попыток", " 1 мин", "vasya")
	})
}

func TestTokenPageShowsTheKeyOnce(t *testing.T) {
	each(t, func(b bench) {
		b.register("robot")
		x := b.browser(b.site())
		x.do("POST", ui.PathSignIn, url.Values{"login": {"robot"}, "password": {good}})
		w := x.do("POST", PathTokens, url.Values{"name": {"Выгрузка"}, "life": {"30"}, "read_only": {"1"}})
		x.want(w, http.StatusOK, "Ключ готов", "Выгрузка", "Только чтение")
		key := regexp.MustCompile(`okno_[A-Za-z0-9_-]{43}`).FindString(w.Body.String())
		r, err := b.ResolveBearer(ctx, key)
		b.must(err)
		if !r.Actor.ReadOnly {
			t.Error("the key writes")
		}
		w = x.get(PathTokens)
		x.want(w, http.StatusOK, "Выгрузка")
		if strings.Contains(w.Body.String(), key) {
			t.Error("the key is shown twice")
		}
		token := r.Actor.Token.String()
		x.want(x.do("POST", PathTokens+"/revoke", url.Values{"token": {token}}), http.StatusSeeOther)
		x.want(x.do("POST", PathTokens+"/revoke", url.Values{"token": {token}}), http.StatusNotFound)
		x.want(x.do("POST", PathTokens+"/revoke", url.Values{"token": {"x"}}), http.StatusUnprocessableEntity)
	})
}

func TestPasswordLinkPage(t *testing.T) {
	each(t, func(b bench) {
		_, token, err := b.Invite(ctx, policy.Machine("operator:root"), "chief", "Пётр Ильич")
		b.must(err)
		x := b.browser(b.site())
		x.want(x.get(PathPasswordLink+token), http.StatusOK, "Пётр Ильич")
		x.want(x.do("POST", PathPasswordLink+token, url.Values{"password": {"weak"}}), http.StatusUnprocessableEntity)
		x.want(x.do("POST", PathPasswordLink+token, url.Values{"password": {good}}), http.StatusSeeOther)
		x.want(x.get(ui.PathAccount), http.StatusOK, "Пётр Ильич")
		x.want(x.get(PathPasswordLink+token), http.StatusGone, "уже использована")
	})
}
