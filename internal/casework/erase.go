package casework

import (
	"context"
	"fmt"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// Erase takes a person's words out of what is stored open: the texts that they
// wrote, the titles made of them, landmarks and details of their cases, the
// files that they sent. What the authority did, and when, stays. It is used
// where a person is erased, and by a restore for whoever was erased after the
// backup.
func Erase(tx *db.Tx, person id.ID) {
	const own = `(SELECT case_id FROM casework_mine WHERE person_id=$1)`
	tx.Queue(`UPDATE casework_entry SET body='' WHERE author_id=$1 AND case_id IN `+own, person)
	// Officers quote them: the excerpt for strangers, the parts of a split report.
	tx.Queue(`UPDATE casework_entry SET body='' WHERE kind IN ('text','excerpt') AND case_id IN
		(SELECT case_id FROM casework_mine WHERE person_id=$1 AND kind='author')`, person)
	tx.Queue(`UPDATE casework_case SET title='', place_note='', details='' WHERE applicant_id=$1 AND id IN `+own, person)
	tx.Queue(`DELETE FROM casework_attachment WHERE uploader_id=$1 AND case_id IN `+own, person)
}

// FilesToErase lists the files that [Erase] takes out of a person's cases: the
// caller deletes their bytes in the same transaction. Read it there, before.
func FilesToErase(ctx context.Context, q db.Querier, person id.ID) ([]id.ID, error) {
	return db.All(ctx, q, db.ID, `SELECT DISTINCT a.blob_id FROM casework_mine m JOIN casework_attachment a ON a.case_id=m.case_id
		WHERE m.person_id=$1 AND a.uploader_id=$1`, person)
}

// Leaving is what becomes of a person's reports when they go.
type Leaving struct {
	Withdraw int // at work and theirs alone: they are withdrawn
	Stay     int // over, or others joined: they stay without the person's words
	Joined   int // of others, which the person joined: they go on
}

// Leaving counts what [Service.Leave] would do.
func (s *Service) Leaving(ctx context.Context, actor policy.Actor) (out Leaving, err error) {
	err = s.eachMine(ctx, actor, func(row MineRow) error {
		switch {
		case row.Kind != "author":
			out.Joined++
		case s.leaves(actor, &row.Case):
			out.Withdraw++
		default:
			out.Stay++
		}
		return nil
	})
	return out, err
}

// Leave withdraws the actor's own reports that are at work and that nobody
// joined. A report that others joined, or whose answer awaits approval, goes
// on: it is no longer the author's alone, and no reply of theirs is waited for.
// Nobody has to write to them of reports that they joined.
func (s *Service) Leave(ctx context.Context, actor policy.Actor) error {
	return s.eachMine(ctx, actor, func(row MineRow) (err error) {
		switch {
		case row.Kind != "author" && row.Open():
			err = s.Unjoin(ctx, actor, row.MyNumber)
		case row.Kind != "author":
			return nil
		case s.leaves(actor, &row.Case):
			_, err = s.Act(ctx, actor, row.Number, Withdraw, Input{})
		case row.Stage == StageWaiting:
			_, err = s.Act(ctx, policy.Machine("erasure"), row.Number, Resume, Input{Reason: "no_reply"})
		}
		switch {
		case errs.Is(err, errs.Conflict), errs.Is(err, errs.Stale): // an officer was quicker: it goes on
			return nil
		case err != nil:
			return fmt.Errorf("report %s: %w", row.MyNumber, err)
		}
		return nil
	})
}

func (s *Service) leaves(actor policy.Actor, c *Case) bool {
	if c.People > 1 || !c.Open() {
		return false
	}
	for _, row := range s.Procedure(c).Possible(c.Stage) {
		if row.Code == Withdraw {
			c.Applicant = actor.Person // a list leaves it out
			return s.may(actor, row, c) == nil
		}
	}
	return false
}

// eachMine goes over the actor's own and joined cases, the newest first.
func (s *Service) eachMine(ctx context.Context, actor policy.Actor, fn func(MineRow) error) error {
	for after := id.Nil; ; {
		rows, more, err := s.Mine(ctx, actor, after, MaxPageSize)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := fn(row); err != nil {
				return err
			}
			after = row.ID
		}
		if !more {
			return nil
		}
	}
}
