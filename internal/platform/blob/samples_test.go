package blob

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// Files for tests are made here, so that nothing binary lies in the repository.

// picture is red in its left upper quarter and blue elsewhere.
func picture(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{0, 0, 255, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{255, 0, 0, 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, w, h int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(w, h), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, w, h int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, picture(w, h)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// gpsMark stands in the EXIF, where a camera writes the place.
const gpsMark = "GPS 51.7373N 36.1874E"

// tiff is an EXIF body with an orientation and gpsMark.
func tiff(turn int) []byte {
	b := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x02")
	b = append(b, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(turn), 0, 0)                        // Orientation
	b = append(b, 0x01, 0x0e, 0, 2, 0, 0, 0, byte(len(gpsMark)+1), 0, 0, 0, 38, 0, 0, 0, 0) // ImageDescription
	return append(append(b, gpsMark...), 0)
}

func withExif(photo []byte, turn int) []byte {
	body := append([]byte("Exif\x00\x00"), tiff(turn)...)
	seg := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return append(append(append(bytes.Clone(photo[:2]), seg...), body...), photo[2:]...)
}

func pngChunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func pngWithExif(t testing.TB, turn int) []byte {
	p := pngOf(t, 60, 40)
	return append(append(bytes.Clone(p[:33]), pngChunk("eXIf", tiff(turn))...), p[33:]...)
}

// webp1 is a lossless WebP of one pixel.
func webp1(t testing.TB) []byte {
	b, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

type entry struct{ name, body string }

func zipOf(t testing.TB, entries ...entry) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.Create(e.name)
		if err == nil {
			_, err = w.Write([]byte(e.body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func docx(t testing.TB, more ...entry) []byte {
	return zipOf(t, append([]entry{{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w:document/>"}}, more...)...)
}

func odt(t testing.TB) []byte {
	return zipOf(t, entry{"mimetype", "application/vnd.oasis.opendocument.text"}, entry{"content.xml", "<office/>"})
}

func bx(kind string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), kind...), body...)
}

// film has a place in the user data, a track of places, and a track of pictures.
func film(brand string) []byte {
	trak := func(handler string) []byte {
		return bx("trak", bx("tkhd", make([]byte, 20)), bx("mdia", bx("hdlr", make([]byte, 8), []byte(handler), make([]byte, 12)), bx("minf", []byte("of "+handler))), bx("udta", []byte(gpsMark)))
	}
	return bytes.Join([][]byte{bx("ftyp", []byte(brand), []byte("\x00\x00\x00\x00isom")),
		bx("moov", bx("mvhd", make([]byte, 20)), trak("vide"), trak("meta"), bx("udta", bx("\xa9xyz", []byte(gpsMark))), bx("meta", []byte(gpsMark))),
		bx("uuid", []byte(gpsMark)), bx("mdat", []byte("pictures and sound"))}, nil)
}

// heic has one picture item and one Exif item, which lies in mdat.
func heic() []byte {
	ftyp := bx("ftyp", []byte("heic\x00\x00\x00\x00mif1heic"))
	infe := func(item byte, kind string) []byte {
		return bx("infe", []byte{2, 0, 0, 0, 0, item, 0, 0}, []byte(kind), []byte{0})
	}
	build := func(picture, exif int) []byte {
		loc := func(item byte, at, n int) []byte {
			b := []byte{0, item, 0, 0, 0, 1}
			return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, uint32(at)), uint32(n))
		}
		return bx("meta", make([]byte, 4), bx("hdlr", make([]byte, 8), []byte("pict"), make([]byte, 13)),
			bx("iinf", []byte{0, 0, 0, 0, 0, 2}, infe(1, "hvc1"), infe(2, "Exif")),
			bx("iloc", []byte{0, 0, 0, 0, 0x44, 0, 0, 2}, loc(1, picture, 7), loc(2, exif, len(tiff(1))+4)))
	}
	at := len(ftyp) + len(build(0, 0)) + 8
	return bytes.Join([][]byte{ftyp, build(at, at+7), bx("mdat", []byte("picture"), make([]byte, 4), tiff(1))}, nil)
}

const pdf = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
