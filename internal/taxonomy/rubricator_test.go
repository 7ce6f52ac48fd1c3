package taxonomy

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"okno/internal/calendar"
)

func TestDefaultIsAsLargeAsPromised(t *testing.T) {
	r := Default()
	subs := 0
	for _, c := range r.Categories {
		subs += len(c.Subcategories)
	}
	if len(r.Categories) < 14 || subs < 90 || len(r.Facts()) < 250 {
		t.Errorf("%d categories, %d subcategories, %d facts", len(r.Categories), subs, len(r.Facts()))
	}
	t.Logf("%d categories, %d subcategories, %d facts", len(r.Categories), subs, len(r.Facts()))
}

func script(text string, table *unicode.RangeTable) bool {
	return strings.IndexFunc(text, func(r rune) bool { return unicode.Is(table, r) }) >= 0
}

func TestEveryTopicIsToldInBothLanguages(t *testing.T) {
	r := Default()
	for code, topic := range r.topics {
		for _, text := range []string{topic.Name, topic.Belongs} {
			if !script(text, unicode.Cyrillic) {
				t.Errorf("%s: Russian text %q", code, text)
			}
		}
		for _, text := range []string{topic.NameEN, topic.BelongsEN} {
			if text == "" || script(text, unicode.Cyrillic) {
				t.Errorf("%s: English text %q", code, text)
			}
		}
		for _, n := range topic.NotBelongs {
			if !script(n.Text, unicode.Cyrillic) || n.TextEN == "" || script(n.TextEN, unicode.Cyrillic) {
				t.Errorf("%s: what does not belong: %q, %q", code, n.Text, n.TextEN)
			}
		}
		if strings.HasSuffix(topic.Belongs, ".") || strings.Contains(topic.Belongs, "  ") {
			t.Errorf("%s: %q", code, topic.Belongs)
		}
	}
	for _, f := range r.Facts() {
		if len(f.NotBelongs) == 0 {
			t.Errorf("%s: does not say what belongs elsewhere", f.Code)
		}
		if len(f.Words) < 3 {
			t.Errorf("%s: %d words to find it by", f.Code, len(f.Words))
		}
	}
}

func TestNamesDistinguish(t *testing.T) {
	names := map[string]string{}
	for _, f := range Default().Facts() {
		for _, name := range []string{f.Name, f.NameEN} {
			key := f.SubcategoryCode() + "|" + strings.ToLower(name)
			if other, twice := names[key]; twice {
				t.Errorf("%s and %s are both called %q", f.Code, other, name)
			}
			names[key] = f.Code
		}
		if len([]rune(f.Name)) > 70 {
			t.Errorf("%s: name of %d letters", f.Code, len([]rune(f.Name)))
		}
	}
}

func TestTermsFitTheUrgency(t *testing.T) {
	thirty := calendar.Term{N: 30, Unit: calendar.CalendarDays}
	fast := 0
	for _, f := range Default().Facts() {
		if f.FastTrack {
			fast++
		}
		if !f.FastTrack && f.Term != thirty {
			t.Errorf("%s: a short term %v without the fast-track flag", f.Code, f.Term)
		}
		if f.Danger && slices.Contains(f.Required, "photo") { // nobody is sent close to a torn wire with a camera
			t.Errorf("%s is dangerous and demands a photo", f.Code)
		}
		if f.Term.Unit == calendar.WorkingHours && !f.Danger && f.CategoryCode() != "utilities" && f.CategoryCode() != "houses" {
			t.Errorf("%s: hours for what is no danger", f.Code)
		}
	}
	if fast < 100 {
		t.Errorf("only %d facts on the fast track", fast)
	}
}

// A photo is demanded only where without one the work can't be begun or judged.
func TestFewFactsDemandAPhoto(t *testing.T) {
	demanding := 0
	for _, f := range Default().Facts() {
		if f.Requires(FieldPhoto) {
			demanding++
		}
	}
	if demanding < 10 || demanding > 36 {
		t.Errorf("%d facts demand a photo", demanding)
	}
	if f, ok := Default().Fact("roads.surface.pothole"); !ok || !f.Requires(FieldPhoto) {
		t.Error("a pothole is measured by its photo")
	}
}

func TestLoadRefusesWhatBreaksARule(t *testing.T) {
	good := `code = "a"
name = "А"
name_en = "A"
[[subcategory]]
code = "a.b"
name = "Б"
name_en = "B"
[[subcategory.fact]]
code = "a.b.c"
name = "В"
name_en = "C"
place = "point"
term = { n = 30, unit = "calendar_days" }
`
	for _, tt := range []struct{ name, old, new, want string }{
		{"good", "", "", ""},
		{"misspelt key", `place = "point"`, "place = \"point\"\nrequred = [\"photo\"]", "unknown key"},
		{"code of another branch", `"a.b.c"`, `"a.x.c"`, "not a code"},
		{"unit", "calendar_days", "moons", "term"},
		{"fast track of a month", `place = "point"`, "place = \"point\"\nfast_track = true", "at most 10 days"},
		{"asset without a place", `place = "point"`, "place = \"none\"\nasset_kinds = [\"road\"]", "no place is asked for"},
		{"asset kind", `place = "point"`, "place = \"point\"\nasset_kinds = [\"rocket\"]", "unknown asset kind"},
		{"no English name", `name_en = "C"`, `name_en = ""`, "both languages"},
		{"sends nowhere", `place = "point"`, "place = \"point\"\nnot_belongs = [{ to = \"x.y.z\", text = \"т\", text_en = \"t\" }]", "not another topic"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(good, tt.old, tt.new, 1)
			_, err := Load(fstest.MapFS{"a.toml": {Data: []byte(text)}})
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestTree(t *testing.T) {
	r := Default()
	if got := r.Path("roads.surface.pothole", "en"); !slices.Equal(got, []string{"Roads", "Road surface", "Pothole in the road"}) {
		t.Errorf("path %q", got)
	}
	if _, ok := r.Subcategory("roads.surface"); !ok {
		t.Error("no roads.surface")
	}
	if _, ok := r.Subcategory("roads.nothing"); ok {
		t.Error("roads.nothing")
	}
	if !Within("roads.surface.pothole", "roads") || Within("roadside.x", "roads") || !Within("roads", "") {
		t.Error("Within")
	}
	if FieldKey(FieldPhoto) == "" || slices.ContainsFunc(Fields(), func(f string) bool { return FieldKey(f) == "" }) {
		t.Error("a field without a label")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(rubricatorFiles); err != nil {
			b.Fatal(err)
		}
	}
}
