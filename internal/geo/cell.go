package geo

import (
	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"
)

// NearLevel is the S2 level of the cell that a case or a house is indexed by:
// about 150 m on a side, so that "nearby" (up to 500 m) is some tens of cells
// and a cell of a town holds some tens of houses.
const NearLevel = 16

// MaxNear is the largest radius [Covering] answers for, in metres: beyond it
// the list of cells would be longer than a query should carry.
const MaxNear = 1000.0

// Cell is the S2 cell of p at [NearLevel], as it is stored.
func Cell(p Point) int64 { return CellAt(p, NearLevel) }

// CellAt is the S2 cell of p at a level of 0…30.
func CellAt(p Point, level int) int64 {
	lat, lon := p.Degrees()
	return int64(s2.CellIDFromLatLng(s2.LatLngFromDegrees(lat, lon)).Parent(level))
}

// Covering lists cells of [NearLevel] that together cover a circle around p;
// a radius above [MaxNear] is cut to it.
func Covering(p Point, metres float64) []int64 {
	lat, lon := p.Degrees()
	circle := s2.CapFromCenterAngle(s2.PointFromLatLng(s2.LatLngFromDegrees(lat, lon)), metresToAngle(min(max(metres, 1), MaxNear)))
	coverer := s2.RegionCoverer{MinLevel: NearLevel, MaxLevel: NearLevel, MaxCells: 8}
	union := coverer.Covering(circle)
	out := make([]int64, len(union))
	for i, c := range union {
		out[i] = int64(c)
	}
	return out
}

func metresToAngle(metres float64) s1.Angle { return s1.Angle(metres / 6371008.8) }

// Grid is a level of S2 cells as spans of stored cells.
type Grid struct {
	level int
	shift uint
}

// GridFor is the finest grid, at most of [NearLevel], whose cells are at least
// as long as an edge in metres.
func GridFor(metres float64) Grid {
	level := min(max(s2.AvgEdgeMetric.MaxLevel(float64(metresToAngle(metres))), 0), NearLevel)
	return Grid{level, uint(2*(s2.MaxLevel-level) + 1)}
}

// Shift is by how many bits a stored cell is shifted to name its cell of the
// grid: the same for all stored cells inside it.
func (g Grid) Shift() uint { return g.shift }

// Span is the first and the last stored cell of the grid's cell with that name.
func (g Grid) Span(name int64) (first, last int64) {
	return name << g.shift, name<<g.shift | (1<<g.shift - 1)
}

// Centre is the middle of the grid's cell with that name.
func (g Grid) Centre(name int64) Point {
	at := s2.CellID(name<<g.shift | 1<<(g.shift-1)).LatLng()
	p, _ := FromDegrees(at.Lat.Degrees(), at.Lng.Degrees()) // a cell's middle lies on the ground
	return p
}

// GridOf is the grid whose [Grid.Shift] that is.
func GridOf(shift uint) (Grid, bool) {
	g := Grid{s2.MaxLevel - int(shift-1)/2, shift}
	return g, shift%2 == 1 && g.level >= 0 && g.level <= NearLevel
}

// Finer is the grid by so many levels finer, at most of [NearLevel].
func (g Grid) Finer(levels int) Grid {
	level := min(g.level+levels, NearLevel)
	return Grid{level, uint(2*(s2.MaxLevel-level) + 1)}
}
