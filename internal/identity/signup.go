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

	"okno/internal/identity/number"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
	"okno/internal/policy"
)

// Terms and limits of registration by a contact.
const (
	codeLife   = 5 * time.Minute
	linkLife   = 72 * time.Hour
	finishLife = time.Hour       // from the right code to the account
	turnLife   = 5 * time.Minute // no second message to a contact before it is over
	signupKept = 24 * time.Hour  // after its end: late pages tell what happened
	codeTries  = 5               // for a contact, over all flows
	contactDay = 10              // messages to a contact in a day
	day        = 24 * time.Hour
)

// Message is what this module sends to a contact.
type Message struct {
	Event   id.ID
	Way     Way
	Address string
	Kind    string
	Lang    string
	Args    map[string]string
	Until   time.Time
}

// Messenger sends messages; app binds it to notify.
type Messenger interface {
	Ways() Ways
	// Send puts a message down in the caller's transaction, sealed with key.
	Send(tx *db.Tx, key *vault.Key, m Message) error
}

// SMSLimits bound what fraud may cost. They are settings.
type SMSLimits struct {
	Countries []string // ISO 3166-1 alpha-2 to whose numbers SMS are sent; none: all
	Prefix    int      // SMS in an hour to numbers with the same first digits
	Hour      int      // SMS in an hour
}

// DefaultSMSLimits hold where [Config.SMSLimits] is not set.
var DefaultSMSLimits = SMSLimits{Countries: []string{"RU"}, Prefix: 200, Hour: 2000}

// prefixDigits is how much of a number is its prefix: "+7916" is an operator's.
const prefixDigits = 5

// Ways are those by which people register here.
func (s *Service) Ways() Ways {
	if s.cfg.Messages == nil {
		return Ways{}
	}
	return s.cfg.Messages.Ways()
}

// NewSignup is the first step: a telephone or e-mail as typed.
type NewSignup struct {
	Contact string
	Lang    string
	Address netip.Addr
	URL     func(path string) string // a page's public address
}

// Signup is a registration on its way, as its page shows it. It doesn't tell
// whether the contact has an account.
type Signup struct {
	ID        id.ID
	Way       Way
	Masked    string
	Reference string
	MadeAt    time.Time
	Ends      time.Time // of the code or link
	Again     time.Time // when another message may be asked for
	Used      bool
}

// signupRow is a registration as stored.
type signupRow struct {
	Signup
	destination, contact, code, link []byte
	lang                             string
	done                             bool
}

const signupColumns = `id, way, destination, contact, reference, code, link, lang, done, made_at, ends`

func scanSignup(s db.Scanner) (r signupRow, err error) {
	var made, ends int64
	err = s.Scan(&r.ID, &r.Way, &r.destination, &r.contact, &r.Reference, &r.code, &r.link, &r.lang, &r.done, &made, &ends)
	r.MadeAt, r.Ends = clock.FromMilli(made), clock.FromMilli(ends)
	r.Again = r.MadeAt.Add(turnLife)
	r.Used = r.Way == BySMS && len(r.code) == 0
	return r, err
}

// SignUp begins a registration: a code by SMS or a link by e-mail. A contact
// that has an account gets a message that says so, after the same work and
// with the same answer. While a message to the contact is fresh no second one
// is sent: the answer is the registration that it belongs to.
func (s *Service) SignUp(ctx context.Context, a policy.Actor, in NewSignup) (Signup, error) {
	if err := policy.Allow(a, policy.IdentityRegister); err != nil {
		return Signup{}, err
	}
	way, contact, wrong := readContact(in.Contact)
	if wrong != nil {
		return Signup{}, errs.InvalidFields(*wrong)
	}
	offered := s.Ways()
	limits, err := s.smsLimits(ctx)
	if err != nil {
		return Signup{}, err
	}
	switch {
	case way == ByEmail && !offered.Email:
		return Signup{}, contactRule("no_email")
	case way == BySMS && !offered.SMS:
		return Signup{}, contactRule("no_sms")
	case way == BySMS && !limits.serves(number.Phone(contact)):
		return Signup{}, contactRule("country")
	}
	taken, err := s.taken(ctx, s.loginHashes(contact))
	if err != nil {
		return Signup{}, err
	}
	r, secretText, err := s.newSignup(way, contact, in.Lang)
	if err != nil {
		return Signup{}, err
	}
	key, err := s.vault.New(r.ID)
	if err != nil {
		return Signup{}, err
	}
	if r.contact, err = key.Seal("identity_signup", r.ID, "contact", []byte(contact)); err != nil {
		return Signup{}, err
	}
	message := s.signupMessage(r, contact, secretText, taken, in.URL)
	fact := s.fact(a, FactSignupAsked, r.ID, 1, "", SignupAsked{Way: way})
	return write(ctx, s, db.People, func(tx *db.Tx) (Signup, error) {
		now := r.MadeAt
		wait, err := s.spendIn(ctx, tx, s.turn(contact), now)
		if err != nil {
			return Signup{}, err
		}
		if wait > 0 { // a fresh message is on its way: this asker waits for it too
			old, err := db.One(ctx, tx, scanSignup, `SELECT `+signupColumns+` FROM identity_signup
				WHERE destination = $1 AND done = $2 ORDER BY made_at DESC, id DESC LIMIT 1`, r.destination, false)
			if errs.Is(err, errs.NotFound) {
				err = tooMany(wait)
			}
			old.Masked = masked(way, contact)
			return old.Signup, err
		}
		for _, b := range s.signupBuckets(way, contact, in.Address, limits) {
			wait, err := s.spendIn(ctx, tx, b, now)
			if err != nil {
				return Signup{}, err
			}
			if wait > 0 {
				return Signup{}, errs.With(errs.RateLimited, "identity.signup_wait", map[string]any{"Minutes": wholeMinutes(wait)})
			}
		}
		tx.Queue(`INSERT INTO identity_signup (`+signupColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			r.ID, string(r.Way), r.destination, r.contact, r.Reference, filled(r.code), r.link, r.lang, false, clock.Milli(r.MadeAt), clock.Milli(r.Ends))
		if err := s.cfg.Messages.Send(tx, key, message); err != nil {
			return Signup{}, err
		}
		tx.Fact(fact)
		r.Masked = masked(way, contact)
		return r.Signup, key.Keep(tx)
	})
}

