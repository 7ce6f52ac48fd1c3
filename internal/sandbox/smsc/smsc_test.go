package smsc

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/platform/smpp"
)

// serve runs a centre until the test ends.
func serve(t *testing.T) (*Centre, string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := New(Config{SystemID: "okno", Password: "secret"})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := c.Serve(ctx, ln); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { stop(); running.Wait() })
	return c, ln.Addr().String()
}

// connect runs the product's client against a centre.
func connect(t *testing.T, cfg smpp.Config) (c *smpp.Client, receipts chan smpp.Receipt, changes chan error) {
	t.Helper()
	receipts, changes = make(chan smpp.Receipt, 100), make(chan error, 100)
	cfg.SystemID = "okno"
	if cfg.Handler == nil {
		cfg.Handler = func(_ context.Context, r smpp.Receipt) error { receipts <- r; return nil }
	}
	cfg.Changed = func(err error) { changes <- err }
	c, err := smpp.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := c.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { stop(); running.Wait() })
	return c, receipts, changes
}

// Short and long messages in both alphabets arrive as they were written, and
// every segment has its receipt.
func TestMessagesArriveWhole(t *testing.T) {
	for _, how := range []smpp.Joining{smpp.UDH, smpp.SAR} {
		centre, address := serve(t)
		c, receipts, _ := connect(t, smpp.Config{Address: address, Password: "secret", Join: how, Source: smpp.Address{Addr: "Okno"}, Enquire: 20 * time.Millisecond})
		for _, text := range []string{"Код 123456", "Code {1} €", strings.Repeat("GSM [7] €uro @ ", 30), strings.Repeat("Ответ готов 😀 ", 20)} {
			ids, err := c.Send(t.Context(), smpp.Message{To: "+79161234567", Text: text, Receipt: true})
			if err != nil {
				t.Fatal(err)
			}
			var told []string
			for range ids {
				r := <-receipts
				if r.State != smpp.Delivered || r.From != "79161234567" {
					t.Errorf("%+v", r)
				}
				told = append(told, r.ID)
			}
			if slices.Sort(told); !slices.Equal(told, ids) {
				t.Errorf("%s: receipts of %q, sent %q", how, told, ids)
			}
			m := centre.Messages()[0]
			if m.Text != text || m.To != "79161234567" || m.From != "Okno" || !m.Whole() || m.Parts != smpp.Segments(text) || m.ID != ids[0] {
				t.Errorf("%s: %+v", how, m)
			}
		}
		if n := len(centre.Messages()); n != 4 {
			t.Errorf("%s: %d messages", how, n)
		}
	}
}

func TestModes(t *testing.T) {
	centre, address := serve(t)
	c, receipts, _ := connect(t, smpp.Config{Address: address, Password: "secret", Tries: 1, SlowMin: time.Millisecond, Answer: 100 * time.Millisecond})
	send := func(to string) error {
		_, err := c.Send(t.Context(), smpp.Message{To: to, Text: "Код", Receipt: true})
		return err
	}
	centre.SetMode(Mode{Refuse: "7999"})
	if err := send("+79991234567"); smpp.OutcomeOf(err) != smpp.Refused {
		t.Errorf("refused: %v", err)
	}
	if err := send("+79161234567"); err != nil {
		t.Error(err)
	}
	<-receipts
	centre.SetMode(Mode{Throttle: true})
	if err := send("+79161234567"); smpp.OutcomeOf(err) != smpp.Again {
		t.Errorf("throttled: %v", err)
	}
	centre.SetMode(Mode{Slow: time.Minute})
	if err := send("+79161234567"); smpp.OutcomeOf(err) != smpp.Unknown {
		t.Errorf("slow: %v", err)
	}
	centre.SetMode(Mode{Silent: true})
	if err := send("+79161234567"); err != nil {
		t.Error(err)
	}
	if n := len(centre.Messages()); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
	select {
	case r := <-receipts:
		t.Errorf("a receipt in spite of the mode: %+v", r)
	default:
	}
	centre.SetMode(Mode{})
	if r := <-receipts; r.ID != centre.Messages()[0].ID {
		t.Errorf("the receipt that was held back is of %s", r.ID)
	}
}

func TestAWrongPasswordIsRefused(t *testing.T) {
	_, address := serve(t)
	_, _, changes := connect(t, smpp.Config{Address: address, Password: "wrong"})
	if err, want := <-changes, (&smpp.BindError{Status: smpp.StatusPassword}).Error(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// Parts come in any order and twice; what is whole is not added to.
func TestPartsAreJoined(t *testing.T) {
	var all []Message
	part := func(ref uint16, nth int, text string) {
		all = take(all, smpp.Segment{To: smpp.Address{Addr: "79161234567"}, Octets: []byte(text), Reference: ref, Total: 2, Nth: nth}, "id", time.Time{})
	}
	part(1, 2, "b")
	part(2, 1, "x")
	if m := all[0]; m.Text != "b" || m.Whole() || m.Arrived != 1 {
		t.Errorf("%+v", m)
	}
	part(1, 1, "a")
	part(2, 1, "x")
	part(1, 1, "c")
	if len(all) != 3 || all[0].Text != "ab" || !all[0].Whole() || all[1].Text != "x" || all[2].Text != "c" {
		t.Errorf("%+v", all)
	}
}

// A receipt that the client doesn't confirm comes again.
func TestAReceiptComesAgain(t *testing.T) {
	_, address := serve(t)
	tries := make(chan string, 10)
	first := true
	c, _, _ := connect(t, smpp.Config{Address: address, Password: "secret", Handler: func(_ context.Context, r smpp.Receipt) error {
		tries <- r.ID
		if first {
			first = false
			return context.DeadlineExceeded
		}
		return nil
	}})
	ids, err := c.Send(t.Context(), smpp.Message{To: "+79161234567", Text: "Код", Receipt: true})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := <-tries; got != ids[0] {
			t.Errorf("a receipt of %s", got)
		}
	}
}
