package directory

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// signedIn lets the token of a session be a person's id.
type signedIn struct{}

func (signedIn) Resolve(_ context.Context, token string) (web.Session, error) {
	person, err := id.Parse(token)
	if err != nil {
		return web.Session{}, errs.New(errs.Unauthenticated, "")
	}
	return web.Session{Actor: policy.Actor{Person: person, Roles: []policy.Role{policy.Citizen}, Lang: "ru"}}, nil
}

func (b bench) serve() *web.Server {
	b.Helper()
	address, err := web.ParseAddress("https://okno.example")
	b.must(err)
	s, err := web.New(web.Config{Address: address, Secret: bytes.Repeat([]byte{7}, 32), Clock: b.clock, Sessions: signedIn{}, Rates: web.Rates{Off: true},
		Log: slog.New(slog.NewTextHandler(b.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))})
	b.must(err)
	(&Web{Directory: b.Service, Frame: func(_ context.Context, r *web.Request, _ policy.Actor, title string) (ui.Page, ui.Workspace) {
		return ui.Page{Title: title, Lang: r.Lang, Path: r.URL.Path}, ui.Workspace{Org: r.PathValue("org")}
	}}).Routes(s)
	return s
}

func (b bench) ask(s *web.Server, login, method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "https://okno.example"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "__Host-okno", Value: b.people[login].String()})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func (b bench) want(w *httptest.ResponseRecorder, status int, parts ...string) {
	b.Helper()
	if w.Code != status {
		b.Errorf("status %d, want %d: %.400s", w.Code, status, w.Body)
	}
	for _, p := range parts {
		if !strings.Contains(w.Body.String(), p) {
			b.Errorf("the page lacks %q", p)
		}
	}
}

func TestOfficersPages(t *testing.T) {
	each(t, func(b bench) {
		root := b.add("reg", id.Nil)
		roads, health := b.add("roads", root.ID), b.add("health", root.ID)
		b.office(roads.ID, "anna", policy.OrgAdmin)
		b.office(health.ID, "vera", policy.Handler)
		s := b.serve()
		b.want(b.ask(s, "anna", "GET", "/w/roads/officers", nil), http.StatusOK, "anna", "инженер", "Администратор организации", "на месте", "Новый сотрудник")
		for _, path := range []string{"/w/health/officers", "/w/nowhere/officers", "/w/roads/officers/" + id.New().String(), "/w/roads/officers/x"} {
			b.want(b.ask(s, "anna", "GET", path, nil), http.StatusNotFound)
		}
		missing, foreign := b.ask(s, "boris", "GET", "/w/nowhere/officers", nil), b.ask(s, "boris", "GET", "/w/roads/officers", nil)
		if missing.Code != foreign.Code || missing.Body.String() != foreign.Body.String() {
			t.Error("a foreign workspace differs from a missing one")
		}
		form := url.Values{"login": {"nobody"}, "title": {"Мастер участка"}, "roles": {"handler", "approver"}}
		b.want(b.ask(s, "anna", "POST", "/w/roads/officers", form), http.StatusUnprocessableEntity, "Мастер участка", `href="#login"`)
		form.Set("login", "boris")
		b.want(b.ask(s, "anna", "POST", "/w/roads/officers", form), http.StatusSeeOther)
		b.want(b.ask(s, "anna", "POST", "/w/roads/officers", form), http.StatusConflict, "уже работает")
		form["roles"] = []string{"region_admin"}
		form.Set("login", "vera")
		b.want(b.ask(s, "anna", "POST", "/w/roads/officers", form), http.StatusForbidden, "только администратор региона")
		// A colleague without the administrator's role reads and changes nothing.
		page := b.ask(s, "boris", "GET", "/w/roads/officers", nil)
		b.want(page, http.StatusOK, "Мастер участка")
		if strings.Contains(page.Body.String(), "Новый сотрудник") {
			t.Error("the form is shown to whoever may not use it")
		}
		own := "/w/roads/officers/" + b.people["boris"].String()
		b.want(b.ask(s, "boris", "GET", own, nil), http.StatusForbidden)
		b.want(b.ask(s, "boris", "POST", own, url.Values{"version": {"1"}, "title": {"Начальник"}, "roles": {"org_admin"}}), http.StatusForbidden)

		b.want(b.ask(s, "anna", "GET", own, nil), http.StatusOK, "Мастер участка", `value="approver"`)
		change := url.Values{"version": {"1"}, "title": {"Мастер"}, "roles": {"handler"}, "absent": {"2026-03-05"}}
		b.want(b.ask(s, "anna", "POST", own, change), http.StatusSeeOther)
		b.want(b.ask(s, "anna", "POST", own, change), http.StatusPreconditionFailed, "Мастер")
		b.want(b.ask(s, "anna", "GET", "/w/roads/officers", nil), http.StatusOK, "нет до 5")
		b.want(b.ask(s, "anna", "POST", own, url.Values{"version": {"2"}, "title": {"Мастер"}, "roles": {"handler"}, "absent": {"вчера"}}), http.StatusUnprocessableEntity)
		b.clock.Set(time.Date(2026, 3, 5, 20, 59, 0, 0, time.UTC)) // 23:59 in Moscow
		b.want(b.ask(s, "anna", "GET", "/w/roads/officers", nil), http.StatusOK, "нет до 5")
		b.clock.Advance(time.Minute)
		if page := b.ask(s, "anna", "GET", "/w/roads/officers", nil); strings.Contains(page.Body.String(), "нет до") {
			t.Error("still away on the next day")
		}
		b.want(b.ask(s, "anna", "POST", own+"/remove", url.Values{"version": {"2"}}), http.StatusSeeOther)
		b.want(b.ask(s, "boris", "GET", "/w/roads/officers", nil), http.StatusNotFound)
	})
}

