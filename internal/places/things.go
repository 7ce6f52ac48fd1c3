package places

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"okno/internal/geo"
	"okno/internal/platform/id"
)

// thing is an asset that people name as a place: a stop, a road between towns,
// a park, a yard.
type thing struct {
	asset    int32
	locality int32    // -1 outside of settlements
	words    []string // of its name
	own      int      // of these, without those that only say what it is
	text     string
	from, to int // kilometres of a section of a road; 0, 0 unknown
}

// namable are the kinds of assets that a search may find. Those that hold
// false carry a house's or a crossroads' name, so they are found only where
// their kind was typed too: «двор Рыбацкая 14».
var namable = map[AssetKind]bool{
	Road: true, Bridge: true, BusStop: true, Park: true, WaterBody: true, Cemetery: true, PumpRoom: true, Heating: true, PowerObject: true,
	Playground: false, SportGround: false, Yard: false, Container: false, Crossing: false, TrafficLamp: false,
}

// kindsByWord are the kinds that a typed word asks for, by its stem.
var kindsByWord = func() map[string][]AssetKind {
	m := map[string][]AssetKind{}
	for words, kinds := range map[string][]AssetKind{
		"дорога дороги дорог трасса автодорога автотрасса магистраль шоссе": {Road},
		"остановка остановки автобус автобусная автостанция":                {BusStop},
		"мост мосты путепровод":                   {Bridge},
		"двор дворы дворовая":                     {Yard},
		"парк сквер бульвар":                      {Park},
		"площадка площадки":                       {Playground, SportGround, Container},
		"детская":                                 {Playground},
		"спортивная спортплощадка":                {SportGround},
		"контейнерная мусорка помойка контейнеры": {Container},
		"переход зебра":                           {Crossing},
		"светофор светофоры":                      {TrafficLamp},
		"озеро пруд река":                         {WaterBody, Bridge},
		"кладбище":                                {Cemetery},
		"башня водонапорная колонка":              {PumpRoom},
		"котельная":                               {Heating},
		"подстанция":                              {PowerObject},
		"угол углу угла перекресток перекрестке пересечение пересечении": {Crossing, TrafficLamp},
	} {
		for _, w := range strings.Fields(words) {
			m[stem(w)] = append(m[stem(w)], kinds...)
		}
	}
	return m
}()

// kilometres reads «км 12 – км 15», «км 12+300 – 15+000» in the name of a road's section.
var kilometres = regexp.MustCompile(`,?\s*км\s*(\d+)(?:\+\d+)?\s*[–—-]\s*(?:км\s*)?(\d+)(?:\+\d+)?`)

// typedKilometre reads «12 км», «км 12», «12-й километр».
var typedKilometre = regexp.MustCompile(`(?i)(?:^|[\s,])(?:км\.?\s*(\d+)|(\d+)\s*(?:-?й\s*)?(?:км|километр[а-я]*))(?:$|[\s,.])`)

// typedSection reads «км 12 – км 15», «12–15 км».
var typedSection = regexp.MustCompile(`(?i)(?:^|[\s,(])(?:км\.?\s*(\d+)(?:\+\d+)?\s*[–—-]\s*(?:км\.?\s*)?(\d+)(?:\+\d+)?|(\d+)\s*[–—-]\s*(\d+)\s*(?:км|километр[а-я]*))`)

// newThings lists the assets that may be named, each with a text of its own.
func newThings(x *Index) []thing {
	var out []thing
	areas := make([]geo.Box, len(x.localities))
	for i := range areas {
		areas[i] = x.localities[i].Area.Box()
	}
	same := map[string][]int{}
	for i := range x.assets {
		a := &x.assets[i]
		if _, ok := namable[a.Kind]; !ok || a.To != "" || a.Name == "" || a.Kind == Road && a.Street != "" {
			continue
		}
		t := thing{asset: int32(i), locality: x.localityOf(a, areas)}
		t.text = x.thingText(a, t.locality)
		if m := kilometres.FindStringSubmatch(a.Name); a.Kind == Road && m != nil {
			t.from, _ = strconv.Atoi(m[1])
			t.to, _ = strconv.Atoi(m[2])
		}
		t.words = nameWords(thingName(a.Name))
		for _, w := range t.words {
			if len(kindsByWord[stem(w)]) == 0 {
				t.own++
			}
		}
		same[t.text] = append(same[t.text], len(out))
		out = append(out, t)
	}
	for _, list := range same {
		if len(list) > 1 {
			for _, n := range list {
				out[n].text += x.beside(&x.assets[out[n].asset])
			}
		}
	}
	seen := map[string]int{}
	for n := range out { // what even its neighbours don't tell apart is numbered
		if seen[out[n].text]++; seen[out[n].text] > 1 {
			out[n].text += " (" + strconv.Itoa(seen[out[n].text]) + ")"
		}
	}
	return out
}

// thingName is an asset's name without its kilometres.
func thingName(name string) string {
	if !strings.Contains(name, "км") {
		return name
	}
	return kilometres.ReplaceAllString(name, "")
}

