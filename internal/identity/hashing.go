package identity

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"okno/internal/platform/errs"
)

// Hashing are the parameters of argon2id.
type Hashing struct {
	Memory uint32 // KiB
	Passes uint32
}

// hasher runs argon2id for at most one password per core: hashing is the one
// thing here that a stranger can make expensive.
type hasher struct {
	params *argon2id.Params
	slots  chan struct{}
	wait   time.Duration
	decoy  func() string // a hash that nothing matches, for logins that don't exist
}

func newHasher(h Hashing) *hasher {
	def(&h.Memory, 19*1024)
	def(&h.Passes, 2)
	x := &hasher{
		params: &argon2id.Params{Memory: h.Memory, Iterations: h.Passes, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		slots:  make(chan struct{}, runtime.GOMAXPROCS(0)),
		wait:   5 * time.Second,
	}
	x.decoy = sync.OnceValue(func() string {
		s, err := argon2id.CreateHash(secret().text, x.params)
		if err != nil {
			panic("identity: no randomness: " + err.Error())
		}
		return s
	})
	return x
}

// enter waits for a slot; unavailable where the machine is too busy.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	t := time.NewTimer(h.wait)
	defer t.Stop()
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-t.C:
		return nil, errs.New(errs.Unavailable, "identity.busy")
	case <-ctx.Done():
		return nil, errs.Wrap(errs.Unavailable, ctx.Err())
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	s, err := argon2id.CreateHash(password, h.params)
	if err != nil {
		return "", errs.Wrap(errs.Internal, err)
	}
	return s, nil
}

// matches compares in the same time whether or not there is a hash at all.
// anew tells that the stored hash was made with other parameters.
func (h *hasher) matches(ctx context.Context, password, stored string) (ok, anew bool, err error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	against := stored
	if against == "" {
		against = h.decoy()
	}
	ok, params, err := argon2id.CheckHash(password, against)
	if err != nil {
		return false, false, errs.Wrap(errs.Internal, err)
	}
	return ok && stored != "", *params != *h.params, nil
}
