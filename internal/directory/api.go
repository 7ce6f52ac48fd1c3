package directory

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// OrganisationJSON is an organisation in the API.
type OrganisationJSON struct {
	ID          string          `json:"id"`
	Code        string          `json:"code"`
	Parent      string          `json:"parent,omitempty" doc:"Code of the organisation above"`
	Kind        string          `json:"kind"`
	Name        string          `json:"name"`
	NameEN      string          `json:"name_en,omitempty"`
	ShortName   string          `json:"short_name,omitempty"`
	Zone        string          `json:"zone" doc:"IANA time zone in which its terms are counted"`
	Hours       json.RawMessage `json:"hours" doc:"Working week by weekday"`
	Territories []string        `json:"territories,omitempty" doc:"Codes of territories"`
	Active      bool            `json:"active"`
	Version     int64           `json:"version"`
}

// OfficerJSON is an office in the API.
type OfficerJSON struct {
	Person      string     `json:"person"`
	Name        string     `json:"name"`
	Roles       []string   `json:"roles"`
	Title       string     `json:"title"`
	TitleEN     string     `json:"title_en,omitempty"`
	Since       time.Time  `json:"since"`
	AbsentUntil *time.Time `json:"absent_until,omitempty" doc:"Away until this moment"`
	Version     int64      `json:"version"`
}

// OfficeBody is what a call sets of an office.
type OfficeBody struct {
	Roles       []string   `json:"roles" minItems:"1" maxItems:"10"`
	Title       string     `json:"title" minLength:"1" maxLength:"120"`
	TitleEN     string     `json:"title_en,omitempty" maxLength:"120"`
	AbsentUntil *time.Time `json:"absent_until,omitempty"`
}

func (b OfficeBody) office() Office {
	o := Office{Title: b.Title, TitleEN: b.TitleEN}
	for _, r := range b.Roles {
		o.Roles = append(o.Roles, policy.Role(r))
	}
	if b.AbsentUntil != nil {
		o.AbsentUntil = b.AbsentUntil.UTC().Truncate(time.Millisecond)
	}
	return o
}

// OfficerPath names an officer of an organisation in an address.
type OfficerPath struct {
	Code   string `path:"code" maxLength:"64"`
	Person api.ID `path:"person"`
}

type officerOutput struct {
	ETag string `header:"ETag"`
	Body OfficerJSON
}

type organisationOutput struct {
	ETag string `header:"ETag"`
	Body OrganisationJSON
}

// API registers this module's operations.
func (s *Service) API(a *api.API) {
	api.Register(a, api.Operation{ID: "list-organisations", Method: "GET", Path: "/organisations", Tag: "Organisations", Open: true,
		Summary: "Organisations by code, or those that a query finds"}, policy.DirectoryRead, s.apiOrganisations)
	api.Register(a, api.Operation{ID: "get-organisation", Method: "GET", Path: "/organisations/{code}", Tag: "Organisations", Open: true,
		Summary: "One organisation"}, policy.DirectoryRead, s.apiOrganisation)
	api.Register(a, api.Operation{ID: "change-hours", Method: "PUT", Path: "/organisations/{code}/hours", Tag: "Organisations", IfMatch: true,
		Summary: "Set the zone and the working week"}, policy.DirectoryHours, s.apiHours)
	api.Register(a, api.Operation{ID: "list-officers", Method: "GET", Path: "/organisations/{code}/officers", Tag: "Organisations",
		Summary: "Officers of an organisation"}, policy.DirectoryOfficers, s.apiOfficers)
	api.Register(a, api.Operation{ID: "add-officer", Method: "POST", Path: "/organisations/{code}/officers", Tag: "Organisations", Create: true,
		Summary: "Make the holder of a login an officer"}, policy.DirectoryManage, s.apiAddOfficer)
	api.Register(a, api.Operation{ID: "change-officer", Method: "PUT", Path: "/organisations/{code}/officers/{person}", Tag: "Organisations", IfMatch: true,
		Summary: "Set roles, title and absence"}, policy.DirectoryManage, s.apiChangeOfficer)
	api.Register(a, api.Operation{ID: "remove-officer", Method: "DELETE", Path: "/organisations/{code}/officers/{person}", Tag: "Organisations", IfMatch: true,
		Status: http.StatusNoContent, Summary: "End an office"}, policy.DirectoryManage, s.apiRemoveOfficer)
}

