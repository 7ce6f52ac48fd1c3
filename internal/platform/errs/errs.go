// Package errs is the one vocabulary of failure: a code for the program and a
// sentence, by catalogue key, for the person who reads it.
//
// Every use case returns either nil or an error that carries a [Code]. One
// renderer turns it into a page, a form fragment or an RFC 9457 problem. An
// error without a code is [Internal]: it is logged and its text is never shown.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Code says what kind of failure this is. The list is closed: clients branch on it.
type Code string

// The codes. Each has a page at /errors/CODE.
const (
	Invalid             Code = "invalid"              // input breaks a rule; Fields say which
	Unauthenticated     Code = "unauthenticated"      // sign in first
	Forbidden           Code = "forbidden"            // known, but this role may not
	NotFound            Code = "not_found"            // missing, or another person's
	MethodNotAllowed    Code = "method_not_allowed"   // here, but not by this method
	Stale               Code = "stale"                // somebody changed it meanwhile
	Conflict            Code = "conflict"             // the state does not allow it
	Gone                Code = "gone"                 // was here, was erased
	TooLarge            Code = "too_large"            // more bytes than allowed
	UnsupportedType     Code = "unsupported_type"     // a kind of content that is not taken
	RateLimited         Code = "rate_limited"         // too many tries
	IdempotencyMismatch Code = "idempotency_mismatch" // the key was used with other input
	OutcomeUnknown      Code = "outcome_unknown"      // the connection broke during commit: send again, nothing doubles
	Unavailable         Code = "unavailable"          // try later
	Internal            Code = "internal"             // our fault
)

// Codes lists every code in a fixed order.
func Codes() []Code {
	return []Code{Invalid, Unauthenticated, Forbidden, NotFound, MethodNotAllowed, Stale, Conflict, Gone, TooLarge,
		UnsupportedType, RateLimited, IdempotencyMismatch, OutcomeUnknown, Unavailable, Internal}
}

// Field names one input that breaks a rule.
type Field struct {
	Name string         `json:"name"`           // the input's name in the form and in JSON
	Rule string         `json:"rule"`           // a short code: required, too_long, unknown, out_of_region …
	Key  string         `json:"-"`              // catalogue key of the sentence; empty means "rule.RULE"
	Args map[string]any `json:"args,omitempty"` // values of the sentence's placeholders
}

// Error is a failure with a code. Key, where set, names a sentence of the
// catalogue that says how to mend it; otherwise "error.CODE" is used.
type Error struct {
	Code   Code
	Key    string
	Args   map[string]any
	Fields []Field
	Err    error // cause, for the log alone
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	if e.Key != "" {
		b.WriteString(" " + e.Key)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " %s:%s", f.Name, f.Rule)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// New makes an error whose sentence is the catalogue's key (empty: the code's own).
func New(code Code, key string) *Error { return &Error{Code: code, Key: key} }

// With is New with values for the sentence's placeholders.
func With(code Code, key string, args map[string]any) *Error {
	return &Error{Code: code, Key: key, Args: args}
}

// Wrap gives err a code and keeps it as the cause.
func Wrap(code Code, err error) *Error { return &Error{Code: code, Err: err} }

// InvalidFields makes an [Invalid] error, or nil where there are no fields.
func InvalidFields(fields ...Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Fields: fields}
}

// CodeOf tells err's code; [Internal] for an error without one, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Is tells whether err carries code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }
