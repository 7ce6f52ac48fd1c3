package directory

import (
	"context"
	"net/http"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

// organisationsAPI registers what administrators of the region change of the tree.
func organisationsAPI(a *api.API, s *Service) {
	api.Register(a, api.Operation{ID: "add-organisation", Method: http.MethodPost, Path: "/organisations", Tag: tagOrganisations, Create: true,
		Summary: "Add an organisation to the tree", Errors: []errs.Code{errs.IdempotencyMismatch},
		Description: "For administrators of the region. It takes reports at once where the table of competence names it."}, policy.DirectoryOrganisation, s.apiAddOrganisation)
	api.Register(a, api.Operation{ID: "change-organisation", Method: http.MethodPut, Path: "/organisations/{code}", Tag: tagOrganisations, IfMatch: true,
		Summary:     "Replace what is known of an organisation",
		Description: "For administrators of the region. Everything but id and code is replaced; active false closes it: it keeps its past and takes nothing new."},
		policy.DirectoryOrganisation, s.apiChangeOrganisation)
}

// OrganisationRow is an organisation as lists show it, by a name under which
// the description finds its fields.
type OrganisationRow = organisation

// organisationFull is an organisation with all that a change may set.
type organisationFull struct {
	OrganisationRow
	NameRU      string `json:"name_ru" doc:"Name in Russian"`
	NameEN      string `json:"name_en,omitempty" doc:"Name in English"`
	ShortNameRU string `json:"short_name_ru,omitempty" doc:"Short name in Russian"`
	ShortNameEN string `json:"short_name_en,omitempty" doc:"Short name in English"`
	Week        string `json:"week" doc:"Working week: days from 1 (Monday), then hours" example:"1-5 09:00-18:00"`
	Oversees    bool   `json:"oversees" doc:"Its coordinators and supervisors read, by its territories, what other organisations hold"`
	Version     int64  `json:"version" doc:"Version; its ETag is \"v\" and this number, in quotes"`
}

type organisationOutput struct {
	ETag string `header:"ETag" doc:"Version of the organisation, for If-Match of a change"`
	Body organisationFull
}

func (t *Tree) output(lang string, o Organisation) *organisationOutput {
	return &organisationOutput{web.ETag(o.Version), organisationFull{t.describe(lang, o), o.Name, o.NameEN, o.ShortName, o.ShortNameEN,
		WeekText(o.Hours), o.Oversees, o.Version}}
}

// asItStands is an organisation after a change.
func (s *Service) asItStands(ctx context.Context, c api.Call, org id.ID) (*organisationOutput, error) {
	t, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	o, ok := t.Get(org)
	if !ok {
		return nil, errs.New(errs.NotFound, "")
	}
	return t.output(c.Request.Lang, o), nil
}

// OrganisationBody is what a call sets of an organisation.
type OrganisationBody struct {
	Kind        Kind     `json:"kind" enum:"region,government,federal,municipal,settlement,institution,utility,managing" doc:"What kind it is"`
	NameRU      string   `json:"name_ru" minLength:"1" maxLength:"250" doc:"Name in Russian" example:"Комитет по дорожному хозяйству"`
	NameEN      string   `json:"name_en,omitempty" maxLength:"250" doc:"Name in English"`
	ShortNameRU string   `json:"short_name_ru,omitempty" maxLength:"60" doc:"For lists and narrow columns"`
	ShortNameEN string   `json:"short_name_en,omitempty" maxLength:"60" doc:"The same in English"`
	Parent      string   `json:"parent,omitempty" maxLength:"64" doc:"Code of the organisation above it; absent: none" example:"reg"`
	Territories []string `json:"territories,omitempty" maxItems:"200" doc:"Codes of territories it answers for; none: all"`
	Oversees    bool     `json:"oversees,omitempty" doc:"Its coordinators and supervisors read, by its territories, what other organisations hold"`
	HoursBody
}

// read makes an organisation of the body, in the tree that stands now.
func (b OrganisationBody) read(t *Tree) (Organisation, error) {
	o := Organisation{Kind: b.Kind, Name: b.NameRU, NameEN: b.NameEN, ShortName: b.ShortNameRU, ShortNameEN: b.ShortNameEN,
		Territories: b.Territories, Oversees: b.Oversees}
	var missing error
	if b.Parent != "" {
		p, ok := t.ByCode(b.Parent)
		if !ok {
			missing = errs.InvalidFields(errs.Field{Name: "parent", Rule: "unknown"})
		}
		o.Parent = p.ID
	}
	h, err := b.hours()
	o.Hours = h
	return o, together(missing, err)
}

// named gives an error about fields the names of the body.
func (OrganisationBody) named(err error) error {
	return renamed(err, "name", "name_ru", "short_name", "short_name_ru", "hours", "week")
}

type organisationMade struct {
	ETag     string `header:"ETag" doc:"Version of the organisation, for If-Match of a change"`
	Location string `header:"Location" doc:"Address of the organisation in the API"`
	Body     organisationFull
}

func (s *Service) apiAddOrganisation(ctx context.Context, c api.Call, in *struct {
	Body struct {
		OrganisationBody
		Code string `json:"code" minLength:"1" maxLength:"64" pattern:"^[a-z][a-z0-9]*([._-][a-z0-9]+)*$" doc:"Names it for ever" example:"reg.roads"`
	}
}) (*organisationMade, error) {
	if err := policy.Allow(c.Actor, policy.DirectoryOrganisation); err != nil {
		return nil, err
	}
	t, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	o, err := in.Body.read(t)
	o.Code = in.Body.Code
	if err != nil {
		o.clean()
		return nil, in.Body.named(together(err, s.fits(t, Organisation{}, o)))
	}
	if o, err = s.addOrganisation(ctx, c.Actor, o, c.Key); err != nil {
		return nil, in.Body.named(err)
	}
	out, err := s.asItStands(ctx, c, o.ID)
	if err != nil {
		return nil, err
	}
	return &organisationMade{out.ETag, api.Prefix + "/organisations/" + o.Code, out.Body}, nil
}

func (s *Service) apiChangeOrganisation(ctx context.Context, c api.Call, in *struct {
	CodePath
	Body struct {
		OrganisationBody
		Active bool `json:"active" doc:"It takes reports; false closes it"`
	}
}) (*organisationOutput, error) {
	if err := policy.Allow(c.Actor, policy.DirectoryOrganisation); err != nil {
		return nil, err
	}
	t, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	old, err := t.named(in.Code)
	if err != nil {
		return nil, err
	}
	o, err := in.Body.read(t)
	if err != nil {
		o.clean()
		o.Code = old.Code
		return nil, in.Body.named(together(err, s.fits(t, old, o)))
	}
	o.ID, o.Version, o.Active = old.ID, c.Version, in.Body.Active
	if err := s.ChangeOrganisation(ctx, c.Actor, o); err != nil {
		return nil, in.Body.named(err)
	}
	return s.asItStands(ctx, c, o.ID)
}
