package smpp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const (
	askSubmit    = 0x04
	askDeliver   = 0x05
	askEnquire   = 0x15
	answerSubmit = 0x80000004
)

func hello(text string) Message { return Message{To: "+79161234567", Text: text, Receipt: true} }

func TestSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{Source: Address{Addr: "Okno"}, Service: "CMT"}, func(f *fake) {
			f.bind()
			sequence, body := f.want(askSubmit)
			want := "CMT\x00\x05\x00Okno\x00\x01\x0179161234567\x00\x00\x00\x00\x00000000000500000R\x00\x01\x00\x00\x00\x05Code1"
			if body != want {
				t.Errorf("submit_sm is\n%q, want\n%q", body, want)
			}
			f.put(answerSubmit, 0, sequence, "id-1\x00")
			f.end(true)
		})
		m := hello("Code1")
		m.Validity = 5 * time.Minute
		ids, err := w.Send(t.Context(), m)
		if err != nil || !slices.Equal(ids, []string{"id-1"}) {
			t.Errorf("%q %v", ids, err)
		}
		w.stop()
		if _, err := w.Send(t.Context(), m); OutcomeOf(err) != Again {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestLongMessageIsJoined(t *testing.T) {
	for how, want := range map[Joining][2]string{
		UDH: {"\x40\x00\x00\x00\x00\x01\x00\x08\x00\x8c\x05\x00\x03\x34\x02\x01", ""},
		SAR: {"\x00\x00\x00\x00\x00\x01\x00\x08\x00\x86", "\x02\x0c\x00\x02\x12\x34\x02\x0e\x00\x01\x02\x02\x0f\x00\x01\x01"},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := start(t, Config{Join: how}, func(f *fake) {
				f.bind()
				for i := range 2 {
					sequence, body := f.want(askSubmit)
					if i == 0 && (!strings.Contains(body, want[0]) || !strings.HasSuffix(body, want[1])) {
						t.Errorf("%s: %q", how, body)
					}
					f.put(answerSubmit, 0, sequence, fmt.Sprintf("part-%d\x00", i+1))
				}
				f.end(true)
			})
			m := hello(strings.Repeat("я", 71))
			m.Reference = 0x1234
			if ids, err := w.Send(t.Context(), m); err != nil || !slices.Equal(ids, []string{"part-1", "part-2"}) {
				t.Errorf("%q %v", ids, err)
			}
			w.stop()
		})
	}
}

// What was accepted before a refusal is told beside it.
func TestSecondSegmentIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{}, func(f *fake) {
			f.bind()
			sequence, _ := f.want(askSubmit)
			f.put(answerSubmit, 0, sequence, "one\x00")
			sequence, _ = f.want(askSubmit)
			f.put(answerSubmit, 0x08, sequence, "")
			f.end(true)
		})
		ids, err := w.Send(t.Context(), hello(strings.Repeat("я", 200)))
		var e *Error
		if !slices.Equal(ids, []string{"one"}) || !errors.As(err, &e) || e.Segment != 2 || e.Outcome != Again {
			t.Errorf("%q %v", ids, err)
		}
		w.stop()
	})
}

func TestAnswersOfTheCentre(t *testing.T) {
	for _, c := range []struct {
		status uint32
		want   Outcome
	}{{0x0b, Refused}, {0x08, Again}, {0x64, Again}, {0x45, Again}, {0x65, Refused}, {0x400, Refused}} {
		synctest.Test(t, func(t *testing.T) {
			w := start(t, Config{}, func(f *fake) {
				f.bind()
				sequence, _ := f.want(askSubmit)
				f.put(answerSubmit, c.status, sequence, "") // no body: as centres do
				f.end(true)
			})
			_, err := w.Send(t.Context(), hello("x"))
			var e *Error
			if !errors.As(err, &e) || e.Outcome != c.want || e.Status != Status(c.status) || e.Segment != 1 {
				t.Errorf("status %x: %v", c.status, err)
			}
			w.stop()
		})
	}
}

// No more submits than the window allows are without an answer, and answers
// may come in any order.
func TestWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{Window: 2}, func(f *fake) {
			f.bind()
			for range 3 {
				one, _ := f.want(askSubmit)
				two, _ := f.want(askSubmit)
				f.put(answerSubmit, 0, two, "b\x00")
				f.put(answerSubmit, 0, one, "a\x00")
			}
			f.end(true)
		})
		var sent sync.WaitGroup
		for range 6 {
			sent.Go(func() {
				if _, err := w.Send(t.Context(), hello("x")); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if n := len(w.window); n > 2 {
			t.Errorf("%d submits are outstanding", n)
		}
		sent.Wait()
		w.stop()
	})
}

// A caller that goes away leaves its slot taken until the centre has answered.
func TestCallerGoesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{Window: 1, Answer: 20 * time.Second}, func(f *fake) {
			f.bind()
			f.want(askSubmit) // never answered
			sequence, _ := f.want(askSubmit)
			f.put(answerSubmit, 0, sequence, "id\x00")
			f.end(true)
		})
		begin := time.Now()
		if _, err := w.Send(within(t, time.Second), hello("x")); OutcomeOf(err) != Unknown || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if _, err := w.Send(within(t, time.Second), hello("x")); OutcomeOf(err) != Again {
			t.Errorf("the window is full: %v", err)
		}
		if _, err := w.Send(t.Context(), hello("x")); err != nil || time.Since(begin) != 20*time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		w.stop()
	})
}

