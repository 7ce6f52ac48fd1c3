// Package story builds people, offices and officers for tests, through use
// cases and never by rows, so that a test reads as what happened:
//
//	story.Each(t, func(s *story.Story) {
//		s.Office("reg", "")
//		s.Office("reg.roads", "reg")
//		anna := s.Citizen("anna")
//		boris := s.Officer("boris", "reg.roads", policy.Handler)
//		…
//	})
//
// Any failure ends the test. The clock stands until the story moves it; ids
// are the machine's. Passwords are hashed cheaply.
package story

import (
	"context"
	"io/fs"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
	"okno/internal/policy"
	"okno/internal/privacy"
)

// Start is when stories begin: Monday, 2 March 2026, noon in Moscow.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Password is everybody's.
const Password = "Berezka-49-tri"

// Operator is the command line.
var Operator = policy.Machine("operator:test")

// Story is an installation and the people in it.
type Story struct {
	T     testing.TB
	Ctx   context.Context
	DB    *db.DB
	Clock *clock.Fixed
	Vault *vault.Vault

	Identity  *identity.Service
	Directory *directory.Service
	Privacy   *privacy.Service

	Territories Territories // which lie below which; fill before officers act
	people      map[string]id.ID
	offices     map[string]directory.Organisation
}

// Territories is a tree of territories by code: what lies below each.
type Territories map[string][]string

// Known implements [directory.Territories]: a story may name any.
func (t Territories) Known(string) bool { return true }

// Below implements [directory.Territories].
func (t Territories) Below(code string) []string {
	var out []string
	for _, c := range t[code] {
		out = append(append(out, c), t.Below(c)...)
	}
	return out
}

// Migrations are those of every module that a story uses.
func Migrations() []fs.FS {
	return []fs.FS{vault.Migrations, identity.Migrations, directory.Migrations, privacy.Migrations}
}

// Each tells the story on SQLite and on PostgreSQL, each time from the
// beginning; more are migrations of further modules.
func Each(t *testing.T, tell func(s *Story), more ...fs.FS) {
	t.Helper()
	c := clock.At(Start)
	dbtest.EachWith(t, db.Config{Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(Start)
		tell(New(t, d, c))
	}, append(Migrations(), more...)...)
}

// New begins a story on a fresh database that was opened with the clock and
// has [Migrations].
func New(t testing.TB, d *db.DB, c *clock.Fixed) *Story {
	t.Helper()
	dir := t.TempDir()
	keys, err := vault.OpenKeys(filepath.Join(dir, "keys.json"), true)
	if err != nil {
		t.Fatal(err)
	}
	s := &Story{T: t, Ctx: t.Context(), DB: d, Clock: c, Vault: vault.Open(d, keys, privacy.NewErasureList(filepath.Join(dir, "erasures"))),
		Territories: Territories{}, people: map[string]id.ID{}, offices: map[string]directory.Organisation{}}
	s.Identity = identity.New(identity.Config{DB: d, Clock: c, Vault: s.Vault, Hashing: identity.Hashing{Memory: 64, Passes: 1},
		LoginTries: 10_000, AddressTries: 100_000, Registrations: 100_000})
	s.Directory = directory.New(directory.Config{DB: d, Clock: c, People: s.Identity, Territories: s.Territories})
	s.Identity.Bind(s.Directory)
	s.Privacy = privacy.New(d, c, s.Vault)
	return s
}

// Must ends the test with err.
func (s *Story) Must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

// Refused demands that err has the code.
func (s *Story) Refused(err error, code errs.Code) {
	s.T.Helper()
	if !errs.Is(err, code) {
		s.T.Errorf("error %v, want %s", err, code)
	}
}

// Wait moves the clock on.
func (s *Story) Wait(d time.Duration) { s.Clock.Advance(d) }

// Person is the id of the person with the login, who registers when first named.
func (s *Story) Person(login string) id.ID {
	s.T.Helper()
	if p, ok := s.people[login]; ok {
		return p
	}
	p, err := s.Identity.Register(s.Ctx, policy.Nobody("ru"), identity.Registration{
		Login: login, Name: "Имя " + login, Password: Password, Address: netip.MustParseAddr("192.0.2.1")})
	s.Must(err)
	s.people[login] = p
	return p
}

// Session signs a person in and gives the session's token.
func (s *Story) Session(login string) string {
	s.T.Helper()
	s.Person(login)
	o, err := s.Identity.SignIn(s.Ctx, policy.Nobody("ru"), identity.SignIn{Login: login, Password: Password, Address: netip.MustParseAddr("192.0.2.1")})
	s.Must(err)
	return o.Token
}

// Citizen is a signed-in person acting for themselves.
func (s *Story) Citizen(login string) policy.Actor {
	s.T.Helper()
	r, err := s.Identity.Resolve(s.Ctx, s.Session(login))
	s.Must(err)
	return r.Actor
}

// Bearer is an API token of a person, acting for the organisation with the
// code or, where that is empty, for themselves.
func (s *Story) Bearer(login, office string, readOnly bool) string {
	s.T.Helper()
	_, text, err := s.Identity.MakeToken(s.Ctx, s.Citizen(login), identity.NewToken{Name: "story", Organisation: office, ReadOnly: readOnly})
	s.Must(err)
	return text
}

// Office adds an organisation below the one with the code parent ("": a root)
// that answers for the territories. One that the story knows is given as it is.
func (s *Story) Office(code, parent string, territories ...string) directory.Organisation {
	s.T.Helper()
	if o, ok := s.offices[code]; ok {
		return o
	}
	in := directory.Organisation{Code: code, Kind: directory.Government, Name: "Орган " + code, ShortName: code, NameEN: "Body " + code, Territories: territories}
	if parent != "" {
		in.Parent = s.office(parent).ID
	} else {
		in.Kind = directory.Region
	}
	o, err := s.Directory.AddOrganisation(s.Ctx, Operator, in)
	s.Must(err)
	s.offices[code] = o
	return o
}

// Overseer adds an organisation that reads by territory what others hold.
func (s *Story) Overseer(code, parent string, territories ...string) directory.Organisation {
	s.T.Helper()
	o := s.Office(code, parent, territories...)
	o.Oversees = true
	s.Must(s.Directory.ChangeOrganisation(s.Ctx, Operator, o))
	o.Version++
	s.offices[code] = o
	return o
}

func (s *Story) office(code string) directory.Organisation {
	s.T.Helper()
	o, ok := s.offices[code]
	if !ok {
		s.T.Fatalf("the story has no office %q", code)
	}
	return o
}

// Officer is a signed-in person acting for the organisation with the code, in
// the roles. A person who already holds an office there gets exactly these.
func (s *Story) Officer(login, code string, roles ...policy.Role) policy.Actor {
	s.T.Helper()
	org, person := s.office(code).ID, s.Person(login)
	office := directory.Office{Roles: roles, Title: "инженер", TitleEN: "engineer"}
	old, err := s.Directory.Officer(s.Ctx, Operator, org, person)
	switch {
	case errs.Is(err, errs.NotFound):
		s.Must(s.Directory.AddOfficer(s.Ctx, Operator, org, person, office))
	case err != nil:
		s.T.Fatal(err)
	default:
		s.Must(s.Directory.ChangeOfficer(s.Ctx, Operator, org, person, old.Version, office))
	}
	return s.At(login, code)
}

// At is a person acting for an organisation where they hold an office.
func (s *Story) At(login, code string) policy.Actor {
	s.T.Helper()
	a, err := s.Directory.Acting(s.Ctx, s.Citizen(login), code)
	s.Must(err)
	return a
}
