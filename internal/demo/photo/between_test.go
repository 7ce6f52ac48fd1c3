package photo

import (
	"bytes"
	"image"
	"testing"
)

// A road between towns has neither houses nor pavements in its photos.
func TestBetweenTownsIsAnotherPicture(t *testing.T) {
	for _, scene := range []Scene{"pothole", "ruts", "snowroad"} {
		open := BetweenTowns(scene)
		for _, season := range scenes[scene].seasons {
			if !Fits(open, season) {
				t.Fatalf("%s does not fit season %d", open, season)
			}
			town, ok := DrawIn(scene, 5, season, false, 96, 72)
			road, ok2 := DrawIn(open, 5, season, false, 96, 72)
			if !ok || !ok2 {
				t.Fatalf("%s is not drawn in season %d", scene, season)
			}
			if bytes.Equal(town.(*image.RGBA).Pix, road.(*image.RGBA).Pix) {
				t.Errorf("%s between towns shows the town", scene)
			}
		}
	}
}

// A kerb is not shown as a path, nor outdoor stairs as a porch.
func TestNoSceneOfAnotherThing(t *testing.T) {
	if s, ok := SceneFor("yards.driveway.path", 2); ok {
		t.Errorf("a kerb is shown as %s", s)
	}
	if s, ok := SceneFor("greenery.objects.stairs", 1); ok {
		t.Errorf("stairs are shown as %s", s)
	}
}