func (s *Service) apiOrganisations(ctx context.Context, c api.Call, in *struct {
	api.PageInput
	Query  string `query:"q" maxLength:"100" doc:"Words of the name or code; the best come first and there is one page"`
	Parent string `query:"parent" maxLength:"64" doc:"Code: only those directly below it"`
}) (*struct{ Body api.Page[OrganisationJSON] }, error) {
	if err := policy.Allow(c.Actor, policy.DirectoryRead); err != nil {
		return nil, err
	}
	t, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[OrganisationJSON] }{}
	out.Body.Items = []OrganisationJSON{}
	if in.Query != "" {
		for _, o := range t.Find(in.Query, in.Limit) {
			out.Body.Items = append(out.Body.Items, t.json(o))
		}
		return out, nil
	}
	filter := "parent=" + in.Parent
	at, err := c.Cursor(in.Cursor, filter)
	if err != nil {
		return nil, err
	}
	var list []Organisation
	if in.Parent != "" {
		parent, ok := t.ByCode(in.Parent)
		if !ok {
			return nil, errs.InvalidFields(errs.Field{Name: "parent", Rule: "unknown"})
		}
		list = t.Children(parent.ID)
	} else {
		t.Walk(id.Nil, func(o Organisation, _ int) bool { list = append(list, o); return true })
	}
	slices.SortFunc(list, func(x, y Organisation) int { return strings.Compare(x.Code, y.Code) })
	for _, o := range list {
		if at != nil && o.Code <= at.Text(0) {
			continue
		}
		if n := len(out.Body.Items); n == in.Limit {
			last := out.Body.Items[n-1]
			org, _ := t.ByCode(last.Code)
			out.Body.Next = c.Next(&web.Cursor{Sort: []any{last.Code}, ID: org.ID}, filter)
			break
		}
		out.Body.Items = append(out.Body.Items, t.json(o))
	}
	total := min(len(list), 1000)
	out.Body.Total, out.Body.More = &total, len(list) > 1000
	return out, nil
}

// json shows o; its hours always encode, for they were checked when they were set.
func (t *Tree) json(o Organisation) OrganisationJSON {
	parent, _ := t.Get(o.Parent)
	text, err := o.hoursText()
	if err != nil {
		text = "null"
	}
	return OrganisationJSON{ID: o.ID.String(), Code: o.Code, Parent: parent.Code, Kind: string(o.Kind), Name: o.Name, NameEN: o.NameEN,
		ShortName: o.ShortName, Zone: o.Zone(), Hours: json.RawMessage(text), Territories: o.Territories, Active: o.Active, Version: o.Version}
}

func (s *Service) byCode(ctx context.Context, code string) (*Tree, Organisation, error) {
	t, err := s.Tree(ctx)
	if err != nil {
		return nil, Organisation{}, err
	}
	o, ok := t.ByCode(code)
	if !ok {
		return nil, Organisation{}, errs.New(errs.NotFound, "")
	}
	return t, o, nil
}

func (s *Service) apiOrganisation(ctx context.Context, c api.Call, in *struct {
	Code string `path:"code" maxLength:"64"`
}) (*organisationOutput, error) {
	if err := policy.Allow(c.Actor, policy.DirectoryRead); err != nil {
		return nil, err
	}
	t, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return &organisationOutput{web.ETag(o.Version), t.json(o)}, nil
}

