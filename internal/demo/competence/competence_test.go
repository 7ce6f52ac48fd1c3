package competence

import (
	"testing"

	"okno/internal/demo/region"
	"okno/internal/places"
	"okno/internal/taxonomy"
)

const today = "2026-06-01"

func table() *taxonomy.Competence { return taxonomy.NewCompetence(Rules(), Areas()) }

// Every fact in every territory for every kind of owner has an answerer, and no row is idle.
func TestTheTableIsWhole(t *testing.T) {
	found := table().Check(today, taxonomy.Default(), Parties())
	for _, list := range [][]string{found.Unknown, found.Conflicts, found.Unresolved, found.Unreachable} {
		for i, line := range list {
			if i < 20 {
				t.Error(line)
			}
		}
	}
	if err := found.Err(); err != nil {
		t.Error(err)
	}
	t.Logf("%d rows", len(Rules()))
}

// The row for everything else is for reports without a municipality: inside one, a fact has an answerer of its own.
func TestNoFactOfAMunicipalityFallsToTheRowForEverythingElse(t *testing.T) {
	c := table()
	for _, f := range taxonomy.Default().Facts() {
		var owners []taxonomy.Party
		if f.Owned() {
			owners = append(owners, taxonomy.Party{Code: "uk.001", Kind: region.KindManaging}, taxonomy.Party{})
		} else {
			owners = append(owners, taxonomy.Party{})
		}
		for _, owner := range owners {
			if r := c.Route(today, f, "mun.02", owner, owner); r.Rule.Fact == "" {
				t.Errorf("%s × %q falls to %s", f.Code, owner.Kind, r.Rule)
			}
		}
	}
}

func TestWhoAnswers(t *testing.T) {
	c, r := table(), taxonomy.Default()
	kind := map[string]string{}
	for _, o := range region.Organisations() {
		kind[o.Code] = o.Kind
	}
	party := func(code string) taxonomy.Party { return taxonomy.Party{Code: code, Kind: kind[code]} }
	for _, tt := range []struct {
		name, fact, territory, owner, operator string
		want                                   string
		why                                    taxonomy.Why
		unknown                                bool
	}{
		{"the road service of the town", "roads.surface.pothole", "mun.03", "mun.03.admin", "mun.03.roads", "mun.03.roads", taxonomy.ByOperator, false},
		{"a regional road has the region's service", "roads.surface.pothole", "mun.03", "reg.roads", "reg.roads.service", "reg.roads.service", taxonomy.ByOperator, false},
		{"asphalt is a decision of the owner", "roads.unpaved.pave", "mun.03", "mun.03.admin", "mun.03.roads", "mun.03.admin", taxonomy.ByOwner, false},
		{"nobody knows whose road", "roads.surface.pothole", "mun.03", "", "", Coordinator, taxonomy.ByUnknownOwner, true},
		{"the managing company", "houses.entrance.dirty", "mun.01", "uk.003", "uk.003", "uk.003", taxonomy.ByOwner, false},
		{"lifts have a service of their own", "houses.lift.stopped", "mun.01", "uk.003", "uk.003", "utility.lift", taxonomy.ByRule, false},
		{"a complaint about the company goes above it", "houses.manager.rude", "mun.01", "uk.003", "uk.003", "reg.housing.inspection", taxonomy.ByRule, false},
		{"water by territory", "utilities.cold_water.off", "mun.07", "", "", "utility.water.07", taxonomy.ByRule, false},
		{"power by branch", "utilities.power.off", "mun.07", "", "", "utility.power.east", taxonomy.ByRule, false},
		{"a hatch of the heating network", "utilities.hatches.open", "mun.05", "utility.heat.05", "utility.heat.05", "utility.heat.05", taxonomy.ByOwner, false},
		{"the capital's buses", "transport.schedule.late", "mun.01", "", "", "mun.01.buses", taxonomy.ByRule, false},
		{"other buses", "transport.schedule.late", "mun.02", "", "", "reg.transport", taxonomy.ByRule, false},
		{"a school", "education.school.cold", "mun.11", "", "", "mun.11.edu", taxonomy.ByRule, false},
		{"no topic", "other.unsorted.problem", "mun.11", "", "", Coordinator, taxonomy.ByRule, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, ok := r.Fact(tt.fact)
			if !ok {
				t.Fatalf("no fact %s", tt.fact)
			}
			got := c.Route(today, f, tt.territory, party(tt.owner), party(tt.operator))
			if got.Organisation != tt.want || got.Why != tt.why || got.Unknown != tt.unknown {
				t.Errorf("got %s by %s (unknown %v), row %s", got.Organisation, got.Why, got.Unknown, got.Rule)
			}
		})
	}
}

func TestAnOwnTermStandsBeforeTheFactsTerm(t *testing.T) {
	f, _ := taxonomy.Default().Fact("roads.winter.snow")
	federal := taxonomy.Party{Code: "fed.roads", Kind: region.KindFederal}
	if got := table().Route(today, f, "mun.03", federal, federal); got.Term.N != 2 || got.Organisation != "fed.roads" {
		t.Errorf("federal road: %+v", got)
	}
	own := taxonomy.Party{Code: "mun.03.admin", Kind: region.KindMunicipal}
	if got := table().Route(today, f, "mun.03", own, own); got.Term != f.Term {
		t.Errorf("own road: %+v", got.Term)
	}
}

// The rubricator asks the register for kinds of assets that the register has.
func TestKindsOfAssetsAreThoseOfTheRegister(t *testing.T) {
	known := map[string]bool{}
	for _, k := range places.AssetKinds() {
		known[string(k)] = true
	}
	for _, k := range taxonomy.AssetKinds() {
		if !known[k] {
			t.Errorf("the register has no %q", k)
		}
	}
}
