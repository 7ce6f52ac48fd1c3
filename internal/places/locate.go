package places

import (
	"math"
	"slices"
	"sort"

	"okno/internal/geo"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// How far from a point things are still "there", in metres.
const (
	houseReach  = 60.0  // a point so close to a house has its address
	nearReach   = 400.0 // a point so close to a house is told by it: «рядом с …»
	streetReach = 60.0
)

// Located is what is known of a point.
type Located struct {
	Point     geo.Point
	Cell      int64
	Territory Territory
	Locality  string // code; "" outside of settlements
	Street    string // code of the street within reach; ""
	Address   id.ID  // the house within reach; Nil
	Nearest   id.ID  // the nearest house within some hundred metres; Nil
	Metres    float64
	Text      string // «Верхнеозёрск, Рыбацкая улица, 14», «Верхнеозёрск, Рыбацкая улица», or a road's section
	Beside    bool   // Text names something close by, not the place itself
}

// territoryAt finds the smallest territory that holds p; -1 outside of the region.
func territoryAt(list []Territory, p geo.Point) int {
	region := -1
	for i := range list {
		if list[i].Parent == "" {
			region = i
			continue
		}
		if list[i].Area.Contains(p) {
			return i
		}
	}
	if region >= 0 && list[region].Area.Contains(p) {
		return region
	}
	return -1
}

// OutOfRegion is the error for a point that lies in no territory.
func OutOfRegion() error {
	return errs.InvalidFields(errs.Field{Name: "place", Rule: "out_of_region", Key: "places.out_of_region"})
}

// TerritoryAt tells the municipality of a point; errs.Invalid with the field
// "place" and the rule "out_of_region" outside of the region.
func (x *Index) TerritoryAt(p geo.Point) (Territory, error) {
	if n := territoryAt(x.territories, p); n >= 0 {
		return x.territories[n], nil
	}
	return Territory{}, OutOfRegion()
}

// Locate tells what is known of a point: territory, nearest house, words for
// it. Outside of the region the error is that of [Index.TerritoryAt].
func (x *Index) Locate(p geo.Point) (Located, error) {
	t, err := x.TerritoryAt(p)
	if err != nil {
		return Located{}, err
	}
	out := Located{Point: p, Cell: geo.Cell(p), Territory: t, Metres: math.Inf(1)}
	for i := range x.localities {
		if x.localities[i].Territory == t.Code && x.localities[i].Area.Contains(p) {
			out.Locality = x.localities[i].Code
			out.Text = x.localities[i].Name
			break
		}
	}
	house, metres := x.nearestHouse(p, nearReach)
	if street := x.nearestStreet(p, streetReach); street >= 0 {
		s := &x.streets[street]
		l := &x.localities[x.byLocality[s.Locality]]
		out.Street, out.Locality, out.Text, out.Beside = s.Code, l.Code, l.Name+", "+s.Name, false
	}
	if out.Street == "" && !(house >= 0 && metres <= houseReach) {
		if text, ok := x.thingAt(p, streetReach); ok {
			out.Text = text
			if house >= 0 {
				out.Nearest, out.Metres = x.addresses[house].ID, metres
			}
			return out, nil
		}
	}
	if house >= 0 {
		a := &x.addresses[house]
		out.Nearest, out.Metres = a.ID, metres
		switch {
		case metres <= houseReach:
			out.Address, out.Street, out.Locality, out.Text = a.ID, a.Street, a.Locality, a.Text()
		case out.Street == "":
			out.Locality, out.Text, out.Beside = a.Locality, a.Text(), true
		}
	}
	if out.Text == "" {
		if road, ok := x.nearestAsset(p, []AssetKind{Road}, "", 400); ok {
			out.Text, out.Beside = x.assets[road].Name, true
		} else {
			out.Text = t.ShortName
		}
	}
	return out, nil
}

func (x *Index) nearestHouse(p geo.Point, reach float64) (int, float64) {
	best, at := reach, -1
	x.addressGrid.within(geo.Around(p, reach), func(n int32) {
		a := &x.addresses[n]
		d := geo.Distance(p, a.At)
		if len(a.Outline.Parts) > 0 && d < reach {
			d = a.Outline.Nearest(p).Metres
		}
		if d < best || d == best && at >= 0 && int(n) < at {
			best, at = d, int(n)
		}
	})
	return at, best
}

func (x *Index) nearestStreet(p geo.Point, reach float64) int {
	best, at := reach, -1
	x.streetGrid.within(geo.Around(p, reach), func(n int32) {
		if d := x.streets[n].Path.Nearest(p).Metres; d < best || d == best && int(n) < at {
			best, at = d, int(n)
		}
	})
	return at
}

// reach tells how far from a point an asset of a kind may lie and still be what is meant, in metres.
func reach(kind AssetKind) float64 {
	switch kind {
	case Hatch, Lamp, Crossing, TrafficLamp, Container, PowerObject, Heating:
		return 45
	case BusStop, Playground, SportGround:
		return 70
	case Road, Pavement:
		return 40
	case Bridge, Yard, HouseAsset, PumpRoom:
		return 35
	}
	return 25 // areas: park, water, forest, cemetery
}

// alongStreet is how far things of a house's own street are still looked for, in metres.
const alongStreet = 150.0

// Ownership is the answer to "whose is it": Known is false where the register
// has no such thing there, or doesn't know its owner.
type Ownership struct {
	Known    bool
	Asset    Asset
	Owner    string // code of an organisation
	Operator string // who serves it; the owner where nobody else does
	Metres   float64
}

// OwnerAt finds whose thing stands at a place on a date (ISO; "" any). kinds
// are tried together: of things within reach the relatively nearest wins, at
// equal distance the kind that stands earlier. Of a house's own things (house,
// yard) those of the given address come before all others; address may be Nil.
func (x *Index) OwnerAt(p geo.Point, address id.ID, kinds []AssetKind, date string) Ownership {
	street := ""
	if n, ok := x.byID[address]; ok {
		street = x.addresses[n].Street
		for _, kind := range kinds {
			for _, i := range x.houseAssets[n] {
				if a := &x.assets[i]; a.Kind == kind && a.Holds(date) {
					return x.ownership(int(i), 0)
				}
			}
		}
		if p.Zero() {
			p = x.addresses[n].At
		}
		// The house is known and the register gives it no company: the company
		// of the house next door is not an answer.
		kinds = without(kinds, HouseAsset)
	}
	best, at, rank := math.Inf(1), -1, 0
	widest := 0.0
	for _, k := range kinds {
		widest = max(widest, reach(k))
	}
	if widest == 0 || p.Zero() {
		return Ownership{}
	}
	if street != "" {
		widest = max(widest, alongStreet)
	}
	metres := 0.0
	x.assetGrid.within(geo.Around(p, widest), func(n int32) {
		a := &x.assets[n]
		k := slices.Index(kinds, a.Kind)
		if k < 0 || !a.Holds(date) {
			return
		}
		d := a.Shape.Nearest(p).Metres
		share := d / reach(a.Kind)
		if share > 1 && street != "" && a.Street == street && d <= alongStreet {
			share = 0.99 + 0.01*d/alongStreet // a wing in the depth of the block still lies on its street
		}
		if share > 1 || share > best || share == best && (k > rank || k == rank && int(n) > at) {
			return
		}
		best, at, rank, metres = share, int(n), k, d
	})
	if at < 0 {
		return Ownership{}
	}
	return x.ownership(at, metres)
}

func (x *Index) ownership(n int, metres float64) Ownership {
	a := x.assets[n]
	o := Ownership{Known: a.Owner != "" || a.Operator != "", Asset: a, Owner: a.Owner, Operator: a.Operator, Metres: metres}
	if o.Operator == "" {
		o.Operator = o.Owner
	}
	return o
}

func without(kinds []AssetKind, drop AssetKind) []AssetKind {
	out := make([]AssetKind, 0, len(kinds))
	for _, k := range kinds {
		if k != drop {
			out = append(out, k)
		}
	}
	return out
}

// nearestAsset finds the nearest asset of the kinds within reach metres.
func (x *Index) nearestAsset(p geo.Point, kinds []AssetKind, date string, reach float64) (int, bool) {
	best, at := reach, -1
	x.assetGrid.within(geo.Around(p, reach), func(n int32) {
		a := &x.assets[n]
		if !slices.Contains(kinds, a.Kind) || !a.Holds(date) {
			return
		}
		if d := a.Shape.Nearest(p).Metres; d < best || d == best && int(n) < at {
			best, at = d, int(n)
		}
	})
	return at, at >= 0
}

// NearAsset is an asset with its distance in metres.
type NearAsset struct {
	Asset
	Metres float64
}

// Nearby lists at most n assets of the kinds (none given: all) within so many
// metres (at most 1,000) that are in force on the date, nearest first.
func (x *Index) Nearby(p geo.Point, metres float64, kinds []AssetKind, date string, n int) []NearAsset {
	metres = min(metres, geo.MaxNear)
	var out []NearAsset
	x.assetGrid.within(geo.Around(p, metres), func(i int32) {
		a := &x.assets[i]
		if len(kinds) > 0 && !slices.Contains(kinds, a.Kind) || !a.Holds(date) {
			return
		}
		if d := a.Shape.Nearest(p).Metres; d <= metres {
			out = append(out, NearAsset{*a, d})
		}
	})
	sort.Slice(out, func(i, j int) bool {
		if out[i].Metres != out[j].Metres {
			return out[i].Metres < out[j].Metres
		}
		return out[i].Code < out[j].Code
	})
	return out[:min(n, len(out))]
}

// Resolved is a place as a case keeps it: what was given, completed from the register.
type Resolved struct {
	Territory string
	Address   id.ID
	Text      string
	Point     geo.Point
	Cell      int64
	Ownership Ownership
}

// Resolve completes a place that was given as a house (street, named thing of
// [Index.Place]), as a point, or as both (then the point tells where exactly,
// and the house must be near). A thing's own owner answers where kinds name it. Errors are
// errs.Invalid on the field "place": unknown house, point out of the region.
func (x *Index) Resolve(address id.ID, p geo.Point, kinds []AssetKind, date string) (Resolved, error) {
	if address == id.Nil && p.Zero() {
		return Resolved{}, errs.InvalidFields(errs.Field{Name: "place", Rule: "required", Key: "places.required"})
	}
	var out Resolved
	if address != id.Nil {
		a, ok := x.Address(address)
		if _, other := x.Place(address); !ok && other {
			return x.resolveThing(address, p, kinds, date), nil
		}
		if !ok {
			return Resolved{}, errs.InvalidFields(errs.Field{Name: "place", Rule: "unknown", Key: "places.unknown_address"})
		}
		out = Resolved{Territory: a.Territory, Address: a.ID, Text: a.Text(), Point: a.At, Cell: a.Cell}
		if !p.Zero() && geo.Distance(p, a.At) <= 300 {
			out.Point, out.Cell = p, geo.Cell(p)
		}
	} else {
		l, err := x.Locate(p)
		if err != nil {
			return Resolved{}, err
		}
		out = Resolved{Territory: l.Territory.Code, Address: l.Address, Text: l.Text, Point: p, Cell: l.Cell}
	}
	out.Ownership = x.OwnerAt(out.Point, out.Address, kinds, date)
	return out, nil
}

// Bounds is the frame of the region in degrees: west, south, east, north.
func (x *Index) Bounds() [4]float64 {
	if len(x.territories) == 0 {
		return [4]float64{-180, -85, 180, 85}
	}
	b := x.territories[0].Area.Box()
	south, west := b.Min.Degrees()
	north, east := b.Max.Degrees()
	return [4]float64{west, south, east, north}
}
