package identity

import (
	"context"

	"okno/internal/platform/web"
	"okno/internal/ui"
)

type signInForm struct {
	form
	Login, Back string
}

func (w *Web) signInPage(ctx context.Context, r *web.Request) (web.Response, error) {
	to := back(r.URL.Query().Get("back"))
	if r.Actor.SignedIn() {
		return web.Redirect(orHome(to)), nil
	}
	return web.Page(signInTempl(&signInForm{form: form{Page: w.Page(ctx, r, r.T("identity.sign_in"), "")}, Back: to})), nil
}

func orHome(path string) string {
	if path == "" {
		return ui.PathHome
	}
	return path
}

func (w *Web) signIn(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	in := from(r)
	in.Login, in.Password = f.Raw("login"), f.Values.Get("password")
	o, err := w.Accounts.SignIn(ctx, r.Actor, in)
	if err == nil {
		return w.welcome(ctx, o, f.Raw("back"))
	}
	v := &signInForm{form: form{Page: w.Page(ctx, r, r.T("identity.sign_in"), "")}, Login: in.Login, Back: back(f.Raw("back"))}
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(signInTempl(v)).Status(status(err)), nil
}

type registerForm struct {
	form
	Ways                         Ways
	Contact                      string // as typed; of the registration by one
	Name, Login, Zone, Key, Back string
}

func (w *Web) registerPage(ctx context.Context, r *web.Request) (web.Response, error) {
	to := back(r.URL.Query().Get("back"))
	if r.Actor.SignedIn() {
		return web.Redirect(orHome(to)), nil
	}
	return web.Page(registerTempl(&registerForm{form: form{Page: w.Page(ctx, r, r.T("identity.register"), "")}, Ways: w.Accounts.Ways(), Zone: r.Zone.String(), Key: web.NewKey(), Back: to})), nil
}

func (w *Web) register(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	if w.Accounts.Ways().Any() {
		return w.signUp(ctx, r, f)
	}
	in := Registration{Name: f.Raw("name"), Login: f.Raw("login"), Password: f.Values.Get("password"), Lang: r.Lang, Zone: f.Raw("zone"), Address: r.Client}
	if key := f.Raw(web.KeyName); web.ValidKey(key) {
		in.Key = key
	}
	_, err = w.Accounts.Register(ctx, r.Actor, in)
	if err == nil {
		try := from(r)
		try.Login, try.Password = in.Login, in.Password
		var o Opened
		if o, err = w.Accounts.SignIn(ctx, r.Actor, try); err == nil {
			return w.welcome(ctx, o, f.Raw("back"))
		}
	}
	v := &registerForm{form: form{Page: w.Page(ctx, r, r.T("identity.register"), "")}, Name: in.Name, Login: in.Login, Zone: in.Zone,
		Key: web.NewKey(), Back: back(f.Raw("back"))}
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(registerTempl(v)).Status(status(err)), nil
}

type linkForm struct {
	form
	Token, Name string
}

func (w *Web) linkPage(ctx context.Context, r *web.Request) (web.Response, error) {
	acc, err := w.Accounts.CheckLink(ctx, r.PathValue("token"))
	if err != nil {
		return nil, err
	}
	return web.Page(linkTempl(&linkForm{form: form{Page: w.Page(ctx, r, r.T("identity.link_title"), "")}, Token: r.PathValue("token"), Name: acc.DisplayName})), nil
}

func (w *Web) setByLink(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	token := r.PathValue("token")
	acc, err := w.Accounts.CheckLink(ctx, token)
	if err != nil {
		return nil, err
	}
	o, err := w.Accounts.SetPasswordByLink(ctx, r.Actor, token, f.Values.Get("password"), from(r))
	if err == nil {
		return w.welcome(ctx, o, "")
	}
	v := &linkForm{form: form{Page: w.Page(ctx, r, r.T("identity.link_title"), "")}, Token: token, Name: acc.DisplayName}
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(linkTempl(v)).Status(status(err)), nil
}

func (w *Web) signOut(ctx context.Context, r *web.Request) (web.Response, error) {
	if err := w.Accounts.SignOut(ctx, r.Actor); err != nil {
		return nil, err
	}
	return web.Redirect(ui.PathHome).SignOut().Message("success", "identity.signed_out"), nil
}
