package taxonomy

import (
	"slices"
	"strings"

	"okno/internal/calendar"
)

// Place says what kind of place a fact needs.
type Place string

// Kinds of place that the form asks for.
const (
	PlaceNone    Place = "none"    // no place: the municipality is enough
	PlacePoint   Place = "point"   // a point on the map, or an address near it
	PlaceAddress Place = "address" // a house of the address register
)

// Places lists every kind of place.
func Places() []Place { return []Place{PlaceNone, PlacePoint, PlaceAddress} }

// Fields that a fact may require beyond place and words. The form knows each:
// what it is called and how it is entered.
const (
	FieldPhoto       = "photo"       // at least one photo
	FieldWhen        = "when"        // date and time of what happened
	FieldSince       = "since"       // since which day it lasts
	FieldFlat        = "flat"        // flat; shown to officers alone
	FieldEntrance    = "entrance"    // entrance (подъезд)
	FieldFloor       = "floor"       // floor
	FieldRoute       = "route"       // route number of a bus, trolleybus, train
	FieldVehicle     = "vehicle"     // registration plate of the vehicle
	FieldMeter       = "meter"       // meter number and readings
	FieldAccount     = "account"     // personal account number of the bill
	FieldInstitution = "institution" // name of the clinic, school, shop, office
	FieldOperator    = "operator"    // name of the mobile or internet operator
)

// Fields lists every field that a fact may require, in the order of the form.
func Fields() []string {
	return []string{FieldPhoto, FieldWhen, FieldSince, FieldInstitution, FieldEntrance, FieldFloor, FieldFlat,
		FieldRoute, FieldVehicle, FieldMeter, FieldAccount, FieldOperator}
}

var fieldKeys = map[string]string{
	FieldPhoto: "taxonomy.field_photo", FieldWhen: "taxonomy.field_when", FieldSince: "taxonomy.field_since",
	FieldInstitution: "taxonomy.field_institution", FieldEntrance: "taxonomy.field_entrance", FieldFloor: "taxonomy.field_floor",
	FieldFlat: "taxonomy.field_flat", FieldRoute: "taxonomy.field_route", FieldVehicle: "taxonomy.field_vehicle",
	FieldMeter: "taxonomy.field_meter", FieldAccount: "taxonomy.field_account", FieldOperator: "taxonomy.field_operator",
}

// FieldKey is the catalogue key of a field's label; "" for one that is not in [Fields].
func FieldKey(field string) string { return fieldKeys[field] }

// AssetKinds lists kinds of assets whose owner may answer; the same codes as in
// the asset register.
func AssetKinds() []string {
	return []string{"road", "pavement", "bridge", "crossing", "traffic", "house", "yard", "lamp", "bus_stop", "hatch", "playground", "sport",
		"container_site", "park", "cemetery", "forest", "water", "power", "heating", "water_tower"}
}

// Seasons lists the times of year in which a fact is usual; "" is any.
func Seasons() []string { return []string{"", "winter", "summer", "heating", "warm"} }

// Proofs lists what an answer "done" must carry.
func Proofs() []string { return []string{"photo", "act"} }

// Elsewhere is a neighbouring problem that does not belong here, and the topic where it belongs.
type Elsewhere struct {
	To     string `toml:"to" json:"to"` // code of the topic to choose instead
	Text   string `toml:"text" json:"text"`
	TextEN string `toml:"text_en" json:"text_en"`
}

// In gives the text in lang, Russian where there is no other.
func (e Elsewhere) In(lang string) string { return in(lang, e.Text, e.TextEN) }

// Topic is what all three levels have in common.
type Topic struct {
	Code       string      `toml:"code" json:"code"`
	Name       string      `toml:"name" json:"name"`
	NameEN     string      `toml:"name_en" json:"name_en"`
	Belongs    string      `toml:"belongs" json:"belongs,omitempty"` // what belongs here, in plain words
	BelongsEN  string      `toml:"belongs_en" json:"belongs_en,omitempty"`
	NotBelongs []Elsewhere `toml:"not_belongs" json:"not_belongs,omitempty"`
	// Words are how people call it: "яма", "не горит фонарь". A phrase counts
	// when all its words stand in the text; a leading "!" marks a phrase that decides.
	Words []string `toml:"words" json:"words,omitempty"`
	// WordsEN are how people call it in English, beside the English name and text.
	WordsEN []string `toml:"words_en" json:"words_en,omitempty"`
}

// In gives the topic's name in lang ("ru", "en").
func (t Topic) In(lang string) string { return in(lang, t.Name, t.NameEN) }

// BelongsIn gives the text "what belongs here" in lang.
func (t Topic) BelongsIn(lang string) string { return in(lang, t.Belongs, t.BelongsEN) }

