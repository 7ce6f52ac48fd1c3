package region

import (
	"fmt"
	"strings"

	"okno/internal/geo"
	"okno/internal/places"
)

// Region is the whole register, in an order that the import accepts: what is
// referred to comes before what refers to it.
type Region struct {
	Territories   []places.Territory
	Localities    []places.Locality
	Streets       []places.Street
	Addresses     []places.Address
	Assets        []places.Asset
	Organisations []Organisation
}

// Register is the region as the import takes it.
func (r *Region) Register() places.Register {
	return places.Register{Territories: r.Territories, Localities: r.Localities, Streets: r.Streets, Addresses: r.Addresses, Assets: r.Assets}
}

// DefaultSeed is the demonstration's own: pictures and stories name its streets.
const DefaultSeed = 2026

// New makes the region from a seed: the same each time, in about a second.
func New(seed uint64) *Region {
	areas, rings := borders(seed)
	w := makeWaters(seed)
	towns := makeTowns(seed, rings, w)
	out := &Region{Organisations: Organisations()}
	out.territories(areas)

	b := &register{seed: seed, rings: boxed(rings), waters: w, towns: towns}
	for _, t := range towns {
		houses := t.build(seed)
		if t.code == "loc.01.01" {
			settleCapital(t, houses)
		}
		b.houses = append(b.houses, houses...)
		out.Localities = append(out.Localities, places.Locality{Code: t.code, Territory: t.territory(), Kind: places.LocalityKind(t.kind),
			Name: t.name, NameEN: t.en, Population: t.people, Centre: t.axes.place(vec{}).point(), Area: geo.Area(points(t.outline()))})
		for _, s := range t.streets {
			out.Streets = append(out.Streets, places.Street{Code: s.code, Locality: t.code, Name: s.name.full(), Path: geo.Path(points(s.line)...)})
		}
		for _, h := range houses {
			out.Addresses = append(out.Addresses, h.address())
		}
	}
	out.Assets = b.assets()
	return out
}

func (t *town) territory() string { return municipalities[t.mun-1].Code }

func (r *Region) territories(areas []geo.Geometry) {
	total := int64(0)
	for _, m := range municipalities {
		total += m.Population
	}
	r.Territories = append(r.Territories, places.Territory{Code: Code, Kind: places.Region, Name: Name, ShortName: Name, NameEN: NameEN,
		Population: total, Area: union(areas)})
	for i, m := range municipalities {
		r.Territories = append(r.Territories, places.Territory{Code: m.Code, Parent: Code, Kind: places.TerritoryKind(m.Kind),
			Name: m.Name, ShortName: m.Short, NameEN: m.EN, Population: m.Population, Area: areas[i]})
	}
}

// union is the outline of areas that share their borders point by point: the
// edges that only one of them has, joined into rings.
func union(areas []geo.Geometry) geo.Geometry {
	type edge struct{ a, b geo.Point }
	seen := map[edge]bool{}
	for _, g := range areas {
		for _, ring := range g.Parts {
			for i, a := range ring {
				seen[edge{a, ring[(i+1)%len(ring)]}] = true
			}
		}
	}
	next := map[geo.Point]geo.Point{}
	var first geo.Point
	for e := range seen {
		if !seen[edge{e.b, e.a}] {
			next[e.a] = e.b
			if first.Zero() || e.a.Lat < first.Lat || e.a.Lat == first.Lat && e.a.Lon < first.Lon {
				first = e.a
			}
		}
	}
	ring := []geo.Point{first}
	for p := next[first]; p != first; p = next[p] {
		ring = append(ring, p)
	}
	return geo.Area(ring)
}

func (h *house) addressCode() string {
	number := strings.NewReplacer("к", "k", "а", "a", "/", "-").Replace(h.number)
	return "adr." + h.street.code[4:] + "." + number
}

func (h *house) address() places.Address {
	h.code = h.addressCode()
	at := h.block.at.point()
	return places.Address{ID: places.IDOf(h.code), Code: h.code, Territory: h.town.territory(), Locality: h.town.code, Street: h.street.code,
		House: h.number, Kind: h.kind, Name: h.name, At: at, Cell: geo.Cell(at), Outline: geo.Area(points(h.block.corners())),
		LocalityName: h.town.name, StreetName: h.street.name.full()}
}

// settleCapital makes sure of the houses that pictures and stories name:
// Рыбацкая 14 is a dwelling with a plain number.
func settleCapital(t *town, houses []*house) {
	for _, h := range houses {
		if h.street.name.full() == "Рыбацкая улица" && strings.HasPrefix(h.number, "14") {
			if h.number == "14к2" {
				h.number = "14а"
				continue
			}
			h.number, h.name, h.kind = "14", "", places.ApartmentHouse
			if h.uk == "" {
				h.uk = fmt.Sprintf("uk.%03d", 2)
			}
		}
	}
}

// ring of a municipality with its box, for questions about many places.
type boxedRing struct {
	ring   []vec
	lo, hi vec
}

func boxed(rings [][]vec) (out []boxedRing) {
	for _, ring := range rings {
		b := boxedRing{ring, ring[0], ring[0]}
		for _, p := range ring {
			b.lo, b.hi = vec{min(b.lo.x, p.x), min(b.lo.y, p.y)}, vec{max(b.hi.x, p.x), max(b.hi.y, p.y)}
		}
		out = append(out, b)
	}
	return out
}

// municipalityOf tells in which municipality (from 1) a place lies; 0 none.
func municipalityOf(rings []boxedRing, p vec) int {
	for i, b := range rings {
		if p.x >= b.lo.x && p.x <= b.hi.x && p.y >= b.lo.y && p.y <= b.hi.y && within(b.ring, p) {
			return i + 1
		}
	}
	return 0
}
