package bench

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Loop says how long and by how many something is asked. Every loop is bounded
// in time; what is under way at its end is waited for and not counted.
type Loop struct {
	Clients int
	Warm    time.Duration // not counted
	For     time.Duration
	Rate    float64 // arrivals a second that don't wait for answers; 0: a closed loop
}

// maxFailures ends a run: figures of a thing that fails say nothing.
const maxFailures = 20

// run asks do by every client until the time is over. do gets the client's
// number and what it does next.
func (l Loop) run(ctx context.Context, what string, do func(client int) error) Result {
	r := Result{What: what, Clients: l.Clients, Asked: l.Rate}
	began := time.Now()
	if err := do(0); err != nil { // alone and before all others: the first, cold one
		r.Failed, r.FirstBad = 1, err.Error()
		return r
	}
	r.First = milli(time.Since(began))

	var (
		wg       sync.WaitGroup
		next     atomic.Int64
		failed   atomic.Int64
		firstBad atomic.Pointer[string]
	)
	start := time.Now()
	from := start.Add(l.Warm)
	end := from.Add(l.For)
	all := make([][]time.Duration, l.Clients)
	for c := range l.Clients {
		wg.Go(func() {
			took := make([]time.Duration, 0, 4096)
			defer func() { all[c] = took }()
			for ctx.Err() == nil && failed.Load() < maxFailures {
				at := time.Now()
				if l.Rate > 0 {
					due := start.Add(time.Duration(float64(next.Add(1)-1) / l.Rate * float64(time.Second)))
					if due.After(end) {
						return
					}
					if wait := due.Sub(at); wait > 0 {
						time.Sleep(wait)
						at = time.Now() // idle until now: waking up late is this program's fault alone
					} else {
						at = due // it has waited for a client: that counts
					}
				} else if at.After(end) {
					return
				}
				err := do(c)
				done := time.Now()
				if err != nil {
					failed.Add(1)
					text := err.Error()
					firstBad.CompareAndSwap(nil, &text)
					continue
				}
				if at.After(from) && (done.Before(end) || l.Rate > 0) {
					took = append(took, done.Sub(at))
				}
			}
		})
	}
	wg.Wait()
	var took []time.Duration
	for _, t := range all {
		took = append(took, t...)
	}
	r.fill(took, l.For)
	r.Failed = failed.Load()
	if s := firstBad.Load(); s != nil {
		r.FirstBad = *s
	}
	return r
}

// Err is an error where anything failed.
func (r Result) Err() error {
	if r.Failed == 0 {
		return nil
	}
	return fmt.Errorf("%s: %d failed, the first: %s", r.What, r.Failed, r.FirstBad)
}
