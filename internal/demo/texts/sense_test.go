package texts

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestAfterAGreetingAQuotedWordIsSmall(t *testing.T) {
	if got := lower("«Зебра» стёрта"); got != "«зебра» стёрта" {
		t.Errorf("lower = %q", got)
	}
}

// The days of the form and the words of the report are of one story.
func TestSinceAgreesWithTheForm(t *testing.T) {
	for days, wrong := range map[int][]string{
		2: {"четвёрт", "пятый"},
		3: {"третий день", "позавчера", "пятый"},
		4: {"треть", "третий", "позавчера", "три дня"},
	} {
		for n := range uint64(40) {
			w := &writer{rng: rand.New(rand.NewPCG(n, 1)), in: Input{Since: days}}
			got := w.span(since)
			for _, no := range wrong {
				if strings.Contains(got, no) {
					t.Errorf("%d days are called %q", days, got)
				}
			}
		}
	}
}

// A part that becomes a report of its own is never said to stay.
func TestSplitNamesThePartThatLeaves(t *testing.T) {
	for n := range uint64(60) {
		s := Make(rand.New(rand.NewPCG(n, 2)), Input{Fact: "roads.surface.pothole", Month: time.May, Kind: n})
		about, _, _ := strings.Cut(s.Split, " остаётся тут")
		if i := strings.LastIndexAny(about, ":,"); about != s.Split && !strings.Contains(about[i:], "первый") {
			t.Errorf("%q", s.Split)
		}
		if strings.Contains(s.Split, "отвечаем здесь, второй") || strings.Contains(s.Split, "остальное получил") {
			t.Errorf("%q", s.Split)
		}
	}
}

// A road between towns has no house next door and no fences.
func TestNoHousesOnARoadBetweenTowns(t *testing.T) {
	for n := range uint64(200) {
		s := Make(rand.New(rand.NewPCG(n, 3)), Input{Fact: "roads.winter.snow", Month: time.January, Kind: n, Place: Place{Landmark: "дорога Липовка – Сухой Дол"}})
		if l := strings.ToLower(s.Addition); strings.Contains(l, "сосед") || strings.Contains(l, "двор") {
			t.Errorf("%q", s.Addition)
		}
		if strings.Contains(s.Report, "забор") {
			t.Errorf("%q", s.Report)
		}
	}
}

// A redirect is one reason and says whose matter it is.
func TestARedirectIsOneReason(t *testing.T) {
	for i, f := range facts(t) {
		r := rand.New(rand.NewPCG(uint64(i), 8))
		in := input(r, f)
		got := Make(r, in).Redirect
		if strings.Count(got, in.To) != 1 || strings.Count(got, "организация") > 1 || len([]rune(got)) > 190 || strings.Count(got, ". ") > 0 || strings.Count(got, ", ") > 4 {
			t.Errorf("%s: %q", f.code, got)
		}
	}
}

// What was said is not said again: neither a request in two sentences of a
// report, nor the work in two of an answer.
func TestNothingIsSaidTwice(t *testing.T) {
	for i, f := range facts(t) {
		for k := range uint64(6) {
			r := rand.New(rand.NewPCG(uint64(i), k))
			in := input(r, f)
			s := Make(r, in)
			for _, text := range []string{s.Report, s.Answer} {
				if n := echo("", text); n > phrase+1 {
					t.Errorf("%s, %d: %s", f.code, n, text)
				}
			}
		}
	}
}
