package region

import (
	"fmt"
	"math"
)

// lake is a closed water: an outline around its middle.
type lake struct {
	name  string
	en    string
	at    vec
	shore []vec
	reach float64
}

// river is a line with a width that grows downstream.
type river struct {
	name, en string
	line     []vec
	from, to float64 // width at the source and at the mouth, metres
}

type waters struct {
	lakes  []lake
	rivers []river
}

// x, y in kilometres, size is the mean radius.
var lakeList = []struct {
	name, en   string
	x, y, size float64
}{
	{"озеро Верхнее", "Lake Verkhneye", 97, 121, 8.6},
	{"озеро Светлое", "Lake Svetloye", 40, 120, 3.4},
	{"озеро Тихое", "Lake Tikhoye", 112, 147, 4.2},
	{"озеро Сиговое", "Lake Sigovoye", 153, 152, 5.1},
	{"озеро Долгое", "Lake Dolgoye", 184, 128, 3.6},
	{"озеро Глубокое", "Lake Glubokoye", 186, 92, 2.8},
	{"озеро Щучье", "Lake Shchuchye", 44, 70, 2.4},
	{"озеро Рыбное", "Lake Rybnoye", 14, 78, 3.2},
	{"озеро Моховое", "Lake Mokhovoye", 198, 44, 2.9},
	{"озеро Каменное", "Lake Kamennoye", 112, 112, 1.3},
	{"озеро Лесное", "Lake Lesnoye", 80, 36, 2.2},
	{"озеро Пограничное", "Lake Pogranichnoye", 40, 36, 1.9},
	{"озеро Чёрное", "Lake Chyornoye", 146, 44, 1.7},
	{"озеро Ягодное", "Lake Yagodnoye", 164, 24, 1.5},
}

// townRiver is the course of the Сить through the capital, in the capital's own
// axes (metres along and across its streets): the town plan leaves it room.
func townRiver() (out []vec) {
	for u := -3600.0; u <= 3600; u += 240 {
		out = append(out, vec{u, -345 + 62*math.Sin(u/420+0.6) + 38*math.Sin(u/1150)})
	}
	return out
}

func makeWaters(seed uint64) waters {
	var w waters
	for _, l := range lakeList {
		r := source(seed, l.name)
		at, ring := vec{l.x * 1e3, l.y * 1e3}, []vec{}
		p1, p2, p3, long := between(r, 0, 6), between(r, 0, 6), between(r, 0, 6), between(r, 0, 3)
		const n = 22
		reach := 0.0
		for k := range n {
			a := float64(k) * 2 * math.Pi / n
			q := 1 + 0.22*math.Cos(2*(a-long)) + 0.12*math.Sin(3*a+p1) + 0.09*math.Sin(4*a+p2) + 0.05*math.Sin(7*a+p3)
			ring = append(ring, at.add(vec{math.Cos(a), math.Sin(a)}.mul(l.size*1e3*q)))
			reach = max(reach, l.size*1e3*q)
		}
		ring = append(ring, ring[0])
		shore := []vec{}
		for i := 1; i < len(ring); i++ {
			shore = append(shore, rough(r, ring[i-1], ring[i], 0.09, 260)[1:]...)
		}
		w.lakes = append(w.lakes, lake{l.name, l.en, at, shore, reach * 1.1})
	}

	capital := capitalAxes()
	main := []vec{{95e3, 119e3}, {92.5e3, 112e3}, {90.8e3, 107.6e3}}
	for _, v := range backwards(townRiver()) {
		main = append(main, capital.place(v))
	}
	main = append(main, vec{77e3, 100.5e3}, vec{70e3, 94e3}, vec{61e3, 91.5e3}, vec{52e3, 84e3}, vec{47e3, 74e3}, vec{43e3, 69e3}, vec{36e3, 58e3}, vec{34e3, 44e3}, vec{39e3, 35e3}, vec{31e3, 21e3}, vec{40e3, 6e3}, vec{38e3, -9e3})
	w.rivers = append(w.rivers, river{"река Сить", "Sit River", bends(seed, "Сить", main), 46, 130})
	for _, t := range []struct {
		name, en string
		from, to float64
		course   []vec
	}{
		{"река Ладейка", "Ladeyka River", 14, 40, []vec{{60e3, 164e3}, {55e3, 150e3}, {61e3, 133.2e3}, {54e3, 124e3}, {42e3, 121e3}, {30e3, 112e3}, {20e3, 103.2e3}, {10e3, 90e3}, {14e3, 78e3}}},
		{"река Плёсна", "Plyosna River", 16, 46, []vec{{96e3, 176e3}, {97e3, 165e3}, {99.5e3, 157.4e3}, {111e3, 148e3}, {109e3, 138e3}, {103e3, 129e3}, {99e3, 124e3}}},
		{"река Каменка", "Kamenka River", 16, 52, []vec{{150e3, 150e3}, {141e3, 140e3}, {127.3e3, 129e3}, {121e3, 120e3}, {112e3, 111.5e3}, {113e3, 100e3}, {110.5e3, 91.4e3}, {108e3, 80e3}, {96e3, 71e3}, {92.6e3, 61.2e3}, {88e3, 48e3}, {80e3, 37e3}, {74e3, 20e3}, {76e3, -8e3}}},
		{"река Липня", "Lipnya River", 14, 44, []vec{{184e3, 128e3}, {174e3, 120e3}, {164.4e3, 111.2e3}, {158e3, 100e3}, {166e3, 88e3}, {162.8e3, 73e3}, {156e3, 60e3}, {146e3, 44e3}, {143.5e3, 30e3}, {140.6e3, 21.2e3}, {138e3, -8e3}}},
		{"река Ветлянка", "Vetlyanka River", 12, 36, []vec{{186e3, 92e3}, {196e3, 80e3}, {205.4e3, 67.2e3}, {203e3, 54e3}, {198e3, 44e3}, {190e3, 36e3}, {178.6e3, 31.4e3}, {172e3, 12e3}, {176e3, -8e3}}},
	} {
		w.rivers = append(w.rivers, river{t.name, t.en, bends(seed, t.name, t.course), t.from, t.to})
	}
	return w
}

