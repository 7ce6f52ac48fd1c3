package smpp

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// fake is the centre's end of one connection. It speaks bytes that are put
// together here, not by the code under test.
type fake struct {
	t    *testing.T
	conn net.Conn
}

func octets(n ...uint32) []byte {
	var b []byte
	for _, v := range n {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// put sends one PDU.
func (f *fake) put(id, status, sequence uint32, body string) {
	f.t.Helper()
	f.raw(append(octets(uint32(16+len(body)), id, status, sequence), body...))
}

func (f *fake) raw(b []byte) {
	f.t.Helper()
	if _, err := f.conn.Write(b); err != nil {
		f.t.Errorf("the centre can't write: %v", err)
	}
}

// get reads one PDU: id, status, sequence, body.
func (f *fake) get() (id, status, sequence uint32, body string) {
	f.t.Helper()
	h := make([]byte, 16)
	if _, err := io.ReadFull(f.conn, h); err != nil {
		return 0, 0, 0, err.Error()
	}
	b := make([]byte, binary.BigEndian.Uint32(h)-16)
	if _, err := io.ReadFull(f.conn, b); err != nil {
		f.t.Errorf("the centre can't read a body: %v", err)
	}
	return binary.BigEndian.Uint32(h[4:]), binary.BigEndian.Uint32(h[8:]), binary.BigEndian.Uint32(h[12:]), string(b)
}

// want reads one PDU of the given id and gives sequence and body.
func (f *fake) want(id uint32) (uint32, string) {
	f.t.Helper()
	got, status, sequence, body := f.get()
	if got != id {
		f.t.Errorf("the centre got %08x (status %x, %q), want %08x", got, status, body, id)
	}
	return sequence, body
}

// wantStatus reads an answer and its status.
func (f *fake) wantStatus(id, status uint32) {
	f.t.Helper()
	got, s, _, body := f.get()
	if got != id || s != status {
		f.t.Errorf("the centre got %08x with status %x (%q), want %08x with %x", got, s, body, id, status)
	}
}

func (f *fake) bind() {
	f.t.Helper()
	sequence, body := f.want(0x09)
	if body != "okno\x00secret\x00\x00\x34\x00\x00\x00" {
		f.t.Errorf("bind says %q", body)
	}
	f.put(0x80000009, 0, sequence, "centre\x00")
}

// end waits for the client to go: with unbind where polite.
func (f *fake) end(polite bool) {
	f.t.Helper()
	if polite {
		sequence, _ := f.want(0x06)
		f.put(0x80000006, 0, sequence, "")
	}
	if id, _, _, body := f.get(); id != 0 {
		f.t.Errorf("after the end came %08x %q", id, body)
	}
	_ = f.conn.Close()
}

// world is a client whose centre is a list of scripts, one for each connection;
// after the last one the centre can't be reached.
type world struct {
	*Client
	stop     func() // ends Run and waits for it
	changes  []string
	receipts []Receipt
	mu       sync.Mutex
}

var errDown = errors.New("the centre is down")

// start runs a client in the bubble of a synctest.
func start(t *testing.T, cfg Config, scripts ...func(*fake)) *world {
	t.Helper()
	w := &world{}
	var centre sync.WaitGroup
	n := 0
	cfg.SystemID, cfg.Password = "okno", "secret"
	cfg.Dial = func(context.Context) (net.Conn, error) {
		if n == len(scripts) {
			return nil, errDown
		}
		ours, theirs := net.Pipe()
		script := scripts[n]
		n++
		centre.Go(func() { script(&fake{t, theirs}) })
		return ours, nil
	}
	cfg.Changed = func(err error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if err == nil {
			w.changes = append(w.changes, "bound")
		} else {
			w.changes = append(w.changes, err.Error())
		}
	}
	if cfg.Handler == nil {
		cfg.Handler = func(_ context.Context, r Receipt) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.receipts = append(w.receipts, r)
			return nil
		}
	}
	client, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.Client = client
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := client.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	w.stop = func() {
		t.Helper()
		cancel()
		running.Wait()
		centre.Wait()
		if n < len(scripts) {
			t.Errorf("%d of %d connections were made", n, len(scripts))
		}
	}
	return w
}

// saw tells whether the changes contain each of words, in this order.
func (w *world) saw(words ...string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := strings.Join(w.changes, "\n")
	for _, word := range words {
		_, rest, found := strings.Cut(all, word)
		if !found {
			return false
		}
		all = rest
	}
	return true
}

// within is a context that ends after d of the bubble's time.
func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
