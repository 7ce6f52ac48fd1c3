package casework

import (
	"context"
	"slices"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// VacateJob is the kind of the job that frees the cases of who left, or is a
// handler no more.
const VacateJob = "casework.vacate"

// Gone is an officer who handles an organisation's cases no more: the body of
// a [VacateJob].
type Gone struct {
	Organisation id.ID `json:"organisation"`
	Person       id.ID `json:"person"`
	Again        bool  `json:"again,omitempty"` // a second look, for what was assigned in the moment of leaving
}

// vacatePage is how many cases one run frees before it hands on.
const vacatePage = 200

// Held counts the open cases that an officer has in an organisation.
func (s *Service) Held(ctx context.Context, org, person id.ID) (int, error) {
	n, err := db.One(ctx, s.db, db.Int, `SELECT COUNT(*) FROM casework_inbox WHERE organisation_id=$1 AND handler_id=$2 AND bucket=0`, org, person)
	return int(n), err
}

// Vacate takes a page of open cases from an officer who left or is a handler no
// more: each stays at its stage, with its terms, and nobody has it. more tells
// whether others are left. Who is a handler there again keeps the rest.
func (s *Service) Vacate(ctx context.Context, g Gone) (more bool, err error) {
	staff, err := s.offices.Staff(ctx, []id.ID{g.Organisation})
	if err != nil {
		return false, err
	}
	for _, d := range staff[g.Organisation] {
		if d.Person == g.Person && slices.Contains(d.Roles, policy.Handler) {
			return false, nil
		}
	}
	cases, err := db.All(ctx, s.db, scanCase, `SELECT `+caseColumns+` FROM casework_case WHERE id IN (SELECT case_id FROM casework_inbox
		WHERE organisation_id=$1 AND handler_id=$2 AND bucket=0 ORDER BY due_at, case_id LIMIT $3)`, g.Organisation, g.Person, vacatePage)
	if err != nil {
		return false, err
	}
	more = len(cases) == vacatePage
	for _, c := range cases {
		office, _ := s.offices.Office(c.Organisation)
		ch := &change{env: s.env(), proc: s.Procedure(&c), row: ActionRow{Code: Vacate}, actor: policy.Machine("directory"),
			role: string(policy.System), now: s.clock.Now(), old: c, c: c, office: office}
		ch.c.Handler = id.Nil
		ch.finish()
		switch err := s.write(ctx, ch); {
		case errs.Is(err, errs.Stale): // somebody acted meanwhile: the next page has it, if it is still theirs
			more = true
		case err != nil:
			return false, err
		}
	}
	return more, nil
}
