package places_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"okno/internal/geo"
	"okno/internal/places"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
)

func TestIDOfIsANameBasedUUID(t *testing.T) {
	if got, want := places.IDOf("adr.01"), uuid.NewSHA1(uuid.MustParse("5b0c8d52-6c2f-4f0e-9a3e-1d9a4f7f2b61"), []byte("adr.01")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func home(t *testing.T) places.Address {
	t.Helper()
	list := theIndex().SearchAddresses("верхнеозёрск рыбацкая 14", 1)
	if len(list) != 1 || list[0].House != "14" {
		t.Fatalf("Рыбацкая 14 is not found: %+v", list)
	}
	return list[0]
}

func TestLocate(t *testing.T) {
	x, a := theIndex(), home(t)
	l, err := x.Locate(a.At)
	if err != nil || l.Address != a.ID || l.Text != "Верхнеозёрск, Рыбацкая улица, 14" || l.Territory.Code != "mun.01" || l.Locality != "loc.01.01" || l.Cell != geo.Cell(a.At) {
		t.Errorf("%+v %v", l, err)
	}
	street, _ := x.Street(a.Street)
	onStreet := street.Path.Nearest(a.At).At
	if l, err = x.Locate(onStreet); err != nil || l.Street != a.Street {
		t.Errorf("on the street: %+v %v", l, err)
	}
	// In the fields between the towns.
	if l, err = x.Locate(a.At.Offset(0, -14_000)); err != nil || l.Address != id.Nil || l.Text == "" || l.Territory.Code == "" {
		t.Errorf("in the fields: %+v %v", l, err)
	}
	for _, p := range []geo.Point{geo.At(55.75, 37.62), geo.At(0, 0), geo.At(-90, 180), geo.At(59.0, 32)} {
		_, err := x.Locate(p)
		if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "place:out_of_region") {
			t.Errorf("%v: %v, want place:out_of_region", p, err)
		}
	}
	if _, err := places.NewIndex(places.Register{}, 0).Locate(a.At); !errs.Is(err, errs.Invalid) {
		t.Errorf("an empty register: %v", err)
	}
}

// Every row in force is found by a question at its own place.
func TestOwnerAtForAllKinds(t *testing.T) {
	x := theIndex()
	const today = "2026-11-22"
	asked := map[places.AssetKind]int{}
	for _, a := range x.Assets() {
		if !a.Holds(today) || asked[a.Kind] >= 40 {
			continue
		}
		asked[a.Kind]++
		o := x.OwnerAt(a.Shape.Middle(), id.Nil, []places.AssetKind{a.Kind}, today)
		if o.Asset.Kind != a.Kind || o.Metres > 1 {
			t.Errorf("%s %s: found %s %s at %.1f m", a.Code, a.Name, o.Asset.Code, o.Asset.Name, o.Metres)
			continue
		}
		if o.Known != (o.Asset.Owner != "" || o.Asset.Operator != "") || o.Owner != o.Asset.Owner || o.Known && o.Operator == "" && o.Owner == "" {
			t.Errorf("%s: %+v", a.Code, o)
		}
	}
	for _, k := range places.AssetKinds() {
		if asked[k] == 0 {
			t.Errorf("no asset of kind %s was asked for", k)
		}
	}
}

func TestOwnerOfAHouse(t *testing.T) {
	x, a := theIndex(), home(t)
	const today = "2026-11-22"
	house := x.OwnerAt(a.At, a.ID, []places.AssetKind{places.HouseAsset}, today)
	if !house.Known || house.Asset.Address != a.Code || !strings.HasPrefix(house.Operator, "uk.") {
		t.Errorf("house: %+v", house)
	}
	if o := x.OwnerAt(geo.Point{}, a.ID, []places.AssetKind{places.Yard, places.HouseAsset}, today); o.Asset.Kind != places.Yard || o.Asset.Address != a.Code {
		t.Errorf("yard: %+v", o)
	}
	if o := x.OwnerAt(a.At, a.ID, []places.AssetKind{places.Hatch}, today); o.Asset.Class != "storm" || o.Operator != "mun.01.roads" {
		t.Errorf("hatch: %+v", o)
	}
	if o := x.OwnerAt(a.At, a.ID, []places.AssetKind{places.Road}, today); !o.Known || o.Asset.Street != a.Street {
		t.Errorf("road: %+v", o)
	}
	// A private house has no company, nor has it the neighbour's.
	for _, p := range x.Addresses() {
		if p.Kind == places.PrivateHouse && p.Locality == "loc.01.01" {
			if o := x.OwnerAt(p.At, p.ID, []places.AssetKind{places.HouseAsset}, today); o.Known {
				t.Errorf("private house %s is kept by %s", p.Text(), o.Operator)
			}
			break
		}
	}
	if o := x.OwnerAt(a.At.Offset(0, -14_000), id.Nil, []places.AssetKind{places.Lamp}, today); o.Known {
		t.Errorf("a lamp in the fields: %+v", o)
	}
	if o := x.OwnerAt(a.At, a.ID, nil, today); o.Known {
		t.Errorf("no kinds: %+v", o)
	}
}

func TestOwnerChangesWithTheDate(t *testing.T) {
	x, n := theIndex(), 0
	for _, a := range x.Assets() {
		if a.To == "" || a.Kind == places.Road || n > 20 {
			continue
		}
		n++
		p := a.Shape.Middle()
		before := x.OwnerAt(p, id.Nil, []places.AssetKind{a.Kind}, a.To)
		now := x.OwnerAt(p, id.Nil, []places.AssetKind{a.Kind}, "2026-11-22")
		if before.Asset.Code != a.Code || now.Asset.Thing != a.Thing || now.Owner == before.Owner {
			t.Errorf("%s: before %s of %s, now %s of %s", a.Code, before.Asset.Code, before.Owner, now.Asset.Code, now.Owner)
		}
	}
	if n == 0 {
		t.Error("nothing has changed its owner")
	}
}

func TestResolve(t *testing.T) {
	x, a := theIndex(), home(t)
	r, err := x.Resolve(a.ID, geo.Point{}, []places.AssetKind{places.HouseAsset}, "2026-11-22")
	if err != nil || r.Text != a.Text() || r.Point != a.At || !r.Ownership.Known {
		t.Errorf("%+v %v", r, err)
	}
	pin := a.At.Offset(10, 10)
	if r, err = x.Resolve(a.ID, pin, nil, ""); err != nil || r.Point != pin || r.Address != a.ID {
		t.Errorf("a pin beside the house: %+v %v", r, err)
	}
	if r, err = x.Resolve(id.Nil, a.At.Offset(0, -14_000), nil, ""); err != nil || r.Territory == "" || r.Address != id.Nil {
		t.Errorf("a point alone: %+v %v", r, err)
	}
	for name, c := range map[string]struct {
		of   id.ID
		p    geo.Point
		rule string
	}{
		"nothing":       {id.Nil, geo.Point{}, "place:required"},
		"unknown house": {id.New(), geo.Point{}, "place:unknown"},
		"far away":      {id.Nil, geo.At(55.7, 37.6), "place:out_of_region"},
	} {
		if _, err := x.Resolve(c.of, c.p, nil, ""); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), c.rule) {
			t.Errorf("%s: %v, want %s", name, err, c.rule)
		}
	}
}

