package places

import (
	"sync"

	"okno/internal/geo"
)

// borders are the shapes of the territories at one level of detail.
type borders struct {
	areas []geo.Geometry
	// borders has, for each territory, the stretches that no territory before it
	// has: a border of two is drawn once, or its dashes would fill each other's gaps.
	borders []geo.Geometry
}

// bordersOf makes the shapes of a level once, when they are first asked for.
func bordersOf(areas []geo.Geometry, simplify float64) func() borders {
	return sync.OnceValue(func() borders {
		b := borders{areas: areas}
		if simplify > 0 {
			b.areas = geo.SimplifyTogether(areas, simplify)
		}
		drawn := map[[2]geo.Point]bool{}
		for _, area := range b.areas {
			b.borders = append(b.borders, undrawn(area, drawn))
		}
		return b
	})
}

// undrawn is what is left of the rings without the segments drawn before, and marks it as drawn.
func undrawn(area geo.Geometry, drawn map[[2]geo.Point]bool) geo.Geometry {
	out := geo.Geometry{Kind: geo.Lines}
	var run []geo.Point
	end := func() {
		if len(run) > 1 {
			out.Parts = append(out.Parts, run)
		}
		run = nil
	}
	for _, ring := range area.Parts {
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			if drawn[[2]geo.Point{p, q}] || drawn[[2]geo.Point{q, p}] {
				end()
				continue
			}
			drawn[[2]geo.Point{p, q}] = true
			if run == nil {
				run = append(run, p)
			}
			run = append(run, q)
		}
		end()
	}
	return out
}
