// Package mailbox is a mail server that takes every letter to everybody and
// delivers none: it keeps the newest in memory and shows them.
package mailbox
