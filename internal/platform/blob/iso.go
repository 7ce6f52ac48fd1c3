package blob

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Files of the ISO base media format (HEIC, MP4, MOV) are boxes inside boxes.
// They are not encoded anew; what tells where and by what they were made is
// blanked in place, so that every offset stays right.

const (
	maxBoxes   = 20_000
	maxPatches = 2_000
)

type box struct {
	kind     string
	at       int64 // of its header
	from, to int64 // of its content
}

var errManyBoxes = errors.New("blob: too many boxes")

type isoWalk struct {
	r     io.ReaderAt
	size  int64 // of the whole file
	boxes int
}

// each calls fn for the boxes from one offset to another.
func (w *isoWalk) each(from, to int64, fn func(box) error) error {
	for at := from; at < to; {
		if w.boxes++; w.boxes > maxBoxes {
			return errManyBoxes
		}
		if to-at < 8 {
			return damaged("a box is cut off")
		}
		var h [16]byte
		n, err := w.r.ReadAt(h[:min(16, to-at)], at)
		if n < 8 {
			return cut(err)
		}
		b := box{kind: string(h[4:8]), at: at, from: at + 8}
		size := int64(binary.BigEndian.Uint32(h[:]))
		switch size {
		case 0:
			size = to - at
		case 1:
			if n < 16 {
				return damaged("a box is cut off")
			}
			size, b.from = int64(binary.BigEndian.Uint64(h[8:])), at+16
		}
		if size < b.from-at || size > to-at {
			return damaged("a box is longer than the file")
		}
		b.to = at + size
		if err := fn(b); err != nil {
			return err
		}
		at = b.to
	}
	return nil
}

// inspectISO checks that the file is whole: every box fits, and what a picture
// or a film can't do without is there.
func inspectISO(r io.ReaderAt, size int64, code string) error {
	seen := map[string]bool{}
	w := &isoWalk{r: r, size: size}
	if err := w.each(0, size, func(b box) error { seen[b.kind] = true; return nil }); err != nil {
		if errors.Is(err, errManyBoxes) {
			return bomb("too many boxes")
		}
		return err
	}
	need := []string{"moov"}
	if code == "heic" {
		need = []string{"meta"}
	}
	for _, kind := range append(need, "ftyp") {
		if !seen[kind] {
			return damaged("the box " + kind + " is missing")
		}
	}
	if code != "heic" && !seen["mdat"] && !seen["moof"] {
		return damaged("a film without pictures")
	}
	return nil
}

// patch blanks n bytes at an offset, the first of them with head.
type patch struct {
	at, n int64
	head  []byte
}

// isoPatches are the changes that remove places, devices and dates from a file
// of the kind. An error means that the file can not be cleaned and is shown to nobody.
func isoPatches(r io.ReaderAt, size int64, code string) ([]patch, error) {
	w := &isoWalk{r: r, size: size}
	var out []patch
	err := w.each(0, size, func(b box) (err error) {
		var more []patch
		switch b.kind {
		case "ftyp", "mdat", "free", "skip", "wide", "moof", "mfra", "sidx", "styp", "ssix":
		case "moov":
			more, err = w.moov(b)
		case "meta":
			if code == "heic" {
				more, err = w.items(b)
				break
			}
			more = []patch{wholeBox(b)}
		default:
			more = []patch{wholeBox(b)}
		}
		if out = append(out, more...); len(out) > maxPatches {
			return errors.New("blob: too much to blank")
		}
		return err
	})
	slices.SortFunc(out, func(a, b patch) int { return int(a.at - b.at) })
	return out, err
}

// wholeBox turns a box into a free one of zeros; its size stays.
func wholeBox(b box) patch {
	if b.from-b.at == 16 {
		return patch{at: b.from, n: b.to - b.from} // behind a 64-bit size: the kind stays, the content goes
	}
	return patch{at: b.at + 4, n: b.to - b.at - 4, head: []byte("free")}
}

// moov blanks user data and tracks that are neither picture nor sound.
func (w *isoWalk) moov(m box) (out []patch, err error) {
	err = w.each(m.from, m.to, func(b box) error {
		switch b.kind {
		case "udta", "meta", "uuid", "gps ":
			out = append(out, wholeBox(b))
		case "trak":
			handler, inner, err := w.trak(b)
			if err != nil {
				return err
			}
			if handler != "vide" && handler != "soun" {
				out = append(out, wholeBox(b))
				return nil
			}
			out = append(out, inner...)
		}
		return nil
	})
	return out, err
}

func (w *isoWalk) trak(t box) (handler string, out []patch, err error) {
	err = w.each(t.from, t.to, func(b box) error {
		switch b.kind {
		case "udta", "meta", "uuid":
			out = append(out, wholeBox(b))
		case "mdia":
			return w.each(b.from, b.to, func(c box) error {
				switch c.kind {
				case "hdlr":
					var h [12]byte
					if n, err := w.r.ReadAt(h[:], c.from); n < len(h) {
						return cut(err)
					}
					handler = string(h[8:])
				case "udta", "meta", "uuid":
					out = append(out, wholeBox(c))
				}
				return nil
			})
		}
		return nil
	})
	return handler, out, err
}

