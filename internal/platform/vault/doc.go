// Package vault seals what is personal under a data key of its subject (a
// person or an organisation), so that destroying one key erases all of it,
// old copies of the database included.
//
// Data keys stand in vault_key, wrapped by a key-encryption key that is held in
// memory after start and comes from a file outside the database ([OpenKeys]).
// Sealed bytes name their key's version and are bound to (table, row, column):
// moved elsewhere they do not open.
//
// Sealing happens before a transaction's closure; [Key.Keep] or [KeyAlive]
// inside it fails with stale if an erasure came between. An erasure is written
// to a list outside the database first, so that a restore can apply it to an
// older copy ([Vault.Apply]). What an old copy of the database together with
// an old copy of the key file still reads is everything that was not erased
// before that copy was made.
//
// The cipher is XChaCha20-Poly1305; attachments are sealed in chunks of 64 kB
// ([Key.SealStream]), so that a range can be read and a cut is noticed.
package vault
