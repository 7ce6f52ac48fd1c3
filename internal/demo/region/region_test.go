package region

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/geo"
	"okno/internal/places"
)

var made = sync.OnceValue(func() *Region { return New(DefaultSeed) })

func TestNewIsFastAndTheSame(t *testing.T) {
	r := made()
	start := time.Now()
	again := New(DefaultSeed)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("the region took %v, want under 3 s", took)
	}
	if !reflect.DeepEqual(r, again) {
		t.Error("the same seed gave another region")
	}
	t.Logf("%d localities, %d streets, %d houses, %d assets", len(r.Localities), len(r.Streets), len(r.Addresses), len(r.Assets))
	if len(r.Territories) != 25 || len(r.Localities) < 55 || len(r.Addresses) < 19_000 || len(r.Addresses) > 22_000 {
		t.Errorf("%d territories, %d localities, %d houses", len(r.Territories), len(r.Localities), len(r.Addresses))
	}
	other := New(7)
	if reflect.DeepEqual(r.Addresses[:100], other.Addresses[:100]) {
		t.Error("another seed gave the same houses")
	}
	if len(other.Addresses) < 15_000 {
		t.Errorf("seed 7 gave %d houses", len(other.Addresses))
	}
}

func TestMunicipalitiesCoverTheRegionWithoutOverlap(t *testing.T) {
	list := made().Territories
	whole, sum := list[0].Area, 0.0
	for _, m := range list[1:] {
		if len(m.Area.Parts) != 1 {
			t.Errorf("%s has %d rings", m.Code, len(m.Area.Parts))
		}
		if a := m.Area.SquareMetres() / 1e6; a < 150 || a > 4000 {
			t.Errorf("%s has %.0f km²", m.Code, a)
		}
		sum += squares(m.Area)
	}
	if all := squares(whole); sum != all {
		t.Errorf("the municipalities have %.0f square units, the region %.0f", sum, all)
	}

	type edge struct{ a, b geo.Point }
	owner := map[edge]string{}
	var edges []edge
	for _, m := range list[1:] {
		ring := m.Area.Parts[0]
		for i, a := range ring {
			e := edge{a, ring[(i+1)%len(ring)]}
			if other := owner[e]; other != "" {
				t.Fatalf("%s and %s both run along %v", m.Code, other, e)
			}
			owner[e] = m.Code
			if owner[edge{e.b, e.a}] == "" {
				edges = append(edges, e)
			}
		}
	}
	crosses := 0
	for i, e := range edges {
		be := geo.Empty().Extend(e.a, e.b)
		for _, f := range edges[i+1:] {
			if e.a == f.a || e.a == f.b || e.b == f.a || e.b == f.b || !be.Touches(geo.Empty().Extend(f.a, f.b)) {
				continue
			}
			v := func(p geo.Point) vec { return vec{float64(p.Lon), float64(p.Lat)} }
			if _, _, hit := crossing(v(e.a), v(e.b), v(f.a), v(f.b)); hit {
				crosses++
			}
		}
	}
	if crosses > 0 {
		t.Errorf("%d pairs of borders cross", crosses)
	}

	r := rand.New(rand.NewPCG(1, 2))
	box, inside := whole.Box(), 0
	for range 20_000 {
		p := geo.Point{Lat: box.Min.Lat + r.Int32N(box.Max.Lat-box.Min.Lat), Lon: box.Min.Lon + r.Int32N(box.Max.Lon-box.Min.Lon)}
		n := 0
		for _, m := range list[1:] {
			if m.Area.Contains(p) {
				n++
			}
		}
		if want := map[bool]int{true: 1}[whole.Contains(p)]; n != want {
			t.Fatalf("%v lies in %d municipalities, want %d", p, n, want)
		}
		inside += n
	}
	if inside < 10_000 {
		t.Errorf("only %d of 20,000 points lie in the region", inside)
	}
}

// squares is twice the area in square microdegrees: sums of it are exact.
func squares(g geo.Geometry) float64 {
	sum := 0.0
	for _, ring := range g.Parts {
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			sum += float64(int64(a.Lon)*int64(b.Lat) - int64(b.Lon)*int64(a.Lat))
		}
	}
	return sum
}

