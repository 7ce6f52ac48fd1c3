package taxonomy

import "testing"

func TestSearch(t *testing.T) {
	for _, tt := range []struct{ query, want string }{
		{"фонарь", "lighting.lamps.out"},
		{"фонар", "lighting.lamps.out"},
		{"люк", "utilities.hatches.open"},
		{"открытый люк", "utilities.hatches.open"},
		{"лифт", "houses.lift.stopped"},
		{"ливневка", "roads.drainage.storm_drain"},
		{"ЛИВНЁВ", "roads.drainage.storm_drain"},
		{"борщивик", "greenery.grass.hogweed"},
		{"hogweed", "greenery.grass.hogweed"},
		{"street lamp", "lighting.lamps"},
		{"pothole", "roads.surface.pothole"},
		{"яма двор", "yards.driveway.pothole"},
		{"собаки", "animals.stray.pack"},
		{"капремонт", "houses.overhaul.quality"},
		{"мфц", "government.offices.queue"},
	} {
		hits := Default().Search(tt.query, 10)
		found := false
		for _, h := range hits {
			found = found || h.Topic.Code == tt.want
			if h.Fact != nil && h.Fact.Code != h.Topic.Code {
				t.Errorf("%q: %s beside %s", tt.query, h.Fact.Code, h.Topic.Code)
			}
		}
		if !found {
			var got []string
			for _, h := range hits {
				got = append(got, h.Topic.Code)
			}
			t.Errorf("%q: %v lacks %s", tt.query, got, tt.want)
		}
	}
}

func TestSearchFindsNothingInNonsense(t *testing.T) {
	for _, q := range []string{"", "  ", "щзщзщзщз", "77"} {
		if hits := Default().Search(q, 10); len(hits) != 0 {
			t.Errorf("%q: %d hits, the first %s", q, len(hits), hits[0].Topic.Code)
		}
	}
}

func TestSearchReturnsNoMoreThanAsked(t *testing.T) {
	if got := len(Default().Search("вода", 4)); got != 4 {
		t.Errorf("%d hits", got)
	}
}
