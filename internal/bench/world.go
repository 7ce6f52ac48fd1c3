package bench

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"okno/internal/app"
	"okno/internal/directory"
	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// Seeding says how much to write. Zero values work.
type Seeding struct {
	Reports int64
	Largest int64         // reports of the largest authority; 0: a fifth
	Org     string        // its code; "": the first by code that is a government body
	Seed    uint64        // 0: 1
	Span    time.Duration // over which the reports are spread; 0: a year
	End     time.Time     // of the span; zero: now
	Clients int           // sessions of citizens who file; 0: 64
	Say     func(string)  // told what is being done; nil: nobody
	// Ground puts register, organisations, rubricator and competence into an
	// installation that has none; nil: it must have them.
	Ground func(ctx context.Context, a *app.App) error

	withPeople bool // people and officers are there already
}

const (
	readers       = 20 // citizens with long lists
	readerReports = 60 // of each: three pages
	perPerson     = 5  // reports of anybody else
)

// world is who and where. It is a function of the seed and of the installation.
type world struct {
	Seeding
	app     *app.App
	largest id.ID
	staff   map[id.ID]*staff
	orgs    []id.ID // with staff, in the order of their codes
	people  []id.ID // who report
	readers []id.ID
	clients []id.ID
	officer id.ID
	facts   []*taxonomy.Fact
	weights []float64 // of facts, summed up
	houses  []id.ID
}

// staff is who works in an organisation.
type staff struct {
	org                              id.ID
	moderator, coordinator, approver policy.Actor
	handlers                         []policy.Actor
}

func (s *Seeding) defaults() {
	if s.Largest == 0 {
		s.Largest = s.Reports / 5
	}
	if s.Seed == 0 {
		s.Seed = 1
	}
	if s.Span == 0 {
		s.Span = 365 * 24 * time.Hour
	}
	if s.Clients == 0 {
		s.Clients = 64
	}
	if s.Say == nil {
		s.Say = func(string) {}
	}
}

// rng is the chance of one thing: the same from the same seed.
func (w *world) rng(what string, n int64) *rand.Rand {
	h := w.Seed
	for _, b := range []byte(what) {
		h = h*1099511628211 + uint64(b)
	}
	return rand.New(rand.NewPCG(h, uint64(n)))
}

// idAt makes a UUIDv7 of a moment from chance.
func idAt(at time.Time, rng *rand.Rand) id.ID {
	var v id.ID
	binary.BigEndian.PutUint64(v[:8], uint64(at.UnixMilli())<<16|rng.Uint64()&0x0fff|0x7000)
	binary.BigEndian.PutUint64(v[8:], rng.Uint64()&(1<<62-1)|1<<63)
	return v
}

var operator = policy.Machine("operator:bench")

