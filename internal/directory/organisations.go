package directory

import (
	"context"
	"slices"
	"strings"

	"okno/internal/calendar"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// AddOrganisation adds an organisation and returns it with its id.
func (s *Service) AddOrganisation(ctx context.Context, a policy.Actor, o Organisation) (Organisation, error) {
	return s.addOrganisation(ctx, a, o, "")
}

// addOrganisation is AddOrganisation with an idempotency key ("": none): the
// same call again with the same key returns the organisation that the first
// one made, as it is now.
func (s *Service) addOrganisation(ctx context.Context, a policy.Actor, o Organisation, key string) (Organisation, error) {
	if err := policy.Allow(a, policy.DirectoryOrganisation); err != nil {
		return o, err
	}
	t, err := s.current(ctx)
	if err != nil {
		return o, err
	}
	o.clean()
	again := once{operation: "directory.add_organisation", key: key}
	if again.print, err = fingerprint(snapshot(o)); err != nil {
		return o, err
	}
	if made, found, err := again.made(ctx, s.db, a); err != nil || found {
		o, _ = t.Get(made)
		return o, err
	}
	o.ID, o.Version, o.MadeAt, o.Active = s.db.NewID(), 1, s.clock.Now(), true
	if err := s.fits(t, Organisation{}, o); err != nil {
		return o, err
	}
	again.id = o.ID
	err = s.writeOnce(ctx, a, t, []change{{after: o}}, again)
	if err != nil { // the same call at the same time may have made it
		if made, found, _ := again.made(ctx, s.db, a); found {
			return s.Organisation(ctx, made)
		}
	}
	return o, err
}

// ChangeOrganisation replaces everything of an organisation but its id and
// code. o.Version is the one that was shown; another change in between is stale.
func (s *Service) ChangeOrganisation(ctx context.Context, a policy.Actor, o Organisation) error {
	if err := policy.Allow(a, policy.DirectoryOrganisation); err != nil {
		return err
	}
	t, err := s.current(ctx)
	if err != nil {
		return err
	}
	old, ok := t.Get(o.ID)
	switch {
	case !ok:
		return errs.New(errs.NotFound, "")
	case old.Version != o.Version:
		return errs.New(errs.Stale, "")
	}
	o.clean()
	o.Code, o.MadeAt = old.Code, old.MadeAt
	if o.ID == a.Organisation && !o.Active { // nobody could open it again from there
		return errs.New(errs.Conflict, "directory.not_own")
	}
	if err := s.fits(t, old, o); err != nil {
		return err
	}
	if same(old, o) {
		return nil
	}
	return s.write(ctx, a, t, []change{{old, o}})
}

// fits tells everything that keeps o (old before; zero: a new one) out of the
// tree, as one error with fields.
func (s *Service) fits(t *Tree, old, o Organisation) error {
	var bad []errs.Field
	if _, ok := t.Get(o.Parent); !ok && o.Parent != id.Nil {
		bad = append(bad, errs.Field{Name: "parent", Rule: "unknown"})
	} else if old.ID != id.Nil && o.Parent != id.Nil && t.Within(o.Parent, old.ID) {
		bad = append(bad, errs.Field{Name: "parent", Rule: "circle", Key: "directory.rule_circle"})
	}
	if _, taken := t.ByCode(o.Code); taken && old.ID == id.Nil {
		bad = append(bad, errs.Field{Name: "code", Rule: "taken", Key: "directory.rule_code_taken"})
	}
	return together(o.check(), errs.InvalidFields(bad...), s.covers(old, o, "directory.rule_territory"))
}

// covers refuses territories of o that the register doesn't have; what old had
// already stays, for a register may lose a territory. key is the sentence.
func (s *Service) covers(old, o Organisation, key string) error {
	var strange []string
	for _, code := range o.Territories {
		if s.territories != nil && !slices.Contains(old.Territories, code) && !s.territories.Known(code) {
			strange = append(strange, code)
		}
	}
	if len(strange) == 0 {
		return nil
	}
	return errs.InvalidFields(errs.Field{Name: "territories", Rule: "unknown", Key: key, Args: map[string]any{"Codes": strings.Join(strange, ", ")}})
}

// ChangeHours sets an organisation's zone and working week.
func (s *Service) ChangeHours(ctx context.Context, a policy.Actor, org id.ID, version int64, h calendar.Hours) error {
	if _, err := policy.Check(a, policy.DirectoryHours, policy.Object{Organisation: org}); err != nil {
		return err
	}
	t, err := s.current(ctx)
	if err != nil {
		return err
	}
	old, ok := t.Get(org)
	switch {
	case !ok:
		return errs.New(errs.NotFound, "")
	case old.Version != version:
		return errs.New(errs.Stale, "")
	}
	o := old
	o.Hours = h
	if same(old, o) {
		return nil
	}
	return s.write(ctx, a, t, []change{{old, o}})
}

// change is one organisation before (zero: new) and after.
type change struct{ before, after Organisation }

// write stores changes of the tree that started from t, all or none.
func (s *Service) write(ctx context.Context, a policy.Actor, t *Tree, changes []change) error {
	return s.writeOnce(ctx, a, t, changes, once{})
}

func (s *Service) writeOnce(ctx context.Context, a policy.Actor, t *Tree, changes []change, again once) error {
	facts := make([]db.Fact, len(changes))
	for i, c := range changes {
		kind, body := FactOrganisationAdded, Change{After: snapshot(c.after)}
		version := int64(1)
		if c.before.ID != id.Nil {
			kind, body.Before, version = FactOrganisationChanged, snapshot(c.before), c.before.Version+1
		}
		facts[i] = s.fact(a, kind, c.after.ID, version, "", body)
	}
	err := db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		touchTree(tx, t.version)
		for i, c := range changes {
			var err error
			if c.before.ID == id.Nil {
				err = insertOrganisation(tx, c.after)
			} else {
				err = updateOrganisation(tx, c.before, c.after)
			}
			if err != nil {
				return err
			}
			tx.Fact(facts[i])
		}
		again.keep(tx, a)
		return nil
	})
	s.forget()
	if table, twice := db.Unique(err); twice && table == "directory_code" {
		return errs.InvalidFields(errs.Field{Name: "code", Rule: "taken", Key: "directory.rule_code_taken"})
	}
	return err
}

