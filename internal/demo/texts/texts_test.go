package texts

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

type fact struct{ code, name string }

// facts reads the rubricator.
func facts(t *testing.T) []fact {
	t.Helper()
	names, err := filepath.Glob("../../taxonomy/rubricator/*.toml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no rubricator: %v", err)
	}
	var out []fact
	for _, name := range names {
		var c struct {
			Subcategory []struct {
				Fact []struct{ Code, Name string }
			}
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := toml.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		for _, s := range c.Subcategory {
			for _, f := range s.Fact {
				out = append(out, fact{f.Code, f.Name})
			}
		}
	}
	return out
}

// TestFragments checks the data: every fact has its own fragments, every block
// belongs to the rubricator, braces and slots are whole.
func TestFragments(t *testing.T) {
	all, err := parse()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range facts(t) {
		known[f.code] = true
		known[f.code[:strings.LastIndexByte(f.code, '.')]] = true
		known[f.code[:strings.IndexByte(f.code, '.')]] = true
		for _, mark := range "~+=!pf" {
			if len(all[f.code][byte(mark)]) == 0 {
				t.Errorf("%s has no line %q", f.code, mark)
			}
		}
		for _, mark := range "hncqw" {
			if len(lines(f.code, byte(mark))) == 0 {
				t.Errorf("%s inherits no line %q", f.code, mark)
			}
		}
	}
	for code, b := range all {
		if !known[code] {
			t.Errorf("%s is not in the rubricator", code)
		}
		for mark, ls := range b {
			for _, l := range ls {
				if strings.Count(l, "{") != strings.Count(l, "}") || strings.Count(l, "<") != strings.Count(strings.Replace(l, "=>", "", 1), ">") {
					t.Errorf("%s %c: braces of %q", code, mark, l)
				}
				if mark == '~' && strings.Contains(l, ",") {
					t.Errorf("%s: a comma in %q would stay open", code, l)
				}
				if mark == 'q' && strings.Count(l, "=>") != 1 {
					t.Errorf("%s: a question without a reply: %q", code, l)
				}
				if strings.ContainsAny(l, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && !strings.Contains(l, "VIP") && !strings.Contains(l, "QR") {
					t.Errorf("%s: Latin letters in %q", code, l)
				}
			}
		}
	}
}

var (
	numbers  = regexp.MustCompile(`[0-9]+`)
	dates    = regexp.MustCompile(`# (января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)`)
	places   = regexp.MustCompile(`(на|в|во|по) (#-[а-я]+ )?[А-ЯЁ][а-яё]+ (улице|переулке|шоссе|проезде)|на (улице|проспекте) [А-ЯЁ][а-яё]+`)
	people   = regexp.MustCompile(`Нина Андреевна|П[её]тр Ильич|дорожная служба Верхнеоз[её]рска|Дорожная служба Верхнеоз[её]рска|Ладейские электросети`)
	boundary = regexp.MustCompile(`[.!?…]+(\s+|$)`)
)

// normalise removes names and numbers from a text and divides it into sentences.
func normalise(text string) []string {
	text = numbers.ReplaceAllString(text, "#")
	text = dates.ReplaceAllString(text, "#")
	text = places.ReplaceAllString(text, "@")
	text = people.ReplaceAllString(text, "@")
	text = strings.ReplaceAll(strings.ToLower(text), "ё", "е")
	var out []string
	for _, s := range boundary.Split(text, -1) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// weights make some facts frequent, as in life.
func weights(rng *rand.Rand, all []fact) func() fact {
	heavy := []string{"roads.surface.pothole", "waste.bins.overflow", "roads.winter.snow", "roads.sidewalks.snow", "lighting.lamps.out", "yards.cleaning.snow", "utilities.heating.cold", "houses.roof.leak", "utilities.cold_water.off", "transport.schedule.late"}
	by := map[string]fact{}
	for _, f := range all {
		by[f.code] = f
	}
	return func() fact {
		if rng.IntN(100) < 30 {
			if f, ok := by[heavy[rng.IntN(len(heavy))]]; ok {
				return f
			}
		}
		return all[rng.IntN(len(all))]
	}
}

// TestNoCommonSentence proves the promise of the demonstration: of 3,000
// stories with all their texts, 30 % of them about ten facts, no sentence
// stands in more than 20.
func TestNoCommonSentence(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	next := weights(rng, facts(t))
	in := map[string]int{}
	reports := map[string]bool{}
	for i := range 3000 {
		r := rand.New(rand.NewPCG(uint64(i), 41))
		s := Make(r, input(r, next()))
		mine := map[string]bool{}
		for _, text := range s.All() {
			for _, k := range normalise(text) {
				mine[k] = true
			}
		}
		for k := range mine {
			in[k]++
		}
		reports[s.Report] = true
	}
	type common struct {
		n int
		s string
	}
	var worst []common
	for s, n := range in {
		if n > 14 {
			worst = append(worst, common{n, s})
		}
	}
	sort.Slice(worst, func(i, j int) bool { return worst[i].n > worst[j].n })
	for i, c := range worst {
		if c.n > 20 {
			t.Errorf("%d reports: %s", c.n, c.s)
		} else if i < 12 {
			t.Logf("%d reports: %s", c.n, c.s)
		}
	}
	if len(reports) < 2990 {
		t.Errorf("only %d of 3000 reports are different", len(reports))
	}
}

var broken = regexp.MustCompile(`[{}<>|@#^]|\[|\]|  | [,.;:?!]|,,|\.\.|\?\.|!\.|\( | \)|=>| / |,[^ \d]|[а-яё][А-ЯЁ]|%!`)

// TestWellFormed checks every text of every fact: no slot left, no double
// blank, sentences with a capital and a stop, no abbreviation with a stop.
func TestWellFormed(t *testing.T) {
	for i, f := range facts(t) {
		for k := range 4 {
			r := rand.New(rand.NewPCG(uint64(i), uint64(k)))
			in := input(r, f)
			switch k {
			case 1:
				in.Place, in.Polite, in.Org, in.To = Place{}, "", "", ""
			case 2:
				in.Place = Place{Locality: "Берёзовка", Street: "улица Мира, 2-я линия"}
			case 3:
				in = Input{Fact: f.code}
			}
			s := Make(r, in)
			for _, text := range s.All() {
				if m := broken.FindString(text); m != "" {
					t.Errorf("%s: %q in: %s", f.code, m, text)
				}
				for _, part := range boundary.Split(text, -1) {
					first, _ := utf8.DecodeRuneInString(strings.TrimLeft(part, "«"))
					if part != "" && !unicode.IsUpper(first) && !unicode.IsDigit(first) {
						t.Errorf("%s: a small letter begins %q in: %s", f.code, part, text)
					}
				}
				if last, _ := utf8.DecodeLastRuneInString(text); !strings.ContainsRune(".!?…", last) {
					t.Errorf("%s: no stop: %s", f.code, text)
				}
				if n := utf8.RuneCountInString(text); n > 1500 {
					t.Errorf("%s: %d characters", f.code, n)
				}
			}
			if n := len(boundary.FindAllString(s.Report, -1)); n < 1 || n > 6 {
				t.Errorf("%s: %d sentences: %s", f.code, n, s.Report)
			}
		}
	}
}

// TestSame checks that a seed gives the same words, and another seed others.
func TestSame(t *testing.T) {
	make := func(seed uint64) string {
		r := rand.New(rand.NewPCG(seed, 1))
		return fmt.Sprint(Make(r, input(r, fact{"roads.surface.pothole", "Яма"})))
	}
	if make(5) != make(5) {
		t.Error("one seed, two stories")
	}
	if make(5) == make(6) {
		t.Error("two seeds, one story")
	}
}

func TestStreets(t *testing.T) {
	for in, want := range map[string]string{
		"Рыбацкая улица": "на Рыбацкой улице", "Верхняя улица": "на Верхней улице", "улица Строителей": "на улице Строителей", "2-я Садовая улица": "на 2-й Садовой улице",
		"Кузнечный переулок": "в Кузнечном переулке", "2-й Лесной переулок": "во 2-м Лесном переулке", "Нижний проезд": "в Нижнем проезде", "Ладейский тупик": "в Ладейском тупике",
		"Озёрное шоссе": "на Озёрном шоссе", "Летнее шоссе": "на Летнем шоссе", "проспект Мира": "на проспекте Мира", "Школьный бульвар": "на Школьном бульваре",
		"Проезжая улица": "на Проезжей улице", "Большая улица": "на Большой улице", "Рабочий проезд": "в Рабочем проезде", "Большой проспект": "на Большом проспекте",
		"улица Мира, 2-я линия": "на улице Мира, 2-я линия", "Сосновый Бор": "по адресу Сосновый Бор", "": "",
	} {
		if got := onStreet(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestExpand(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	seen := map[string]bool{}
	for range 200 {
		seen[tidy(expand(r, aspect{any: true}, "{a|b {c|d}|} {|x},{ y|}"))] = true
	}
	for _, want := range []string{"a,", "b c x, y", "b d, y", "y"} {
		if !seen[want] {
			t.Errorf("never %q of %v", want, seen)
		}
	}
}

func TestAgree(t *testing.T) {
	for in, want := range map[string]string{
		"вывезли 4 мешков": "вывезли 4 мешка", "вывезли 14 мешка": "вывезли 14 мешков", "3 новых баков": "3 новых бака", "у дома 6 собаки": "у дома 6 собаки", "с 1999 года": "с 1999 года", "из 42 рейсов": "из 42 рейсов",
		"ближе 522 метра": "ближе 522 метров", "в 22 часов, 5 раза": "в 22 часа, 5 раз", "ему 22 лет": "ему 22 года", "на 3 этаже": "на 3 этаже", "№ 4 автобусов": "№ 4 автобусов", "12 досок и 3 досок": "12 досок и 3 доски",
	} {
		if got := agree(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
