package app

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// However many ask at once and however often: a check runs once in its time.
func TestAChecksAnswerHoldsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		full := errors.New("full")
		l := &lately{every: 3 * time.Second, check: func(context.Context) error {
			time.Sleep(time.Second)
			if asked.Add(1) == 1 {
				return full
			}
			return nil
		}}
		impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := l.ask(impatient); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who doesn't wait gets %v", err)
		}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if err := l.ask(t.Context()); !errors.Is(err, full) {
					t.Errorf("a full disk answers %v", err)
				}
			})
		}
		all.Wait()
		time.Sleep(2 * time.Second)
		if err := l.ask(t.Context()); !errors.Is(err, full) || asked.Load() != 1 {
			t.Errorf("after two seconds: %v, asked %d times", err, asked.Load())
		}
		time.Sleep(2 * time.Second)
		if err := l.ask(t.Context()); err != nil || asked.Load() != 2 {
			t.Errorf("after four seconds: %v, asked %d times", err, asked.Load())
		}
	})
}
