package photo

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

func pixelsOf(t *testing.T, img image.Image) []uint8 {
	t.Helper()
	m, ok := img.(*image.RGBA)
	if !ok {
		t.Fatalf("a picture of type %T", img)
	}
	return m.Pix
}

// TestEveryScene draws each scene in each of its seasons, before and after:
// opaque, full of tones, repeatable, changed by the work, in one place.
func TestEveryScene(t *testing.T) {
	const w, h = 240, 180
	for _, name := range Scenes() {
		of := scenes[name]
		if len(of.seasons) == 0 {
			t.Errorf("%s has no season", name)
		}
		for _, season := range of.seasons {
			before, ok := DrawIn(name, 7, season, false, w, h)
			if !ok {
				t.Fatalf("%s does not draw in season %d", name, season)
			}
			again, _ := DrawIn(name, 7, season, false, w, h)
			after, _ := DrawIn(name, 7, season, true, w, h)
			other, _ := DrawIn(name, 8, season, false, w, h)
			a, b, c, d := pixelsOf(t, before), pixelsOf(t, again), pixelsOf(t, after), pixelsOf(t, other)
			if string(a) != string(b) {
				t.Errorf("%s in season %d is not repeatable", name, season)
			}
			tones := map[[3]uint8]bool{}
			for i := 0; i < len(a); i += 4 {
				if a[i+3] != 255 {
					t.Fatalf("%s has a hole at pixel %d", name, i/4)
				}
				tones[[3]uint8{a[i] >> 3, a[i+1] >> 3, a[i+2] >> 3}] = true
			}
			if len(tones) < 60 {
				t.Errorf("%s in season %d has only %d tones", name, season, len(tones))
			}
			work, place := differ(a, c), differ(a, d)
			if work < 0.002 {
				t.Errorf("%s in season %d: the work changes nothing (%.4f)", name, season, work)
			}
			if work > 0.75 && name != "darkyard" && name != "lamp" && name != "darkentrance" { // there the light comes on
				t.Errorf("%s in season %d: before and after show different places (%.2f)", name, season, work)
			}
			if place < 0.05 {
				t.Errorf("%s in season %d: another seed shows the same picture (%.3f)", name, season, place)
			}
		}
	}
}

// differ is the part of pixels that clearly changed.
func differ(a, b []uint8) float64 {
	n := 0
	for i := 0; i < len(a); i += 4 {
		d := 0
		for j := range 3 {
			d += max(int(a[i+j])-int(b[i+j]), int(b[i+j])-int(a[i+j]))
		}
		if d > 40 {
			n++
		}
	}
	return float64(n) / float64(len(a)/4)
}

// TestSceneTable checks that the table names existing scenes and existing
// codes of the rubricator.
func TestSceneTable(t *testing.T) {
	codes := map[string]bool{}
	files, err := filepath.Glob("../../taxonomy/rubricator/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no rubricator: %v", err)
	}
	for _, f := range files {
		var c struct {
			Code        string
			Subcategory []struct {
				Code string
				Fact []struct{ Code string }
			}
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := toml.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		codes[c.Code] = true
		for _, s := range c.Subcategory {
			codes[s.Code] = true
			for _, f := range s.Fact {
				codes[f.Code] = true
			}
		}
	}
	photos := 0
	seen := map[string]bool{}
	for key, scene := range sceneOf {
		code, _, _ := strings.Cut(key, "#")
		if !codes[code] || strings.Count(code, ".") != 2 {
			t.Errorf("%s is no fact of the rubricator", code)
		}
		if _, ok := scenes[scene]; !ok {
			t.Errorf("%s has an unknown scene %q", key, scene)
		}
		if !seen[code] {
			seen[code] = true
			photos++
		}
	}
	if photos < 130 {
		t.Errorf("only %d facts have a photo", photos)
	}
}