func TestSimplifiedBordersStillMeet(t *testing.T) {
	var areas []geo.Geometry
	points := 0
	for _, m := range made().Territories {
		areas = append(areas, m.Area)
	}
	thin := geo.SimplifyTogether(areas, 300)
	sum := 0.0
	for i, g := range thin {
		for _, ring := range g.Parts {
			points += len(ring)
		}
		if i > 0 {
			sum += squares(g)
		}
	}
	if whole := squares(thin[0]); sum != whole {
		t.Errorf("simplified municipalities have %.0f square units, the region %.0f", sum, whole)
	}
	if points > 4000 {
		t.Errorf("%d points left", points)
	}
}

func TestHousesStandWhereTheyShould(t *testing.T) {
	r := made()
	area := map[string]geo.Geometry{}
	for _, v := range r.Territories {
		area[v.Code] = v.Area
	}
	streets := map[string]places.Street{}
	for _, s := range r.Streets {
		streets[s.Code] = s
	}
	built := map[string]geo.Geometry{}
	for _, l := range r.Localities {
		built[l.Code] = l.Area
		if !area[l.Territory].Contains(l.Centre) {
			t.Errorf("%s lies outside of %s", l.Name, l.Territory)
		}
	}
	var water []geo.Geometry
	for _, a := range r.Assets {
		if a.Kind == places.WaterBody {
			water = append(water, a.Shape)
		}
	}
	seen, wrong, far, drowned, outskirts := map[string]bool{}, 0, 0, 0, 0
	for _, a := range r.Addresses {
		if seen[a.Code] || seen[a.Street+" "+a.House] {
			t.Fatalf("%s stands twice", a.Code)
		}
		seen[a.Code], seen[a.Street+" "+a.House] = true, true
		if !area[a.Territory].Contains(a.At) {
			wrong++
		}
		if !built[a.Locality].Contains(a.At) {
			outskirts++
		}
		if d := streets[a.Street].Path.Nearest(a.At).Metres; d > 120 {
			far++
		}
		for _, w := range water {
			if w.Box().Contains(a.At) && w.Contains(a.At) {
				drowned++
			}
		}
		if a.At != a.Outline.Middle() && geo.Distance(a.At, a.Outline.Middle()) > 1 {
			t.Errorf("%s: its point is not the middle of its outline", a.Code)
		}
	}
	if wrong+far+drowned > 0 {
		t.Errorf("%d houses outside of their territory, %d far from their street, %d in water", wrong, far, drowned)
	}
	if outskirts > len(r.Addresses)/100 {
		t.Errorf("%d houses outside of the built-up area", outskirts)
	}
}

// Odd numbers stand on the left of the street's direction, even ones on the right.
func TestNumbersStandOnTheirSides(t *testing.T) {
	r := made()
	paths := map[string][]geo.Point{}
	for _, s := range r.Streets {
		paths[s.Code] = s.Path.Parts[0]
	}
	for _, a := range r.Addresses {
		near := geo.Path(paths[a.Street]...).Nearest(a.At)
		line := paths[a.Street]
		x1, y1 := geo.Between(line[near.Segment], line[near.Segment+1])
		x2, y2 := geo.Between(line[near.Segment], a.At)
		left := x1*y2-y1*x2 > 0
		n := 0
		for _, c := range a.House {
			if c < '0' || c > '9' {
				break
			}
			n = n*10 + int(c-'0')
		}
		if left != (n%2 == 1) {
			t.Errorf("%s, %s stands on the wrong side", a.StreetName, a.House)
		}
	}
}

