package places

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"okno/internal/geo"
)

// nameKey is a name as it is compared whole: folded words without signs.
func nameKey(text string) string { return strings.Join(split(text), " ") }

// alike are words of names that a typed word means too, by its stem.
var alike = func() map[string][]string {
	m := map[string][]string{}
	for typed, names := range map[string]string{
		"садик детсад ясли":                "сад",
		"больница больничка госпиталь фап": "поликлиника фельдшерский",
		"поликлиника":                      "фельдшерский",
		"супермаркет продуктовый":          "магазин",
		"клуб дк":            "культуры",
		"полиция участковый": "полиции",
		"пожарные пожарка":   "пожарная",
		"мфц":                "услуг",
		"вокзал автовокзал":  "автостанция",
		"лицей гимназия":     "школа",
		"мэрия управа":       "администрация",
	} {
		for _, w := range strings.Fields(typed) {
			m[stem(w)] = append(m[stem(w)], strings.Fields(names)...)
		}
	}
	return m
}()

// english are words of English for what stands in the register.
var english = map[string]string{
	"bus": "автобусная", "stop": "остановка", "school": "школа", "clinic": "поликлиника", "polyclinic": "поликлиника", "hospital": "больница", "doctor": "поликлиника",
	"kindergarten": "детский сад", "nursery": "детский сад", "pharmacy": "аптека", "shop": "магазин", "store": "магазин", "library": "библиотека", "museum": "музей", "bank": "банк", "post": "почта",
	"park": "парк", "square": "сквер", "playground": "детская площадка", "yard": "двор", "courtyard": "двор", "lake": "озеро", "river": "река", "bridge": "мост", "cemetery": "кладбище",
	"road": "дорога", "highway": "трасса", "km": "км", "crossing": "переход", "crosswalk": "переход", "light": "светофор", "lights": "светофор", "traffic": "", "boiler": "котельная",
	"street": "улица", "st": "улица", "lane": "переулок", "avenue": "проспект", "house": "дом", "building": "дом", "apartment": "кв", "flat": "кв", "village": "село", "town": "город", "district": "район",
	"corner": "угол", "crossroads": "перекресток", "intersection": "перекресток", "of": "", "the": "", "a": "", "at": "", "on": "", "in": "", "near": "", "by": "", "no": "", "number": "", "and": "и",
}

var latinWord = regexp.MustCompile(`[A-Za-z']+`)

// fromEnglish reads the words of English that it knows, the others as a transliteration.
func fromEnglish(s string) string {
	return latinWord.ReplaceAllStringFunc(s, func(w string) string {
		if known, ok := english[strings.ToLower(w)]; ok {
			return known
		}
		return fromLatin(w)
	})
}

var (
	cornerWord = regexp.MustCompile(`(?i)^\s*(?:на\s+)?(?:угол|углу|угла|перекр[её]ст(?:ок|ке|ка)|пересечени[еяи])\s+(?:улиц\s+)?`)
	cornerJoin = regexp.MustCompile(`(?i)\s+и\s+|\s+со?\s+|\s*/\s*|\s*\+\s*`)
)

// corner reads «угол Рыбацкой и Школьной», «Рыбацкая / Школьная».
func corner(text string) (one, other string, ok bool) {
	at := cornerWord.FindStringIndex(text)
	if at != nil {
		text = text[at[1]:]
	}
	m := cornerJoin.FindStringIndex(text)
	if m == nil {
		return "", "", false
	}
	one, other = text[:m[0]], text[m[1]:]
	return one, other, strings.IndexFunc(one, unicode.IsLetter) >= 0 && strings.IndexFunc(other, unicode.IsLetter) >= 0
}

// Metres within which streets meet, and within which a house stands at their corner.
const (
	cornerReach = 20
	cornerHouse = 80
)

// cornerFound is the house at the corner of two streets, then the streets:
// first where they meet, else both as they are found.
func (x *Index) cornerFound(one, other string) []Found {
	left, right := x.streetsFound(one), x.streetsFound(other)
	var out []Found
	for _, a := range left {
		for _, b := range right {
			at, ok := x.meet(x.streetByID[a.ID], x.streetByID[b.ID])
			if !ok || a.ID == b.ID {
				continue
			}
			if n, _ := x.nearestHouse(at, cornerHouse); n >= 0 {
				f := foundHouse(&x.addresses[n])
				f.score = 0.92
				out = append(out, f)
			}
			a.score, b.score = 0.91, 0.91
			return append(out, a, b)
		}
	}
	if len(left) > 0 && len(right) > 0 {
		left[0].score, right[0].score = 0.7, 0.7
		out = append(out, left[0], right[0])
	}
	return out
}

func (x *Index) streetsFound(text string) []Found {
	return slices.DeleteFunc(x.search(typed(text), 60), func(f Found) bool { return f.Kind != FoundStreet })
}

// meet finds where two streets of a town come together.
func (x *Index) meet(one, other int32) (geo.Point, bool) {
	a, b := &x.streets[one], &x.streets[other]
	if a.Locality != b.Locality {
		return geo.Point{}, false
	}
	best := geo.Near{Metres: cornerReach}
	found := false
	closer := func(from, to geo.Geometry) {
		for _, part := range from.Parts {
			for _, p := range part {
				if n := to.Nearest(p); n.Metres < best.Metres {
					best, found = n, true
				}
			}
		}
	}
	closer(a.Path, b.Path)
	closer(b.Path, a.Path)
	return best.At, found
}
