package casework

import (
	"context"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// ClockJob is the kind of the timer that every open case has.
const ClockJob = "casework.clock"

// heldFor is how much later a clock rings that was held.
const heldFor = 2 * time.Minute

// Hold keeps every case's clock from ringing until release is called: while
// cases of the past are being written, what a clock would do of itself comes
// as a step at its own moment.
func (s *Service) Hold() (release func()) {
	s.held.Store(true)
	return func() { s.held.Store(false) }
}

// Ring does what is due of a case's clocks: reminders and overdue marks as
// facts, the end of waiting for the applicant, the end of the time to rate. A
// timer that rings for what has changed meanwhile does nothing but set the next.
func (s *Service) Ring(ctx context.Context, subject id.ID) error {
	c, err := s.load(ctx, subject)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	actor, now := policy.Machine("clock"), s.clock.Now()
	if s.held.Load() {
		return db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error {
			tx.Timer(db.Timer{Kind: ClockJob, Subject: c.ID, At: now.Add(heldFor)})
			return nil
		})
	}
	ms := clock.Milli(now)
	switch {
	case c.Stage == StageAnswered && c.RateUntil > 0 && c.RateUntil <= ms:
		_, err = s.act(ctx, actor, c, Lapse, Input{Version: c.Version}, now)
	case c.Stage == StageWaiting && c.WaitUntil > 0 && c.WaitUntil <= ms:
		_, err = s.act(ctx, actor, c, Resume, Input{Version: c.Version, Reason: "no_reply"}, now)
	default:
		err = s.alarm(ctx, actor, c)
	}
	if errs.Is(err, errs.Stale) { // somebody acted meanwhile, and set the timer anew
		return nil
	}
	return err
}

// RingSince rings, each at its own moment, what a case's clocks would have rung
// until now: for cases that were written as of the past. What has a step of its
// own, the end of waiting and of the time to rate, is left to [Service.Ring].
func (s *Service) RingSince(ctx context.Context, subject id.ID) error {
	actor := policy.Machine("clock")
	for {
		c, err := s.load(ctx, subject)
		if err != nil {
			return err
		}
		proc := s.Procedure(&c)
		office, _ := s.offices.Office(c.Organisation)
		env := s.env()
		at := c.nextAlarm(func(due int64) int64 { return env.remindAt(office, due, proc.RemindBefore) })
		if at.IsZero() || at.After(s.clock.Now()) {
			return nil
		}
		if began := clock.FromMilli(c.StageAt); at.Before(began) { // it was due before the case came there
			at = began
		}
		ch, due := s.raised(actor, c, at)
		if !due {
			return nil
		}
		if err := s.write(ctx, ch); err != nil {
			return err
		}
	}
}

// alarm writes one fact for the alarms that are due.
func (s *Service) alarm(ctx context.Context, actor policy.Actor, c Case) error {
	ch, due := s.raised(actor, c, s.clock.Now())
	if !due {
		timer := s.timer(ch)
		return db.Do(ctx, s.db, db.Background, func(tx *db.Tx) error { tx.Timer(timer); return nil })
	}
	return s.write(ctx, ch)
}

// raised is the change by which the alarms that are due at now are raised; due
// is false where there are none.
func (s *Service) raised(actor policy.Actor, c Case, now time.Time) (ch *change, due bool) {
	proc := s.Procedure(&c)
	office, _ := s.offices.Office(c.Organisation)
	ch = &change{env: s.env(), proc: proc, row: ActionRow{Code: Alarm}, actor: actor, role: string(policy.System),
		now: now, old: c, c: c, office: office}
	remind := func(due int64) int64 { return ch.env.remindAt(office, due, proc.RemindBefore) }
	names := ch.c.raise(ch.now, remind)
	if len(names) == 0 {
		return ch, false
	}
	ch.reason = names[len(names)-1] // the gravest of those that came together
	ch.finish()
	return ch, true
}
