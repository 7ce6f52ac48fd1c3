package privacy

import (
	"context"
	"strings"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Rooms is what the erasure and the export of a person need of other modules.
type Rooms struct {
	Export []Room // in the order of the archive

	Password func(ctx context.Context, a policy.Actor, password string) error // [errs.Invalid] with the field password
	InOffice func(ctx context.Context, q db.Querier, a policy.Actor) (bool, error)
	Leaving  func(ctx context.Context, a policy.Actor) (Leaving, error)
	Leave    func(ctx context.Context, a policy.Actor) error // takes back what still waits for the person
	Erase    func(ctx context.Context, tx *db.Tx, a policy.Actor) error
	Erased   func() // drops what this process remembers
}

// Leaving tells a person what an erasure will do to their reports.
type Leaving struct {
	Withdraw int // at work and theirs alone: withdrawn
	Stay     int // they stay, without the person's words
	Joined   int // of others: they go on
}

// Bind sets what other modules do; called once, at start.
func (s *Service) Bind(r Rooms) { s.rooms = r }

// Leaving is what an erasure of the actor would do. Conflict where they hold
// an office: what officers did is the authority's.
func (s *Service) Leaving(ctx context.Context, a policy.Actor) (Leaving, error) {
	if err := s.mayLeave(ctx, s.db, a); err != nil {
		return Leaving{}, err
	}
	return s.rooms.Leaving(ctx, a)
}

func (s *Service) mayLeave(ctx context.Context, q db.Querier, a policy.Actor) error {
	if _, err := policy.Check(a, policy.PrivacyErase, policy.Object{Owner: a.Person}); err != nil {
		return err
	}
	held, err := s.rooms.InOffice(ctx, q, a)
	if err == nil && held {
		err = errs.New(errs.Conflict, "privacy.in_office")
	}
	return err
}

// Erase erases the actor for good, given their password: their reports that
// wait for nobody else are withdrawn, then, in one transaction, the key of
// their sealed data is destroyed and what is stored open of them is taken out.
// Before that they stand on the erasure list, so that no old backup brings them
// back. Errors: Invalid for a wrong password; Conflict for an officer.
func (s *Service) Erase(ctx context.Context, a policy.Actor, password string) error {
	if err := s.mayLeave(ctx, s.db, a); err != nil {
		return err
	}
	if err := s.rooms.Password(ctx, a, password); err != nil {
		return err
	}
	return s.erase(ctx, a, s.fact(a, FactErased))
}

// OnPaper is what the journal tells of an erasure by an operator.
type OnPaper struct {
	Reason string `json:"reason"` // in the operator's words: what was asked for, and how
}

// EraseFor erases a person who asked for it elsewhere than on their page, as
// [Service.Erase] does, but without their password: an operator has seen who
// they are. Errors: Invalid without a reason; Conflict for an officer.
func (s *Service) EraseFor(ctx context.Context, operator policy.Actor, person id.ID, reason string) error {
	if _, err := policy.Check(operator, policy.PrivacyErase, policy.Object{Owner: person}); err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return errs.InvalidFields(errs.Field{Name: "reason", Rule: "required"})
	}
	a := policy.Actor{Person: person, Roles: []policy.Role{policy.Citizen}, Lang: operator.Lang}
	if err := s.mayLeave(ctx, s.db, a); err != nil {
		return err
	}
	return s.erase(ctx, a, db.Fact{Kind: FactErased, Subject: person, Person: operator.Person, Role: operator.Name, At: s.clock.Now(), Body: OnPaper{reason}})
}

func (s *Service) erase(ctx context.Context, a policy.Actor, fact db.Fact) error {
	if err := s.rooms.Leave(ctx, a); err != nil {
		return err
	}
	err := s.vault.Erase(ctx, a.Person, func(tx *db.Tx) error {
		if err := s.mayLeave(ctx, tx, a); err != nil { // an office that was given in this moment
			return err
		}
		tx.Fact(fact)
		return s.rooms.Erase(ctx, tx, a)
	})
	s.rooms.Erased()
	return err
}

func (s *Service) fact(a policy.Actor, kind string) db.Fact {
	return db.Fact{Kind: kind, Subject: a.Person, Person: a.Person, Role: string(policy.Citizen), At: s.clock.Now()}
}
