// Package calendar is working time: the production calendar by year, an
// organisation's hours, and terms counted in calendar days, working days and
// working hours. It is pure: no I/O, no clock, no storage. Whoever keeps the
// years hands them in.
//
// What it promises:
//
//   - A term in days is counted from the day after its start and ends at 24:00
//     of its last day in the zone of the body that owes the act. A [Deadline]
//     therefore holds the date, the zone and the moment.
//   - A term in working days ends on a working day; a term in working hours
//     ends inside the organisation's hours, to the minute.
//   - A deadline never gets earlier when the start is later or the term longer.
//   - A year without a published calendar uses the standing holidays of the
//     Labour Code, art. 112, without transfers; every deadline that depends on
//     such a year is marked provisional ([DefaultRussian]).
//   - When a year is published, [Calendar.Recompute] brings open terms up to
//     date, and never makes one later that a citizen was told.
//
// A [Calendar] is immutable and safe for concurrent use.
package calendar
