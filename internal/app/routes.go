package app

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/notify"
	"okno/internal/places"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
	"okno/internal/privacy"
	"okno/internal/taxonomy"
	"okno/internal/ui"
)

func (a *App) routes() error {
	address, err := a.Config.Address()
	if err != nil {
		return err
	}
	secret, err := a.Config.WebSecret()
	if err != nil {
		return err
	}
	zone, err := a.Config.Location()
	if err != nil {
		return err
	}
	proxies, err := a.Config.Networks()
	if err != nil {
		return err
	}
	a.Directory.Define(append(siteSettings(), smsSettings()...)...)
	a.Metrics, a.checks = web.NewMetrics(), a.makeChecks()
	a.Web, err = web.New(web.Config{Address: address, Secret: secret, Sessions: a.Identity.WebSessions(), Kept: a.Identity.KeptForms(), Clock: a.Clock, Log: a.Log,
		Metrics: a.Metrics, Zone: zone, Proxies: proxies, Rates: web.Rates{Off: a.Config.NoLimits}, Layout: a.layout,
		Checks: a.checks})
	if err != nil {
		return err
	}
	a.Web.Mount("GET /assets/", ui.Assets())
	accounts := &identity.Web{Accounts: a.Identity, Page: a.page, Home: a.homeOf,
		Tabs: []identity.AccountTab{{Key: privacy.TabKey, Href: privacy.PathReads}, {Key: privacy.DataTabKey, Href: privacy.PathData}}}
	accounts.Routes(a.Web)
	pages := &casework.Web{Cases: a.Cases, Topics: topics{a}, Atlas: atlas{a}, People: a.Identity, Offices: offices{a}, Store: store{a},
		Reads: reads{a}, Acting: a.Directory, Page: a.page, MapBounds: a.bounds, Serves: a.serves, More: a.moreFolders}
	pages.Routes(a.Web)
	(&notify.Web{Notices: a.Notices, Page: a.page, Subjects: pages.Subjects}).Routes(a.Web)
	(&directory.Web{Directory: a.Directory, Frame: a.frame(pages), Areas: a.areas}).Routes(a.Web)
	audit := &privacy.AuditWeb{Privacy: a.Privacy, Offices: offices{a}, People: a.Identity, Cases: a.Cases, Workspace: a.Directory.Workspace,
		FilterWords: pages.FilterWords, Frame: a.frame(pages)}
	audit.Routes(a.Web)
	a.Web.Handle("GET /w/{org}/status", web.SignedIn(policy.JobsManage), a.Directory.Workspace(a.statusPage(pages)))
	a.Web.Handle("POST /w/{org}/status/jobs/{id}", web.SignedIn(policy.JobsManage), a.Directory.Workspace(a.reviveJob), web.NoWords())
	(&privacy.Web{Privacy: a.Privacy, Organisations: a.Directory, Page: a.page, Tabs: accounts.AccountTabs}).Routes(a.Web)
	a.api(pages, audit)
	(&places.Web{Places: a.Places}).Routes(a.Web, ui.PathTiles)
	a.Web.Handle("GET /w", web.SignedIn(policy.CaseworkList), a.workplaces)
	for path, page := range map[string]func(ui.Page) templ.Component{"": ui.Gallery, "/report": ui.GalleryReport, "/workspace": ui.GalleryWorkspace, "/workspace/empty": ui.GalleryWorkspaceEmpty} {
		a.Web.Handle("GET "+ui.PathDesign+path, web.Open(""), a.gallery(page))
	}
	a.Web.Handle("GET /help/report-or-appeal", web.Open(""), a.help("app.report_or_appeal", helpPage), web.Cached(time.Minute))
	a.Web.Handle("GET "+pathTerms, web.Open(""), a.help("app.terms", termsPage), web.Cached(time.Minute))
	return nil
}

// bounds are those of the region's register, once it is there.
func (a *App) bounds() [4]float64 { return a.Places.Index().Bounds() }

// page frames every page: who reads it, what the bell says.
func (a *App) page(ctx context.Context, r *web.Request, title, nav string) ui.Page {
	p := ui.Page{Title: title, Lang: r.Lang, View: ui.View(r.Prefs), Path: r.Page(), Region: a.regionName(r.Lang), User: r.Actor.DisplayName,
		Help: a.helpLine(ctx, r)}
	if r.Actor.SignedIn() {
		n, err := a.Notices.Unread(ctx, r.Actor.Person)
		if err != nil {
			a.Log.WarnContext(ctx, "app: unread notices not counted", "error", err)
		}
		p.Unread = n
	}
	p.Nav = []ui.NavItem{
		{Text: r.T("app.nav.home"), Href: ui.PathHome, Current: nav == casework.NavHome},
		{Text: r.T("app.nav.reports"), Href: "/reports", Current: nav == casework.NavReports},
		{Text: r.T("app.nav.map"), Href: "/map", Current: nav == casework.NavMap},
	}
	if a.officer(ctx, r) {
		p.Nav = append(p.Nav, ui.NavItem{Text: r.T("app.nav.work"), Href: "/w", Current: nav == "work"})
	}
	p.Footer = []ui.NavItem{{Text: r.T("app.terms"), Href: pathTerms}, {Text: r.T("app.footer.api"), Href: "/api"}, {Text: r.T("app.footer.design"), Href: ui.PathDesign}}
	if r.Flash != nil {
		tone := map[string]ui.Tone{"success": ui.OK, "warning": ui.Warn}[r.Flash.Kind]
		p.Flash = &ui.Flash{Tone: tone, Title: r.T(r.Flash.Key, r.Flash.Args)}
	}
	return p
}