// items blanks the Exif and XMP items of a HEIC picture.
func (w *isoWalk) items(meta box) (out []patch, err error) {
	private := map[uint32]bool{}
	var iloc, idat, iinf *box
	err = w.each(meta.from+4, meta.to, func(b box) error {
		switch b.kind {
		case "iinf":
			iinf = &b
		case "iloc":
			iloc = &b
		case "idat":
			idat = &b
		case "uuid", "udta":
			out = append(out, wholeBox(b))
		}
		return nil
	})
	if err != nil || iinf == nil {
		return out, err
	}
	if err := w.infos(*iinf, private); err != nil {
		return nil, err
	}
	if len(private) == 0 {
		return out, nil
	}
	if iloc == nil {
		return nil, damaged("no places of items")
	}
	found, err := w.places(*iloc, idat, private)
	return append(out, found...), err
}

func (w *isoWalk) infos(iinf box, private map[uint32]bool) error {
	var v [1]byte
	if n, err := w.r.ReadAt(v[:], iinf.from); n < 1 {
		return cut(err)
	}
	first := iinf.from + 6
	if v[0] > 0 {
		first = iinf.from + 8
	}
	return w.each(first, iinf.to, func(b box) error {
		var h [14]byte
		n, err := w.r.ReadAt(h[:min(int64(len(h)), b.to-b.from)], b.from)
		if err != nil && err != io.EOF {
			return err
		}
		var item uint32
		var kind string
		switch {
		case b.kind != "infe":
			return nil
		case h[0] == 2 && n >= 12:
			item, kind = uint32(binary.BigEndian.Uint16(h[4:])), string(h[8:12])
		case h[0] == 3 && n >= 14:
			item, kind = binary.BigEndian.Uint32(h[4:]), string(h[10:14])
		default:
			return fmt.Errorf("blob: item of version %d", h[0])
		}
		if kind == "Exif" || kind == "mime" || kind == "uri " {
			private[item] = true
		}
		return nil
	})
}

// places reads where the items' bytes are.
func (w *isoWalk) places(iloc box, idat *box, private map[uint32]bool) (out []patch, err error) {
	if iloc.to-iloc.from > 1<<20 {
		return nil, errManyBoxes
	}
	f := &fields{b: make([]byte, iloc.to-iloc.from)}
	if n, err := w.r.ReadAt(f.b, iloc.from); n < len(f.b) {
		return nil, cut(err)
	}
	version := f.uint(1)
	f.uint(3)
	sizes := f.uint(2)
	offSize, lenSize, baseSize, indexSize := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	wide := 2
	if version == 2 {
		wide = 4
	}
	if version > 2 {
		return nil, fmt.Errorf("blob: places of version %d", version)
	}
	for count := f.uint(wide); count > 0 && !f.short; count-- {
		item := uint32(f.uint(wide))
		method := uint64(0)
		if version > 0 {
			method = f.uint(2) & 15
		}
		f.uint(2)
		base := f.uint(baseSize)
		for n := f.uint(2); n > 0 && !f.short; n-- {
			if version > 0 {
				f.uint(indexSize)
			}
			off, length := int64(base+f.uint(offSize)), int64(f.uint(lenSize))
			if method == 0 && (off < 0 || length < 0 || off > w.size || length > w.size-off) {
				return nil, damaged("an item lies behind the end of the file")
			}
			if !private[item] {
				continue
			}
			switch {
			case method == 1 && idat != nil && off >= 0 && length > 0 && length <= idat.to-idat.from-off:
				off += idat.from
			case method != 0 || off < 0 || length <= 0:
				return nil, errors.New("blob: an item whose place is not understood")
			}
			if out = append(out, patch{at: off, n: length}); len(out) > maxPatches {
				return nil, errManyBoxes
			}
		}
	}
	if f.short {
		return nil, damaged("places of items are cut off")
	}
	return out, nil
}

// fields reads big-endian numbers.
type fields struct {
	b     []byte
	short bool
}

func (f *fields) uint(size int) (v uint64) {
	if len(f.b) < size || size > 8 {
		f.short = true
		return 0
	}
	for _, c := range f.b[:size] {
		v = v<<8 | uint64(c)
	}
	f.b = f.b[size:]
	return v
}

// patched reads r with the patches applied; they are in order of their offsets.
type patched struct {
	r       io.Reader
	at      int64
	patches []patch
}

func (p *patched) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	from, to := p.at, p.at+int64(n)
	for _, x := range p.patches {
		if x.at >= to {
			break
		}
		for i := max(x.at, from); i < min(x.at+x.n, to); i++ {
			b[i-from] = 0
			if k := i - x.at; k < int64(len(x.head)) {
				b[i-from] = x.head[k]
			}
		}
	}
	p.at = to
	return n, err
}
