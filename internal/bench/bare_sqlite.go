package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"okno/internal/platform/db"
)

// Bounds of one durable commit and of the log: those of the product.
const (
	groupMost       = 64
	groupTime       = 20 * time.Millisecond
	checkpointEvery = 250 * time.Millisecond
	checkpointBytes = 4 << 20
	restartBytes    = 64 << 20
)

// bareLite is one connection that executes what its callers bring and commits
// for all who wait.
type bareLite struct {
	shapes  []Shape
	path    string
	pool    *sql.DB
	conn    *sql.Conn
	stmts   map[string]*sql.Stmt
	queue   chan *liteCall
	stop    chan struct{}
	stopped chan struct{}
	log     *sql.DB // of the checkpoints
	cleaned chan struct{}
}

type liteCall struct {
	statements []Statement
	done       chan error
}

func openBareLite(ctx context.Context, path string, shapes []Shape) (*bareLite, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	dsn := liteDSN(path, "busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(MEMORY)",
		"wal_autocheckpoint(0)", "cache_size(-65536)")
	b := &bareLite{shapes: shapes, path: path, stmts: map[string]*sql.Stmt{}, queue: make(chan *liteCall, 1024),
		stop: make(chan struct{}), stopped: make(chan struct{}), cleaned: make(chan struct{})}
	if b.pool, err = sql.Open("sqlite", dsn); err != nil {
		return nil, err
	}
	if b.log, err = sql.Open("sqlite", dsn); err != nil {
		return nil, errors.Join(err, b.pool.Close())
	}
	if b.conn, err = b.pool.Conn(ctx); err != nil {
		return nil, errors.Join(err, b.pool.Close(), b.log.Close())
	}
	go b.loop()
	go b.checkpoints()
	return b, nil
}

// filing is the statements of another filing, without those that the group brings.
func (b *bareLite) filing(n int) []Statement {
	s := &b.shapes[n%len(b.shapes)]
	fresh := s.fresh()
	var out []Statement
	for i, st := range s.Statements {
		switch st.Text {
		case "BEGIN IMMEDIATE", "COMMIT":
		default:
			out = append(out, Statement{st.Text, fresh[i]})
		}
	}
	return out
}

func (b *bareLite) file(_ context.Context, n int) error {
	c := &liteCall{b.filing(n), make(chan error, 1)}
	b.queue <- c
	return <-c.done
}

func (b *bareLite) loop() {
	defer close(b.stopped)
	for {
		var first *liteCall
		select {
		case first = <-b.queue:
		case <-b.stop:
			return
		}
		err := b.exec("BEGIN IMMEDIATE", nil)
		began := time.Now()
		var group []*liteCall
		for c := first; c != nil; {
			group = append(group, c)
			for _, st := range c.statements {
				if err == nil {
					err = b.exec(st.Text, st.Args)
				}
			}
			if len(group) >= groupMost || time.Since(began) >= groupTime {
				break
			}
			select {
			case c = <-b.queue:
			default:
				c = nil
			}
		}
		if err == nil {
			err = b.exec("COMMIT", nil)
		} else {
			err = errors.Join(err, b.exec("ROLLBACK", nil))
		}
		for _, c := range group {
			c.done <- err
		}
	}
}

func (b *bareLite) exec(text string, args []any) error {
	st, ok := b.stmts[text]
	if !ok {
		var err error
		if st, err = b.conn.PrepareContext(context.Background(), db.Placeholders(text)); err != nil {
			return err
		}
		b.stmts[text] = st
	}
	values := make([]any, len(args))
	for i, v := range args {
		values[i] = bare(v)
	}
	if _, err := st.Exec(values...); err != nil {
		return fmt.Errorf("%.80s: %w", text, err)
	}
	return nil
}

// checkpoints moves the log into the file as the product does.
func (b *bareLite) checkpoints() {
	defer close(b.cleaned)
	for {
		select {
		case <-b.stop:
			return
		case <-time.After(checkpointEvery):
		}
		st, err := os.Stat(b.path + "-wal")
		if err != nil || st.Size() < checkpointBytes {
			continue
		}
		mode := "PASSIVE"
		if st.Size() > restartBytes {
			mode = "TRUNCATE"
		}
		var busy, pages, moved int64
		_ = b.log.QueryRow("PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &pages, &moved) // the next one tries again
	}
}

func (b *bareLite) close(context.Context) error {
	close(b.stop)
	<-b.stopped
	<-b.cleaned
	var err error
	for _, st := range b.stmts {
		err = errors.Join(err, st.Close())
	}
	return errors.Join(err, b.conn.Close(), b.pool.Close(), b.log.Close())
}

// RunLiteLoop is one goroutine that executes filings and commits after every
// size of them: what a group can be at best. It gives a result for each size.
func RunLiteLoop(ctx context.Context, dsn string, shapes []Shape, sizes []int, each time.Duration) ([]Result, error) {
	path, _, _ := strings.Cut(strings.TrimPrefix(dsn, "sqlite:"), "?")
	b, err := openBareLite(ctx, path, shapes)
	if err != nil {
		return nil, err
	}
	// The connection is this goroutine's: nothing is put into the queue.
	var out []Result
	n := 0
	for _, size := range sizes {
		var took []time.Duration
		began := time.Now()
		for time.Since(began) < each && ctx.Err() == nil {
			at := time.Now()
			if err := b.exec("BEGIN IMMEDIATE", nil); err != nil {
				return nil, errors.Join(err, b.close(ctx))
			}
			for range size {
				for _, st := range b.filing(n) {
					if err := b.exec(st.Text, st.Args); err != nil {
						return nil, errors.Join(err, b.close(ctx))
					}
				}
				n++
			}
			if err := b.exec("COMMIT", nil); err != nil {
				return nil, errors.Join(err, b.close(ctx))
			}
			for range size {
				took = append(took, time.Since(at))
			}
		}
		r := Result{What: fmt.Sprintf("loop of %d", size), Engine: "sqlite", Clients: 1}
		r.fill(took, time.Since(began))
		out = append(out, r)
	}
	return out, b.close(ctx)
}
