// Package notify tells people what happened in their matters: one message for
// one event. Here it has one channel, the portal's bell.
//
// A notice is made from a fact of the journal and keyed by (person, fact): a
// fact that is delivered twice leaves one notice. It holds codes, ids and
// dates; its sentence is made in the reader's language when it is shown.
package notify
