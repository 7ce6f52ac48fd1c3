package demo

import (
	"strings"

	"okno/internal/places"
	"okno/internal/taxonomy"
)

// want is the place that a fact asks for.
type want struct {
	kinds   []places.AddressKind // of the house, where the fact is told at one
	name    string               // what the house's name begins with; "": any
	thing   places.AssetKind     // at which it happens though it is nobody's in particular
	rural   bool                 // only in villages
	private bool                 // only where private houses stand
	street  bool                 // only where people live: not on a road through fields
	station bool                 // only by a railway: on the streets that are called after it
}

var (
	flats    = []places.AddressKind{places.ApartmentHouse}
	cottages = []places.AddressKind{places.PrivateHouse}
	homes    = []places.AddressKind{places.ApartmentHouse, places.ApartmentHouse, places.PrivateHouse}
	shops    = []places.AddressKind{places.Shop}
	offices  = []places.AddressKind{places.Office}
	works    = []places.AddressKind{places.Industry}
	schools  = []places.AddressKind{places.School}
	nursery  = []places.AddressKind{places.Kindergarten}
	clinics  = []places.AddressKind{places.Clinic}
)

// wants are the places that codes of the rubricator, or their beginnings, ask
// for; the longest beginning holds.
var wants = map[string]want{
	"access":              {kinds: flats},
	"access.ramps.public": {kinds: shops},
	"access.street":       {street: true},

	"animals.stray": {kinds: homes}, "animals.owners": {kinds: flats}, "animals.owners.cruelty": {kinds: cottages},
	"animals.farm": {kinds: cottages, rural: true}, "animals.wild": {kinds: homes}, "animals.wild.wild": {kinds: cottages, rural: true},
	"animals.wild.ticks": {thing: places.Park},

	"construction": {kinds: flats}, "construction.legality.illegal": {kinds: cottages}, "construction.legality.violations": {kinds: cottages},
	"construction.site.damage": {kinds: cottages}, "construction.abandoned": {kinds: works}, "construction.abandoned.demolish": {kinds: cottages},

	"culture.monuments": {thing: places.Park}, "culture.monuments.heritage": {kinds: cottages}, "culture.events": {thing: places.Park},
	"culture.venues": {kinds: []places.AddressKind{places.Culture}}, "culture.cemetery": {thing: places.Cemetery},

	"ecology.air": {kinds: homes}, "ecology.water": {thing: places.WaterBody}, "ecology.forest": {thing: places.Forest},
	"ecology.land": {kinds: cottages, rural: true}, "ecology.wildlife": {thing: places.WaterBody},

	"education": {kinds: schools}, "education.kindergarten": {kinds: nursery}, "education.kindergarten.place": {kinds: flats},
	"education.school.needed": {kinds: flats}, "education.college": {kinds: flats}, "education.extra.club_staff": {kinds: flats}, "education.bus.none": {kinds: schools, rural: true},

	"government": {kinds: homes}, "government.offices": {kinds: offices, name: "Центр услуг"}, "government.offices.none": {kinds: cottages, rural: true},
	"government.officials": {kinds: offices, name: "Администрация"},

	"greenery.grass": {kinds: cottages, street: true}, "greenery.objects.toilet": {thing: places.Park}, "greenery.objects.embankment": {thing: places.WaterBody},
	"greenery.objects.facade": {kinds: flats}, "greenery.objects.stairs": {street: true}, "greenery.beaches": {thing: places.WaterBody}, "greenery.adverts": {kinds: shops},
	"greenery.streets": {street: true}, "greenery.trees.planting": {street: true}, "greenery.trees.pruning": {street: true},

	"health": {kinds: clinics, name: "Поликлиника"}, "health.staff.closed": {kinds: clinics, name: "Фельдшерский", rural: true},
	"health.drugs.missing": {kinds: shops, name: "Аптека"}, "health.drugs.price": {kinds: shops, name: "Аптека"}, "health.ambulance": {kinds: homes},
	"health.staff.food": {kinds: homes}, "health.drugs.hospital": {kinds: homes}, // of a hospital: its patients tell it at home
	"health.care.home": {kinds: homes}, "health.disability": {kinds: flats},

	"houses": {kinds: flats},
	"labour": {kinds: works}, "labour.search": {kinds: flats}, "labour.search.no_jobs": {kinds: cottages, rural: true},

	"land": {kinds: cottages}, "land.property.rent": {kinds: shops}, "land.property.social_housing": {kinds: flats}, "land.property.ownerless": {kinds: cottages, rural: true},
	"land.farming": {kinds: cottages, rural: true},

	"lighting": {street: true},
	"other":    {kinds: homes},

	"roads.unpaved": {private: true}, "roads.winter.snow_cut_off": {rural: true, private: true}, "roads.lights": {street: true}, "roads.crossings": {street: true},
	"roads.bridges.footbridge": {street: true}, "roads.humps": {street: true}, "roads.sidewalks": {street: true}, "roads.parking": {kinds: flats, street: true}, "roads.parking.disabled": {kinds: shops},
	"roads.drainage": {street: true}, "roads.surface.after_works": {street: true},

	"safety.fire": {kinds: flats}, "safety.fire.hydrant": {kinds: homes}, "safety.fire.grass": {kinds: cottages, rural: true}, "safety.fire.building": {kinds: shops, name: "Магазин"},
	"safety.order": {kinds: flats}, "safety.water": {thing: places.WaterBody}, "safety.water.flood": {kinds: cottages}, "safety.civil": {kinds: homes},
	"safety.civil.shelter": {kinds: flats}, "safety.cameras": {kinds: flats}, "safety.cameras.police_post": {kinds: cottages, rural: true},

	"social": {kinds: homes},
	"sport":  {kinds: flats}, "sport.grounds": {kinds: flats, thing: places.SportGround, street: true},

	"telecom": {kinds: homes}, "telecom.mobile.none": {kinds: cottages, rural: true}, "telecom.mobile.tower": {kinds: homes},
	"telecom.post.closed": {kinds: offices, name: "Почта"}, "telecom.post.queue": {kinds: offices, name: "Почта"},

	"trade": {kinds: shops, name: "Магазин"}, "trade.alcohol.bar": {kinds: flats}, "trade.quality.service": {kinds: flats}, "trade.rural": {kinds: cottages, rural: true}, "trade.street.illegal": {kinds: flats},
	"trade.street.kiosk": {kinds: flats},

	"transport": {kinds: flats}, "transport.schedule": {thing: places.BusStop, street: true}, "transport.route": {thing: places.BusStop, street: true}, "transport.route.needed": {kinds: cottages},
	"transport.taxi": {kinds: flats}, "transport.rail": {kinds: homes, station: true},

	"utilities": {kinds: homes}, "utilities.cold_water.connect": {kinds: cottages}, "utilities.cold_water.pump": {kinds: cottages, private: true},
	"utilities.cold_water.pressure": {kinds: flats}, "utilities.hot_water": {kinds: flats}, "utilities.heating": {kinds: flats},
	"utilities.sewerage.septic": {kinds: cottages}, "utilities.sewerage.connect": {kinds: cottages}, "utilities.power.connect": {kinds: cottages}, "utilities.power.pole": {kinds: cottages},
	"utilities.power.wire": {kinds: cottages}, "utilities.gas.connect": {kinds: cottages}, "utilities.gas.smell": {kinds: flats}, "utilities.gas.off": {kinds: flats},
	"utilities.bills.common": {kinds: flats}, "utilities.bills.double": {kinds: flats}, "utilities.works": {kinds: flats},

	"waste": {kinds: flats}, "waste.bins.far": {kinds: cottages}, "waste.private": {kinds: cottages}, "waste.dumps": {kinds: works}, "waste.dumps.roadside": {},
	"waste.dumps.burning": {kinds: cottages},

	"yards": {kinds: flats},
}

// byRailway tells whether a street is called after the railway that it lies by.
func byRailway(street string) bool {
	return strings.Contains(street, "Вокзальн") || strings.Contains(street, "Станционн") || strings.Contains(street, "Железнодорожн")
}

// wantOf is what the fact asks for.
func wantOf(f *taxonomy.Fact) want {
	for code := f.Code; ; {
		if w, ok := wants[code]; ok {
			return w
		}
		i := strings.LastIndexByte(code, '.')
		if i < 0 {
			return want{kinds: homes}
		}
		code = code[:i]
	}
}

// holds tells whether the place is of the sort that is wanted; where, the
// nearest house known, may be nil.
func (w want) holds(g *ground, s spot, where *places.Address) bool {
	if (w.rural || w.private) && where == nil || w.street && s.told.Street == "" {
		return false
	}
	if w.station && !byRailway(s.told.Street) {
		return false
	}
	if w.private && where.Kind != places.PrivateHouse {
		return false
	}
	return !w.rural || g.rural[where.Locality]
}
