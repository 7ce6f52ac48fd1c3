package identity

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"okno/internal/identity/number"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
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
