package directory

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// Pages of the region's administrator: the tree of organisations.

// treePage is how many organisations a page of the tree shows.
const treePage = 100

func (w *Web) organisationRoutes(s *web.Server) {
	s.Handle("GET /w/{org}/organisations", web.SignedIn(policy.DirectoryOrganisation), w.in(w.organisationsPage))
	s.Handle("POST /w/{org}/organisations", web.SignedIn(policy.DirectoryOrganisation), w.in(w.addOrganisation))
	s.Handle("GET /w/{org}/organisations/new", web.SignedIn(policy.DirectoryOrganisation), w.in(w.newOrganisation))
	s.Handle("GET /w/{org}/organisations/{code}", web.SignedIn(policy.DirectoryOrganisation), w.in(w.organisationPage))
	s.Handle("POST /w/{org}/organisations/{code}", web.SignedIn(policy.DirectoryOrganisation), w.in(w.changeOrganisation))
	s.Handle("GET /w/{org}/organisations/{code}/officers", web.SignedIn(policy.DirectoryOfficers), w.in(w.officersPage))
	s.Handle("POST /w/{org}/organisations/{code}/officers", web.SignedIn(policy.DirectoryManage), w.in(w.addOfficer))
	s.Handle("GET /w/{org}/organisations/{code}/officers/{person}", web.SignedIn(policy.DirectoryManage), w.in(w.officerPage))
	s.Handle("POST /w/{org}/organisations/{code}/officers/{person}", web.SignedIn(policy.DirectoryManage), w.in(w.changeOfficer))
	s.Handle("POST /w/{org}/organisations/{code}/officers/{person}/remove", web.SignedIn(policy.DirectoryManage), w.in(w.removeOfficer), web.NoWords())
}

type organisationsView struct {
	form
	Query string
	Under Organisation // whose parts are shown; zero: the roots
	Above []Organisation
	List  []Organisation
	Below map[id.ID]int // parts of each
	Next  string
	More  bool // a search found more than is shown
}

func (w *Web) organisationsPage(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	if err := policy.Allow(a, policy.DirectoryOrganisation); err != nil {
		return nil, err
	}
	t, err := w.Directory.Tree(ctx)
	if err != nil {
		return nil, err
	}
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := &organisationsView{form: w.form(ctx, r, a, r.T("directory.organisations")), Query: f.Text("q", 200), Below: map[id.ID]int{}}
	under, after := f.Text("under", 64), f.Text("after", 64)
	if err := f.Err(); err != nil {
		return nil, err
	}
	if v.Query != "" {
		v.List = t.find(v.Query, treePage+1, true)
		v.More = len(v.List) > treePage
		v.List = v.List[:min(len(v.List), treePage)]
	} else {
		if under != "" {
			ok := false
			if v.Under, ok = t.ByCode(under); !ok {
				return nil, errs.New(errs.NotFound, "")
			}
			v.Above = t.Above(v.Under.ID)
		}
		v.List = t.Children(v.Under.ID)
		if n := slices.IndexFunc(v.List, func(o Organisation) bool { return o.Code == after }); n >= 0 {
			v.List = v.List[n+1:]
		}
		if len(v.List) > treePage {
			v.List = v.List[:treePage]
			v.Next = v.treePath("under", under, "after", v.List[treePage-1].Code)
		}
	}
	for _, o := range v.List {
		v.Below[o.ID] = len(t.Children(o.ID))
	}
	return web.Page(organisationsTempl(v)), nil
}

// treePath is the address of the tree with a query of pairs; empty values are left out.
func (f form) treePath(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return f.tree()
	}
	return f.tree() + "?" + q.Encode()
}

// organisationForm is what is typed of an organisation.
type organisationForm struct {
	Code, Kind, Name, NameEN, Short, ShortEN, Parent, Zone string
	Week                                                   weekForm
	Territories                                            []string
	Oversees, Active                                       bool
}

func (t *Tree) typed(o Organisation) organisationForm {
	f := organisationForm{Code: o.Code, Kind: string(o.Kind), Name: o.Name, NameEN: o.NameEN, Short: o.ShortName, ShortEN: o.ShortNameEN,
		Zone: o.Zone(), Week: weekOf(o.Hours), Territories: o.Territories, Oversees: o.Oversees, Active: o.Active}
	if p, ok := t.Get(o.Parent); ok {
		f.Parent = p.Code
	}
	return f
}

// readOrganisation reads the fields of the form; what is wrong with them is an error with fields.
func (t *Tree) readOrganisation(f *web.Form) (organisationForm, Organisation, error) {
	v := organisationForm{Code: f.Text("code", 64), Kind: f.Raw("kind"), Name: f.Text("name", maxName), NameEN: f.Text("name_en", maxName),
		Short: f.Text("short_name", maxShort), ShortEN: f.Text("short_name_en", maxShort), Parent: f.Text("parent", 64), Zone: f.Text("zone", 64),
		Territories: f.All("territories", maxTerritories), Oversees: f.Bool("oversees"), Active: f.Bool("active")}
	o := Organisation{Code: v.Code, Kind: Kind(v.Kind), Name: v.Name, NameEN: v.NameEN, ShortName: v.Short, ShortNameEN: v.ShortEN,
		Territories: v.Territories, Oversees: v.Oversees, Active: v.Active}
	if v.Parent != "" {
		p, ok := t.ByCode(v.Parent)
		if !ok {
			f.Break("parent", "unknown")
		}
		o.Parent = p.ID
	}
	typed, week, weekErr := readWeek(f)
	v.Week = typed
	o.Hours, weekErr = typed.hours(v.Zone, week, weekErr)
	return v, o, together(f.Err(), weekErr)
}

