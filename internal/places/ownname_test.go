package places_test

import (
	"testing"

	"okno/internal/places"
)

// What has a name on a page is found by that very name: every road, bridge,
// water, park and every eleventh of the many yards, stops and sites.
func TestThingsFoundByTheirOwnName(t *testing.T) {
	x := theIndex()
	n := 0
	for _, a := range theRegion().Register().Assets {
		f, ok := x.Place(places.IDOf(a.Code))
		if !ok {
			continue
		}
		n++
		switch a.Kind {
		case places.Road, places.Bridge, places.WaterBody, places.Park:
		default:
			if n%11 > 0 {
				continue
			}
		}
		found := x.SearchPlaces(f.Text, 3)
		mine := false
		for _, g := range found {
			mine = mine || g.ID == f.ID
		}
		if !mine {
			t.Errorf("%s: %q doesn't find itself but %+v", a.Kind, f.Text, found)
		}
	}
	if n < 4000 {
		t.Errorf("%d things with a name", n)
	}
}
