package identity

import (
	"context"
	"crypto/sha256"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// seenEvery is how exactly a session's last use is known: a request writes it
// at most this often.
const seenEvery = 5 * time.Minute

// Resolved is who stands behind a session or token.
type Resolved struct {
	Actor policy.Actor
	Name  string // display name
	Look  Look
}

// Resolve finds the session of a token from a cookie. An unknown, ended or
// expired one is unauthenticated.
func (s *Service) Resolve(ctx context.Context, token string) (Resolved, error) {
	ended := errs.New(errs.Unauthenticated, "")
	if !plausible(token) {
		return Resolved{}, ended
	}
	r, err := s.recent.Get([sha256.Size]byte(hashOf(token)), func() (resolved, error) { return resolveSession(ctx, s.db, hashOf(token)) })
	if errs.Is(err, errs.NotFound) {
		return Resolved{}, ended
	}
	if err != nil {
		return Resolved{}, err
	}
	now := s.clock.Now()
	if !r.alive(now) || State(r.state) != Active {
		return Resolved{}, ended
	}
	if now.Sub(r.SeenAt) >= seenEvery {
		if err := s.touch(ctx, hashOf(token), now); err != nil {
			// The session stays valid without it; the next request tries again.
			s.log.Warn("identity: last use of a session not written", "error", err)
		}
	}
	return Resolved{Name: r.name, Look: r.look, Actor: policy.Actor{Person: r.Account, Session: r.ID, DisplayName: r.name,
		Roles: []policy.Role{policy.Citizen}, Level: r.Level, Lang: r.lang, Zone: r.zone}}, nil
}

// do is [db.Do]; afterwards no session is taken from memory.
func (s *Service) do(ctx context.Context, lane db.Lane, fn func(tx *db.Tx) error) error {
	defer s.recent.Forget()
	return db.Do(ctx, s.db, lane, fn)
}

// write is [db.Write]; afterwards no session is taken from memory.
func write[T any](ctx context.Context, s *Service, lane db.Lane, fn func(tx *db.Tx) (T, error)) (T, error) {
	defer s.recent.Forget()
	return db.Write(ctx, s.db, lane, fn)
}

func (s *Service) touch(ctx context.Context, hash []byte, now time.Time) error {
	return s.do(ctx, db.Background, func(tx *db.Tx) error {
		tx.Queue(`UPDATE identity_session SET seen_at = $2 WHERE hash = $1 AND seen_at < $2`, hash, clock.Milli(now))
		return nil
	})
}

// Sessions lists the actor's living sessions, newest first.
func (s *Service) Sessions(ctx context.Context, a policy.Actor) ([]Session, error) {
	if _, err := policy.Check(a, policy.IdentitySessions, policy.Object{Owner: a.Person}); err != nil {
		return nil, err
	}
	all, err := sessionsOf(ctx, s.db, a.Person, maxSessions)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	living := all[:0]
	for _, x := range all {
		if x.alive(now) {
			x.Current = x.ID == a.Session
			living = append(living, x)
		}
	}
	return living, nil
}

// EndSession ends one of the actor's own sessions; another person's is not_found.
func (s *Service) EndSession(ctx context.Context, a policy.Actor, session id.ID) error {
	if _, err := policy.Check(a, policy.IdentitySessions, policy.Object{Owner: a.Person}); err != nil {
		return err
	}
	how := "by_person"
	if session == a.Session {
		how = "sign_out"
	}
	fact := s.fact(a, FactSessionEnded, a.Person, 0, "", SessionFact{Session: session, How: how})
	return s.do(ctx, db.People, func(tx *db.Tx) error {
		n, err := tx.Exec(`DELETE FROM identity_session WHERE account = $1 AND id = $2`, a.Person, session)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "")
		}
		tx.Fact(fact)
		return nil
	})
}

// SignOut ends the session that the actor uses. A session that has ended
// already is no error: the person is signed out.
func (s *Service) SignOut(ctx context.Context, a policy.Actor) error {
	if err := s.EndSession(ctx, a, a.Session); err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	return nil
}

// EndOtherSessions ends every session of the actor but the one in use.
func (s *Service) EndOtherSessions(ctx context.Context, a policy.Actor) (int, error) {
	if _, err := policy.Check(a, policy.IdentitySessions, policy.Object{Owner: a.Person}); err != nil {
		return 0, err
	}
	return write(ctx, s, db.People, func(tx *db.Tx) (int, error) { return s.endOthers(tx, a, a.Person, "by_person") })
}

// endOthers ends the account's sessions but the actor's own, in the caller's transaction.
func (s *Service) endOthers(tx *db.Tx, a policy.Actor, account id.ID, how string) (int, error) {
	n, err := tx.Exec(`DELETE FROM identity_session WHERE account = $1 AND id <> $2`, account, a.Session)
	if err == nil && n > 0 {
		tx.Fact(s.fact(a, FactSessionEnded, account, 0, "", SessionFact{How: how, Count: int(n)}))
	}
	return int(n), err
}

// Clean removes ended sessions, links, tokens and counters of tries. The
// program calls it every hour; nothing relies on it.
func (s *Service) Clean(ctx context.Context) error {
	now := clock.Milli(s.clock.Now())
	year := clock.Milli(s.clock.Now().AddDate(-1, 0, 0))
	over, err := s.lostSignups(ctx)
	if err != nil {
		return err
	}
	return s.do(ctx, db.Background, func(tx *db.Tx) error {
		s.cleanSignups(tx, over)
		tx.Queue(`DELETE FROM identity_session WHERE expires_at <= $1 OR seen_at + idle <= $1`, now)
		tx.Queue(`DELETE FROM identity_link WHERE ends <= $1`, now)
		tx.Queue(`DELETE FROM identity_token WHERE ends <= $1`, now)
		tx.Queue(`DELETE FROM identity_try WHERE ends <= $1`, now)
		tx.Queue(`DELETE FROM identity_kept WHERE ends <= $1`, now)
		tx.Queue(`DELETE FROM identity_device WHERE seen_at <= $1`, year)
		return nil
	})
}
