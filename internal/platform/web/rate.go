package web

import (
	"hash/maphash"
	"sync"
	"time"

	"okno/internal/platform/clock"
)

// Rate is a token bucket: Burst at once, refilled by PerMinute.
type Rate struct {
	PerMinute int
	Burst     int
}

// Rates are the limits of the site. A zero field has a default; Off lifts all
// of them (for measuring).
type Rates struct {
	Off       bool
	Read      Rate // signed-out reader, by network address; cached pages don't count
	Write     Rate // signed-out writer, by network address
	UserRead  Rate // signed in, by session
	UserWrite Rate // signed in, by session
	API       Rate // by token or address
}

func (r Rates) orDefault() Rates {
	set := func(x *Rate, perMinute, burst int) {
		if x.PerMinute <= 0 {
			x.PerMinute = perMinute
		}
		if x.Burst <= 0 {
			x.Burst = burst
		}
	}
	set(&r.Read, 1200, 300)
	set(&r.Write, 120, 60)
	set(&r.UserRead, 1200, 300)
	set(&r.UserWrite, 240, 60)
	set(&r.API, 1200, 300)
	return r
}

// Limiter holds token buckets by key in bounded memory: two generations of
// maps, 16 bytes a key; when the young one is full the old one is forgotten.
// Under a flood of keys the oldest unused ones start afresh.
type Limiter struct {
	clock  clock.Clock
	seed   maphash.Seed
	shards [16]shard
	max    int // keys in a generation of one shard
}

type shard struct {
	mu         sync.Mutex
	young, old map[uint64]int64 // key → moment at which the bucket is full again, ns
}

// NewLimiter makes a limiter that remembers about keys keys, twice that at most.
func NewLimiter(c clock.Clock, keys int) *Limiter {
	l := &Limiter{clock: c, seed: maphash.MakeSeed(), max: max(keys/16, 16)}
	for i := range l.shards {
		l.shards[i].young = map[uint64]int64{}
	}
	return l
}

// Allow takes one token of key's bucket. Where there is none it tells how long
// until there is one.
func (l *Limiter) Allow(key string, rate Rate) (wait time.Duration, ok bool) {
	if rate.PerMinute <= 0 {
		return 0, true
	}
	h := maphash.String(l.seed, key)
	step := int64(time.Minute) / int64(rate.PerMinute)
	room := step * int64(max(rate.Burst, 1))
	now := l.clock.Now().UnixNano()

	s := &l.shards[h%uint64(len(l.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	full, seen := s.young[h]
	if !seen {
		full = s.old[h]
		if len(s.young) >= l.max {
			s.old, s.young = s.young, make(map[uint64]int64, l.max/4)
		}
	}
	full = max(full, now)
	if full+step-now > room {
		s.young[h] = full
		return time.Duration(full + step - now - room), false
	}
	s.young[h] = full + step
	return 0, true
}

// keys tells how many keys are remembered, for the test of its bound.
func (l *Limiter) keys() int {
	n := 0
	for i := range l.shards {
		s := &l.shards[i]
		s.mu.Lock()
		n += len(s.young) + len(s.old)
		s.mu.Unlock()
	}
	return n
}
