package blob

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"log/slog"
	"strings"
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
)

// brokenPictures have the right beginning, the right frame and a wrong content.
func brokenPictures(t testing.TB) map[string][]byte {
	photo := jpegOf(t, 80, 60)
	scan := bytes.Index(photo, []byte{0xff, 0xda})
	wiped := bytes.Clone(photo)
	for i := scan + 20; i < len(wiped)-2; i++ {
		wiped[i] = 0xff
	}
	short := append(bytes.Clone(photo[:scan+40]), 0xff, 0xd9)
	flat := pngOf(t, 80, 60)
	head := flat[:33] // signature and IHDR
	body := func(b []byte) []byte {
		return append(append(bytes.Clone(head), pngChunk("IDAT", b)...), pngChunk("IEND", nil)...)
	}
	at := bytes.Index(flat, []byte("IDAT"))
	data := flat[at+4 : at+4+int(binary.BigEndian.Uint32(flat[at-4:]))]
	sum := bytes.Clone(data)
	sum[len(sum)-1] ^= 1 // of zlib, under a right one of the chunk
	web := bytes.Clone(webp1(t))
	for i := 25; i < len(web); i++ {
		web[i] = 0xff
	}
	lossy := append([]byte("RIFF\x1e\x00\x00\x00WEBPVP8 \x12\x00\x00\x00"), 0x10, 0, 0, 0x9d, 0x01, 0x2a, 8, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	lost := heic() // its Exif lies behind the end of the file
	if i := bytes.Index(lost, []byte("iloc")); i >= 0 {
		binary.BigEndian.PutUint32(lost[i+4+8+14+6:], 0x7fffffff)
	}
	return map[string][]byte{
		"wiped.jpg": wiped, "short.jpg": short,
		"nothing.png": body(nil), "noise.png": body([]byte("no compressed data at all")), "half.png": body(data[:len(data)/2]), "sum.png": body(sum),
		"noise.webp": web, "zeros.webp": lossy, "lost.heic": lost,
	}
}

// A picture whose frame is right and whose content isn't is told to the sender
// at once, and nothing of it stays.
func TestPicturesThatNobodyCouldOpenAreRefused(t *testing.T) {
	each(t, Config{}, func(d *desk) {
		t := d.t
		for name, b := range brokenPictures(t) {
			if _, err := inspect(b, name); err != nil {
				t.Errorf("%s: the frame alone is refused, so it shows nothing: %v", name, err)
			}
			_, err := d.send(name, b)
			var e *errs.Error
			if !errors.As(err, &e) || e.Code != errs.Invalid || e.Key != "blob.damaged" {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if s := i18n.Error("ru", err); !strings.Contains(s, name) {
				t.Errorf("%s: %q", name, s)
			}
		}
		flat := pngOf(t, 20, 20)
		for n := 1; n < len(flat); n++ {
			if _, err := d.send("cut.png", flat[:n]); err == nil {
				t.Errorf("a PNG cut after %d of %d bytes is taken", n, len(flat))
			}
		}
		for i := range flat { // a wrong sum, whatever byte it is
			bad := bytes.Clone(flat)
			bad[i] ^= 0x01
			if _, err := d.send("sum.png", bad); err == nil {
				t.Errorf("a PNG with a wrong byte %d of %d is taken", i, len(flat))
			}
		}
		if d.stored() != 0 || d.count("SELECT COUNT(*) FROM blob_object") != 0 {
			t.Error("something is left")
		}
		for name, b := range map[string][]byte{"a.png": flat, "a.jpg": jpegOf(t, 40, 30), "a.webp": webp1(t), "a.heic": heic(), "a.mp4": film("isom"), "a.mov": film("qt  ")} {
			d.must(name, b)
		}
	})
}

// A JPEG of a way of writing that the decoder lacks is not called broken.
func TestForeignJPEGIsTold(t *testing.T) {
	b := jpegOf(t, 40, 30)
	frame := bytes.Index(b, []byte{0xff, 0xc0})
	b[frame+4] = 12 // bits of a sample
	_, err := decoded(bytes.NewReader(b), int64(len(b)), "jpeg")
	var e *errs.Error
	if !errors.As(err, &e) || e.Code != errs.UnsupportedType || e.Key != "blob.foreign_jpeg" {
		t.Fatal(err)
	}
	for _, lang := range i18n.Languages() {
		if s := i18n.Error(lang, named(err, "яма.jpg")); !strings.Contains(s, "яма.jpg") {
			t.Errorf("%s: %q", lang, s)
		}
	}
}

func TestAFailingDiskIsNotTheSendersFault(t *testing.T) {
	if _, err := decoded(brokenDisk{}, 100, "png"); !errs.Is(err, errs.Unavailable) {
		t.Error(err)
	}
}

// Pictures share the memory for decoding: small ones go together, one that
// needs all of it goes alone, and who waits may give up.
func TestDecodingIsBoundedByMemory(t *testing.T) {
	d, err := New(nil, Config{Storage: &Folder{}, Key: bytes.Repeat([]byte("k"), 32), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var frees []func()
	for range 4 {
		free, err := d.decode(ctx, 1000, 1000)
		if err != nil {
			t.Fatal(err)
		}
		frees = append(frees, free)
	}
	cancel()
	if _, err := d.decode(ctx, 8000, 6000); err == nil {
		t.Error("a picture of 48 megapixels beside four others")
	}
	for _, free := range frees {
		free()
	}
	free, err := d.decode(t.Context(), 8000, 6000)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.decode(ctx, 1, 1); err == nil {
		t.Error("another beside one that takes all")
	}
	free()
}

// What opens can be cleaned: nothing that was taken turns out later to be unfit.
func FuzzOpens(f *testing.F) {
	for name, b := range brokenPictures(f) {
		f.Add(b, name)
	}
	flat := pngOf(f, 8, 8)
	for _, n := range []int{9, 20, 33, 40, len(flat) - 12, len(flat) - 1} {
		f.Add(flat[:n], "cut.png")
	}
	for name, b := range map[string][]byte{"a.png": flat, "b.png": pngWithExif(f, 3), "a.jpg": jpegOf(f, 9, 7), "b.jpg": withExif(jpegOf(f, 9, 7), 5),
		"a.webp": webp1(f), "a.heic": heic(), "a.mp4": film("isom")} {
		f.Add(b, name)
	}
	f.Fuzz(func(t *testing.T, b []byte, name string) {
		found, err := inspect(b, name)
		if err != nil {
			return
		}
		r, size := bytes.NewReader(b), int64(len(b))
		if err := opens(r, size, found.Kind); err != nil {
			if c := errs.CodeOf(err); c != errs.Invalid && c != errs.TooLarge && c != errs.UnsupportedType {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		switch found.Kind.Clean {
		case cleanImage:
			made, err := reencode(r, size, found.Kind.Code)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range made {
				if _, _, err := image.DecodeConfig(bytes.NewReader(m.body)); err != nil {
					t.Fatal(m.variant, err)
				}
			}
		case cleanISO:
			patches, err := isoPatches(r, size, found.Kind.Code)
			if err != nil {
				t.Fatal(err)
			}
			if n, err := io.Copy(io.Discard, &patched{r: bytes.NewReader(b), patches: patches}); err != nil || n != size {
				t.Fatal(n, err)
			}
		}
	})
}