// What was sent before the connection broke is unknown; what was not is sent
// by the next connection.
func TestConnectionBreaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{Window: 1}, func(f *fake) {
			f.bind()
			f.want(askSubmit)
			_ = f.conn.Close()
		}, func(f *fake) {
			sequence, _ := f.want(0x09)
			f.put(0x80000009, 0x0e, sequence, "") // wrong password
			f.end(false)
		}, func(f *fake) {
			f.bind()
			sequence, body := f.want(askSubmit)
			if !strings.HasSuffix(body, "two") {
				t.Errorf("sent again: %q", body)
			}
			f.put(answerSubmit, 0, sequence, "id\x00")
			f.end(true)
		})
		if _, err := w.Send(t.Context(), hello("one")); OutcomeOf(err) != Unknown {
			t.Errorf("%v", err)
		}
		begin := time.Now()
		if ids, err := w.Send(t.Context(), hello("two")); err != nil || len(ids) != 1 {
			t.Errorf("%q %v", ids, err)
		}
		if d := time.Since(begin); d < 30*time.Second {
			t.Errorf("after a wrong password the client came back in %v", d)
		}
		w.stop()
		if !w.saw("bound", "EOF", "ESME_RINVPASWD", "bound") {
			t.Errorf("%q", w.changes)
		}
	})
}

func TestBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{})
		if _, err := w.Send(within(t, 10*time.Minute), hello("x")); OutcomeOf(err) != Again {
			t.Error(err)
		}
		w.stop()
		if n := len(w.changes); n < 12 || n > 30 { // a pause is between half a minute and a minute
			t.Errorf("%d tries in ten minutes", n)
		}
	})
}

func TestEnquireLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{Enquire: time.Minute, Answer: 10 * time.Second}, func(f *fake) {
			f.bind()
			f.put(askEnquire, 0, 77, "")
			if sequence, _ := f.want(0x80000015); sequence != 77 {
				t.Errorf("answered %d", sequence)
			}
			sequence, _ := f.want(askEnquire)
			f.put(0x80000015, 0, sequence, "")
			f.want(askEnquire) // no answer: the client gives the connection up
			f.end(false)
		}, func(f *fake) {
			f.bind()
			f.put(0x06, 0, 5, "") // the centre says good-bye
			f.want(0x80000006)
			f.end(false)
		}, func(f *fake) {
			f.bind()
			f.end(true)
		})
		time.Sleep(3 * time.Minute) // the bubble's time
		synctest.Wait()
		w.stop()
		if !w.saw("bound", "enquire_link: no answer", "bound", "ended the session", "bound") {
			t.Errorf("%q", w.changes)
		}
	})
}

func TestGarbage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{Enquire: time.Hour}, func(f *fake) {
			f.bind()
			f.put(0x21, 0, 3, "submit_multi is none of ours")
			f.wantStatus(0x80000000, 0x03)
			f.put(answerSubmit, 0, 999, "nobody asked\x00")
			f.put(askDeliver, 0, 4, "no end")
			f.wantStatus(0x80000005, 0x65)
			f.raw(octets(0x7fffffff, askDeliver, 0, 5))
			f.wantStatus(0x80000000, 0x02)
			f.end(false)
		}, func(f *fake) {
			f.bind()
			f.raw(octets(15, askDeliver, 0, 5))
			f.wantStatus(0x80000000, 0x02)
			f.end(false)
		}, func(f *fake) {
			f.bind()
			f.end(true)
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		w.stop()
	})
}

// A submit that the centre took but named by no id that can be read is unknown.
func TestUnreadableAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t, Config{}, func(f *fake) {
			f.bind()
			sequence, _ := f.want(askSubmit)
			f.put(answerSubmit, 0, sequence, strings.Repeat("9", 80))
			sequence, _ = f.want(askSubmit)
			f.put(0x80000000, 0x0b, sequence, "")
			f.end(true)
		})
		if _, err := w.Send(t.Context(), hello("x")); OutcomeOf(err) != Unknown {
			t.Error(err)
		}
		if _, err := w.Send(t.Context(), hello("x")); OutcomeOf(err) != Refused {
			t.Errorf("generic_nack: %v", err)
		}
		w.stop()
	})
}

func TestStopWaitsForAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := make(chan struct{})
		w := start(t, Config{}, func(f *fake) {
			f.bind()
			sequence, _ := f.want(askSubmit)
			close(got)
			time.Sleep(5 * time.Second) // the bubble's time: Run is asked to end meanwhile
			f.put(answerSubmit, 0, sequence, "late\x00")
			f.end(true)
		})
		var sent sync.WaitGroup
		sent.Go(func() {
			if ids, err := w.Send(t.Context(), hello("x")); err != nil || !slices.Equal(ids, []string{"late"}) {
				t.Errorf("%q %v", ids, err)
			}
		})
		<-got
		w.stop()
		sent.Wait()
	})
}
