package demo

import (
	"math/rand/v2"
	"strings"
	"time"

	"okno/internal/calendar"
	"okno/internal/demo/texts"
	"okno/internal/taxonomy"
)

// set is the words of a list.
func set(list string) map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(list) {
		out[word] = true
	}
	return out
}

// unseen are facts that snow hides or that nobody thinks of in winter, though
// the form takes them all year.
var unseen = set(`roads.surface.patch roads.unpaved.impassable roads.unpaved.grading roads.unpaved.pave roads.sidewalks.broken roads.parking.lawn
	greenery.parks.cleaning greenery.parks.broken greenery.parks.renew greenery.streets.litter greenery.trees.planting greenery.trees.stump greenery.objects.playground greenery.objects.embankment
	yards.driveway.path yards.driveway.puddle yards.playground.dirty yards.playground.needed yards.cleaning.leaves yards.renewal.request yards.renewal.defects
	utilities.works.not_restored utilities.sewerage.connect waste.dumps.roadside waste.dumps.dump waste.bulky.branches sport.grounds.broken sport.grounds.needed
	culture.monuments.neglected culture.monuments.war_grave culture.cemetery.cleaning ecology.air.dust ecology.water.overgrown ecology.water.fish ecology.water.bank ecology.forest.pests
	ecology.forest.fire ecology.forest.litter ecology.land.quarry ecology.land.damage safety.fire.grass animals.farm.grazing land.farming.spraying transport.taxi.scooter
	trade.street.illegal utilities.hot_water.long_off education.grounds.neglected yards.green.pruning safety.water.flood construction.housing.surroundings`)

// lessons are facts that nobody meets in the holidays.
var lessons = set(`education.bus.none education.bus.bad education.school.shifts education.school.staff education.school.food education.school.bullying education.school.fees
	education.extra.clubs education.extra.club_staff education.college.study education.college.scholarship roads.crossings.school_way`)

// seasonOf is when people report the fact.
func seasonOf(f *taxonomy.Fact) string {
	if f.Code == "yards.cleaning.leaves" {
		return "leaves"
	}
	if f.Season == "" && unseen[f.Code] {
		return "warm"
	}
	switch {
	case f.Code == "animals.wild.ticks":
		return "summer" // ticks and mosquitoes in one
	case lessons[f.Code]:
		return "lessons"
	}
	return f.Season
}

// thawed are facts whose work needs dry and warm ground.
var thawed = set(`roads.surface.ruts roads.surface.destroyed roads.surface.patch roads.surface.after_works roads.unpaved.grading roads.unpaved.pave roads.signs.marking
	roads.sidewalks.broken roads.sidewalks.missing roads.bridges.bridge roads.bridges.level_crossing roads.drainage.flood roads.drainage.puddle roads.parking.lawn roads.parking.places
	roads.crossings.missing roads.humps.hump_bad roads.humps.hump_request yards.driveway.asphalt yards.driveway.path yards.driveway.puddle yards.playground.needed yards.furniture.fence
	yards.renewal.request yards.renewal.defects yards.playground.dirty greenery.trees.planting greenery.grass.flowerbed greenery.parks.broken greenery.parks.renew greenery.parks.fountain
	greenery.objects.facade greenery.objects.stairs greenery.objects.embankment greenery.objects.playground houses.walls.porch houses.walls.seams houses.overhaul.quality
	utilities.works.not_restored utilities.sewerage.connect utilities.cold_water.connect utilities.heating.insulation utilities.works.long
	culture.monuments.neglected culture.monuments.war_grave sport.grounds.broken sport.grounds.needed access.street.kerb ecology.water.overgrown ecology.land.damage
	construction.housing.surroundings waste.bins.move animals.owners.place lighting.new.path lighting.new.street telecom.mobile.none land.property.ownerless
	construction.abandoned.demolish greenery.streets.flyers houses.walls.graffiti`)

// frosty tells whether the report's term ends or begins in the cold half of
// the year and the work has to wait for spring.
func frosty(m *matter) bool {
	return thawed[m.fact.Code] && (!texts.Warm(m.filed.In(moscow).Month()) || !texts.Warm(m.due.At.In(moscow).AddDate(0, 0, 14).Month()))
}

// mild tells whether the fact can be worked on when reported on the day.
func (w *world) mild(f *taxonomy.Fact, ago int) bool {
	at := w.dayAt(max(ago, 0), 0).In(moscow)
	return !thawed[f.Code] || texts.Warm(at.Month()) && texts.Warm(at.AddDate(0, 0, 40).Month())
}

// spring is a day of the next May or June.
func spring(rng *rand.Rand, after time.Time) calendar.Day {
	local := after.In(moscow)
	year := local.Year()
	if local.Month() > time.April {
		year++
	}
	return calendar.NewDay(year, time.May, 12+rng.IntN(45))
}
