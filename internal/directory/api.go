package directory

import (
	"context"
	"net/http"
	"slices"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

const tagOrganisations = "Organisations"

// API registers the search of organisations, their officers, and the caller's
// own workplaces.
func API(a *api.API, s *Service) {
	api.Register(a, api.Operation{ID: "search-organisations", Method: http.MethodGet, Path: "/organisations", Tag: tagOrganisations, Open: true,
		Summary:     "Organisations by words of their name, or one step of their tree",
		Description: "With `q` those whose name or code fits, the best first. Without: the parts of the organisation `under`, or those that no other stands above."},
		policy.DirectoryRead, s.searchCall)
	api.Register(a, api.Operation{ID: "get-organisation", Method: http.MethodGet, Path: "/organisations/{code}", Tag: tagOrganisations, Open: true,
		Summary: "One organisation, with the version that a change must name"}, policy.DirectoryRead, s.organisationCall)
	api.Register(a, api.Operation{ID: "list-officers", Method: http.MethodGet, Path: "/organisations/{code}/officers", Tag: tagOrganisations,
		Summary:     "Officers of an organisation",
		Description: "For those who work in it or oversee it; to others there are no officers there."}, policy.DirectoryOfficers, s.officersCall)
	api.Register(a, api.Operation{ID: "my-workplaces", Method: http.MethodGet, Path: "/me/workplaces", Tag: "Caller",
		Summary:     "Where the caller holds an office",
		Description: "A token acts for one of them: the one named when it was made."}, policy.DirectoryRead, s.workplacesCall)
	manageAPI(a, s)
}

type organisation struct {
	ID          string   `json:"id" doc:"Id"`
	Code        string   `json:"code" doc:"Names it for ever" example:"roads"`
	Kind        Kind     `json:"kind" enum:"region,government,federal,municipal,settlement,institution,utility,managing" doc:"What kind it is"`
	Name        string   `json:"name" doc:"In the caller's language where it has a name in it" example:"Комитет по дорожному хозяйству"`
	ShortName   string   `json:"short_name" example:"Комитет по дорогам" doc:"For lists and narrow columns"`
	Zone        string   `json:"zone" doc:"IANA zone in which its terms are counted" example:"Europe/Moscow"`
	Territories []string `json:"territories" doc:"Codes of territories it answers for"`
	Parent      string   `json:"parent,omitempty" doc:"Code of the organisation above it"`
	Active      bool     `json:"active" doc:"It takes reports"`
}

func (t *Tree) describe(lang string, o Organisation) organisation {
	out := organisation{ID: o.ID.String(), Code: o.Code, Kind: o.Kind, Name: o.In(lang), ShortName: o.ShortIn(lang), Zone: o.Zone(),
		Territories: o.Territories, Active: o.Active}
	if out.Territories == nil {
		out.Territories = []string{}
	}
	if p, ok := t.Get(o.Parent); ok {
		out.Parent = p.Code
	}
	return out
}

func (s *Service) searchCall(ctx context.Context, c api.Call, in *struct {
	Query  string `query:"q" maxLength:"200" doc:"Words of the name, or the code" example:"дорог"`
	Under  string `query:"under" maxLength:"64" doc:"Code of the organisation whose parts to list; not with q" example:"roads"`
	Closed bool   `query:"closed" doc:"Closed ones too"`
	Cursor string `query:"cursor" maxLength:"1024" doc:"Where the next page begins: next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"10" doc:"At most so many in a page"`
}) (*struct{ Body api.Page[organisation] }, error) {
	if err := policy.Allow(c.Actor, policy.DirectoryRead); err != nil {
		return nil, err
	}
	t, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := t.listed(in.Query, in.Under, in.Closed)
	if err != nil {
		return nil, err
	}
	list := []any{"directory.organisations", in.Query, in.Under, in.Closed}
	at, err := c.Cursor(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	if at != nil {
		n := slices.IndexFunc(rows, func(o Organisation) bool { return o.ID == at.ID })
		if n < 0 { // renamed or closed since then
			return nil, errs.InvalidFields(errs.Field{Name: "cursor", Rule: "cursor"})
		}
		rows = rows[n+1:]
	}
	out := &struct{ Body api.Page[organisation] }{}
	out.Body.Items = []organisation{}
	for _, o := range rows[:min(in.Limit, len(rows))] {
		out.Body.Items = append(out.Body.Items, t.describe(c.Request.Lang, o))
	}
	if len(rows) > in.Limit {
		out.Body.Next = c.Next(&web.Cursor{ID: rows[in.Limit-1].ID}, list)
	}
	return out, nil
}

// listed finds by words, or gives the parts of an organisation (code "": those
// that no other stands above).
func (t *Tree) listed(query, under string, closed bool) ([]Organisation, error) {
	if query != "" {
		if under != "" {
			return nil, errs.InvalidFields(errs.Field{Name: "under", Rule: "unexpected"})
		}
		return t.find(query, t.Len(), closed), nil
	}
	var above Organisation
	if under != "" {
		var ok bool
		if above, ok = t.ByCode(under); !ok {
			return nil, errs.InvalidFields(errs.Field{Name: "under", Rule: "unknown"})
		}
	}
	return slices.DeleteFunc(slices.Clone(t.Children(above.ID)), func(o Organisation) bool { return !o.Active && !closed }), nil
}

// CodePath names an organisation in an address.
type CodePath struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the organisation" example:"roads"`
}

func (s *Service) byCode(ctx context.Context, code string) (*Tree, Organisation, error) {
	t, err := s.Tree(ctx)
	if err != nil {
		return nil, Organisation{}, err
	}
	o, ok := t.ByCode(code)
	if !ok {
		return t, o, errs.New(errs.NotFound, "")
	}
	return t, o, nil
}

func (s *Service) organisationCall(ctx context.Context, c api.Call, in *CodePath) (*organisationOutput, error) {
	if err := policy.Allow(c.Actor, policy.DirectoryRead); err != nil {
		return nil, err
	}
	t, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return t.output(c.Request.Lang, o), nil
}

type officerRow struct {
	PersonID    string        `json:"person_id" doc:"Id of the person, as assign takes it"`
	Name        string        `json:"name" example:"Тимур Гареев" doc:"Name in the caller's language"`
	Title       string        `json:"title" example:"Мастер участка" doc:"Post"`
	Roles       []policy.Role `json:"roles" doc:"What they may do there" example:"[\"handler\"]"`
	AbsentUntil *time.Time    `json:"absent_until,omitempty" doc:"Away until then"`
}

func (s *Service) officersCall(ctx context.Context, c api.Call, in *struct {
	CodePath
	api.PageInput
}) (*struct{ Body api.Page[officerRow] }, error) {
	list := "directory.officers " + in.Code
	at, err := c.Cursor(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	var after id.ID
	if at != nil {
		after = at.ID
	}
	_, o, err := s.byCode(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	rows, more, err := s.Officers(ctx, c.Actor, o.ID, after, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[officerRow] }{}
	out.Body.Items = make([]officerRow, len(rows))
	for i, p := range rows {
		out.Body.Items[i] = officerRow{PersonID: p.Person.String(), Name: p.Name, Title: p.TitleIn(c.Request.Lang), Roles: p.Roles}
		if p.Absent(c.Request.Now) {
			until := p.AbsentUntil.UTC()
			out.Body.Items[i].AbsentUntil = &until
		}
	}
	if more {
		out.Body.Next = c.Next(&web.Cursor{ID: rows[len(rows)-1].Person}, list)
	}
	return out, nil
}

type workplace struct {
	Organisation organisation  `json:"organisation" doc:"The organisation"`
	Title        string        `json:"title" example:"Мастер участка" doc:"Post"`
	Roles        []policy.Role `json:"roles" doc:"What the caller may do there" example:"[\"handler\"]"`
	Acting       bool          `json:"acting,omitempty" doc:"The token in use acts for it"`
}

func (s *Service) workplacesCall(ctx context.Context, c api.Call, _ *struct{}) (*struct{ Body api.Page[workplace] }, error) {
	list, err := s.Workplaces(ctx, c.Actor.Person)
	if err != nil {
		return nil, err
	}
	t, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[workplace] }{}
	out.Body.Items = []workplace{}
	for _, w := range list {
		out.Body.Items = append(out.Body.Items, workplace{t.describe(c.Request.Lang, w.At), w.TitleIn(c.Request.Lang), w.Roles, w.At.ID == c.Actor.Organisation})
	}
	return out, nil
}
