package db

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"okno/internal/platform/clock"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Engine says which database is behind a [DB].
type Engine int

// The engines.
const (
	SQLite Engine = iota
	Postgres
)

func (e Engine) String() string {
	if e == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// Config says what to open. Only URL is required.
type Config struct {
	URL        string                       // "sqlite:/path/okno.db" or "postgres://…"
	Clock      clock.Clock                  // nil: the machine's
	Log        *slog.Logger                 // nil: slog.Default()
	ReadConns  int                          // connections for reading; 0: 8
	WriteConns int                          // PostgreSQL: connections for writing; 0: 16
	IDs        func() id.ID                 // nil: id.New
	Trace      func(sql string, args []any) // told every statement of a transaction as it is sent; for tests and benches
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine Engine
	cfg    Config
	read   *sql.DB  // reading
	stmts  sync.Map // SQLite: statement text → *sql.Stmt on read
	lite   *writer  // SQLite's group commit
	pg     *pgWriter
	stats  counters

	consumed  atomic.Pointer[map[string]bool]
	listeners atomic.Pointer[[]func()]
}

// Open connects and checks the connection. It changes nothing: see [DB.Migrate].
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.IDs == nil {
		cfg.IDs = id.New
	}
	if cfg.ReadConns <= 0 {
		cfg.ReadConns = 8
	}
	if cfg.WriteConns <= 0 {
		cfg.WriteConns = 16
	}
	d := &DB{cfg: cfg}
	var err error
	switch {
	case strings.HasPrefix(cfg.URL, "sqlite:"):
		d.engine = SQLite
		err = d.openSQLite(ctx)
	case strings.HasPrefix(cfg.URL, "postgres://"), strings.HasPrefix(cfg.URL, "postgresql://"):
		d.engine = Postgres
		err = d.openPostgres(ctx)
	default:
		return nil, errs.Wrap(errs.Invalid, fmt.Errorf("database URL must begin with sqlite: or postgres://"))
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", mapError(err))
	}
	return d, nil
}

// Engine tells which engine is behind d.
func (d *DB) Engine() Engine { return d.engine }

// Clock is the clock that d was opened with.
func (d *DB) Clock() clock.Clock { return d.cfg.Clock }

// Log is the logger that d was opened with.
func (d *DB) Log() *slog.Logger { return d.cfg.Log }

// NewID makes an id from the source that d was opened with.
func (d *DB) NewID() id.ID { return d.cfg.IDs() }

// Close waits for running transactions, refuses new ones and closes every connection.
func (d *DB) Close() error {
	var first error
	keep := func(err error) {
		if err != nil && first == nil {
			first = err
		}
	}
	if d.lite != nil {
		keep(d.lite.close())
	}
	if d.pg != nil {
		keep(d.pg.close())
	}
	d.stmts.Range(func(_, s any) bool { keep(s.(*sql.Stmt).Close()); return true })
	keep(d.read.Close())
	return first
}

// Ping answers whether the database can be read.
func (d *DB) Ping(ctx context.Context) error { return mapError(d.read.PingContext(ctx)) }

// Consumed tells d for which kinds of facts anybody waits: a transaction whose
// facts nobody consumes writes no dispatch job. Until it is called, every
// transaction with facts writes one.
func (d *DB) Consumed(kinds []string) {
	set := make(map[string]bool, len(kinds))
	for _, k := range kinds {
		set[k] = true
	}
	d.consumed.Store(&set)
}

// OnJobs calls fn after every commit that added jobs or timers. fn must not block.
func (d *DB) OnJobs(fn func()) {
	for {
		old := d.listeners.Load()
		var list []func()
		if old != nil {
			list = append(list, *old...)
		}
		list = append(list, fn)
		if d.listeners.CompareAndSwap(old, &list) {
			return
		}
	}
}

func (d *DB) wake() {
	if l := d.listeners.Load(); l != nil {
		for _, fn := range *l {
			fn()
		}
	}
}
