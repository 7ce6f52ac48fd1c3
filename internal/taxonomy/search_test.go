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

// Several words are ranked by what they say together.
func TestSearchOfSeveralWords(t *testing.T) {
	for _, tt := range []struct{ query, first string }{
		{"elevator broken", "houses.lift.stopped"},
		{"lift broken", "houses.lift.stopped"},
		{"не ездит автобус", "transport.schedule.late"},
		{"bus does not come", "transport.schedule.late"},
		{"не горит фонарь", "lighting.lamps.out"},
		{"street light broken", "lighting.lamps.out"},
		{"no hot water", "utilities.hot_water.off"},
		{"мусор не вывозят", "waste.bins.overflow"},
		{"яма во дворе", "yards.driveway.pothole"},
		{"ramp broken", "access.ramps.broken"},
	} {
		hits := Default().Search(tt.query, 8)
		if len(hits) == 0 || hits[0].Topic.Code != tt.first {
			var got []string
			for _, h := range hits {
				got = append(got, h.Topic.Code)
			}
			t.Errorf("%q: %v, want %s first", tt.query, got, tt.first)
		}
	}
}
