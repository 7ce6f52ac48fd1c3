package region

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// town is a locality while it is being built.
type town struct {
	mun, k   int // municipality and number within it, both from 1
	code     string
	name, en string
	kind     string // city, town, village, hamlet
	people   int64
	axes     axes
	radius   float64 // mean, metres
	shape    [4]float64
	water    waters
	streets  []*street
	parks    [][]vec
	parkName []string
	blocks   *blocks
	named    []*house // schools, clinics, halls: stops are called by them
}

// axes are a town's own directions: its grid of streets, bent by slow waves so
// that no street is a ruler's line.
type axes struct {
	at    vec
	angle float64
	wave  [4]float64
	bend  float64 // amplitude in metres
	calm  float64 // radius around the middle where streets run straight
}

func (a axes) place(p vec) vec {
	k := a.bend
	if d := p.len(); d < a.calm {
		k *= d / a.calm
	}
	w := a.wave
	q := vec{
		p.x + k*(math.Sin(p.y/610+w[0])+0.6*math.Sin(p.x/1340+w[1])),
		p.y + k*(math.Sin(p.x/730+w[2])+0.6*math.Sin(p.y/1180+w[3])),
	}
	return a.at.add(q.turn(a.angle))
}

// capitalAxes stand apart because the Сить follows them through the town.
func capitalAxes() axes {
	m := municipalities[0]
	return axes{vec{m.x * 1e3, m.y * 1e3}, 8 * math.Pi / 180, [4]float64{1.1, 0.2, 2.4, 4.0}, 70, 900}
}

func newAxes(r *rand.Rand, at vec, bend float64) axes {
	return axes{at, spread(r, 0.7), [4]float64{between(r, 0, 6), between(r, 0, 6), between(r, 0, 6), between(r, 0, 6)}, bend, 0}
}

// reach is the town's radius in the direction of a place given in its own axes.
func (t *town) reach(p vec) float64 {
	a, s := math.Atan2(p.y, p.x), t.shape
	return t.radius * (1 + s[0]*math.Cos(2*a+s[1]) + s[2]*math.Sin(3*a+s[3]))
}

// outline is the built-up area, a little wider than its streets.
func (t *town) outline() []vec {
	var out []vec
	for i := range 40 {
		d := vec{math.Cos(float64(i) * math.Pi / 20), math.Sin(float64(i) * math.Pi / 20)}
		p := t.axes.place(d.mul(t.reach(d) + 78 + 14*math.Sin(float64(i)*2.3)))
		out = append(out, p)
	}
	return out
}

// housesOf plans how many houses a main town gets; villages take what is left.
func housesOf(m Municipality) float64 {
	switch m.Centre {
	case "Верхнеозёрск":
		return 5200
	case "Каменный Брод":
		return 1900
	}
	return 170 + math.Min(620, float64(m.Population)/58)
}

// denser corrects for the apartment houses of a large town, which take more room.
func denser(m Municipality) float64 {
	if m.Population > 80000 {
		return 1.12
	}
	return 1
}

