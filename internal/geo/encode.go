package geo

import (
	"encoding/binary"
	"errors"
)

// ErrEncoding says that stored bytes are no geometry.
var ErrEncoding = errors.New("geo: not an encoded geometry")

// Encode writes a geometry as bytes for storage: the kind, the number of
// parts, and for each its length and the differences of its points as zigzag
// varints. A house takes about 20 bytes.
func (g Geometry) Encode() []byte {
	if g.Kind == None {
		return nil
	}
	out := []byte{byte(g.Kind)}
	out = binary.AppendUvarint(out, uint64(len(g.Parts)))
	var last Point
	for _, part := range g.Parts {
		out = binary.AppendUvarint(out, uint64(len(part)))
		for _, p := range part {
			out = binary.AppendVarint(out, int64(p.Lat)-int64(last.Lat))
			out = binary.AppendVarint(out, int64(p.Lon)-int64(last.Lon))
			last = p
		}
	}
	return out
}

// Decode reads what [Geometry.Encode] wrote; no bytes are the empty geometry.
func Decode(data []byte) (Geometry, error) {
	if len(data) == 0 {
		return Geometry{}, nil
	}
	r := reader{data: data[1:]}
	g := Geometry{Kind: Kind(data[0])}
	if g.Kind < Points || g.Kind > Polygon {
		return Geometry{}, ErrEncoding
	}
	parts := r.count(1)
	g.Parts = make([][]Point, 0, parts)
	var lat, lon int64
	for range parts {
		n := r.count(2)
		part := make([]Point, 0, n)
		for range n {
			lat, lon = lat+r.varint(), lon+r.varint()
			p, ok := Micro(lat, lon)
			if !ok {
				return Geometry{}, ErrEncoding
			}
			part = append(part, p)
		}
		g.Parts = append(g.Parts, part)
	}
	if r.bad || len(r.data) > 0 || !g.wellFormed() {
		return Geometry{}, ErrEncoding
	}
	return g, nil
}

// wellFormed tells whether each part has as many points as its kind demands.
func (g Geometry) wellFormed() bool {
	for _, part := range g.Parts {
		if len(part) < int(g.Kind) {
			return false
		}
	}
	return len(g.Parts) > 0
}

type reader struct {
	data []byte
	bad  bool
}

// count reads a number of items of at least size bytes each: more than can
// follow is a damaged encoding, not a reason to allocate.
func (r *reader) count(size int) int {
	v, n := binary.Uvarint(r.data)
	if n <= 0 || v > uint64(len(r.data)-n)/uint64(size) {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return int(v)
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.data)
	if n <= 0 || v > 1<<40 || v < -1<<40 {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return v
}