// newWorld reads what the installation has and makes people and offices.
func newWorld(ctx context.Context, a *app.App, s Seeding) (*world, error) {
	s.defaults()
	if s.End.IsZero() {
		s.End = a.Clock.Now()
	}
	w := &world{Seeding: s, app: a, staff: map[id.ID]*staff{}}
	x, err := a.Taxonomy.Current(ctx)
	if err != nil {
		return nil, fmt.Errorf("rubricator: %w", err)
	}
	total := 0.0
	for i, f := range x.Rubricator.Facts() {
		if f.Retired || len(f.Proof) > 0 || f.Requires(taxonomy.FieldPhoto) { // a draft takes no files
			continue
		}
		total += 1 / float64(i%40+1) // some facts are reported far more often than others
		w.facts, w.weights = append(w.facts, f), append(w.weights, total)
	}
	if _, err := a.Places.Refresh(ctx); err != nil {
		return nil, err
	}
	for _, h := range a.Places.Index().Addresses() {
		w.houses = append(w.houses, h.ID)
	}
	if len(w.facts) == 0 || len(w.houses) == 0 {
		return nil, errors.New("the installation has no rubricator or no houses")
	}
	t, err := a.Directory.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var orgs []directory.Organisation
	t.Walk(id.Nil, func(o directory.Organisation, _ int) bool {
		if o.Active && o.Kind != directory.Region {
			orgs = append(orgs, o)
		}
		return true
	})
	slices.SortFunc(orgs, func(a, b directory.Organisation) int { return cmpText(a.Code, b.Code) })
	for _, o := range orgs {
		if w.largest == id.Nil && (o.Code == s.Org || s.Org == "" && o.Kind == directory.Government) {
			w.largest = o.ID
		}
	}
	if w.largest == id.Nil {
		return nil, fmt.Errorf("there is no organisation %q to be the largest", s.Org)
	}
	if err := w.invent(ctx, orgs); err != nil {
		return nil, err
	}
	return w, nil
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// invent makes people with accounts and gives some of them offices.
func (w *world) invent(ctx context.Context, orgs []directory.Organisation) error {
	w.Say("people and offices")
	before := w.End.Add(-w.Span - 24*time.Hour)
	person := func(what string, n int64) id.ID { return idAt(before, w.rng(what, n)) }
	n := max(100, w.Reports/perPerson)
	accounts := make([]account, 0, int(n)+len(orgs)*8)
	add := func(v id.ID, name string) id.ID {
		accounts = append(accounts, account{v, name})
		return v
	}
	for i := range n {
		w.people = append(w.people, add(person("citizen", i), fmt.Sprintf("Мария Петрова %d", i+1)))
	}
	for i := range int64(readers) {
		w.readers = append(w.readers, add(person("reader", i), fmt.Sprintf("Иван Читалов %d", i+1)))
	}
	for i := range int64(w.Clients) {
		w.clients = append(w.clients, add(person("client", i), fmt.Sprintf("Анна Скорая %d", i+1)))
	}
	type office struct {
		org, person id.ID
		roles       []policy.Role
	}
	var offices []office
	for i, o := range orgs {
		s := &staff{org: o.ID}
		sit := func(what string, n int64, roles ...policy.Role) policy.Actor {
			p := add(person(what+o.Code, n), fmt.Sprintf("Олег Служащий %d.%d", i+1, len(offices)+1))
			offices = append(offices, office{o.ID, p, roles})
			return policy.Actor{Person: p, Organisation: o.ID, Roles: append([]policy.Role{policy.Citizen}, roles...), Subtree: []id.ID{o.ID}, Lang: "ru"}
		}
		s.moderator = sit("moderator", 0, policy.Moderator)
		s.coordinator = sit("coordinator", 0, policy.Coordinator)
		s.approver = sit("approver", 0, policy.Approver)
		hands := int64(3)
		if o.ID == w.largest {
			hands = 6
			w.officer = sit("officer", 0, policy.Moderator, policy.Coordinator, policy.Handler, policy.Approver).Person
		}
		for h := range hands {
			s.handlers = append(s.handlers, sit("handler", h, policy.Handler))
		}
		w.staff[o.ID] = s
		w.orgs = append(w.orgs, o.ID)
	}
	if w.withPeople {
		return nil
	}
	if err := w.writeAccounts(ctx, accounts); err != nil {
		return err
	}
	for _, o := range offices {
		err := w.app.Directory.AddOfficer(ctx, operator, o.org, o.person, directory.Office{Roles: o.roles, Title: "специалист", TitleEN: "specialist"})
		if err != nil && !errs.Is(err, errs.Conflict) {
			return fmt.Errorf("officer of %s: %w", o.org, err)
		}
	}
	return nil
}

// account is a person who can't sign in by password: load brings sessions.
type account struct {
	id   id.ID
	name string
}

func (w *world) writeAccounts(ctx context.Context, list []account) error {
	made := clock.Milli(w.End.Add(-w.Span))
	rows := &table{name: "identity_account", columns: []string{"id", "version", "state", "display_name", "lang", "zone", "look", "password",
		"password_at", "login", "email", "phone", "made_at"}}
	for _, a := range list {
		rows.add(a.id, int64(1), "active", a.name, "ru", "Europe/Moscow", "{}", "", made, []byte{}, []byte{}, []byte{}, made)
	}
	out, err := openSink(ctx, string(w.app.Config.Database), 1)
	if err != nil {
		return err
	}
	return errors.Join(out.write(ctx, 0, []*table{rows}), out.close(ctx))
}
