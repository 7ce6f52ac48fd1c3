package texts

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"
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
			if e[0] == "ая" && w != "Большая" && strings.ContainsAny(lastLetter(base), "жчшщ") {
				return base + "ей" // «на Рабочей улице»
			}
			return base + e[1]
		}
	}
	return w
}

func lastLetter(s string) string {
	_, n := utf8.DecodeLastRuneInString(s)
	return s[len(s)-n:]
}

// at is the place in a sentence: «на Рыбацкой улице у дома 14».
func (p Place) at(rng *rand.Rand) string {
	on := onStreet(p.Street)
	switch {
	case on == "" && p.Landmark != "":
		return p.near()
	case on == "":
		return [...]string{"недалеко от нашего дома", "в нашем районе", "на нашей улице"}[rng.IntN(3)]
	case p.House == "":
		return on
	}
	return p.told()[rng.IntN(5)]
}

// home is the house itself: «в доме 14 на Рыбацкой улице».
func (p Place) home(rng *rand.Rand) string {
	on := onStreet(p.Street)
	switch {
	case on == "":
		return "в нашем доме"
	case p.House == "":
		return on
	}
	return p.told()[5+rng.IntN(2)]
}

// yard is whose yard it is: «дома 14 на Рыбацкой улице».
func (p Place) yard() string {
	on := onStreet(p.Street)
	switch {
	case on == "":
		return "нашего дома"
	case p.House == "":
		return on
	}
	return p.told()[7]
}

// told are the ways to say the place with its house: five of what is near it,
// two of what is in it, one of what belongs to it; none where no house is known.
func (p Place) told() []string {
	on := onStreet(p.Street)
	if on == "" || p.House == "" {
		return nil
	}
	return []string{on + " около дома " + p.House, on + " у дома " + p.House, on + " возле дома " + p.House, "рядом с домом " + p.House + " " + on, on + " напротив дома " + p.House,
		"в доме " + p.House + " " + on, on + " в доме " + p.House, "дома " + p.House + " " + on}
}

// nearby holds how a landmark stands in a sentence: with its preposition, and in the genitive.
var nearby = [][3]string{
	{"река", "у реки", "реки"}, {"озеро", "у озера", "озера"}, {"парк", "в парке", "парка"}, {"сквер", "в сквере", "сквера"}, {"сад", "в саду", "сада"},
	{"бульвар", "на бульваре", "бульвара"}, {"центральный парк", "в Центральном парке", "Центрального парка"}, {"кладбище", "на кладбище", "кладбища"}, {"лес", "в лесу", "леса"},
	{"дорога", "на дороге", "дороги"}, {"остановка", "на остановке", "остановки"}, {"поворот", "у поворота", "поворота"}, {"подстанция", "у подстанции", "подстанции"},
	{"котельная", "у котельной", "котельной"}, {"мост", "у моста", "моста"}, {"люк", "у люка", "люка"}, {"опора", "у опоры", "опоры"}, {"детская площадка", "на детской площадке", "детской площадки"},
	{"контейнерная площадка", "у контейнерной площадки", "контейнерной площадки"}, {"тротуар", "на тротуаре", "тротуара"}, {"переход", "у перехода", "перехода"},
	{"светофор", "у светофора", "светофора"}, {"спортивная площадка", "на спортивной площадке", "спортивной площадки"}, {"водонапорная башня", "у водонапорной башни", "водонапорной башни"},
}

func (p Place) landmark() (forms [3]string, rest string, ok bool) {
	for _, f := range nearby {
		if rest, ok := strings.CutPrefix(p.Landmark, f[0]); ok && (rest == "" || rest[0] == ' ') {
			return f, rest, true
		}
	}
	return forms, "", false
}

// near is a place that has no street: «у реки Сить», «на дороге Сигово – Ладское».
func (p Place) near() string {
	if f, rest, ok := p.landmark(); ok {
		if f[0] == "река" || f[0] == "озеро" {
			rest = declined(rest)
		}
		return f[1] + rest
	}
	return "там, где " + p.Landmark + ","
}

// declined is the genitive of a river's or a lake's name that is an adjective.
func declined(name string) string {
	for _, e := range [...][2]string{{"ое", "ого"}, {"ее", "его"}, {"ая", "ой"}, {"яя", "ей"}} {
		if base, ok := strings.CutSuffix(name, e[0]); ok && len(base) > 4 {
			return base + e[1]
		}
	}
	return name
}

// park is a park where the place is one: «в парке „Дубки“», else «в парке на Садовой улице».
func (p Place) park() string {
	switch f, rest, ok := p.landmark(); {
	case ok && (f[0] == "парк" || f[0] == "сквер" || f[0] == "сад" || f[0] == "бульвар" || f[0] == "центральный парк"):
		return f[1] + rest
	case onStreet(p.Street) != "":
		return "в сквере " + onStreet(p.Street)
	}
	return "в нашем парке"
}

// water is a river or a lake in the genitive.
func (p Place) water() string {
	if f, rest, ok := p.landmark(); ok && (f[0] == "река" || f[0] == "озеро") {
		return f[2] + declined(rest)
	}
	return "реки"
}
