package demo

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/calendar"
	"okno/internal/casework"
	"okno/internal/demo/texts"
	"okno/internal/places"
	"okno/internal/taxonomy"
)

var (
	inHospital  = regexp.MustCompile(`(?i)палат[уе]|роддом|В больнице (дают|кормят)|стационаре`)
	itsOwnPlace = regexp.MustCompile(`(?i)^(мост[а-яё]*|останов[а-яё]+|парк[а-яё]*|люк[а-яё]*) у ([а-яё]+)`)
)

// stem is what a word begins with, whatever its ending.
func stem(word string) string {
	r := []rune(strings.ToLower(word))
	return string(r[:min(4, len(r))])
}

// TestTalesAreSound looks at what a reader would stumble over in any of 3,000
// reports: a place that does not fit, work done in the wrong season or before
// anybody had it, a promise of the past, words about a file that is not there.
func TestTalesAreSound(t *testing.T) {
	a := open(t, folder(t, Reports), "")
	_, tales := cases(t, a)
	x := a.Places.Index()
	kinds := map[string]places.LocalityKind{}
	for _, l := range x.Localities() {
		kinds[l.Code] = l.Kind
	}
	reasons, seasons := map[string]int{}, 0
	joined := 0
	for _, tl := range tales {
		for _, o := range tl.ops {
			for _, j := range tl.ops {
				if j.kind == opJoin && j.m == o.m && slices.Contains(answering, o.act) {
					joined++
					if o.in.Shared == "" || strings.Contains(o.in.Shared, "[") {
						t.Errorf("%s %s: those who joined read %q of %q", o.m.number, o.act, o.in.Shared, o.in.Comment)
					}
				}
			}
		}
		for _, m := range tl.all {
			code := m.fact.Code
			w := wantOf(m.fact)
			told := m.spot.told
			if (strings.HasPrefix(code, "houses.") || strings.HasPrefix(code, "yards.")) && m.spot.building != "" {
				t.Errorf("%s %s at «%s»", m.number, code, m.spot.building)
			}
			if w.street && told.Street == "" {
				t.Errorf("%s %s stands in no street: %s", m.number, code, told.Landmark)
			}
			if strings.HasPrefix(code, "transport.schedule") && told.Street == "" {
				t.Errorf("%s %s waits in the fields: %s", m.number, code, told.Landmark)
			}
			if strings.HasPrefix(code, "transport.rail") {
				if !byRailway(told.Street) {
					t.Errorf("%s %s is told where no train goes: %s", m.number, code, told.Street)
				}
				if route := details(m)[taxonomy.FieldRoute]; m.fact.Requires(taxonomy.FieldRoute) && len(route) != 4 {
					t.Errorf("%s %s has the number of a bus: %s", m.number, code, route)
				}
			}
			said := texts.Make(chance(m.t.w.seed, "story", m.t.o.n, m.j*16), m.input).Report
			if strings.HasPrefix(m.spot.building, "Поликлиника") && inHospital.MatchString(said) {
				t.Errorf("%s %s of %s: %s", m.number, code, m.spot.building, said)
			}
			for word, building := range map[string]string{"в школе искусств": "Школа №", "Химчистка": "Магазин", "В ателье": "Магазин"} {
				if strings.HasPrefix(m.spot.building, building) && strings.Contains(said, word) {
					t.Errorf("%s %s of %s: %s", m.number, code, m.spot.building, said)
				}
			}
			if code == "health.vaccination.test" && strings.Contains(said, "класс") {
				t.Errorf("%s %s tells of a school: %s", m.number, code, said)
			}
			if words := itsOwnPlace.FindStringSubmatch(said); words != nil && stem(words[1]) == stem(words[2]) {
				t.Errorf("%s %s is told to be at itself: %s", m.number, code, said)
			}
			if strings.Contains(said, "Гости города") {
				t.Errorf("%s %s calls any place a town: %s", m.number, code, said)
			}
			if h, ok := x.Address(m.spot.in.Address); ok && w.rural && kinds[h.Locality] != places.Village && kinds[h.Locality] != places.Hamlet {
				t.Errorf("%s %s in %s", m.number, code, told.Locality)
			}
			if inSeason(seasonOf(m.fact), m.filed.In(moscow).Month()) == 0 {
				t.Errorf("%s %s is reported in %s (%s, kind %d)", m.number, code, m.filed.Month(), m.filed, tl.o.kind)
			}
			in := m.input
			if in.Done.IsZero() {
				continue
			}
			if day := calendar.DayIn(in.Done, m.org.Hours.Location()); in.Done.After(m.begun) && len(m.t.w.cal.Intervals(day, m.org.Hours)) == 0 {
				t.Errorf("%s %s: done on %s, a day off of %s", m.number, code, day, m.org.Code)
			}
			if in.Done.Before(m.begun) {
				t.Errorf("%s %s: done on %s, given to a handler on %s", m.number, code, in.Done, m.begun)
			}
			if frosty(m) {
				seasons++
				if in.Reopened == "" && !texts.Warm(in.Done.In(moscow).Month()) {
					t.Errorf("%s %s is done in %s", m.number, code, in.Done.Month())
				}
			}
		}
		for _, o := range tl.ops {
			if org, ok := tl.w.orgCode(o.who.org); ok && !tl.w.cal.Open(o.at, org.Hours) && !tl.w.cal.Open(o.at.Add(-time.Minute), org.Hours) {
				t.Errorf("%s: %s on %s, when %s is closed", o.m.number, o.name(), o.at.In(moscow), org.Code)
			}
			if o.in.PlanDate != "" && o.m.t.o.kind != wanted {
				if day, err := calendar.ParseDay(o.in.PlanDate); err != nil || !o.m.t.w.cal.IsWorking(day) {
					t.Errorf("%s is promised for %s, a day off: %v", o.m.number, o.in.PlanDate, err)
				}
			}
			switch {
			case o.kind == opFile && o.file.Channel != "portal":
				t.Errorf("%s is filed by %q", o.m.number, o.file.Channel)
			case o.kind == opFile && o.m.fact.Requires(taxonomy.FieldPhoto) && (len(o.files) == 0 || o.files[0].scene == ""):
				t.Errorf("%s %s comes without the photo that it demands", o.m.number, o.m.fact.Code)
			case o.kind == opFile && strings.HasPrefix(o.file.Details["when"], o.at.In(moscow).Format("02.01.2006")):
				t.Errorf("%s tells of %s on the same day", o.m.number, o.file.Details["when"])
			case !troubles(o.m.fact) && o.act != "" && o.act != casework.Accept && o.act != casework.Assign && o.act != casework.Take && o.act != casework.Submit &&
				o.act != casework.Approve && o.act != casework.Lapse && (o.act != casework.Rate || o.in.Mark < 5 || o.in.Reopen):
				t.Errorf("thanks in %s: %s, mark %d", o.m.number, o.act, o.in.Mark)
			case o.act == casework.Reject:
				reasons[o.in.Reason]++
			case o.act == casework.Defer && o.in.PlanDate <= o.at.In(moscow).Format("2006-01-02"):
				t.Errorf("%s is promised on %s for %s", o.m.number, o.at, o.in.PlanDate)
			case o.act == casework.Defer && urgent(o.m.fact) && !frosty(o.m):
				t.Errorf("%s %s is put off", o.m.number, o.m.fact.Code)
			case o.act == casework.Submit && strings.Contains(o.in.Comment, "фото после работ") && (len(o.files) == 0 || o.files[0].lines != nil):
				t.Errorf("%s speaks of a photo: %s", o.m.number, o.in.Comment)
			case o.act == casework.Add && len(o.files) == 0 && (strings.Contains(o.in.Comment, "прикладываю") || strings.Contains(o.in.Comment, "Прикладываю") || strings.Contains(o.in.Comment, "вложени")):
				t.Errorf("%s speaks of a photo: %s", o.m.number, o.in.Comment)
			}
		}
	}
	for _, reason := range texts.RejectReasons() {
		if reasons[reason] == 0 {
			t.Errorf("nothing is rejected as %s: %v", reason, reasons)
		}
	}
	if joined < 100 {
		t.Errorf("only %d answers are read by others who joined", joined)
	}
	t.Logf("%d reports wait for spring, rejected: %v", seasons, reasons)
}
