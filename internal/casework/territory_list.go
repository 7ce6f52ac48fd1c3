package casework

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// MaxLooked is how many rows of the list one page of a territory looks
// through: filters that no index holds together may leave a page short, and
// the next one goes on from there.
const MaxLooked = 2000

// lookStep is how many rows are looked through at a time where not each fits.
const lookStep = 200

// TerritoryPage is one page of the cases of a territory.
type TerritoryPage struct {
	Rows []Row
	Next *Mark // where the next page begins; nil: there is none
}

// InTerritory is one page, by deadline, of the cases that lie in the
// territories which the actor's organisation oversees, whoever holds them. It
// is forbidden to who oversees none. A case is found exactly where
// [Service.Read] would open it to the actor by its territory.
func (s *Service) InTerritory(ctx context.Context, actor policy.Actor, f InboxFilter) (TerritoryPage, error) {
	reach, err := reachOf(actor, policy.CaseworkList)
	if err != nil {
		return TerritoryPage{}, err
	}
	if f.Deadline != "" && !slices.Contains(deadlines, f.Deadline) {
		return TerritoryPage{}, errs.InvalidFields(errs.Field{Name: "deadline", Rule: "unknown"})
	}
	size := f.Size
	if size <= 0 || size > MaxPageSize {
		size = PageSize
	}
	scope := policy.Scope{Territories: reach}
	if f.Territory != "" {
		if !slices.Contains(reach, f.Territory) {
			return TerritoryPage{}, nil
		}
		scope.Territories = []string{f.Territory}
	}
	w := s.walkOf(actor.Organisation, scope.Territories, f)
	step := size + 1
	if len(w.rest) > 0 {
		step = max(step, lookStep)
	}
	var found []Mark
	var next *Mark
	for at, looked := f.After, 0; next == nil; {
		keys, err := w.next(ctx, s.db, at, step)
		if err != nil {
			return TerritoryPage{}, err
		}
		for _, k := range keys {
			if k.fits {
				found = append(found, k.Mark)
			}
		}
		if len(found) > size {
			found = found[:size]
			next = &found[size-1]
			break
		}
		if len(keys) < step {
			break
		}
		at = keys[len(keys)-1].Mark
		if looked += len(keys); looked >= MaxLooked {
			next = &at
		}
	}
	rows, err := s.rowsOf(ctx, scope, found)
	return TerritoryPage{rows, next}, err
}

// Controlled counts what is late and what is due today in the territories that
// the actor's organisation oversees, exact up to CountLimit.
func (s *Service) Controlled(ctx context.Context, actor policy.Actor) ([]Folder, error) {
	reach, err := reachOf(actor, policy.CaseworkControl)
	if err != nil {
		return nil, err
	}
	var out []Folder
	for _, code := range controlled {
		w := s.walkOf(actor.Organisation, reach, InboxFilter{Deadline: code})
		n, err := w.count(ctx, s.db)
		if err != nil {
			return nil, err
		}
		out = append(out, Folder{code, n})
	}
	return out, nil
}

// controlled are the folders of a territory that are counted.
var controlled = []string{"late", "today"}

// reachOf are the territories in which the actor may take the action by the
// territory alone.
func reachOf(actor policy.Actor, action policy.Action) ([]string, error) {
	scope, err := policy.ScopeOf(actor, action)
	if err != nil {
		return nil, err
	}
	if scope.MetadataOnly || len(scope.Territories) == 0 {
		return nil, errs.New(errs.Forbidden, "")
	}
	return scope.Territories, nil
}

// rowsOf reads the cases of marks in their order, those alone that the scope shows.
func (s *Service) rowsOf(ctx context.Context, scope policy.Scope, marks []Mark) ([]Row, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	ids := make([]id.ID, len(marks))
	for i, m := range marks {
		ids[i] = m.ID
	}
	e := s.db.Engine()
	cond, args := scope.SQL(e, policy.Columns{Territory: "c.territory"}, 2)
	cases, err := db.All(ctx, s.db.Planned(), listed(), fmt.Sprintf(`SELECT %s FROM casework_case c WHERE %s AND %s`,
		prefixed("c", listColumns), db.In(e, "c.id", 1), cond), append([]any{db.IDs(e, ids)}, args...)...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(cases, func(a, b Case) int { return cmp.Compare(slices.Index(ids, a.ID), slices.Index(ids, b.ID)) })
	rows := make([]Row, len(cases))
	for i, c := range cases {
		rows[i] = Row{Case: c, Category: categoryOf(c.Fact)}
	}
	return rows, nil
}
