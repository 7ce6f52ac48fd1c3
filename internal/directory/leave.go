package directory

import (
	"context"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

// InOffice tells whether a person holds any office, in an organisation that no
// longer works too.
func (s *Service) InOffice(ctx context.Context, q db.Querier, person id.ID) (bool, error) {
	list, err := officesOf(ctx, q, person)
	return len(list) > 0, err
}

// Erase ends a person's offices, in the caller's transaction: for a restore,
// which may bring back one of who was erased since.
func Erase(tx *db.Tx, person id.ID) {
	tx.Queue(`DELETE FROM directory_officer WHERE person = $1`, person)
}
