// Package mail hands e-mail messages over to a mail server by SMTP.
//
// A [Sender] keeps one connection and uses it for message after message; it
// connects again where the server has closed it. A message goes to one
// address, as plain text and, if wanted, HTML beside it.
//
// The caller names each message (Message-ID) and its date: a repeat is the
// same message byte for byte, so that a reader's program may drop it. Nothing
// typed by a person can add a header or an address: what holds a control
// character is refused before anything is sent.
//
// What became of a message is one of: sent (nil), refused for good, try again,
// unknown. See [Outcome]. Errors hold no address and nothing of the text.
package mail
