package geo

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b   Point
		metres float64
	}{
		{At(60, 30), At(60, 30), 0},
		{At(60, 30), At(61, 30), 111195},
		{At(60, 30), At(60, 31), 55597},                    // a degree of longitude is half as long at 60°
		{At(59.9386, 30.3141), At(59.9311, 30.3609), 2738}, // by the haversine formula
	} {
		if d := Distance(c.a, c.b); math.Abs(d-c.metres) > c.metres*0.002+0.2 {
			t.Errorf("%v–%v is %.0f m, want %.0f", c.a, c.b, d, c.metres)
		}
	}
	p := At(60, 30)
	if q := p.Offset(300, -400); math.Abs(Distance(p, q)-500) > 0.2 {
		t.Errorf("300 m east and 400 m south are %.1f m away", Distance(p, q))
	}
}

func TestFromDegreesRefuses(t *testing.T) {
	for _, c := range [][2]float64{{91, 0}, {-91, 0}, {0, 181}, {math.NaN(), 0}, {0, math.Inf(1)}} {
		if _, ok := FromDegrees(c[0], c[1]); ok {
			t.Errorf("%v is taken for a place", c)
		}
	}
	if _, ok := Micro(90_000_001, 0); ok {
		t.Error("a latitude above 90° is taken")
	}
}

func rect(lat, lon, size float64) []Point {
	return []Point{At(lat, lon), At(lat, lon+size), At(lat+size, lon+size), At(lat+size, lon)}
}

func TestContains(t *testing.T) {
	g := Area(rect(60, 30, 1), rect(60.4, 30.4, 0.2))
	for p, want := range map[Point]bool{At(60.1, 30.1): true, At(60.5, 30.5): false, At(59.9, 30.5): false, At(60.5, 31.5): false, At(60.3, 30.5): true} {
		if g.Contains(p) != want {
			t.Errorf("%v: %v, want %v", p, !want, want)
		}
	}
	if Path(rect(60, 30, 1)...).Contains(At(60.5, 30.5)) {
		t.Error("a line contains a point")
	}
}

// A point on the common edge of two areas lies in exactly one of them.
func TestSharedEdgeBelongsToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.SliceOfN(rapid.Int32Range(-1000, 1000), 5, 5).Draw(t, "border")
		var border []Point
		for i, v := range lat {
			border = append(border, Point{60_000_000 + v, 30_000_000 + int32(i)*1000})
		}
		end := border[len(border)-1]
		north := Area(append(slices.Clone(border), Point{60_009_000, end.Lon}, Point{60_009_000, border[0].Lon}))
		south := Area(append(slices.Clone(border), Point{59_991_000, end.Lon}, Point{59_991_000, border[0].Lon}))
		lon := rapid.Int32Range(1, 3999).Draw(t, "lon")
		p := Point{60_000_000 + rapid.Int32Range(-1000, 1000).Draw(t, "lat"), 30_000_000 + lon}
		if rapid.Bool().Draw(t, "corner") {
			p = border[1+int(lon)%3]
		}
		if north.Contains(p) == south.Contains(p) {
			t.Fatalf("%v: north %v, south %v", p, north.Contains(p), south.Contains(p))
		}
	})
}

func TestNormalGivesDirections(t *testing.T) {
	outer, hole := reversed(rect(60, 30, 1)), rect(60.4, 30.4, 0.2)
	g := Area(append(outer, outer[0]), hole, rect(70, 40, 1))
	if ringArea(g.Parts[0]) <= 0 || ringArea(g.Parts[1]) >= 0 || ringArea(g.Parts[2]) <= 0 || len(g.Parts[0]) != 4 {
		t.Errorf("%v", g)
	}
	if p := g.Polygons(); len(p) != 2 || len(p[0]) != 2 || len(p[1]) != 1 {
		t.Errorf("%d polygons", len(p))
	}
	if km := Area(rect(60, 30, 0.1)).SquareMetres() / 1e6; math.Abs(km-61.7) > 0.3 {
		t.Errorf("%.1f km²", km)
	}
}

