package identity

import (
	"context"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
	"okno/internal/policy"
)

// Get is the actor's own account with its contacts opened.
func (s *Service) Get(ctx context.Context, a policy.Actor) (Account, Contacts, error) {
	if _, err := policy.Check(a, policy.IdentityManageOwn, policy.Object{Owner: a.Person}); err != nil {
		return Account{}, Contacts{}, err
	}
	r, err := accountByID(ctx, s.db, a.Person)
	if err != nil {
		return Account{}, Contacts{}, err
	}
	c, err := s.contacts(ctx, r)
	return r.Account, c, err
}

// contacts opens the sealed fields of an account.
func (s *Service) contacts(ctx context.Context, r row) (c Contacts, err error) {
	seal, err := s.vault.Subject(ctx, r.ID)
	if err != nil {
		return c, err
	}
	if c.Login, err = openField(seal, r.ID, "login", r.login); err != nil {
		return c, err
	}
	if c.Email, err = openField(seal, r.ID, "email", r.email); err != nil {
		return c, err
	}
	c.EmailConfirmed, c.PhoneConfirmed = !r.emailAt.IsZero(), !r.phoneAt.IsZero()
	c.Phone, err = openField(seal, r.ID, "phone", r.phone)
	return c, err
}

// Profile is what a person may change of the account. Version is the one that
// was shown: another change in between is stale.
type Profile struct {
	Version int64
	Name    string
	Lang    string
	Zone    string
	Email   string // "": none
	Phone   string // "": none
}

// ChangeProfile changes name, language, zone and contacts.
func (s *Service) ChangeProfile(ctx context.Context, a policy.Actor, in Profile) error {
	r, old, err := s.own(ctx, a, in.Version)
	if err != nil {
		return err
	}
	was := r.Account
	r.DisplayName, r.Lang, r.Zone = cleanName(in.Name), in.Lang, in.Zone
	var bad []errs.Field
	add := func(f errs.Field, ok bool) {
		if !ok {
			bad = append(bad, f)
		}
	}
	add(checkName(r.DisplayName))
	add(errs.Field{Name: "lang", Rule: "unknown"}, i18n.Known(r.Lang))
	add(checkZone(r.Zone))
	add(errs.Field{Name: "email", Rule: "email", Key: "identity.rule_email"}, in.Email == "" || len(in.Email) <= 254 && isEmail(in.Email))
	add(errs.Field{Name: "phone", Rule: "too_long", Args: map[string]any{"Max": 32}}, len(in.Phone) <= 32)
	add(errs.Field{Name: "email", Rule: "confirmed", Key: "identity.rule_confirmed"}, !old.EmailConfirmed || in.Email == old.Email)
	add(errs.Field{Name: "phone", Rule: "confirmed", Key: "identity.rule_confirmed"}, !old.PhoneConfirmed || in.Phone == old.Phone)
	if err := errs.InvalidFields(bad...); err != nil {
		return err
	}
	seal, err := s.vault.Subject(ctx, r.ID)
	if err != nil {
		return err
	}
	if r.email, err = sealField(seal, r.ID, "email", in.Email); err != nil {
		return err
	}
	if r.phone, err = sealField(seal, r.ID, "phone", in.Phone); err != nil {
		return err
	}
	body := Changed{Before: map[string]string{}, After: map[string]string{}}
	note := func(field, before, after string, open bool) {
		if before == after {
			return
		}
		body.Fields = append(body.Fields, field)
		if open {
			body.Before[field], body.After[field] = before, after
		}
	}
	note("name", was.DisplayName, r.DisplayName, false)
	note("lang", was.Lang, r.Lang, true)
	note("zone", was.Zone, r.Zone, true)
	note("email", old.Email, in.Email, false)
	note("phone", old.Phone, in.Phone, false)
	if len(body.Fields) == 0 {
		return nil
	}
	return s.save(ctx, a, r, seal, body)
}