func in(lang, ru, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return ru
}

// Fact is the third level: what happened, exact enough to be asked about, timed and routed.
type Fact struct {
	Topic
	Term       calendar.Term `toml:"-" json:"term"`
	FastTrack  bool          `toml:"fast_track" json:"fast_track,omitempty"` // answered in at most 10 days
	Danger     bool          `toml:"danger" json:"danger,omitempty"`         // somebody may be hurt: the form also says to call 112
	Place      Place         `toml:"place" json:"place"`
	Required   []string      `toml:"required" json:"required,omitempty"`       // see [Fields]
	AssetKinds []string      `toml:"asset_kinds" json:"asset_kinds,omitempty"` // whose owner answers, the nearest kind first; none: not a matter of ownership
	Proof      []string      `toml:"proof" json:"proof,omitempty"`             // what the answer "done" must carry
	Season     string        `toml:"season" json:"season,omitempty"`
	Retired    bool          `toml:"-" json:"-"` // kept for cases that name it; no longer offered
	Version    int64         `toml:"-" json:"-"` // version of the rubricator that these words stand in
}

// Owned tells whether the fact is answered by the owner of an asset.
func (f *Fact) Owned() bool { return len(f.AssetKinds) > 0 }

// Requires tells whether the form must ask for the field.
func (f *Fact) Requires(field string) bool { return slices.Contains(f.Required, field) }

// CategoryCode is the first level of the fact's code.
func (f *Fact) CategoryCode() string { return CategoryOf(f.Code) }

// SubcategoryCode is the first two levels of the fact's code.
func (f *Fact) SubcategoryCode() string { return Parent(f.Code) }

// Subcategory is the second level.
type Subcategory struct {
	Topic
	Facts []Fact `toml:"-" json:"facts"`
}

// Category is the first level.
type Category struct {
	Topic
	Order         int           `toml:"order" json:"order"`
	Rare          bool          `toml:"rare" json:"rare,omitempty"` // few reports are about it: the suggestion needs more evidence
	Subcategories []Subcategory `toml:"-" json:"subcategories"`
}

// Rubricator is one published version of the three levels, in memory and never changed.
type Rubricator struct {
	Version    int64 // 0: the embedded one, not published
	Categories []Category

	facts   []*Fact          // offered facts, in order
	byCode  map[string]*Fact // retired ones too
	topics  map[string]*Topic
	suggest func() *classifier // of Russian words; made at the first call
	english func() *classifier
	search  func() *searchIndex
}

// Warm makes what suggestion and search need, so that the first person doesn't wait for it.
func (r *Rubricator) Warm() {
	r.suggest()
	r.english()
	r.search()
}

// Parent is the code one level up; "" above a category.
func Parent(code string) string {
	i := strings.LastIndexByte(code, '.')
	if i < 0 {
		return ""
	}
	return code[:i]
}

// CategoryOf is the first level of a code.
func CategoryOf(code string) string {
	category, _, _ := strings.Cut(code, ".")
	return category
}

// Within tells whether code is topic or stands below it; everything is within "".
func Within(code, topic string) bool {
	return topic == "" || code == topic || strings.HasPrefix(code, topic) && code[len(topic)] == '.'
}

// Fact finds a fact by its code, a retired one too.
func (r *Rubricator) Fact(code string) (*Fact, bool) {
	f, ok := r.byCode[code]
	return f, ok
}

// Facts lists the facts that are offered, in the rubricator's order. Not to be changed.
func (r *Rubricator) Facts() []*Fact { return r.facts }

// Topic finds a category, subcategory or fact by its code.
func (r *Rubricator) Topic(code string) (*Topic, bool) {
	t, ok := r.topics[code]
	return t, ok
}

// Path gives names of a code's levels in lang, from the category down. Unknown levels are left out.
func (r *Rubricator) Path(code, lang string) []string {
	var names []string
	for c := code; c != ""; c = Parent(c) {
		if t, ok := r.topics[c]; ok {
			names = append(names, t.In(lang))
		}
	}
	slices.Reverse(names)
	return names
}

// Category finds a category by its code.
func (r *Rubricator) Category(code string) (*Category, bool) {
	i := slices.IndexFunc(r.Categories, func(c Category) bool { return c.Code == code })
	if i < 0 {
		return nil, false
	}
	return &r.Categories[i], true
}

// Subcategory finds a subcategory by its code.
func (r *Rubricator) Subcategory(code string) (*Subcategory, bool) {
	c, ok := r.Category(CategoryOf(code))
	if !ok {
		return nil, false
	}
	i := slices.IndexFunc(c.Subcategories, func(s Subcategory) bool { return s.Code == code })
	if i < 0 {
		return nil, false
	}
	return &c.Subcategories[i], true
}
