package identity

import (
	"context"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// row is an account as stored.
type row struct {
	Account
	password            string
	login, email, phone []byte    // sealed
	emailAt, phoneAt    time.Time // when it was shown to be theirs; zero: not
}

const accountColumns = `id, version, state, display_name, lang, zone, look, password, login, email, phone, made_at, level, email_at, phone_at`

func scanAccount(s db.Scanner) (r row, err error) {
	var look, state string
	var made, emailAt, phoneAt int64
	err = s.Scan(&r.ID, &r.Version, &state, &r.DisplayName, &r.Lang, &r.Zone, &look, &r.password, &r.login, &r.email, &r.phone, &made,
		&r.Level, &emailAt, &phoneAt)
	r.emailAt, r.phoneAt = moment(emailAt), moment(phoneAt)
	r.State, r.Look, r.MadeAt, r.HasPassword = State(state), decodeLook(look), clock.FromMilli(made), r.password != ""
	return r, err
}

// moment reads a moment of which 0 says that there is none.
func moment(ms int64) (t time.Time) {
	if ms != 0 {
		t = clock.FromMilli(ms)
	}
	return t
}

// momentOf is t as [moment] reads it.
func momentOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return clock.Milli(t)
}

func accountByID(ctx context.Context, q db.Querier, account id.ID) (row, error) {
	return db.One(ctx, q, scanAccount, `SELECT `+accountColumns+` FROM identity_account WHERE id = $1`, account)
}

// findHash is the account of a login by its look-up hashes, one for each key
// that is still there: usually one.
func findHash(ctx context.Context, q db.Querier, hashes [][]byte) (account id.ID, err error) {
	err = errs.New(errs.NotFound, "")
	for _, h := range hashes {
		if account, err = db.One(ctx, q, db.ID, `SELECT account FROM identity_login WHERE hash = $1`, h); !errs.Is(err, errs.NotFound) {
			return account, err
		}
	}
	return id.Nil, err
}

func accountByLogin(ctx context.Context, q db.Querier, hashes [][]byte) (r row, err error) {
	err = errs.New(errs.NotFound, "")
	for _, h := range hashes {
		r, err = db.One(ctx, q, scanAccount, `SELECT `+accountColumns+` FROM identity_account
			WHERE id = (SELECT account FROM identity_login WHERE hash = $1)`, h)
		if !errs.Is(err, errs.NotFound) {
			return r, err
		}
	}
	return row{}, err
}

func insertAccount(tx *db.Tx, r row, hash []byte, at time.Time) {
	tx.Queue(`INSERT INTO identity_login (hash, account) VALUES ($1, $2)`, hash, r.ID)
	tx.Queue(`INSERT INTO identity_account (id, version, state, display_name, lang, zone, look, password, password_at, login, email, phone, made_at,
		level, email_at, phone_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		r.ID, r.Version, string(r.State), r.DisplayName, r.Lang, r.Zone, r.Look.encode(), r.password,
		clock.Milli(at), filled(r.login), filled(r.email), filled(r.phone), clock.Milli(r.MadeAt),
		string(r.Level), momentOf(r.emailAt), momentOf(r.phoneAt))
}

// saveAccount writes what a person may change; stale where somebody was faster.
func saveAccount(tx *db.Tx, r row) {
	tx.QueueOne(`UPDATE identity_account SET version = version + 1, display_name = $3, lang = $4, zone = $5, look = $6, email = $7, phone = $8
		WHERE id = $1 AND version = $2`, r.ID, r.Version, r.DisplayName, r.Lang, r.Zone, r.Look.encode(), filled(r.email), filled(r.phone))
}

// filled is b as it is stored: SQLite's driver reads empty bytes as nil, and
// nil would be written as NULL.
func filled(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func savePassword(tx *db.Tx, r row, hash string, at time.Time) {
	tx.QueueOne(`UPDATE identity_account SET version = version + 1, password = $3, password_at = $4 WHERE id = $1 AND version = $2`,
		r.ID, r.Version, hash, clock.Milli(at))
}

// Session is a person's session as the person sees it in a list.
type Session struct {
	ID      id.ID
	Account id.ID
	Device  string
	MadeAt  time.Time
	SeenAt  time.Time
	Ends    time.Time // at the latest
	Current bool
	Level   policy.Assurance // of the account when the session began
	idle    time.Duration
}

func (s Session) alive(now time.Time) bool {
	return now.Before(s.Ends) && now.Sub(s.SeenAt) < s.idle
}

const sessionColumns = `id, account, device, made_at, seen_at, expires_at, idle, level`

func sessionFields(s *Session) (dest []any, done func()) {
	var made, seen, ends, idle int64
	return []any{&s.ID, &s.Account, &s.Device, &made, &seen, &ends, &idle, &s.Level}, func() {
		s.MadeAt, s.SeenAt, s.Ends = clock.FromMilli(made), clock.FromMilli(seen), clock.FromMilli(ends)
		s.idle = time.Duration(idle) * time.Millisecond
	}
}

func scanSession(sc db.Scanner) (s Session, err error) {
	dest, done := sessionFields(&s)
	err = sc.Scan(dest...)
	done()
	return s, err
}

func insertSession(tx *db.Tx, s Session, hash []byte, device id.ID) {
	tx.Queue(`INSERT INTO identity_session (hash, id, account, made_at, seen_at, expires_at, idle, device, device_id, level)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, hash, s.ID, s.Account, clock.Milli(s.MadeAt), clock.Milli(s.SeenAt),
		clock.Milli(s.Ends), s.idle.Milliseconds(), s.Device, device, string(s.Level))
}