func TestAssetsReferToWhatExists(t *testing.T) {
	r := made()
	orgs, codes := map[string]Organisation{}, map[string]bool{"": true}
	for _, o := range r.Organisations {
		orgs[o.Code] = o
	}
	for _, v := range r.Territories {
		codes[v.Code] = true
	}
	for _, v := range r.Localities {
		codes[v.Code] = true
	}
	for _, v := range r.Streets {
		codes[v.Code] = true
	}
	for _, v := range r.Addresses {
		codes[v.Code] = true
	}
	for _, o := range r.Organisations {
		if !codes[o.Locality] {
			t.Errorf("%s: unknown locality %s", o.Code, o.Locality)
		}
	}
	kinds, things, seen, unknown := map[places.AssetKind]int{}, map[string]int{}, map[string]bool{}, 0
	region := r.Territories[0].Area
	for _, a := range r.Assets {
		kinds[a.Kind]++
		things[a.Thing]++
		if seen[a.Code] {
			t.Fatalf("%s stands twice", a.Code)
		}
		seen[a.Code] = true
		if !codes[a.Territory] || !codes[a.Street] || !codes[a.Address] {
			t.Errorf("%s refers to what is not there: %+v", a.Code, a)
		}
		if a.Owner == "" {
			unknown++
		} else if _, ok := orgs[a.Owner]; !ok {
			t.Errorf("%s: unknown owner %s", a.Code, a.Owner)
		}
		if a.Operator != "" {
			o, ok := orgs[a.Operator]
			if !ok {
				t.Errorf("%s: unknown operator %s", a.Code, a.Operator)
			} else if o.Territories[0] != Code && !strings.Contains(strings.Join(o.Territories, " ")+" ", a.Territory+" ") {
				t.Errorf("%s in %s is served by %s of %v", a.Code, a.Territory, a.Operator, o.Territories)
			}
		}
		if !region.Contains(a.Shape.Middle()) {
			t.Errorf("%s (%s) lies outside of the region", a.Code, a.Name)
		}
		if a.Name == "" || len(a.Shape.Parts) == 0 {
			t.Errorf("%s has no name or no shape", a.Code)
		}
	}
	for _, k := range places.AssetKinds() {
		if kinds[k] < 30 {
			t.Errorf("only %d assets of kind %s", kinds[k], k)
		}
	}
	changed := 0
	for _, n := range things {
		if n > 1 {
			changed++
		}
	}
	if changed < 20 || unknown < 3 {
		t.Errorf("%d things changed their owner, %d have none: too few to be of use", changed, unknown)
	}
	t.Log(kinds, changed, unknown)
}

// What pictures and stories name exists.
func TestNamedPlacesExist(t *testing.T) {
	r := made()
	at := func(locality, street, house string) *places.Address {
		for i := range r.Addresses {
			if a := &r.Addresses[i]; a.LocalityName == locality && a.StreetName == street && (house == "" || a.House == house) {
				return a
			}
		}
		return nil
	}
	for _, want := range [][3]string{
		{"Верхнеозёрск", "Рыбацкая улица", "14"}, {"Верхнеозёрск", "Школьная улица", "2"}, {"Верхнеозёрск", "Садовая улица", "9"},
		{"Верхнеозёрск", "Кузнечный переулок", "5"}, {"Верхнеозёрск", "Набережная улица", "1"}, {"Заречный", "Мельничная улица", "40"},
		{"Ладейск", "Озёрная улица", "3"}, {"Каменный Брод", "Рыночная улица", ""}, {"Тихий Плёс", "Подгорная улица", ""},
		{"Боровой", "Лесная улица", "1"}, {"Липовка", "Новая улица", "12"},
	} {
		if at(want[0], want[1], want[2]) == nil {
			t.Errorf("no house %v", want)
		}
	}
	home := at("Верхнеозёрск", "Рыбацкая улица", "14")
	for _, a := range r.Addresses {
		if a.Locality == "loc.01.01" && a.Name == "Школа № 7" {
			if d := geo.Distance(a.At, home.At); d > 250 {
				t.Errorf("School No. 7 is %.0f m from Рыбацкая 14", d)
			}
			return
		}
	}
	t.Error("no School No. 7")
}

func TestStreetNames(t *testing.T) {
	for _, c := range []struct {
		name     streetName
		full, to string
	}{
		{streetName{"Рыбацкая", "улица", 0}, "Рыбацкая улица", "Рыбацкой"},
		{streetName{"Кузнечная", "переулок", 0}, "Кузнечный переулок", "Кузнечного"},
		{streetName{"Лесная", "проезд", 0}, "Лесной проезд", "Лесного"},
		{streetName{"Верхняя", "переулок", 0}, "Верхний переулок", "Верхнего"},
		{streetName{"Строителей", "улица", 0}, "улица Строителей", "улицы Строителей"},
		{streetName{"Садовая", "улица", 2}, "2-я Садовая улица", "2-й Садовой"},
		{streetName{"Рыбацкая", "переулок", 3}, "3-й Рыбацкий переулок", "3-го Рыбацкого"},
		{streetName{"Озёрная", "шоссе", 0}, "Озёрное шоссе", "Озёрного"},
	} {
		if c.name.full() != c.full || c.name.genitive() != c.to {
			t.Errorf("%+v is %q, to %q; want %q, %q", c.name, c.name.full(), c.name.genitive(), c.full, c.to)
		}
	}
	seen := map[string]bool{}
	for _, s := range made().Streets {
		key := s.Locality + s.Name
		if seen[key] {
			t.Errorf("%s stands twice in %s", s.Name, s.Locality)
		}
		seen[key] = true
	}
}
