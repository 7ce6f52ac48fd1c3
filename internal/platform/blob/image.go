package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"okno/internal/platform/errs"
)

// Variants of a cleaned file; the numbers are the longest side in pixels.
const (
	Clean  = "clean"  // whole, at most maxClean pixels a side
	Large  = "1280"   // for the page
	Thumb  = "320"    // for lists
	Source = "source" // as it was sent: for the uploader alone, until it is cleaned
)

const (
	maxClean    = 2560
	jpegQuality = 85
	thumbSide   = 320
	largeSide   = 1280
)

// made is an encoded variant.
type made struct {
	variant       string
	kind          string
	body          []byte
	width, height int
}

// reencode decodes an image, turns it upright and encodes it anew: nothing of
// the original but its pixels is left. Images above maxClean are made smaller.
// A broken image is [errs.Invalid]. Memory is bounded by [MaxPixels].
func reencode(r io.ReaderAt, size int64, code string) (out []made, err error) {
	defer func() {
		if p := recover(); p != nil { // a decoder that trips over hostile bytes
			out, err = nil, damaged(fmt.Sprint(p))
		}
	}()
	src, err := decoded(r, size, code)
	if err != nil {
		return nil, err
	}
	b := src.Bounds()
	if err := checkPixels(b.Dx(), b.Dy(), 1); err != nil {
		return nil, err
	}
	turn := orientation(r, size, code)
	asPNG := code == "png" || code == "webp" && !opaque(src)

	whole := fit(src, maxClean)
	if turn > 1 {
		whole = upright(whole, turn)
	}
	src = nil
	kind := "jpeg"
	if asPNG {
		kind = "png"
	}
	out = make([]made, 0, 3)
	if out, err = add(out, Clean, kind, whole); err != nil {
		return nil, err
	}
	large := flat(fit(whole, largeSide))
	whole = nil
	if out, err = add(out, Large, "jpeg", large); err != nil {
		return nil, err
	}
	return add(out, Thumb, "jpeg", flat(fit(large, thumbSide)))
}

func decode(r io.Reader, code string) (image.Image, error) {
	switch code {
	case "jpeg":
		return jpeg.Decode(r)
	case "png":
		return png.Decode(r)
	case "webp":
		return webp.Decode(r)
	}
	return nil, fmt.Errorf("blob: no decoder for %q", code)
}

func add(out []made, variant, kind string, img image.Image) ([]made, error) {
	var buf bytes.Buffer
	var err error
	if kind == "png" {
		err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&buf, img)
	} else {
		err = jpeg.Encode(&buf, img, &jpeg.Options{Quality: jpegQuality})
	}
	if err != nil {
		return nil, errs.Wrap(errs.Internal, fmt.Errorf("blob: encode %s: %w", variant, err))
	}
	b := img.Bounds()
	return append(out, made{variant, kind, buf.Bytes(), b.Dx(), b.Dy()}), nil
}

