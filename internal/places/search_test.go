package places_test

import (
	"sync"
	"testing"

	"okno/internal/demo/region"
	"okno/internal/geo"
	"okno/internal/places"
	"okno/internal/platform/id"
)

var theRegion = sync.OnceValue(func() *region.Region { return region.New(region.DefaultSeed) })

var theIndex = sync.OnceValue(func() *places.Index { return places.NewIndex(theRegion().Register(), 1) })

// Queries as people type them, and what must come first.
var queries = []struct{ typed, first string }{
	// Plain, and with every abbreviation.
	{"рыбацкая 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"Рыбацкая улица 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"улица Рыбацкая дом 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"ул. Рыбацкая, д.14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"ул.Рыбацкая,д14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"РЫБАЦКАЯ, 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"г. Верхнеозёрск, ул. Рыбацкая, д. 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"г.Верхнеозерск ул Рыбацкая д 14 кв 5", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"Верхнеозерск, Рыбацкая, 14, подъезд 2", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"Приозёрская область, Верхнеозёрск, Рыбацкая 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"рыбацкая 14 верхнеозёрск", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"верхнеозерск рыбацк 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"рыбацкая14", "Верхнеозёрск, Рыбацкая улица, 14"},
	// Speech: cases and words around.
	{"на рыбацкой у дома 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"на улице рыбацкой возле дома 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"по рыбацкой", "Верхнеозёрск, Рыбацкая улица"},
	{"в кузнечном переулке 5", "Верхнеозёрск, Кузнечный переулок, 5"},
	// While typing.
	{"рыб", "Рыбная Слобода, Рыбная Слобода"},
	{"рыбац", "Верхнеозёрск, Рыбацкая улица"},
	{"верхнеоз", "Верхнеозёрск, Верхнеозёрск"},
	{"верхн рыбац 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"набереж", "Верхнеозёрск, Набережная улица"},
	// ё and е.
	{"озерная 3 ладейск", "Ладейск, Озёрная улица, 3"},
	{"озёрная 3 ладейск", "Ладейск, Озёрная улица, 3"},
	{"тихий плес подгорная", "Тихий Плёс, Подгорная улица"},
	{"черный бор", "Чёрный Бор, Черноборский район"},
	// One letter wrong, missing, added, swapped.
	{"рыбацкоя 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"рыбацкя 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"рыбаццкая 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"рыбакцая 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"рыпацкая 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"верхнеозорск рыбацкая 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"верхнеазерск рыбатская 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"кузничный переулок", "Верхнеозёрск, Кузнечный переулок"},
	{"каменый брод", "Каменный Брод, Каменный Брод"},
	{"набирежная 1", "Верхнеозёрск, Набережная улица, 1"},
	// The wrong keyboard layout, and Latin letters.
	{"hs,fwrfz", "Верхнеозёрск, Рыбацкая улица"},
	{"hs,fwrfz 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"dth[ytjpthcr hs,fwrfz 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"Hs,fwrfz ekbwf 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"rybatskaya 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	{"rybackaya 14", "Верхнеозёрск, Рыбацкая улица, 14"},
	// The town decides.
	{"рыбацкая рыбная слобода", "Рыбная Слобода, Рыбацкая улица"},
	{"Рыбная Слобода, Рыбацкая", "Рыбная Слобода, Рыбацкая улица"},
	{"боровой лесная 1", "Боровой, Лесная улица, 1"},
	{"лесная 1 боровой", "Боровой, Лесная улица, 1"},
	{"Заречный, Мельничная, 40", "Заречный, Мельничная улица, 40"},
	{"г. Заречный, ул. Мельничная, 40", "Заречный, Мельничная улица, 40"},
	{"каменный брод рыночная", "Каменный Брод, Рыночная улица"},
	{"новая 12 липовка", "Липовка, Новая улица, 12"},
	{"липовский район новая 12", "Липовка, Новая улица, 12"},
	// The kind of street decides.
	{"кузнечный пер", "Верхнеозёрск, Кузнечный переулок"},
	{"пер. Кузнечный, 5", "Верхнеозёрск, Кузнечный переулок, 5"},
	{"кузнечный переулок", "Верхнеозёрск, Кузнечный переулок"},
	// Places and named buildings.
	{"заречный", "Заречный, Заречный район"},
	{"тихий плёс", "Тихий Плёс, Тихий Плёс"},
	{"хмелевое", "Хмелевое, Хмельной округ"},
	{"школа 7", "Школа № 7, Верхнеозёрск"},
	{"школа № 7", "Школа № 7, Верхнеозёрск"},
	{"верхнеозёрск школа №7", "Школа № 7, Верхнеозёрск"},
	{"магазин лада боровой", "Магазин «Лада», Боровой"},
	// Stops, roads and other things with a name.
	{"остановка Рыбацкая", "Верхнеозёрск, остановка «Рыбацкая» (Крайняя улица, 3)"},
	{"автобусная остановка рыбацкая", "Верхнеозёрск, остановка «Рыбацкая» (Крайняя улица, 3)"},
	{"jcnfyjdrf hs,fwrfz", "Верхнеозёрск, остановка «Рыбацкая» (Крайняя улица, 3)"},
	{"дорога на Заозерье", "Каменный Брод – Заозерье, км 0 – км 15"},
	{"дорога на Заозёрье", "Каменный Брод – Заозерье, км 0 – км 15"},
	{"р-12 20 км", "Р-12, Верхнеозёрск – Ладейск, км 19 – км 35"},
	{"Р-12, 3-й километр", "Р-12, Верхнеозёрск – Ладейск, км 0 – км 15"},
	{"парк победы", "Верхнеозёрск, парк Победы"},
	{"парк победы каменный брод", "Каменный Брод, парк Победы"},
	{"озеро светлое", "озеро Светлое, Ладейный район"},
	{"кладбище ладейск", "Кладбище, Ладейск, Ладейный район"},
	{"контейнерная площадка янтарная", "Верхнеозёрск, контейнерная площадка, Янтарная улица, 5"},
	{"двор рыбацкая", "Верхнеозёрск, двор, Рыбацкая улица, 1"},
	{"ул. Садовая", "Верхнеозёрск, Садовая улица"},
	{"остановка на рыбацкой у дома 14", "Верхнеозёрск, Рыбацкая улица, 14"}, // the house says it best
	// More than the register knows: one word may be left out.
	{"рыбацкая 14 подвал", "Верхнеозёрск, Рыбацкая улица, 14"},
}

func TestSearchRanking(t *testing.T) {
	if len(queries) < 60 {
		t.Fatalf("%d queries, want at least 60", len(queries))
	}
	for _, q := range queries {
		list := theIndex().Search(q.typed, 5)
		if len(list) == 0 {
			t.Errorf("%q finds nothing, want %q", q.typed, q.first)
			continue
		}
		if got := list[0].Text; got != q.first && !(len(got) > len(q.first) && got[:len(q.first)+2] == q.first+", ") {
			t.Errorf("%q finds %q (then %q), want %q", q.typed, got, list[min(1, len(list)-1)].Text, q.first)
		}
	}
}

func TestSearchOfNonsense(t *testing.T) {
	for _, q := range []string{"", " ", ",,,", "14", "ыыыыыыы", "qqqqqqqq", "😀", string(make([]byte, 1000)), "\xff\xfe", "улица", "дом"} {
		if list := theIndex().Search(q, 5); len(list) > 0 {
			t.Errorf("%q finds %q", q, list[0].Text)
		}
	}
	if list := theIndex().Search("садовая", 3); len(list) > 3 {
		t.Errorf("asked for 3, got %d", len(list))
	}
}

func TestSearchAddresses(t *testing.T) {
	list := theIndex().SearchAddresses("рыбацкая 1", 8)
	if len(list) == 0 || list[0].Text() != "Верхнеозёрск, Рыбацкая улица, 1" && list[0].House[:1] != "1" {
		t.Fatalf("got %+v", list)
	}
	for _, a := range list {
		if b, ok := theIndex().Address(a.ID); !ok || b.Code != a.Code {
			t.Errorf("%s is not found by its id", a.Text())
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	x := theIndex()
	for i := range b.N {
		x.Search(queries[i%len(queries)].typed, 8)
	}
}

// What the search finds can be taken as a place, under the same words.
func TestChosenPlace(t *testing.T) {
	x := theIndex()
	seen := map[string]string{}
	for _, q := range []string{"остановка Рыбацкая", "рыбацкая", "дорога на Заозерье", "мост через Сить", "поворот каменный брод", "двор рыбацкая", "рыбацкая 14"} {
		for _, f := range x.SearchPlaces(q, 12) {
			if other := seen[f.Text]; other != "" && other != f.Code {
				t.Errorf("%s and %s are both called %q", other, f.Code, f.Text)
			}
			seen[f.Text] = f.Code
			if again, ok := x.Place(f.ID); !ok || again.Text != f.Text && f.Address.Name == "" || again.At != f.At {
				t.Errorf("%q by its id: %v, %q", f.Text, ok, again.Text)
			}
			r, err := x.Resolve(f.ID, geo.Point{}, nil, "2026-06-01")
			if err != nil || r.Territory == "" || r.Point != f.At || r.Cell == 0 {
				t.Errorf("%q as a place: %v, %+v", f.Text, err, r)
			}
			if f.Kind != places.FoundAddress && (r.Text != f.Text || r.Address != id.Nil) {
				t.Errorf("%q is kept as %q", f.Text, r.Text)
			}
			if shape := f.At; shape.Zero() {
				t.Errorf("%q has no point", f.Text)
			}
		}
	}
	if _, ok := x.Place(places.IDOf("loc.01.01")); ok {
		t.Error("a whole town is a place")
	}
}

// A town alone is no place: it is told first, not a cemetery that bears its name.
func TestTownAloneIsNoPlace(t *testing.T) {
	x := theIndex()
	for _, q := range []string{"Верхнеозёрск", "верхнеозерск "} {
		found := x.SearchPlaces(q, 6)
		if len(found) == 0 || found[0].Kind != places.FoundLocality || found[0].ID != id.Nil {
			t.Errorf("%q: %+v", q, found)
		}
		for _, f := range found {
			if f.Kind == places.FoundAsset {
				t.Errorf("%q finds %q", q, f.Text)
			}
		}
	}
	for _, q := range []string{"верхнеозёрск рыбацкая", "дорога верхнеозёрск", "кладбище верхнеозёрск", "рыбацкая"} {
		if found := x.SearchPlaces(q, 6); len(found) == 0 || found[0].ID == id.Nil {
			t.Errorf("%q: %+v", q, found)
		}
	}
}

// The owner of the chosen thing answers before whoever else has one close by.
func TestOwnerOfChosenPlace(t *testing.T) {
	x := theIndex()
	stop := x.SearchPlaces("остановка Рыбацкая", 1)[0]
	a, _ := x.Asset(stop.ID)
	r, err := x.Resolve(stop.ID, geo.Point{}, []places.AssetKind{places.Road, places.BusStop}, "2026-06-01")
	if err != nil || r.Ownership.Asset.Code != a.Code || r.Ownership.Owner != a.Owner {
		t.Errorf("the stop's owner is %+v, %v", r.Ownership, err)
	}
	// What stands at the stop but isn't the stop is looked up as for any point.
	r, _ = x.Resolve(stop.ID, geo.Point{}, []places.AssetKind{places.Road}, "2026-06-01")
	if !r.Ownership.Known || r.Ownership.Asset.Kind != places.Road {
		t.Errorf("the road at the stop: %+v", r.Ownership)
	}
	road := x.SearchPlaces("р-12 20 км", 1)[0]
	if r, _ = x.Resolve(road.ID, geo.Point{}, []places.AssetKind{places.Road}, "2026-06-01"); r.Ownership.Owner != "reg.roads" {
		t.Errorf("the road's owner is %+v", r.Ownership)
	}
	street := x.SearchPlaces("рыбацкая", 1)[0]
	if r, _ = x.Resolve(street.ID, geo.Point{}, []places.AssetKind{places.Road}, "2026-06-01"); !r.Ownership.Known || r.Ownership.Metres > 10 {
		t.Errorf("the street's owner is %+v", r.Ownership)
	}
	exact := road.At.Offset(8, 8)
	if r, _ = x.Resolve(road.ID, exact, nil, ""); r.Point != exact || r.Text != road.Text {
		t.Errorf("the point by the road was lost: %+v", r)
	}
	if r, _ = x.Resolve(road.ID, road.At.Offset(5000, 5000), nil, ""); r.Point != road.At {
		t.Errorf("a point elsewhere won over the road: %+v", r)
	}
}

// A point far from houses is told by the road or the park that it lies on.
func TestLocateOnThings(t *testing.T) {
	x := theIndex()
	for _, q := range []string{"р-12 20 км", "озеро светлое"} {
		f := x.SearchPlaces(q, 1)[0]
		if l, err := x.Locate(f.At); err != nil || l.Text != f.Text || l.Beside {
			t.Errorf("on %q: %q, %v", f.Text, l.Text, err)
		}
	}
}
