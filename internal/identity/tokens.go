package identity

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

const (
	maxTokens     = 50
	maxTokenName  = 60
	maxTokenLife  = 366 * 24 * time.Hour
	tokenPrefix   = "okno_" // so that scanners of leaked secrets know what it is
	tokenUseEvery = time.Hour
)

// NewToken asks for an API token.
type NewToken struct {
	Name         string
	Organisation string // code of an organisation where the person holds an office; "": the person alone
	ReadOnly     bool
	Life         time.Duration // 0: 90 days; at most 366
}

// MakeToken makes an API token for the actor and returns its text, which is
// never shown again.
func (s *Service) MakeToken(ctx context.Context, a policy.Actor, in NewToken) (Token, string, error) {
	if _, err := policy.Check(a, policy.IdentityToken, policy.Object{Owner: a.Person}); err != nil {
		return Token{}, "", err
	}
	def(&in.Life, 90*24*time.Hour)
	now := s.clock.Now()
	t := Token{ID: s.db.NewID(), Account: a.Person, Name: cleanName(in.Name), Organisation: in.Organisation,
		ReadOnly: in.ReadOnly, MadeAt: now, Ends: now.Add(in.Life)}
	var bad []errs.Field
	switch n := utf8.RuneCountInString(t.Name); {
	case n == 0:
		bad = append(bad, errs.Field{Name: "name", Rule: "required"})
	case n > maxTokenName:
		bad = append(bad, errs.Field{Name: "name", Rule: "too_long", Args: map[string]any{"Max": maxTokenName}})
	}
	if in.Life < 0 || in.Life > maxTokenLife {
		bad = append(bad, errs.Field{Name: "life", Rule: "unknown"})
	}
	if in.Organisation != "" {
		switch _, err := s.offices.Acting(ctx, a, in.Organisation); {
		case errs.Is(err, errs.NotFound):
			bad = append(bad, errs.Field{Name: "organisation", Rule: "unknown"})
		case err != nil:
			return Token{}, "", err
		}
	}
	if err := errs.InvalidFields(bad...); err != nil {
		return Token{}, "", err
	}
	sec := secret()
	text := tokenPrefix + sec.text
	fact := s.fact(a, FactTokenMade, a.Person, 0, "", TokenFact{Token: t.ID, Organisation: t.Organisation, ReadOnly: t.ReadOnly})
	err := s.do(ctx, db.People, func(tx *db.Tx) error {
		n, err := db.One(ctx, tx, db.Int, `SELECT COUNT(*) FROM identity_token WHERE account = $1`, a.Person)
		if err != nil {
			return err
		}
		if n >= maxTokens {
			return errs.With(errs.Conflict, "identity.too_many_tokens", map[string]any{"Max": maxTokens})
		}
		insertToken(tx, t, hashOf(text))
		tx.Fact(fact)
		return nil
	})
	if err != nil {
		return Token{}, "", err
	}
	return t, text, nil
}

// Tokens lists the actor's API tokens, newest first.
func (s *Service) Tokens(ctx context.Context, a policy.Actor) ([]Token, error) {
	if _, err := policy.Check(a, policy.IdentityToken, policy.Object{Owner: a.Person}); err != nil {
		return nil, err
	}
	return tokensOf(ctx, s.db, a.Person)
}

// RevokeToken ends one of the actor's API tokens at once.
func (s *Service) RevokeToken(ctx context.Context, a policy.Actor, token id.ID) error {
	if _, err := policy.Check(a, policy.IdentityToken, policy.Object{Owner: a.Person}); err != nil {
		return err
	}
	fact := s.fact(a, FactTokenRevoked, a.Person, 0, "", TokenFact{Token: token})
	return s.do(ctx, db.People, func(tx *db.Tx) error {
		n, err := tx.Exec(`DELETE FROM identity_token WHERE account = $1 AND id = $2`, a.Person, token)
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

// ResolveBearer finds who stands behind an API token (the value after "Bearer ").
// A token for an organisation acts with the roles that its owner holds there
// now; where none is left, it is unauthenticated.
func (s *Service) ResolveBearer(ctx context.Context, text string) (Resolved, error) {
	ended := errs.New(errs.Unauthenticated, "identity.token_unknown")
	if !strings.HasPrefix(text, tokenPrefix) || !plausible(text[len(tokenPrefix):]) {
		return Resolved{}, ended
	}
	r, err := resolveToken(ctx, s.db, hashOf(text))
	if errs.Is(err, errs.NotFound) {
		return Resolved{}, ended
	}
	if err != nil {
		return Resolved{}, err
	}
	now := s.clock.Now()
	if !now.Before(r.Ends) || State(r.state) != Active {
		return Resolved{}, ended
	}
	out := Resolved{Name: r.name, Actor: policy.Actor{Person: r.Account, DisplayName: r.name,
		Roles: []policy.Role{policy.Citizen}, Lang: r.lang, Zone: r.zone}}
	if r.Organisation != "" {
		if out.Actor, err = s.offices.Acting(ctx, out.Actor, r.Organisation); err != nil {
			if errs.Is(err, errs.NotFound) {
				return Resolved{}, ended
			}
			return Resolved{}, err
		}
	}
	out.Actor.Token, out.Actor.ReadOnly = r.ID, r.ReadOnly
	if now.Sub(r.UsedAt) >= tokenUseEvery {
		err := s.do(ctx, db.Background, func(tx *db.Tx) error {
			tx.Queue(`UPDATE identity_token SET used_at = $2 WHERE hash = $1`, hashOf(text), clock.Milli(now))
			return nil
		})
		if err != nil {
			s.log.Warn("identity: last use of a token not written", "error", err)
		}
	}
	return out, nil
}

// ResolveToken is [Service.ResolveBearer] for the API.
func (s *Service) ResolveToken(ctx context.Context, token string) (policy.Actor, error) {
	r, err := s.ResolveBearer(ctx, token)
	return r.Actor, err
}