// localityOf finds the settlement of an asset; -1 outside.
func (x *Index) localityOf(a *Asset, areas []geo.Box) int32 {
	if n, ok := x.byStreet[a.Street]; ok {
		return x.byLocality[x.streets[n].Locality]
	}
	if n, ok := x.byAddress[a.Address]; ok {
		return x.byLocality[x.addresses[n].Locality]
	}
	if a.Kind == Road {
		return -1
	}
	p := a.Shape.Middle()
	for i := range x.localities {
		if l := &x.localities[i]; l.Territory == a.Territory && areas[i].Contains(p) && l.Area.Contains(p) {
			return int32(i)
		}
	}
	return -1
}

func (x *Index) thingText(a *Asset, locality int32) string {
	if a.Kind == Road {
		return a.Name
	}
	if locality < 0 {
		return a.Name + ", " + x.territories[x.byTerritory[a.Territory]].ShortName
	}
	name := x.localities[locality].Name
	if strings.HasSuffix(a.Name, name) {
		return a.Name
	}
	first, size := utf8.DecodeRuneInString(a.Name)
	if second, _ := utf8.DecodeRuneInString(a.Name[size:]); unicode.IsLower(second) && namedByKind(a.Name) {
		return name + ", " + string(unicode.ToLower(first)) + a.Name[size:]
	}
	return name + ", " + a.Name
}

// namedByKind tells whether a name begins with what the thing is: «Остановка …».
func namedByKind(name string) bool {
	word, _, _ := strings.Cut(name, " ")
	return len(kindsByWord[stem(fold(strings.Trim(word, ",")))]) > 0
}

// beside tells things of one name apart by the house or the road next to them.
func (x *Index) beside(a *Asset) string {
	p := a.Shape.Middle()
	if n, _ := x.nearestHouse(p, 150); n >= 0 {
		return " (" + x.addresses[n].StreetName + ", " + x.addresses[n].House + ")"
	}
	if n := x.nearestStreet(p, 150); n >= 0 {
		return " (" + x.streets[n].Name + ")"
	}
	if n, ok := x.nearestAsset(p, []AssetKind{Road}, "", 400); ok {
		return " (" + x.assets[n].Name + ")"
	}
	return ""
}

// foundThing is a thing as an answer of the search.
func (x *Index) foundThing(n int32) Found {
	t := &x.things[n]
	a := &x.assets[t.asset]
	box := a.Shape.Box()
	at := a.Shape.Middle()
	if a.Shape.Kind == geo.Points {
		box = geo.Around(at, 150)
	}
	f := Found{Kind: FoundAsset, ID: a.ID, Asset: a.Kind, Code: a.Code, Text: t.text, At: at, Box: box}
	if t.locality >= 0 {
		f.weight = x.localities[t.locality].Population
	}
	return f
}

// Place finds what of the register may be chosen as a place by its id: a
// house, a street or a named thing.
func (x *Index) Place(of id.ID) (Found, bool) {
	if n, ok := x.byID[of]; ok {
		return foundHouse(&x.addresses[n]), true
	}
	if n, ok := x.streetByID[of]; ok {
		return x.foundStreet(n), true
	}
	if n, ok := x.thingByID[of]; ok {
		return x.foundThing(n), true
	}
	return Found{}, false
}

// SearchPlaces is Search for what may be chosen as a place: houses, streets,
// named things, no whole towns. Where the words only name a town, it comes
// first, without an id, and not every thing that is called after it.
func (x *Index) SearchPlaces(text string, n int) []Found {
	return x.SearchPlacesNear(text, n, geo.Point{})
}

// SearchPlacesNear is SearchPlaces for somebody who is at a point: of what was
// asked for by its kind alone, such as «остановка», the nearest comes first.
func (x *Index) SearchPlacesNear(text string, n int, at geo.Point) []Found {
	out := x.Search(text, 4*n)
	if !at.Zero() && len(out) > 0 && out[len(out)-1].score == anyOf {
		out = x.Search(text, len(x.things)+len(x.streets))
		slices.SortStableFunc(out, func(a, b Found) int {
			if a.score != anyOf || b.score != anyOf {
				return cmp.Compare(b.score, a.score)
			}
			return cmp.Compare(geo.Distance(a.At, at), geo.Distance(b.At, at))
		})
	}
	town := len(out) > 0 && out[0].named()
	out = slices.DeleteFunc(out, func(f Found) bool {
		return f.Kind == FoundLocality && !(town && f.named()) || f.Kind == FoundAsset && town
	})
	return out[:min(n, len(out))]
}

// named tells whether it is a town that was named in full.
func (f *Found) named() bool { return f.Kind == FoundLocality && f.score >= 0.95 }

