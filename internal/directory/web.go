package directory

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// Web serves the pages of a workspace that belong to the directory.
type Web struct {
	Directory *Service
	// Frame makes the frame of a page in the workspace of the acting organisation.
	Frame func(ctx context.Context, r *web.Request, a policy.Actor, title string) (ui.Page, ui.Workspace)
	// Areas lists the territories that an organisation may answer for; nil: none can be chosen.
	Areas func(lang string) []ui.Option
}

// pageSize is how many officers a page shows.
const pageSize = 50

// Routes registers the pages. CODE of the organisation stands in the address.
func (w *Web) Routes(s *web.Server) {
	s.Handle("GET /w/{org}/officers", web.SignedIn(policy.DirectoryOfficers), w.in(w.officersPage))
	s.Handle("POST /w/{org}/officers", web.SignedIn(policy.DirectoryManage), w.in(w.addOfficer))
	s.Handle("GET /w/{org}/officers/{person}", web.SignedIn(policy.DirectoryManage), w.in(w.officerPage))
	s.Handle("POST /w/{org}/officers/{person}", web.SignedIn(policy.DirectoryManage), w.in(w.changeOfficer))
	s.Handle("POST /w/{org}/officers/{person}/remove", web.SignedIn(policy.DirectoryManage), w.in(w.removeOfficer), web.NoWords())
	s.Handle("GET /w/{org}/hours", web.SignedIn(policy.DirectoryHours), w.in(w.hoursPage))
	s.Handle("POST /w/{org}/hours", web.SignedIn(policy.DirectoryHours), w.in(w.changeHours))
	w.organisationRoutes(s)
	w.settingRoutes(s)
}

// Workspace wraps a handler of /w/{org}/…: the actor acts for the organisation
// of the address, and who holds no office there gets not_found.
func (s *Service) Workspace(h func(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error)) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		a, err := s.Acting(ctx, r.Actor, r.PathValue("org"))
		if err != nil {
			return nil, err
		}
		return h(ctx, r, a)
	}
}

func (w *Web) in(h func(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error)) web.Handler {
	return w.Directory.Workspace(h)
}

// form is what a form's page needs beside its own fields.
type form struct {
	ui.Page
	Work   ui.Workspace
	Code   string // of the organisation whose workspace it is
	About  string // code of the organisation that the page is about; "": the same
	Fields []errs.Field
	Notice string
}

func (w *Web) form(ctx context.Context, r *web.Request, a policy.Actor, title string) form {
	p, work := w.Frame(ctx, r, a, title)
	return form{Page: p, Work: work, Code: r.PathValue("org"), About: r.PathValue("code")}
}

// path is the address of a page about the organisation that this page is about.
func (f form) path(parts ...string) string {
	if f.About != "" {
		return f.tree() + "/" + f.About + "/" + strings.Join(parts, "/")
	}
	return "/w/" + f.Code + "/" + strings.Join(parts, "/")
}

// tree is the address of the list of organisations.
func (f form) tree() string { return "/w/" + f.Code + "/organisations" }

// about is the organisation that a page is about: that of the workspace, or the
// one that the address names below it. Whom the actor may not manage there is
// decided by the use case.
func (w *Web) about(ctx context.Context, r *web.Request, a policy.Actor) (Organisation, error) {
	code := r.PathValue("code")
	if code == "" {
		return w.Directory.Organisation(ctx, a.Organisation)
	}
	if err := policy.Allow(a, policy.DirectoryOrganisation); err != nil {
		return Organisation{}, err
	}
	t, err := w.Directory.Tree(ctx)
	if err != nil {
		return Organisation{}, err
	}
	return t.named(code)
}

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
	key := "directory." + name
	switch name {
	case "absent":
		key = "directory.absent_until"
	case "hours":
		key = "directory.week"
	case "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday":
		return dayName(lang, name)
	}
	if !i18n.Has(lang, key) {
		return ""
	}
	return i18n.T(lang, key)
}

