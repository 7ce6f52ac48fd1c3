package identity

import (
	"cmp"
	"context"
	"math"
	"net/netip"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
)

// bucket is a place where tries are counted: limit of them within a window.
// One that grows then lets single tries through with longer and longer waits
// between them, at most longest, and forgets them a window after the last;
// another waits until its window ends.
type bucket struct {
	hash    []byte
	limit   int
	longest time.Duration // 0: it doesn't grow
	window  time.Duration // 0: that of the configuration
}

// slowest is the longest wait for whoever signs in to an account that many
// addresses guess at.
const slowest = 4 * time.Minute

// waits are those of a growing bucket, one after another.
var waits = [...]time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute}

// wait is how long after the try of this number the next is let through.
func (b bucket) wait(tries int64, window time.Duration) time.Duration {
	if b.longest == 0 {
		return window
	}
	return min(waits[max(0, min(int(tries)-b.limit, len(waits)-1))], b.longest)
}

// addressBucket counts a client's tries; an IPv6 client has a whole /64.
func (s *Service) addressBucket(kind string, a netip.Addr, limit int) bucket {
	return bucket{hash: s.vault.Hash("identity_try", kind+":"+network(a)), limit: limit}
}

// network is what counts as one client: an address, of IPv6 its /64.
func network(a netip.Addr) string {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			a = p.Addr()
		}
	}
	return a.String()
}

// spend counts one try in every bucket before the work that the try costs,
// durably, so that parallel tries can't slip through. rate_limited with the
// minutes to wait where one doesn't let it through; over names it. What is not
// let through is counted nowhere: asking doesn't prolong the wait.
func (s *Service) spend(ctx context.Context, buckets ...bucket) (over int, err error) {
	now := s.clock.Now()
	return write(ctx, s, db.People, func(tx *db.Tx) (int, error) {
		for i, b := range buckets {
			wait, err := s.spendIn(ctx, tx, b, now)
			if err == nil && wait > 0 {
				err = tooMany(wait)
			}
			if err != nil {
				return i, err
			}
		}
		return -1, nil
	})
}

// spendIn counts a try in one bucket, or tells how long to wait.
func (s *Service) spendIn(ctx context.Context, tx *db.Tx, b bucket, now time.Time) (time.Duration, error) {
	window, slides := cmp.Or(b.window, s.cfg.Window), int64(b.limit)
	if b.longest == 0 {
		slides = math.MaxInt64
	}
	args := []any{b.hash, clock.Milli(now.Add(window)), clock.Milli(now), b.limit, slides, window.Milliseconds()}
	for i := range waits {
		args = append(args, b.wait(int64(b.limit+i), window).Milliseconds())
	}
	_, err := db.One(ctx, tx, db.Int,
		`INSERT INTO identity_try (bucket, tries, ends) VALUES ($1, 1, $2)
		ON CONFLICT (bucket) DO UPDATE SET
			tries = CASE WHEN identity_try.ends <= $3 THEN 1 ELSE identity_try.tries + 1 END,
			ends = CASE WHEN identity_try.ends <= $3 OR identity_try.tries + 1 >= $5 THEN $2 ELSE identity_try.ends END
		WHERE identity_try.ends <= $3 OR identity_try.tries < $4 OR identity_try.ends - $6 + CASE identity_try.tries - $4
			WHEN 0 THEN CAST($7 AS BIGINT) WHEN 1 THEN CAST($8 AS BIGINT) WHEN 2 THEN CAST($9 AS BIGINT)
			WHEN 3 THEN CAST($10 AS BIGINT) ELSE CAST($11 AS BIGINT) END <= $3
		RETURNING tries`, args...)
	if !errs.Is(err, errs.NotFound) {
		return 0, err
	}
	type state struct{ tries, ends int64 }
	st, err := db.One(ctx, tx, func(sc db.Scanner) (v state, err error) { return v, sc.Scan(&v.tries, &v.ends) },
		`SELECT tries, ends FROM identity_try WHERE bucket = $1`, b.hash)
	if err != nil {
		return 0, err
	}
	return clock.FromMilli(st.ends).Add(b.wait(st.tries, window) - window).Sub(now), nil
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

// forget empties buckets of the person alone: they knew the password.
func forget(tx *db.Tx, buckets ...bucket) {
	for _, b := range buckets {
		tx.Queue(`DELETE FROM identity_try WHERE bucket = $1`, b.hash)
	}
}
