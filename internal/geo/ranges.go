package geo

import "github.com/golang/geo/s2"

// Ranges covers a box by a few spans of stored cells (as [Cell] gives them),
// so that what lies in it is found by an index over the cell. The cover is
// somewhat wider than the box: compare the points themselves afterwards.
func Ranges(b Box) [][2]int64 {
	if !b.Valid() {
		return nil
	}
	lat0, lon0 := b.Min.Degrees()
	lat1, lon1 := b.Max.Degrees()
	rect := s2.RectFromLatLng(s2.LatLngFromDegrees(lat0, lon0)).AddPoint(s2.LatLngFromDegrees(lat1, lon1))
	coverer := s2.RegionCoverer{MinLevel: 2, MaxLevel: NearLevel, MaxCells: 8}
	var out [][2]int64
	for _, c := range coverer.Covering(rect) {
		lo, hi := int64(c.RangeMin()), int64(c.RangeMax())
		if n := len(out); n > 0 && out[n-1][1] == lo-2 { // leaves of neighbours differ by two
			out[n-1][1] = hi
			continue
		}
		out = append(out, [2]int64{lo, hi})
	}
	return out
}
