// Package competence makes the demonstration region's table of competence: who
// answers for which fact, where and of whose things. It is written by hand as
// a short list of decisions and unfolded over the region's organisations.
package competence

import (
	"fmt"
	"slices"
	"strings"

	"okno/internal/calendar"
	"okno/internal/demo/region"
	"okno/internal/taxonomy"
)

// decision is one line of the hand-written list. Organisation may hold the
// municipality's number as %s: then the line becomes a row for each municipality.
type decision struct {
	facts        []string // codes of facts, subcategories or categories; "" for all
	owner        string   // "" for any
	organisation string
	term         calendar.Term // own term of the organisation; zero: the fact's
	note         string
}

// Coordinator is the organisation that decides where nobody knows the owner.
const Coordinator = "reg.digital.centre"

const (
	admin    = "mun.%s.admin"
	green    = "mun.%s.green"
	schools  = "mun.%s.edu"
	hospital = "health.%s"
	water    = "utility.water.%s"
	heat     = "utility.heat.%s"
	power    = "utility.power/%s" // a branch of the grid, see branch
)

func decisions() []decision {
	return slices.Concat(things(), streets(), homes(), people(), nature(), authority())
}

// things are questions of ownership: whoever keeps the thing answers.
func things() []decision {
	return []decision{
		{facts: []string{"roads", "lighting", "yards", "houses", "utilities", "waste", "greenery", "transport.stops", "sport", "culture", "access"},
			owner: taxonomy.OwnerKnown, organisation: taxonomy.ToOperator, note: "отвечает тот, кто содержит"},
		{facts: []string{"roads", "lighting", "yards", "houses", "utilities", "waste", "greenery", "transport.stops", "sport", "culture", "access"},
			owner: taxonomy.OwnerUnknown, organisation: Coordinator, note: "хозяин не известен: решает координатор"},
		{facts: []string{"roads.unpaved.pave", "roads.signs.sign_request", "roads.lights.request", "roads.crossings.missing", "roads.crossings.school_way",
			"roads.humps.hump_request", "roads.sidewalks.missing", "lighting.new", "yards.playground.needed", "yards.renewal", "yards.furniture.illegal_barrier",
			"waste.bins.broken", "waste.bins.shortage", "waste.bins.move", "waste.bulky.branches", "greenery.parks.renew"},
			owner: taxonomy.OwnerKnown, organisation: taxonomy.ToOwner, note: "новое решает хозяин"},
		{facts: []string{"houses"}, owner: "kind:" + region.KindManaging, organisation: taxonomy.ToOwner, note: "договор управления"},
		{facts: []string{"houses.lift"}, owner: "kind:" + region.KindManaging, organisation: "utility.lift", note: "договор обслуживания лифтов"},
		{facts: []string{"roads.winter"}, owner: "kind:" + region.KindFederal, organisation: taxonomy.ToOwner, term: calendar.Term{N: 2, Unit: calendar.CalendarDays}, note: "федеральные дороги: свой срок"},
	}
}

func streets() []decision {
	return []decision{
		{facts: []string{"roads.parking"}, organisation: admin},
		{facts: []string{"roads.parking.blocking", "roads.parking.disabled"}, organisation: "fed.traffic", note: "правила дорожного движения"},
		{facts: []string{"greenery"}, organisation: green},
		{facts: []string{"greenery.adverts", "greenery.objects"}, organisation: admin},
		{facts: []string{"transport"}, organisation: "reg.transport"},
		{facts: []string{"transport.rail"}, organisation: "fed.rail"},
		{facts: []string{"transport.ride"}, organisation: "reg.transport.buses"},
		{facts: []string{"transport.taxi.scooter"}, organisation: admin},
		{facts: []string{"access.ramps.public"}, organisation: admin},
		{facts: []string{"access.transport"}, organisation: "reg.transport"},
		{facts: []string{"access.transport.social_taxi"}, organisation: "reg.social.service"},
		{facts: []string{"waste"}, organisation: "utility.waste", note: "региональный оператор"},
		{facts: []string{"waste.dumps"}, organisation: green},
		{facts: []string{"waste.bins.far"}, organisation: admin},
		{facts: []string{"animals"}, organisation: admin},
		{facts: []string{"animals.stray"}, organisation: green, note: "отлов по договору"},
		{facts: []string{"animals.owners.cruelty"}, organisation: "fed.police"},
		{facts: []string{"animals.farm.disease"}, organisation: "reg.vet.station"},
		{facts: []string{"animals.wild.wild"}, organisation: "reg.ecology"},
	}
}

