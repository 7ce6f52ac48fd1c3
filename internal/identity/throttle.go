package identity

import (
	"context"
	"math"
	"net/netip"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
)

// bucket is a place where tries are counted.
type bucket struct {
	hash  []byte
	limit int
}

// addressBucket counts a client's tries; an IPv6 client has a whole /64.
func (s *Service) addressBucket(kind string, a netip.Addr, limit int) bucket {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			a = p.Addr()
		}
	}
	return bucket{s.vault.Hash("identity_try", kind+":"+a.String()), limit}
}

// spend counts one try in every bucket before the work that the try costs,
// durably, so that parallel tries can't slip through. rate_limited with the
// minutes to wait where one is over its limit; over names it.
func (s *Service) spend(ctx context.Context, buckets ...bucket) (over int, err error) {
	now := s.clock.Now()
	ends := now.Add(s.cfg.Window)
	type state struct{ tries, ends int64 }
	states, err := write(ctx, s, db.People, func(tx *db.Tx) ([]state, error) {
		out := make([]state, 0, len(buckets))
		for _, b := range buckets {
			st, err := db.One(ctx, tx, func(sc db.Scanner) (v state, err error) { return v, sc.Scan(&v.tries, &v.ends) },
				`INSERT INTO identity_try (bucket, tries, ends) VALUES ($1, 1, $2)
				ON CONFLICT (bucket) DO UPDATE SET
					tries = CASE WHEN identity_try.ends <= $3 THEN 1 ELSE identity_try.tries + 1 END,
					ends = CASE WHEN identity_try.ends <= $3 THEN $2 ELSE identity_try.ends END
				RETURNING tries, ends`, b.hash, clock.Milli(ends), clock.Milli(now))
			if err != nil {
				return nil, err
			}
			out = append(out, st)
		}
		return out, nil
	})
	if err != nil {
		return -1, err
	}
	for i, st := range states {
		if st.tries > int64(buckets[i].limit) {
			return i, tooMany(clock.FromMilli(st.ends).Sub(now))
		}
	}
	return -1, nil
}

func tooMany(wait time.Duration) error {
	return errs.With(errs.RateLimited, "identity.too_many_tries",
		map[string]any{"Minutes": int(math.Max(1, math.Ceil(wait.Minutes())))})
}

// refund gives the try back: it was the right password.
func refund(tx *db.Tx, buckets ...bucket) {
	for _, b := range buckets {
		tx.Queue(`UPDATE identity_try SET tries = tries - 1 WHERE bucket = $1 AND tries > 0`, b.hash)
	}
}
