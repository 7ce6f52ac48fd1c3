package casework

import (
	"context"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Numbers gives the public numbers of cases, for lists of other modules that
// know them by id. What isn't there is missing from the result.
func (s *Service) Numbers(ctx context.Context, cases []id.ID) (map[id.ID]string, error) {
	out := make(map[id.ID]string, len(cases))
	if len(cases) == 0 {
		return out, nil
	}
	type row struct {
		id     id.ID
		number string
	}
	list, err := db.All(ctx, s.db, func(sc db.Scanner) (v row, err error) { return v, sc.Scan(&v.id, &v.number) },
		`SELECT id, number FROM casework_case WHERE `+db.In(s.db.Engine(), "id", 1), db.IDs(s.db.Engine(), cases))
	for _, v := range list {
		out[v.id] = v.number
	}
	return out, err
}

// ByNumber finds a case by its number, or that of one who joined it, as people
// type it; not_found where there is none. It tells nothing of the case.
func (s *Service) ByNumber(ctx context.Context, typed string) (id.ID, error) {
	number, ok := id.ParseNumber(typed)
	if !ok {
		return id.Nil, errs.New(errs.NotFound, "")
	}
	return db.One(ctx, s.db, db.ID, `SELECT case_id FROM casework_number WHERE number = $1`, number)
}
