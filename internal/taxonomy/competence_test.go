package taxonomy

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"okno/internal/calendar"
	"okno/internal/platform/errs"
)

var (
	testAreas = []Area{{Code: "reg"}, {Code: "mun.1", Parent: "reg"}, {Code: "mun.1.a", Parent: "mun.1"}, {Code: "mun.2", Parent: "reg"}}
	roadOwner = Party{"reg.roads", "government"}
	townOwner = Party{"mun.1.admin", "municipal"}
	service   = Party{"mun.1.roads", "institution"}
)

func testParties() []Party {
	return []Party{roadOwner, townOwner, service, {"centre", "institution"}, {"water", "utility"}, {"dogs", "institution"}, {"mun.2.admin", "municipal"}}
}

func TestRouteOrder(t *testing.T) {
	three := calendar.Term{N: 3, Unit: calendar.CalendarDays}
	rules := []Rule{
		{Organisation: "centre"},
		{Fact: "roads", Owner: OwnerUnknown, Organisation: "centre"},
		{Fact: "roads", Owner: OwnerKnown, Organisation: ToOperator},
		{Fact: "roads", Territory: "mun.1.a", Owner: OwnerKnown, Organisation: ToOwner},
		{Fact: "roads", Owner: "kind:government", Organisation: ToOwner},
		{Fact: "roads", Owner: "reg.roads", Organisation: "water", From: "2026-01-01"},
		{Fact: "roads.surface", Territory: "reg", Owner: OwnerKnown, Organisation: "dogs"},
		{Fact: "roads.surface.pothole", Territory: "mun.1", Organisation: "mun.2.admin", Term: &three},
		{Fact: "animals", Organisation: "centre"},
		{Fact: "animals", Territory: "mun.1", Organisation: "dogs", To: "2026-06-30"},
	}
	c, r := NewCompetence(rules, testAreas), Default()
	for _, tt := range []struct {
		name, on, fact, territory string
		owner, operator           Party
		want                      string
		why                       Why
	}{
		{"who serves it", "2026-05-01", "roads.winter.snow", "mun.2", townOwner, service, "mun.1.roads", ByOperator},
		{"no operator: the owner", "2026-05-01", "roads.winter.snow", "mun.2", townOwner, Party{}, "mun.1.admin", ByOwner},
		{"no owner: the operator", "2026-05-01", "roads.winter.snow", "mun.2", Party{}, service, "mun.1.roads", ByOwner},
		{"the smaller territory", "2026-05-01", "roads.winter.snow", "mun.1.a", townOwner, service, "mun.1.admin", ByOwner},
		{"a kind before any", "2025-05-01", "roads.winter.snow", "mun.1.a", roadOwner, service, "reg.roads", ByOwner},
		{"an organisation before its kind", "2026-05-01", "roads.winter.snow", "mun.1.a", roadOwner, service, "water", ByRule},
		{"the more exact topic before the owner", "2026-05-01", "roads.surface.ruts", "mun.1.a", roadOwner, service, "dogs", ByRule},
		{"the fact itself first", "2026-05-01", "roads.surface.pothole", "mun.1.a", roadOwner, service, "mun.2.admin", ByRule},
		{"nobody knows the owner, whatever else is exact", "2026-05-01", "roads.surface.pothole", "mun.1", Party{}, Party{}, "centre", ByUnknownOwner},
		{"not a matter of ownership", "2026-05-01", "animals.stray.pack", "mun.1.a", townOwner, Party{}, "dogs", ByRule},
		{"the last day holds", "2026-06-30", "animals.stray.pack", "mun.1", Party{}, Party{}, "dogs", ByRule},
		{"the day after doesn't", "2026-07-01", "animals.stray.pack", "mun.1", Party{}, Party{}, "centre", ByRule},
		{"a territory nobody knows: rows for all alone", "2026-05-01", "animals.stray.pack", "mars", Party{}, Party{}, "centre", ByRule},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, ok := r.Fact(tt.fact)
			if !ok {
				t.Fatal("no such fact")
			}
			got := c.Route(tt.on, f, tt.territory, tt.owner, tt.operator)
			if got.Organisation != tt.want || got.Why != tt.why || got.Unknown != (tt.why == ByUnknownOwner) {
				t.Errorf("%s by %s, row %s", got.Organisation, got.Why, got.Rule)
			}
			if want := f.Term; got.Rule.Term == nil && got.Term != want || got.Rule.Term != nil && got.Term != three {
				t.Errorf("term %v", got.Term)
			}
		})
	}
}

func TestRouteWithoutRows(t *testing.T) {
	f, _ := Default().Fact("roads.surface.pothole")
	got := NewCompetence(nil, testAreas).Route("2026-05-01", f, "mun.1", Party{}, Party{})
	if got.Organisation != "" || got.Why != ByNothing || !got.Unknown || got.Term != f.Term {
		t.Errorf("%+v", got)
	}
}