func TestNearestOnLine(t *testing.T) {
	line := Path(At(60, 30), At(60, 30.1), At(60.1, 30.1))
	n := line.Nearest(At(60.01, 30.05))
	if n.Segment != 0 || math.Abs(n.Along-0.5) > 0.01 || math.Abs(n.Metres-1112) > 5 || n.At.Lat != 60_000_000 {
		t.Errorf("%+v", n)
	}
	if n := Area(rect(60, 30, 1)).Nearest(At(60.5, 30.5)); n.Metres != 0 {
		t.Errorf("inside an area: %+v", n)
	}
	if n := (Geometry{}).Nearest(At(60, 30)); !math.IsInf(n.Metres, 1) {
		t.Errorf("nothing: %+v", n)
	}
}

func TestCoveringHoldsTheCircle(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	p := At(60.2153, 31.9845)
	for _, metres := range []float64{50, 200, 500, 1000} {
		cells := Covering(p, metres)
		for range 500 {
			a, d := r.Float64()*2*math.Pi, metres*math.Sqrt(r.Float64())*0.995
			q := p.Offset(d*math.Cos(a), d*math.Sin(a))
			if !slices.Contains(cells, Cell(q)) {
				t.Fatalf("%.0f m: %v is not covered", metres, q)
			}
		}
		if len(cells) > 260 {
			t.Errorf("%.0f m: %d cells", metres, len(cells))
		}
	}
	if n := len(Covering(p, 1e9)); n > 260 {
		t.Errorf("a circle without end: %d cells", n)
	}
}

func TestEncodeDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := Kind(rapid.IntRange(1, 3).Draw(t, "kind"))
		point := rapid.Custom(func(t *rapid.T) Point {
			return Point{rapid.Int32Range(-90e6, 90e6).Draw(t, "lat"), rapid.Int32Range(-180e6, 180e6).Draw(t, "lon")}
		})
		g := Geometry{kind, rapid.SliceOfN(rapid.SliceOfN(point, int(kind), 6), 1, 3).Draw(t, "parts")}
		back, err := Decode(g.Encode())
		if err != nil || !reflect.DeepEqual(back, g) {
			t.Fatalf("%v became %v (%v)", g, back, err)
		}
	})
	if g, err := Decode(nil); err != nil || g.Kind != None {
		t.Errorf("no bytes: %v %v", g, err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Area(rect(60, 30, 1)).Encode())
	f.Add([]byte{3, 255, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := Decode(data)
		if err == nil && len(data) > 0 {
			if again, err := Decode(g.Encode()); err != nil || !reflect.DeepEqual(again, g) {
				t.Errorf("%v is stored as %v (%v)", g, again, err)
			}
		}
	})
}

func TestSimplify(t *testing.T) {
	var line []Point
	for i := range 101 {
		line = append(line, At(60+0.00001*math.Sin(float64(i)), 30+float64(i)*0.001))
	}
	if got := Path(line...).Simplify(5).Parts[0]; len(got) != 2 || got[0] != line[0] || got[1] != line[100] {
		t.Errorf("a nearly straight line keeps %d points", len(got))
	}
	if got := Path(line...).Simplify(0).Parts[0]; len(got) != 101 {
		t.Errorf("without a tolerance %d points are left", len(got))
	}
	if got := Area(rect(60, 30, 1)).Simplify(1e9).Parts[0]; len(got) < 3 {
		t.Errorf("a ring of %d points", len(got))
	}
}

func TestMiddle(t *testing.T) {
	if p := Path(At(60, 30), At(60, 30.2)).Middle(); Distance(p, At(60, 30.1)) > 1 {
		t.Errorf("line: %v", p)
	}
	if p := Area(rect(60, 30, 1)).Middle(); Distance(p, At(60.5, 30.5)) > 1 {
		t.Errorf("area: %v", p)
	}
	if p := (Geometry{}).Middle(); !p.Zero() {
		t.Errorf("nothing: %v", p)
	}
}