func homes() []decision {
	return []decision{
		{facts: []string{"houses.manager"}, organisation: "reg.housing.inspection", note: "лицензионный контроль"},
		{facts: []string{"houses.overhaul"}, organisation: "reg.housing.fund"},
		{facts: []string{"houses.unsafe"}, organisation: admin},
		{facts: []string{"utilities.cold_water", "utilities.sewerage"}, organisation: water},
		{facts: []string{"utilities.hot_water", "utilities.heating"}, organisation: heat},
		{facts: []string{"utilities.power"}, organisation: power},
		{facts: []string{"utilities.gas"}, organisation: "utility.gas"},
		{facts: []string{"utilities.bills"}, organisation: "reg.housing.inspection"},
		{facts: []string{"utilities.bills.tariff"}, organisation: "reg.energy"},
		{facts: []string{"utilities.works"}, organisation: admin},
		{facts: []string{"construction"}, organisation: "reg.building.inspection"},
		{facts: []string{"construction.site.dirt", "construction.site.noise", "construction.legality.illegal", "construction.legality.density", "construction.abandoned"}, organisation: admin},
		{facts: []string{"construction.housing"}, organisation: "reg.construction"},
		{facts: []string{"land"}, organisation: admin},
		{facts: []string{"land.farming"}, organisation: "reg.agriculture"},
		{facts: []string{"land.address.cadastre"}, organisation: "reg.property"},
		{facts: []string{"telecom"}, organisation: "reg.digital"},
		{facts: []string{"telecom.internet.cables"}, organisation: "utility.telecom"},
		{facts: []string{"telecom.post"}, organisation: "fed.post"},
	}
}

func people() []decision {
	return []decision{
		{facts: []string{"health"}, organisation: hospital},
		{facts: []string{"health.staff.shortage", "health.staff.closed", "health.drugs", "health.disability"}, organisation: "reg.health"},
		{facts: []string{"health.ambulance"}, organisation: "reg.health.ambulance"},
		{facts: []string{"education"}, organisation: schools},
		{facts: []string{"education.college", "education.extra.camp"}, organisation: "reg.education"},
		{facts: []string{"education.school.needed"}, organisation: admin},
		{facts: []string{"social"}, organisation: "reg.social"},
		{facts: []string{"social.benefits", "social.family.newborn", "social.family.large"}, organisation: "reg.social.centre"},
		{facts: []string{"social.elderly.home_care", "social.elderly.care_home", "social.hardship"}, organisation: "reg.social.service"},
		{facts: []string{"social.family.guardians", "social.hardship.violence", "social.housing.queue"}, organisation: admin},
		{facts: []string{"social.housing.orphans"}, organisation: "reg.property"},
		{facts: []string{"social.housing.certificate"}, organisation: "reg.construction"},
		{facts: []string{"social.family.child_food"}, organisation: hospital},
		{facts: []string{"culture"}, organisation: admin},
		{facts: []string{"culture.monuments.heritage"}, organisation: "reg.heritage"},
		{facts: []string{"culture.venues.service"}, organisation: "reg.culture"},
		{facts: []string{"sport"}, organisation: admin},
		{facts: []string{"sport.facilities"}, organisation: "reg.sport"},
		{facts: []string{"labour"}, organisation: "reg.labour"},
		{facts: []string{"trade"}, organisation: "fed.consumer"},
		{facts: []string{"trade.street", "trade.rural"}, organisation: admin},
		{facts: []string{"trade.alcohol", "trade.business"}, organisation: "reg.trade"},
		{facts: []string{"trade.alcohol.minors"}, organisation: "fed.police"},
	}
}

