package casework

import (
	"context"
	"slices"

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

// Former is a case that was merged into another in which its reader takes part:
// [Service.ReadFiled] by its number shows it as it was.
type Former struct {
	Number string // the reader's own, of the first; public numbers of those between
	Wrote  bool   // the reader did
	id     id.ID
}

// formers are the cases through which a number of somebody's leads to a case.
func (s *Service) formers(ctx context.Context, actor policy.Actor, into *Case, number string) (list []Former, err error) {
	c, err := s.byNumber(ctx, number)
	for err == nil && c.ID != into.ID && c.Outcome == Merged {
		list = append(list, Former{number, c.Applicant == actor.Person, c.ID})
		if c, err = s.load(ctx, c.Parent); err == nil {
			number = c.Number
		}
	}
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return list, err
}

// formersBeside adds the merged cases that the reader wrote or joined besides
// the one that takes part in: they joined both, say.
func (s *Service) formersBeside(ctx context.Context, actor policy.Actor, into *Case, list []Former) ([]Former, error) {
	within, err := s.mergedWithin(ctx, into.ID)
	if err != nil || len(within) == 0 {
		return list, err
	}
	ids := make([]id.ID, len(within))
	for i, c := range within {
		ids[i] = c.ID
	}
	e := s.db.Engine()
	in, err := db.All(ctx, s.db, db.ID, `SELECT case_id FROM casework_participant WHERE person_id=$1 AND `+db.In(e, "case_id", 2), actor.Person, db.IDs(e, ids))
	for _, c := range within {
		wrote := c.Applicant == actor.Person
		if (wrote || slices.Contains(in, c.ID)) && !slices.ContainsFunc(list, func(f Former) bool { return f.id == c.ID }) {
			list = append(list, Former{c.Number, wrote, c.ID})
		}
	}
	return list, err
}

// mergedWithin are the cases that were merged into one, and into those.
func (s *Service) mergedWithin(ctx context.Context, into id.ID) ([]Case, error) {
	return db.All(ctx, s.db, scanCase, `WITH RECURSIVE within (id) AS (
			SELECT id FROM casework_case WHERE parent_id=$1 AND outcome='merged' UNION ALL
			SELECT c.id FROM within w JOIN casework_case c ON c.parent_id=w.id AND c.outcome='merged')
		SELECT `+prefixed("c", caseColumns)+` FROM within w JOIN casework_case c ON c.id=w.id LIMIT 500`, into)
}
