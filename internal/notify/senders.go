package notify

import (
	"context"
	"errors"
	"strings"

	"okno/internal/platform/mail"
	"okno/internal/platform/smpp"
)

// Mail sends e-mail.
type Mail struct {
	Sender *mail.Sender
	Domain string // right of the @ in a Message-ID
}

// Send implements [Sender]. A repeat has the same Message-ID and date, so that
// a reader's program may drop it.
func (m Mail) Send(ctx context.Context, t Text) error {
	_, err := m.Sender.Send(ctx, mail.Message{ID: t.ID.String() + "@" + m.Domain, Date: t.At, To: t.To, Subject: t.Subject, Text: t.Body})
	return err
}

// Phones sends short messages.
type Phones struct{ Client *smpp.Client }

// Send implements [Sender]. Segments of a repeat join those that came before.
func (p Phones) Send(ctx context.Context, t Text) error {
	_, err := p.Client.Send(ctx, smpp.Message{To: t.To, Text: t.Body, Validity: t.Valid, Reference: uint16(t.ID[14])<<8 | uint16(t.ID[15])})
	return err
}

// outcome is the state that a try leaves, and why. A lost answer is asked for
// again by e-mail, where the Message-ID tells a reader's program that it is the
// same; a short message is not repeated: each costs, and rings.
func outcome(c Channel, err error) (State, string) {
	if err == nil {
		return Sent, ""
	}
	what := string(mail.OutcomeOf(err))
	if c == SMS {
		what = string(smpp.OutcomeOf(err))
	}
	switch {
	case what == string(mail.Refused):
		return Failed, what
	case what == string(mail.Unknown) && c == SMS:
		return Unknown, what
	case what != "":
		return Queued, what
	case errors.Is(err, context.DeadlineExceeded):
		return Queued, "timeout"
	}
	return Queued, "failure"
}

// DomainOf is the domain of a bare address.
func DomainOf(address string) string { return address[strings.LastIndex(address, "@")+1:] }
