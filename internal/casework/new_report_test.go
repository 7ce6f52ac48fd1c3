package casework

import (
	"testing"
)

func TestTopicHints(t *testing.T) {
	for _, c := range []struct {
		topic Topic
		want  string
	}{
		{Topic{Path: "Дороги. Покрытие", Hint: "Яма глубже пяти сантиметров"}, "Дороги. Покрытие. Яма глубже пяти сантиметров"},
		{Topic{Hint: "Яма глубже пяти сантиметров"}, "Яма глубже пяти сантиметров"}, // in the tree
		{Topic{Path: "Дороги. Покрытие"}, "Дороги. Покрытие"},
		{Topic{}, ""},
	} {
		if got := topicOptions(t.Context(), []Topic{c.topic})[0].Hint; got != c.want {
			t.Errorf("%+v is hinted as %q, want %q", c.topic, got, c.want)
		}
	}
}
