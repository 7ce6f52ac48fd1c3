package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
)

// ofPages are parts of words that fit nobody who has no page before them.
var ofPages = map[string][]string{"ru": {"траниц", "форм", "открывает", "введ", "ввели", "заполн", "кнопк"}, "en": {"page", "form", "enter", "fill in", "press"}}

// What a program is told speaks of no page and no form; what a use case says of
// its own stays.
func TestWordsForPrograms(t *testing.T) {
	for _, code := range errs.Codes() {
		for lang := range ofPages {
			p := web.NewProblemForPrograms(lang, errs.New(code, ""), "")
			fitting(t, lang, p.Title+" "+p.Detail)
			if p.Title == "" || p.Detail == "" || p.Code != code || strings.HasPrefix(p.Detail, "problem.") {
				t.Errorf("%+v", p)
			}
		}
	}
	for _, rule := range []string{"required", "unknown", "unexpected", "cursor", "number", "encoding", "choose", "wrong_type", "pattern", "idempotency_key", "etag"} {
		for lang := range ofPages {
			p := web.NewProblemForPrograms(lang, errs.InvalidFields(errs.Field{Name: "x", Rule: rule}), "")
			fitting(t, lang, p.Fields[0].Detail)
		}
	}
	if p := web.NewProblemForPrograms("en", errs.New(errs.Conflict, "import.nothing"), ""); p.Detail != i18n.T("en", "import.nothing") {
		t.Errorf("a use case's own words are lost: %s", p.Detail)
	}
}

func fitting(t *testing.T, lang, said string) {
	t.Helper()
	for _, word := range ofPages[lang] {
		if strings.Contains(strings.ToLower(said), word) {
			t.Errorf("%s: %q says %q", lang, said, word)
		}
	}
}

// A failure before any operation, an address of nothing and a page's script are
// told in the language that they ask for, each in its own words.
func TestWordsOfFailuresOutsideOfOperations(t *testing.T) {
	address, err := web.ParseAddress("https://okno.example")
	if err != nil {
		t.Fatal(err)
	}
	srv, err := web.New(web.Config{Address: address, Secret: make([]byte, 32), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	api.New(srv, nil, "1")
	for path, want := range map[string]struct{ method, en, ru string }{
		"/api/v1/nowhere":      {"GET", "There is no such thing", "Такого нет"},
		"/api/v1/openapi.json": {"DELETE", "This address takes no such call", "Такого вызова по этому адресу нет"},
		"/nowhere":             {"GET", "Page not found", "Страница не найдена"}, // a script of a page
	} {
		for lang, title := range map[string]string{"en": want.en, "ru-RU,ru;q=0.9": want.ru} {
			r := httptest.NewRequest(want.method, "https://okno.example"+path, http.NoBody)
			r.Header.Set("Accept", "application/json")
			r.Header.Set("Accept-Language", lang)
			w := httptest.NewRecorder()
			srv.ServeHTTP(w, r)
			var p web.Problem
			if err := json.NewDecoder(bytes.NewReader(w.Body.Bytes())).Decode(&p); err != nil || p.Title != title {
				t.Errorf("%s in %s: %q, want %q (%v): %s", path, lang, p.Title, title, err, w.Body)
			}
			if strings.HasPrefix(path, "/api/") {
				fitting(t, lang[:2], p.Detail)
			}
		}
	}
}
