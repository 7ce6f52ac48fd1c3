package demo

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"okno/internal/demo/texts"
	"okno/internal/taxonomy"
)

// shares of the categories among reports, in percent or thereabouts.
var shares = map[string]float64{
	"roads": 19, "houses": 12, "yards": 10, "utilities": 11, "waste": 9, "lighting": 6, "greenery": 6.5, "transport": 6, "health": 4.5,
	"education": 2.5, "social": 2.2, "animals": 3, "ecology": 1.6, "safety": 1.4, "telecom": 1.6, "trade": 1.2, "construction": 1.4, "culture": 0.8,
	"sport": 1, "land": 0.8, "government": 0.9, "labour": 0.5, "access": 1, "other": 0.3,
}

// often are facts that people report again and again.
var often = map[string]float64{
	"roads.surface.pothole": 7, "roads.winter.snow": 6, "roads.sidewalks.snow": 4, "roads.winter.ice": 3, "roads.crossings.missing": 2,
	"waste.bins.overflow": 6, "waste.bulky.not_taken": 3, "waste.dumps.dump": 3, "lighting.lamps.out": 7, "yards.cleaning.snow": 5,
	"yards.cleaning.ice": 3, "yards.driveway.pothole": 5, "yards.playground.broken": 3, "houses.roof.leak": 4, "houses.entrance.dirty": 3,
	"houses.lift.stopped": 3, "utilities.heating.cold": 6, "utilities.cold_water.off": 4, "utilities.hot_water.off": 4, "utilities.cold_water.quality": 2,
	"transport.schedule.late": 5, "health.appointment.no_slots": 5, "animals.stray.pack": 4, "greenery.trees.fallen": 2, "greenery.grass.mowing": 3,
}

// photographed is how much rarer than people would report it a fact is that
// demands a photo: each of its photos is drawn, about 200 in all.
const photographed = 0.5

// inSeason tells how much of a fact's usual share a month brings.
func inSeason(season string, m time.Month) float64 {
	var months map[time.Month]float64
	switch season {
	case "winter":
		months = map[time.Month]float64{11: 0.4, 12: 1.6, 1: 2, 2: 2, 3: 1}
	case "summer":
		months = map[time.Month]float64{6: 1.8, 7: 2, 8: 1.8, 9: 0.7}
	case "heating":
		months = map[time.Month]float64{10: 2, 11: 1.8, 12: 1.6, 1: 1.8, 2: 1.6, 3: 1, 4: 0.5}
	case "warm":
		months = map[time.Month]float64{4: 1.4, 5: 1.5, 6: 1.4, 7: 1.3, 8: 1.3, 9: 1.2, 10: 0.8}
	case "leaves":
		months = map[time.Month]float64{4: 2, 5: 1, 9: 1, 10: 3, 11: 2}
	case "lessons":
		months = map[time.Month]float64{9: 1.4, 10: 1.2, 11: 1, 12: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 0.8}
	default:
		return 1
	}
	return months[m]
}

// topics draws facts as people report them.
type topics struct {
	rub   *taxonomy.Rubricator
	facts []*taxonomy.Fact
	by    [13][]float64 // weights by month
}

func newTopics(seed uint64, rub *taxonomy.Rubricator) *topics {
	t := &topics{rub: rub, facts: rub.Facts()}
	raw := make([]float64, len(t.facts))
	sums := map[string]float64{}
	for i, f := range t.facts {
		w := math.Exp(chance(seed, "topic "+f.Code, 0, 0).NormFloat64() * 0.7)
		raw[i] = w * max(1, often[f.Code])
		if f.Requires(taxonomy.FieldPhoto) {
			raw[i] *= photographed
		}
		sums[f.CategoryCode()] += raw[i]
	}
	for m := time.January; m <= time.December; m++ {
		t.by[m] = make([]float64, len(t.facts))
		for i, f := range t.facts {
			share, ok := shares[f.CategoryCode()]
			if !ok {
				share = 0.5
			}
			t.by[m][i] = share * raw[i] / sums[f.CategoryCode()] * inSeason(seasonOf(f), m)
		}
	}
	return t
}

// draw gives a fact of the month that fits; fits may be nil.
func (t *topics) draw(rng *rand.Rand, m time.Month, fits func(*taxonomy.Fact) bool) *taxonomy.Fact {
	w := t.by[m]
	if fits != nil {
		w = slices.Clone(w)
		for i, f := range t.facts {
			if !fits(f) {
				w[i] = 0
			}
		}
	}
	return t.facts[draw(rng, w)]
}

// troubles tells whether the fact is a trouble: thanks are not, which nobody
// takes back, finds twice, puts off or calls unsolved.
func troubles(f *taxonomy.Fact) bool { return f.Code != "other.unsorted.thanks" }

// explains tells whether an answer may say why nothing will be done now.
func explains(f *taxonomy.Fact) bool { return texts.Explains(f.Code) && !f.Danger }
