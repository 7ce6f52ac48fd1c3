package smsc

import (
	"context"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"okno/internal/platform/smpp"
	"okno/internal/sandbox/shelf"
)

// Config of a centre. Zero values work but for SystemID and Password.
type Config struct {
	SystemID string // of the clients
	Password string
	Most     int // messages that are kept; 0: 500
	Bytes    int // of their texts; 0: 4 MB
	Now      func() time.Time
	Log      *slog.Logger
}

// Message is what a phone got, or a part of it.
type Message struct {
	ID      string    `json:"id"` // of the first segment that came
	From    string    `json:"from"`
	To      string    `json:"to"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
	Parts   int       `json:"parts"`   // of the whole
	Arrived int       `json:"arrived"` // of them

	reference uint16
	coding    byte
	octets    [][]byte // of each part; nil: has not come
}

// Whole tells whether all parts are there.
func (m Message) Whole() bool { return m.Arrived == m.Parts }

// Mode is how the centre behaves. The zero Mode takes everything at once.
type Mode struct {
	Slow     time.Duration `json:"slow"`     // before each answer to a submit
	Throttle bool          `json:"throttle"` // every submit is answered with "throttled"
	Refuse   string        `json:"refuse"`   // numbers that begin so are refused; "" none
	Silent   bool          `json:"silent"`   // no receipts
}

// Centre is a message centre.
type Centre struct {
	cfg      Config
	messages *shelf.Shelf[Message]

	mu    sync.Mutex
	mode  Mode
	next  int64
	owed  []debt
	owing chan struct{} // closed when owed or mode changes
}

// debt is a receipt that no client has confirmed.
type debt struct {
	receipt smpp.Receipt
	to      smpp.Address
	at      time.Time
	tries   int
}

// Bounds of the receipts that wait.
const (
	mostOwed  = 10_000
	mostTries = 10
	retry     = time.Second
)

// New makes a centre.
func New(cfg Config) *Centre {
	if cfg.Most == 0 {
		cfg.Most = 500
	}
	if cfg.Bytes == 0 {
		cfg.Bytes = 4 << 20
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Centre{cfg: cfg, messages: shelf.New(cfg.Most, cfg.Bytes, Message.size), owing: make(chan struct{})}
}

func (m Message) size() int {
	n := 200 + len(m.Text)
	for _, o := range m.octets {
		n += len(o)
	}
	return n
}

// Mode is how the centre behaves now.
func (c *Centre) Mode() Mode {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mode
}

// SetMode changes how the centre behaves, for submits that come from now on.
// Receipts that it did not send come when it may send them again.
func (c *Centre) SetMode(m Mode) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mode = m
	c.wake()
}

// wake tells those who wait for owed receipts. The caller holds mu.
func (c *Centre) wake() {
	close(c.owing)
	c.owing = make(chan struct{})
}

// Messages are those kept, the newest first.
func (c *Centre) Messages() []Message { return c.messages.Newest() }

// Serve takes connections until ctx ends, then ends them all.
func (c *Centre) Serve(ctx context.Context, ln net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = ln.Close() }) // Accept tells of it
	defer stop()
	var open sync.WaitGroup
	defer open.Wait()
	centre := &smpp.Centre{SystemID: "okno-sandbox", Bind: c.bind, Submit: c.submit, Bound: c.deliver}
	for {
		conn, err := ln.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("short message centre: %w", err)
		}
		open.Go(func() {
			if err := centre.Serve(ctx, conn); err != nil && ctx.Err() == nil {
				c.cfg.Log.Info("short message centre: a client is gone", "error", err)
			}
		})
	}
}

func (c *Centre) bind(systemID, password string) smpp.Status {
	if systemID != c.cfg.SystemID {
		return smpp.StatusSystemID
	}
	if subtle.ConstantTimeCompare([]byte(password), []byte(c.cfg.Password)) != 1 {
		return smpp.StatusPassword
	}
	return smpp.StatusOK
}

// statusNumber is ESME_RINVDSTADR: the centre doesn't serve the number.
const statusNumber smpp.Status = 0x0b

func (c *Centre) submit(ctx context.Context, s smpp.Segment) smpp.Taken {
	mode := c.Mode()
	if mode.Slow > 0 {
		wait := time.NewTimer(mode.Slow)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-ctx.Done():
			return smpp.Taken{Status: smpp.StatusSystemError}
		}
	}
	switch {
	case mode.Throttle:
		return smpp.Taken{Status: smpp.StatusThrottled}
	case mode.Refuse != "" && strings.HasPrefix(s.To.Addr, mode.Refuse):
		return smpp.Taken{Status: statusNumber}
	}
	c.mu.Lock()
	c.next++
	id := fmt.Sprintf("%08d", c.next)
	c.mu.Unlock()
	now := c.cfg.Now()
	c.messages.Change(func(all []Message) []Message { return take(all, s, id, now) })
	taken := smpp.Taken{ID: id}
	if s.Receipt {
		taken.After = func() {
			c.owe(debt{receipt: smpp.Receipt{ID: id, State: smpp.Delivered, From: s.To.Addr}, to: s.From, at: now})
		}
	}
	return taken
}

// take adds a segment to the message that it is a part of, or begins one. A
// part that comes twice stands for the first, as on a phone.
func take(all []Message, s smpp.Segment, id string, now time.Time) []Message {
	i := -1
	if s.Total > 1 {
		i = slices.IndexFunc(all, func(m Message) bool {
			return !m.Whole() && m.reference == s.Reference && m.Parts == s.Total && m.To == s.To.Addr && m.From == s.From.Addr && m.coding == s.Coding
		})
	}
	if i < 0 {
		i = len(all)
		all = append(all, Message{ID: id, From: s.From.Addr, To: s.To.Addr, At: now, Parts: s.Total, reference: s.Reference, coding: s.Coding, octets: make([][]byte, s.Total)})
	}
	m := all[i]
	m.octets = slices.Clone(m.octets) // readers hold the message as it was
	m.octets[s.Nth-1] = append([]byte{}, s.Octets...)
	m.Arrived = 0
	for _, o := range m.octets {
		if o != nil {
			m.Arrived++
		}
	}
	m.Text = strings.ToValidUTF8(smpp.Decode(m.coding, slices.Concat(m.octets...)), "�")
	all[i] = m
	return all
}
