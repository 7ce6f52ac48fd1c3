package casework

import (
	"context"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// followed is the case that answers a citizen under a number of theirs: for one
// that was merged, whose author they are or which they joined, the case that
// took it in, as often as that happened. filed is the number of the merged case
// that they wrote, by which [Service.ReadFiled] shows their words.
func (s *Service) followed(ctx context.Context, actor policy.Actor, c Case) (_ Case, filed string, err error) {
	for actor.SignedIn() && actor.Organisation == id.Nil && c.Outcome == Merged {
		theirs, err := s.takesPart(ctx, actor, &c)
		if err != nil || !theirs {
			return c, filed, err
		}
		into, err := s.load(ctx, c.Parent)
		if errs.Is(err, errs.NotFound) {
			return c, filed, nil
		}
		if err != nil {
			return c, filed, err
		}
		if theirs, err = s.takesPart(ctx, actor, &into); err != nil || !theirs {
			return c, filed, err
		}
		if c.Applicant == actor.Person && filed == "" {
			filed = c.Number
		}
		c = into
	}
	return c, filed, nil
}

// takesPart tells whether a person wrote a case or joined it.
func (s *Service) takesPart(ctx context.Context, actor policy.Actor, c *Case) (bool, error) {
	if c.Applicant == actor.Person {
		return true, nil
	}
	_, ok, err := s.participant(ctx, c.ID, actor.Person)
	return ok, err
}

// publicRelatives says of a report that was merged or split where strangers
// find what became of it. Reports that strangers don't see are not among them.
func (s *Service) publicRelatives(ctx context.Context, c *Case, p *Public) error {
	switch c.Outcome {
	case Merged:
		into, err := s.load(ctx, c.Parent)
		for err == nil && into.Outcome == Merged {
			into, err = s.load(ctx, into.Parent)
		}
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err == nil && into.public() {
			p.Into = into.Number
		}
		return err
	case Split:
		parts, err := db.All(ctx, s.db, scanCase, `SELECT `+caseColumns+` FROM casework_case WHERE id IN
			(SELECT case_id FROM casework_mine WHERE person_id=$1 AND case_id>$2) AND parent_id=$2 AND outcome<>'merged' ORDER BY id LIMIT $3`, c.Applicant, c.ID, maxParts)
		for _, part := range parts {
			if part.public() {
				p.Parts = append(p.Parts, part.Number)
			}
		}
		return err
	}
	return nil
}

// tookIn finds the cases that others were merged into by some steps.
func (s *Service) tookIn(ctx context.Context, steps []Step, cases map[id.ID]*Case) (map[id.ID]*Case, error) {
	var ids []id.ID
	for _, st := range steps {
		if c := cases[st.Case]; st.Action == Merge && c != nil && c.Parent != id.Nil {
			ids = append(ids, c.Parent)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := db.All(ctx, s.db, scanCase, `SELECT `+caseColumns+` FROM casework_case WHERE `+db.In(s.db.Engine(), "id", 1), db.IDs(s.db.Engine(), ids))
	out := make(map[id.ID]*Case, len(list))
	for i := range list {
		out[list[i].ID] = &list[i]
	}
	return out, err
}

// tellMerged says in the notices of a merge when the answer comes: by the term
// of the case that stays, and in so many words where that is another than was
// told, is over, or stands.
func tellMerged(list []Addressee, c, into *Case) {
	kind, args := "merged", map[string]string{}
	switch {
	case into == nil || !into.Open() || into.PausedAt > 0:
		kind = "merged_open"
	case into.ExecutionAt > 0:
		kind, args["execution"] = "merged_promised", into.ExecutionDate
	default:
		args["review"] = into.ReviewDate
		if into.ReviewAt <= c.ClosedAt {
			kind = "merged_late"
		} else if into.ReviewAt > c.ReviewAt {
			kind = "merged_moved"
		}
	}
	for i := range list {
		if list[i].Office == id.Nil {
			list[i].Kind, list[i].Args = kind, args
		}
	}
}

// before finds the report under whose number somebody takes part in another, for
// it was merged: its number and whether they wrote it; "" where they joined this very one.
func (s *Service) before(ctx context.Context, c *Case, p Participant) (number string, wrote bool, err error) {
	if p.Kind != "merged" {
		return "", false, nil
	}
	type row struct {
		of, person id.ID
	}
	found, err := db.All(ctx, s.db, func(r db.Scanner) (x row, err error) { return x, r.Scan(db.ScanID(&x.of), db.ScanID(&x.person)) },
		`SELECT case_id, person_id FROM casework_number WHERE number=$1`, p.Number)
	if err != nil || len(found) == 0 || found[0].of == c.ID {
		return "", false, err
	}
	return p.Number, found[0].person == id.Nil, nil
}
