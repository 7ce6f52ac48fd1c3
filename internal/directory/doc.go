// Package directory keeps the authorities and other organisations of an
// installation: their tree, working hours, territories and officers, and the
// settings that administrators may change.
//
// Invariants:
//   - codes are unique and stand in addresses (/w/CODE/…); the tree has no
//     circle: every change of it updates the one row of directory_state that
//     it started from, so of two changes at once one is stale;
//   - an officer's roles are held in one organisation; only a region
//     administrator or the command line makes region administrators;
//   - the tree is read from memory and checked against directory_state: in a
//     workspace's request in the same query that finds the officer, elsewhere
//     at most a second late;
//   - every change is a fact with before and after.
package directory