// bends makes a river's meanders: long stages wander, short ones (the town's) stay as given.
func bends(seed uint64, name string, course []vec) []vec {
	line := []vec{course[0]}
	for i := 1; i < len(course); i++ {
		r := source(seed, fmt.Sprintf("river %s %d", name, i))
		a, b := course[i-1], course[i]
		if b.sub(a).len() < 1500 {
			line = append(line, b)
			continue
		}
		line = append(line, rough(r, a, b, 0.17, 1400)[1:]...)
	}
	return smooth(line, 6)
}

// banks are the two sides of a river as one ring.
func (r river) banks() []vec {
	var left, right []vec
	for i, v := range r.line {
		a, b := r.line[max(i-1, 0)], r.line[min(i+1, len(r.line)-1)]
		n := b.sub(a).unit().left().mul(r.width(i) / 2)
		left, right = append(left, v.add(n)), append(right, v.sub(n))
	}
	return append(left, backwards(right)...)
}

func (r river) width(i int) float64 {
	return r.from + (r.to-r.from)*float64(i)/float64(len(r.line)-1)
}

// near reads a town's neighbourhood out of the waters, so that questions about
// single houses stay cheap.
func (w waters) near(at vec, reach float64) waters {
	var out waters
	for _, l := range w.lakes {
		if l.at.sub(at).len() < reach+l.reach {
			out.lakes = append(out.lakes, l)
		}
	}
	for _, r := range w.rivers {
		first, last := -1, -1
		for i, v := range r.line {
			if v.sub(at).len() < reach+600 {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
		if first >= 0 && last > first {
			part := r
			part.from, part.to, part.line = r.width(first), r.width(last), r.line[first:last+1]
			out.rivers = append(out.rivers, part)
		}
	}
	return out
}

// wet tells whether p lies in water or closer to it than margin metres.
func (w waters) wet(p vec, margin float64) bool {
	for _, l := range w.lakes {
		d := l.at.sub(p).len()
		if d > l.reach+margin {
			continue
		}
		if within(l.shore, p) {
			return true
		}
		for i, a := range l.shore {
			if d, _ := toSegment(p, a, l.shore[(i+1)%len(l.shore)]); d < margin {
				return true
			}
		}
	}
	for _, r := range w.rivers {
		for i := 1; i < len(r.line); i++ {
			if d, _ := toSegment(p, r.line[i-1], r.line[i]); d < r.width(i)/2+margin {
				return true
			}
		}
	}
	return false
}
