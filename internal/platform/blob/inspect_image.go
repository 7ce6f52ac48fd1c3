package blob

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"okno/internal/platform/errs"
)

// Limits of images that are decoded.
const (
	MaxPixels      = 50_000_000 // a 50-megapixel photo
	maxDecodeBytes = 256 << 20  // memory that decoding may take, by our estimate
	maxSide        = 30_000
)

// checkPixels refuses an image by its size and by what decoding would hold.
func checkPixels(w, h, bytesPerPixel int) error {
	if w <= 0 || h <= 0 {
		return damaged("an image without a size")
	}
	if w > maxSide || h > maxSide || w*h > MaxPixels || int64(w)*int64(h)*int64(bytesPerPixel) > maxDecodeBytes {
		return errs.With(errs.TooLarge, "blob.pixels", map[string]any{"Megapixels": MaxPixels / 1_000_000, "Width": w, "Height": h})
	}
	return nil
}

// cut turns the end of the file into a refusal.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged("the file ends too early")
	}
	return err
}

// inspectJPEG walks the segments up to the end-of-image mark, without
// decoding: a photo whose transfer broke off has none.
func inspectJPEG(r io.ReaderAt, size int64) (w, h int, err error) {
	br := bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 64<<10)
	if _, err := br.Discard(2); err != nil {
		return 0, 0, cut(err)
	}
	scanned := false
	for {
		mark, err := nextMarker(br)
		if err != nil {
			return 0, 0, cut(err)
		}
		switch {
		case mark == 0xd9: // end of image
			if w == 0 || !scanned {
				return 0, 0, damaged("a JPEG without a picture")
			}
			return w, h, nil
		case mark == 0x01, mark >= 0xd0 && mark <= 0xd7: // stand alone
			continue
		case mark == 0xd8:
			return 0, 0, damaged("a JPEG inside a JPEG")
		}
		var n [2]byte
		if _, err := io.ReadFull(br, n[:]); err != nil {
			return 0, 0, cut(err)
		}
		length := int(binary.BigEndian.Uint16(n[:])) - 2
		if length < 0 {
			return 0, 0, damaged("a segment without a length")
		}
		if mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc { // start of frame
			var f [6]byte
			if length < len(f) {
				return 0, 0, damaged("a short frame header")
			}
			if _, err := io.ReadFull(br, f[:]); err != nil {
				return 0, 0, cut(err)
			}
			length -= len(f)
			h, w = int(binary.BigEndian.Uint16(f[1:])), int(binary.BigEndian.Uint16(f[3:]))
			perPixel := int(f[5]) // one byte for each component
			if mark == 0xc2 {
				perPixel *= 5 // a progressive image also holds its coefficients
			}
			if mark != 0xc0 && mark != 0xc1 && mark != 0xc2 {
				return 0, 0, refuse("blob.unknown") // lossless, arithmetic: nobody's camera
			}
			if err := checkPixels(w, h, perPixel); err != nil {
				return 0, 0, err
			}
		}
		scanned = scanned || mark == 0xda
		if _, err := br.Discard(length); err != nil {
			return 0, 0, cut(err)
		}
	}
}

// nextMarker skips compressed data up to a marker.
func nextMarker(br *bufio.Reader) (byte, error) {
	for {
		_, err := br.ReadSlice(0xff)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return 0, err
		}
		c := byte(0xff)
		for c == 0xff { // fill bytes
			if c, err = br.ReadByte(); err != nil {
				return 0, err
			}
		}
		if c != 0 {
			return c, nil
		}
	}
}

// inspectPNG walks the chunks to IEND and checks each sum.
func inspectPNG(r io.ReaderAt, size int64) (w, h int, err error) {
	br := bufio.NewReaderSize(io.NewSectionReader(r, 0, size), 64<<10)
	if _, err := br.Discard(8); err != nil {
		return 0, 0, cut(err)
	}
	data := false
	for at := int64(8); ; {
		var head [8]byte
		if _, err := io.ReadFull(br, head[:]); err != nil {
			return 0, 0, cut(err)
		}
		n, kind := int64(binary.BigEndian.Uint32(head[:])), string(head[4:])
		if at += 12 + n; at > size {
			return 0, 0, damaged("the file ends too early")
		}
		sum := crc32.NewIEEE()
		sum.Write(head[4:])
		body := io.TeeReader(io.LimitReader(br, n), sum)
		if kind == "IHDR" {
			var d [13]byte
			if _, err := io.ReadFull(body, d[:]); err != nil {
				return 0, 0, cut(err)
			}
			w, h = int(binary.BigEndian.Uint32(d[:])), int(binary.BigEndian.Uint32(d[4:]))
			per := 4 * max(1, int(d[8])/8)
			if d[12] != 0 {
				per *= 2 // interlaced: two copies for a while
			}
			if err := checkPixels(w, h, per); err != nil {
				return 0, 0, err
			}
		}
		data = data || kind == "IDAT"
		if _, err := io.Copy(io.Discard, body); err != nil {
			return 0, 0, cut(err)
		}
		var crc [4]byte
		if _, err := io.ReadFull(br, crc[:]); err != nil {
			return 0, 0, cut(err)
		}
		if binary.BigEndian.Uint32(crc[:]) != sum.Sum32() {
			return 0, 0, damaged("a chunk's sum is wrong")
		}
		if kind == "IEND" {
			if w == 0 || !data {
				return 0, 0, damaged("a PNG without a picture")
			}
			return w, h, nil
		}
	}
}

// inspectWebP reads the size from the first chunk; animations are not taken.
func inspectWebP(r io.ReaderAt, size int64) (w, h int, err error) {
	var b [30]byte
	if n, err := r.ReadAt(b[:], 0); n < len(b) {
		return 0, 0, cut(err)
	}
	if int64(binary.LittleEndian.Uint32(b[4:]))+8 > size {
		return 0, 0, damaged("the file ends too early")
	}
	switch string(b[12:16]) {
	case "VP8 ":
		w, h = int(binary.LittleEndian.Uint16(b[26:]))&0x3fff, int(binary.LittleEndian.Uint16(b[28:]))&0x3fff
	case "VP8L":
		bits := binary.LittleEndian.Uint32(b[21:])
		w, h = int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1
	case "VP8X":
		if b[20]&0x02 != 0 {
			return 0, 0, refuse("blob.animated")
		}
		w = (int(b[24]) | int(b[25])<<8 | int(b[26])<<16) + 1
		h = (int(b[27]) | int(b[28])<<8 | int(b[29])<<16) + 1
	default:
		return 0, 0, damaged("a WebP without a picture")
	}
	return w, h, checkPixels(w, h, 5)
}
