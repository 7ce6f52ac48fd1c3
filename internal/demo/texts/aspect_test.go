package texts

import (
	"math/rand/v2"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"
)

// TestVariants checks that every variant of a fact, in either half of the year,
// has something to say in each of the fact's marks, that its alternatives are
// tied in the problem and in what is said of it, and that no tag is left.
func TestVariants(t *testing.T) {
	count := 0
	for _, f := range facts(t) {
		n := variants()[f.code]
		if n > 0 {
			count++
		}
		if n == 1 {
			t.Errorf("%s: one variant alone", f.code)
		}
		for _, warm := range []bool{false, true} {
			some := n == 0 && aspect{warm: warm}.complete(f.code)
			for v := range n {
				some = some || aspect{variant: v + 1, warm: warm}.complete(f.code)
			}
			if !some {
				t.Errorf("%s, warm %v: nothing to say", f.code, warm)
			}
		}
		for v := range n {
			if !(aspect{variant: v + 1}).complete(f.code) && !(aspect{variant: v + 1, warm: true}).complete(f.code) {
				t.Errorf("%s: variant %d lacks a line", f.code, v+1)
			}
		}
	}
	if count < 130 {
		t.Errorf("%d facts have variants", count)
	}
}

// apart are words that belong to one variant of a fact: no story may hold
// those of two.
var apart = map[string][]string{
	"roads.signs.sign_hidden":     {"ветк|ветка", "реклам|щит ", "развер|поверн"},
	"roads.surface.debris":        {"щебен|щебн|камн", "доск", "глин"},
	"transport.rail.cars":         {"грязн|отмы|вымы", "тесн|добав|вагона два", "холод|отоплен"},
	"houses.unsafe.collapse":      {"угол", "потол", "лестниц"},
	"lighting.lamps.blinking":     {"мига|морга", "тускл|свечк"},
	"sport.grounds.rink":          {"катк|каток", "лыжн"},
	"transport.ride.heat":         {"печк|холод|пар изо", "духот|душегуб|кондиц"},
	"houses.basement.pests":       {"крысы|крыс$|крыс;", "тараканы", "клоп|блох"},
	"waste.sorting.batteries":     {"батаре", "лампы", "телевизор|техник"},
	"transport.stops.timetable":   {"висит прошлогоднее", "табло"},
	"houses.entrance.door":        {"двер", "домофон"},
	"culture.monuments.neglected": {"облуп", "букв", "бурьян"},
}

// TestStoriesKeepToTheirVariant looks at a fact's own fragments: what its
// subcategory says of all its facts is left out.
func TestStoriesKeepToTheirVariant(t *testing.T) {
	codes := make([]string, 0, len(apart))
	for code := range apart {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	for _, code := range codes {
		var groups []*regexp.Regexp
		for _, g := range apart[code] {
			groups = append(groups, regexp.MustCompile(g))
		}
		for i := range 60 {
			r := rand.New(rand.NewPCG(uint64(i), 3))
			in := input(r, fact{code, "Случай"})
			w := &writer{rng: r, in: in, of: aspectOf(in)}
			var told []string
			if !w.of.complete(code) {
				t.Fatalf("%s variant %d is not whole", code, w.of.variant)
			}
			for _, mark := range "~+=!pf" {
				told = append(told, w.expand(w.any(w.lines(byte(mark)))))
			}
			text := strings.ToLower(strings.Join(told, "; "))
			var hit []string
			for _, g := range groups {
				if m := g.FindString(text); m != "" {
					hit = append(hit, m)
				}
			}
			if len(hit) > 1 {
				t.Errorf("%s tells of %q: %s", code, hit, text)
			}
		}
	}
}

// TestExcerptIsCut demands that strangers see the report's own words.
func TestExcerptIsCut(t *testing.T) {
	for i, f := range facts(t) {
		r := rand.New(rand.NewPCG(uint64(i), 5))
		in := input(r, f)
		s := Make(r, in)
		report := " " + strings.ToLower(s.Report) + " "
		for _, word := range strings.FieldsFunc(strings.ToLower(s.Excerpt), func(r rune) bool { return strings.ContainsRune(" ,.!?:;«»()—…", r) }) {
			if !strings.Contains(report, word) {
				t.Errorf("%s: %q is not in the report\n%s\n%s", f.code, word, s.Report, s.Excerpt)
			}
		}
		if strings.Contains(s.Excerpt, "дома "+in.Place.House) || strings.Contains(s.Excerpt, ", "+in.Place.House+" ") {
			t.Errorf("%s: the house: %s", f.code, s.Excerpt)
		}
	}
}

var seasonal = regexp.MustCompile(`snow|\.ice$|icicles|winter|heating|radiator|rink|safety\.water|cold`)

var snow = regexp.MustCompile(`перемёрз|замёрз|на санках|под снегом|сугроб|пар изо рта|помёрзли|по льду|[^в]иней`)

// TestSeason: what lies only in winter isn't told in summer, of facts that
// have no season of their own.
func TestSeason(t *testing.T) {
	for i, f := range facts(t) {
		if seasonal.MatchString(f.code) {
			continue
		}
		for k := range 4 {
			r := rand.New(rand.NewPCG(uint64(i), uint64(k)))
			in := input(r, f)
			in.Month = time.July
			s := Make(r, in)
			if m := snow.FindString(s.Report + s.Reply + s.Answer + s.Blame); m != "" {
				t.Errorf("%s in July: %s: %s", f.code, m, s.Report)
			}
		}
	}
}
