package photo

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"os"
	"strings"
	"testing"

	xdraw "golang.org/x/image/draw"
)

// TestContactSheet writes sheets of all scenes to the folder named by
// OKNO_CONTACT_SHEET, for the eye; without it there is nothing to do.
func TestContactSheet(t *testing.T) {
	dir := os.Getenv("OKNO_CONTACT_SHEET")
	if dir == "" {
		t.Skip("OKNO_CONTACT_SHEET is unset")
	}
	names := Scenes()
	if only := os.Getenv("OKNO_CONTACT_SCENES"); only != "" {
		names = nil
		for _, name := range strings.Split(only, ",") {
			names = append(names, Scene(name))
		}
	}
	const cols, tw, th = 4, 400, 300
	for n := 0; n*12 < len(names); n++ {
		part := names[n*12 : min(n*12+12, len(names))]
		sheet := image.NewRGBA(image.Rect(0, 0, cols*tw, 6*th))
		for i, name := range part {
			for j, after := range []bool{false, true} {
				img := Draw(name, 3, after, 1200, 900)
				c := i*2 + j
				r := image.Rect(c%cols*tw, c/cols*th, c%cols*tw+tw, c/cols*th+th)
				xdraw.ApproxBiLinear.Scale(sheet, r.Inset(2), img, img.Bounds(), draw.Src, nil)
			}
		}
		var buf bytes.Buffer
		if err := png.Encode(&buf, sheet); err != nil {
			t.Fatal(err)
		}
		name := dir + "/sheet" + string(rune('a'+n)) + ".png"
		if err := os.WriteFile(name, buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	for _, name := range Scenes() {
		b.Run(string(name), func(b *testing.B) {
			for b.Loop() {
				Draw(name, 3, false, 1200, 900)
			}
		})
	}
}