// took tells whether err belongs on the form, which is then shown again.
func (f *form) took(err error) bool {
	var e *errs.Error
	if !errors.As(err, &e) {
		return false
	}
	if e.Code == errs.Invalid && len(e.Fields) > 0 {
		f.Fields = slices.Clone(e.Fields)
		for i := range f.Fields {
			if f.Fields[i].Name == "absent_until" { // a moment; the form has a day
				f.Fields[i].Name = "absent"
			}
		}
		return true
	}
	if web.Unsaved(err) || e.Code == errs.Conflict || e.Code == errs.Stale || e.Code == errs.Forbidden && e.Key != "" {
		f.Notice = i18n.Error(f.Lang, err)
		return true
	}
	return false
}

type officersView struct {
	form
	Of     string // name of the organisation where it isn't that of the workspace
	List   []Named
	Next   string
	Manage bool
	Now    time.Time
	Zone   *time.Location
	Office officeForm
}

// officeForm is what is typed of an office.
type officeForm struct {
	Login, Title, TitleEN, Absent string
	Roles                         []string
	Region                        bool // may grant the region administrator's role
}

func readOffice(f *web.Form, zone *time.Location) (officeForm, Office) {
	t := officeForm{Login: f.Raw("login"), Title: f.Raw("title"), TitleEN: f.Raw("title_en"), Roles: f.All("roles", 20)}
	in := Office{Title: f.Text("title", maxTitle), TitleEN: f.Text("title_en", maxTitle)}
	for _, r := range t.Roles {
		in.Roles = append(in.Roles, policy.Role(r))
	}
	if t.Absent = f.Text("absent", 10); t.Absent != "" {
		day, err := time.ParseInLocation(time.DateOnly, t.Absent, zone)
		if err != nil {
			f.Break("absent", "date")
		}
		in.AbsentUntil = day.AddDate(0, 0, 1) // to the end of that day
	}
	return t, in
}

func (w *Web) officersView(ctx context.Context, r *web.Request, a policy.Actor, org Organisation, after id.ID) (*officersView, error) {
	list, more, err := w.Directory.Officers(ctx, a, org.ID, after, pageSize)
	if err != nil {
		return nil, err
	}
	// Absences end at the organisation's midnight.
	v := &officersView{form: w.form(ctx, r, a, r.T("directory.officers")), List: list, Now: r.Now, Zone: org.Hours.Location(),
		Manage: policy.May(a, policy.DirectoryManage, policy.Object{Organisation: org.ID})}
	if v.About != "" {
		v.Of = org.In(r.Lang)
	}
	v.Office.Region = a.Has(policy.RegionAdmin)
	if more {
		v.Next = v.path("officers") + "?after=" + list[len(list)-1].Person.String()
	}
	return v, nil
}

func (w *Web) officersPage(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	after := f.ID("after")
	if err := f.Err(); err != nil {
		return nil, err
	}
	org, err := w.about(ctx, r, a)
	if err != nil {
		return nil, err
	}
	v, err := w.officersView(ctx, r, a, org, after)
	if err != nil {
		return nil, err
	}
	return web.Page(officersTempl(v)), nil
}

func (w *Web) addOfficer(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	org, err := w.about(ctx, r, a)
	if err != nil {
		return nil, err
	}
	if _, err := policy.Check(a, policy.DirectoryManage, policy.Object{Organisation: org.ID}); err != nil {
		return nil, err
	}
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	typed, in := readOffice(f, org.Hours.Location())
	if f.Raw("login") == "" {
		f.Break("login", "required")
	}
	if err = f.Err(); err == nil {
		key := f.Raw(web.KeyName)
		if !web.ValidKey(key) {
			key = ""
		}
		_, err = w.Directory.AddOfficerByLogin(ctx, a, org.ID, typed.Login, in, key)
	}
	if err == nil {
		return web.Redirect(w.form(ctx, r, a, "").path("officers")).Message("success", "directory.officer_added"), nil
	}
	v, err2 := w.officersView(ctx, r, a, org, id.Nil)
	if err2 != nil {
		return nil, err2
	}
	typed.Region = v.Office.Region
	v.Office = typed
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(officersTempl(v)).Status(web.Status(errs.CodeOf(err))), nil
}

type officerView struct {
	form
	officeForm
	Organisation Organisation
	Officer      Named
	Self         bool
	Held         int // open cases
}

