package demo

import (
	"math/rand/v2"
	"strings"

	"okno/internal/casework"
	"okno/internal/demo/texts"
	"okno/internal/geo"
	"okno/internal/places"
	"okno/internal/platform/id"
	"okno/internal/taxonomy"
)

// ground finds places that fit a fact: a thing of the kind that the fact is
// about, a house of the kind where such things happen.
type ground struct {
	index  *places.Index
	assets map[string]map[places.AssetKind][]int // by territory
	houses map[string]map[places.AddressKind][]int
	names  map[string]string // localities
}

// spot is a place as a citizen gives it, and as a story tells it.
type spot struct {
	in        casework.PlaceInput
	told      texts.Place
	building  string // «Школа № 7»; "" for dwellings
	territory string
}

func newGround(x *places.Index) *ground {
	g := &ground{index: x, assets: map[string]map[places.AssetKind][]int{}, houses: map[string]map[places.AddressKind][]int{}, names: map[string]string{}}
	for _, l := range x.Localities() {
		g.names[l.Code] = l.Name
	}
	for i, a := range x.Assets() {
		if a.To != "" { // has another owner by now
			continue
		}
		if g.assets[a.Territory] == nil {
			g.assets[a.Territory] = map[places.AssetKind][]int{}
		}
		g.assets[a.Territory][a.Kind] = append(g.assets[a.Territory][a.Kind], i)
	}
	for i, a := range x.Addresses() {
		if g.houses[a.Territory] == nil {
			g.houses[a.Territory] = map[places.AddressKind][]int{}
		}
		g.houses[a.Territory][a.Kind] = append(g.houses[a.Territory][a.Kind], i)
	}
	return g
}

// find gives a place for the fact in the territory; operator, where not empty,
// demands a thing that it keeps. ok is false where there is none.
func (g *ground) find(rng *rand.Rand, f *taxonomy.Fact, territory, operator string) (spot, bool) {
	if len(f.AssetKinds) == 0 {
		if list := g.assets[territory][thingsOf[f.SubcategoryCode()]]; len(list) > 0 {
			for range 8 {
				if s, ok := g.at(rng, g.index.Assets()[pick(rng, list)]); ok {
					return s, operator == ""
				}
			}
		}
		return g.house(rng, f, territory), operator == ""
	}
	for n, kind := range f.AssetKinds {
		if n == 0 && len(f.AssetKinds) > 1 && operator == "" && percent(rng, 20) {
			continue // the second kind, now and then
		}
		list := g.assets[territory][places.AssetKind(kind)]
		for range 40 {
			if len(list) == 0 {
				break
			}
			a := g.index.Assets()[pick(rng, list)]
			if operator != "" && a.Operator != operator {
				continue
			}
			if s, ok := g.at(rng, a); ok {
				return s, true
			}
		}
	}
	return g.house(rng, f, territory), operator == ""
}

// at is a place at a thing of the register.
func (g *ground) at(rng *rand.Rand, a places.Asset) (spot, bool) {
	if h, ok := g.index.AddressByCode(a.Address); ok && a.Address != "" {
		return g.of(h), true
	}
	p := along(rng, a.Shape)
	l, err := g.index.Locate(p)
	if err != nil || l.Territory.Code != a.Territory {
		return spot{}, false
	}
	s := spot{territory: a.Territory, in: casework.PlaceInput{Lat: int64(p.Lat), Lon: int64(p.Lon)}, told: texts.Place{Locality: g.names[l.Locality]}}
	if h, ok := g.index.Address(l.Nearest); ok && l.Metres < 60 {
		s.told.Street, s.told.House = h.StreetName, h.House
		if h.Street != l.Street && l.Address == id.Nil {
			s.told.House = ""
		}
	} else if st, ok := g.index.Street(l.Street); ok && l.Street != "" {
		s.told.Street = st.Name
	}
	if wild(a.Kind) { // a house by the way says little of a forest
		s.told.Street, s.told.House = "", ""
	}
	if s.told.Street == "" && a.Kind != places.Forest { // «там, где лес» tells nothing
		s.told.Landmark = landmark(a)
	}
	return s, true
}

