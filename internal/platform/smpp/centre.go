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

// Centre is the other end of the protocol: what a message centre needs to
// serve transceivers. It plays a centre where none can be reached; what
// happens to messages is Submit's. All functions may be called from many
// goroutines.
type Centre struct {
	SystemID string // of the centre, told in the answer to a bind
	// Bind decides about a client; any other status than StatusOK refuses it.
	Bind func(systemID, password string) Status
	// Submit takes a segment. Several of one connection may run at a time; ctx
	// ends with the connection.
	Submit func(ctx context.Context, s Segment) Taken
	// Bound, if set, runs beside each bound connection; ctx ends with it.
	Bound func(ctx context.Context, b *Bound)
}

// Taken is what Submit says.
type Taken struct {
	ID     string // of the segment, where Status is StatusOK
	Status Status
	After  func() // if set, called when the answer has been written
}

// Bounds of one connection.
const (
	centreWindow = 100 // submits that may be under way; more wait in the connection
	bindTime     = 10 * time.Second
	centreAnswer = 30 * time.Second // for the client's answers, and for writing
	silence      = 5 * time.Minute  // without any request or answer of the client
)

// Bound is a client's connection after its bind.
type Bound struct {
	SystemID string
	s        *session
}

// Deliver sends a receipt and waits until the client has confirmed it.
func (b *Bound) Deliver(ctx context.Context, r Receipt, to Address, at time.Time) error {
	from, err := phone("+" + r.From)
	if err != nil {
		return err
	}
	p, err := b.s.ask(ctx, deliverSM, receiptPDU(r, from, to, at), func() {})
	if err == nil && p.status != StatusOK {
		err = fmt.Errorf("smpp: deliver: %s", p.status)
	}
	return err
}

// receiptPDU is the deliver_sm of a receipt: its text as appendix B has it,
// and the same in optional parameters.
func receiptPDU(r Receipt, from, to Address, at time.Time) []byte {
	when := at.UTC().Format("0601021504")
	delivered := "000"
	number := byte(0)
	for i, s := range stateNumbers {
		if s == r.State {
			number = byte(i)
		}
	}
	if r.State == Delivered {
		delivered = "001"
	}
	code := r.Err
	if code == "" {
		code = "000"
	}
	m := short{from: from, to: to, class: classReceipt, text: []byte(fmt.Sprintf("id:%s sub:001 dlvrd:%s submit date:%s done date:%s stat:%s err:%s text:", r.ID, delivered, when, when, r.State, code))}
	m.optionBytes = appendOption(nil, tagReceiptedID, appendText(nil, r.ID)...)
	m.optionBytes = appendOption(m.optionBytes, tagMessageState, number)
	return m.bytes()
}

// centreEnd is one connection as the centre holds it.
type centreEnd struct {
	*session
	*Centre
	bound   *Bound
	submits chan struct{} // a slot for each that is under way
	work    sync.WaitGroup
}

// Serve speaks with one client until it unbinds, breaks off or ctx ends. When
// it has returned, nothing of the connection runs any more.
func (c *Centre) Serve(ctx context.Context, conn net.Conn) error {
	e := &centreEnd{Centre: c, submits: make(chan struct{}, centreWindow),
		session: &session{cfg: &Config{Answer: centreAnswer}, conn: conn, ended: make(chan struct{}), waiting: map[uint32]*request{}}}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { e.end(ctx.Err()) })
	err := e.serve(ctx)
	stop()
	e.end(err)
	cancel()
	e.work.Wait()
	if errors.Is(err, errUnbound) {
		return nil
	}
	return err
}

func (e *centreEnd) serve(ctx context.Context) error {
	in := bufio.NewReaderSize(e.conn, 4096)
	wait := bindTime
	for {
		if err := e.conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
			return err
		}
		p, err := readPDU(in)
		if err != nil {
			if errors.Is(err, errLength) {
				e.answer(p, genericNack, StatusInvalidLength)
			}
			return err
		}
		switch {
		case p.id&isAnswer != 0:
			e.settle(p.sequence, reply{pdu: p})
		case p.id == enquireLink:
			e.answer(p, enquireLink|isAnswer, StatusOK)
		case p.id == unbind:
			e.answer(p, unbind|isAnswer, StatusOK)
			return errUnbound
		case p.id == bindTransceiver:
			if err := e.bindClient(ctx, p); err != nil {
				return err
			}
			wait = silence
		case p.id == submitSM:
			if err := e.submit(ctx, p); err != nil {
				return err
			}
		default:
			e.answer(p, genericNack, StatusInvalidCommand)
		}
	}
}

// reply answers with a body; where that fails the session ends.
func (e *centreEnd) reply(p pdu, status Status, body []byte) {
	if _, err := e.write(pdu{id: p.id | isAnswer, status: status, sequence: p.sequence, body: body}); err != nil {
		e.end(err)
	}
}

// bindClient lets a client in once.
func (e *centreEnd) bindClient(ctx context.Context, p pdu) error {
	if e.bound != nil {
		e.reply(p, StatusAlreadyBound, nil)
		return nil
	}
	f := &fields{rest: p.body}
	systemID, password := f.text(16), f.text(9)
	status := StatusBindFailed
	if f.err == nil {
		status = e.Bind(systemID, password)
	}
	if status != StatusOK {
		e.reply(p, status, nil)
		return &BindError{status}
	}
	e.bound = &Bound{SystemID: systemID, s: e.session}
	e.reply(p, StatusOK, appendText(nil, e.SystemID))
	if e.Bound != nil {
		e.work.Go(func() { e.Bound(ctx, e.bound) })
	}
	return nil
}

// submit lets a segment be taken beside the reading of the next.
func (e *centreEnd) submit(ctx context.Context, p pdu) error {
	if e.bound == nil {
		e.reply(p, StatusWrongState, nil)
		return nil
	}
	s, err := readSegment(p.body)
	if err != nil {
		e.reply(p, StatusInvalidLength, nil)
		return nil
	}
	select {
	case e.submits <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	e.work.Go(func() {
		defer func() { <-e.submits }()
		taken := e.Submit(ctx, s)
		var body []byte
		if taken.Status == StatusOK {
			body = appendText(nil, taken.ID)
		}
		e.reply(p, taken.Status, body)
		if taken.After != nil {
			taken.After()
		}
	})
	return nil
}
