package blob

import (
	"context"
	"time"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

// Unsent lists what an uploader has uploaded and linked to nothing, the oldest first.
func (s *Service) Unsent(ctx context.Context, q db.Querier, uploader id.ID) ([]Object, error) {
	return db.All(ctx, q, scanObject, "SELECT "+objectColumns+` FROM blob_object
		WHERE uploader = $1 AND linked = FALSE AND deleted_after = 0 ORDER BY created, id`, uploader)
}

// Erase is [Delete] for a person who goes: of the given files, and of all that
// they uploaded and sent with nothing. Names go at once, bytes after [Keep].
func Erase(ctx context.Context, tx *db.Tx, now time.Time, person id.ID, files ...id.ID) error {
	unsent, err := db.All(ctx, tx, db.ID, "SELECT id FROM blob_object WHERE uploader = $1 AND linked = FALSE", person)
	if err != nil {
		return err
	}
	all := append(unsent, files...)
	if len(all) == 0 {
		return nil
	}
	Delete(tx, now, all...)
	tx.Queue("UPDATE blob_object SET name = '' WHERE "+db.In(tx.Engine(), "id", 1), db.IDs(tx.Engine(), all))
	return nil
}