// sessionsOf reads a person's sessions, newest first, at most n.
func sessionsOf(ctx context.Context, q db.Querier, account id.ID, n int) ([]Session, error) {
	return db.All(ctx, q, scanSession, `SELECT `+sessionColumns+` FROM identity_session WHERE account = $1 ORDER BY made_at DESC LIMIT $2`, account, n)
}

// resolved is what a request needs of a session or an API token, in one query.
type resolved struct {
	Session
	state, name, lang, zone string
	look                    Look
}

func resolveSession(ctx context.Context, q db.Querier, hash []byte) (resolved, error) {
	return db.One(ctx, q, func(sc db.Scanner) (r resolved, err error) {
		dest, done := sessionFields(&r.Session)
		var look string
		err = sc.Scan(append(dest, &r.state, &r.name, &r.lang, &r.zone, &look)...)
		done()
		r.look = decodeLook(look)
		return r, err
	}, `SELECT s.id, s.account, s.device, s.made_at, s.seen_at, s.expires_at, s.idle, s.level, a.state, a.display_name, a.lang, a.zone, a.look
		FROM identity_session s JOIN identity_account a ON a.id = s.account WHERE s.hash = $1`, hash)
}

// Token is an API token as its owner sees it in a list; the secret is never shown again.
type Token struct {
	ID           id.ID
	Account      id.ID
	Name         string
	Organisation string // code of the organisation it acts for; "" the person alone
	ReadOnly     bool
	MadeAt       time.Time
	UsedAt       time.Time // to the hour; zero: never
	Ends         time.Time
}

const tokenColumns = `t.id, t.account, t.name, t.organisation, t.read_only, t.made_at, t.used_at, t.ends`

func tokenFields(t *Token) (dest []any, done func()) {
	var made, used, ends int64
	return []any{&t.ID, &t.Account, &t.Name, &t.Organisation, &t.ReadOnly, &made, &used, &ends}, func() {
		t.MadeAt, t.UsedAt, t.Ends = clock.FromMilli(made), clock.FromMilli(used), clock.FromMilli(ends)
	}
}

func scanToken(sc db.Scanner) (t Token, err error) {
	dest, done := tokenFields(&t)
	err = sc.Scan(dest...)
	done()
	return t, err
}

func insertToken(tx *db.Tx, t Token, hash []byte) {
	tx.Queue(`INSERT INTO identity_token (hash, id, account, name, organisation, read_only, made_at, used_at, ends)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)`, hash, t.ID, t.Account, t.Name, t.Organisation, t.ReadOnly,
		clock.Milli(t.MadeAt), clock.Milli(t.Ends))
}

func tokensOf(ctx context.Context, q db.Querier, account id.ID) ([]Token, error) {
	return db.All(ctx, q, scanToken, `SELECT `+tokenColumns+` FROM identity_token t WHERE t.account = $1 ORDER BY t.made_at DESC LIMIT $2`, account, maxTokens)
}

type resolvedToken struct {
	Token
	state, name, lang, zone string
}

func resolveToken(ctx context.Context, q db.Querier, hash []byte) (resolvedToken, error) {
	return db.One(ctx, q, func(sc db.Scanner) (r resolvedToken, err error) {
		dest, done := tokenFields(&r.Token)
		err = sc.Scan(append(dest, &r.state, &r.name, &r.lang, &r.zone)...)
		done()
		return r, err
	}, `SELECT `+tokenColumns+`, a.state, a.display_name, a.lang, a.zone
		FROM identity_token t JOIN identity_account a ON a.id = t.account WHERE t.hash = $1`, hash)
}

// namesOf reads display names in one query.
func namesOf(ctx context.Context, q db.Querier, ids []id.ID) (map[id.ID]string, error) {
	out := make(map[id.ID]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	type named struct {
		id   id.ID
		name string
	}
	all, err := db.All(ctx, q, func(sc db.Scanner) (n named, err error) { return n, sc.Scan(&n.id, &n.name) },
		`SELECT id, display_name FROM identity_account WHERE `+db.In(q.Engine(), "id", 1), db.IDs(q.Engine(), ids))
	for _, n := range all {
		out[n.id] = n.name
	}
	return out, err
}
