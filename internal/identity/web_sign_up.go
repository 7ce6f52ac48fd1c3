package identity

import (
	"context"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

// signUp takes the one field of registration. Whoever has an account and who
// has none are led to the same page.
func (w *Web) signUp(ctx context.Context, r *web.Request, f *web.Form) (web.Response, error) {
	in := w.newSignup(r)
	in.Contact = f.Raw("contact")
	p, err := w.Accounts.SignUp(ctx, r.Actor, in)
	if err == nil {
		return web.Redirect(sentPath(p.ID, back(f.Raw("back")))), nil
	}
	v := &registerForm{form: form{Page: w.Page(ctx, r, r.T("identity.register"), "")}, Ways: w.Accounts.Ways(), Contact: in.Contact, Back: back(f.Raw("back"))}
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(registerTempl(v)).Status(status(err)), nil
}

func (w *Web) newSignup(r *web.Request) NewSignup {
	return NewSignup{Lang: r.Lang, Address: r.Client, URL: r.PublicURL}
}

// sentPath is the page of a registration on its way.
func sentPath(signup id.ID, back string) string { return withBack(PathSent+signup.String(), back) }

// sentForm is the page after a code or a link was sent.
type sentForm struct {
	form
	Signup Signup
	Key    string
	Back   string
	Now    time.Time
	Loc    *time.Location
}

// left is how long until another message may be asked for.
func (f *sentForm) left() time.Duration { return max(0, f.Signup.Again.Sub(f.Now)) }

func (w *Web) sentForm(ctx context.Context, r *web.Request, p Signup) *sentForm {
	title := r.T("identity.sent_title")
	if p.Way == BySMS {
		title = r.T("identity.code_title")
	}
	v := &sentForm{form: form{Page: w.Page(ctx, r, title, "")}, Signup: p, Key: web.NewKey(), Back: back(r.URL.Query().Get("back")), Now: r.Now, Loc: r.Zone}
	v.Private = true
	return v
}

// found is the registration of the address.
func (w *Web) found(ctx context.Context, r *web.Request) (Signup, error) {
	signup, err := id.Parse(r.PathValue("signup"))
	if err != nil {
		return Signup{}, errs.New(errs.NotFound, "")
	}
	return w.Accounts.FindSignup(ctx, signup)
}

func (w *Web) sentPage(ctx context.Context, r *web.Request) (web.Response, error) {
	if r.Actor.SignedIn() {
		return web.Redirect(ui.PathHome), nil
	}
	p, err := w.found(ctx, r)
	if err != nil {
		return nil, err
	}
	return web.Page(sentTempl(w.sentForm(ctx, r, p))).Set("Cache-Control", "no-store"), nil
}

func (w *Web) code(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	p, err := w.found(ctx, r)
	if err != nil {
		return nil, err
	}
	key := ""
	if k := f.Raw(web.KeyName); web.ValidKey(k) {
		key = k
	}
	token, err := w.Accounts.CheckCode(ctx, r.Actor, p.ID, f.Raw("code"), key, r.Client)
	if err == nil {
		return web.Redirect(withBack(PathRegisterLink+token, back(r.URL.Query().Get("back")))), nil
	}
	v := w.sentForm(ctx, r, p)
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(sentTempl(v)).Status(status(err)).Set("Cache-Control", "no-store"), nil
}

func (w *Web) sendAgain(ctx context.Context, r *web.Request) (web.Response, error) {
	p, err := w.found(ctx, r)
	if err != nil {
		return nil, err
	}
	next, err := w.Accounts.SignUpAgain(ctx, r.Actor, p.ID, w.newSignup(r))
	if err == nil {
		return web.Redirect(sentPath(next.ID, back(r.URL.Query().Get("back")))), nil
	}
	v := w.sentForm(ctx, r, p)
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(sentTempl(v)).Status(status(err)), nil
}

// finishForm is the last step: name and password.
type finishForm struct {
	form
	Token, Contact, Name, Zone, Key, Back string
}

func (w *Web) finishForm(ctx context.Context, r *web.Request) *finishForm {
	v := &finishForm{form: form{Page: w.Page(ctx, r, r.T("identity.finish_title"), "")}, Token: r.PathValue("token"), Zone: r.Zone.String(), Key: web.NewKey(),
		Back: back(r.URL.Query().Get("back"))}
	v.Private = true
	return v
}

// finishPage shows the last step and spends nothing: programs of mail servers
// open links too.
func (w *Web) finishPage(ctx context.Context, r *web.Request) (web.Response, error) {
	p, err := w.Accounts.Confirmed(ctx, r.PathValue("token"))
	if err != nil {
		return nil, err
	}
	v := w.finishForm(ctx, r)
	v.Contact = p.Masked
	return web.Page(finishTempl(v)).Set("Cache-Control", "no-store"), nil
}

func (w *Web) finish(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	in := Finish{Name: f.Raw("name"), Password: f.Values.Get("password"), Again: f.Values.Get("again"), Lang: r.Lang, Zone: f.Raw("zone"), SignIn: from(r)}
	if k := f.Raw(web.KeyName); web.ValidKey(k) {
		in.Key = k
	}
	o, err := w.Accounts.SignUpFinish(ctx, r.Actor, r.PathValue("token"), in)
	if err == nil {
		return w.welcome(ctx, o, f.Raw("back"))
	}
	v := w.finishForm(ctx, r)
	v.Name, v.Zone, v.Back = in.Name, in.Zone, back(f.Raw("back"))
	if !v.took(err) {
		return nil, err
	}
	p, err2 := w.Accounts.Confirmed(ctx, v.Token)
	if err2 != nil {
		return nil, err2
	}
	v.Contact = p.Masked
	return web.Rejected(finishTempl(v)).Status(status(err)).Set("Cache-Control", "no-store"), nil
}

// postTo is where a form of a registration goes, with the page to come back to.
func (f *sentForm) postTo(more string) string {
	return withBack(PathSent+f.Signup.ID.String()+more, f.Back)
}
