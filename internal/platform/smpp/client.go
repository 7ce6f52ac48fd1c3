package smpp

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Client sends through one message centre.
type Client struct {
	cfg     Config
	window  chan struct{} // a slot for each submit without an answer
	limiter *rate.Limiter

	mu      sync.Mutex
	running bool
	stopped bool
	session *session      // nil: not bound
	changed chan struct{} // closed when session or stopped changes
	slow    time.Duration // pause after the next "throttled"
	resume  time.Time     // nothing is submitted before it
	next    uint16        // reference of the next long message without one
}

var (
	errStopped = errors.New("the client has stopped")
	errRunning = errors.New("smpp: Run is called twice")
)

// New checks the configuration. Nothing is connected before [Client.Run].
func New(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	limit := rate.Inf
	if cfg.Rate > 0 {
		limit = rate.Limit(cfg.Rate)
	}
	return &Client{cfg: cfg, window: make(chan struct{}, cfg.Window), limiter: rate.NewLimiter(limit, 1),
		changed: make(chan struct{}), next: uint16(rand.Uint32())}, nil
}

// Run keeps the client bound until ctx ends, then lets the submits under way
// finish, unbinds and returns nil. It is called once.
func (c *Client) Run(ctx context.Context) error {
	c.mu.Lock()
	if c.running {
		c.mu.Unlock()
		return errRunning
	}
	c.running = true
	c.mu.Unlock()
	defer c.publish(nil, true)
	pause := c.cfg.BackoffMin
	for {
		began := time.Now()
		err := c.serve(ctx)
		if ctx.Err() != nil {
			return nil
		}
		c.cfg.Changed(err)
		if time.Since(began) > c.cfg.BackoffMax {
			pause = c.cfg.BackoffMin
		}
		if refused := (*BindError)(nil); errors.As(err, &refused) && refused.lasting() {
			pause = c.cfg.BackoffMax
		}
		wait := time.NewTimer(pause/2 + rand.N(pause/2+1))
		select {
		case <-ctx.Done():
			wait.Stop()
			return nil
		case <-wait.C:
		}
		pause = min(pause*2, c.cfg.BackoffMax)
	}
}

// serve holds one connection and returns why it ended.
func (c *Client) serve(ctx context.Context) error {
	connecting, cancel := context.WithTimeout(ctx, c.cfg.Connect)
	defer cancel()
	conn, err := c.cfg.Dial(connecting)
	if err != nil {
		return err
	}
	handling, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := newSession(handling, &c.cfg, conn)
	defer s.running.Wait()
	defer stop()
	if err := s.bind(connecting); err != nil {
		s.end(err)
		return err
	}
	c.publish(s, false)
	c.cfg.Changed(nil)
	s.keep(ctx)
	c.publish(nil, ctx.Err() != nil)
	if ctx.Err() != nil {
		c.leave(s)
	}
	s.end(errUnbound) // no effect where it has ended
	return s.cause
}

// leave waits for the answers to submits, at most as long as one may take, and unbinds.
func (c *Client) leave(s *session) {
	patience := time.NewTimer(c.cfg.Answer)
	defer patience.Stop()
	for range cap(c.window) {
		select {
		case c.window <- struct{}{}:
			defer func() { <-c.window }()
		case <-s.ended:
			return
		case <-patience.C:
			return
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.cfg.Connect)
	defer cancel()
	_, _ = s.ask(ctx, unbind, nil, func() {}) // the connection is closed either way
}

// publish says which session submits go to.
func (c *Client) publish(s *session, stopped bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session, c.stopped = s, c.stopped || stopped
	close(c.changed)
	c.changed = make(chan struct{})
}

// Bound tells whether there is a session at the moment.
func (c *Client) Bound() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session != nil
}

// bound waits for a session that has not ended.
func (c *Client) bound(ctx context.Context) (*session, error) {
	for {
		c.mu.Lock()
		s, stopped, changed := c.session, c.stopped, c.changed
		c.mu.Unlock()
		if stopped {
			return nil, errStopped
		}
		if s != nil {
			select {
			case <-s.ended:
			default:
				return s, nil
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// throttled makes all submits pause, twice as long each time; answers of one
// window count once.
func (c *Client) throttled() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if now.Before(c.resume) {
		return
	}
	c.slow = min(max(c.slow*2, c.cfg.SlowMin), maxSlow)
	c.resume = now.Add(c.slow)
}

// taken lets the next pause be shorter.
func (c *Client) taken() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slow /= 2
}

// pause waits until the centre takes messages again.
func (c *Client) pause(ctx context.Context) error {
	for {
		c.mu.Lock()
		left, stopped, changed := time.Until(c.resume), c.stopped, c.changed
		c.mu.Unlock()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case stopped:
			return errStopped
		case left <= 0:
			return nil
		}
		wait := time.NewTimer(left)
		select {
		case <-wait.C:
		case <-changed:
		case <-ctx.Done():
		}
		wait.Stop()
	}
}

// open tells whether a submit may go to s now.
func (c *Client) open(s *session) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session == s && time.Until(c.resume) <= 0
}
