package db

import "sync/atomic"

// Stats are counters since the start; the one who shows them adds names and help.
type Stats struct {
	Writes      int64 // transactions that were committed
	Failed      int64 // transactions that ended with an error
	Commits     int64 // durable commits; Writes/Commits is the size of a group on SQLite
	Retries     int64 // attempts repeated after a serialisation failure or a lost batch
	Slow        int64 // closures over 20 ms
	Unknown     int64 // commits whose outcome could not be found
	Checkpoints int64 // SQLite: background checkpoints
	Waiting     int64 // closures in the queue now (SQLite)
}

type counters struct {
	writes, failed, commits, retries, slow, unknown, checkpoints, waiting atomic.Int64
}

// Stats reads the counters.
func (d *DB) Stats() Stats {
	c := &d.stats
	return Stats{
		Writes: c.writes.Load(), Failed: c.failed.Load(), Commits: c.commits.Load(), Retries: c.retries.Load(),
		Slow: c.slow.Load(), Unknown: c.unknown.Load(), Checkpoints: c.checkpoints.Load(), Waiting: c.waiting.Load(),
	}
}
