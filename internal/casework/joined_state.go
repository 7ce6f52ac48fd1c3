package casework

import (
	"context"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
)

// own turns the state of a report that somebody joined into how it stands for
// them: since the moment of their joining and by their own rating. How the
// author filed it, was asked and rated is not in it.
func (c *Case) own(me Participant, now time.Time) {
	c.RegisteredAt, c.Mark, c.Solved = clock.Milli(me.JoinedAt), me.Mark, me.Solved
	c.Lang, c.Channel, c.Chosen, c.WaitUntil = "", "", false, 0
	if c.Stage == StageWaiting { // whom the office asks is the author's
		c.Stage = StageExecution
	}
	switch {
	case c.Outcome == Withdrawn: // the author's act, at the author's moment
		c.ClosedAt = 0
	case c.Stage != StageAnswered && c.Outcome != Rated && c.Outcome != Unrated:
	case me.ratedAnswer(c):
		c.Stage, c.Outcome, c.ClosedAt = StageClosed, Rated, clock.Milli(me.RatedAt)
	case clock.Milli(now) < c.RateUntil:
		c.Stage, c.Outcome, c.ClosedAt = StageAnswered, "", 0
	default:
		c.Stage, c.Outcome, c.ClosedAt = StageClosed, Unrated, c.RateUntil
	}
}

// ratedAnswer tells whether the participant's mark is of the last answer: after
// a reopening it is of the one before.
func (p Participant) ratedAnswer(c *Case) bool {
	return p.Mark > 0 && c.AnsweredAt > 0 && clock.Milli(p.RatedAt) >= c.AnsweredAt
}

// clarifying tells of a report that somebody joined that its term stands while
// details are found out.
func (c *Case) clarifying() bool { return c.Stage == StageExecution && c.PausedAt > 0 }

// Voices are how many of those who joined said of the last answer whether the
// problem is solved; of the former one while there is no new one.
type Voices struct{ Solved, Unsolved int64 }

func (s *Service) voices(ctx context.Context, c *Case) (out Voices, err error) {
	type count struct {
		solved string
		n      int64
	}
	list, err := db.All(ctx, s.db, func(r db.Scanner) (x count, err error) { return x, r.Scan(&x.solved, &x.n) },
		`SELECT solved, COUNT(*) FROM casework_participant WHERE case_id=$1 AND mark>0 AND rated_at>=$2 GROUP BY solved`, c.ID, c.AnsweredAt)
	for _, x := range list {
		switch x.solved {
		case "yes":
			out.Solved = x.n
		case "no":
			out.Unsolved = x.n
		}
	}
	return out, err
}
