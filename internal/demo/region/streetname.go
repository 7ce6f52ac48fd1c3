package region

import (
	"fmt"
	"strings"
)

// streetName is a name as a dictionary holds it: the stem in the gender of
// «улица» or a genitive («Строителей»), its kind and perhaps its number.
type streetName struct {
	stem   string
	kind   string // улица, переулок, проспект, проезд, шоссе, тупик, бульвар
	number int    // «2-я Садовая улица»; 0 none
}

// stressed are adjectives whose masculine form ends in -ой.
var stressed = map[string]bool{"Лесная": true, "Луговая": true, "Полевая": true, "Береговая": true, "Речная": true, "Мостовая": true,
	"Островная": true, "Ключевая": true, "Заводская": true, "Слободская": true, "Посадская": true, "Верхняя": false, "Угловая": true,
	"Гостевая": true, "Складская": true, "Дорожная": false, "Торговая": false, "Хуторская": true, "Мастерская": true}

func (n streetName) adjective() bool {
	return strings.HasSuffix(n.stem, "ая") || strings.HasSuffix(n.stem, "яя")
}

// masculine turns «Кузнечная» into «Кузнечный».
func masculine(stem string) string {
	base, soft := strings.CutSuffix(stem, "яя")
	if soft {
		return base + "ий"
	}
	base = strings.TrimSuffix(stem, "ая")
	switch {
	case stressed[stem]:
		return base + "ой"
	case strings.HasSuffix(base, "к"), strings.HasSuffix(base, "г"), strings.HasSuffix(base, "х"):
		return base + "ий"
	}
	return base + "ый"
}

// full is the name in the order of speech: «Рыбацкая улица», «улица Строителей».
func (n streetName) full() string {
	if n.stem == "" {
		return ""
	}
	if !n.adjective() {
		if n.number > 0 {
			return fmt.Sprintf("%s %s, %d-я линия", n.kind, n.stem, n.number)
		}
		return n.kind + " " + n.stem
	}
	word, ordinal := n.stem, "я"
	switch n.kind {
	case "улица":
	case "шоссе":
		word, ordinal = neuter(n.stem), "е"
	default:
		word, ordinal = masculine(n.stem), "й"
	}
	if n.number > 0 {
		return fmt.Sprintf("%d-%s %s %s", n.number, ordinal, word, n.kind)
	}
	return word + " " + n.kind
}

func neuter(stem string) string {
	if base, soft := strings.CutSuffix(stem, "яя"); soft {
		return base + "ее"
	}
	return strings.TrimSuffix(stem, "ая") + "ое"
}

// genitive is the short form of «от … до …»: «Школьной», «Кузнечного», «улицы Строителей».
func (n streetName) genitive() string {
	if !n.adjective() {
		return map[string]string{"улица": "улицы", "переулок": "переулка", "проспект": "проспекта", "проезд": "проезда", "шоссе": "шоссе"}[n.kind] + " " + n.stem
	}
	base, soft := strings.CutSuffix(n.stem, "яя")
	base = strings.TrimSuffix(base, "ая")
	end := map[bool]string{false: "ой", true: "ей"}[soft]
	if n.kind != "улица" {
		end = map[bool]string{false: "ого", true: "его"}[soft]
	}
	if n.number > 0 {
		return fmt.Sprintf("%d-%s %s%s", n.number, map[bool]string{true: "й", false: "го"}[n.kind == "улица"], base, end)
	}
	return base + end
}

// stopName is how a bus stop on the street is called: «Рыбацкая», «Строителей».
func (n streetName) stopName() string {
	if n.adjective() && n.kind != "улица" {
		return masculine(n.stem) + " " + n.kind
	}
	if n.number > 0 {
		return fmt.Sprintf("%d-я %s", n.number, n.stem)
	}
	return n.stem
}