// current is the tree as it is now, for a change.
func (s *Service) current(ctx context.Context) (*Tree, error) {
	st, err := readState(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return s.treeAt(ctx, st.tree)
}

func snapshot(o Organisation) *Snapshot {
	hours, err := o.hoursText()
	if err != nil {
		hours = "" // hours that were checked always encode
	}
	parent := ""
	if o.Parent != id.Nil {
		parent = o.Parent.String()
	}
	return &Snapshot{Code: o.Code, Parent: parent, Kind: o.Kind, Name: o.Name, NameEN: o.NameEN, Short: o.ShortName,
		ShortEN: o.ShortNameEN, Hours: hours, Territories: o.Territories, Oversees: o.Oversees, Active: o.Active}
}

// same tells whether a and b differ in nothing that is stored.
func same(a, b Organisation) bool {
	x, y := snapshot(a), snapshot(b)
	xt, yt := x.Territories, y.Territories
	x.Territories, y.Territories = nil, nil
	return slices.Equal(xt, yt) && x.Hours == y.Hours && x.Name == y.Name && x.NameEN == y.NameEN && x.Short == y.Short &&
		x.ShortEN == y.ShortEN && x.Kind == y.Kind && x.Parent == y.Parent && x.Oversees == y.Oversees && x.Active == y.Active
}

// OrganisationNames gives short names for pages, in one call. Whom it doesn't
// find is missing from the result.
func (s *Service) OrganisationNames(ctx context.Context, lang string, ids []id.ID) (map[id.ID]string, error) {
	t, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]string, len(ids))
	for _, org := range ids {
		if o, ok := t.Get(org); ok {
			out[org] = o.ShortIn(lang)
		}
	}
	return out, nil
}