func TestCheckNamesEveryKindOfMistake(t *testing.T) {
	whole := []Rule{{Organisation: "centre"}, {Owner: OwnerUnknown, Organisation: "centre"}}
	if err := NewCompetence(whole, testAreas).Check("2026-05-01", Default(), testParties()).Err(); err != nil {
		t.Fatalf("a whole table: %v", err)
	}
	with := func(rules ...Rule) Findings {
		return NewCompetence(append(slices.Clone(whole), rules...), testAreas).Check("2026-05-01", Default(), testParties())
	}
	for _, tt := range []struct {
		name string
		got  []string
		want string
	}{
		{"topic", with(Rule{Fact: "rods", Organisation: "centre"}).Unknown, "no such topic"},
		{"territory", with(Rule{Territory: "mars", Organisation: "centre"}).Unknown, "no such territory"},
		{"owner", with(Rule{Owner: "kind:king", Organisation: "centre"}).Unknown, "no such owner"},
		{"organisation", with(Rule{Fact: "roads", Organisation: "nobody"}).Unknown, "no such organisation"},
		{"date", with(Rule{Fact: "roads", Organisation: "centre", From: "2026-02-30"}).Unknown, "not an ISO date"},
		{"dates in order", with(Rule{Fact: "roads", Organisation: "centre", From: "2026-02-02", To: "2026-02-01"}).Unknown, "ends before"},
		{"term", with(Rule{Fact: "roads", Organisation: "centre", Term: &calendar.Term{N: 1, Unit: "moons"}}).Unknown, "impossible term"},
		{"an owner that may be missing", with(Rule{Fact: "animals", Organisation: ToOwner}).Unknown, "may be missing"},
		{"the same key twice", with(Rule{Fact: "roads", Organisation: "centre"}, Rule{Fact: "roads", Organisation: "water", From: "2026-01-01"}).Conflicts, "roads"},
		{"a row for owners of what nobody owns", with(Rule{Fact: "animals", Owner: OwnerKnown, Organisation: ToOwner}).Unreachable, "animals"},
		{"nobody for unknown owners", NewCompetence(whole[:1], testAreas).Check("2026-05-01", Default(), testParties()).Unresolved, "no owner"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if len(tt.got) == 0 || !strings.Contains(tt.got[0], tt.want) {
				t.Errorf("got %q, want %q", tt.got[:min(3, len(tt.got))], tt.want)
			}
		})
	}
	apart := with(Rule{Fact: "roads", Owner: OwnerKnown, Organisation: "centre", To: "2025-12-31"}, Rule{Fact: "roads", Owner: OwnerKnown, Organisation: "water", From: "2026-01-01"})
	if len(apart.Conflicts) > 0 || len(apart.Unreachable) > 0 {
		t.Errorf("rows one after another: %v %v", apart.Conflicts, apart.Unreachable)
	}
}

func TestRulesFile(t *testing.T) {
	ten := calendar.Term{N: 10, Unit: calendar.CalendarDays}
	rules := []Rule{{Fact: "roads", Territory: "mun.1", Owner: "kind:municipal", Organisation: ToOperator, Term: &ten, From: "2026-01-01", To: "2026-12-31", Note: "решение, «пункт 3»"}, {Organisation: "centre"}}
	var file bytes.Buffer
	if err := WriteRules(&file, rules); err != nil {
		t.Fatal(err)
	}
	got, err := ReadRules(strings.NewReader("\ufeff" + file.String()))
	if err != nil || digest(got) != digest(rules) || got[0].From != "2026-01-01" || *got[0].Term != ten {
		t.Errorf("%+v %v", got, err)
	}
	for _, tt := range []struct {
		name, text string
		line       int
	}{
		{"unknown column", "fact,town\n", 1},
		{"empty", "", 1},
		{"no organisation", "fact,organisation\nroads,centre\nyards,\n", 3},
		{"term", "organisation,term\ncentre,soon\n", 2},
		{"a cell too many", "fact,organisation\nroads,centre,x\n", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadRules(strings.NewReader(tt.text))
			e, ok := err.(*errs.Error)
			if !ok || e.Code != errs.Invalid || e.Args["Line"] != tt.line {
				t.Errorf("%v", err)
			}
		})
	}
}

func FuzzReadRules(f *testing.F) {
	f.Add("fact,organisation,term\nroads,centre,10 calendar_days\n")
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := ReadRules(strings.NewReader(text))
		if err != nil {
			return
		}
		var file bytes.Buffer
		if err := WriteRules(&file, rules); err != nil {
			t.Fatal(err)
		}
		again, err := ReadRules(&file)
		if err != nil || digest(again) != digest(rules) {
			t.Errorf("%v: %d rows, then %d", err, len(rules), len(again))
		}
	})
}

func BenchmarkRoute(b *testing.B) {
	c := NewCompetence([]Rule{{Organisation: "centre"}, {Fact: "roads", Owner: OwnerKnown, Organisation: ToOperator}}, testAreas)
	f, _ := Default().Fact("roads.surface.pothole")
	b.ReportAllocs()
	for b.Loop() {
		c.Route("2026-05-01", f, "mun.1.a", townOwner, service)
	}
}
