// Package db is the one door to the database. It runs the same code on SQLite
// and on PostgreSQL.
//
// All writing goes through [Write]: a closure that may run several times,
// touches nothing but its result, does no I/O and waits for nothing. What it
// collects with [Tx.Queue], [Tx.Fact], [Tx.Job] and [Tx.Timer] is sent with
// the commit: on PostgreSQL the whole transaction is one pipelined batch, on
// SQLite many closures share one durable commit (group commit).
//
// Promises:
//
//   - a closure's effect is there wholly or not at all, and Write returns nil
//     only after the commit is durable;
//   - a cancelled, failing or panicking neighbour never harms another closure;
//   - after the first failed statement a transaction is lost on both engines:
//     later statements return the same error and Write returns it even where
//     the closure swallowed it;
//   - a connection lost during COMMIT is never re-run blindly: the transaction
//     is looked for, and where it is not found the error is outcome_unknown.
//
// SQL is written in the common subset of both engines with $1 placeholders.
// The tables journal_fact, jobs_job and jobs_timer are written here, because
// they belong to the transaction of the change; the packages journal and jobs
// read them.
package db
