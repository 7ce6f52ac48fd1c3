// Package web is the one way of a request: pattern, middleware (request id,
// log, recover, session, origin check, rate), a [Handler] that calls a use
// case, and one renderer for answers and for failures.
//
// A handler returns a [Response] or an error; it never writes bytes itself.
// The page is built first, then [Reply.Before] runs (the record of who read
// what), then bytes are sent: what can't be recorded is not shown.
//
// Invariants: no inline script or style passes the Content-Security-Policy;
// a writing request that carries a session cookie must prove its origin; logs
// hold patterns and codes, never paths, query values or names.
package web