// together is one error with the broken fields of all, each field once; another
// error than of fields wins.
func together(list ...error) error {
	var fields []errs.Field
	for _, err := range list {
		var e *errs.Error
		switch {
		case err == nil:
		case errors.As(err, &e) && e.Code == errs.Invalid && len(e.Fields) > 0:
			for _, f := range e.Fields {
				if !slices.ContainsFunc(fields, func(x errs.Field) bool { return x.Name == f.Name }) {
					fields = append(fields, f)
				}
			}
		default:
			return err
		}
	}
	return errs.InvalidFields(fields...)
}

type organisationView struct {
	form
	organisationForm
	Shown   Organisation // as it is stored; zero for a new one
	Parent  string       // name of the one above
	Areas   []ui.Option
	Own     bool // the administrator acts for it
	Version int64
}

func (w *Web) organisationView(ctx context.Context, r *web.Request, a policy.Actor, t *Tree, o Organisation, title string) *organisationView {
	v := &organisationView{form: w.form(ctx, r, a, title), organisationForm: t.typed(o), Shown: o, Version: o.Version, Own: o.ID != id.Nil && o.ID == a.Organisation}
	if p, ok := t.Get(o.Parent); ok {
		v.Parent = p.In(r.Lang)
	}
	if w.Areas != nil {
		v.Areas = w.Areas(r.Lang)
	}
	return v
}

// newOrganisation shows an empty form below ?under=CODE, with the hours of that one.
func (w *Web) newOrganisation(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	if err := policy.Allow(a, policy.DirectoryOrganisation); err != nil {
		return nil, err
	}
	t, err := w.Directory.Tree(ctx)
	if err != nil {
		return nil, err
	}
	o := Organisation{Kind: Institution, Active: true}
	pattern, ok := t.ByCode(r.URL.Query().Get("under"))
	if ok {
		o.Parent, o.Territories = pattern.ID, pattern.Territories
	} else {
		pattern, _ = t.Get(a.Organisation)
	}
	o.Hours = pattern.Hours
	return web.Page(organisationTempl(w.organisationView(ctx, r, a, t, o, r.T("directory.new_organisation")))), nil
}

func (w *Web) addOrganisation(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	return w.saveOrganisation(ctx, r, a, func(t *Tree) (Organisation, error) { return Organisation{}, nil })
}

func (w *Web) changeOrganisation(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	return w.saveOrganisation(ctx, r, a, func(t *Tree) (Organisation, error) { return t.named(r.PathValue("code")) })
}

func (t *Tree) named(code string) (Organisation, error) {
	o, ok := t.ByCode(code)
	if !ok {
		return o, errs.New(errs.NotFound, "")
	}
	return o, nil
}

func (w *Web) saveOrganisation(ctx context.Context, r *web.Request, a policy.Actor, which func(*Tree) (Organisation, error)) (web.Response, error) {
	if err := policy.Allow(a, policy.DirectoryOrganisation); err != nil {
		return nil, err
	}
	t, err := w.Directory.Tree(ctx)
	if err != nil {
		return nil, err
	}
	old, err := which(t)
	if err != nil {
		return nil, err
	}
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	typed, in, err := t.readOrganisation(f)
	message := "directory.organisation_added"
	switch {
	case err != nil: // all that is wrong is told at once
		in.clean()
		if old.ID != id.Nil {
			in.Code = old.Code
		}
		err = together(err, w.Directory.fits(t, old, in))
	case old.ID == id.Nil:
		in, err = w.Directory.AddOrganisation(ctx, a, in)
	default:
		in.ID, in.Code, in.Version, message = old.ID, old.Code, f.Version(), "directory.organisation_changed"
		if err = f.Err(); err == nil {
			err = w.Directory.ChangeOrganisation(ctx, a, in)
		}
	}
	if err == nil {
		return web.Redirect("/w/"+r.PathValue("org")+"/organisations/"+in.Code).Message("success", message), nil
	}
	title := r.T("directory.new_organisation")
	if old.ID != id.Nil {
		title, typed.Code = old.In(r.Lang), old.Code
	}
	v := w.organisationView(ctx, r, a, t, old, title)
	v.organisationForm, v.Version = typed, f.Version()
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(organisationTempl(v)).Status(web.Status(errs.CodeOf(err))), nil
}

func (w *Web) organisationPage(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	if err := policy.Allow(a, policy.DirectoryOrganisation); err != nil {
		return nil, err
	}
	t, err := w.Directory.Tree(ctx)
	if err != nil {
		return nil, err
	}
	o, err := t.named(r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	return web.Page(organisationTempl(w.organisationView(ctx, r, a, t, o, o.In(r.Lang)))), nil
}
