package taxonomy

import (
	"slices"
	"strings"
	"testing"
)

func codes(found []Suggestion) []string {
	var out []string
	for _, s := range found {
		out = append(out, s.Fact.Code)
	}
	return out
}

func TestSuggestFromWords(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"На Рыбацкой улице огромная яма на дороге, пробил колесо", "roads.surface.pothole"},
		{"Во дворе яма, машины объезжают по газону", "yards.driveway.pothole"},
		{"не горит фонарь у дома 5", "lighting.lamps.out"},
		{"во дворе не горит фонарь", "lighting.lamps.out"},
		{"Открытый люк на тротуаре, ребёнок может упасть!", "utilities.hatches.open"},
		{"открытый люк", "utilities.hatches.open"},
		{"в подъезде нет света вторую неделю", "houses.entrance.light"},
		{"Не вывозят мусор, баки переполнены", "waste.bins.overflow"},
		{"стая бездомных собак у школы", "animals.stray.pack"},
		{"автобус не пришёл по расписанию", "transport.schedule.late"},
		{"пахнет газом в подъезде", "utilities.gas.smell"},
		{"течёт крыша, заливает квартиру на пятом этаже", "houses.roof.leak"},
		{"не записаться к врачу, нет талонов", "health.appointment.no_slots"},
		{"ребёнку не дают место в детском саду", "education.kindergarten.place"},
		{"заросли борщевика вдоль дороги", "greenery.grass.hogweed"},
		{"горячая вода еле тёплая", "utilities.hot_water.lukewarm"},
		{"застряли в лифте", "houses.lift.stuck"},
	} {
		found := codes(Default().Suggest(tt.text, 3))
		if len(found) == 0 || found[0] != tt.want {
			t.Errorf("%q: %v, want %s first", tt.text, found, tt.want)
		}
	}
}

func TestSuggestWhileTyping(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"не горит фона", "lighting.lamps.out"},
		{"борщев", "greenery.grass.hogweed"},
		{"нет отоплен", "utilities.heating.off"},
		{"сломан домоф", "houses.entrance.door"},
	} {
		if found := codes(Default().Suggest(tt.text, 3)); !slices.Contains(found, tt.want) {
			t.Errorf("%q: %v lacks %s", tt.text, found, tt.want)
		}
	}
}

func TestSuggestForgivesSlips(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"не рабоатет светофор", "roads.lights.broken"},
		{"не работает светафор", "roads.lights.broken"},
		{"сломаны качили на площадке", "yards.playground.broken"},
		{"борщивик у дороги", "greenery.grass.hogweed"},
		{"НЕТ  ГОРЯЧЕЙ ВОДЫ!!!", "utilities.hot_water.off"},
		{"Тёмная улица: не горят фонари", "lighting.lamps.street_dark"},
	} {
		if found := codes(Default().Suggest(tt.text, 3)); !slices.Contains(found, tt.want) {
			t.Errorf("%q: %v lacks %s", tt.text, found, tt.want)
		}
	}
}

func TestSuggestSaysWhy(t *testing.T) {
	found := Default().Suggest("У школы Открытый Люк", 1)
	if len(found) != 1 || !slices.Contains(found[0].Matched, "Люк") || !slices.Contains(found[0].Matched, "Открытый") {
		t.Errorf("%+v", found)
	}
	if found[0].Share <= 0 || found[0].Share > 1 {
		t.Errorf("share %v", found[0].Share)
	}
}

func TestSuggestIsSilentWhereWordsSayNothing(t *testing.T) {
	for _, text := range []string{"", "   ", "Добрый день", "прошу принять меры", "12 34", "\xff\xfe", strings.Repeat("!", 10000)} {
		if found := Default().Suggest(text, 3); len(found) != 0 {
			t.Errorf("%.20q: %v", text, codes(found))
		}
	}
	if found := Default().Suggest("яма", 0); found != nil {
		t.Errorf("asked for none: %v", found)
	}
}

func TestSuggestIsRepeatable(t *testing.T) {
	text := "после дождя лужа на дороге не уходит, ливнёвка забита, вода заливает двор и подвал"
	want := codes(Default().Suggest(text, 8))
	for range 20 {
		if got := codes(Default().Suggest(text, 8)); !slices.Equal(got, want) {
			t.Fatalf("%v, then %v", want, got)
		}
	}
}

// A fact is found by its own name: among the first three for nearly all, in its category always.
func TestEveryFactIsFoundByItsName(t *testing.T) {
	r, missed := Default(), 0
	for _, f := range r.Facts() {
		if f.CategoryCode() == "other" {
			continue
		}
		found := codes(r.Suggest(f.Name, 3))
		if !slices.Contains(found, f.Code) {
			missed++
			t.Logf("%s %q: %v", f.Code, f.Name, found)
		}
	}
	if limit := len(r.Facts()) * 3 / 100; missed > limit {
		t.Errorf("%d facts are not found by their names, more than %d", missed, limit)
	}
}

func FuzzSuggest(f *testing.F) {
	f.Add("не горит фонарь")
	f.Add("\u0301ё\u00ad—«»")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range Default().Suggest(text, 5) {
			for _, w := range s.Matched {
				if !strings.Contains(text, w) {
					t.Errorf("%q is not in the text", w)
				}
			}
		}
		Default().Search(text, 5)
	})
}

const typed = "Добрый день! На улице Рыбацкой возле дома 14 уже третью неделю не горят фонари, вечером темно, дети возвращаются из школы по проезжей части, тротуар не почищен от снега"

func BenchmarkSuggest(b *testing.B) {
	r := Default()
	b.ReportAllocs()
	for b.Loop() {
		r.Suggest(typed, 5)
	}
}

func BenchmarkSearch(b *testing.B) {
	r := Default()
	b.ReportAllocs()
	for b.Loop() {
		r.Search("фонари не горят", 20)
	}
}
