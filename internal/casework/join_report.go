package casework

import (
	"cmp"
	"context"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Join makes the actor a participant of an open case instead of filing the
// same again: with a number, the deadline, notices and a rating of their own,
// and nothing of the author's correspondence. Joining twice answers with the
// number that was given.
func (s *Service) Join(ctx context.Context, actor policy.Actor, number string) (Receipt, error) {
	return s.joinOf(ctx, actor, number, time.Time{}, "", "")
}

// joinOnce is the operation of idempotency keys.
const joinOnce = "casework.join"

// JoinKeyed is [Service.Join] for calls with a key: the same key again answers the
// number that was given, IdempotencyMismatch of another report, Conflict where
// the person has left since.
func (s *Service) JoinKeyed(ctx context.Context, actor policy.Actor, number, key string) (Receipt, error) {
	c, err := s.byNumber(ctx, number)
	if err != nil {
		return Receipt{}, err
	}
	_, before, err := db.Made(ctx, s.db, actor.Person, joinOnce, key, fingerprint(c.ID))
	if err != nil {
		return Receipt{}, err
	}
	if before && c.Applicant != actor.Person {
		_, still, err := s.participant(ctx, c.ID, actor.Person)
		if err != nil {
			return Receipt{}, err
		}
		if !still {
			return Receipt{}, errs.New(errs.Conflict, "case.left_since")
		}
	}
	r, err := s.joinOf(ctx, actor, number, time.Time{}, "", key)
	if table, twice := db.Unique(err); twice && table == "db_once" { // two calls at once: one of them did it
		return s.JoinKeyed(ctx, actor, number, key)
	}
	return r, err
}

// JoinAt is [Service.Join] at a moment of the past, with the person's own
// number, for the demonstration.
func (s *Service) JoinAt(ctx context.Context, actor policy.Actor, number string, at time.Time, own string) (Receipt, error) {
	return s.joinOf(ctx, actor, number, at, own, "")
}

func (s *Service) joinOf(ctx context.Context, actor policy.Actor, number string, at time.Time, own, key string) (Receipt, error) {
	return patient(func() (Receipt, error) {
		return drawn(func() (Receipt, error) { return s.join(ctx, actor, number, at, own, key) })
	})
}

func (s *Service) join(ctx context.Context, actor policy.Actor, number string, at time.Time, own, key string) (Receipt, error) {
	c, err := s.byNumber(ctx, number)
	if err != nil {
		return Receipt{}, err
	}
	if _, err := policy.Check(actor, policy.CaseworkJoin, objectOf(&c)); err != nil {
		return Receipt{}, err
	}
	if c.Applicant == actor.Person {
		return Receipt{Case: c.ID, Number: c.Number, Repeat: true}, nil
	}
	if p, ok, err := s.participant(ctx, c.ID, actor.Person); err != nil || ok {
		return Receipt{Case: c.ID, Number: p.Number, Repeat: true}, err
	}
	if !c.Open() {
		key := "case.join_closed"
		if c.Outcome == Merged || c.Outcome == Split {
			key = "case.join_elsewhere"
		}
		return Receipt{}, errs.New(errs.Conflict, key)
	}
	office, _ := s.offices.Office(c.Organisation)
	if at.IsZero() {
		at, own = s.clock.Now(), s.number()
	}
	ch := &change{env: s.env(), proc: s.Procedure(&c), row: ActionRow{Code: Joined}, actor: actor,
		role: string(policy.Citizen), now: at, old: c, c: c, office: office}
	ch.c.People++
	ch.finish()
	p := Participant{Person: actor.Person, Number: own, Kind: "joined", JoinedAt: ch.now}
	ch.also = append(ch.also, func(tx *db.Tx) {
		addParticipant(tx, &ch.c, p, false)
		if key != "" {
			tx.Once(actor.Person, joinOnce, key, fingerprint(c.ID), c.ID)
		}
	})
	if err := s.write(ctx, ch); err != nil {
		return Receipt{}, err
	}
	return Receipt{Case: c.ID, Number: p.Number}, nil
}

// Unjoin takes back that the actor joined an open case, or that theirs was
// merged into it: nobody has to write to them, and the author may withdraw again.
// The number that they had opens no more than strangers see.
func (s *Service) Unjoin(ctx context.Context, actor policy.Actor, number string) error {
	_, err := patient(func() (id.ID, error) {
		c, err := s.byNumber(ctx, number)
		if err != nil {
			return id.Nil, err
		}
		if c, _, err = s.followed(ctx, citizenOf(actor), c); err != nil {
			return id.Nil, err
		}
		p, ok, err := s.participant(ctx, c.ID, actor.Person)
		if err != nil {
			return id.Nil, err
		}
		if !ok {
			return id.Nil, notFound()
		}
		o := objectOf(&c)
		o.Participants = []id.ID{p.Person}
		if _, err := policy.Check(actor, policy.CaseworkUnjoin, o); err != nil {
			return id.Nil, err
		}
		if !c.Open() {
			return id.Nil, errs.New(errs.Conflict, "case.unjoin_closed")
		}
		office, _ := s.offices.Office(c.Organisation)
		ch := &change{env: s.env(), proc: s.Procedure(&c), row: ActionRow{Code: Unjoined}, actor: actor,
			role: string(policy.Citizen), now: s.clock.Now(), old: c, c: c, office: office}
		ch.c.People--
		ch.finish()
		within, err := s.mergedWithin(ctx, c.ID)
		if err != nil {
			return id.Nil, err
		}
		ch.also = append(ch.also, func(tx *db.Tx) {
			for _, merged := range within {
				dropParticipant(tx, merged.ID, p.Person)
			}
			dropParticipant(tx, c.ID, p.Person)
		})
		return c.ID, s.write(ctx, ch)
	})
	return err
}

// RateJoined takes the mark of a person who joined. It changes nothing for the author.
func (s *Service) RateJoined(ctx context.Context, actor policy.Actor, number string, in Input) error {
	return s.RateJoinedAt(ctx, actor, number, in, time.Time{})
}

// RateJoinedAt is [Service.RateJoined] at a moment of the past, for the
// demonstration; there the same mark again changes nothing.
func (s *Service) RateJoinedAt(ctx context.Context, actor policy.Actor, number string, in Input, at time.Time) error {
	c, err := s.byNumber(ctx, number)
	if err != nil {
		return err
	}
	if c, _, err = s.followed(ctx, citizenOf(actor), c); err != nil {
		return err
	}
	p, ok, err := s.participant(ctx, c.ID, actor.Person)
	if err != nil {
		return err
	}
	if !ok {
		return notFound()
	}
	o := objectOf(&c)
	o.Participants = []id.ID{p.Person}
	if _, err := policy.Check(actor, policy.CaseworkRate, o); err != nil {
		return err
	}
	if now := cmp.Or(at, s.clock.Now()); c.Stage != StageAnswered && c.Outcome != Rated && c.Outcome != Unrated || clock.Milli(now) >= c.RateUntil {
		return errs.With(errs.Conflict, "case.wrong_stage", map[string]any{"Stage": string(c.Stage), "Action": string(Rate)})
	}
	var fields []errs.Field
	if in.Mark < 1 || in.Mark > 5 {
		fields = append(fields, errs.Field{Name: "mark", Rule: "required", Key: "case.mark_required"})
	}
	if in.Solved != "yes" && in.Solved != "no" {
		fields = append(fields, errs.Field{Name: "solved", Rule: "required", Key: "case.solved_required"})
	}
	if err := errs.InvalidFields(fields...); err != nil {
		return err
	}
	now, lane := s.clock.Now(), db.People
	if !at.IsZero() {
		if clock.Milli(p.RatedAt) == clock.Milli(at) {
			return nil
		}
		now, lane = at, db.Background
	} else if p.Mark == in.Mark && p.Solved == in.Solved { // the same form, sent twice
		return nil
	}
	return db.Do(ctx, s.db, lane, func(tx *db.Tx) error {
		tx.QueueOne(`UPDATE casework_participant SET mark=$3, solved=$4, rated_at=$5 WHERE case_id=$1 AND person_id=$2`,
			c.ID, p.Person, in.Mark, in.Solved, now.UnixMilli())
		tx.Fact(db.Fact{Kind: "casework.joined_rated", Subject: c.ID, Person: actor.Person, Role: string(policy.Citizen), At: now,
			Body: JoinedRated{Mark: in.Mark, Solved: in.Solved, MarkBefore: p.Mark, SolvedBefore: p.Solved}})
		return nil
	})
}

// JoinedRated is the body of fact "casework.joined_rated". It is no step of
// the case and carries no version.
type JoinedRated struct {
	Mark         int64  `json:"mark"`
	Solved       string `json:"solved"`
	MarkBefore   int64  `json:"mark_before,omitempty"`
	SolvedBefore string `json:"solved_before,omitempty"`
}
