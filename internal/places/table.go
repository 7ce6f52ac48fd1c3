package places

import (
	"fmt"
	"hash/fnv"

	"okno/internal/geo"
	"okno/internal/platform/db"
)

// Dataset is one of the five kinds of rows of the register.
type Dataset string

// The datasets, in the order in which they refer to each other.
const (
	Territories Dataset = "territories"
	Localities  Dataset = "localities"
	Streets     Dataset = "streets"
	Addresses   Dataset = "addresses"
	Assets      Dataset = "assets"
)

// Datasets lists them in the order of import.
func Datasets() []Dataset { return []Dataset{Territories, Localities, Streets, Addresses, Assets} }

// Register is the whole content as structures.
type Register struct {
	Territories []Territory
	Localities  []Locality
	Streets     []Street
	Addresses   []Address
	Assets      []Asset
}

// table describes how rows of a dataset are stored; the digest comes last.
type table struct {
	name    string
	columns []string
}

var tables = map[Dataset]table{
	Territories: {"places_territory", []string{"code", "parent", "kind", "name", "short", "name_en", "population", "area", "digest"}},
	Localities:  {"places_locality", []string{"code", "territory", "kind", "name", "name_en", "population", "lat", "lon", "area", "digest"}},
	Streets:     {"places_street", []string{"code", "locality", "name", "path", "digest"}},
	Addresses:   {"places_address", []string{"code", "street", "house", "kind", "name", "lat", "lon", "outline", "digest"}},
	Assets:      {"places_asset", []string{"code", "thing", "kind", "class", "name", "territory", "street", "address", "owner", "operator", "valid_from", "valid_to", "shape", "digest"}},
}

// upsert ends an INSERT: a known code gets the new content.
func (t table) upsert() string {
	text := "ON CONFLICT (code) DO UPDATE SET "
	for i, c := range t.columns[1:] {
		if i > 0 {
			text += ", "
		}
		text += c + " = excluded." + c
	}
	return text
}

// stored is a row ready for its table.
type stored struct {
	code   string
	values []any // without the digest
}

func (s stored) digest() int64 {
	h := fnv.New64a()
	for _, v := range s.values {
		switch v := v.(type) {
		case string:
			h.Write([]byte(v))
		case []byte:
			h.Write(v)
		default:
			fmt.Fprint(h, v)
		}
		h.Write([]byte{0})
	}
	return int64(h.Sum64())
}

func (s stored) row() []any {
	return append(append(make([]any, 0, len(s.values)+1), s.values...), s.digest())
}

func encoded(g geo.Geometry) []byte {
	if b := g.Encode(); b != nil {
		return b
	}
	return []byte{}
}

func (t Territory) stored() stored {
	return stored{t.Code, []any{t.Code, t.Parent, string(t.Kind), t.Name, t.ShortName, t.NameEN, t.Population, encoded(t.Area)}}
}

func (l Locality) stored() stored {
	return stored{l.Code, []any{l.Code, l.Territory, string(l.Kind), l.Name, l.NameEN, l.Population, int64(l.Centre.Lat), int64(l.Centre.Lon), encoded(l.Area)}}
}

func (s Street) stored() stored {
	return stored{s.Code, []any{s.Code, s.Locality, s.Name, encoded(s.Path)}}
}

func (a Address) stored() stored {
	return stored{a.Code, []any{a.Code, a.Street, a.House, string(a.Kind), a.Name, int64(a.At.Lat), int64(a.At.Lon), encoded(a.Outline)}}
}

func (a Asset) stored() stored {
	return stored{a.Code, []any{a.Code, a.Thing, string(a.Kind), a.Class, a.Name, a.Territory, a.Street, a.Address, a.Owner, a.Operator, a.From, a.To, encoded(a.Shape)}}
}

func scanTerritory(s db.Scanner) (t Territory, err error) {
	var kind string
	var area []byte
	if err = s.Scan(&t.Code, &t.Parent, &kind, &t.Name, &t.ShortName, &t.NameEN, &t.Population, &area); err != nil {
		return t, err
	}
	t.Kind = TerritoryKind(kind)
	t.Area, err = geo.Decode(area)
	return t, err
}

func scanLocality(s db.Scanner) (l Locality, err error) {
	var kind string
	var lat, lon int64
	var area []byte
	if err = s.Scan(&l.Code, &l.Territory, &kind, &l.Name, &l.NameEN, &l.Population, &lat, &lon, &area); err != nil {
		return l, err
	}
	l.Kind, l.Centre = LocalityKind(kind), geo.Point{Lat: int32(lat), Lon: int32(lon)}
	l.Area, err = geo.Decode(area)
	return l, err
}

func scanStreet(s db.Scanner) (v Street, err error) {
	var path []byte
	if err = s.Scan(&v.Code, &v.Locality, &v.Name, &path); err != nil {
		return v, err
	}
	v.Path, err = geo.Decode(path)
	return v, err
}

func scanAddress(s db.Scanner) (a Address, err error) {
	var kind string
	var lat, lon int64
	var outline []byte
	if err = s.Scan(&a.Code, &a.Street, &a.House, &kind, &a.Name, &lat, &lon, &outline); err != nil {
		return a, err
	}
	a.Kind, a.At = AddressKind(kind), geo.Point{Lat: int32(lat), Lon: int32(lon)}
	a.Outline, err = geo.Decode(outline)
	return a, err
}

func scanAsset(s db.Scanner) (a Asset, err error) {
	var kind string
	var shape []byte
	if err = s.Scan(&a.Code, &a.Thing, &kind, &a.Class, &a.Name, &a.Territory, &a.Street, &a.Address, &a.Owner, &a.Operator, &a.From, &a.To, &shape); err != nil {
		return a, err
	}
	a.Kind = AssetKind(kind)
	a.Shape, err = geo.Decode(shape)
	return a, err
}