// makeTowns places 24 main towns and the villages, clear of the waters and of each other.
func makeTowns(seed uint64, rings [][]vec, w waters) []*town {
	var towns []*town
	for i, m := range municipalities {
		r := source(seed, "town "+m.Code)
		t := &town{mun: i + 1, k: 1, code: LocalityCode(i+1, 1), name: m.Centre, en: m.CentreEN, kind: m.CentreKind,
			radius: townScale * math.Sqrt(housesOf(m)) * denser(m), shape: [4]float64{between(r, 0.05, 0.16), between(r, 0, 6), between(r, 0.03, 0.09), between(r, 0, 6)}}
		t.people = min(m.Population, int64(float64(m.Population)*between(r, 0.42, 0.68)))
		at := vec{m.x * 1e3, m.y * 1e3}
		if i == 0 {
			t.axes, t.people = capitalAxes(), m.Population-4200
		} else {
			t.axes = newAxes(r, at, between(r, 45, 95))
		}
		t.water = w.near(at, t.radius*1.4+400)
		towns = append(towns, t)
	}
	r := source(seed, "villages")
	for v, name := range villageNames {
		n := v%len(municipalities) + 1
		if v >= 24 {
			n = []int{3, 5, 7, 2, 13, 17, 21, 22, 6, 8, 10, 4, 15, 12, 14, 18}[v-24]
		}
		at, ok := spotFor(r, rings[n-1], towns, w)
		if !ok {
			continue
		}
		k := 1
		for _, t := range towns {
			if t.mun == n {
				k++
			}
		}
		houses := between(r, 38, 150)
		kind := "hamlet"
		if houses > 85 {
			kind = "village"
		}
		t := &town{mun: n, k: k, code: LocalityCode(n, k), name: name.ru, en: name.en, kind: kind, people: int64(houses * between(r, 2.1, 3.4)),
			radius: townScale * 1.06 * math.Sqrt(houses), shape: [4]float64{between(r, 0.1, 0.3), between(r, 0, 6), between(r, 0.03, 0.12), between(r, 0, 6)},
			axes: newAxes(r, at, between(r, 20, 50))}
		t.water = w.near(at, t.radius*1.5+400)
		towns = append(towns, t)
	}
	return towns
}

// townScale makes a radius in metres from the root of the number of houses.
const townScale = 22.6

func spotFor(r *rand.Rand, ring []vec, towns []*town, w waters) (vec, bool) {
	lo, hi := vec{math.Inf(1), math.Inf(1)}, vec{math.Inf(-1), math.Inf(-1)}
	for _, p := range ring {
		lo, hi = vec{min(lo.x, p.x), min(lo.y, p.y)}, vec{max(hi.x, p.x), max(hi.y, p.y)}
	}
	for range 400 {
		p := vec{between(r, lo.x, hi.x), between(r, lo.y, hi.y)}
		if inset(ring, p) < 2500 || w.near(p, 1500).wet(p, 700) {
			continue
		}
		clear := true
		for _, t := range towns {
			clear = clear && t.axes.at.sub(p).len() > 6500+t.radius
		}
		if clear {
			return p, true
		}
	}
	return vec{}, false
}

// street is a street while it is being built: its line runs from the end
// nearer to the middle of the town, whence its houses are numbered.
type street struct {
	code     string
	town     *town
	name     streetName
	line     []vec
	nodes    []int     // numbers of the crossings along it
	at       []float64 // and their distances from its start
	half     float64   // half the width of the roadway
	main     bool
	regional bool
}

// numberStreets gives names and codes once all lines are drawn.
func (t *town) numberStreets(r *rand.Rand) {
	pool := append([]string(nil), streetNames...)
	r.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	want := append([]string(nil), required[t.name]...)
	used := map[string]bool{}
	for _, s := range t.streets {
		used[s.name.full()] = s.name.stem != ""
	}
	next, round := 0, 0
	for i, s := range t.streets {
		s.code = fmt.Sprintf("str.%s.%03d", t.code[4:], i+1)
		for s.name.stem == "" {
			var stem string
			switch {
			case len(want) > 0 && !s.short():
				stem, want = want[0], want[1:]
			default:
				stem = pool[next]
				if next++; next == len(pool) {
					next, round = 0, round+1
				}
			}
			n := streetName{stem: stem, kind: s.kindFor(r)}
			if round > 0 {
				n.number = round + 1
			}
			if !used[n.full()] {
				s.name, used[n.full()] = n, true
			}
		}
	}
}

func (s *street) short() bool { return length(s.line) < 330 }

func (s *street) kindFor(r *rand.Rand) string {
	l := length(s.line)
	switch {
	case s.main && s.town.kind == "city" && l > 900 && r.IntN(3) == 0:
		return "проспект"
	case s.main && l > 1000 && r.IntN(9) == 0:
		return "шоссе"
	case l < 170 && r.IntN(2) == 0:
		return "проезд"
	case s.short() && r.IntN(4) > 0:
		return "переулок"
	}
	return "улица"
}
