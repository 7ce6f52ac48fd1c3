// Package notify tells people what happened in their matters: one message for
// one event, on the portal's bell and on channels to the outside.
//
// A notice of the bell is made from a fact of the journal and keyed by (person,
// fact): a fact that is delivered twice leaves one notice. It holds codes, ids
// and dates; its sentence is made in the reader's language when it is shown.
//
// A message to the outside (e-mail, SMS) is written by [Outbox.Send] in the
// transaction of its event, named by event and channel, and sent by a job
// after the commit. Its address and arguments are sealed, its text is made when
// it is sent and stored nowhere; the arguments, which may hold a code or a
// link, go when nothing is sent any more. What became of it stays for 90 days.
// Repeats and their waits are the policy of its kind.
package notify