// Settings of the site.
const (
	helpSetting   = "site.help"
	helpENSetting = "site.help_en"
)

// siteSettings are what a region's administrator changes of the site itself.
func siteSettings() []directory.Setting {
	return []directory.Setting{
		{Name: helpSetting, Title: "app.setting_help", Type: directory.TextSetting, Default: i18n.T(i18n.Russian, "app.help")},
		{Name: helpENSetting, Title: "app.setting_help_en", Type: directory.TextSetting, Default: i18n.T(i18n.English, "app.help")},
	}
}

// helpLine is where people find help, at the foot of every page: the region's own words, else the program's.
func (a *App) helpLine(ctx context.Context, r *web.Request) string {
	name := helpSetting
	if r.Lang == i18n.English {
		name = helpENSetting
	}
	text, err := a.Directory.Text(ctx, name, id.Nil, r.Now)
	if err != nil {
		a.Log.WarnContext(ctx, "app: setting not read", "setting", name, "error", err)
	}
	return cmp.Or(text, r.T("app.help"))
}

func (a *App) officer(ctx context.Context, r *web.Request) bool {
	if !r.Actor.SignedIn() {
		return false
	}
	works, err := a.works.Get(r.Actor.Person, func() (bool, error) {
		list, err := a.Directory.Workplaces(ctx, r.Actor.Person)
		return len(list) > 0, err
	})
	if err != nil {
		a.Log.WarnContext(ctx, "app: workplaces not read", "error", err)
	}
	return works
}

// homeOf is where a person begins after signing in: an officer in the workspace.
func (a *App) homeOf(ctx context.Context, actor policy.Actor) string {
	list, err := a.Directory.Workplaces(ctx, actor.Person)
	if err != nil || len(list) == 0 {
		return "/"
	}
	return "/w"
}

func (a *App) regionName(lang string) string {
	if a.region != "" {
		return a.region
	}
	for _, t := range a.Places.Index().Territories() {
		if t.Parent == "" {
			if lang == i18n.English && t.NameEN != "" {
				return t.NameEN
			}
			return t.Name
		}
	}
	return ""
}

// layout frames the pages that package web makes: errors, the API's words.
func (a *App) layout(r *web.Request, title string, body templ.Component) templ.Component {
	return framed(a.page(r.Context(), r, title, ""), body)
}

// gallery shows the components in all their states.
func (a *App) gallery(page func(ui.Page) templ.Component) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		return web.Page(page(a.page(ctx, r, r.T("app.footer.design"), ""))).AllowMap(), nil
	}
}

// frame puts the directory's pages into the workspace that they belong to.
func (a *App) frame(pages *casework.Web) func(context.Context, *web.Request, policy.Actor, string) (ui.Page, ui.Workspace) {
	return func(ctx context.Context, r *web.Request, actor policy.Actor, title string) (ui.Page, ui.Workspace) {
		_, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/w/"), "/")
		current, _, _ := strings.Cut(rest, "/") // of /w/{org}/officers/{person}: officers
		p, ws, err := pages.WorkspaceFrame(ctx, r, actor, title, current)
		if err != nil { // the page itself is what was asked for; its folders can wait
			a.Log.WarnContext(ctx, "app: folders not counted", "error", err)
		}
		return p, ws
	}
}

// api registers every module's operations.
func (a *App) api(pages *casework.Web, audit *privacy.AuditWeb) {
	x := api.New(a.Web, tokens{a}, "1")
	taxonomy.API(x, a.Taxonomy)
	places.API(x, a.Places)
	directory.API(x, a.Directory)
	casework.API(x, pages, a.Blobs)
	notify.API(x, a.Notices)
	identity.API(x, a.Identity)
	privacy.API(x, a.Privacy)
	privacy.AuditAPI(x, audit)
	a.statusAPI(x)
}

// tokens tells the API who holds an access token.
type tokens struct{ *App }

// ResolveToken implements [api.TokenResolver].
func (a tokens) ResolveToken(ctx context.Context, token string) (policy.Actor, error) {
	r, err := a.Identity.ResolveBearer(ctx, token)
	return r.Actor, err
}

// pathTerms is the page about how terms are counted.
const pathTerms = "/help/terms"

func (a *App) help(title string, page func(ui.Page) templ.Component) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		return web.Page(page(a.page(ctx, r, r.T(title), ""))), nil
	}
}

// workplaces lists where an officer works; with one, it leads there.
func (a *App) workplaces(ctx context.Context, r *web.Request) (web.Response, error) {
	list, err := a.Directory.Workplaces(ctx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	if len(list) == 1 {
		return web.Redirect("/w/" + list[0].At.Code), nil
	}
	return web.Page(workplacesPage(a.page(ctx, r, r.T("app.nav.work"), "work"), list, r.Lang)), nil
}