func TestHoursPage(t *testing.T) {
	each(t, func(b bench) {
		roads := b.add("roads", id.Nil)
		b.office(roads.ID, "anna", policy.OrgAdmin)
		b.office(roads.ID, "boris", policy.Handler)
		s := b.serve()
		b.want(b.ask(s, "anna", "GET", "/w/roads/hours", nil), http.StatusOK, `name="monday_break_from"`, `value="13:00"`, `name="sunday_to"`, `<option value="Europe/Moscow" selected>Москва, UTC+3<`, "Камчатка, UTC+12")
		b.want(b.ask(s, "boris", "GET", "/w/roads/hours", nil), http.StatusForbidden)
		form := url.Values{"version": {"1"}, "zone": {"Asia/Omsk"}, "tuesday_from": {"когда как"}, "wednesday_from": {"09:00"}}
		b.want(b.ask(s, "anna", "POST", "/w/roads/hours", form), http.StatusUnprocessableEntity, "когда как", `href="#tuesday"`, `href="#wednesday"`, "Вторник: ")
		b.want(b.ask(s, "anna", "POST", "/w/roads/hours", url.Values{"version": {"1"}, "zone": {"Asia/Omsk"}}), http.StatusUnprocessableEntity, `href="#hours"`)
		workdays(form, "08:00", "17:00")
		b.want(b.ask(s, "boris", "POST", "/w/roads/hours", form), http.StatusForbidden)
		b.want(b.ask(s, "anna", "POST", "/w/roads/hours", form), http.StatusSeeOther)
		b.want(b.ask(s, "anna", "POST", "/w/roads/hours", form), http.StatusPreconditionFailed)
		o, err := b.Organisation(ctx, roads.ID)
		b.must(err)
		if o.Zone() != "Asia/Omsk" || WeekText(o.Hours) != "1-5 08:00-17:00" {
			t.Errorf("%s %s", o.Zone(), WeekText(o.Hours))
		}
	})
}
