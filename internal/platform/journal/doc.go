// Package journal reads the append-only table of facts and hands facts to
// their consumers.
//
// A fact is written by [db.Tx.Fact] in the transaction of the change. With the
// transaction's facts goes one dispatch job, which only adds one job for each
// interested consumer (unique by consumer and transaction) and ends. Each
// consumer fails and is retried alone. No cursor over id or time decides what
// was consumed, because rows commit out of order.
//
// No order is promised. A consumer is one of three kinds: state (reads the
// subject through its owner's interface and writes WHERE seen_version < $v),
// sum (the fact carries before and after, so sums commute), or delivery (sends
// the version number along). One whose effect is database work uses
// [Delivery.Write]: effect and end of the job are one commit, so each fact
// takes effect exactly once. Every other effect is at least once; [Delivery.ID]
// is its stable name.
//
// A consumer that is new to a journal with facts in it is registered first and
// then backfilled, beside live facts. While that goes on, the facts it took are
// remembered in journal_seen, so that none takes effect twice.
package journal
