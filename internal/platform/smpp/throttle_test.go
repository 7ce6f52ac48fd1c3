package smpp

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A centre that says "throttled" is left alone for longer and longer; then the
// message goes, once.
func TestThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		begin := time.Now()
		w := start(t, Config{}, func(f *fake) {
			f.bind()
			for i := range 4 {
				sequence, _ := f.want(askSubmit)
				at = append(at, time.Since(begin))
				status := uint32(0x58)
				if i == 3 {
					status = 0
				}
				f.put(answerSubmit, status, sequence, "id\x00")
			}
			f.end(true)
		})
		if _, err := w.Send(t.Context(), hello("x")); err != nil {
			t.Error(err)
		}
		w.stop()
		if want := []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second}; !slices.Equal(at, want) {
			t.Errorf("submits at %v, want %v", at, want)
		}
	})
}

// Several submits of one window that are throttled together make one pause.
func TestThrottledTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{}, func(f *fake) {
			f.bind()
			for _, status := range []uint32{0x58, 0} {
				one, _ := f.want(askSubmit)
				two, _ := f.want(askSubmit)
				f.put(answerSubmit, status, one, "a\x00")
				f.put(answerSubmit, status, two, "b\x00")
			}
			f.end(true)
		})
		begin := time.Now()
		var sent sync.WaitGroup
		for range 2 {
			sent.Go(func() {
				if _, err := w.Send(t.Context(), hello("x")); err != nil {
					t.Error(err)
				}
			})
		}
		sent.Wait()
		if d := time.Since(begin); d != time.Second {
			t.Errorf("both went after %v", d)
		}
		w.stop()
	})
}

func TestThrottledTooOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{Tries: 2}, func(f *fake) {
			f.bind()
			for range 2 {
				sequence, _ := f.want(askSubmit)
				f.put(answerSubmit, 0x14, sequence, "")
			}
			f.end(true)
		})
		if _, err := w.Send(t.Context(), hello("x")); OutcomeOf(err) != Again {
			t.Error(err)
		}
		w.stop()
	})
}

func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{Rate: 2}, func(f *fake) {
			f.bind()
			for range 5 {
				sequence, _ := f.want(askSubmit)
				f.put(answerSubmit, 0, sequence, "id\x00")
			}
			f.end(true)
		})
		begin := time.Now()
		for range 5 {
			if _, err := w.Send(t.Context(), hello("x")); err != nil {
				t.Error(err)
			}
		}
		if d := time.Since(begin); d != 2*time.Second {
			t.Errorf("five submits at two a second took %v", d)
		}
		w.stop()
	})
}
