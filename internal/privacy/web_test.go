package privacy

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// session lets one token be the citizen of the test.
type session struct{ actor policy.Actor }

func (s session) Resolve(_ context.Context, token string) (web.Session, error) {
	if token != "citizen" {
		return web.Session{}, errs.New(errs.Unauthenticated, "")
	}
	return web.Session{Actor: s.actor}, nil
}

type offices map[id.ID]string

func (o offices) OrganisationNames(context.Context, string, []id.ID) (map[id.ID]string, error) {
	return o, nil
}

func TestReadsPage(t *testing.T) {
	each(t, func(b bench) {
		address, err := web.ParseAddress("https://okno.example")
		b.must(err)
		s, err := web.New(web.Config{Address: address, Secret: bytes.Repeat([]byte{7}, 32), Clock: b.clock, Sessions: session{b.citizen},
			Log: slog.New(slog.NewTextHandler(b.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))})
		b.must(err)
		(&Web{Privacy: b.Service, Organisations: offices{b.officer.Organisation: "Комитет по дорогам"},
			Page: func(_ context.Context, r *web.Request, title, _ string) ui.Page {
				return ui.Page{Title: title, Lang: r.Lang}
			}}).Routes(s)
		get := func(path, cookie string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("GET", "https://okno.example"+path, nil)
			r.Header.Set("Accept-Language", "ru")
			if cookie != "" {
				r.AddCookie(&http.Cookie{Name: "__Host-okno", Value: cookie})
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			return w
		}
		if w := get(PathReads, ""); w.Code != http.StatusSeeOther {
			t.Errorf("signed out: %d", w.Code)
		}
		if w := get(PathReads, "citizen"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "никто не открывал") {
			t.Errorf("empty: %d %.300s", w.Code, w.Body)
		}
		for i := range 60 {
			b.clock.Set(start.Add(time.Duration(i) * time.Second))
			b.must(b.Record(ctx, b.officer, Read{What: policy.CaseworkRead, Subject: b.citizen.Person, Grant: byOffice, Reason: "<проверка>"}))
		}
		w := get(PathReads, "citizen")
		page := w.Body.String()
		for _, part := range []string{"Комитет по дорогам, Исполнитель", "Ваше сообщение", "Причина: &lt;проверка&gt;", "12:00"} {
			if !strings.Contains(page, part) {
				t.Errorf("the page lacks %q", part)
			}
		}
		if strings.Contains(page, b.officer.Person.String()) {
			t.Error("the page names the officer")
		}
		next := regexp.MustCompile(`/account/reads\?after=[\w-]+`).FindString(page)
		w = get(next, "citizen")
		if n := strings.Count(w.Body.String(), "Ваше сообщение"); w.Code != http.StatusOK || n != 10 {
			t.Errorf("the second page: %d, %d records, want 10", w.Code, n)
		}
		if w := get(PathReads+"?after=forged", "citizen"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != PathReads {
			t.Errorf("a forged cursor: %d", w.Code)
		}
	})
}
