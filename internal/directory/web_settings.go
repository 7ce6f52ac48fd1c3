package directory

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

func (w *Web) settingRoutes(s *web.Server) {
	s.Handle("GET /w/{org}/settings", web.SignedIn(policy.DirectorySettings), w.in(w.settingsPage))
	s.Handle("POST /w/{org}/settings", web.SignedIn(policy.DirectorySettings), w.in(w.changeSetting))
}

// settingsView is all settings, or one with its history.
type settingsView struct {
	form
	List []settingLine
	One  *settingView
}

// settingLine is a setting and what holds now for the installation.
type settingLine struct {
	Setting
	Value string
}

type settingView struct {
	settingLine
	History []valueLine
	Typed   settingForm
}

type settingForm struct{ Value, Since, Scope, Source string }

// valueLine is a value in words.
type valueLine struct {
	Since, Value, Scope, Source, Made string
	Now, Ahead                        bool
}

func (v *settingsView) href(name string) string {
	if name == "" {
		return "/w/" + v.Code + "/settings"
	}
	return "/w/" + v.Code + "/settings?name=" + url.QueryEscape(name)
}

func (w *Web) settingsView(ctx context.Context, r *web.Request, a policy.Actor, name string) (*settingsView, error) {
	if err := policy.Allow(a, policy.DirectorySettings); err != nil {
		return nil, err
	}
	v := &settingsView{form: w.form(ctx, r, a, r.T("directory.settings"))}
	for _, d := range w.Directory.Settings() {
		if name != "" && d.Name != name {
			continue
		}
		now, err := w.Directory.Text(ctx, d.Name, id.Nil, r.Now)
		if err != nil {
			return nil, err
		}
		v.List = append(v.List, settingLine{d, d.words(r.Lang, now)})
	}
	if name == "" {
		return v, nil
	}
	if len(v.List) == 0 {
		return nil, errs.New(errs.NotFound, "")
	}
	v.One = &settingView{settingLine: v.List[0]}
	list, err := w.Directory.Values(ctx, a, name)
	if err != nil {
		return nil, err
	}
	t, err := w.Directory.Tree(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := w.zone(ctx, a)
	if err != nil {
		return nil, err
	}
	holds := map[id.ID]bool{}
	slices.SortFunc(list, func(x, y Value) int { return y.Since.Compare(x.Since) })
	for _, x := range list {
		line := valueLine{Since: i18n.DateTime(r.Lang, x.Since, zone), Value: v.One.words(r.Lang, x.Value), Source: x.Source, Made: i18n.DateTime(r.Lang, x.MadeAt, zone),
			Ahead: x.Since.After(r.Now)}
		line.Now = !line.Ahead && !holds[x.Scope]
		holds[x.Scope] = holds[x.Scope] || line.Now
		if o, ok := t.Get(x.Scope); ok {
			line.Scope = o.ShortIn(r.Lang)
		}
		v.One.History = append(v.One.History, line)
	}
	v.One.Typed.Value = v.One.Default
	if now, err := w.Directory.Text(ctx, name, id.Nil, r.Now); err == nil {
		v.One.Typed.Value = now
	}
	return v, nil
}

// zone is that of the acting organisation: its days begin at its midnight.
func (w *Web) zone(ctx context.Context, a policy.Actor) (*time.Location, error) {
	o, err := w.Directory.Organisation(ctx, a.Organisation)
	return o.Hours.Location(), err
}

// words is a value as pages show it.
func (d Setting) words(lang, v string) string {
	switch {
	case d.Type == BoolSetting && v == "true":
		return i18n.T(lang, "directory.yes")
	case d.Type == BoolSetting:
		return i18n.T(lang, "directory.no")
	}
	return cmp.Or(v, i18n.T(lang, "directory.nothing"))
}

func (w *Web) settingsPage(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	v, err := w.settingsView(ctx, r, a, r.URL.Query().Get("name"))
	if err != nil {
		return nil, err
	}
	return web.Page(settingsTempl(v)), nil
}

func (w *Web) changeSetting(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	if err := policy.Allow(a, policy.DirectorySettings); err != nil {
		return nil, err
	}
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	v, err := w.settingsView(ctx, r, a, cmp.Or(f.Raw("name"), "?"))
	if err != nil {
		return nil, err
	}
	typed := settingForm{f.Lines("value", 1000), f.Text("since", 10), f.Text("scope", 64), f.Text("source", 500)}
	in := Value{Name: v.One.Name, Value: typed.Value, Source: typed.Source}
	if v.One.Type == BoolSetting {
		in.Value = strconv.FormatBool(f.Bool("value"))
		typed.Value = in.Value
	}
	zone, err := w.zone(ctx, a)
	if err != nil {
		return nil, err
	}
	if typed.Since != "" {
		day, err := time.ParseInLocation(time.DateOnly, typed.Since, zone)
		if err != nil {
			f.Break("since", "date")
		}
		if day.Format(time.DateOnly) != r.Now.In(zone).Format(time.DateOnly) { // of today: from now on
			in.Since = day
		}
	}
	if typed.Scope != "" {
		t, err := w.Directory.Tree(ctx)
		if err != nil {
			return nil, err
		}
		o, ok := t.ByCode(typed.Scope)
		if !ok {
			f.Break("scope", "unknown")
		}
		in.Scope = o.ID
	}
	if err = f.Err(); err == nil {
		err = w.Directory.Set(ctx, a, in)
	}
	if err == nil {
		return web.Redirect(v.href(v.One.Name)).Message("success", "directory.setting_saved"), nil
	}
	v.One.Typed = typed
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(settingsTempl(v)).Status(web.Status(errs.CodeOf(err))), nil
}

func (v *settingsView) options() []ui.Option {
	var out []ui.Option
	for _, c := range v.One.Choices {
		out = append(out, ui.Option{Value: c, Text: c})
	}
	return out
}
