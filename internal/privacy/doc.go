// Package privacy remembers who read whose data, and shows it to the person
// and to auditors.
//
// Invariants:
//   - a page with another person's data is sent only after its record is
//     durable: handlers pass [Service.Record] to the answer's Before; where it
//     fails, the page is refused;
//   - one's own things are not recorded;
//   - a list or a search is one record: filter codes, count, and the typed
//     words sealed under the reader's own key;
//   - records are only added, never changed.
//
// It also keeps the erasure list: subjects whose data were erased, in a file
// outside the database, which a restore applies before the installation opens.
package privacy
