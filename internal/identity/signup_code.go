package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// newSignup makes a row without what is sealed, and what its message tells: the
// code or the link's token.
func (s *Service) newSignup(way Way, contact, lang string) (r signupRow, told string, err error) {
	now := s.clock.Now()
	sec := secret()
	r.Signup = Signup{ID: s.db.NewID(), Way: way, Reference: digits(4), MadeAt: now, Ends: now.Add(linkLife), Again: now.Add(turnLife)}
	r.destination, r.link, r.lang = s.destination(contact), sec.hash, lang
	def(&r.lang, i18n.Russian)
	if way == ByEmail {
		return r, sec.text, nil
	}
	code := digits(6)
	r.Ends, r.code = now.Add(codeLife), s.codeHash(r.ID, code)
	return r, code, nil
}

func (s *Service) destination(contact string) []byte {
	return s.vault.Hash("identity_destination", contact)
}

// codeHash is keyed: a million codes are soon tried against a bare hash.
func (s *Service) codeHash(signup id.ID, code string) []byte {
	return s.vault.Hash("identity_code", signup.String()+":"+code)
}

// digits are n random decimal digits.
func digits(n int) string {
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	v, err := rand.Int(rand.Reader, limit)
	if err != nil {
		panic("identity: no randomness: " + err.Error())
	}
	return fmt.Sprintf("%0*d", n, v)
}

// signupMessage says what goes to the contact; one that is taken learns neither
// code nor link.
func (s *Service) signupMessage(r signupRow, contact, told string, taken bool, url func(string) string) Message {
	m := Message{Event: r.ID, Way: r.Way, Address: contact, Lang: r.lang, Until: r.Ends}
	switch {
	case taken:
		m.Kind, m.Args = "signup_taken", map[string]string{"Reference": r.Reference, "Link": url("/sign-in")}
	case r.Way == BySMS:
		m.Kind, m.Args = "signup_code", map[string]string{"Code": told, "Reference": r.Reference, "Minutes": strconv.Itoa(int(codeLife / time.Minute))}
	default:
		m.Kind, m.Args = "signup_link", map[string]string{"Link": url(PathRegisterLink + told)}
	}
	return m
}

// CheckCode takes the code of an SMS and gives the token of the last step. Of
// several codes for one telephone the newest alone is valid. Five wrong ones
// are let through, over all flows; key is that of the form, so that a double
// click gives the same token.
func (s *Service) CheckCode(ctx context.Context, a policy.Actor, signup id.ID, typed, key string, from netip.Addr) (string, error) {
	if err := policy.Allow(a, policy.IdentityRegister); err != nil {
		return "", err
	}
	r, contact, err := s.signup(ctx, signup)
	if err != nil {
		return "", err
	}
	code := strings.Join(strings.FieldsFunc(typed, func(c rune) bool { return c == ' ' || c == '-' || c == '\u00a0' }), "")
	switch {
	case r.Way != BySMS:
		return "", errs.New(errs.NotFound, "")
	case code == "":
		return "", errs.InvalidFields(errs.Field{Name: "code", Rule: "required"})
	case len(code) != 6 || strings.Trim(code, "0123456789") != "":
		return "", errs.InvalidFields(errs.Field{Name: "code", Rule: "six_digits", Key: "identity.rule_code_digits"})
	}
	newest, err := db.One(ctx, s.db, scanSignup, `SELECT `+signupColumns+` FROM identity_signup
		WHERE destination = $1 AND done = $2 ORDER BY made_at DESC, id DESC LIMIT 1`, r.destination, false)
	if err != nil {
		return "", err
	}
	tries := bucket{hash: s.tryHash("code", contact), limit: codeTries}
	if _, err := s.spend(ctx, s.addressBucket("code", from, s.cfg.AddressTries), tries); err != nil {
		if e := (*errs.Error)(nil); errors.As(err, &e) && e.Code == errs.RateLimited {
			s.log.Warn("identity: codes throttled")
			err = errs.With(errs.RateLimited, "identity.code_wait", e.Args)
		}
		return "", err
	}
	token := s.codeToken(r.ID, code, key)
	if r.Used && keyed(key) && hmac.Equal(hashOf(token), r.link) && s.clock.Now().Before(r.Ends) {
		return token, nil
	}
	why, args := "", map[string]any(nil)
	switch {
	case newest.ID != r.ID:
		why, args = "older", map[string]any{"Reference": newest.Reference}
	case r.Used:
		why = "used"
	case !s.clock.Now().Before(r.Ends):
		why = "late"
	case !hmac.Equal(r.code, s.codeHash(r.ID, code)):
		why, args = "mismatch", map[string]any{"Reference": r.Reference}
	}
	if why != "" {
		refused := s.fact(a, FactCodeRefused, r.ID, 0, why, nil)
		if err := s.do(ctx, db.People, func(tx *db.Tx) error { tx.Fact(refused); return nil }); err != nil {
			return "", err
		}
		return "", errs.InvalidFields(errs.Field{Name: "code", Rule: why, Key: "identity.rule_code_" + why, Args: args})
	}
	ends := s.clock.Now().Add(finishLife)
	err = s.do(ctx, db.People, func(tx *db.Tx) error {
		tx.QueueOne(`UPDATE identity_signup SET code = $2, link = $3, ends = $4 WHERE id = $1 AND code = $5 AND done = $6`,
			r.ID, []byte{}, hashOf(token), clock.Milli(ends), r.code, false)
		forget(tx, tries)
		return nil
	})
	if errs.Is(err, errs.Stale) { // a double click came first, with the same form
		if again, err := s.linked(ctx, token); err == nil && again.ID == r.ID {
			return token, nil
		}
		return "", errs.InvalidFields(errs.Field{Name: "code", Rule: "used", Key: "identity.rule_code_used"})
	}
	return token, err
}

// keyed tells whether a form had a key at all: without one a repeat is refused.
func keyed(key string) bool { return len(key) >= 16 }

// codeToken is the same for the same form: it is made of the code, so that it
// need not be kept. Nobody makes it without the vault's key.
func (s *Service) codeToken(signup id.ID, code, key string) string {
	if !keyed(key) {
		return secret().text
	}
	h := s.vault.Hash("identity_signup_token", signup.String()+":"+code+":"+key)
	return base64.RawURLEncoding.EncodeToString(h[len(h)-sha256.Size:])
}
