package identity

import (
	"context"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

func (w *Web) viewPage(ctx context.Context, r *web.Request) (web.Response, error) {
	return web.Page(viewTempl(w.Page(ctx, r, r.T("identity.view"), ""), orHome(back(r.URL.Query().Get("back"))))), nil
}

// view keeps the choices of the low-vision page: in the browser and, of a
// signed-in reader, in the account.
func (w *Web) view(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := ui.ViewFromForm(f.Values)
	if f.Bool("reset") {
		v = ui.View{}
	}
	if r.Actor.SignedIn() {
		acc, _, err := w.Accounts.Get(ctx, r.Actor)
		if err != nil {
			return nil, err
		}
		look := Look{Theme: v.Theme, Contrast: v.Contrast, Size: v.Size, Spacing: v.Spacing, Pictures: v.Pictures, Density: acc.Look.Density}
		if err := w.Accounts.ChangeLook(ctx, r.Actor, look); err != nil {
			return nil, err
		}
	}
	return web.Redirect(orHome(back(f.Raw("back")))).Cookie(v.Cookie(true)), nil
}

// lang keeps the reader's language in the browser and in the account.
func (w *Web) lang(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	lang := f.Raw("lang")
	if !i18n.Known(lang) {
		return nil, errs.InvalidFields(errs.Field{Name: "lang", Rule: "unknown"})
	}
	if r.Actor.SignedIn() {
		if err := w.Accounts.ChangeLang(ctx, r.Actor, lang); err != nil {
			return nil, err
		}
	}
	to := f.Raw("back")
	if to == "" || web.LocalPath(to) != to {
		to = ui.PathHome
	}
	return web.Redirect(to).Language(lang), nil
}
