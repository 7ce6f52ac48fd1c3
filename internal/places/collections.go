package places

import (
	"bytes"
	"encoding/json"
	"sort"
	"strconv"

	"okno/internal/geo"
)

// collection writes a GeoJSON FeatureCollection.
type collection struct {
	out  bytes.Buffer
	some bool
}

func (c *collection) add(g geo.Geometry, properties ...property) {
	if g.Kind == geo.None {
		return
	}
	if !c.some {
		c.out.WriteString(`{"type":"FeatureCollection","features":[`)
	} else {
		c.out.WriteByte(',')
	}
	c.some = true
	c.out.WriteString(`{"type":"Feature","properties":{`)
	n := 0
	for _, p := range properties {
		if p.value == "" || p.value == nil {
			continue
		}
		value, err := json.Marshal(p.value)
		if err != nil {
			panic(err) // strings, numbers and booleans always encode
		}
		if n++; n > 1 {
			c.out.WriteByte(',')
		}
		c.out.WriteString(strconv.Quote(p.key) + ":")
		c.out.Write(value)
	}
	c.out.WriteString(`},"geometry":`)
	writeGeometry(&c.out, g)
	c.out.WriteByte('}')
}

func (c *collection) done() []byte {
	if !c.some {
		return []byte(`{"type":"FeatureCollection","features":[]}`)
	}
	c.out.WriteString("]}")
	return c.out.Bytes()
}

// TerritoriesJSON is the region and its municipalities with simplified borders
// that still meet, as GeoJSON: kind (region or territory), code, name, name_en,
// rank (kind of municipality), population. About 60 kB uncompressed.
func (x *Index) TerritoriesJSON() []byte {
	var c collection
	for i, t := range x.territories {
		kind := "territory"
		if t.Parent == "" {
			kind = "region"
		}
		c.add(x.outline()[i], property{"kind", kind}, property{"code", t.Code}, property{"name", t.ShortName}, property{"name_en", t.NameEN}, property{"rank", string(t.Kind)}, property{"population", t.Population})
	}
	return c.done()
}

// BaseJSON is what a map shows from afar, as GeoJSON: forests, water, built-up
// areas, roads between towns and the names of towns. kind is green, water,
// built, road or locality.
func (x *Index) BaseJSON() []byte {
	var c collection
	for i := range x.assets {
		a := &x.assets[i]
		switch {
		case a.To != "":
		case a.Kind == Forest:
			c.add(a.Shape.Simplify(120), property{"kind", "green"}, property{"code", a.Code})
		case a.Kind == WaterBody:
			c.add(a.Shape.Simplify(60), property{"kind", "water"}, property{"name", a.Name})
		case a.Kind == Road && a.Street == "":
			c.add(a.Shape.Simplify(60), property{"kind", "road"}, property{"class", a.Class}, property{"name", roadLabel(a)})
		}
	}
	for _, l := range x.localities {
		c.add(l.Area.Simplify(30), property{"kind", "built"}, property{"name", l.Name})
		c.add(geo.Spot(l.Centre), property{"kind", "locality"}, property{"rank", string(l.Kind)}, property{"name", l.Name}, property{"name_en", l.NameEN})
	}
	return c.done()
}

// maxArea bounds a request for what lies in a box, in microdegrees of
// longitude (half of it in latitude): about 16 km on a side. Houses come in
// boxes up to houseArea, about 2.5 km from south to north: a closer look.
const (
	maxArea   = 300_000
	houseArea = 23_000
)

// AreaJSON is what lies in a box (at most some 16 km on a side; more is cut to
// its middle): water, parks, streets, in small boxes houses with their numbers and, of the
// given kinds, assets in force today (date, ISO). kind is water, green, road,
// house or asset (then asset names the kind).
func (x *Index) AreaJSON(b geo.Box, kinds []AssetKind, date string) []byte {
	if b.Valid() && (int64(b.Max.Lat)-int64(b.Min.Lat) > maxArea/2 || int64(b.Max.Lon)-int64(b.Min.Lon) > maxArea) {
		b = geo.Around(b.Centre(), 3000)
	}
	wanted := map[AssetKind]bool{}
	for _, k := range kinds {
		wanted[k] = true
	}
	var c collection
	sorted := func(g *grid, f func(int32)) {
		var list []int32
		g.within(b, func(n int32) { list = append(list, n) })
		sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
		for _, n := range list {
			f(n)
		}
	}
	sorted(&x.assetGrid, func(n int32) {
		a := &x.assets[n]
		switch {
		case !a.Holds(date):
		case a.Kind == WaterBody:
			c.add(a.Shape, property{"kind", "water"}, property{"name", a.Name}, property{"code", a.Code})
		case a.Kind == Park || a.Kind == Forest:
			c.add(a.Shape, property{"kind", "green"}, property{"name", a.Name}, property{"code", a.Code})
		case a.Kind == Road && a.Street == "":
			c.add(a.Shape, property{"kind", "road"}, property{"class", a.Class}, property{"name", roadLabel(a)})
		case wanted[a.Kind]:
			c.add(a.Shape, property{"kind", "asset"}, property{"asset", string(a.Kind)}, property{"name", a.Name}, property{"code", a.Code}, property{"owner", a.Owner}, property{"operator", a.Operator})
		}
	})
	sorted(&x.streetGrid, func(n int32) {
		class := [...]string{"street", "main", "main"}[x.streetClass[n]]
		c.add(x.streets[n].Path, property{"kind", "road"}, property{"class", class}, property{"name", x.streets[n].Name}, property{"code", x.streets[n].Code})
	})
	if !b.Valid() || int64(b.Max.Lat)-int64(b.Min.Lat) > houseArea {
		return c.done()
	}
	sorted(&x.addressGrid, func(n int32) {
		a := &x.addresses[n]
		if b.Contains(a.At) {
			c.add(a.Outline, property{"kind", "house"}, property{"house", a.House}, property{"name", a.Name}, property{"use", string(a.Kind)}, property{"code", a.Code})
		}
	})
	return c.done()
}
