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
	trains map[string]map[places.AddressKind][]int // of houses those by a railway
	names  map[string]string                       // localities
	rural  map[string]bool                         // villages
}

// spot is a place as a citizen gives it, and as a story tells it.
type spot struct {
	in        casework.PlaceInput
	told      texts.Place
	building  string // «Школа № 7»; "" for dwellings
	territory string
}

func newGround(x *places.Index) *ground {
	g := &ground{index: x, assets: map[string]map[places.AssetKind][]int{}, houses: map[string]map[places.AddressKind][]int{}, trains: map[string]map[places.AddressKind][]int{}, names: map[string]string{}, rural: map[string]bool{}}
	for _, l := range x.Localities() {
		g.names[l.Code] = l.Name
		g.rural[l.Code] = l.Kind == places.Village || l.Kind == places.Hamlet
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
			g.houses[a.Territory], g.trains[a.Territory] = map[places.AddressKind][]int{}, map[places.AddressKind][]int{}
		}
		if byRailway(a.StreetName) {
			g.trains[a.Territory][a.Kind] = append(g.trains[a.Territory][a.Kind], i)
		}
		g.houses[a.Territory][a.Kind] = append(g.houses[a.Territory][a.Kind], i)
	}
	return g
}

// find gives a place for the fact in the territory; operator, where not empty,
// demands a thing that it keeps. ok is false where there is none.
func (g *ground) find(rng *rand.Rand, f *taxonomy.Fact, territory, operator string) (spot, bool) {
	w := wantOf(f)
	kinds := f.AssetKinds
	if len(kinds) == 0 && w.thing != "" {
		kinds = []string{string(w.thing)}
	}
	for n, kind := range kinds {
		if n == 0 && len(kinds) > 1 && operator == "" && percent(rng, 20) {
			continue // the second kind, now and then
		}
		list := g.assets[territory][places.AssetKind(kind)]
		for range 40 {
			if len(list) == 0 {
				break
			}
			a := g.index.Assets()[pick(rng, list)]
			if operator != "" && (a.Operator != operator || len(f.AssetKinds) == 0) {
				continue
			}
			if s, ok := g.at(rng, a, w); ok {
				return s, true
			}
		}
	}
	if operator != "" || len(f.AssetKinds) > 0 && percent(rng, 70) {
		return spot{}, false
	}
	return g.house(rng, w, territory)
}

// at is a place at a thing of the register, where it is as wanted.
func (g *ground) at(rng *rand.Rand, a places.Asset, w want) (spot, bool) {
	if h, ok := g.index.AddressByCode(a.Address); ok && a.Address != "" {
		return g.of(h), h.Kind == places.ApartmentHouse && w.holds(g, g.of(h), &h)
	}
	p := along(rng, a.Shape)
	l, err := g.index.Locate(p)
	if err != nil || l.Territory.Code != a.Territory {
		return spot{}, false
	}
	s := spot{territory: a.Territory, in: casework.PlaceInput{Lat: int64(p.Lat), Lon: int64(p.Lon)}, told: texts.Place{Locality: g.names[l.Locality]}}
	var near *places.Address
	if h, ok := g.index.Address(l.Nearest); ok && l.Metres < 60 {
		near = &h
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
	if s.told.Street == "" || a.Kind == places.Park {
		s.told.Landmark = landmark(a)
	}
	return s, w.holds(g, s, near)
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
	if river, ok := strings.CutPrefix(parts[len(parts)-1], "река "); ok && a.Kind == places.Bridge {
		return "мост через реку " + accusative.Replace(river+".")
	}
	return lowerFirst(parts[0])
}

// accusative turns the end of a river's name and takes the stop away.
var accusative = strings.NewReplacer("а.", "у", "я.", "ю", ".", "")

// of is a house as a place.
func (g *ground) of(h places.Address) spot {
	s := spot{territory: h.Territory, in: casework.PlaceInput{Address: h.ID}, building: h.Name,
		told: texts.Place{Locality: h.LocalityName, Street: h.StreetName, House: h.House}}
	if h.Name != "" {
		s.told.Landmark = lowerFirst(h.Name)
	}
	return s
}

// house is a house of the sort that is wanted. A fact about a thing of which
// the register knows none here is told at a house too: whose it is, nobody knows.
func (g *ground) house(rng *rand.Rand, w want, territory string) (spot, bool) {
	kinds := w.kinds
	if len(kinds) == 0 {
		kinds = homes
	}
	of := g.houses
	if w.station {
		of = g.trains
	}
	for range 60 {
		list := of[territory][pick(rng, kinds)]
		if len(list) == 0 {
			continue
		}
		h := g.index.Addresses()[pick(rng, list)]
		if s := g.of(h); strings.HasPrefix(h.Name, w.name) && w.holds(g, s, &h) {
			return s, true
		}
	}
	return spot{}, false
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
