// Package backup writes a whole installation into one file and reads it into
// an empty one, whatever the engines: it is also the way from SQLite to
// PostgreSQL and back.
//
// The file is a zip archive: tables/NAME.ndjson (one JSON array per row, in
// the order of the manifest's columns, rows in the order of the primary key),
// files/NAME (attachments as they are stored) and, last, manifest.json. A file
// without a manifest is not a backup; it has none until everything else is
// written, and its final name only after that.
//
// Values have types of our own: UUID and TEXT are strings, BIGINT a number,
// BOOLEAN true or false, BYTEA base64; any may be null. So the same content has
// the same bytes on every engine, and equal installations have manifests that
// are the same (see [Manifest.Same]).
//
// Tables are found in the schema, so that a new one can't be forgotten; what is
// left out on purpose stands in [LeftOut] with the reason. Sealed bytes stay
// sealed, and the keys that open them are no part of the file: see [Keys].
//
// [Restore] works on an empty target alone. It checks the whole file first and
// the loaded content after, erases again whom the erasure list names, lets
// outbound work stand still, and only then reports success. A table
// backup_restore marks a target as half-done until that moment: [Interrupted].
package backup
