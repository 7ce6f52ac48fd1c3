package texts

import (
	"math/rand/v2"
	"strings"
)

// Place is where the trouble is. Every part may be empty.
type Place struct {
	Locality string // «Верхнеозёрск»
	Street   string // as the register has it: «Рыбацкая улица», «улица Строителей», «2-й Лесной переулок»
	House    string // «14», «14к2»
	Landmark string // nominative: «школа № 7»
}

// street kinds: prepositional form, preposition, endings of an adjective
// before it in the nominative and in the prepositional case.
var streetKinds = map[string]struct {
	in, kind string
	ends     [][2]string
}{
	"улица":      {"на", "улице", [][2]string{{"ая", "ой"}, {"яя", "ей"}}},
	"набережная": {"на", "набережной", [][2]string{{"ая", "ой"}, {"яя", "ей"}}},
	"площадь":    {"на", "площади", [][2]string{{"ая", "ой"}, {"яя", "ей"}}},
	"аллея":      {"на", "аллее", [][2]string{{"ая", "ой"}, {"яя", "ей"}}},
	"линия":      {"на", "линии", [][2]string{{"ая", "ой"}, {"яя", "ей"}}},
	"шоссе":      {"на", "шоссе", [][2]string{{"ое", "ом"}, {"ее", "ем"}}},
	"переулок":   {"в", "переулке", masculineEnds},
	"проезд":     {"в", "проезде", masculineEnds},
	"тупик":      {"в", "тупике", masculineEnds},
	"проспект":   {"на", "проспекте", masculineEnds},
	"бульвар":    {"на", "бульваре", masculineEnds},
	"тракт":      {"на", "тракте", masculineEnds},
	"квартал":    {"в", "квартале", masculineEnds},
	"микрорайон": {"в", "микрорайоне", masculineEnds},
}

var masculineEnds = [][2]string{{"ый", "ом"}, {"ой", "ом"}, {"ний", "нем"}, {"кий", "ком"}, {"гий", "гом"}, {"хий", "хом"}, {"ий", "ем"}}

// onStreet puts a street into the prepositional case with its preposition:
// «на Рыбацкой улице», «в Кузнечном переулке», «на улице Строителей». A name
// that does not follow a known pattern stands after «по адресу», unchanged.
func onStreet(street string) string {
	words := strings.Fields(street)
	if len(words) == 0 {
		return ""
	}
	if k, ok := streetKinds[words[0]]; ok { // «улица Строителей»
		return k.in + " " + k.kind + strings.TrimPrefix(street, words[0])
	}
	last := words[len(words)-1]
	k, ok := streetKinds[last]
	if !ok {
		return "по адресу " + street
	}
	out := make([]string, 0, len(words)+1)
	out = append(out, k.in)
	for _, w := range words[:len(words)-1] {
		out = append(out, inAdjective(w, k.ends))
	}
	on := strings.Join(append(out, k.kind), " ")
	if strings.HasPrefix(on, "в 2-") {
		return "во" + on[len("в"):]
	}
	return on
}

func inAdjective(w string, ends [][2]string) string {
	if number, ok := strings.CutSuffix(w, "-я"); ok {
		return number + "-й"
	}
	if number, ok := strings.CutSuffix(w, "-й"); ok {
		return number + "-м"
	}
	if number, ok := strings.CutSuffix(w, "-е"); ok {
		return number + "-м"
	}
	for _, e := range ends {
		if base, ok := strings.CutSuffix(w, e[0]); ok {
			return base + e[1]
		}
	}
	return w
}

// at is the place in a sentence: «на Рыбацкой улице, 14».
func (p Place) at(rng *rand.Rand) string {
	on := onStreet(p.Street)
	switch {
	case on == "" && p.Landmark != "":
		return "там, где " + p.Landmark
	case on == "":
		return [...]string{"недалеко от нашего дома", "в нашем районе", "у нас"}[rng.IntN(3)]
	case p.House == "":
		return on
	}
	return p.told()[rng.IntN(5)]
}

// home is the house itself: «на Рыбацкой улице, 14», «в доме 14 на Рыбацкой улице».
func (p Place) home(rng *rand.Rand) string {
	on := onStreet(p.Street)
	switch {
	case on == "":
		return "в нашем доме"
	case p.House == "":
		return on
	}
	told := p.told()
	return [...]string{told[0], told[5], told[6]}[rng.IntN(3)]
}

// told are the ways to say the place with its house: five of what is near it,
// then two of what is in it; none where no house is known.
func (p Place) told() []string {
	on := onStreet(p.Street)
	if on == "" || p.House == "" {
		return nil
	}
	return []string{on + ", " + p.House, on + " у дома " + p.House, on + " возле дома " + p.House, "рядом с домом " + p.House + " " + on, on + " напротив дома " + p.House,
		"в доме " + p.House + " " + on, on + " в доме " + p.House}
}
