package photo

import "strconv"

// SceneFor tells which scene shows a fact of the rubricator in the variant of
// the trouble that its words tell of, from 1; ok is false where there is none.
func SceneFor(fact string, variant int) (scene Scene, ok bool) {
	if scene, ok = sceneOf[fact+"#"+strconv.Itoa(variant)]; ok {
		return scene, true
	}
	scene, ok = sceneOf[fact]
	return scene, ok
}
