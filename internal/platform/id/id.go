// Package id makes the identifiers of things and the public numbers of cases.
package id

import (
	"github.com/google/uuid"
)

// ID names an aggregate: a UUIDv7, so that keys grow with time on every
// engine. It is stored as UUID (PostgreSQL) or text (SQLite). An ID is not a
// secret and never serves as a token.
type ID = uuid.UUID

// Nil is the zero ID: "none". It is stored as NULL where a column allows it.
var Nil = uuid.Nil

// New makes an ID from the machine's clock and randomness.
func New() ID { return uuid.Must(uuid.NewV7()) }

// Parse reads the canonical form only.
func Parse(s string) (ID, error) { return uuid.Parse(s) }
