// Package sandbox plays, over real protocols, the parties that a test or a
// demonstration can't reach: a mail server that takes every letter, and an
// operator's short message centre. Their pages show what came.
//
// It runs in a process of its own, started by hand (cmd/okno-sandbox) or by a
// parent ([Start]): a child tells its [Addresses] in one line of JSON on its
// standard output and ends when its standard input does, so that it never
// outlives the parent, however that ended. Letters and messages are kept in
// memory alone; the folder keeps ports and the password, so that addresses
// stay the same from one start to the next.
package sandbox
