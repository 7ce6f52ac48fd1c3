package directory

import (
	"context"
	"slices"

	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// grants refuses roles that somebody would give to themselves: of what they may
// do and read, another administrator decides. Roles that they had may stay, or go.
func grants(a policy.Actor, person id.ID, had, now []policy.Role) error {
	if a.Has(policy.System) || person != a.Person {
		return nil
	}
	for _, r := range now {
		if !slices.Contains(had, r) {
			return errs.New(errs.Conflict, "directory.own_roles")
		}
	}
	return nil
}

// admins are the roles of administrators that a change of an office ends and
// that somebody must go on holding: in an organisation that works, in the region.
func admins(a policy.Actor, o Organisation, had, now []policy.Role) (ending []policy.Role) {
	for _, r := range []policy.Role{policy.OrgAdmin, policy.RegionAdmin} {
		if slices.Contains(had, r) && !slices.Contains(now, r) && !a.Has(policy.System) && (r == policy.RegionAdmin || o.Active) {
			ending = append(ending, r)
		}
	}
	return ending
}

// others is the query that finds one row where somebody but a person holds a
// role of administrators; of the region's in any organisation.
func others(r policy.Role, org, person id.ID) (text string, args []any) {
	text, args = `SELECT 1 FROM directory_officer WHERE ' ' || roles || ' ' LIKE $1 AND person <> $2`, []any{"% " + string(r) + " %", person}
	if r == policy.OrgAdmin {
		text, args = text+` AND organisation = $3`, append(args, org)
	}
	return text + ` LIMIT 1`, args
}

// stay refuses to end the roles where nobody else holds one of them.
func (s *Service) stay(ctx context.Context, org, person id.ID, ending []policy.Role) error {
	for _, r := range ending {
		text, args := others(r, org, person)
		if _, err := db.One(ctx, s.db, db.Int, text, args...); errs.Is(err, errs.NotFound) {
			return errs.New(errs.Conflict, "directory.last_"+string(r))
		} else if err != nil {
			return err
		}
	}
	return nil
}

// guard is [Service.stay] in the transaction that ends the roles. Such
// transactions go one by one: two can't take the last two away from each other.
func guard(tx *db.Tx, org, person id.ID, ending []policy.Role) {
	if len(ending) > 0 {
		tx.QueueOne(`UPDATE directory_state SET tree = tree WHERE id = 1`)
	}
	for _, r := range ending {
		text, args := others(r, org, person)
		tx.QueueOne(text, args...)
	}
}
