package privacy

import (
	"context"
	"errors"
	"io"
	"net/http"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// Pages of a person's own data.
const (
	PathData   = "/account/data"
	PathExport = "/account/export"
	PathErase  = "/account/erase"
)

// DataTabKey names [PathData] among the account's parts.
const DataTabKey = "privacy.data"

func (w *Web) leaveRoutes(s *web.Server) {
	s.Handle("GET "+PathData, web.SignedIn(policy.PrivacyOwn), w.dataPage)
	s.Handle("POST "+PathExport, web.SignedIn(policy.PrivacyExport), w.export, web.NoWords())
	s.Handle("GET "+PathErase, web.SignedIn(policy.PrivacyErase), w.erasePage)
	s.Handle("POST "+PathErase, web.SignedIn(policy.PrivacyErase), w.erase, web.NoWords())
}

// dataView is a page of the account's data.
type dataView struct {
	ui.Page
	Tabs    []ui.Tab
	Leaving Leaving
	Blocked string // why the account can't be erased now
	Fields  []errs.Field
	Notice  string
}

func (w *Web) dataView(ctx context.Context, r *web.Request) *dataView {
	v := &dataView{Page: w.Page(ctx, r, r.T("privacy.data"), "")}
	v.Private = true
	if w.Tabs != nil {
		v.Tabs = w.Tabs(r, PathData)
	}
	return v
}

func (v *dataView) wrong(name string) string {
	for _, f := range v.Fields {
		if f.Name == name {
			return i18n.Field(v.Lang, f)
		}
	}
	return ""
}

func (v *dataView) summary() []ui.FieldError {
	out := make([]ui.FieldError, len(v.Fields))
	for i, f := range v.Fields {
		out[i] = ui.FieldError{ID: f.Name, Text: i18n.FieldNamed(v.Lang, i18n.T(v.Lang, "privacy.erase_password"), f)}
	}
	return out
}

func (w *Web) dataPage(ctx context.Context, r *web.Request) (web.Response, error) {
	return web.Page(dataTempl(w.dataView(ctx, r))), nil
}

// export answers with the archive. The place for it is given back when the
// request ends, however it ends.
func (w *Web) export(ctx context.Context, r *web.Request) (web.Response, error) {
	x, err := w.Privacy.Begin(ctx, r.Actor, r.Lang)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, x.Close)
	return web.Stream(x.Name(), "application/zip", func(out io.Writer) error { return x.Write(ctx, out) }).Before(x.Record), nil
}

// counted fills in what an erasure would do, or why there can be none.
func (w *Web) counted(ctx context.Context, r *web.Request, v *dataView) error {
	var err error
	v.Leaving, err = w.Privacy.Leaving(ctx, r.Actor)
	if errs.Is(err, errs.Conflict) {
		v.Blocked = i18n.Error(r.Lang, err)
		return nil
	}
	return err
}

func (w *Web) erasePage(ctx context.Context, r *web.Request) (web.Response, error) {
	v := w.dataView(ctx, r)
	if err := w.counted(ctx, r, v); err != nil {
		return nil, err
	}
	return web.Page(eraseTempl(v)), nil
}

func (w *Web) erase(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	err = w.Privacy.Erase(ctx, r.Actor, f.Values.Get("password"))
	if err == nil {
		return web.Redirect(ui.PathHome).SignOut().Message("success", "privacy.erased"), nil
	}
	v := w.dataView(ctx, r)
	var e *errs.Error
	if !errors.As(err, &e) {
		return nil, err
	}
	status := web.Status(e.Code)
	switch e.Code {
	case errs.Invalid:
		v.Fields, status = e.Fields, http.StatusUnprocessableEntity
	case errs.RateLimited, errs.Conflict, errs.Unavailable, errs.Stale:
		v.Notice = i18n.Error(r.Lang, err)
	default:
		return nil, err
	}
	if err := w.counted(ctx, r, v); err != nil {
		return nil, err
	}
	return web.Rejected(eraseTempl(v)).Status(status), nil
}
