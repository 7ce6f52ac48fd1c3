package mail

import (
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
)

// Outcome is what became of a message that was not sent.
type Outcome string

// The outcomes.
const (
	Refused Outcome = "refused" // for good: the server, or this package, will not take it (5xx)
	Again   Outcome = "again"   // not taken now (4xx, no connection, no access); a repeat doubles nothing
	Unknown Outcome = "unknown" // handed over, but the server's answer was lost: a repeat may come twice
)

// Stage is how far a message came.
type Stage string

// The stages. What is refused at From is about the sender, and so about every message.
const (
	Compose Stage = "compose" // the message or its address breaks a rule
	Connect Stage = "connect" // connecting, encryption, signing in
	From    Stage = "from"
	To      Stage = "to"
	Data    Stage = "data"
	End     Stage = "end" // the message is with the server, its answer is awaited
)

// ErrNoUTF8 says that the address has letters outside ASCII before the @ and the
// server doesn't take such addresses (RFC 6531).
var ErrNoUTF8 = errors.New("the server takes no address with letters outside ASCII")

// Error says why a message was not sent.
type Error struct {
	Outcome  Outcome
	Stage    Stage
	Code     int    // the server's answer, 400 to 599; 0 where there was none
	Enhanced string // its status by RFC 3463, such as "5.1.1"; "" none
	// Reply is the server's words, in which it may name the address: for whoever
	// may see the address, not for the log.
	Reply string
	Err   error // cause where the server gave no answer
}

func (e *Error) Error() string {
	if e.Code != 0 {
		return fmt.Sprintf("mail: %s at %s: %d %s", e.Outcome, e.Stage, e.Code, e.Enhanced)
	}
	return fmt.Sprintf("mail: %s at %s: %v", e.Outcome, e.Stage, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// OutcomeOf tells the outcome of an error of [Sender.Send]; "" for nil and for others.
func OutcomeOf(err error) Outcome {
	var e *Error
	if errors.As(err, &e) {
		return e.Outcome
	}
	return ""
}

var enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// failed makes the error of a stage from what the connection gave.
func failed(stage Stage, err error) *Error {
	e := &Error{Outcome: Again, Stage: stage}
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		e.Err = err
		if stage == End {
			e.Outcome = Unknown
		}
		return e
	}
	e.Code, e.Reply, e.Enhanced = answer.Code, answer.Msg, enhanced.FindString(answer.Msg)
	switch {
	case stage == Connect || answer.Code == 530 || answer.Code == 535 || answer.Code == 538:
		// The server doesn't let us in: nothing is wrong with the message.
	case answer.Code >= 500 && answer.Code < 600:
		e.Outcome = Refused
	case answer.Code < 400 && stage == End:
		e.Outcome = Unknown // neither yes nor no
	}
	return e
}

// broken tells whether the connection is of no more use.
func (e *Error) broken() bool {
	return e.Code == 0 && !errors.Is(e.Err, ErrNoUTF8) || e.Code == 421 || e.Stage == Data
}

func refuse(err error) *Error { return &Error{Outcome: Refused, Stage: Compose, Err: err} }
