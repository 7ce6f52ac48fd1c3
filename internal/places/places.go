package places

import (
	"crypto/sha1"

	"github.com/google/uuid"

	"okno/internal/geo"
	"okno/internal/platform/id"
)

// TerritoryKind is the rank of a territory.
type TerritoryKind string

// Kinds of territories (131-ФЗ).
const (
	Region            TerritoryKind = "region"
	CityOkrug         TerritoryKind = "city_okrug"
	MunicipalOkrug    TerritoryKind = "municipal_okrug"
	MunicipalDistrict TerritoryKind = "municipal_district"
)

// Territory is the region or a municipality.
type Territory struct {
	Code       string // "reg", "mun.03"
	Parent     string // code; "" for the region
	Kind       TerritoryKind
	Name       string // «Ладейный муниципальный район»
	ShortName  string // «Ладейный район»: lists, map
	NameEN     string
	Population int64
	Area       geo.Geometry // polygon
}

// LocalityKind is the kind of an inhabited place.
type LocalityKind string

// Kinds of localities.
const (
	City    LocalityKind = "city"    // город
	Town    LocalityKind = "town"    // посёлок городского типа
	Village LocalityKind = "village" // село
	Hamlet  LocalityKind = "hamlet"  // деревня
	Dacha   LocalityKind = "dacha"   // садовое товарищество
)

// Locality is a city, town or village.
type Locality struct {
	Code       string // "loc.03.01"
	Territory  string
	Kind       LocalityKind
	Name       string // «Ладейск», without the kind
	NameEN     string
	Population int64
	Centre     geo.Point
	Area       geo.Geometry // built-up area, polygon
}

// Street is a street of a locality.
type Street struct {
	Code     string // "str.03.01.004"
	Locality string
	Name     string       // «Рыбацкая улица»: with its kind, in the order of speech
	Path     geo.Geometry // lines
}

// AddressKind is what stands at the address.
type AddressKind string

// Kinds of addresses.
const (
	ApartmentHouse AddressKind = "apartments"
	PrivateHouse   AddressKind = "house"
	School         AddressKind = "school"
	Kindergarten   AddressKind = "kindergarten"
	Clinic         AddressKind = "clinic"
	Shop           AddressKind = "shop"
	Office         AddressKind = "office"
	Culture        AddressKind = "culture"
	Industry       AddressKind = "industry"
	OtherBuilding  AddressKind = "other"
)

// Address is a house with its number.
type Address struct {
	ID        id.ID // derived from Code
	Code      string
	Territory string // code
	Locality  string // code
	Street    string // code
	House     string // «14», «14к2», «14/3», «7а»
	Kind      AddressKind
	Name      string // «Школа № 7»; "" for dwellings
	At        geo.Point
	Cell      int64        // S2, [geo.NearLevel]
	Outline   geo.Geometry // footprint, polygon; empty where unknown

	// Filled by the Index for show and search.
	LocalityName, StreetName string
}

// AssetKind is what sort of thing an asset is.
type AssetKind string

// Kinds of assets. The rubricator's facts name the kinds they may be about.
const (
	Road        AssetKind = "road"           // section of a road with its roadway
	Pavement    AssetKind = "pavement"       // тротуар along a street
	Bridge      AssetKind = "bridge"         //
	HouseAsset  AssetKind = "house"          // apartment house or public building as somebody's care
	Yard        AssetKind = "yard"           // дворовая территория
	Lamp        AssetKind = "lamp"           // street lamp
	BusStop     AssetKind = "bus_stop"       //
	Hatch       AssetKind = "hatch"          // manhole or storm-water grating
	Playground  AssetKind = "playground"     //
	Container   AssetKind = "container_site" // площадка для мусора
	Park        AssetKind = "park"           // park, square, boulevard
	WaterBody   AssetKind = "water"          // lake or river
	PowerObject AssetKind = "power"          // substation
	Heating     AssetKind = "heating"        // boiler house or heating point
	Cemetery    AssetKind = "cemetery"       //
	Forest      AssetKind = "forest"         //
	Crossing    AssetKind = "crossing"       // пешеходный переход with its signs
	TrafficLamp AssetKind = "traffic"        // светофор
	SportGround AssetKind = "sport"          //
	PumpRoom    AssetKind = "water_tower"    // water tower or street standpipe
)

// Asset is one thing of the asset register, with who owns and who serves it
// for a time. A change of owner is a new row of the same Thing with other dates.
type Asset struct {
	ID        id.ID  // derived from Code
	Code      string // names this row: thing and period
	Thing     string // names the thing through changes of owner; Code where nothing changed
	Kind      AssetKind
	Class     string // of a road: federal, regional, local, private
	Name      string // «Рыбацкая улица, от Кузнечного до Школьной»
	Territory string
	Street    string // code of the street it lies along; ""
	Address   string // code of the house it belongs to; ""
	Owner     string // code of an organisation; "" where unknown
	Operator  string // who serves it; "" where the owner does or nobody knows
	From, To  string // ISO dates; "" open
	Shape     geo.Geometry
}

// Holds tells whether the row is in force on an ISO date ("" means any).
func (a *Asset) Holds(date string) bool {
	return date == "" || (a.From == "" || a.From <= date) && (a.To == "" || date <= a.To)
}

// namespace of ids derived from codes: a fixed random UUID of this module.
var namespace = uuid.MustParse("5b0c8d52-6c2f-4f0e-9a3e-1d9a4f7f2b61")

// IDOf is the id of an address or asset with this code: the same in every
// installation that holds the same register. (A register is some ten thousand
// rows loaded at once, so keys that grow with time would gain nothing.)
func IDOf(code string) id.ID {
	buf := make([]byte, 0, 96)
	sum := sha1.Sum(append(append(buf, namespace[:]...), code...)) // UUID version 5, RFC 9562
	var out id.ID
	copy(out[:], sum[:16])
	out[6], out[8] = out[6]&0x0f|0x50, out[8]&0x3f|0x80
	return out
}
