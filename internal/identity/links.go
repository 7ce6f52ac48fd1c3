package identity

import (
	"context"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

const purposePassword = "set_password"

// PathPasswordLink is where a one-time link leads; the token follows it.
const PathPasswordLink = "/password/"

// Invite makes a one-time link's token with which the holder of the login sets
// a password, making the account where it doesn't exist yet. Earlier links of
// the account end. `okno admin create` prints it; org administrators hand it
// to new officers. It never returns or sets a password.
func (s *Service) Invite(ctx context.Context, a policy.Actor, login, name string) (account id.ID, token string, err error) {
	if err := policy.Allow(a, policy.AdminCreate); err != nil {
		return id.Nil, "", err
	}
	account, err = s.find(ctx, login)
	if errs.Is(err, errs.NotFound) {
		account, err = s.Register(ctx, a, Registration{Login: login, Name: name})
	}
	if err != nil {
		return id.Nil, "", err
	}
	token, err = s.makeLink(ctx, a, account)
	return account, token, err
}

func (s *Service) makeLink(ctx context.Context, a policy.Actor, account id.ID) (string, error) {
	sec := secret()
	ends := s.clock.Now().Add(s.cfg.Link)
	fact := s.fact(a, FactLinkMade, account, 0, purposePassword, nil)
	err := s.do(ctx, db.People, func(tx *db.Tx) error {
		tx.Queue(`DELETE FROM identity_link WHERE account = $1`, account)
		tx.Queue(`INSERT INTO identity_link (hash, account, purpose, ends) VALUES ($1, $2, $3, $4)`,
			sec.hash, account, purposePassword, clock.Milli(ends))
		tx.Fact(fact)
		return nil
	})
	if err != nil {
		return "", err
	}
	return sec.text, nil
}

// CheckLink tells whose password a link sets; gone where it was used, has
// expired or never was.
func (s *Service) CheckLink(ctx context.Context, token string) (Account, error) {
	gone := errs.New(errs.Gone, "identity.link_gone")
	if !plausible(token) {
		return Account{}, gone
	}
	r, err := db.One(ctx, s.db, scanAccount, `SELECT `+accountColumns+` FROM identity_account WHERE id =
		(SELECT account FROM identity_link WHERE hash = $1 AND ends > $2)`, hashOf(token), clock.Milli(s.clock.Now()))
	if errs.Is(err, errs.NotFound) || err == nil && r.State != Active {
		return Account{}, gone
	}
	return r.Account, err
}

// SetPasswordByLink sets the password of the link's account, spends the link,
// ends every session and opens a new one.
func (s *Service) SetPasswordByLink(ctx context.Context, a policy.Actor, token, password string, from SignIn) (Opened, error) {
	if err := policy.Allow(a, policy.IdentitySignIn); err != nil {
		return Opened{}, err
	}
	acc, err := s.CheckLink(ctx, token)
	if err != nil {
		return Opened{}, err
	}
	r, err := accountByID(ctx, s.db, acc.ID)
	if err != nil {
		return Opened{}, err
	}
	contacts, err := s.contacts(ctx, r)
	if err != nil {
		return Opened{}, err
	}
	if f, ok := checkPassword(password, contacts.Login, r.DisplayName); !ok {
		return Opened{}, errs.InvalidFields(f)
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return Opened{}, err
	}
	now := s.clock.Now()
	a.Person, a.Session = r.ID, id.Nil
	fact := s.fact(a, FactPasswordSet, r.ID, r.Version+1, "link", nil)
	err = s.do(ctx, db.People, func(tx *db.Tx) error {
		tx.QueueOne(`DELETE FROM identity_link WHERE hash = $1 AND ends > $2`, hashOf(token), clock.Milli(now))
		savePassword(tx, r, hash, now)
		tx.Queue(`DELETE FROM identity_device WHERE account = $1`, r.ID)
		tx.Fact(fact)
		_, err := s.endOthers(tx, a, r.ID, "password_set")
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	r.Version++
	return s.open(ctx, a, r, from, id.Nil, "link", func(*db.Tx) {})
}

// find is the account of a login.
func (s *Service) find(ctx context.Context, login string) (id.ID, error) {
	return findHash(ctx, s.db, s.loginHashes(foldLogin(login)))
}

// FindByLogin finds an active account by its exact login, for an administrator
// who makes its holder an officer. not_found where there is none.
func (s *Service) FindByLogin(ctx context.Context, a policy.Actor, login string) (id.ID, error) {
	if err := policy.Allow(a, policy.IdentityFind); err != nil {
		return id.Nil, err
	}
	return s.find(ctx, login)
}
