package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"database/sql"

	"github.com/pressly/goose/v3"

	"okno/internal/platform/errs"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Migrations are the tables of db, journal and jobs. [DB.Migrate] always
// applies them; there is no need to pass them.
var Migrations fs.FS = mustSub(embedded, "migrations")

func mustSub(fsys fs.FS, dir string) fs.FS {
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// Migrate brings the schema up to the newest migration of db and of fss, each
// with its files (NNNNN_module_what.sql) at top level. Those numbered 8NNNN end
// in .postgres.sql and are for that engine alone: they help its planner, and
// nothing that is stored depends on them, so no dump tells of them. Several processes may call it at once: one works, the others wait for it.
func (d *DB) Migrate(ctx context.Context, fss ...fs.FS) error {
	return d.migrate(ctx, nil, fss)
}

// MigrateOnly is [DB.Migrate] with the given numbers alone: the schema of a
// dump that an older program wrote. A number that no file has is an error.
func (d *DB) MigrateOnly(ctx context.Context, numbers []int64, fss ...fs.FS) error {
	return d.migrate(ctx, numbers, fss)
}

func (d *DB) migrate(ctx context.Context, numbers []int64, fss []fs.FS) error {
	files, err := collect(d.engine, append([]fs.FS{Migrations}, fss...))
	if err != nil {
		return err
	}
	if numbers != nil {
		if files, err = files.only(numbers); err != nil {
			return err
		}
	}
	dialect, pool := goose.DialectPostgres, d.read
	if d.engine == SQLite {
		path, _, err := litePath(d.cfg.URL)
		if err != nil {
			return err
		}
		if pool, err = sql.Open("sqlite", liteDSN(path, "busy_timeout(10000)")); err != nil {
			return err
		}
		dialect = goose.DialectSQLite3
	}
	p, err := goose.NewProvider(dialect, pool, files, goose.WithAllowOutofOrder(true), goose.WithDisableGlobalRegistry(true))
	if err == nil {
		err = d.up(ctx, p)
	}
	if d.engine == SQLite {
		err = errors.Join(err, pool.Close())
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// up applies what is pending, one process at a time: another that comes
// meanwhile waits and then finds nothing left to do.
func (d *DB) up(ctx context.Context, p *goose.Provider) (err error) {
	pending, err := p.HasPending(ctx) // makes the table of versions, if another doesn't at this moment
	if err != nil || !pending {
		return err
	}
	end, err := d.migrateTurn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	_, err = p.Up(ctx)
	return err
}

// union is several folders seen as one.
type union struct {
	engine Engine
	from   map[string]fs.FS
	infos  []fs.DirEntry
}

// Numbers of migrations for PostgreSQL alone: from the first to before the second.
const (
	PostgresFrom  = 80000
	PostgresUntil = 90000
)

func collect(engine Engine, fss []fs.FS) (union, error) {
	u := union{engine: engine, from: map[string]fs.FS{}}
	numbers := map[string]string{}
	for _, f := range fss {
		entries, err := fs.ReadDir(f, ".")
		if err != nil {
			return u, err
		}
		for _, e := range entries {
			number, _, numbered := strings.Cut(e.Name(), "_")
			if e.IsDir() || !numbered || !strings.HasSuffix(e.Name(), ".sql") {
				continue
			}
			if other, ok := numbers[number]; ok {
				if other == e.Name() {
					continue // the same folder given twice
				}
				return u, fmt.Errorf("migrations %s and %s have the same number", other, e.Name())
			}
			numbers[number] = e.Name()
			n := numberOf(e.Name())
			alone := n >= PostgresFrom && n < PostgresUntil
			if alone != strings.HasSuffix(e.Name(), ".postgres.sql") {
				return u, fmt.Errorf("migration %s: numbers from %d to %d are for PostgreSQL alone and end in .postgres.sql", e.Name(), PostgresFrom, PostgresUntil-1)
			}
			if alone && engine != Postgres {
				continue
			}
			u.from[e.Name()] = f
			u.infos = append(u.infos, e)
		}
	}
	slices.SortFunc(u.infos, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return u, nil
}

// only keeps the migrations with the given numbers.
func (u union) only(numbers []int64) (union, error) {
	out := union{engine: u.engine, from: u.from}
	for _, n := range numbers {
		i := slices.IndexFunc(u.infos, func(e fs.DirEntry) bool { return numberOf(e.Name()) == n })
		if i < 0 {
			return out, errs.Wrap(errs.NotFound, fmt.Errorf("migration %05d is not in this program", n))
		}
		out.infos = append(out.infos, u.infos[i])
	}
	slices.SortFunc(out.infos, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}

func numberOf(file string) int64 {
	text, _, _ := strings.Cut(file, "_")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1 // goose refuses such a file itself
	}
	return n
}

// Open implements fs.FS.
func (u union) Open(name string) (fs.File, error) {
	from, ok := u.from[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f, err := from.Open(name)
	if err != nil || u.engine == SQLite {
		return f, err
	}
	words, err := io.ReadAll(f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return reworded{f, strings.NewReader(strings.ReplaceAll(string(words), keyedRows, ")"))}, nil
}

// keyedRows ends a table whose rows are short and lie in the order of their
// key. Only SQLite says so: it saves it a second tree for each such table and
// a look into it for each row. PostgreSQL has no such tables.
const keyedRows = ") WITHOUT ROWID"

// reworded is a file with another text.
type reworded struct {
	fs.File
	text *strings.Reader
}

func (r reworded) Read(b []byte) (int, error) { return r.text.Read(b) }

// ReadDir implements fs.ReadDirFS for the one folder there is.
func (u union) ReadDir(name string) ([]fs.DirEntry, error) {
	if name != "." {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	return u.infos, nil
}