func wild(k places.AssetKind) bool {
	return k == places.Forest || k == places.WaterBody || k == places.Cemetery
}

// landmark is how people call a thing of the register: the road by where it
// leads, others without their address.
func landmark(a places.Asset) string {
	parts := strings.Split(a.Name, ", ")
	if a.Kind == places.Road {
		if len(parts) > 1 && strings.ContainsAny(parts[0], "0123456789") {
			return "дорога " + parts[1]
		}
		return "дорога " + parts[0]
	}
	return lowerFirst(parts[0])
}

// thingsOf are things at which facts happen that are nobody's in particular.
var thingsOf = map[string]places.AssetKind{"ecology.forest": places.Forest, "ecology.water": places.WaterBody, "greenery.beaches": places.WaterBody,
	"culture.cemetery": places.Cemetery, "safety.water": places.WaterBody, "transport.schedule": places.BusStop, "transport.route": places.BusStop}

// of is a house as a place.
func (g *ground) of(h places.Address) spot {
	s := spot{territory: h.Territory, in: casework.PlaceInput{Address: h.ID}, building: h.Name,
		told: texts.Place{Locality: h.LocalityName, Street: h.StreetName, House: h.House}}
	if h.Name != "" {
		s.told.Landmark = lowerFirst(h.Name)
	}
	return s
}

// kinds of houses where the problems of a category happen.
var homesOf = map[string][]places.AddressKind{
	"health": {places.Clinic}, "education": {places.School, places.Kindergarten, places.School}, "trade": {places.Shop}, "culture": {places.Culture},
	"government": {places.Office}, "labour": {places.Industry, places.Shop, places.Office}, "construction": {places.ApartmentHouse, places.Industry},
	"ecology": {places.Industry, places.PrivateHouse}, "access": {places.Shop, places.Clinic, places.Office, places.ApartmentHouse},
	"telecom": {places.ApartmentHouse, places.PrivateHouse, places.Office}, "land": {places.PrivateHouse}, "sport": {places.School, places.ApartmentHouse},
}

// house is a house that fits the fact. A fact about a thing of which the
// register knows none here is told at a private house: whose it is, nobody knows.
func (g *ground) house(rng *rand.Rand, f *taxonomy.Fact, territory string) spot {
	kinds := homesOf[f.CategoryCode()]
	switch {
	case f.SubcategoryCode() == "education.kindergarten":
		kinds = []places.AddressKind{places.Kindergarten}
	case f.SubcategoryCode() == "telecom.post":
		kinds = []places.AddressKind{places.Office}
	case kinds == nil:
		kinds = []places.AddressKind{places.ApartmentHouse, places.ApartmentHouse, places.PrivateHouse}
	}
	for range 12 {
		if list := g.houses[territory][pick(rng, kinds)]; len(list) > 0 {
			return g.of(g.index.Addresses()[pick(rng, list)])
		}
	}
	return g.of(g.index.Addresses()[pick(rng, g.houses[territory][places.PrivateHouse])])
}

// along draws a point of a thing's shape: on the line of a road, in the middle of a yard.
func along(rng *rand.Rand, g geo.Geometry) geo.Point {
	if g.Kind == geo.Lines && len(g.Parts) > 0 {
		part := pick(rng, g.Parts)
		if len(part) > 1 {
			i, t := rng.IntN(len(part)-1), rng.Float64()
			a, b := part[i], part[i+1]
			return geo.Point{Lat: a.Lat + int32(t*float64(b.Lat-a.Lat)), Lon: a.Lon + int32(t*float64(b.Lon-a.Lon))}
		}
	}
	return g.Middle()
}

func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) > 1 && strings.ToUpper(string(r[1])) != string(r[1]) {
		return strings.ToLower(string(r[0])) + string(r[1:])
	}
	return s
}
