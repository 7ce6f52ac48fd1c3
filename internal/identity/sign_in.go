package identity

import (
	"context"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// maxSessions is how many sessions a person may hold; the oldest ends first.
const maxSessions = 50

// SignIn is a try to open a session.
type SignIn struct {
	Login    string // telephone, e-mail address or plain login, as typed
	Password string
	Device   string // value of the device cookie, "" where there is none
	Address  netip.Addr
	Agent    string // User-Agent, for the person's own list
}

// Opened is a session just opened. Token and Device are secrets for cookies.
type Opened struct {
	Account id.ID
	Session id.ID
	Token   string
	Ends    time.Time
	Device  string // new or as given; kept for a year
}

// SignIn opens a session. A login that doesn't exist, an account without a
// password, a closed one and a wrong password get one answer after the same
// work: field "password", rule "mismatch".
func (s *Service) SignIn(ctx context.Context, a policy.Actor, in SignIn) (Opened, error) {
	if err := policy.Allow(a, policy.IdentitySignIn); err != nil {
		return Opened{}, err
	}
	login := signInName(in.Login)
	var empty []errs.Field
	if login == "" {
		empty = append(empty, errs.Field{Name: "login", Rule: "required"})
	}
	if in.Password == "" {
		empty = append(empty, errs.Field{Name: "password", Rule: "required"})
	}
	if len(empty) > 0 {
		return Opened{}, errs.InvalidFields(empty...)
	}
	mismatch := errs.InvalidFields(errs.Field{Name: "password", Rule: "mismatch", Key: "identity.rule_mismatch"})
	if utf8.RuneCountInString(login) > maxLogin || utf8.RuneCountInString(in.Password) > maxPassword {
		return Opened{}, mismatch
	}
	r, err := accountByLogin(ctx, s.db, s.loginHashes(login))
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Opened{}, err
	}
	exists := err == nil && r.State == Active
	known, err := s.knownDevice(ctx, in.Device, r.ID)
	if err != nil {
		return Opened{}, err
	}
	// A stranger who guesses keeps nobody out but themselves: tries are counted by
	// login and address together. A browser that has signed in to this account
	// before has tries of its own; all others together are slowed for minutes.
	who := bucket{hash: s.vault.Hash("identity_try", "login:"+login+" "+network(in.Address)), limit: s.cfg.LoginTries, longest: s.cfg.Window}
	all := bucket{hash: s.vault.Hash("identity_try", "login:"+login), limit: 3 * s.cfg.LoginTries, longest: slowest}
	where := s.addressBucket("sign_in", in.Address, s.cfg.AddressTries)
	buckets := []bucket{where, who, all}
	if known != id.Nil {
		who.hash = s.vault.Hash("identity_try", "device:"+known.String())
		buckets = []bucket{where, who}
	}
	if over, err := s.spend(ctx, buckets...); err != nil {
		s.log.Warn("identity: sign-in throttled", "by_address", over == 0)
		return Opened{}, err
	}
	stored := ""
	if exists {
		stored = r.password
	}
	ok, anew, err := s.hasher.matches(ctx, in.Password, stored)
	if err != nil {
		return Opened{}, err
	}
	if !ok {
		return Opened{}, mismatch
	}
	rehashed := ""
	if anew {
		if rehashed, err = s.hasher.hash(ctx, in.Password); err != nil {
			return Opened{}, err
		}
	}
	return s.open(ctx, a, r, in, known, "password", func(tx *db.Tx) {
		refund(tx, where)
		if known == id.Nil {
			refund(tx, all)
		}
		forget(tx, who)
		if rehashed != "" {
			tx.Queue(`UPDATE identity_account SET password = $3 WHERE id = $1 AND password = $2`, r.ID, r.password, rehashed)
		}
	})
}

// open writes a new session and knows the browser from now on.
func (s *Service) open(ctx context.Context, a policy.Actor, r row, in SignIn, known id.ID, how string, also func(tx *db.Tx)) (Opened, error) {
	now := s.clock.Now()
	token := secret()
	ses := Session{ID: s.db.NewID(), Account: r.ID, Device: deviceName(in.Agent), MadeAt: now, SeenAt: now,
		Ends: now.Add(s.cfg.Session), Level: r.Level, idle: s.cfg.Idle}
	out := Opened{Account: r.ID, Session: ses.ID, Token: token.text, Ends: ses.Ends, Device: in.Device}
	var device secretOf
	deviceID := known
	if known == id.Nil {
		device, deviceID = secret(), s.db.NewID()
		out.Device = device.text
	}
	a.Person = r.ID
	fact := s.fact(a, FactSignedIn, r.ID, r.Version, "", SessionFact{Session: ses.ID, How: how})
	return write(ctx, s, db.People, func(tx *db.Tx) (Opened, error) {
		also(tx)
		// Ended ones, and the oldest over the limit, go when a new one comes.
		tx.Queue(`DELETE FROM identity_session WHERE account = $1 AND (expires_at <= $2 OR seen_at + idle <= $2)`, r.ID, clock.Milli(now))
		tx.Queue(`DELETE FROM identity_session WHERE account = $1 AND made_at < (SELECT MIN(made_at) FROM
			(SELECT made_at FROM identity_session WHERE account = $1 ORDER BY made_at DESC LIMIT $2) newest)`, r.ID, maxSessions-1)
		if known == id.Nil {
			tx.Queue(`INSERT INTO identity_device (hash, id, account, seen_at) VALUES ($1, $2, $3, $4)`, device.hash, deviceID, r.ID, clock.Milli(now))
		} else {
			tx.Queue(`UPDATE identity_device SET seen_at = $2 WHERE hash = $1`, hashOf(in.Device), clock.Milli(now))
		}
		insertSession(tx, ses, token.hash, deviceID)
		tx.Fact(fact)
		return out, nil
	})
}

// knownDevice is the id of a browser that has signed in to account before.
func (s *Service) knownDevice(ctx context.Context, device string, account id.ID) (id.ID, error) {
	if !plausible(device) { // asked also where no account was found: same work
		return id.Nil, nil
	}
	known, err := db.One(ctx, s.db, db.ID, `SELECT id FROM identity_device WHERE hash = $1 AND account = $2`, hashOf(device), account)
	if errs.Is(err, errs.NotFound) {
		return id.Nil, nil
	}
	return known, err
}

// deviceName says in two words what a User-Agent is: «Firefox, Windows».
func deviceName(agent string) string {
	find := func(pairs [][2]string) string {
		for _, p := range pairs {
			if strings.Contains(agent, p[0]) {
				return p[1]
			}
		}
		return ""
	}
	browser := find([][2]string{{"YaBrowser", "Yandex Browser"}, {"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox", "Firefox"},
		{"Chrom", "Chrome"}, {"Safari", "Safari"}})
	system := find([][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"},
		{"Mac OS", "macOS"}, {"Linux", "Linux"}})
	switch {
	case browser == "" && system == "":
		return ""
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + ", " + system
}
