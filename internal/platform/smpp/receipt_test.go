package smpp

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// A receipt as kannel and most centres write it, from +79161234567.
const receiptBody = "\x00\x01\x0179161234567\x00\x05\x00Okno\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00"

const receiptWords = "id:0123456789 sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:DELIVRD err:000 text:id:9 stat:REJECTD"

func delivered(words string) string { return receiptBody + string(rune(len(words))) + words }

func TestReceipts(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       Receipt
	}{
		{"text alone", delivered(receiptWords), Receipt{ID: "0123456789", State: Delivered, Err: "000", From: "79161234567"}},
		{"other order and case", delivered("Stat:undeliv ID:ab-1 Err:05c"), Receipt{ID: "ab-1", State: Undeliverable, Err: "05c", From: "79161234567"}},
		{"a word of its own", delivered("id:1 stat:FLYING"), Receipt{ID: "1", State: UnknownState, From: "79161234567"}},
		{"parameters go first", delivered("id:1 stat:ENROUTE err:001") + "\x00\x1e\x00\x04xyz\x00" + "\x04\x27\x00\x01\x05" + "\x04\x23\x00\x03\x03\x00\x45",
			Receipt{ID: "xyz", State: Undeliverable, Err: "001", From: "79161234567", Network: "030045"}},
		{"in message_payload", receiptBody + "\x00" + "\x04\x24\x00\x11" + "id:7 stat:DELIVRD", Receipt{ID: "7", State: Delivered, From: "79161234567"}},
		{"state out of range", delivered("id:1 stat:EXPIRED") + "\x04\x27\x00\x01\x63", Receipt{ID: "1", State: Expired, From: "79161234567"}},
	} {
		m, err := readShort([]byte(c.body))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if r, ok := readReceipt(m); !ok || r != c.want {
			t.Errorf("%s: %+v %t, want %+v", c.name, r, ok, c.want)
		}
	}
}

func TestMessageOfAPhoneIsNoReceipt(t *testing.T) {
	m := short{from: Address{Addr: "79161234567"}, text: []byte("id:1 stat:DELIVRD")}
	if r, ok := readReceipt(m); ok {
		t.Errorf("taken for a receipt: %+v", r)
	}
}

func TestFinalStates(t *testing.T) {
	for s, want := range map[State]bool{Delivered: true, Undeliverable: true, Expired: true, Rejected: true, Deleted: true, Enroute: false, Accepted: false, UnknownState: false} {
		if s.Final() != want {
			t.Errorf("%s: %t", s, !want)
		}
	}
}

// A receipt is confirmed when the handler has it; one that fails, and those
// beyond the window, the centre is asked to send again.
func TestReceiptsAreHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun, goOn, done := make(chan struct{}), make(chan error), make(chan struct{})
		handler := func(ctx context.Context, r Receipt) error {
			begun <- struct{}{}
			return <-goOn
		}
		w := start(t, Config{Window: 1, Handler: handler}, func(f *fake) {
			f.bind()
			f.put(askDeliver, 0, 1, delivered(receiptWords))
			<-begun
			f.put(askDeliver, 0, 2, delivered(receiptWords)) // waits
			f.put(askDeliver, 0, 3, delivered(receiptWords)) // too many
			f.wantStatus(0x80000005, 0x14)
			goOn <- errors.New("the database is down")
			f.wantStatus(0x80000005, 0x64)
			<-begun
			goOn <- nil
			f.wantStatus(0x80000005, 0)
			f.put(askDeliver, 0, 4, "\x00\x01\x0179161234567\x00\x05\x00Okno\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04STOP")
			f.wantStatus(0x80000005, 0) // a person's answer: confirmed, dropped
			close(done)
			f.end(true)
		})
		<-done
		w.stop()
	})
}
