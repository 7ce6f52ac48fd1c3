package api_test

import (
	"strings"
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web/api"
)

// What a program is told speaks of no page and no form; what a use case says of
// its own stays.
func TestWordsForPrograms(t *testing.T) {
	for _, code := range []errs.Code{errs.Stale, errs.Conflict, errs.NotFound, errs.IdempotencyMismatch} {
		for lang, never := range map[string][]string{"ru": {"траниц", "форм"}, "en": {"page", "form"}} {
			said := i18n.Error(lang, api.ForPrograms(errs.New(code, "")))
			for _, word := range never {
				if said == "" || strings.Contains(strings.ToLower(said), word) {
					t.Errorf("%s in %s: %q", code, lang, said)
				}
			}
		}
	}
	own := errs.New(errs.Conflict, "import.nothing")
	if api.ForPrograms(own) != own { //nolint:errorlint // the very same error
		t.Error("a use case's own words are lost")
	}
}
