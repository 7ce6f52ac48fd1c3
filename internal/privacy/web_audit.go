package privacy

import (
	"context"
	"net/url"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// AuditWeb serves the page of a workspace that tells who read what.
type AuditWeb struct {
	Privacy *Service
	Offices AuditOffices
	People  interface {
		Names(ctx context.Context, ids []id.ID) (map[id.ID]string, error)
	}
	Cases AuditCases
	// FilterWords says in words what a list was narrowed by.
	FilterWords func(lang, filter string) string
	// Workspace lets a handler act for the organisation of the address.
	Workspace func(h func(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error)) web.Handler
	Frame     func(ctx context.Context, r *web.Request, a policy.Actor, title string) (ui.Page, ui.Workspace)
}

// AuditOffices knows the organisations that readings are told of.
type AuditOffices interface {
	// IDOf finds an organisation by its code; not_found where there is none.
	IDOf(ctx context.Context, code string) (id.ID, error)
	// NamesOf gives code and short name of organisations; who is none is missing.
	NamesOf(ctx context.Context, lang string, ids []id.ID) (map[id.ID]AuditOffice, error)
}

// AuditOffice is an organisation in a list of readings.
type AuditOffice struct{ Code, Name string }

// AuditCases translates between cases and their public numbers.
type AuditCases interface {
	Numbers(ctx context.Context, ids []id.ID) (map[id.ID]string, error)
	ByNumber(ctx context.Context, number string) (id.ID, error)
}

// Routes registers the page.
func (w *AuditWeb) Routes(s *web.Server) {
	s.Handle("GET /w/{org}/reads", web.SignedIn(policy.PrivacyAudit), w.Workspace(w.page))
}

// audited are the actions that readings are recorded under, in the order of the page.
var audited = []policy.Action{policy.CaseworkRead, policy.CaseworkHistory, policy.AttachmentRead, policy.CaseworkList}

type auditView struct {
	ui.Page
	Work    ui.Workspace
	Code    string
	Filters ui.FiltersProps
	Fields  []errs.Field
	List    []auditLine
	Nobody  string // what an empty list says; "": the filter is not understood, so nothing is said
	Next    string
}

// auditLine is a record in words.
type auditLine struct {
	When, Who, WhoHref, Role, Office, What, Case, Reason, Filter string
}

// asked is the filter as it stands in the address.
type asked struct {
	Of, Person, What, Number, Until string
}

func (q asked) values() url.Values {
	v := url.Values{}
	for _, p := range [][2]string{{"of", q.Of}, {"person", q.Person}, {"what", q.What}, {"number", q.Number}, {"until", q.Until}} {
		if p[1] != "" {
			v.Set(p[0], p[1])
		}
	}
	return v
}

func (q asked) href(code string, more ...string) string {
	v := q.values()
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	if len(v) == 0 {
		return "/w/" + code + "/reads"
	}
	return "/w/" + code + "/reads?" + v.Encode()
}

func (w *AuditWeb) page(ctx context.Context, r *web.Request, a policy.Actor) (web.Response, error) {
	if _, err := policy.Check(a, policy.PrivacyAudit, policy.Object{Organisation: a.Organisation}); err != nil {
		return nil, err
	}
	p, work := w.Frame(ctx, r, a, r.T("privacy.audit"))
	v := &auditView{Page: p, Work: work, Code: r.PathValue("org")}
	f, err := r.Form()
	if err != nil {
		return nil, err
	}
	q := asked{Of: f.Text("of", 64), Person: f.Raw("person"), What: f.Raw("what"), Number: f.Text("number", 40), Until: f.Text("until", 10)}
	org, filter, err := w.filter(ctx, r, a, f, q)
	if err != nil {
		return nil, err
	}
	v.Fields = f.Broken()
	v.Filters = v.filters(r, a, q)
	if len(v.Fields) > 0 {
		return web.Rejected(auditTempl(v)), nil
	}
	var at Page
	cur, err := r.Cursors().Decode(f.Raw("after"), q)
	if err != nil {
		return nil, err
	}
	if cur != nil {
		at.At, at.ID = time.UnixMilli(cur.Int(0)).UTC(), cur.ID
	}
	list, more, err := w.Privacy.Audited(ctx, a, org, filter, at)
	if err != nil {
		return nil, err
	}
	if err := w.words(ctx, r, v, q, list); err != nil {
		return nil, err
	}
	v.Nobody = r.T(nobody(a, org))
	if more {
		last := list[len(list)-1]
		v.Next = q.href(v.Code, "after", r.Cursors().Encode(web.Cursor{Sort: []any{last.At.UnixMilli()}, ID: last.ID}, q))
	}
	return web.Page(auditTempl(v)), nil
}

// nobody is the word for an empty list: it names whose readings were looked for.
func nobody(a policy.Actor, org id.ID) string {
	switch org {
	case id.Nil:
		return "privacy.audit_none_all"
	case a.Organisation:
		return "privacy.audit_none_own"
	}
	return "privacy.audit_none_of"
}

// filter understands what was asked; what can't be is broken in f. org is Nil
// for all organisations: whoever may look into every one and names none.
func (w *AuditWeb) filter(ctx context.Context, r *web.Request, a policy.Actor, f *web.Form, q asked) (org id.ID, out AuditFilter, err error) {
	if !policy.May(a, policy.PrivacyAudit, policy.Object{}) {
		org = a.Organisation
	}
	if q.Of != "" {
		of, err := w.Offices.IDOf(ctx, q.Of)
		switch {
		case errs.Is(err, errs.NotFound):
			f.Break("of", "unknown")
		case err != nil:
			return org, out, err
		default:
			org = of
		}
	}
	out.Person = f.ID("person")
	out.What = policy.Action(f.Choice("what", actionNames()...))
	if out.Thing, err = w.caseOf(ctx, q.Number); err != nil {
		return org, out, err
	}
	if q.Until != "" {
		day, err := time.ParseInLocation(time.DateOnly, q.Until, r.Zone)
		if err != nil {
			f.Break("until", "date")
		}
		out.Until = day.AddDate(0, 0, 1) // that day too
	}
	return org, out, nil
}

func actionNames() []string {
	out := make([]string, len(audited))
	for i, a := range audited {
		out[i] = string(a)
	}
	return out
}

func (v *auditView) filters(r *web.Request, a policy.Actor, q asked) ui.FiltersProps {
	wrong := func(name string) string {
		for _, f := range v.Fields {
			if f.Name == name {
				return i18n.Field(r.Lang, f)
			}
		}
		return ""
	}
	kinds := make([]ui.Option, len(audited))
	for i, x := range audited {
		kinds[i] = ui.Option{Value: string(x), Text: auditWhat(r.Lang, x)}
	}
	out := ui.FiltersProps{Action: "/w/" + v.Code + "/reads", Label: r.T("privacy.audit_filter"),
		Search: &ui.InputProps{FieldProps: ui.FieldProps{ID: "number", Label: r.T("privacy.audit_number"), Error: wrong("number")}, Value: q.Number, Autocomplete: "off"},
		Inputs: []ui.InputProps{{FieldProps: ui.FieldProps{ID: "until", Label: r.T("privacy.audit_until"), Error: wrong("until")}, Value: q.Until, Type: "date"}},
		Selects: []ui.SelectProps{{FieldProps: ui.FieldProps{ID: "what", Label: r.T("privacy.audit_what"), Error: wrong("what")}, Value: q.What,
			Empty: r.T("privacy.audit_all"), Options: kinds}}}
	if a.Has(policy.RegionAdmin) {
		out.Inputs = append(out.Inputs, ui.InputProps{FieldProps: ui.FieldProps{ID: "of", Label: r.T("privacy.audit_of"), Error: wrong("of")}, Value: q.Of, Autocomplete: "off"})
	}
	if q.Person != "" {
		rest := q
		rest.Person = ""
		out.Hidden = map[string]string{"person": q.Person}
		out.Applied = []ui.TagProps{{Text: r.T("privacy.audit_one"), RemoveHref: rest.href(v.Code), RemoveLabel: r.T("privacy.audit_one_remove")}}
	}
	if len(q.values()) > 0 {
		out.Clear = asked{}.href(v.Code)
	}
	return out
}

// words finds the names that records are shown with.
func (w *AuditWeb) words(ctx context.Context, r *web.Request, v *auditView, q asked, list []Record) error {
	var people, things, orgs []id.ID
	for _, x := range list {
		if x.Person != id.Nil {
			people = append(people, x.Person)
		}
		if x.Organisation != id.Nil {
			orgs = append(orgs, x.Organisation)
		}
		if x.Thing != id.Nil {
			things = append(things, x.Thing)
		}
	}
	names, err := w.People.Names(ctx, people)
	if err != nil {
		return err
	}
	numbers, err := w.Cases.Numbers(ctx, things)
	if err != nil {
		return err
	}
	offices, err := w.Offices.NamesOf(ctx, r.Lang, orgs)
	if err != nil {
		return err
	}
	for _, x := range list {
		line := auditLine{When: i18n.DateTime(r.Lang, x.At, r.Zone), What: auditWhat(r.Lang, x.What), Reason: x.Reason, Role: officeRole(r.Lang, x.Role)}
		line.Office = offices[x.Organisation].Name
		if x.Filter != "" {
			line.Filter = w.FilterWords(r.Lang, x.Filter)
		}
		if n := numbers[x.Thing]; n != "" {
			line.Case = r.T("case.numbered", i18n.Args{"Number": id.ShowNumber(n)})
		} else if x.Thing == id.Nil && x.Shown > 0 {
			line.Case = i18n.N(r.Lang, "privacy.audit_rows", x.Shown)
		}
		if x.Person == id.Nil {
			line.Who = r.T("privacy.operator")
		} else {
			one := q
			one.Person = x.Person.String()
			line.Who, line.WhoHref = names[x.Person], one.href(v.Code)
			if line.Who == "" {
				line.Who = r.T("privacy.audit_gone")
			}
		}
		v.List = append(v.List, line)
	}
	return nil
}

// auditWhat says in words what was read, of somebody's.
func auditWhat(lang string, a policy.Action) string {
	switch a {
	case policy.CaseworkRead:
		return i18n.T(lang, "privacy.audit_case")
	case policy.CaseworkHistory:
		return i18n.T(lang, "privacy.audit_history")
	case policy.AttachmentRead:
		return i18n.T(lang, "privacy.audit_file")
	case policy.CaseworkList:
		return i18n.T(lang, "privacy.audit_list")
	}
	return i18n.T(lang, "privacy.audit_other")
}

// officeRole is a role of an office in words; "" for what is none.
func officeRole(lang, role string) string {
	switch policy.Role(role) {
	case policy.Moderator, policy.Coordinator, policy.Handler, policy.Approver, policy.Supervisor, policy.OrgAdmin, policy.RegionAdmin:
		return i18n.T(lang, "directory.role_"+role)
	}
	return ""
}