func (w *Web) officer(ctx context.Context, r *web.Request, a policy.Actor) (*officerView, error) {
	org, err := w.about(ctx, r, a)
	if err != nil {
		return nil, err
	}
	if _, err := policy.Check(a, policy.DirectoryManage, policy.Object{Organisation: org.ID}); err != nil {
		return nil, err
	}
	person, err := id.Parse(r.PathValue("person"))
	if err != nil {
		return nil, errs.New(errs.NotFound, "")
	}
	o, err := w.Directory.Officer(ctx, a, org.ID, person)
	if err != nil {
		return nil, err
	}
	v := &officerView{form: w.form(ctx, r, a, o.Name), Organisation: org, Officer: o, Self: person == a.Person,
		officeForm: officeForm{Title: o.Title, TitleEN: o.TitleEN, Region: a.Has(policy.RegionAdmin) || slices.Contains(o.Roles, policy.RegionAdmin)}}
	for _, role := range o.Roles {
		v.officeForm.Roles = append(v.officeForm.Roles, string(role))
	}
	if v.Held, err = w.Directory.held(ctx, org.ID, person); err != nil {
		return nil, err
	}
	if o.Absent(r.Now) {
		v.Absent = o.AbsentUntil.In(org.Hours.Location()).AddDate(0, 0, -1).Format(time.DateOnly)
	}
	return v, nil
}

func (w *Web) officerPage(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	v, err := w.officer(ctx, r, a)
	if err != nil {
		return nil, err
	}
	return web.Page(officerTempl(v)), nil
}

func (w *Web) changeOfficer(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	v, err := w.officer(ctx, r, a)
	if err != nil {
		return nil, err
	}
	typed, in := readOffice(f, v.Organisation.Hours.Location())
	version := f.Version()
	if err = f.Err(); err == nil {
		err = w.Directory.ChangeOfficer(ctx, a, v.Organisation.ID, v.Officer.Person, version, in)
	}
	if err == nil {
		return web.Redirect(v.path("officers")).Message("success", "directory.officer_changed"), nil
	}
	typed.Region = v.Region
	v.officeForm = typed
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(officerTempl(v)).Status(web.Status(errs.CodeOf(err))), nil
}

func (w *Web) removeOfficer(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	v, err := w.officer(ctx, r, a)
	if err != nil {
		return nil, err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = w.Directory.RemoveOfficer(ctx, a, v.Organisation.ID, v.Officer.Person, version)
	}
	if err == nil {
		return web.Redirect(v.path("officers")).Message("success", "directory.officer_removed"), nil
	}
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(officerTempl(v)).Status(web.Status(errs.CodeOf(err))), nil
}

type hoursView struct {
	form
	Version int64
	Zone    string
	Week    weekForm
}

func (w *Web) hoursPage(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	if _, err := policy.Check(a, policy.DirectoryHours, policy.Object{Organisation: a.Organisation}); err != nil {
		return nil, err
	}
	o, err := w.Directory.Organisation(ctx, a.Organisation)
	if err != nil {
		return nil, err
	}
	return web.Page(hoursTempl(&hoursView{w.form(ctx, r, a, r.T("directory.hours")), o.Version, o.Zone(), weekOf(o.Hours)})), nil
}

func (w *Web) changeHours(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	if _, err := policy.Check(a, policy.DirectoryHours, policy.Object{Organisation: a.Organisation}); err != nil {
		return nil, err
	}
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := &hoursView{w.form(ctx, r, a, r.T("directory.hours")), f.Version(), f.Text("zone", 64), nil}
	typed, week, weekErr := readWeek(f)
	v.Week = typed
	h, hoursErr := typed.hours(v.Zone, week, weekErr)
	err = together(f.Err(), hoursErr)
	if err == nil {
		err = w.Directory.ChangeHours(ctx, a, a.Organisation, v.Version, h)
	}
	if err == nil {
		return web.Redirect(v.path("hours")).Message("success", "directory.hours_saved"), nil
	}
	if !v.took(err) {
		return nil, err
	}
	return web.Rejected(hoursTempl(v)).Status(web.Status(errs.CodeOf(err))), nil
}
