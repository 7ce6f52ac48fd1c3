package identity

import (
	"context"
	"crypto/sha256"
	"net/netip"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
	"okno/internal/policy"
)

// Registration is a new account. Login and Name are needed; a person at a
// screen needs a password too, the command line, imports and the
// demonstration may leave it out: nobody signs in until one is set by a link.
type Registration struct {
	Login    string // e-mail address or a simple login
	Name     string // how the person is addressed
	Password string
	Lang     string // "": Russian
	Zone     string // IANA; "": Europe/Moscow
	Phone    string // contact, as typed
	Key      string // of the form, so that a double click makes one account
	Address  netip.Addr
	ID       id.ID // of the account; Nil: made here. For the command line, imports and the demonstration alone
}

// Register makes an account and returns its id. A login that is taken is an
// invalid field: registration, unlike sign-in, can't hide it.
func (s *Service) Register(ctx context.Context, a policy.Actor, in Registration) (id.ID, error) {
	if err := policy.Allow(a, policy.IdentityRegister); err != nil {
		return id.Nil, err
	}
	if s.Ways().Any() && !a.Has(policy.System) {
		return id.Nil, errs.New(errs.Conflict, "identity.plain_closed")
	}
	r, login, err := s.registration(a, in)
	if err != nil {
		return id.Nil, err
	}
	print := sha256.Sum256([]byte(login + "\x00" + r.DisplayName))
	if in.Key != "" {
		if made, found, err := db.Made(ctx, s.db, a.Person, "identity.register", in.Key, print[:]); err != nil || found {
			return made, err
		}
	}
	if !a.Has(policy.System) {
		if _, err := s.spend(ctx, s.addressBucket("register", in.Address, s.cfg.Registrations)); err != nil {
			return id.Nil, err
		}
	}
	// Under the current key the table itself keeps logins apart; those stored
	// under an earlier key are looked for.
	if hashes := s.loginHashes(login); len(hashes) > 1 {
		switch _, err := findHash(ctx, s.db, hashes[1:]); {
		case err == nil:
			return id.Nil, taken()
		case !errs.Is(err, errs.NotFound):
			return id.Nil, err
		}
	}
	if in.Password != "" {
		if r.password, err = s.hasher.hash(ctx, in.Password); err != nil {
			return id.Nil, err
		}
	}
	seal, err := s.vault.New(r.ID)
	if err != nil {
		return id.Nil, err
	}
	email := ""
	if isEmail(login) {
		email = login
	}
	for _, f := range []struct {
		to          *[]byte
		name, value string
	}{{&r.login, "login", login}, {&r.email, "email", email}, {&r.phone, "phone", in.Phone}} {
		if *f.to, err = sealField(seal, r.ID, f.name, f.value); err != nil {
			return id.Nil, err
		}
	}
	hashes := s.loginHashes(login)
	by := "person"
	if a.Has(policy.System) {
		by = a.Name
	}
	if !a.SignedIn() && !a.Has(policy.System) {
		a.Person = r.ID // whoever registers acts as the person registered
	}
	fact := s.fact(a, FactRegistered, r.ID, 1, "", Registered{Lang: r.Lang, By: by})
	keyOwner := id.Nil
	err = s.do(ctx, db.People, func(tx *db.Tx) error {
		insertAccount(tx, r, hashes[0], r.MadeAt)
		if in.Key != "" {
			tx.Once(keyOwner, "identity.register", in.Key, print[:], r.ID)
		}
		tx.Fact(fact)
		return seal.Keep(tx)
	})
	if table, twice := db.Unique(err); twice {
		if made, found, err2 := s.madeBefore(ctx, in.Key, print[:]); found || err2 != nil {
			return made, err2
		}
		if table == "identity_login" || table == "db_once" {
			return id.Nil, taken()
		}
	}
	if err != nil {
		return id.Nil, err
	}
	return r.ID, nil
}

func (s *Service) madeBefore(ctx context.Context, key string, print []byte) (id.ID, bool, error) {
	if key == "" {
		return id.Nil, false, nil
	}
	return db.Made(ctx, s.db, id.Nil, "identity.register", key, print)
}

// registration checks the input and makes the row without what is hashed or sealed.
func (s *Service) registration(a policy.Actor, in Registration) (r row, login string, err error) {
	login = foldLogin(in.Login)
	r.Account = Account{ID: s.db.NewID(), Version: 1, State: Active, Level: policy.Simplified, DisplayName: cleanName(in.Name),
		Lang: in.Lang, Zone: in.Zone, MadeAt: s.clock.Now()}
	if in.ID != id.Nil && a.Has(policy.System) {
		r.ID = in.ID
	}
	def(&r.Lang, i18n.Russian)
	def(&r.Zone, "Europe/Moscow")
	var bad []errs.Field
	add := func(f errs.Field, ok bool) {
		if !ok {
			bad = append(bad, f)
		}
	}
	add(checkName(r.DisplayName))
	add(checkLogin(login))
	if in.Password != "" || !a.Has(policy.System) {
		add(checkPassword(in.Password, login, r.DisplayName))
	}
	add(errs.Field{Name: "lang", Rule: "unknown"}, i18n.Known(r.Lang))
	add(checkZone(r.Zone))
	add(errs.Field{Name: "phone", Rule: "too_long", Args: map[string]any{"Max": 32}}, len(in.Phone) <= 32)
	return r, login, errs.InvalidFields(bad...)
}

func checkZone(zone string) (errs.Field, bool) {
	_, err := time.LoadLocation(zone)
	return errs.Field{Name: "zone", Rule: "unknown"}, err == nil && zone != "" && zone != "Local"
}

func taken() error {
	return errs.InvalidFields(errs.Field{Name: "login", Rule: "taken", Key: "identity.rule_taken"})
}

// loginHashes are the look-up hashes of a folded login, that under the current key first.
func (s *Service) loginHashes(folded string) [][]byte {
	return s.vault.Hashes("identity_login", folded)
}

// sealField seals one personal value of an account; an empty one stays empty.
func sealField(seal *vault.Key, account id.ID, column, value string) ([]byte, error) {
	if value == "" {
		return []byte{}, nil
	}
	return seal.Seal("identity_account", account, column, []byte(value))
}

func openField(seal *vault.Key, account id.ID, column string, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	b, err := seal.Open("identity_account", account, column, sealed)
	return string(b), err
}
