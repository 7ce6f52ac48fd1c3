package db

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"time"
)

// When the log is moved into the database file.
const (
	checkpointEvery = 250 * time.Millisecond
	checkpointBytes = 4 << 20  // a passive checkpoint, which stops nobody
	restartBytes    = 64 << 20 // writers wait once, so that the log begins anew
)

// checkpointer moves SQLite's log into the database file on a connection of
// its own, so that no commit pays for it.
type checkpointer struct {
	d       *DB
	pool    *sql.DB
	log     string
	changed chan struct{}
	stop    chan struct{}
	done    chan struct{}
}

func startCheckpointer(d *DB, dsn, path string) (*checkpointer, error) {
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	c := &checkpointer{d: d, pool: pool, log: path + "-wal", changed: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	go c.loop()
	return c, nil
}

// dirty says that something was committed.
func (c *checkpointer) dirty() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

func (c *checkpointer) loop() {
	defer close(c.done)
	for {
		select {
		case <-c.stop:
			return
		case <-c.changed:
		}
		if st, err := os.Stat(c.log); err == nil && st.Size() > checkpointBytes {
			mode := "PASSIVE"
			if st.Size() > restartBytes {
				mode = "TRUNCATE"
			}
			if err := c.checkpoint(mode); err != nil {
				c.d.cfg.Log.Warn("checkpoint failed", "mode", mode, "err", err)
			}
		}
		select {
		case <-c.stop:
			return
		case <-time.After(checkpointEvery):
		}
	}
}

func (c *checkpointer) checkpoint(mode string) error {
	var busy, pages, moved int64
	err := c.pool.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &pages, &moved)
	if err == nil {
		c.d.stats.checkpoints.Add(1)
	}
	return err
}

func (c *checkpointer) close() error {
	close(c.stop)
	<-c.done
	return errors.Join(c.checkpoint("PASSIVE"), c.pool.Close())
}
