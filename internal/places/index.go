package places

import (
	"sort"
	"sync"

	"okno/internal/geo"
	"okno/internal/platform/id"
)

// Index is the register in memory: immutable, safe for concurrent use, made
// anew when the register changes. About 14 MB for 20,000 houses and 11,000 assets.
type Index struct {
	version     int64
	territories []Territory // the region first
	localities  []Locality
	streets     []Street
	addresses   []Address
	assets      []Asset

	byTerritory, byLocality, byStreet, byAddress, byAsset map[string]int32

	byID          map[id.ID]int32 // addresses
	assetByID     map[id.ID]int32
	streetByID    map[id.ID]int32
	things        []thing
	thingByID     map[id.ID]int32
	thingByName   map[string]int32 // by [nameKey] of the text
	streetHouses  [][]int32        // houses of a street in the order of their numbers
	houseAssets   map[int32][]int32
	streetClass   []byte  // see class constants
	localityPlace []int32 // territory of a locality

	addressGrid, streetGrid, assetGrid grid
	words                              vocabulary
	tiles                              *tileCache

	// Territories for the map: simplified together from afar, less so from closer by, as they are.
	outline, fine, raw func() borders
	tileVersion        func() string
}

// Classes of streets, by what the asset register says of them.
const (
	streetLocal byte = iota
	streetMain       // has a pavement of its own in the register, or is long
	streetRegional
)

// NewIndex makes an index of a register. Rows that refer to missing ones are
// left out: a half-imported register still answers.
func NewIndex(r Register, version int64) *Index {
	x := &Index{version: version, tiles: newTileCache()}
	x.setTerritories(r.Territories)
	x.byLocality, x.localities = keep(r.Localities, func(l *Locality) (string, bool) {
		_, known := x.byTerritory[l.Territory]
		return l.Code, known
	})
	x.byStreet, x.streets = keep(r.Streets, func(s *Street) (string, bool) {
		_, known := x.byLocality[s.Locality]
		return s.Code, known
	})
	one := interner{}
	x.byAddress, x.addresses = keep(r.Addresses, func(a *Address) (string, bool) {
		n, known := x.byStreet[a.Street]
		if !known {
			return "", false
		}
		street := &x.streets[n]
		locality := &x.localities[x.byLocality[street.Locality]]
		a.Street, a.StreetName = street.Code, street.Name
		a.Locality, a.LocalityName, a.Territory = locality.Code, locality.Name, locality.Territory
		a.ID, a.Cell, a.Kind, a.House = IDOf(a.Code), geo.Cell(a.At), AddressKind(one.of(string(a.Kind))), one.of(a.House)
		return a.Code, true
	})
	x.byAsset, x.assets = keep(r.Assets, func(a *Asset) (string, bool) {
		n, known := x.byTerritory[a.Territory]
		if !known {
			return "", false
		}
		a.ID, a.Territory = IDOf(a.Code), x.territories[n].Code
		a.Kind, a.Class, a.Owner, a.Operator = AssetKind(one.of(string(a.Kind))), one.of(a.Class), one.of(a.Owner), one.of(a.Operator)
		a.From, a.To = one.of(a.From), one.of(a.To)
		if a.Thing == a.Code {
			a.Thing = a.Code // one storage for both
		}
		if n, ok := x.byStreet[a.Street]; ok {
			a.Street = x.streets[n].Code
		}
		if n, ok := x.byAddress[a.Address]; ok {
			a.Address = x.addresses[n].Code
		}
		return a.Code, true
	})
	x.link()
	x.things, x.thingByID, x.thingByName = newThings(x), map[id.ID]int32{}, map[string]int32{}
	for n, t := range x.things {
		x.thingByName[nameKey(t.text)] = int32(n)
		x.thingByID[x.assets[t.asset].ID] = int32(n)
	}
	x.words = newVocabulary(x)
	x.tileVersion = sync.OnceValue(x.contentVersion)
	return x
}

// interner gives equal texts one storage: a register repeats its codes and kinds ten thousand times.
type interner map[string]string

func (m interner) of(s string) string {
	if v, ok := m[s]; ok {
		return v
	}
	m[s] = s
	return s
}

// keep copies the rows that stand and numbers them by code.
func keep[T any](list []T, prepare func(*T) (string, bool)) (map[string]int32, []T) {
	codes, out := make(map[string]int32, len(list)), make([]T, 0, len(list))
	for i := range list {
		v := list[i]
		if code, ok := prepare(&v); ok {
			codes[code] = int32(len(out))
			out = append(out, v)
		}
	}
	return codes, out
}

func (x *Index) setTerritories(list []Territory) {
	x.territories = append([]Territory(nil), list...)
	sort.SliceStable(x.territories, func(i, j int) bool { return x.territories[i].Parent == "" && x.territories[j].Parent != "" })
	x.byTerritory = make(map[string]int32, len(list))
	areas := make([]geo.Geometry, len(list))
	for i, t := range x.territories {
		x.byTerritory[t.Code] = int32(i)
		areas[i] = t.Area
	}
	x.outline, x.fine, x.raw = bordersOf(areas, 180), bordersOf(areas, 25), bordersOf(areas, 0)
}

