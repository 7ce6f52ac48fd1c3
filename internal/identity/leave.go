package identity

import (
	"context"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Kept is what this module keeps of a person, as it is exported.
type Kept struct {
	ID       id.ID         `json:"id"`
	Name     string        `json:"name"`
	Login    string        `json:"login,omitempty"` // and the other contacts: to the person at a screen alone, never to a token
	Email    string        `json:"email,omitempty"`
	Phone    string        `json:"phone,omitempty"`
	Lang     string        `json:"lang"`
	Zone     string        `json:"zone"`
	Look     Look          `json:"look"`
	MadeAt   time.Time     `json:"made_at"`
	Sessions []KeptSession `json:"sessions"`
	Tokens   []KeptToken   `json:"tokens"`
}

// KeptSession is a session in [Kept].
type KeptSession struct {
	Device string    `json:"device"`
	MadeAt time.Time `json:"made_at"`
	SeenAt time.Time `json:"seen_at"`
	Ends   time.Time `json:"ends"`
}

// KeptToken is an API token in [Kept]; its secret is not kept.
type KeptToken struct {
	Name         string    `json:"name"`
	Organisation string    `json:"organisation,omitempty"`
	ReadOnly     bool      `json:"read_only"`
	MadeAt       time.Time `json:"made_at"`
	Ends         time.Time `json:"ends"`
}

// Export gives what this module keeps of the actor.
func (s *Service) Export(ctx context.Context, a policy.Actor) (Kept, error) {
	if _, err := policy.Check(a, policy.PrivacyExport, policy.Object{Owner: a.Person}); err != nil {
		return Kept{}, err
	}
	r, err := accountByID(ctx, s.db, a.Person)
	if err != nil {
		return Kept{}, err
	}
	out := Kept{ID: r.ID, Name: r.DisplayName, Lang: r.Lang, Zone: r.Zone, Look: r.Look, MadeAt: r.MadeAt.UTC(), Sessions: []KeptSession{}, Tokens: []KeptToken{}}
	if policy.May(a, policy.IdentityManageOwn, policy.Object{Owner: a.Person}) {
		c, err := s.contacts(ctx, r)
		if err != nil {
			return Kept{}, err
		}
		out.Login, out.Email, out.Phone = c.Login, c.Email, c.Phone
	}
	sessions, err := sessionsOf(ctx, s.db, a.Person, maxSessions)
	if err != nil {
		return Kept{}, err
	}
	for _, x := range sessions {
		out.Sessions = append(out.Sessions, KeptSession{x.Device, x.MadeAt.UTC(), x.SeenAt.UTC(), x.Ends.UTC()})
	}
	tokens, err := tokensOf(ctx, s.db, a.Person)
	if err != nil {
		return Kept{}, err
	}
	for _, t := range tokens {
		out.Tokens = append(out.Tokens, KeptToken{t.Name, t.Organisation, t.ReadOnly, t.MadeAt.UTC(), t.Ends.UTC()})
	}
	return out, nil
}

// CheckPassword demands the actor's password before something that can't be
// undone. Tries are counted with those of changing it.
func (s *Service) CheckPassword(ctx context.Context, a policy.Actor, password string) error {
	r, _, err := s.own(ctx, a, 0)
	if err != nil {
		return err
	}
	mine := bucket{hash: s.vault.Hash("identity_try", "change:"+r.ID.String()), limit: s.cfg.LoginTries, longest: s.cfg.Window}
	if _, err := s.spend(ctx, mine); err != nil {
		return err
	}
	ok, _, err := s.hasher.matches(ctx, password, r.password)
	if err != nil {
		return err
	}
	if !ok {
		return errs.InvalidFields(errs.Field{Name: "password", Rule: "mismatch", Key: "identity.rule_old_password"})
	}
	return db.Do(ctx, s.db, db.People, func(tx *db.Tx) error { forget(tx, mine); return nil })
}

// Erase closes a person's account and takes everything out of it that tells
// who they were, in the caller's transaction: login, contacts, name, password,
// sessions, devices, links, tokens. The row stays, so that what refers to its
// id doesn't hang; the login is free again. The caller calls [Service.Forget]
// afterwards, where a program runs.
func Erase(tx *db.Tx, person id.ID) {
	for _, table := range []string{"identity_login", "identity_session", "identity_device", "identity_link", "identity_token", "identity_kept"} {
		tx.Queue(`DELETE FROM `+table+` WHERE account = $1`, person)
	}
	tx.Queue(`DELETE FROM identity_signup WHERE id = $1`, person)
	tx.Queue(`UPDATE identity_account SET version = version + 1, state = $2, display_name = $3, look = $4, password = '', login = $5, email = $5, phone = $5, email_at = 0, phone_at = 0
		WHERE id = $1`, person, string(Closed), nameless, Look{}.encode(), filled(nil))
}

// nameless stands in place of an erased person's name, in every language.
const nameless = "—"

// Forget drops what this process remembers of sessions.
func (s *Service) Forget() { s.recent.Forget() }
