package places_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"math"
	"testing"
	"time"

	"okno/internal/geo"
	"okno/internal/places"
)

// pb reads protobuf fields: number → values, varints as uint64 and the rest as bytes.
func pb(t *testing.T, data []byte) map[uint64][]any {
	t.Helper()
	out := map[uint64][]any{}
	for len(data) > 0 {
		key, n := binary.Uvarint(data)
		if n <= 0 {
			t.Fatal("bad key")
		}
		data = data[n:]
		v, n := binary.Uvarint(data)
		if n <= 0 {
			t.Fatal("bad value")
		}
		data = data[n:]
		switch key & 7 {
		case 0:
			out[key>>3] = append(out[key>>3], v)
		case 2:
			if v > uint64(len(data)) {
				t.Fatal("a field longer than its message")
			}
			out[key>>3] = append(out[key>>3], data[:v])
			data = data[v:]
		default:
			t.Fatalf("wire type %d", key&7)
		}
	}
	return out
}

type mvtFeature struct {
	kind uint64
	tags map[string]any
	geom [][][2]int32 // parts
}

// decodeTile reads a tile as the specification says, and fails on what breaks it.
func decodeTile(t *testing.T, data []byte) map[string][]mvtFeature {
	t.Helper()
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]mvtFeature{}
	for _, l := range pb(t, raw)[3] {
		layer := pb(t, l.([]byte))
		name := string(layer[1][0].([]byte))
		if layer[15][0] != uint64(2) || layer[5][0] != uint64(4096) {
			t.Fatalf("layer %s: version %v, extent %v", name, layer[15], layer[5])
		}
		if out[name] != nil {
			t.Fatalf("layer %s stands twice", name)
		}
		for _, raw := range layer[2] {
			f := pb(t, raw.([]byte))
			v := mvtFeature{kind: f[3][0].(uint64), tags: map[string]any{}}
			if len(f[2]) > 0 {
				ids := f[2][0].([]byte)
				for len(ids) > 0 {
					k, n := binary.Uvarint(ids)
					ids = ids[n:]
					val, n := binary.Uvarint(ids)
					ids = ids[n:]
					key := string(layer[3][k].([]byte))
					value := pb(t, layer[4][val].([]byte))
					if s := value[1]; s != nil {
						v.tags[key] = string(s[0].([]byte))
					} else {
						v.tags[key] = value[4][0]
					}
				}
			}
			v.geom = decodeCommands(t, f[4][0].([]byte), v.kind)
			out[name] = append(out[name], v)
		}
	}
	return out
}

func decodeCommands(t *testing.T, data []byte, kind uint64) (parts [][][2]int32) {
	t.Helper()
	var at [2]int32
	next := func() uint32 {
		v, n := binary.Uvarint(data)
		if n <= 0 {
			t.Fatal("commands break off")
		}
		data = data[n:]
		return uint32(v)
	}
	for len(data) > 0 {
		c := next()
		id, count := c&7, c>>3
		if id == 7 {
			if kind != 3 || count != 1 {
				t.Fatal("a path is closed that is no ring")
			}
			continue
		}
		if id == 1 {
			parts = append(parts, nil)
		}
		for range count {
			for i := range 2 {
				v := next()
				at[i] += int32(v>>1) ^ -int32(v&1)
			}
			parts[len(parts)-1] = append(parts[len(parts)-1], at)
		}
	}
	return parts
}

func tileOf(p geo.Point, z int) (x, y int) {
	lat, lon := p.Degrees()
	n := math.Exp2(float64(z))
	return int((lon + 180) / 360 * n), int((1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2 * n)
}

func TestTilesDecode(t *testing.T) {
	x, a := theIndex(), home(t)
	fields := map[string]places.TileLayer{}
	for _, l := range places.TileLayers() {
		fields[l.ID] = l
	}
	want := map[int][]string{6: {"land", "territories", "labels", "roads", "water", "green"}, 10: {"land", "built", "roads", "labels"},
		12: {"roads", "water"}, 14: {"roads", "houses", "green"}, 15: {"roads", "houses", "things", "labels"}}
	for z := places.MinTileZoom; z <= places.MaxTileZoom; z++ {
		tx, ty := tileOf(a.At, z)
		start := time.Now()
		data, ok := x.Tile(z, tx, ty)
		if !ok {
			t.Fatalf("no tile %d/%d/%d", z, tx, ty)
		}
		took := time.Since(start)
		layers := decodeTile(t, data)
		for _, name := range want[z] {
			if len(layers[name]) == 0 {
				t.Errorf("zoom %d has nothing in layer %s", z, name)
			}
		}
		if len(data) > 150_000 {
			t.Errorf("tile of zoom %d has %d bytes", z, len(data))
		}
		for name, list := range layers {
			if fields[name].ID == "" {
				t.Errorf("zoom %d: layer %s is not told of", z, name)
			}
			for _, f := range list {
				for key := range f.tags {
					if fields[name].Fields[key] == "" {
						t.Errorf("zoom %d: %s of layer %s is not told of", z, key, name)
					}
				}
				for i, part := range f.geom {
					for _, p := range part {
						if p[0] < -129 || p[0] > 4225 || p[1] < -129 || p[1] > 4225 {
							t.Fatalf("zoom %d %s: %v lies outside of the tile", z, name, p)
						}
					}
					area := int64(0)
					for k, p := range part {
						q := part[(k+1)%len(part)]
						area += int64(p[0])*int64(q[1]) - int64(q[0])*int64(p[1])
					}
					if f.kind == 3 && (len(part) < 3 || i == 0 && area <= 0) {
						t.Fatalf("zoom %d %s: outer ring of %d points with area %d", z, name, len(part), area)
					}
					if f.kind == 2 && len(part) < 2 {
						t.Fatalf("zoom %d %s: a line of one point", z, name)
					}
				}
			}
		}
		t.Logf("zoom %d: %d bytes in %v", z, len(data), took)
	}
	tx, ty := tileOf(a.At, 15)
	data, _ := x.Tile(15, tx, ty)
	house, street := false, false
	for _, f := range decodeTile(t, data)["houses"] {
		house = house || f.tags["house"] == "14"
	}
	for _, f := range decodeTile(t, data)["roads"] {
		street = street || f.tags["name"] == "Рыбацкая улица"
	}
	if !house || !street {
		t.Errorf("house 14 %v, Рыбацкая %v", house, street)
	}
	for _, c := range [][3]int{{3, 0, 0}, {16, 0, 0}, {10, -1, 0}, {10, 0, 1024}, {31, 1, 1}} {
		if _, ok := x.Tile(c[0], c[1], c[2]); ok {
			t.Errorf("tile %v exists", c)
		}
	}
	if again, _ := x.Tile(15, tx, ty); !bytes.Equal(again, data) {
		t.Error("the cached tile differs")
	}
}
