// Package smpp sends short messages to a message centre (SMSC) by SMPP 3.4,
// as a transceiver: it submits, and gets the receipts on the same connection.
//
// [Client.Run] keeps one bound connection until its context ends: it binds,
// asks enquire_link, binds again with a growing pause where the connection
// broke, and unbinds at the end. Whoever starts Run owns its goroutine; when it
// has returned, nothing of the client runs any more. [Client.Send] may be
// called from many goroutines.
//
// What bounds memory: at most Window submits wait for an answer, at most
// Window receipts wait for their handler (more are refused, and the centre
// sends them again), and a PDU is at most 66 kB long.
//
// What became of a message is one of: accepted (Send gives the centre's ids),
// refused for good, try again, unknown. See [Outcome].
//
// [Centre] is the other end, with what a message centre needs to be played
// where none can be reached; the product doesn't use it.
package smpp
