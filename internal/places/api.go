package places

import (
	"context"
	"math"
	"net/http"

	"okno/internal/geo"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
)

const tagPlaces = "Places"

// API registers the search of addresses, what is known of a point, and the
// territories.
func API(a *api.API, s *Service) {
	api.Register(a, api.Operation{ID: "search-addresses", Method: http.MethodGet, Path: "/places", Tag: tagPlaces, Open: true,
		Summary: "Houses, streets, localities and named things (stops, roads, parks, yards) as people type them", Description: "A report takes the address_id of what was found as its place; a locality has none."},
		policy.PlacesRead, s.searchCall)
	api.Register(a, api.Operation{ID: "locate-point", Method: http.MethodGet, Path: "/places/at", Tag: tagPlaces, Open: true,
		Summary: "What is known of a point", Description: "A point outside of the region is refused as invalid, with the rule out_of_region."},
		policy.PlacesRead, s.locateCall)
	api.Register(a, api.Operation{ID: "list-territories", Method: http.MethodGet, Path: "/territories", Tag: tagPlaces, Open: true,
		Summary: "The region and its municipalities, the region first"}, policy.PlacesRead, s.territoriesCall)
}

type placeFound struct {
	Kind      FoundKind `json:"kind" enum:"address,street,locality,asset" doc:"What kind it is"`
	Asset     AssetKind `json:"asset,omitempty" doc:"Of an asset: what it is" example:"bus_stop"`
	AddressID string    `json:"address_id,omitempty" doc:"Id that a report takes as its place"`
	Code      string    `json:"code" doc:"Code in the register" example:"str.03.01.004"`
	Text      string    `json:"text" example:"Верхнеозёрск, Рыбацкая улица, 14" doc:"In words"`
	Lat       float64   `json:"lat" doc:"Latitude in degrees (WGS 84)"`
	Lon       float64   `json:"lon" doc:"Longitude in degrees (WGS 84)"`
}

// register is the index, while there is one.
func (s *Service) register(a policy.Actor) (*Index, error) {
	if err := policy.Allow(a, policy.PlacesRead); err != nil {
		return nil, err
	}
	x := s.Index()
	if x == nil {
		return nil, errs.New(errs.Unavailable, "")
	}
	return x, nil
}

func (s *Service) searchCall(_ context.Context, c api.Call, in *struct {
	Query string `query:"q" required:"true" minLength:"1" maxLength:"300" doc:"An address as one types it" example:"рыбацкая 14"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"8" doc:"At most so many"`
}) (*struct{ Body api.Page[placeFound] }, error) {
	x, err := s.register(c.Actor)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[placeFound] }{}
	out.Body.Items = []placeFound{}
	for _, f := range x.Search(in.Query, in.Limit) {
		row := placeFound{Kind: f.Kind, Asset: f.Asset, Code: f.Code, Text: f.Text}
		if f.ID != id.Nil {
			row.AddressID = f.ID.String()
		}
		row.Lat, row.Lon = f.At.Degrees()
		out.Body.Items = append(out.Body.Items, row)
	}
	return out, nil
}

type pointPlace struct {
	Text          string `json:"text" doc:"The place in words" example:"Верхнеозёрск, Рыбацкая улица, 14"`
	Beside        bool   `json:"beside,omitempty" doc:"text names something close by, not the place itself"`
	Territory     string `json:"territory" doc:"Code of the territory" example:"mun.03"`
	TerritoryName string `json:"territory_name" example:"Ладейный район" doc:"Name of the territory"`
	AddressID     string `json:"address_id,omitempty" doc:"Id of the house that stands there"`
	NearestID     string `json:"nearest_id,omitempty" doc:"Id of the nearest house within some hundred metres"`
	Metres        int    `json:"metres,omitempty" doc:"Distance to the nearest house"`
}

func (s *Service) locateCall(_ context.Context, c api.Call, in *struct {
	Lat float64 `query:"lat" required:"true" minimum:"-90" maximum:"90" doc:"Latitude in degrees (WGS 84)" example:"60.105"`
	Lon float64 `query:"lon" required:"true" minimum:"-180" maximum:"180" doc:"Longitude in degrees (WGS 84)" example:"31.452"`
}) (*struct{ Body pointPlace }, error) {
	x, err := s.register(c.Actor)
	if err != nil {
		return nil, err
	}
	p, ok := geo.FromDegrees(in.Lat, in.Lon)
	if !ok { // not a number passes bounds
		return nil, errs.InvalidFields(errs.Field{Name: "lat", Rule: "invalid"})
	}
	l, err := x.Locate(p)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body pointPlace }{pointPlace{Text: l.Text, Beside: l.Beside, Territory: l.Territory.Code, TerritoryName: l.Territory.shortIn(c.Request.Lang)}}
	if l.Address != id.Nil {
		out.Body.AddressID = l.Address.String()
	}
	if l.Nearest != id.Nil && !math.IsInf(l.Metres, 0) {
		out.Body.NearestID, out.Body.Metres = l.Nearest.String(), int(math.Round(l.Metres))
	}
	return out, nil
}

type territoryRow struct {
	Code       string        `json:"code" example:"mun.03" doc:"Names it for ever"`
	Parent     string        `json:"parent,omitempty" doc:"Code of what it is part of"`
	Kind       TerritoryKind `json:"kind" enum:"region,city_okrug,municipal_okrug,municipal_district" doc:"What kind it is"`
	Name       string        `json:"name" example:"Ладейный муниципальный район" doc:"Name in the caller's language"`
	ShortName  string        `json:"short_name" example:"Ладейный район" doc:"For lists and narrow columns"`
	Population int64         `json:"population,omitempty" doc:"Inhabitants"`
}

// shortIn is the short name in a language; English falls back to Russian.
func (t Territory) shortIn(lang string) string {
	if lang == i18n.English && t.NameEN != "" {
		return t.NameEN
	}
	return t.ShortName
}

func (s *Service) territoriesCall(_ context.Context, c api.Call, _ *struct{}) (*struct{ Body api.Page[territoryRow] }, error) {
	x, err := s.register(c.Actor)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body api.Page[territoryRow] }{}
	out.Body.Items = []territoryRow{}
	for _, t := range x.Territories() {
		name := t.Name
		if c.Request.Lang == i18n.English && t.NameEN != "" {
			name = t.NameEN
		}
		out.Body.Items = append(out.Body.Items, territoryRow{t.Code, t.Parent, t.Kind, name, t.shortIn(c.Request.Lang), t.Population})
	}
	return out, nil
}