func nature() []decision {
	return []decision{
		{facts: []string{"ecology"}, organisation: "reg.ecology"},
		{facts: []string{"ecology.air", "ecology.water.discharge", "ecology.land.damage"}, organisation: "fed.nature"},
		{facts: []string{"ecology.forest"}, organisation: "reg.forest"},
		{facts: []string{"ecology.forest.fire"}, organisation: "reg.forest.service"},
		{facts: []string{"ecology.wildlife.protected"}, organisation: "reg.ecology.parks"},
		{facts: []string{"ecology.land.radiation"}, organisation: "reg.emergency"},
		{facts: []string{"safety"}, organisation: "reg.emergency"},
		{facts: []string{"safety.order", "safety.cameras.police_post"}, organisation: "fed.police"},
		{facts: []string{"safety.order.racing"}, organisation: "fed.traffic"},
		{facts: []string{"safety.cameras.camera", "safety.fire.access", "safety.fire.grass", "safety.civil.shelter"}, organisation: admin},
	}
}

func authority() []decision {
	return []decision{
		{facts: []string{"government"}, organisation: "reg.gov"},
		{facts: []string{"government.portal"}, organisation: "reg.digital"},
		{facts: []string{"government.offices"}, organisation: "reg.digital.mfc"},
		{facts: []string{"government.participation"}, organisation: admin},
		{facts: []string{"government.taxes.fine"}, organisation: "fed.traffic"},
		{facts: []string{"other"}, organisation: Coordinator, note: "тему выберет координатор"},
		{facts: []string{""}, organisation: Coordinator, note: "без муниципалитета и в остальных случаях решает координатор"},
	}
}

// capital is what the capital keeps special bodies for.
func capital() []taxonomy.Rule {
	row := func(fact, organisation string) taxonomy.Rule {
		return taxonomy.Rule{Fact: fact, Territory: "mun.01", Organisation: organisation}
	}
	return []taxonomy.Rule{
		row("roads.parking.lawn", "mun.01.control"),
		row("roads.parking.abandoned", "mun.01.control"),
		row("greenery.adverts", "mun.01.control"),
		row("trade.street", "mun.01.control"),
		row("utilities.works", "mun.01.control"),
		row("houses.unsafe", "mun.01.housing"),
		row("transport.schedule", "mun.01.buses"),
		row("transport.ride", "mun.01.buses"),
		row("transport.route.skipped", "mun.01.buses"),
		row("health.disability.sanatorium", "reg.health.hospital"),
		row("health.drugs.hospital", "reg.health.hospital"),
	}
}

// Rules is the table of competence, the same at each call.
func Rules() []taxonomy.Rule {
	var rows []taxonomy.Rule
	special := map[[2]string]bool{} // rows of the capital's own stand instead of the common ones
	for _, r := range capital() {
		special[[2]string{r.Fact, r.Territory}] = true
		rows = append(rows, r)
	}
	for _, d := range decisions() {
		for _, fact := range d.facts {
			for _, r := range d.unfold(fact) {
				if !special[[2]string{r.Fact, r.Territory}] || r.Owner != "" {
					rows = append(rows, r)
				}
			}
		}
	}
	return rows
}

func (d decision) unfold(fact string) []taxonomy.Rule {
	r := taxonomy.Rule{Fact: fact, Owner: d.owner, Organisation: d.organisation, Note: d.note}
	if d.term.N > 0 {
		r.Term = &d.term
	}
	if !strings.Contains(d.organisation, "%s") {
		return []taxonomy.Rule{r}
	}
	var rows []taxonomy.Rule
	for _, m := range region.Municipalities() {
		r.Territory, r.Organisation = m.Code, fmt.Sprintf(d.organisation, m.Code[len("mun."):])
		if d.organisation == power {
			r.Organisation = branch(m.Code)
		}
		rows = append(rows, r)
	}
	return rows
}

// branch is the branch of the power grid that covers a municipality.
func branch(municipality string) string {
	for _, o := range region.Organisations() {
		if o.Parent == "utility.power" && slices.Contains(o.Territories, municipality) {
			return o.Code
		}
	}
	return "utility.power"
}

// Areas are the region's territories as routing needs them.
func Areas() []taxonomy.Area {
	areas := []taxonomy.Area{{Code: region.Code}}
	for _, m := range region.Municipalities() {
		areas = append(areas, taxonomy.Area{Code: m.Code, Parent: region.Code})
	}
	return areas
}

// Parties are the region's organisations as routing needs them.
func Parties() []taxonomy.Party {
	var out []taxonomy.Party
	for _, o := range region.Organisations() {
		out = append(out, taxonomy.Party{Code: o.Code, Kind: o.Kind})
	}
	return out
}
