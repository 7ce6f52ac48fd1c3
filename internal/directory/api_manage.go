package directory

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// manageAPI registers what administrators of organisations change.
func manageAPI(a *api.API, s *Service) {
	organisationsAPI(a, s)
	settingsAPI(a, s)
	api.Register(a, api.Operation{ID: "get-hours", Method: http.MethodGet, Path: "/organisations/{code}/hours", Tag: tagOrganisations, Open: true,
		Summary: "The zone and the working week, with the version that a change must name"}, policy.DirectoryRead, s.apiGetHours)
	api.Register(a, api.Operation{ID: "change-hours", Method: http.MethodPut, Path: "/organisations/{code}/hours", Tag: tagOrganisations, IfMatch: true,
		Summary: "Set the zone and the working week"}, policy.DirectoryHours, s.apiHours)
	api.Register(a, api.Operation{ID: "get-officer", Method: http.MethodGet, Path: "/organisations/{code}/officers/{person}", Tag: tagOrganisations,
		Summary: "One officer, with the version that a change must name"}, policy.DirectoryOfficers, s.apiGetOfficer)
	api.Register(a, api.Operation{ID: "add-officer", Method: http.MethodPost, Path: "/organisations/{code}/officers", Tag: tagOrganisations, Create: true,
		Summary: "Make the holder of a login an officer"}, policy.DirectoryManage, s.apiAddOfficer)
	api.Register(a, api.Operation{ID: "change-officer", Method: http.MethodPut, Path: "/organisations/{code}/officers/{person}", Tag: tagOrganisations, IfMatch: true,
		Summary: "Set roles, title and absence"}, policy.DirectoryManage, s.apiChangeOfficer)
	api.Register(a, api.Operation{ID: "remove-officer", Method: http.MethodDelete, Path: "/organisations/{code}/officers/{person}", Tag: tagOrganisations, IfMatch: true,
		Status: http.StatusNoContent, Summary: "End an office; the open cases that the officer had there become free"}, policy.DirectoryManage, s.apiRemoveOfficer)
}

// OfficeBody is what a call sets of an office.
type OfficeBody struct {
	Roles       []string   `json:"roles" minItems:"1" maxItems:"10" doc:"What they may do there"`
	Title       string     `json:"title" minLength:"1" maxLength:"120" doc:"Post"`
	TitleEN     string     `json:"title_en,omitempty" maxLength:"120" doc:"Post in English"`
	AbsentUntil *time.Time `json:"absent_until,omitempty" doc:"Away until this moment"`
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
	Code   string `path:"code" maxLength:"64" doc:"Code of the organisation"`
	Person api.ID `path:"person" doc:"Id of the person"`
}

type officerOutput struct {
	ETag string `header:"ETag"`
	Body officerBody
}

// officerBody is an office as an administrator changes it.
type officerBody struct {
	PersonID    string        `json:"person_id" doc:"Id of the person"`
	Name        string        `json:"name" doc:"Name in the caller's language"`
	Roles       []policy.Role `json:"roles" doc:"What they may do there"`
	Title       string        `json:"title" doc:"Post"`
	TitleEN     string        `json:"title_en,omitempty" doc:"Post in English"`
	Since       time.Time     `json:"since" doc:"In office since"`
	AbsentUntil *time.Time    `json:"absent_until,omitempty" doc:"Away until this moment"`
	Version     int64         `json:"version" doc:"Version; its ETag is \"v\" and this number, in quotes"`
}

// HoursBody is when an organisation works.
type HoursBody struct {
	Zone string `json:"zone" maxLength:"64" doc:"IANA time zone" example:"Europe/Moscow"`
	Week string `json:"week" maxLength:"500" doc:"Days from 1 (Monday), then hours: 1-4 09:00-13:00,14:00-18:00; 5 09:00-16:45" example:"1-5 09:00-18:00"`
}

// hours reads the week; what is wrong is said of the body's own fields.
func (b HoursBody) hours() (calendar.Hours, error) {
	week, err := ParseWeek(b.Week)
	if err != nil {
		if _, zoneErr := calendar.Office(b.Zone); zoneErr != nil {
			err = together(zoneErr, err)
		}
		return calendar.Hours{}, renamed(err, "hours", "week")
	}
	h, err := calendar.NewHours(b.Zone, week)
	return h, renamed(err, "hours", "week")
}

// renamed is err about fields under the names of a call: pairs of the use
// case's name and the call's.
func renamed(err error, pairs ...string) error {
	var e *errs.Error
	if !errors.As(err, &e) {
		return err
	}
	other := *e
	other.Fields = slices.Clone(e.Fields)
	for i := range other.Fields {
		for k := 0; k+1 < len(pairs); k += 2 {
			if other.Fields[i].Name == pairs[k] {
				other.Fields[i].Name = pairs[k+1]
				break
			}
		}
	}
	return &other
}

type hoursOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		HoursBody
		Version int64 `json:"version" doc:"Version of the organisation; its ETag is \"v\" and this number, in quotes"`
	}
}

func (s *Service) apiGetHours(ctx context.Context, c api.Call, in *CodePath) (*hoursOutput, error) {
	if err := policy.Allow(c.Actor, policy.DirectoryRead); err != nil {
		return nil, err
	}
	_, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	out := &hoursOutput{ETag: web.ETag(o.Version)}
	out.Body.HoursBody, out.Body.Version = HoursBody{o.Zone(), WeekText(o.Hours)}, o.Version
	return out, nil
}

func (s *Service) apiHours(ctx context.Context, c api.Call, in *struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the organisation"`
	Body HoursBody
}) (*organisationOutput, error) {
	_, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	h, err := in.Body.hours()
	if err != nil {
		return nil, err
	}
	if err := s.ChangeHours(ctx, c.Actor, o.ID, c.Version, h); err != nil {
		return nil, err
	}
	return s.asItStands(ctx, c, o.ID)
}

func (s *Service) apiGetOfficer(ctx context.Context, c api.Call, in *OfficerPath) (*officerOutput, error) {
	_, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	person, err := in.Person.Parse()
	if err != nil {
		return nil, err
	}
	return s.apiOfficer(ctx, c, o.ID, person)
}

func (s *Service) apiAddOfficer(ctx context.Context, c api.Call, in *struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the organisation"`
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
	out := &officerOutput{web.ETag(n.Version), officerBody{PersonID: person.String(), Name: n.Name, Roles: n.Roles, Title: n.Title,
		TitleEN: n.TitleEN, Since: n.Since, Version: n.Version}}
	if !n.AbsentUntil.IsZero() {
		out.Body.AbsentUntil = &n.AbsentUntil
	}
	return out, nil
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
