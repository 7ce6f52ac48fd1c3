package db

import (
	"time"

	"okno/internal/platform/id"
)

// Fact is one row of the journal: who did what, on whose behalf, about what
// and why. It holds ids, codes, times and references to versioned rows: no
// free text and no personal value. Written by [Tx.Fact] in the transaction of
// the change.
type Fact struct {
	ID           id.ID  // made by the helper where Nil
	Kind         string // "casework.report_filed"
	Subject      id.ID  // the aggregate it is about
	Version      int64  // version of the subject after the change
	Person       id.ID  // who acted; Nil for the system
	Role         string // in which role, or the name of the system's part
	Organisation id.ID  // on whose behalf; Nil for oneself
	At           time.Time
	Reason       string // a code, or ""
	Body         any    // a struct published by the module; encoded as JSON
}

// Lane orders work that competes.
type Lane int

// People come before background work (db.Write), urgent before normal before bulk (jobs).
const (
	People Lane = iota
	Background
)

// JobLane orders jobs.
type JobLane int64

// Lanes of jobs.
const (
	Urgent JobLane = iota
	Normal
	Bulk
)

// Job is work to be done after the commit, at least once.
type Job struct {
	Kind   string // has exactly one handler, registered in app
	Lane   JobLane
	Unique string    // where not empty: a second job of the kind with this key is not added while one waits
	RunAt  time.Time // zero: now
	Body   any       // encoded as JSON
}

// Timer is a moment at which a job of its kind is to run for a subject. One
// timer exists per (kind, subject): setting it again moves it.
type Timer struct {
	Kind    string // job kind
	Subject id.ID
	At      time.Time // zero: the timer is removed
	Body    any
}
