package identity

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// Paths of this module's pages, beside those of package ui.
const (
	PathRegister     = "/register"
	PathSent         = "/register/sent/" // the registration's id follows
	PathRegisterLink = "/register/link/" // the token of the last step follows
	PathSignOut      = "/sign-out"
	PathPassword     = "/account/password"
	PathSessions     = "/account/sessions"
	PathTokens       = "/account/tokens"
)

// deviceCookie marks a browser from which somebody has signed in.
const deviceCookie = "__Host-okno-device"

// Web serves the pages of identity.
type Web struct {
	Accounts *Service
	// Page makes the frame of a page: who reads it, what the bell says.
	Page func(ctx context.Context, r *web.Request, title, nav string) ui.Page
	// Home is where a person goes after signing in without a page to come back to; nil: "/".
	Home func(ctx context.Context, a policy.Actor) string
	// Tabs are further parts of the account, of other modules; may be nil.
	Tabs []AccountTab
}

// AccountTab is a part of the account's pages: the key of its name and its address.
type AccountTab struct{ Key, Href string }

// Routes registers the pages.
func (w *Web) Routes(s *web.Server) {
	s.Handle("GET "+ui.PathSignIn, web.Open(policy.IdentitySignIn), w.signInPage)
	s.Handle("POST "+ui.PathSignIn, web.Open(policy.IdentitySignIn), w.signIn)
	s.Handle("GET "+PathRegister, web.Open(policy.IdentityRegister), w.registerPage)
	s.Handle("POST "+PathRegister, web.Open(policy.IdentityRegister), w.register)
	s.Handle("GET "+PathSent+"{signup}", web.Open(policy.IdentityRegister), w.sentPage)
	s.Handle("POST "+PathSent+"{signup}", web.Open(policy.IdentityRegister), w.code, web.NoWords())
	s.Handle("POST "+PathSent+"{signup}/again", web.Open(policy.IdentityRegister), w.sendAgain, web.NoWords())
	s.Handle("GET "+PathRegisterLink+"{token}", web.Open(policy.IdentityRegister), w.finishPage)
	s.Handle("POST "+PathRegisterLink+"{token}", web.Open(policy.IdentityRegister), w.finish)
	s.Handle("GET "+PathPasswordLink+"{token}", web.Open(policy.IdentitySignIn), w.linkPage)
	s.Handle("POST "+PathPasswordLink+"{token}", web.Open(policy.IdentitySignIn), w.setByLink)
	s.Handle("POST "+PathSignOut, web.SignedIn(policy.IdentitySessions), w.signOut, web.NoWords())
	s.Handle("GET "+ui.PathView, web.Open(""), w.viewPage)
	s.Handle("POST "+ui.PathView, web.Open(""), w.view)
	s.Handle("POST "+ui.PathLang, web.Open(""), w.lang)

	s.Handle("GET "+ui.PathAccount, web.SignedIn(policy.IdentityManageOwn), w.profilePage)
	s.Handle("POST "+ui.PathAccount, web.SignedIn(policy.IdentityManageOwn), w.profile)
	s.Handle("GET "+PathPassword, web.SignedIn(policy.IdentityManageOwn), w.passwordPage)
	s.Handle("POST "+PathPassword, web.SignedIn(policy.IdentityManageOwn), w.password, web.NoWords())
	s.Handle("GET "+PathSessions, web.SignedIn(policy.IdentitySessions), w.sessionsPage)
	s.Handle("POST "+PathSessions, web.SignedIn(policy.IdentitySessions), w.endSession, web.NoWords())
	s.Handle("GET "+PathTokens, web.SignedIn(policy.IdentityToken), w.tokensPage)
	s.Handle("POST "+PathTokens, web.SignedIn(policy.IdentityToken), w.makeToken)
	s.Handle("POST "+PathTokens+"/revoke", web.SignedIn(policy.IdentityToken), w.revokeToken, web.NoWords())
}

// webSessions shows the service to package web.
type webSessions struct{ s *Service }

// WebSessions implements [web.Sessions].
func (s *Service) WebSessions() web.Sessions { return webSessions{s} }

// Resolve implements [web.Sessions].
func (w webSessions) Resolve(ctx context.Context, token string) (web.Session, error) {
	r, err := w.s.Resolve(ctx, token)
	l := r.Look
	return web.Session{Actor: r.Actor, Prefs: web.Prefs{Theme: l.Theme, Contrast: l.Contrast, Size: l.Size, Spacing: l.Spacing, Pictures: l.Pictures}}, err
}

// form is what a form's page needs beside its own fields.
type form struct {
	ui.Page
	Fields []errs.Field
	Notice string // why the form was not taken, where no field is at fault
}

// wrong is the sentence beside a field; "" where it is right.
func (f form) wrong(name string) string {
	for _, e := range f.Fields {
		if e.Name == name {
			return i18n.Field(f.Lang, e)
		}
	}
	return ""
}

func (f form) summary() []ui.FieldError {
	out := make([]ui.FieldError, len(f.Fields))
	for i, e := range f.Fields {
		out[i] = ui.FieldError{ID: e.Name, Text: i18n.FieldNamed(f.Lang, label(f.Lang, e.Name), e)}
	}
	return out
}

// label is what a field of these forms is called.
func label(lang, name string) string {
	key := map[string]string{"old": "identity.old_password", "organisation": "identity.token_org", "life": "identity.token_life"}[name]
	if key == "" {
		key = "identity." + name
	}
	if !i18n.Has(lang, key) {
		return ""
	}
	return i18n.T(lang, key)
}

// took tells whether err is about the form's own fields, or about waiting, so
// that the form is shown again with it; other errors have pages of their own.
func (f *form) took(err error) bool {
	var e *errs.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case errs.Invalid:
		f.Fields = e.Fields
		return len(e.Fields) > 0
	case errs.RateLimited, errs.Conflict, errs.Stale, errs.Unavailable:
		f.Notice = i18n.Error(f.Lang, err)
		return true
	}
	return false
}

// status is that of a form shown again.
func status(err error) int {
	if errs.Is(err, errs.Invalid) {
		return http.StatusUnprocessableEntity
	}
	return web.Status(errs.CodeOf(err))
}

// back is where the reader came from, a path of this site; "" where unknown.
func back(v string) string {
	if v == "" || web.LocalPath(v) != v || strings.HasPrefix(v, ui.PathSignIn) || strings.HasPrefix(v, PathRegister) || strings.HasPrefix(v, PathPasswordLink) {
		return ""
	}
	return v
}

// from tells where a try to sign in comes from.
func from(r *web.Request) SignIn {
	in := SignIn{Address: r.Client, Agent: r.UserAgent()}
	if c, err := r.Cookie(deviceCookie); err == nil {
		in.Device = c.Value
	}
	return in
}

// welcome sets the cookies of an opened session and leads on.
func (w *Web) welcome(ctx context.Context, o Opened, to string) (web.Response, error) {
	acc, err := w.Accounts.Resolve(ctx, o.Token)
	if err != nil {
		return nil, err
	}
	if to = back(to); to == "" {
		to = ui.PathHome
		if w.Home != nil {
			to = w.Home(ctx, acc.Actor)
		}
	}
	return web.Redirect(to).SignIn(o.Token, o.Ends).Cookie(&http.Cookie{Name: deviceCookie, Value: o.Device, Path: "/", Secure: true, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600}), nil
}
