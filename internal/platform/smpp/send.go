package smpp

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Message is a text for a phone.
type Message struct {
	To       string        // E.164: "+79161234567"
	Text     string        // UTF-8
	Validity time.Duration // how long the centre tries; 0: its own rule, at most 99 days
	Receipt  bool          // ask for a receipt of the final state
	// Reference joins the segments of a long message on the phone. A caller
	// that repeats a message gives the same one, so that the phone joins what
	// it got of both; 0: the next of the client.
	Reference uint16
}

// Send submits a message, its segments one after another, and gives the
// centre's id of each segment that was accepted, also beside an error. While
// there is no session, and while the centre asks for less, it waits until ctx
// ends. Every error is an [*Error].
func (c *Client) Send(ctx context.Context, m Message) ([]string, error) {
	bodies, err := c.segments(m)
	if err != nil {
		return nil, &Error{Outcome: Refused, Segment: 1, Err: err}
	}
	var ids []string
	for i, body := range bodies {
		id, failed := c.submit(ctx, body)
		if failed != nil {
			failed.Segment = i + 1
			return ids, failed
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// segments makes the bodies of submit_sm.
func (c *Client) segments(m Message) ([][]byte, error) {
	to, err := phone(m.To)
	if err != nil {
		return nil, err
	}
	coding, parts, err := cutText(m.Text, c.cfg.UCS2)
	if err != nil {
		return nil, err
	}
	if len(parts) > c.cfg.MaxSegments {
		return nil, fmt.Errorf("%w: %d of %d", errLong, len(parts), c.cfg.MaxSegments)
	}
	valid, err := validity(m.Validity)
	if err != nil {
		return nil, err
	}
	b := short{service: c.cfg.Service, from: typed(c.cfg.Source), to: to, coding: coding, validity: valid}
	if m.Receipt {
		b.registered = 1
	}
	reference := m.Reference
	if len(parts) > 1 && reference == 0 {
		reference = c.reference()
	}
	bodies := make([][]byte, 0, len(parts))
	for i, part := range parts {
		p := b
		p.text = part
		if len(parts) > 1 {
			p.join(c.cfg.Join, reference, len(parts), i+1)
		}
		bodies = append(bodies, p.bytes())
	}
	return bodies, nil
}

// join marks a segment as the nth of total.
func (m *short) join(how Joining, reference uint16, total, nth int) {
	if how == SAR {
		m.optionBytes = appendOption(nil, tagSARReference, binary.BigEndian.AppendUint16(nil, reference)...)
		m.optionBytes = appendOption(m.optionBytes, tagSARTotal, byte(total))
		m.optionBytes = appendOption(m.optionBytes, tagSARNumber, byte(nth))
		return
	}
	m.class |= classUDH
	// 3GPP TS 23.040, 9.2.3.24.1: concatenated messages, reference of 8 bits.
	m.text = append([]byte{5, 0, 3, byte(reference), byte(total), byte(nth)}, m.text...)
}

// reference numbers long messages that came without one.
func (c *Client) reference() uint16 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	return c.next
}

// validity is the relative form of validity_period, "YYMMDDhhmmss000R".
func validity(d time.Duration) (string, error) {
	if d == 0 {
		return "", nil
	}
	s := int64(d / time.Second)
	if s < 1 || s >= 100*86400 {
		return "", errors.New("a validity of less than a second or more than 99 days")
	}
	return fmt.Sprintf("0000%02d%02d%02d%02d000R", s/86400, s/3600%24, s/60%60, s%60), nil
}

// submit sends one segment until the centre has said what becomes of it.
func (c *Client) submit(ctx context.Context, body []byte) (string, *Error) {
	for tries := 1; ; {
		s, err := c.turn(ctx)
		if err != nil {
			return "", &Error{Outcome: Again, Err: err}
		}
		p, err := s.ask(ctx, submitSM, body, func() { <-c.window })
		switch {
		case errors.Is(err, errNotSent):
			continue // the next session
		case err != nil:
			return "", &Error{Outcome: Unknown, Err: err}
		case p.status.slow():
			c.throttled()
			if tries++; tries > c.cfg.Tries {
				return "", &Error{Outcome: Again, Status: p.status}
			}
		case p.status.passing():
			return "", &Error{Outcome: Again, Status: p.status}
		case p.status != StatusOK:
			return "", &Error{Outcome: Refused, Status: p.status}
		default:
			c.taken()
			id, err := messageID(p.body)
			if err != nil || p.id != submitSM|isAnswer {
				return "", &Error{Outcome: Unknown, Err: errors.Join(errors.New("an answer that can't be read"), err)}
			}
			return id, nil
		}
	}
}

// turn waits for the contract's rate, for the centre's pause to end, for a
// session and for a slot of the window, which the caller then holds.
func (c *Client) turn(ctx context.Context) (*session, error) {
	if err := c.limiter.Wait(ctx); err != nil {
		return nil, err
	}
	for {
		if err := c.pause(ctx); err != nil {
			return nil, err
		}
		s, err := c.bound(ctx)
		if err != nil {
			return nil, err
		}
		select {
		case c.window <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if c.open(s) && ctx.Err() == nil {
			return s, nil
		}
		<-c.window // it changed while we waited
	}
}
