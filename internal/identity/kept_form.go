package identity

import (
	"context"
	"net/http"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// maxKept is how many forms are kept for one account; the oldest goes first.
const maxKept = 5

// KeptForms holds what people sent after their session had ended. It implements
// [web.Keeper].
type KeptForms struct{ s *Service }

// KeptForms is the store of forms whose session was lost.
func (s *Service) KeptForms() KeptForms { return KeptForms{s} }

// Owner is the account that signed in last from the browser of a request;
// id.Nil where nobody is known to have.
func (k KeptForms) Owner(ctx context.Context, r *http.Request) (id.ID, error) {
	c, err := r.Cookie(deviceCookie)
	if err != nil || !plausible(c.Value) {
		return id.Nil, nil
	}
	account, err := db.One(ctx, k.s.db, db.ID, `SELECT account FROM identity_device WHERE hash = $1`, hashOf(c.Value))
	if errs.Is(err, errs.NotFound) {
		return id.Nil, nil
	}
	return account, err
}

// Keep stores sealed words of owner under the hash of a browser's cookie until ends.
func (k KeptForms) Keep(ctx context.Context, hash []byte, owner id.ID, sealed []byte, ends time.Time) error {
	now := k.s.clock.Now()
	return db.Do(ctx, k.s.db, db.People, func(tx *db.Tx) error {
		tx.Queue(`DELETE FROM identity_kept WHERE ends <= $1`, clock.Milli(now))
		tx.Queue(`DELETE FROM identity_kept WHERE account = $1 AND ends < (SELECT MIN(ends) FROM
			(SELECT ends FROM identity_kept WHERE account = $1 ORDER BY ends DESC LIMIT $2) newest)`, owner, maxKept-1)
		tx.Queue(`DELETE FROM identity_kept WHERE hash = $1`, hash)
		tx.Queue(`INSERT INTO identity_kept (hash, account, sealed, ends) VALUES ($1, $2, $3, $4)`, hash, owner, sealed, clock.Milli(ends))
		return nil
	})
}

// Kept gives owner's sealed words of a hash; not_found where there are none
// (any more) or they are another's.
func (k KeptForms) Kept(ctx context.Context, hash []byte, owner id.ID) ([]byte, error) {
	return db.One(ctx, k.s.db, scanSealed, `SELECT sealed FROM identity_kept WHERE hash = $1 AND account = $2 AND ends > $3`,
		hash, owner, clock.Milli(k.s.clock.Now()))
}

// Drop removes what is kept under a hash.
func (k KeptForms) Drop(ctx context.Context, hash []byte) error {
	return db.Do(ctx, k.s.db, db.People, func(tx *db.Tx) error {
		tx.Queue(`DELETE FROM identity_kept WHERE hash = $1`, hash)
		return nil
	})
}

func scanSealed(s db.Scanner) (sealed []byte, err error) { return sealed, s.Scan(&sealed) }
