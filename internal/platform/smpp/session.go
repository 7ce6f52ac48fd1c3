package smpp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

var (
	errNotSent = errors.New("smpp: the connection ended before the request was sent")
	errNoReply = errors.New("no answer in time")
	errUnbound = errors.New("smpp: the centre ended the session")
)

// session is one connection. It has two goroutines: one reads, one hands
// receipts over. end stops both.
type session struct {
	cfg      *Config
	conn     net.Conn
	writing  sync.Mutex
	ended    chan struct{} // closed by end
	receipts chan pdu      // deliver_sm that wait for the handler
	running  sync.WaitGroup

	mu       sync.Mutex
	cause    error // why it ended
	sequence uint32
	waiting  map[uint32]*request
}

// request waits for its answer. Exactly one of an answer, the end of its time
// and the end of the session takes it out of the map; that one gives the slot
// of the window back.
type request struct {
	done    chan reply // holds one
	timer   *time.Timer
	release func()
}

type reply struct {
	pdu pdu
	err error
}

func newSession(ctx context.Context, cfg *Config, conn net.Conn) *session {
	s := &session{cfg: cfg, conn: conn, ended: make(chan struct{}), receipts: make(chan pdu, cfg.Window), waiting: map[uint32]*request{}}
	s.running.Go(s.read)
	s.running.Go(func() { s.handle(ctx) })
	return s
}

// end closes the connection and fails every request. The first cause stays.
func (s *session) end(cause error) {
	s.mu.Lock()
	if s.cause != nil {
		s.mu.Unlock()
		return
	}
	s.cause = cause
	lost := s.waiting
	s.waiting = nil
	close(s.ended)
	s.mu.Unlock()
	_ = s.conn.Close() // the reason of the end is told, not that of the close
	for _, r := range lost {
		r.finish(reply{err: cause})
	}
}

func (r *request) finish(a reply) {
	r.timer.Stop()
	r.release()
	r.done <- a
}

// take removes a request; nil where it is gone.
func (s *session) take(sequence uint32) *request {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.waiting[sequence]
	delete(s.waiting, sequence)
	return r
}

// settle hands a request its reply, if it still waits.
func (s *session) settle(sequence uint32, a reply) {
	if r := s.take(sequence); r != nil {
		r.finish(a)
	}
}

// add registers a request before it is written: the answer may be faster than
// the writer's return.
func (s *session) add(release func()) (uint32, *request, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cause != nil {
		return 0, nil, false
	}
	for {
		s.sequence = s.sequence%maxSequence + 1
		if s.waiting[s.sequence] == nil {
			break
		}
	}
	sequence := s.sequence
	r := &request{done: make(chan reply, 1), release: release}
	r.timer = time.AfterFunc(s.cfg.Answer, func() { s.settle(sequence, reply{err: errNoReply}) })
	s.waiting[sequence] = r
	return sequence, r, true
}

// ask sends a request and waits for its answer. release is called exactly
// once: when the request no longer counts as outstanding, which may be after
// ask returned because ctx ended. errNotSent means that the centre can't have
// got it.
func (s *session) ask(ctx context.Context, id uint32, body []byte, release func()) (pdu, error) {
	sequence, r, ok := s.add(release)
	if !ok {
		release()
		return pdu{}, errNotSent
	}
	if whole, err := s.write(pdu{id: id, sequence: sequence, body: body}); err != nil {
		s.end(err)
		if !whole {
			return pdu{}, fmt.Errorf("%w: %w", errNotSent, err)
		}
	}
	select {
	case a := <-r.done:
		return a.pdu, a.err
	case <-ctx.Done():
		return pdu{}, ctx.Err()
	}
}

// write sends one PDU. whole tells whether all of it went to the network: a
// part of one can't be acted on.
func (s *session) write(p pdu) (whole bool, err error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	b := p.bytes()
	if err := s.conn.SetWriteDeadline(time.Now().Add(s.cfg.Answer)); err != nil {
		return false, err
	}
	n, err := s.conn.Write(b)
	return n == len(b), err
}

// answer replies to the centre; where that fails the session ends.
func (s *session) answer(p pdu, id uint32, status Status) {
	var body []byte
	if id == deliverSM|isAnswer {
		body = []byte{0} // message_id, unused
	}
	if _, err := s.write(pdu{id: id, status: status, sequence: p.sequence, body: body}); err != nil {
		s.end(err)
	}
}

func (s *session) read() {
	in := bufio.NewReaderSize(s.conn, 4096)
	for {
		p, err := readPDU(in)
		if err != nil {
			if errors.Is(err, errLength) {
				s.answer(p, genericNack, StatusInvalidLength)
			}
			s.end(err)
			return
		}
		switch {
		case p.id&isAnswer != 0:
			s.settle(p.sequence, reply{pdu: p})
		case p.id == enquireLink:
			s.answer(p, enquireLink|isAnswer, StatusOK)
		case p.id == deliverSM:
			select {
			case s.receipts <- p:
			default: // the handler is behind: the centre sends it again
				s.answer(p, deliverSM|isAnswer, StatusQueueFull)
			}
		case p.id == unbind:
			s.answer(p, unbind|isAnswer, StatusOK)
			s.end(errUnbound)
			return
		default:
			s.answer(p, genericNack, StatusInvalidCommand)
		}
	}
}

// handle gives receipts to the handler, one after another. What is no receipt
// (a message from a phone) is confirmed and dropped.
func (s *session) handle(ctx context.Context) {
	for {
		var p pdu
		select {
		case p = <-s.receipts:
		case <-s.ended:
			return
		}
		m, err := readShort(p.body)
		if err != nil {
			s.answer(p, deliverSM|isAnswer, StatusPermanent)
			continue
		}
		status := StatusOK
		if r, ok := readReceipt(m); ok && s.cfg.Handler(ctx, r) != nil {
			status = StatusTemporary
		}
		s.answer(p, deliverSM|isAnswer, status)
	}
}

// bind logs on.
func (s *session) bind(ctx context.Context) error {
	p, err := s.ask(ctx, bindTransceiver, bindBody(s.cfg), func() {})
	if err != nil {
		return fmt.Errorf("smpp: bind: %w", err)
	}
	if p.id != bindTransceiver|isAnswer || p.status != StatusOK {
		return &BindError{p.status}
	}
	return nil
}

// BindError says that the centre did not let the client in.
type BindError struct{ Status Status }

func (e *BindError) Error() string { return "smpp: bind: " + e.Status.String() }

// lasting tells whether somebody has to mend the configuration: trying soon
// again would only lock the account.
func (e *BindError) lasting() bool {
	return e.Status == StatusPassword || e.Status == StatusSystemID || e.Status == StatusBindFailed
}

// keep asks enquire_link until ctx or the session ends.
func (s *session) keep(ctx context.Context) {
	tick := time.NewTicker(s.cfg.Enquire)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.ended:
			return
		case <-tick.C:
			if _, err := s.ask(ctx, enquireLink, nil, func() {}); err != nil && ctx.Err() == nil {
				s.end(fmt.Errorf("smpp: enquire_link: %w", err))
				return
			}
		}
	}
}