// thingsFound are the named things that fit the words.
func (x *Index) thingsFound(words []hits, q query, missing int) (out []Found) {
	asked, bare := map[AssetKind]bool{}, q.house == ""
	for _, h := range words {
		bare = bare && len(h.kinds) > 0
		for _, k := range h.kinds {
			asked[k] = true
		}
	}
	for n := range x.things {
		t := &x.things[n]
		a := &x.assets[t.asset]
		if len(asked) > 0 && !asked[a.Kind] || len(asked) == 0 && !namable[a.Kind] {
			continue
		}
		within, same := q.onRoad(t.from, t.to)
		if q.km >= 0 && (t.to == 0 || !within || q.house != "" && !slices.Contains(t.words, q.house)) { // of «Р-12», no other road
			continue
		}
		street, onStreet := x.byStreet[a.Street]
		total, own, left, named := 0.0, 0.0, 0, 0
		for _, h := range words {
			name, around := h.things[int32(n)], 0.8*h.towns[x.byTerritory[a.Territory]]
			if t.locality >= 0 {
				around = max(around, h.localities[t.locality])
			}
			if onStreet && len(asked) > 0 {
				around = max(around, 0.8*h.streets[street])
			}
			fit := max(name, around)
			switch {
			case len(h.kinds) > 0:
				fit = 1
			case fit == 0:
				left++
			case name >= around:
				own = max(own, name)
				named++
			case len(asked) > 0:
				own = max(own, around)
			}
			total += fit
		}
		if q.house != "" && len(asked) > 0 && slices.Contains(t.words, q.house) { // «котельная 3»
			own = max(own, 0.7)
		}
		if bare && own == 0 { // «остановка», «трасса»: any of them, after all that bears the word
			f := x.foundThing(int32(n))
			f.score = anyOf
			out = append(out, f)
			continue
		}
		if left > missing || own == 0 || (left > 0 || len(asked) == 0) && own < 0.7 {
			continue
		}
		score := total/float64(len(words)) - 0.03*float64(max(0, t.own-named))
		if len(asked) > 0 {
			score += 0.08
		} else {
			score -= 0.05
		}
		if q.house != "" {
			bonus, ok := x.thingNumber(t, q, len(asked) > 0)
			if !ok {
				continue
			}
			score += bonus
		}
		if same {
			score += 0.3
		}
		f := x.foundThing(int32(n))
		f.score = score
		out = append(out, f)
	}
	return out
}

// thingNumber is the bonus of a thing for a typed number: that of its name or
// of its house. Where the kind was asked for, other numbers only count against it.
func (x *Index) thingNumber(t *thing, q query, asked bool) (float64, bool) {
	a := &x.assets[t.asset]
	if h, ok := x.byAddress[a.Address]; ok && houseFit(fold(x.addresses[h].House), q) > 0 {
		return 0.6 * houseFit(fold(x.addresses[h].House), q), true
	}
	if slices.Contains(t.words, q.house) {
		return 0.3, true
	}
	return -0.3, asked
}

// placeShape is the geometry of a street or asset that was chosen as a place, with its territory.
func (x *Index) placeShape(of id.ID) (geo.Geometry, string, *Asset) {
	if n, ok := x.streetByID[of]; ok {
		s := &x.streets[n]
		return s.Path, x.localities[x.byLocality[s.Locality]].Territory, nil
	}
	a := &x.assets[x.things[x.thingByID[of]].asset]
	return a.Shape, a.Territory, a
}

// resolveThing completes a place that was given as a street or named thing. A
// point that came with it tells where exactly, if it lies by it.
func (x *Index) resolveThing(of id.ID, p geo.Point, kinds []AssetKind, date string) Resolved {
	f, _ := x.Place(of)
	shape, territory, a := x.placeShape(of)
	if p.Zero() || shape.Nearest(p).Metres > 300 {
		p = f.At
	}
	out := Resolved{Territory: territory, Text: f.Text, Point: p, Cell: geo.Cell(p)}
	if a != nil && a.Holds(date) && (len(kinds) == 0 || slices.Contains(kinds, a.Kind)) {
		out.Ownership = x.ownership(int(x.assetByID[a.ID]), 0)
		if out.Ownership.Known {
			return out
		}
	}
	house := id.Nil
	if a != nil {
		if n, ok := x.byAddress[a.Address]; ok {
			house = x.addresses[n].ID
		}
	}
	out.Ownership = x.OwnerAt(p, house, kinds, date)
	return out
}

// thingAt is the road that a point lies on, else the park, water or cemetery around it.
func (x *Index) thingAt(p geo.Point, reach float64) (string, bool) {
	best, at := math.Inf(1), int32(-1)
	x.assetGrid.within(geo.Around(p, reach), func(n int32) {
		a := &x.assets[n]
		t, ok := x.thingByID[a.ID]
		if !ok {
			return
		}
		d := a.Shape.Nearest(p).Metres
		switch a.Kind {
		case Road:
			d = cmp.Or(d, 1e-3)
		case Park, WaterBody, Cemetery:
			if d > 0 {
				return
			}
		default:
			return
		}
		if d <= reach && (d < best || d == best && t < at) {
			best, at = d, t
		}
	})
	if at < 0 {
		return "", false
	}
	return x.things[at].text, true
}