// link fills what joins the rows: houses of streets, assets of houses, grids.
func (x *Index) link() {
	x.byID, x.assetByID = make(map[id.ID]int32, len(x.addresses)), make(map[id.ID]int32, len(x.assets))
	x.streetHouses, x.streetClass = make([][]int32, len(x.streets)), make([]byte, len(x.streets))
	x.addressGrid, x.streetGrid, x.assetGrid = newGrid(), newGrid(), newGrid()
	for i := range x.addresses {
		a := &x.addresses[i]
		x.byID[a.ID] = int32(i)
		n := x.byStreet[a.Street]
		x.streetHouses[n] = append(x.streetHouses[n], int32(i))
		x.addressGrid.add(geo.Empty().Extend(a.At), int32(i))
	}
	x.streetByID = make(map[id.ID]int32, len(x.streets))
	for n, houses := range x.streetHouses {
		x.streetByID[IDOf(x.streets[n].Code)] = int32(n)
		sort.SliceStable(houses, func(i, j int) bool { return lessHouse(x.addresses[houses[i]].House, x.addresses[houses[j]].House) })
		x.streetGrid.add(x.streets[n].Path.Box(), int32(n))
		if x.streets[n].Path.Length() > 1100 {
			x.streetClass[n] = streetMain
		}
	}
	x.houseAssets = map[int32][]int32{}
	for i := range x.assets {
		a := &x.assets[i]
		x.assetByID[a.ID] = int32(i)
		x.assetGrid.add(a.Shape.Box(), int32(i))
		if house, ok := x.byAddress[a.Address]; ok {
			x.houseAssets[house] = append(x.houseAssets[house], int32(i))
		}
		if n, ok := x.byStreet[a.Street]; ok {
			switch {
			case a.Kind == Road && a.Class == "regional":
				x.streetClass[n] = streetRegional
			case a.Kind == Pavement:
				x.streetClass[n] = max(x.streetClass[n], streetMain)
			}
		}
	}
	x.localityPlace = make([]int32, len(x.localities))
	for i, l := range x.localities {
		x.localityPlace[i] = x.byTerritory[l.Territory]
	}
}

// Version is the version of the register that the index was made of.
func (x *Index) Version() int64 { return x.version }

// Territories lists the region and its municipalities, the region first.
func (x *Index) Territories() []Territory { return x.territories }

// Territory finds a territory by its code.
func (x *Index) Territory(code string) (Territory, bool) {
	return find(x.byTerritory, x.territories, code)
}

// Localities lists the inhabited places.
func (x *Index) Localities() []Locality { return x.localities }

// Locality finds an inhabited place by its code.
func (x *Index) Locality(code string) (Locality, bool) { return find(x.byLocality, x.localities, code) }

// Street finds a street by its code.
func (x *Index) Street(code string) (Street, bool) { return find(x.byStreet, x.streets, code) }

// Streets lists all streets.
func (x *Index) Streets() []Street { return x.streets }

// Addresses lists all houses.
func (x *Index) Addresses() []Address { return x.addresses }

// Assets lists all rows of the asset register, past ones too.
func (x *Index) Assets() []Asset { return x.assets }

// Address finds a house by its id.
func (x *Index) Address(of id.ID) (Address, bool) {
	n, ok := x.byID[of]
	if !ok {
		return Address{}, false
	}
	return x.addresses[n], true
}

// AddressByCode finds a house by its code in the register.
func (x *Index) AddressByCode(code string) (Address, bool) {
	return find(x.byAddress, x.addresses, code)
}

// Asset finds a row of the asset register by its id.
func (x *Index) Asset(of id.ID) (Asset, bool) {
	n, ok := x.assetByID[of]
	if !ok {
		return Asset{}, false
	}
	return x.assets[n], true
}

// AssetByCode finds a row of the asset register by its code.
func (x *Index) AssetByCode(code string) (Asset, bool) { return find(x.byAsset, x.assets, code) }

// HousesOf lists the houses of a street in the order of their numbers.
func (x *Index) HousesOf(street string) []Address {
	n, ok := x.byStreet[street]
	if !ok {
		return nil
	}
	out := make([]Address, 0, len(x.streetHouses[n]))
	for _, i := range x.streetHouses[n] {
		out = append(out, x.addresses[i])
	}
	return out
}

func find[T any](codes map[string]int32, list []T, code string) (T, bool) {
	n, ok := codes[code]
	if !ok {
		var none T
		return none, false
	}
	return list[n], true
}

// Text is the address in one line: «Верхнеозёрск, Рыбацкая улица, 14».
func (a Address) Text() string { return a.LocalityName + ", " + a.StreetName + ", " + a.House }

// lessHouse orders house numbers as people do: 2, 4, 4а, 10.
func lessHouse(a, b string) bool {
	na, ra := leading(a)
	nb, rb := leading(b)
	if na != nb {
		return na < nb
	}
	return ra < rb
}

func leading(s string) (n int, rest string) {
	i := 0
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9' && n < 1e6; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n, s[i:]
}
