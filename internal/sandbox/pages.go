package sandbox

import (
	"context"
	"crypto/rand"
	"log/slog"

	"github.com/a-h/templ"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web"
	"okno/internal/sandbox/mailbox"
	"okno/internal/sandbox/smsc"
	"okno/internal/ui"
)

// pages is the site of the sandbox. It knows no accounts: whoever reaches it
// reads everything.
func pages(origin string, box *mailbox.Mailbox, centre *smsc.Centre, log *slog.Logger) (*web.Server, error) {
	address, err := web.ParseAddress(origin)
	if err != nil {
		return nil, err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil { // signs messages for the next page alone: a new one with each start
		return nil, err
	}
	s, err := web.New(web.Config{Address: address, Secret: secret, Cookie: "__Host-okno-sandbox", Log: log, Rates: web.Rates{Off: true}, Layout: layout})
	if err != nil {
		return nil, err
	}
	s.Mount("GET /assets/", ui.Assets())
	s.Handle("GET /{$}", web.Open(""), func(_ context.Context, r *web.Request) (web.Response, error) {
		return web.Page(indexTempl(page(r, "", ui.PathHome), doors(r))), nil
	})
	s.Handle("GET "+ui.PathView, web.Open(""), func(_ context.Context, r *web.Request) (web.Response, error) {
		return web.Page(viewTempl(page(r, r.T("identity.view"), ""), web.LocalPath(r.URL.Query().Get("back")))), nil
	})
	s.Handle("POST "+ui.PathView, web.Open(""), setView)
	s.Handle("POST "+ui.PathLang, web.Open(""), setLang)
	(&mailbox.Web{Box: box, Page: page}).Routes(s)
	(&smsc.Web{Centre: centre, Page: page}).Routes(s)
	return s, nil
}

// page is the frame of a page: current is the path of its section.
func page(r *web.Request, title, current string) ui.Page {
	if title == "" {
		title = r.T("sandbox.name")
	}
	p := ui.Page{Title: title, Lang: r.Lang, Path: r.Page(), Region: r.T("sandbox.name"), NoUser: true, Private: true, Wide: true,
		View: ui.View{Theme: r.Prefs.Theme, Contrast: r.Prefs.Contrast, Size: r.Prefs.Size, Spacing: r.Prefs.Spacing, Pictures: r.Prefs.Pictures}}
	for _, d := range doors(r) {
		p.Nav = append(p.Nav, ui.NavItem{Text: d.Text, Href: d.Href, Current: d.Href == current})
	}
	if r.Flash != nil {
		p.Flash = &ui.Flash{Tone: ui.OK, Title: r.T(r.Flash.Key, r.Flash.Args)}
	}
	return p
}

func doors(r *web.Request) []ui.Door {
	return []ui.Door{{Text: r.T("sandbox.letters"), Href: mailbox.PathLetters, What: r.T("sandbox.letters_lead")},
		{Text: r.T("sandbox.messages"), Href: smsc.PathMessages, What: r.T("sandbox.messages_lead")}}
}

func layout(r *web.Request, title string, body templ.Component) templ.Component {
	return failureTempl(page(r, title, ""), body)
}

// setView keeps how the reader wants pages to look.
func setView(_ context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := ui.ViewFromForm(f.Values)
	if f.Bool("reset") {
		v = ui.View{}
	}
	return web.Redirect(f.Raw("back")).Cookie(v.Cookie(true)), nil
}

// setLang keeps the reader's language.
func setLang(_ context.Context, r *web.Request) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	lang := f.Raw("lang")
	if !i18n.Known(lang) {
		return nil, errs.InvalidFields(errs.Field{Name: "lang", Rule: "unknown"})
	}
	return web.Redirect(f.Raw("back")).Language(lang), nil
}