func (s *Service) apiHours(ctx context.Context, c api.Call, in *struct {
	Code string `path:"code" maxLength:"64"`
	Body struct {
		Zone string `json:"zone" maxLength:"64" doc:"IANA time zone"`
		Week string `json:"week" maxLength:"500" doc:"Days from 1 (Monday), then hours: 1-4 09:00-13:00,14:00-18:00; 5 09:00-16:45"`
	}
}) (*organisationOutput, error) {
	_, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	week, err := ParseWeek(in.Body.Week)
	if err != nil {
		return nil, err
	}
	h, err := calendar.NewHours(in.Body.Zone, week)
	if err != nil {
		return nil, err
	}
	if err := s.ChangeHours(ctx, c.Actor, o.ID, c.Version, h); err != nil {
		return nil, err
	}
	t, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	o, _ = t.Get(o.ID)
	return &organisationOutput{web.ETag(o.Version), t.json(o)}, nil
}

func (s *Service) apiOfficers(ctx context.Context, c api.Call, in *struct {
	api.PageInput
	Code string `path:"code" maxLength:"64"`
}) (*struct{ Body api.Page[OfficerJSON] }, error) {
	_, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	at, err := c.Cursor(in.Cursor, in.Code)
	if err != nil {
		return nil, err
	}
	after := id.Nil
	if at != nil {
		after = at.ID
	}
	list, more, err := s.Officers(ctx, c.Actor, o.ID, after, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[OfficerJSON] }{}
	out.Body.Items = []OfficerJSON{}
	for _, x := range list {
		out.Body.Items = append(out.Body.Items, x.json())
	}
	if more {
		out.Body.Next = c.Next(&web.Cursor{ID: list[len(list)-1].Person}, in.Code)
	}
	return out, nil
}

func (n Named) json() OfficerJSON {
	out := OfficerJSON{Person: n.Person.String(), Name: n.Name, Title: n.Title, TitleEN: n.TitleEN, Since: n.Since, Version: n.Version, Roles: []string{}}
	for _, r := range n.Roles {
		out.Roles = append(out.Roles, string(r))
	}
	if !n.AbsentUntil.IsZero() {
		out.AbsentUntil = &n.AbsentUntil
	}
	return out
}

func (s *Service) apiAddOfficer(ctx context.Context, c api.Call, in *struct {
	Code string `path:"code" maxLength:"64"`
	Body struct {
		OfficeBody
		Login string `json:"login" minLength:"1" maxLength:"100" doc:"Login or e-mail address of an existing account"`
	}
}) (*officerOutput, error) {
	_, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	person, err := s.AddOfficerByLogin(ctx, c.Actor, o.ID, in.Body.Login, in.Body.office(), c.Key)
	if err != nil {
		return nil, err
	}
	return s.apiOfficer(ctx, c, o.ID, person)
}

func (s *Service) apiOfficer(ctx context.Context, c api.Call, org, person id.ID) (*officerOutput, error) {
	n, err := s.Officer(ctx, c.Actor, org, person)
	if err != nil {
		return nil, err
	}
	return &officerOutput{web.ETag(n.Version), n.json()}, nil
}

func (s *Service) apiChangeOfficer(ctx context.Context, c api.Call, in *struct {
	OfficerPath
	Body OfficeBody
}) (*officerOutput, error) {
	_, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	person, err := in.Person.Parse()
	if err != nil {
		return nil, err
	}
	if err := s.ChangeOfficer(ctx, c.Actor, o.ID, person, c.Version, in.Body.office()); err != nil {
		return nil, err
	}
	return s.apiOfficer(ctx, c, o.ID, person)
}

func (s *Service) apiRemoveOfficer(ctx context.Context, c api.Call, in *OfficerPath) (*struct{}, error) {
	_, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	person, err := in.Person.Parse()
	if err != nil {
		return nil, err
	}
	return &struct{}{}, s.RemoveOfficer(ctx, c.Actor, o.ID, person, c.Version)
}
