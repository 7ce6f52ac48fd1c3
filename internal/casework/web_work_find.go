package casework

import (
	"context"
	"strings"
	"unicode"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
)

// find opens a case by its number from the workspace's search field.
func (w *Web) find(ctx context.Context, r *web.Request) (web.Response, error) {
	actor, err := w.Acting.Acting(ctx, r.Actor, r.PathValue("org"))
	if err != nil {
		return nil, err
	}
	base := "/w/" + r.PathValue("org")
	number, ok := id.ParseNumber(plainNumber(r.URL.Query().Get("q")))
	if !ok && id.Mistyped(r.URL.Query().Get("q")) {
		return web.Redirect(base).Message("warning", "work.find_mistyped"), nil
	}
	if !ok {
		return web.Redirect(base).Message("warning", "work.find_number"), nil
	}
	if _, err := w.Cases.Read(ctx, actor, number, "search"); err != nil {
		if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) {
			return web.Redirect(base).Message("warning", "work.not_found"), nil
		}
		return nil, err
	}
	return web.Redirect(base + "/cases/" + number), nil
}

// plainNumber drops the spaces and dashes of any kind that a number is typed,
// copied or printed with.
func plainNumber(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.Is(unicode.Pd, c) || unicode.Is(unicode.Cf, c) {
			return -1
		}
		return c
	}, s)
}
