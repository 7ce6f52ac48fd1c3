// Package policy decides who may do what.
//
// The decision is data: a row says that a role, standing in a relation to a
// thing, may take an action: in full, seeing metadata only, or after giving a
// reason. Nothing else in the program grants anything; a use case asks
// [Check] for one object before anything but its (owner, organisation,
// territory) is read, and [For] for a list, whose [Scope] becomes SQL over
// the columns that the store declares. No row is filtered after SQL.
//
// Invariants:
//   - an action without a row is refused to everybody;
//   - another person's thing is not_found, byte for byte like a missing one;
//     forbidden is said only about a thing that the actor may see;
//   - roles of officers count in the acting organisation alone, which is an
//     explicit part of the [Actor].
//
// testdata/policy.golden holds every decision; a change of a row changes it.
package policy
