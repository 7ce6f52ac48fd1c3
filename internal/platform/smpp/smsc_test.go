package smpp

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/tools/smsc"
)

// connect runs a client against a real message centre.
func connect(t *testing.T, cfg Config) (*Client, chan Receipt, chan error, func()) {
	t.Helper()
	receipts, changes := make(chan Receipt, 100), make(chan error, 100)
	cfg.SystemID = "okno"
	cfg.Handler = func(_ context.Context, r Receipt) error { receipts <- r; return nil }
	cfg.Changed = func(err error) { changes <- err }
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := c.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	stop := sync.OnceFunc(func() { cancel(); running.Wait() })
	t.Cleanup(stop)
	return c, receipts, changes, stop
}

func TestAgainstSMSC(t *testing.T) {
	for _, how := range []Joining{UDH, SAR} {
		t.Run(string(how), func(t *testing.T) {
			centre := smsc.Start(t, "secret")
			c, receipts, _, stop := connect(t, Config{Address: centre.Address, Password: "secret", Join: how, Source: Address{Addr: "Okno"},
				Enquire: 50 * time.Millisecond, SlowMin: time.Millisecond})
			if e := centre.Want("bind"); !e.OK || e.ID != "okno" {
				t.Errorf("%+v", e)
			}

			text := "Код {1} €"
			ids, err := c.Send(t.Context(), Message{To: "+79161234567", Text: text, Receipt: true, Validity: 5 * time.Minute})
			if err != nil || len(ids) != 1 {
				t.Fatal(ids, err)
			}
			e := centre.Want("submit")
			if e.Text != text || e.To != "79161234567" || e.From != "Okno" || e.Coding != 8 || e.ID != ids[0] {
				t.Errorf("%+v", e)
			}
			if left := time.Until(e.Validity); left < 4*time.Minute || left > 5*time.Minute+time.Second { // the centre cuts to seconds or not
				t.Errorf("the centre would try for %v", left)
			}
			if r := <-receipts; r.ID != ids[0] || r.State != Delivered || r.Err != "000" || r.From != "79161234567" {
				t.Errorf("%+v", r)
			}
			if e := centre.Want("confirmed"); e.Status != 0 {
				t.Errorf("%+v", e)
			}

			// The centre's own tables decode what ours encoded.
			for _, text := range []string{strings.Repeat("GSM [7] €uro @ ", 30), strings.Repeat("Ответ готов 😀 ", 20)} {
				ids, err := c.Send(t.Context(), Message{To: "+79161234567", Text: text, Reference: 0x0107})
				if err != nil || len(ids) != Segments(text) || len(ids) < 3 {
					t.Fatal(ids, err)
				}
				var whole string
				for i := range ids {
					e := centre.Want("submit")
					whole += e.Text
					if how == UDH && (e.UDH != "000307"+hexByte(byte(len(ids)))+hexByte(byte(i+1)) || e.Class != 0x40) {
						t.Errorf("segment %d: %+v", i+1, e)
					}
					if how == SAR && (len(e.SAR) != 3 || e.SAR[0] != 0x0107 || e.SAR[1] != len(ids) || e.SAR[2] != i+1) {
						t.Errorf("segment %d: %+v", i+1, e)
					}
				}
				if whole != text {
					t.Errorf("the centre joined %q", whole)
				}
			}

			if _, err := c.Send(t.Context(), Message{To: "+79161230058", Text: "x"}); err != nil {
				t.Errorf("throttled once: %v", err)
			}
			centre.Want("throttled")
			if _, err := c.Send(t.Context(), Message{To: "+79161230000", Text: "x"}); OutcomeOf(err) != Refused {
				t.Errorf("refused: %v", err)
			}
			centre.Want("enquire_link")
			stop()
			centre.Want("unbind")
		})
	}
}

func TestSMSCGoesAway(t *testing.T) {
	centre := smsc.Start(t, "secret")
	c, _, changes, _ := connect(t, Config{Address: centre.Address, Password: "secret", BackoffMin: time.Millisecond})
	centre.Want("bind")
	if err := <-changes; err != nil {
		t.Fatal(err)
	}
	centre.Drop()
	if err := <-changes; err == nil {
		t.Error("the end of the connection is not told")
	}
	var sent sync.WaitGroup
	for range 50 {
		sent.Go(func() {
			if _, err := c.Send(t.Context(), Message{To: "+79161234567", Text: "x"}); err != nil {
				t.Error(err)
			}
		})
	}
	sent.Wait()
	centre.Want("bind")
}

func TestSMSCRefusesPassword(t *testing.T) {
	centre := smsc.Start(t, "secret")
	c, _, changes, _ := connect(t, Config{Address: centre.Address, Password: "wrong"})
	if err, want := <-changes, (&BindError{StatusPassword}).Error(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if c.Bound() {
		t.Error("bound")
	}
}