// ChangeLook keeps how pages look to the actor. It takes no version: the last
// choice counts.
func (s *Service) ChangeLook(ctx context.Context, a policy.Actor, look Look) error {
	if err := look.Check(); err != nil {
		return err
	}
	return s.change(ctx, a, "look", func(r *row) bool {
		if r.Look == look {
			return false
		}
		r.Look = look
		return true
	})
}

// ChangeLang keeps the actor's language. The last choice counts.
func (s *Service) ChangeLang(ctx context.Context, a policy.Actor, lang string) error {
	if !i18n.Known(lang) {
		return errs.InvalidFields(errs.Field{Name: "lang", Rule: "unknown"})
	}
	return s.change(ctx, a, "lang", func(r *row) bool {
		if r.Lang == lang {
			return false
		}
		r.Lang = lang
		return true
	})
}

// change applies one choice to the newest version, again where somebody was faster.
func (s *Service) change(ctx context.Context, a policy.Actor, field string, apply func(*row) bool) error {
	for try := 0; ; try++ {
		r, _, err := s.own(ctx, a, 0)
		if err != nil || !apply(&r) {
			return err
		}
		if err = s.save(ctx, a, r, nil, Changed{Fields: []string{field}}); !errs.Is(err, errs.Stale) || try == 3 {
			return err
		}
	}
}

// own reads the actor's account for a change; version 0: whichever it is.
func (s *Service) own(ctx context.Context, a policy.Actor, version int64) (row, Contacts, error) {
	if _, err := policy.Check(a, policy.IdentityManageOwn, policy.Object{Owner: a.Person}); err != nil {
		return row{}, Contacts{}, err
	}
	r, err := accountByID(ctx, s.db, a.Person)
	if err != nil {
		return row{}, Contacts{}, err
	}
	if version != 0 && version != r.Version {
		return row{}, Contacts{}, errs.New(errs.Stale, "")
	}
	c, err := s.contacts(ctx, r)
	return r, c, err
}

func (s *Service) save(ctx context.Context, a policy.Actor, r row, seal *vault.Key, body Changed) error {
	fact := s.fact(a, FactChanged, r.ID, r.Version+1, "", body)
	return s.do(ctx, db.People, func(tx *db.Tx) error {
		saveAccount(tx, r)
		tx.Fact(fact)
		if seal != nil {
			return seal.Keep(tx)
		}
		return nil
	})
}

// ChangePassword replaces the actor's password, given the old one, and ends
// the other sessions; unknown browsers are unknown again.
func (s *Service) ChangePassword(ctx context.Context, a policy.Actor, old, fresh string) error {
	r, contacts, err := s.own(ctx, a, 0)
	if err != nil {
		return err
	}
	mine := bucket{hash: s.vault.Hash("identity_try", "change:"+r.ID.String()), limit: s.cfg.LoginTries, longest: s.cfg.Window}
	if _, err := s.spend(ctx, mine); err != nil {
		return err
	}
	ok, _, err := s.hasher.matches(ctx, old, r.password)
	if err != nil {
		return err
	}
	var bad []errs.Field
	if !ok {
		bad = append(bad, errs.Field{Name: "old", Rule: "mismatch", Key: "identity.rule_old_password"})
	}
	if f, ok := checkPassword(fresh, contacts.Login, r.DisplayName); !ok {
		bad = append(bad, f)
	}
	if err := errs.InvalidFields(bad...); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, fresh)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	fact := s.fact(a, FactPasswordSet, r.ID, r.Version+1, "changed", nil)
	return s.do(ctx, db.People, func(tx *db.Tx) error {
		savePassword(tx, r, hash, now)
		forget(tx, mine)
		tx.Queue(`DELETE FROM identity_device WHERE account = $1 AND id NOT IN
			(SELECT device_id FROM identity_session WHERE account = $1 AND id = $2)`, r.ID, a.Session)
		tx.Fact(fact)
		_, err := s.endOthers(tx, a, r.ID, "password_set")
		return err
	})
}

// Names gives display names for pages, in one call. Whom it doesn't find is
// missing from the result. What may be shown to whom is the caller's decision.
func (s *Service) Names(ctx context.Context, ids []id.ID) (map[id.ID]string, error) {
	return namesOf(ctx, s.db, ids)
}
