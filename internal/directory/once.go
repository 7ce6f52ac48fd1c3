package directory

import (
	"context"
	"crypto/sha256"
	"encoding/json"

	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// once is what makes a repeat of a call harmless; without a key nothing is
// remembered.
type once struct {
	operation, key string
	print          []byte // of the call's input
	id             id.ID  // of what the call makes
}

// fingerprint tells inputs apart.
func fingerprint(input any) ([]byte, error) {
	b, err := json.Marshal(input)
	sum := sha256.Sum256(b)
	return sum[:], err
}

// made tells what an earlier call with the key made ([db.Made]).
func (o once) made(ctx context.Context, d *db.DB, a policy.Actor) (id.ID, bool, error) {
	if o.key == "" {
		return id.Nil, false, nil
	}
	return db.Made(ctx, d, a.Person, o.operation, o.key, o.print)
}

// keep remembers the call in the transaction that does it.
func (o once) keep(tx *db.Tx, a policy.Actor) {
	if o.key != "" {
		tx.Once(a.Person, o.operation, o.key, o.print, o.id)
	}
}
