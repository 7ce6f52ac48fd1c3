package directory

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// OfficerRoles are the roles that an office may hold, in the order of pages.
func OfficerRoles() []policy.Role {
	return []policy.Role{policy.Moderator, policy.Coordinator, policy.Handler, policy.Approver, policy.Supervisor, policy.OrgAdmin, policy.RegionAdmin}
}

const maxTitle = 120

// Office is what an administrator sets of an officer.
type Office struct {
	Roles       []policy.Role
	Title       string
	TitleEN     string
	AbsentUntil time.Time // zero: at work
}

// check cleans the office and refuses what none may be, or what this actor may not grant.
func (o *Office) check(a policy.Actor, now time.Time, old Officer) error {
	had := old.Roles
	var bad []errs.Field
	o.Roles = slices.Clone(o.Roles) // the caller's list stays as it is
	slices.Sort(o.Roles)
	o.Roles = slices.Compact(o.Roles)
	if len(o.Roles) == 0 {
		bad = append(bad, errs.Field{Name: "roles", Rule: "required"})
	}
	for _, r := range o.Roles {
		if !slices.Contains(OfficerRoles(), r) {
			bad = append(bad, errs.Field{Name: "roles", Rule: "unknown"})
			break
		}
	}
	o.Title, o.TitleEN = strings.Join(strings.Fields(o.Title), " "), strings.Join(strings.Fields(o.TitleEN), " ")
	if o.Title == "" {
		bad = append(bad, errs.Field{Name: "title", Rule: "required"})
	}
	for _, f := range [][2]string{{"title", o.Title}, {"title_en", o.TitleEN}} {
		if utf8.RuneCountInString(f[1]) > maxTitle {
			bad = append(bad, errs.Field{Name: f[0], Rule: "too_long", Args: map[string]any{"Max": maxTitle}})
		}
	}
	if !o.AbsentUntil.IsZero() && !o.AbsentUntil.After(now) && !o.AbsentUntil.Equal(old.AbsentUntil) { // what stands may be sent back
		bad = append(bad, errs.Field{Name: "absent_until", Rule: "in_past"})
	}
	if err := errs.InvalidFields(bad...); err != nil {
		return err
	}
	region := slices.Contains(o.Roles, policy.RegionAdmin) != slices.Contains(had, policy.RegionAdmin)
	if region && !a.Has(policy.RegionAdmin, policy.System) {
		return errs.New(errs.Forbidden, "directory.region_admin_only")
	}
	return nil
}

// AddOfficer gives a person an office. A person who holds one there already is
// a conflict.
func (s *Service) AddOfficer(ctx context.Context, a policy.Actor, org, person id.ID, in Office) error {
	return s.addOfficer(ctx, a, org, person, in, "")
}

// addOfficer is AddOfficer with an idempotency key ("": none): the same call
// again with the same key changes nothing and is no error.
func (s *Service) addOfficer(ctx context.Context, a policy.Actor, org, person id.ID, in Office, key string) error {
	o, err := s.manage(ctx, a, org)
	if err != nil {
		return err
	}
	print := sha256.Sum256([]byte(org.String() + person.String()))
	if key != "" {
		if _, found, err := db.Made(ctx, s.db, a.Person, "directory.add_officer", key, print[:]); err != nil || found {
			return err
		}
	}
	if err := in.check(a, s.clock.Now(), Officer{}); err != nil {
		return err
	}
	if err := grants(a, person, nil, in.Roles); err != nil {
		return err
	}
	names, err := s.people.Names(ctx, []id.ID{person})
	if err != nil {
		return err
	}
	if _, ok := names[person]; !ok {
		return errs.InvalidFields(errs.Field{Name: "person", Rule: "unknown"})
	}
	made := Officer{Organisation: org, Person: person, Version: 1, Roles: in.Roles, Title: in.Title, TitleEN: in.TitleEN,
		Since: s.clock.Now(), AbsentUntil: in.AbsentUntil}
	fact := s.fact(a, FactOfficerAdded, org, o.Version, "", OfficerChange{Person: person.String(), After: made.code()})
	err = db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		insertOfficer(tx, made)
		if key != "" {
			tx.Once(a.Person, "directory.add_officer", key, print[:], person)
		}
		tx.Fact(fact)
		return nil
	})
	if _, twice := db.Unique(err); twice {
		if key != "" { // the same call at the same time has made it
			if _, found, err := db.Made(ctx, s.db, a.Person, "directory.add_officer", key, print[:]); err != nil || found {
				return err
			}
		}
		return errs.New(errs.Conflict, "directory.officer_exists")
	}
	return err
}

