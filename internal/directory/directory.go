package directory

import (
	"context"
	"embed"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this module.
var Migrations, _ = fs.Sub(migrations, "migrations") // can't fail: the path is constant and embedded

// Kind of an organisation.
type Kind string

// The closed list of kinds.
const (
	Region      Kind = "region"      // a root that holds others together
	Government  Kind = "government"  // regional executive body
	Federal     Kind = "federal"     // territorial body of a federal authority
	Municipal   Kind = "municipal"   // administration of a municipality
	Settlement  Kind = "settlement"  // administration of a settlement
	Institution Kind = "institution" // subordinate institution or enterprise
	Utility     Kind = "utility"     // water, heat, power, gas, waste
	Managing    Kind = "managing"    // manages apartment houses
)

// Kinds lists the closed set in the order in which pages show it.
func Kinds() []Kind {
	return []Kind{Region, Government, Federal, Municipal, Settlement, Institution, Utility, Managing}
}

// Organisation is an authority or another body that answers.
type Organisation struct {
	ID          id.ID
	Version     int64
	Parent      id.ID // Nil: a root
	Code        string
	Kind        Kind
	Name        string // «Комитет по дорожному хозяйству …»
	NameEN      string
	ShortName   string // «Комитет по дорогам»: lists and narrow columns
	ShortNameEN string
	Hours       calendar.Hours // zone and working week; terms are counted by it
	Territories []string       // codes of territories it answers for, sorted
	Oversees    bool           // its coordinators and supervisors read by these territories what others hold
	Active      bool           // false: closed, keeps its past, takes nothing new
	MadeAt      time.Time
}

// Zone is the IANA zone in which the organisation's terms are counted.
func (o Organisation) Zone() string { return o.Hours.Zone() }

// In gives the name in a language; English falls back to Russian.
func (o Organisation) In(lang string) string { return pick(lang, o.Name, o.NameEN) }

// ShortIn gives the short name in a language, else the whole one.
func (o Organisation) ShortIn(lang string) string {
	if o.ShortName == "" {
		return o.In(lang)
	}
	return pick(lang, o.ShortName, o.ShortNameEN)
}

func pick(lang, ru, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return ru
}

const (
	maxName        = 250
	maxShort       = 60
	maxTerritories = 200
)

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9]*([._-][a-z0-9]+)*$`)

// check refuses what no organisation may be.
func (o Organisation) check() error {
	var bad []errs.Field
	add := func(ok bool, name, rule string, args map[string]any) {
		if !ok {
			bad = append(bad, errs.Field{Name: name, Rule: rule, Args: args})
		}
	}
	text := func(name, v string, max int, required bool) {
		add(!required || v != "", name, "required", nil)
		add(utf8.RuneCountInString(v) <= max, name, "too_long", map[string]any{"Max": max})
	}
	text("name", o.Name, maxName, true)
	text("name_en", o.NameEN, maxName, false)
	text("short_name", o.ShortName, maxShort, false)
	text("short_name_en", o.ShortNameEN, maxShort, false)
	if !codeForm.MatchString(o.Code) || len(o.Code) > 64 {
		bad = append(bad, errs.Field{Name: "code", Rule: "code", Key: "directory.rule_code"})
	}
	add(slices.Contains(Kinds(), o.Kind), "kind", "unknown", nil)
	add(len(o.Territories) <= maxTerritories, "territories", "too_many", map[string]any{"Max": maxTerritories})
	return errs.InvalidFields(bad...)
}

// clean trims texts and sorts territories, so that equal things compare equal.
func (o *Organisation) clean() {
	for _, p := range []*string{&o.Name, &o.NameEN, &o.ShortName, &o.ShortNameEN, &o.Code} {
		*p = strings.Join(strings.Fields(*p), " ")
	}
	var t []string
	for _, code := range o.Territories {
		if code = strings.TrimSpace(code); code != "" {
			t = append(t, code)
		}
	}
	slices.Sort(t)
	o.Territories = slices.Compact(t)
}

// Territories tells which territories lie below one; places is bound to it.
type Territories interface {
	// Below lists the codes below code, without code itself; none where code is unknown.
	Below(code string) []string
	// Known tells whether there is a territory with the code.
	Known(code string) bool
}

// People finds and names persons; identity is bound to it.
type People interface {
	FindByLogin(ctx context.Context, a policy.Actor, login string) (id.ID, error)
	Names(ctx context.Context, ids []id.ID) (map[id.ID]string, error)
}

// Cases tells what officers have to do; casework is bound to it.
type Cases interface {
	// Held counts the open cases that an officer has in an organisation.
	Held(ctx context.Context, org, person id.ID) (int, error)
}

// Config is what the module needs.
type Config struct {
	DB          *db.DB
	Clock       clock.Clock // nil: the machine's
	People      People
	Territories Territories // nil: any code is one, with nothing below it
	Cases       Cases       // nil: nobody has any
}

// Service is the module's use cases.
type Service struct {
	db          *db.DB
	clock       clock.Clock
	people      People
	territories Territories
	cases       Cases

	mu      sync.Mutex
	tree    *Tree
	checked time.Time // when the tree was last compared with directory_state

	settings settings
}

// New makes the module's service.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	return &Service{db: c.DB, clock: c.Clock, people: c.People, territories: c.Territories, cases: c.Cases, settings: settings{defs: map[string]Setting{}}}
}

// Bind sets what [Config] left open; called once, at start.
func (s *Service) Bind(p People, t Territories) { s.people, s.territories = p, t }

// fact fills what all facts of this module share.
func (s *Service) fact(a policy.Actor, kind string, subject id.ID, version int64, reason string, body any) db.Fact {
	f := db.Fact{Kind: kind, Subject: subject, Version: version, Person: a.Person, Organisation: a.Organisation,
		At: s.clock.Now(), Reason: reason, Body: body}
	switch {
	case a.Has(policy.System):
		f.Role = a.Name
	case a.Has(policy.RegionAdmin):
		f.Role = string(policy.RegionAdmin)
	case a.Has(policy.OrgAdmin):
		f.Role = string(policy.OrgAdmin)
	}
	return f
}
