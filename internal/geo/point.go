package geo

import "math"

// Point is a place on the earth in microdegrees (1e-6°, at most 11 cm).
type Point struct{ Lat, Lon int32 }

// At makes a point from degrees, rounded to microdegrees.
func At(lat, lon float64) Point {
	return Point{int32(math.Round(lat * 1e6)), int32(math.Round(lon * 1e6))}
}

// Micro makes a point from stored microdegrees; false where they are no place on the earth.
func Micro(lat, lon int64) (Point, bool) {
	if lat < -90e6 || lat > 90e6 || lon < -180e6 || lon > 180e6 {
		return Point{}, false
	}
	return Point{int32(lat), int32(lon)}, true
}

// FromDegrees is At for input from outside: false for NaN, infinities and what
// lies outside of ±90° and ±180°.
func FromDegrees(lat, lon float64) (Point, bool) {
	if !(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180) {
		return Point{}, false
	}
	return At(lat, lon), true
}

// Degrees tells latitude and longitude.
func (p Point) Degrees() (lat, lon float64) { return float64(p.Lat) / 1e6, float64(p.Lon) / 1e6 }

// Zero tells whether the point was never set: 0°, 0° is in the ocean and serves as "none".
func (p Point) Zero() bool { return p == Point{} }

// metresPerMicro is the length of a microdegree of latitude in metres.
const metresPerMicro = 6371008.8 * math.Pi / 180 / 1e6

// plane measures around a latitude: metres per microdegree east.
type plane struct{ east float64 }

func planeAt(p Point) plane {
	return plane{metresPerMicro * math.Cos(float64(p.Lat)/1e6*math.Pi/180)}
}

// xy is the offset of p from o in metres east and north.
func (pl plane) xy(o, p Point) (x, y float64) {
	return float64(int64(p.Lon)-int64(o.Lon)) * pl.east, float64(int64(p.Lat)-int64(o.Lat)) * metresPerMicro
}

// Distance tells metres between two points of one region.
func Distance(a, b Point) float64 {
	x, y := planeAt(Point{int32((int64(a.Lat) + int64(b.Lat)) / 2), 0}).xy(a, b)
	return math.Hypot(x, y)
}

// Offset is the point so many metres east and north of p.
func (p Point) Offset(east, north float64) Point {
	pl := planeAt(p)
	return Point{p.Lat + int32(math.Round(north/metresPerMicro)), p.Lon + int32(math.Round(east/pl.east))}
}

// Box is a rectangle along the meridians; Min is its south-west corner.
type Box struct{ Min, Max Point }

// Empty is the box that holds nothing, to be extended.
func Empty() Box {
	return Box{Point{math.MaxInt32, math.MaxInt32}, Point{math.MinInt32, math.MinInt32}}
}

// Valid tells whether the box holds at least a point.
func (b Box) Valid() bool { return b.Min.Lat <= b.Max.Lat && b.Min.Lon <= b.Max.Lon }

// Extend is the smallest box that holds b and the points.
func (b Box) Extend(points ...Point) Box {
	for _, p := range points {
		b.Min.Lat, b.Min.Lon = min(b.Min.Lat, p.Lat), min(b.Min.Lon, p.Lon)
		b.Max.Lat, b.Max.Lon = max(b.Max.Lat, p.Lat), max(b.Max.Lon, p.Lon)
	}
	return b
}

// Contains tells whether p lies in the box or on its edge.
func (b Box) Contains(p Point) bool {
	return p.Lat >= b.Min.Lat && p.Lat <= b.Max.Lat && p.Lon >= b.Min.Lon && p.Lon <= b.Max.Lon
}

// Touches tells whether the boxes share a point.
func (b Box) Touches(o Box) bool {
	return b.Min.Lat <= o.Max.Lat && o.Min.Lat <= b.Max.Lat && b.Min.Lon <= o.Max.Lon && o.Min.Lon <= b.Max.Lon
}

// Around is the box that holds a circle of so many metres.
func Around(p Point, metres float64) Box {
	return Box{p.Offset(-metres, -metres), p.Offset(metres, metres)}
}

// Centre is the middle of the box.
func (b Box) Centre() Point {
	return Point{int32((int64(b.Min.Lat) + int64(b.Max.Lat)) / 2), int32((int64(b.Min.Lon) + int64(b.Max.Lon)) / 2)}
}

// Between tells how many metres q lies east and north of p.
func Between(p, q Point) (east, north float64) { return planeAt(p).xy(p, q) }
