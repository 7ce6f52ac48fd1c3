package identity

import (
	"context"
	"fmt"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
	"okno/internal/ui"
)

// zones are offered in the account; a person's other zone is offered too.
var zones = []string{"Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
	"Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka"}

// zoneOptions lists zones with their offset now: «UTC+3, по Москве».
func zoneOptions(lang, own string, now time.Time) []ui.Option {
	list := zones
	if _, ok := checkZone(own); ok {
		list = append([]string{own}, zones...)
	}
	seen := map[string]bool{}
	var out []ui.Option
	for _, z := range list {
		loc, err := time.LoadLocation(z)
		if err != nil || seen[z] {
			continue
		}
		seen[z] = true
		out = append(out, ui.Option{Value: z, Text: fmt.Sprintf("UTC%s, %s", now.In(loc).Format("-07:00"), i18n.ZoneName(lang, now, loc))})
	}
	return out
}

// accountPage is the frame of the account's parts.
type accountPage struct {
	form
	Tabs []ui.Tab
	Now  time.Time
	Loc  *time.Location
}

func (w *Web) accountPage(ctx context.Context, r *web.Request, current string) accountPage {
	p := accountPage{form: form{Page: w.Page(ctx, r, r.T("identity.account"), "")}, Now: r.Now, Loc: r.Zone}
	p.Private = true
	p.Tabs = w.AccountTabs(r, current)
	return p
}

// AccountTabs are the account's parts, those of other modules too, for each of
// their pages; current is the address of the one that is shown.
func (w *Web) AccountTabs(r *web.Request, current string) (out []ui.Tab) {
	own := []AccountTab{{"identity.tab_profile", ui.PathAccount}, {"identity.tab_password", PathPassword},
		{"identity.tab_sessions", PathSessions}, {"identity.tab_tokens", PathTokens}}
	for _, t := range append(own, w.Tabs...) {
		out = append(out, ui.Tab{Text: r.T(t.Key), Href: t.Href, Current: t.Href == current})
	}
	return out
}

type profileForm struct {
	accountPage
	Profile
	Contacts Contacts // as they are kept
}

func (w *Web) profilePage(ctx context.Context, r *web.Request) (web.Response, error) {
	acc, c, err := w.Accounts.Get(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	return web.Page(profileTempl(&profileForm{w.accountPage(ctx, r, ui.PathAccount),
		Profile{Version: acc.Version, Name: acc.DisplayName, Lang: acc.Lang, Zone: acc.Zone, Email: c.Email, Phone: c.Phone}, c})), nil
}

func (w *Web) profile(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	in := Profile{Version: f.Version(), Name: f.Raw("name"), Lang: f.Raw("lang"), Zone: f.Raw("zone"), Email: f.Text("email", 254), Phone: f.Text("phone", 32)}
	if err = f.Err(); err == nil {
		err = w.Accounts.ChangeProfile(ctx, r.Actor, in)
	}
	if err == nil {
		return web.Redirect(ui.PathAccount).Language(in.Lang).Message("success", "identity.saved"), nil
	}
	acc, c, err2 := w.Accounts.Get(ctx, r.Actor)
	if err2 != nil {
		return nil, err2
	}
	v := &profileForm{w.accountPage(ctx, r, ui.PathAccount), in, c}
	if errs.Is(err, errs.Stale) { // what was typed stays; sending again is over the newer one
		v.Version = acc.Version
	}
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(profileTempl(v)).Status(status(err)), nil
}

func (w *Web) passwordPage(ctx context.Context, r *web.Request) (web.Response, error) {
	p := w.accountPage(ctx, r, PathPassword)
	return web.Page(passwordTempl(&p)), nil
}

func (w *Web) password(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	err = w.Accounts.ChangePassword(ctx, r.Actor, f.Values.Get("old"), f.Values.Get("password"))
	if err == nil {
		return web.Redirect(PathPassword).Message("success", "identity.password_changed"), nil
	}
	p := w.accountPage(ctx, r, PathPassword)
	if !p.took(err) {
		return nil, err
	}
	return web.Rejected(passwordTempl(&p)).Status(status(err)), nil
}

type sessionsView struct {
	accountPage
	Sessions []Session
}

func (w *Web) sessionsPage(ctx context.Context, r *web.Request) (web.Response, error) {
	list, err := w.Accounts.Sessions(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	return web.Page(sessionsTempl(&sessionsView{w.accountPage(ctx, r, PathSessions), list})), nil
}

func (w *Web) endSession(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	if f.Bool("others") {
		if _, err := w.Accounts.EndOtherSessions(ctx, r.Actor); err != nil {
			return nil, err
		}
		return web.Redirect(PathSessions).Message("success", "identity.others_ended"), nil
	}
	session := f.ID("session")
	if err := f.Err(); err != nil {
		return nil, err
	}
	if err := w.Accounts.EndSession(ctx, r.Actor, session); err != nil {
		return nil, err
	}
	if session == r.Actor.Session {
		return web.Redirect(ui.PathHome).SignOut().Message("success", "identity.signed_out"), nil
	}
	return web.Redirect(PathSessions).Message("success", "identity.session_ended"), nil
}

type tokensView struct {
	accountPage
	Tokens   []Token
	Fresh    string // text of a token just made: shown once
	Name     string
	Org      string
	Life     string
	ReadOnly bool
}

var tokenLives = map[string]time.Duration{"30": 30 * 24 * time.Hour, "90": 90 * 24 * time.Hour, "365": 365 * 24 * time.Hour}

func (w *Web) tokensPage(ctx context.Context, r *web.Request) (web.Response, error) {
	list, err := w.Accounts.Tokens(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	return web.Page(tokensTempl(&tokensView{accountPage: w.accountPage(ctx, r, PathTokens), Tokens: list, Life: "90"})), nil
}

func (w *Web) makeToken(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	in := NewToken{Name: f.Raw("name"), Organisation: f.Text("organisation", 64), ReadOnly: f.Bool("read_only"), Life: tokenLives[f.Raw("life")]}
	_, text, err := w.Accounts.MakeToken(ctx, r.Actor, in)
	list, err2 := w.Accounts.Tokens(ctx, r.Actor)
	if err2 != nil {
		return nil, err2
	}
	v := &tokensView{accountPage: w.accountPage(ctx, r, PathTokens), Tokens: list, Fresh: text, Life: "90"}
	if err == nil { // shown in the answer itself: it must not stand in an address or a cookie
		return web.Page(tokensTempl(v)).Set("Cache-Control", "no-store"), nil
	}
	if !v.took(err) {
		return nil, err
	}
	v.Name, v.Org, v.Life, v.ReadOnly = in.Name, in.Organisation, f.Raw("life"), in.ReadOnly
	return web.Rejected(tokensTempl(v)).Status(status(err)), nil
}

func (w *Web) revokeToken(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	token := f.ID("token")
	if err := f.Err(); err != nil {
		return nil, err
	}
	if err := w.Accounts.RevokeToken(ctx, r.Actor, token); err != nil {
		return nil, err
	}
	return web.Redirect(PathTokens).Message("success", "identity.token_revoked"), nil
}