// AddOfficerByLogin is [Service.AddOfficer] for whoever has the login, with an
// idempotency key ("": none): the same call again with the same key changes
// nothing and is no error.
func (s *Service) AddOfficerByLogin(ctx context.Context, a policy.Actor, org id.ID, login string, in Office, key string) (id.ID, error) {
	if _, err := s.manage(ctx, a, org); err != nil {
		return id.Nil, err
	}
	person, err := s.people.FindByLogin(ctx, a, login)
	if errs.Is(err, errs.NotFound) {
		return id.Nil, errs.InvalidFields(errs.Field{Name: "login", Rule: "unknown", Key: "directory.rule_login_unknown"})
	}
	if err != nil {
		return id.Nil, err
	}
	return person, s.addOfficer(ctx, a, org, person, in, key)
}

// ChangeOfficer sets roles, title and absence. version is the one that was
// shown. Nobody gives roles to themselves, and the last administrator stays one:
// a conflict. The open cases of who is a handler no more become free after it, by
// whoever consumes the fact.
func (s *Service) ChangeOfficer(ctx context.Context, a policy.Actor, org, person id.ID, version int64, in Office) error {
	o, err := s.manage(ctx, a, org)
	if err != nil {
		return err
	}
	old, err := officer(ctx, s.db, org, person)
	if err != nil {
		return err
	}
	if old.Version != version {
		return errs.New(errs.Stale, "")
	}
	if err := in.check(a, s.clock.Now(), old); err != nil {
		return err
	}
	if err := grants(a, person, old.Roles, in.Roles); err != nil {
		return err
	}
	ending := admins(a, o, old.Roles, in.Roles)
	if err := s.stay(ctx, org, person, ending); err != nil {
		return err
	}
	fresh := old
	fresh.Roles, fresh.Title, fresh.TitleEN, fresh.AbsentUntil = in.Roles, in.Title, in.TitleEN, in.AbsentUntil
	change := OfficerChange{Person: person.String(), Before: old.code(), After: fresh.code()}
	if change.Stopped() {
		if change.Cases, err = s.held(ctx, org, person); err != nil {
			return err
		}
	}
	fact := s.fact(a, FactOfficerChanged, org, o.Version, "", change)
	return db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		guard(tx, org, person, ending)
		updateOfficer(tx, fresh)
		tx.Fact(fact)
		return nil
	})
}

// held counts the open cases of an officer.
func (s *Service) held(ctx context.Context, org, person id.ID) (int, error) {
	if s.cases == nil {
		return 0, nil
	}
	return s.cases.Held(ctx, org, person)
}

// RemoveOfficer ends an office. The person's past in cases stays; the open ones
// that they have become free after it, by whoever consumes the fact.
func (s *Service) RemoveOfficer(ctx context.Context, a policy.Actor, org, person id.ID, version int64) error {
	o, err := s.manage(ctx, a, org)
	if err != nil {
		return err
	}
	old, err := officer(ctx, s.db, org, person)
	switch {
	case err != nil:
		return err
	case old.Version != version:
		return errs.New(errs.Stale, "")
	case slices.Contains(old.Roles, policy.RegionAdmin) && !a.Has(policy.RegionAdmin, policy.System):
		return errs.New(errs.Forbidden, "directory.region_admin_only")
	case person == a.Person:
		return errs.New(errs.Conflict, "directory.not_oneself")
	}
	ending := admins(a, o, old.Roles, nil)
	if err := s.stay(ctx, org, person, ending); err != nil {
		return err
	}
	held, err := s.held(ctx, org, person)
	if err != nil {
		return err
	}
	fact := s.fact(a, FactOfficerRemoved, org, o.Version, "", OfficerChange{Person: person.String(), Before: old.code(), Cases: held})
	return db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		guard(tx, org, person, ending)
		deleteOfficer(tx, old)
		tx.Fact(fact)
		return nil
	})
}

