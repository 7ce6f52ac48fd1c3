package photo

import "strings"

// SceneFor tells which scene shows a fact of the rubricator. A code that is not
// listed takes the scene of the longest listed prefix; ok is false where a
// photo would show nothing.
func SceneFor(factCode string) (Scene, bool) {
	for code := factCode; ; {
		if s, ok := sceneOf[code]; ok {
			return s, s != ""
		}
		i := strings.LastIndexByte(code, '.')
		if i < 0 {
			return "", false
		}
		code = code[:i]
	}
}