func contactRule(rule string) error {
	return errs.InvalidFields(errs.Field{Name: "contact", Rule: rule, Key: "identity.rule_contact_" + rule})
}

func (s *Service) smsLimits(ctx context.Context) (SMSLimits, error) {
	if s.cfg.SMSLimits == nil {
		return DefaultSMSLimits, nil
	}
	return s.cfg.SMSLimits(ctx)
}

func (l SMSLimits) serves(p number.Phone) bool {
	if len(l.Countries) == 0 {
		return true
	}
	country := p.Country()
	for _, c := range l.Countries {
		if strings.EqualFold(c, country) {
			return true
		}
	}
	return false
}

// tryHash is the bucket of a contact or network.
func (s *Service) tryHash(kind, value string) []byte {
	return s.vault.Hash("identity_try", kind+":"+value)
}

// signupBuckets are what one message spends: of the asking network, of the
// contact in a day, and by SMS of the number's prefix and of the installation.
func (s *Service) signupBuckets(way Way, contact string, from netip.Addr, limits SMSLimits) []bucket {
	out := []bucket{s.addressBucket("register", from, s.cfg.Registrations),
		{hash: s.tryHash("signup_day", contact), limit: contactDay, window: day}}
	if way == BySMS {
		out = append(out, bucket{hash: s.tryHash("sms_prefix", contact[:min(prefixDigits, len(contact))]), limit: limits.Prefix, window: time.Hour},
			bucket{hash: s.tryHash("sms", "all"), limit: limits.Hour, window: time.Hour})
	}
	return out
}

// turn is the bucket that lets one message at a time go to a contact.
func (s *Service) turn(contact string) bucket {
	return bucket{hash: s.tryHash("signup_turn", contact), limit: 1, window: turnLife}
}

// taken tells whether a contact or login has an account; it asks for the hash
// under every key, found or not, so that the work is the same.
func (s *Service) taken(ctx context.Context, hashes [][]byte) (bool, error) {
	found := false
	for _, h := range hashes {
		n, err := db.One(ctx, s.db, db.Int, `SELECT COUNT(*) FROM identity_login WHERE hash = $1`, h)
		if err != nil {
			return false, err
		}
		found = found || n > 0
	}
	return found, nil
}

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

func wholeMinutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }

// FindSignup is a registration on its way; gone where it is long over.
func (s *Service) FindSignup(ctx context.Context, signup id.ID) (Signup, error) {
	r, _, err := s.signup(ctx, signup)
	return r.Signup, err
}

// signup reads a registration and opens its contact.
func (s *Service) signup(ctx context.Context, signup id.ID) (signupRow, string, error) {
	r, err := db.One(ctx, s.db, scanSignup, `SELECT `+signupColumns+` FROM identity_signup WHERE id = $1 AND done = $2`, signup, false)
	if errs.Is(err, errs.NotFound) {
		return r, "", errs.New(errs.Gone, "identity.signup_gone")
	}
	if err != nil {
		return r, "", err
	}
	contact, err := s.openContact(ctx, &r)
	return r, contact, err
}

func (s *Service) openContact(ctx context.Context, r *signupRow) (string, error) {
	key, err := s.vault.Subject(ctx, r.ID)
	if err != nil {
		return "", err
	}
	b, err := key.Open("identity_signup", r.ID, "contact", r.contact)
	if err != nil {
		return "", err
	}
	r.Masked = masked(r.Way, string(b))
	return string(b), nil
}

// SignUpAgain asks for another message to the contact of a registration.
func (s *Service) SignUpAgain(ctx context.Context, a policy.Actor, signup id.ID, in NewSignup) (Signup, error) {
	_, contact, err := s.signup(ctx, signup)
	if err != nil {
		return Signup{}, err
	}
	in.Contact = contact
	return s.SignUp(ctx, a, in)
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

// lostSignups are registrations that came to nothing.
func (s *Service) lostSignups(ctx context.Context) ([]id.ID, error) {
	return db.All(ctx, s.db, db.ID, `SELECT id FROM identity_signup WHERE ends <= $1 AND done = $2 LIMIT 1000`,
		clock.Milli(s.clock.Now().Add(-signupKept)), false)
}

// cleanSignups removes registrations that are long over, and of lost ones the
// keys of what they sealed: nobody reads the contact again.
func (s *Service) cleanSignups(tx *db.Tx, lost []id.ID) {
	now := s.clock.Now()
	for _, v := range lost {
		vault.Erase(tx, v, now)
		tx.Queue(`DELETE FROM identity_signup WHERE id = $1`, v)
	}
	tx.Queue(`DELETE FROM identity_signup WHERE ends <= $1 AND done = $2`, clock.Milli(now.Add(-signupKept)), true)
}