func (s *Service) manage(ctx context.Context, a policy.Actor, org id.ID) (Organisation, error) {
	if _, err := policy.Check(a, policy.DirectoryManage, policy.Object{Organisation: org}); err != nil {
		return Organisation{}, err
	}
	return s.Organisation(ctx, org)
}

func (o Officer) code() *OfficeCode {
	return &OfficeCode{Roles: rolesText(o.Roles), AbsentUntil: clock.Milli(o.AbsentUntil)}
}

// Named is an officer with the person's display name.
type Named struct {
	Officer
	Name string
}

// Officers reads a page of an organisation's officers, n at most, after a
// person (Nil: from the start); more tells whether there are others.
func (s *Service) Officers(ctx context.Context, a policy.Actor, org, after id.ID, n int) (page []Named, more bool, err error) {
	if _, err := policy.Check(a, policy.DirectoryOfficers, policy.Object{Organisation: org}); err != nil {
		return nil, false, err
	}
	list, err := officersOf(ctx, s.db, org, after, n+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > n; more {
		list = list[:n]
	}
	page, err = s.named(ctx, list)
	return page, more, err
}

// Officer reads one office; not_found where there is none.
func (s *Service) Officer(ctx context.Context, a policy.Actor, org, person id.ID) (Named, error) {
	if _, err := policy.Check(a, policy.DirectoryOfficers, policy.Object{Organisation: org}); err != nil {
		return Named{}, err
	}
	o, err := officer(ctx, s.db, org, person)
	if err != nil {
		return Named{}, err
	}
	list, err := s.named(ctx, []Officer{o})
	if err != nil {
		return Named{}, err
	}
	return list[0], nil
}

func (s *Service) named(ctx context.Context, list []Officer) ([]Named, error) {
	ids := make([]id.ID, len(list))
	for i, o := range list {
		ids[i] = o.Person
	}
	names, err := s.people.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Named, len(list))
	for i, o := range list {
		out[i] = Named{o, names[o.Person]}
	}
	return out, nil
}

// maxChoices is how many officers a list of choices shows.
const maxChoices = 500

// OfficersWith lists officers of an organisation who hold the role, at work
// first, for choosing one. It asks no policy: callers decide who chooses.
func (s *Service) OfficersWith(ctx context.Context, org id.ID, role policy.Role) ([]Named, error) {
	all, err := officersOf(ctx, s.db, org, id.Nil, maxChoices)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(o Officer) bool { return !slices.Contains(o.Roles, role) })
	out, err := s.named(ctx, all)
	now := s.clock.Now()
	slices.SortStableFunc(out, func(x, y Named) int {
		if ax, ay := x.Absent(now), y.Absent(now); ax != ay {
			if ax {
				return 1
			}
			return -1
		}
		return strings.Compare(x.Name, y.Name)
	})
	return out, err
}

// Holds tells whether a person holds one of the roles in the organisation now;
// casework asks before it assigns a case.
func (s *Service) Holds(ctx context.Context, q db.Querier, org, person id.ID, roles ...policy.Role) (bool, error) {
	o, err := officer(ctx, q, org, person)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && slices.ContainsFunc(roles, func(r policy.Role) bool { return slices.Contains(o.Roles, r) }), err
}

// Staff is everybody who holds an office in the organisations, for telling
// them something. It asks no policy.
func (s *Service) Staff(ctx context.Context, orgs []id.ID) ([]Officer, error) {
	return staffOf(ctx, s.db, orgs)
}

// Workplace is one of a person's offices with its organisation.
type Workplace struct {
	Officer
	At Organisation
}

// Workplaces lists where a person holds an office in an active organisation:
// the workspaces to choose from.
func (s *Service) Workplaces(ctx context.Context, person id.ID) ([]Workplace, error) {
	if person == id.Nil {
		return nil, nil
	}
	list, err := officesOf(ctx, s.db, person)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	t, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var out []Workplace
	for _, o := range list {
		if org, ok := t.Get(o.Organisation); ok && org.Active {
			out = append(out, Workplace{o, org})
		}
	}
	return out, nil
}
