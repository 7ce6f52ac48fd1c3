package places

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"okno/internal/geo"
	"okno/internal/platform/errs"
)

// record is a row of a file before it is understood.
type record struct {
	line   int
	fields map[string]string // by column or property name
	shape  geo.Geometry
	broken bool // the geometry could not be read
}

// reader turns records into rows of one dataset. known are the codes that a
// row may refer to, region the outline that points must lie in.
type reader struct {
	set    Dataset
	known  map[Dataset]map[string]bool
	region []Territory
}

// check collects the broken rules of one record.
type check struct {
	rec record
	bad []errs.Field
}

func (c *check) fail(name, rule string) {
	for _, f := range c.bad {
		if f.Name == name {
			return
		}
	}
	c.bad = append(c.bad, badField(name, rule))
}

func badField(name, rule string) errs.Field {
	return errs.Field{Name: name, Rule: rule, Key: "places.row_" + rule}
}

const (
	maxCode = 80
	maxName = 200
)

func (c *check) text(name string, required bool, longest int) string {
	v := strings.TrimSpace(c.rec.fields[name])
	switch {
	case required && v == "":
		c.fail(name, "required")
	case !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r == utf8.RuneError }):
		c.fail(name, "encoding")
	case utf8.RuneCountInString(v) > longest:
		c.fail(name, "too_long")
	}
	return v
}

func (c *check) number(name string) int64 {
	v := strings.TrimSpace(c.rec.fields[name])
	if v == "" {
		return 0
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 || n > 1e9 {
		c.fail(name, "not_a_number")
	}
	return n
}

func (c *check) date(name string) string {
	v := strings.TrimSpace(c.rec.fields[name])
	if v == "" {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, v); err != nil {
		c.fail(name, "bad_date")
	}
	return v
}

func (c *check) shape(required bool, kinds ...geo.Kind) geo.Geometry {
	g := c.rec.shape
	switch {
	case c.rec.broken:
		c.fail("wkt", "not_geometry")
	case g.Kind == geo.None:
		if required {
			c.fail("wkt", "required")
		}
	default:
		for _, k := range kinds {
			if g.Kind == k {
				return g
			}
		}
		c.fail("wkt", "wrong_geometry")
	}
	return g
}

// spot is the point of lat and lon in degrees, else of the geometry's middle.
func (c *check) spot(g geo.Geometry) geo.Point {
	lat, lon := strings.TrimSpace(c.rec.fields["lat"]), strings.TrimSpace(c.rec.fields["lon"])
	if lat == "" && lon == "" && g.Kind != geo.None {
		return g.Middle()
	}
	a, err1 := strconv.ParseFloat(lat, 64)
	b, err2 := strconv.ParseFloat(lon, 64)
	p, ok := geo.FromDegrees(a, b)
	if err1 != nil || err2 != nil || !ok {
		c.fail("lat", "not_a_place")
	}
	return p
}

func (r *reader) refers(c *check, name string, to Dataset, required bool) string {
	v := c.text(name, required, maxCode)
	if v != "" && !r.known[to][v] {
		c.fail(name, "unknown")
	}
	return v
}

func (r *reader) inRegion(c *check, p geo.Point, name string) {
	if len(r.region) == 0 || len(c.bad) > 0 {
		return
	}
	if territoryAt(r.region, p) < 0 {
		c.fail(name, "out_of_region")
	}
}

func oneOf[T ~string](c *check, name, v string, list []T) T {
	for _, k := range list {
		if string(k) == v {
			return k
		}
	}
	if v != "" {
		c.fail(name, "unknown")
	}
	return T(v)
}

// row understands a record: a row to store, or the rules it breaks.
func (r *reader) row(rec record) (stored, []errs.Field) {
	c := &check{rec: rec}
	code := c.text("code", true, maxCode)
	var out stored
	switch r.set {
	case Territories:
		v := Territory{Code: code, Parent: r.refers(c, "parent", Territories, false), Name: c.text("name", true, maxName),
			ShortName: c.text("short_name", true, maxName), NameEN: c.text("name_en", false, maxName), Population: c.number("population"), Area: c.shape(true, geo.Polygon)}
		v.Kind = oneOf(c, "kind", c.text("kind", true, maxCode), TerritoryKinds())
		out = v.stored()
	case Localities:
		v := Locality{Code: code, Territory: r.refers(c, "territory", Territories, true), Name: c.text("name", true, maxName),
			NameEN: c.text("name_en", false, maxName), Population: c.number("population"), Area: c.shape(false, geo.Polygon)}
		v.Kind = oneOf(c, "kind", c.text("kind", true, maxCode), LocalityKinds())
		v.Centre = c.spot(v.Area)
		r.inRegion(c, v.Centre, "lat")
		out = v.stored()
	case Streets:
		v := Street{Code: code, Locality: r.refers(c, "locality", Localities, true), Name: c.text("name", true, maxName), Path: c.shape(false, geo.Lines)}
		out = v.stored()
	case Addresses:
		v := Address{Code: code, Street: r.refers(c, "street", Streets, true), House: c.text("house", true, 20), Name: c.text("name", false, maxName), Outline: c.shape(false, geo.Polygon)}
		v.Kind = oneOf(c, "kind", c.text("kind", true, maxCode), AddressKinds())
		v.At = c.spot(v.Outline)
		r.inRegion(c, v.At, "lat")
		out = v.stored()
	case Assets:
		v := Asset{Code: code, Thing: c.text("thing", false, maxCode), Class: c.text("class", false, maxCode), Name: c.text("name", true, maxName),
			Territory: r.refers(c, "territory", Territories, true), Street: r.refers(c, "street", Streets, false), Address: r.refers(c, "address", Addresses, false),
			Owner: c.text("owner", false, maxCode), Operator: c.text("operator", false, maxCode), From: c.date("from"), To: c.date("to"),
			Shape: c.shape(true, geo.Points, geo.Lines, geo.Polygon)}
		v.Kind = oneOf(c, "kind", c.text("kind", true, maxCode), AssetKinds())
		if v.Thing == "" {
			v.Thing = v.Code
		}
		if v.From != "" && v.To != "" && v.To < v.From {
			c.fail("to", "before_from")
		}
		if v.Shape.Kind != geo.None {
			r.inRegion(c, v.Shape.Middle(), "wkt")
		}
		out = v.stored()
	}
	return out, c.bad
}

// TerritoryKinds lists the closed set.
func TerritoryKinds() []TerritoryKind {
	return []TerritoryKind{Region, CityOkrug, MunicipalOkrug, MunicipalDistrict}
}

// LocalityKinds lists the closed set.
func LocalityKinds() []LocalityKind { return []LocalityKind{City, Town, Village, Hamlet, Dacha} }

// AddressKinds lists the closed set.
func AddressKinds() []AddressKind {
	return []AddressKind{ApartmentHouse, PrivateHouse, School, Kindergarten, Clinic, Shop, Office, Culture, Industry, OtherBuilding}
}

// AssetKinds lists the closed set.
func AssetKinds() []AssetKind {
	return []AssetKind{Road, Pavement, Bridge, HouseAsset, Yard, Lamp, BusStop, Hatch, Playground, Container, Park, WaterBody, PowerObject,
		Heating, Cemetery, Forest, Crossing, TrafficLamp, SportGround, PumpRoom}
}

// Key is the catalogue key of the kind's name: «Фонарь», "Street lamp".
func (k AssetKind) Key() string { return "places.asset_" + string(k) }
