// Package smsc plays an operator's short message centre: it takes messages by
// SMPP 3.4 from whoever knows the password, joins the parts of long ones, sends
// receipts back and shows what would have reached the phones.
//
// How it behaves is a [Mode], which its page and a form switch at any time:
// slow, throttling, refusing numbers, without receipts.
package smsc