func TestNearby(t *testing.T) {
	x, a := theIndex(), home(t)
	all := x.Nearby(a.At, 300, nil, "2026-11-22", 500)
	if len(all) < 20 {
		t.Fatalf("%d assets within 300 m of %s", len(all), a.Text())
	}
	for i, v := range all {
		if v.Metres > 300 || i > 0 && v.Metres < all[i-1].Metres || !v.Holds("2026-11-22") {
			t.Errorf("%d: %s at %.1f m", i, v.Code, v.Metres)
		}
	}
	if lamps := x.Nearby(a.At, 300, []places.AssetKind{places.Lamp}, "", 3); len(lamps) != 3 || lamps[0].Kind != places.Lamp {
		t.Errorf("%+v", lamps)
	}
}

func TestHousesOfAStreetAreInOrder(t *testing.T) {
	list := theIndex().HousesOf(home(t).Street)
	last := 0
	for _, a := range list {
		n := 0
		for _, c := range a.House {
			if c < '0' || c > '9' {
				break
			}
			n = n*10 + int(c-'0')
		}
		if n < last {
			t.Errorf("%s after %d", a.House, last)
		}
		last = n
	}
	if len(list) < 20 {
		t.Errorf("%d houses", len(list))
	}
}

// Every sentence that the module names stands in the catalogue.
func TestSentencesExist(t *testing.T) {
	for _, lang := range []string{"ru", "en"} {
		keys := []string{"places.out_of_region", "places.required", "places.unknown_address"}
		for _, k := range places.AssetKinds() {
			keys = append(keys, k.Key())
		}
		for _, rule := range []string{"required", "encoding", "too_long", "not_a_number", "bad_date", "before_from", "not_geometry", "wrong_geometry", "not_a_place",
			"unknown", "out_of_region", "twice", "not_csv", "wrong_width", "not_feature"} {
			keys = append(keys, "places.row_"+rule)
		}
		for _, key := range keys {
			if got := i18n.T(lang, key); got == "" || strings.Contains(got, key) {
				t.Errorf("%s: %s is %q", lang, key, got)
			}
		}
	}
}
