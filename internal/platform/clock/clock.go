// Package clock is where the program reads the time, so that tests and the
// demonstration can set it. Moments are stored as milliseconds UTC.
package clock

import (
	"sync"
	"time"
	_ "time/tzdata" // zones of law must not depend on the machine
)

// Clock tells the present moment.
type Clock interface{ Now() time.Time }

// System is the machine's clock, in UTC, cut to milliseconds: what is stored
// is what was compared.
type System struct{}

// Now implements [Clock].
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// Fixed is a clock that stands still until told otherwise. Safe for concurrent use.
type Fixed struct {
	mu sync.Mutex
	t  time.Time
}

// At makes a clock that stands at t.
func At(t time.Time) *Fixed { return &Fixed{t: t.UTC().Truncate(time.Millisecond)} }

// Now implements [Clock].
func (f *Fixed) Now() time.Time { f.mu.Lock(); defer f.mu.Unlock(); return f.t }

// Set moves the clock to t.
func (f *Fixed) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.t = t.UTC().Truncate(time.Millisecond)
}

// Advance moves the clock by d.
func (f *Fixed) Advance(d time.Duration) { f.Set(f.Now().Add(d)) }

// Milli is how a moment is stored; the zero time is 0.
func Milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// FromMilli reads a stored moment in UTC; 0 is the zero time.
func FromMilli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
