// Package casework carries a matter from its filing to its rated answer.
//
// A case is one lifecycle; what differs between reports, statutory appeals and
// complaints are rows of a [Procedure]: stages, terms, roles, outcomes and the
// names of rules. A rule is a Go function with its citation (rules.go).
//
// Invariants:
//   - Every change goes through [Service.Act] or a filing use case: one pure
//     step over the case ([step]), then one transaction that writes the case
//     under its version, its lists, its entries, one fact and its timer.
//   - A case's facts, folded in order of version, give its [State] ([Replay]).
//   - Two clocks: review runs from registration to the answer; execution from
//     a date promised in an interim answer to the proof that the work is done.
//   - A term that a citizen was told never gets later, except by an extension
//     or a deferral of which they are told.
//   - Texts are entries of the case, never parts of a fact.
//
// Lists: casework_inbox has one row for a case in its organisation's list,
// casework_mine one in each person's. Both are written with the case. The list
// of a territory is merged from those of the organisations that hold something
// there (territory_walk.go).
package casework
