package identity

import (
	"context"
	"crypto/sha256"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Confirmed is the registration of a link or right code; gone where it was
// used, is out of date or never was.
func (s *Service) Confirmed(ctx context.Context, token string) (Signup, error) {
	r, err := s.linked(ctx, token)
	if err != nil {
		return Signup{}, err
	}
	if r.done || r.Way == BySMS && !r.Used || !s.clock.Now().Before(r.Ends) {
		return Signup{}, linkGone()
	}
	_, err = s.openContact(ctx, &r)
	return r.Signup, err
}

func linkGone() error { return errs.New(errs.Gone, "identity.signup_link_gone") }

func (s *Service) linked(ctx context.Context, token string) (signupRow, error) {
	if !plausible(token) {
		return signupRow{}, linkGone()
	}
	r, err := db.One(ctx, s.db, scanSignup, `SELECT `+signupColumns+` FROM identity_signup WHERE link = $1`, hashOf(token))
	if errs.Is(err, errs.NotFound) {
		err = linkGone()
	}
	return r, err
}

// Finish is the last step of a registration.
type Finish struct {
	Name     string
	Password string
	Again    string // the password once more
	Lang     string
	Zone     string
	Key      string // of the form, so that a double click makes one account and opens it twice
	SignIn   SignIn // where from; login and password are filled here
}

// SignUpFinish makes the account of a confirmed contact at the simplified level
// and opens a session.
func (s *Service) SignUpFinish(ctx context.Context, a policy.Actor, token string, in Finish) (Opened, error) {
	if err := policy.Allow(a, policy.IdentityRegister); err != nil {
		return Opened{}, err
	}
	p, err := s.linked(ctx, token)
	if err != nil {
		return Opened{}, err
	}
	contact, err := s.openContact(ctx, &p)
	if err != nil {
		return Opened{}, err
	}
	in.SignIn.Login, in.SignIn.Password = contact, in.Password
	name := cleanName(in.Name)
	print := sha256.Sum256([]byte(p.ID.String() + "\x00" + name))
	if p.done {
		return s.finishedBefore(ctx, a, in, print[:])
	}
	if p.Way == BySMS && !p.Used || !s.clock.Now().Before(p.Ends) {
		return Opened{}, linkGone()
	}
	r, err := s.signedUp(p, contact, name, in)
	if err != nil {
		return Opened{}, err
	}
	if taken, err := s.taken(ctx, s.loginHashes(contact)); err != nil {
		return Opened{}, err
	} else if taken {
		return Opened{}, errs.New(errs.Conflict, "identity.signup_taken_since")
	}
	if r.password, err = s.hasher.hash(ctx, in.Password); err != nil {
		return Opened{}, err
	}
	seal, err := s.vault.Subject(ctx, r.ID)
	if err != nil {
		return Opened{}, err
	}
	fields := map[string]*[]byte{"login": &r.login, "email": &r.email}
	if p.Way == BySMS {
		fields = map[string]*[]byte{"login": &r.login, "phone": &r.phone}
	}
	for column, to := range fields {
		if *to, err = sealField(seal, r.ID, column, contact); err != nil {
			return Opened{}, err
		}
	}
	a.Person = r.ID // whoever registers acts as the person registered
	fact := s.fact(a, FactRegistered, r.ID, 1, "", Registered{Lang: r.Lang, By: "person", Way: p.Way})
	err = s.do(ctx, db.People, func(tx *db.Tx) error {
		tx.QueueOne(`UPDATE identity_signup SET done = $3 WHERE id = $1 AND link = $2 AND done = $4`, p.ID, p.link, true, false)
		tx.Queue(`DELETE FROM identity_signup WHERE destination = $1 AND id <> $2`, p.destination, p.ID)
		insertAccount(tx, r, s.loginHashes(contact)[0], r.MadeAt)
		if in.Key != "" {
			tx.Once(id.Nil, "identity.signup", in.Key, print[:], r.ID)
		}
		forget(tx, s.turn(contact)) // the next who asks is told as of any account
		tx.Fact(fact)
		return seal.Keep(tx)
	})
	_, twice := db.Unique(err)
	if twice || errs.Is(err, errs.Stale) {
		switch again, lookErr := s.linked(ctx, token); {
		case lookErr == nil && again.done:
			return s.finishedBefore(ctx, a, in, print[:])
		case twice:
			return Opened{}, errs.New(errs.Conflict, "identity.signup_taken_since")
		}
		return Opened{}, linkGone()
	}
	if err != nil {
		return Opened{}, err
	}
	return s.open(ctx, a, r, in.SignIn, id.Nil, "password", func(*db.Tx) {})
}

// finishedBefore answers the second click of the form that made the account
// with a session too; anybody else learns that the link was used.
func (s *Service) finishedBefore(ctx context.Context, a policy.Actor, in Finish, print []byte) (Opened, error) {
	if in.Key == "" {
		return Opened{}, linkGone()
	}
	_, found, err := db.Made(ctx, s.db, id.Nil, "identity.signup", in.Key, print)
	if err != nil || !found {
		return Opened{}, linkGone()
	}
	a.Person = id.Nil
	return s.SignIn(ctx, a, in.SignIn)
}

// signedUp checks the last step and makes the account's row without what is
// hashed or sealed.
func (s *Service) signedUp(p signupRow, contact, name string, in Finish) (row, error) {
	r := row{Account: Account{ID: p.ID, Version: 1, State: Active, Level: policy.Simplified, DisplayName: name, Lang: in.Lang, Zone: in.Zone, MadeAt: s.clock.Now()}}
	def(&r.Lang, i18n.Russian)
	def(&r.Zone, "Europe/Moscow")
	own := []string{contact, name}
	if p.Way == BySMS {
		r.phoneAt = r.MadeAt
		own = append(own, contact[max(0, len(contact)-10):], contact[max(0, len(contact)-7):])
	} else {
		r.emailAt = r.MadeAt
	}
	var bad []errs.Field
	add := func(f errs.Field, ok bool) {
		if !ok {
			bad = append(bad, f)
		}
	}
	add(checkName(name))
	f, ok := checkPassword(in.Password, own...)
	add(f, ok)
	if ok && in.Again != in.Password {
		add(errs.Field{Name: "again", Rule: "mismatch", Key: "identity.rule_again"}, false)
	}
	add(errs.Field{Name: "lang", Rule: "unknown"}, i18n.Known(r.Lang))
	add(checkZone(r.Zone))
	return r, errs.InvalidFields(bad...)
}
