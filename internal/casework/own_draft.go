package casework

import (
	"context"
	"slices"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// anotherApproves is the rule of four eyes: nobody approves what they wrote.
const anotherApproves = "another_approves"

// noOtherApprover is the reason of an approval by the author of the draft: the
// organisation has no other approver at work.
const noOtherApprover = "no_other_approver"

// fourEyes is what the rule asks about.
type fourEyes struct {
	own    bool // the actor wrote the draft
	others bool // another approver of the organisation is at work
}

// differ refuses an approval by who wrote the draft, while another may approve it.
func (e fourEyes) differ() *errs.Field {
	if e.own && e.others {
		return &errs.Field{Name: "approver", Rule: "author", Key: "case.own_draft"}
	}
	return nil
}

// eyesOn finds out who wrote the draft that awaits approval and who else may approve it.
func (s *Service) eyesOn(ctx context.Context, actor policy.Actor, c *Case) (e fourEyes, err error) {
	if c.Draft == 0 || !actor.SignedIn() {
		return e, nil
	}
	n, err := db.One(ctx, s.db, db.Int, `SELECT COUNT(*) FROM casework_entry WHERE case_id=$1 AND n=$2 AND author_id=$3`, c.ID, c.Draft, actor.Person)
	if e.own = n > 0; err != nil || !e.own {
		return e, err
	}
	staff, err := s.offices.Staff(ctx, []id.ID{c.Organisation})
	e.others = slices.ContainsFunc(staff[c.Organisation], func(d Duty) bool {
		return d.Person != actor.Person && !d.Absent && slices.Contains(d.Roles, policy.Approver)
	})
	return e, err
}
