package smpp

import (
	"errors"
	"fmt"
)

// Status is a command_status: what the centre answers (SMPP 3.4, section 5.1.3).
type Status uint32

// The statuses that the client looks at or gives itself.
const (
	StatusOK             Status = 0x00
	StatusInvalidLength  Status = 0x02 // ESME_RINVCMDLEN
	StatusInvalidCommand Status = 0x03 // ESME_RINVCMDID
	StatusWrongState     Status = 0x04 // ESME_RINVBNDSTS
	StatusAlreadyBound   Status = 0x05 // ESME_RALYBND
	StatusSystemError    Status = 0x08 // ESME_RSYSERR
	StatusBindFailed     Status = 0x0d // ESME_RBINDFAIL
	StatusPassword       Status = 0x0e // ESME_RINVPASWD
	StatusSystemID       Status = 0x0f // ESME_RINVSYSID
	StatusQueueFull      Status = 0x14 // ESME_RMSGQFUL
	StatusSubmitFailed   Status = 0x45 // ESME_RSUBMITFAIL
	StatusThrottled      Status = 0x58 // ESME_RTHROTTLED
	StatusTemporary      Status = 0x64 // ESME_RX_T_APPN
	StatusPermanent      Status = 0x65 // ESME_RX_P_APPN
	StatusUnknownError   Status = 0xff // ESME_RUNKNOWNERR
)

var statusNames = map[Status]string{
	StatusOK: "ESME_ROK", 0x01: "ESME_RINVMSGLEN", StatusInvalidLength: "ESME_RINVCMDLEN", StatusInvalidCommand: "ESME_RINVCMDID",
	StatusWrongState: "ESME_RINVBNDSTS", StatusAlreadyBound: "ESME_RALYBND", 0x06: "ESME_RINVPRTFLG", 0x07: "ESME_RINVREGDLVFLG",
	StatusSystemError: "ESME_RSYSERR", 0x0a: "ESME_RINVSRCADR", 0x0b: "ESME_RINVDSTADR", 0x0c: "ESME_RINVMSGID",
	StatusBindFailed: "ESME_RBINDFAIL", StatusPassword: "ESME_RINVPASWD", StatusSystemID: "ESME_RINVSYSID",
	StatusQueueFull: "ESME_RMSGQFUL", 0x15: "ESME_RINVSERTYP", 0x43: "ESME_RINVESMCLASS", StatusSubmitFailed: "ESME_RSUBMITFAIL",
	0x48: "ESME_RINVSRCTON", 0x49: "ESME_RINVSRCNPI", 0x50: "ESME_RINVDSTTON", 0x51: "ESME_RINVDSTNPI",
	StatusThrottled: "ESME_RTHROTTLED", 0x61: "ESME_RINVSCHED", 0x62: "ESME_RINVEXPIRY", StatusTemporary: "ESME_RX_T_APPN",
	StatusPermanent: "ESME_RX_P_APPN", 0xc2: "ESME_RINVPARLEN", StatusUnknownError: "ESME_RUNKNOWNERR",
}

func (s Status) String() string {
	if name := statusNames[s]; name != "" {
		return name
	}
	return fmt.Sprintf("0x%08x", uint32(s))
}

// slow tells whether the centre asks to send less: it did not take the message.
func (s Status) slow() bool { return s == StatusThrottled || s == StatusQueueFull }

// passing tells whether the same message may be taken later.
func (s Status) passing() bool {
	switch s {
	case StatusWrongState, StatusSystemError, StatusSubmitFailed, StatusTemporary, StatusUnknownError:
		return true
	}
	return s.slow()
}

// Outcome is what became of a message that was not accepted.
type Outcome string

// The outcomes.
const (
	Refused Outcome = "refused" // for good: the same message will not be taken
	Again   Outcome = "again"   // not taken; a repeat doubles nothing
	Unknown Outcome = "unknown" // sent, no answer: a repeat may reach the phone twice
)

// Error says why a message was not accepted.
type Error struct {
	Outcome Outcome
	Status  Status // the centre's answer; StatusOK where there was none
	Segment int    // the segment it is about, from 1; those before were accepted
	Err     error  // cause where the centre gave no answer
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("smpp: %s, segment %d: %v", e.Outcome, e.Segment, e.Err)
	}
	return fmt.Sprintf("smpp: %s, segment %d: %s", e.Outcome, e.Segment, e.Status)
}

func (e *Error) Unwrap() error { return e.Err }

// OutcomeOf tells the outcome of an error of [Client.Send]; "" for nil and for others.
func OutcomeOf(err error) Outcome {
	var e *Error
	if errors.As(err, &e) {
		return e.Outcome
	}
	return ""
}
