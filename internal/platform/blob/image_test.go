package blob

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"okno/internal/platform/errs"
)

func variantsOf(t *testing.T, body []byte, code string) map[string]made {
	t.Helper()
	list, err := reencode(bytes.NewReader(body), int64(len(body)), code)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]made{}
	for _, m := range list {
		out[m.variant] = m
	}
	if len(out) != 3 {
		t.Fatalf("%d variants", len(out))
	}
	return out
}

func TestPhotosLoseMetadataAndStandUpright(t *testing.T) {
	// where the red quarter of picture comes to lie: left/right, top/bottom
	corner := map[int][2]bool{1: {false, false}, 2: {true, false}, 3: {true, true}, 4: {false, true},
		5: {false, false}, 6: {true, false}, 7: {true, true}, 8: {false, true}}
	for turn := 1; turn <= 8; turn++ {
		body := withExif(jpegOf(t, 80, 40), turn)
		if !bytes.Contains(body, []byte(gpsMark)) {
			t.Fatal("the sample has no place in it")
		}
		for name, m := range variantsOf(t, body, "jpeg") {
			if bytes.Contains(m.body, []byte("GPS")) || bytes.Contains(m.body, []byte("Exif")) {
				t.Errorf("turn %d: %s still has its metadata", turn, name)
			}
			img, _, err := image.Decode(bytes.NewReader(m.body))
			if err != nil {
				t.Fatal(err)
			}
			w, h := 80, 40
			if turn >= 5 {
				w, h = h, w
			}
			if img.Bounds().Dx() != w || img.Bounds().Dy() != h || m.width != w || m.height != h {
				t.Fatalf("turn %d: %s is %v", turn, name, img.Bounds())
			}
			x, y := w/4, h/4
			if corner[turn][0] {
				x = w - w/4
			}
			if corner[turn][1] {
				y = h - h/4
			}
			if r, _, b, _ := img.At(x, y).RGBA(); r < 0xc000 || b > 0x4000 {
				t.Errorf("turn %d: %s: at %d,%d there is no red", turn, name, x, y)
			}
			if r, _, b, _ := img.At(w-x, h-y).RGBA(); b < 0xc000 || r > 0x4000 {
				t.Errorf("turn %d: %s: opposite there is no blue", turn, name)
			}
		}
	}
	if m := variantsOf(t, pngWithExif(t, 6), "png")[Clean]; m.kind != "png" || m.width != 40 || bytes.Contains(m.body, []byte("GPS")) {
		t.Errorf("PNG: %s %dx%d", m.kind, m.width, m.height)
	}
	if m := variantsOf(t, webp1(t), "webp")[Clean]; m.kind == "webp" {
		t.Errorf("WebP stays %s", m.kind)
	}
}

func TestVariantsHaveTheirSizes(t *testing.T) {
	v := variantsOf(t, jpegOf(t, 4800, 120), "jpeg")
	for name, side := range map[string]int{Clean: maxClean, Large: 1280, Thumb: 320} {
		if v[name].width != side || v[name].height != side*120/4800 {
			t.Errorf("%s is %d×%d", name, v[name].width, v[name].height)
		}
	}
	small := variantsOf(t, jpegOf(t, 100, 50), "jpeg")
	if small[Thumb].width != 100 {
		t.Errorf("a small picture was made larger: %d", small[Thumb].width)
	}
}

func TestTransparentPartsBecomeWhite(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 400, 400))); err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(variantsOf(t, b.Bytes(), "png")[Thumb].body))
	if err != nil {
		t.Fatal(err)
	}
	if c := color.GrayModel.Convert(img.At(10, 10)).(color.Gray); c.Y < 250 {
		t.Errorf("background is %d", c.Y)
	}
}

func TestBrokenImagesAreRefused(t *testing.T) {
	photo := jpegOf(t, 80, 60)
	for i := 200; i < len(photo)-2; i++ {
		photo[i] = 0xff // every code is a marker now
	}
	if _, err := reencode(bytes.NewReader(photo), int64(len(photo)), "jpeg"); !errs.Is(err, errs.Invalid) {
		t.Errorf("%v", err)
	}
}