// fit makes an image smaller until its longest side has at most side pixels:
// first by averaging whole squares, then by the rest, which is less than half.
// So nothing is held but the source and the results.
func fit(src image.Image, side int) image.Image {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if max(w, h) <= side {
		return src
	}
	k := max(w, h) / side
	if w >= h {
		w, h = side, max(1, (h*side+w/2)/w)
	} else {
		w, h = max(1, (w*side+h/2)/h), side
	}
	if k > 1 && min(b.Dx(), b.Dy()) >= k {
		src = shrink(src, k)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
	return dst
}

// shrink makes each square of k×k pixels one.
func shrink(src image.Image, k int) image.Image {
	b := src.Bounds()
	w, h := b.Dx()/k, b.Dy()/k
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	strip := image.NewRGBA(image.Rect(0, 0, w*k, k))
	n := uint32(k * k)
	for y := range h {
		draw.Draw(strip, strip.Rect, src, image.Pt(b.Min.X, b.Min.Y+y*k), draw.Src)
		out := dst.Pix[y*dst.Stride:]
		for x := range w {
			var sum [4]uint32
			for row := range k {
				p := strip.Pix[row*strip.Stride+x*k*4:][:k*4]
				for i := 0; i < len(p); i += 4 {
					sum[0] += uint32(p[i])
					sum[1] += uint32(p[i+1])
					sum[2] += uint32(p[i+2])
					sum[3] += uint32(p[i+3])
				}
			}
			for i, v := range sum {
				out[x*4+i] = uint8((v + n/2) / n)
			}
		}
	}
	return dst
}

func opaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// flat lays an image with transparent parts on white, for JPEG.
func flat(src image.Image) image.Image {
	if _, ok := src.(*image.YCbCr); ok || opaque(src) {
		return src
	}
	dst := image.NewRGBA(image.Rect(0, 0, src.Bounds().Dx(), src.Bounds().Dy()))
	draw.Draw(dst, dst.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(dst, dst.Bounds(), src, src.Bounds().Min, draw.Over)
	return dst
}

// upright applies an EXIF orientation (2–8).
func upright(src image.Image, turn int) image.Image {
	b := src.Bounds()
	rgba, ok := src.(*image.RGBA)
	if !ok || b.Min != (image.Point{}) {
		rgba = image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(rgba, rgba.Bounds(), src, b.Min, draw.Src)
	}
	w, h := b.Dx(), b.Dy()
	dw, dh := w, h
	if turn >= 5 {
		dw, dh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range dh {
		for x := range dw {
			sx, sy := x, y
			switch turn {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			copy(dst.Pix[dst.PixOffset(x, y):][:4], rgba.Pix[rgba.PixOffset(sx, sy):][:4])
		}
	}
	return dst
}

// orientation reads the EXIF orientation of an image; 1 where there is none
// or it can't be read.
func orientation(r io.ReaderAt, size int64, code string) int {
	exif, err := findExif(r, size, code)
	if err != nil || len(exif) < 14 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(exif[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(exif[4:]))
	if at+2 > int64(len(exif)) {
		return 1
	}
	for n, e := int(order.Uint16(exif[at:])), exif[at+2:]; n > 0 && len(e) >= 12; n, e = n-1, e[12:] {
		if order.Uint16(e) == 0x0112 {
			if v := int(order.Uint16(e[8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return 1
}

var errNoExif = errors.New("no EXIF")

// findExif gives the TIFF part of a JPEG's, PNG's or WebP's EXIF, at most 64 kB of it.
func findExif(r io.ReaderAt, size int64, code string) ([]byte, error) {
	var at int64
	next := func() (kind string, from, n int64, err error) { // of PNG and WebP chunks
		var h [8]byte
		if _, err := r.ReadAt(h[:], at); err != nil {
			return "", 0, 0, err
		}
		if code == "png" {
			kind, n = string(h[4:]), int64(binary.BigEndian.Uint32(h[:]))
			from, at = at+8, at+12+n
		} else {
			kind, n = string(h[:4]), int64(binary.LittleEndian.Uint32(h[4:]))
			from, at = at+8, at+8+n+n&1
		}
		return kind, from, n, nil
	}
	want := "eXIf"
	switch code {
	case "png":
		at = 8
	case "webp":
		at, want = 12, "EXIF"
	default:
		return jpegExif(r)
	}
	for range 1000 {
		kind, from, n, err := next()
		if err != nil || at > size+1 {
			return nil, errNoExif
		}
		if kind != want {
			continue
		}
		b := make([]byte, min(n, 64<<10, size-from))
		if _, err := r.ReadAt(b, from); err != nil && err != io.EOF {
			return nil, err
		}
		return bytes.TrimPrefix(b, []byte("Exif\x00\x00")), nil
	}
	return nil, errNoExif
}

func jpegExif(r io.ReaderAt) ([]byte, error) {
	at := int64(2)
	for range 100 {
		var h [4]byte
		if _, err := r.ReadAt(h[:], at); err != nil || h[0] != 0xff || h[1] == 0xda || h[1] == 0xd9 {
			return nil, errNoExif
		}
		n := int64(binary.BigEndian.Uint16(h[2:]))
		if h[1] == 0xe1 && n > 8 {
			b := make([]byte, n-2)
			if _, err := r.ReadAt(b, at+4); err != nil {
				return nil, err
			}
			if exif, ok := bytes.CutPrefix(b, []byte("Exif\x00\x00")); ok {
				return exif, nil
			}
		}
		at += 2 + n
	}
	return nil, errNoExif
}
