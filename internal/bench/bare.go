package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"okno/internal/platform/id"
)

// Bare executes filings without the product.
type Bare interface {
	file(ctx context.Context, n int) error
	close(ctx context.Context) error
}

// OpenBare connects to the database by the product's URL. conns is how many
// connections PostgreSQL gets; each filing is one round trip on one of them.
func OpenBare(ctx context.Context, dsn string, shapes []Shape, conns int) (Bare, error) {
	if len(shapes) == 0 {
		return nil, errors.New("no shape of a filing")
	}
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		path, _, _ = strings.Cut(path, "?")
		return openBareLite(ctx, path, shapes)
	}
	b := &barePG{shapes: shapes, free: make(chan *pgx.Conn, conns)}
	for range conns {
		c, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return nil, errors.Join(err, b.close(ctx))
		}
		b.free <- c
	}
	return b, nil
}

// RunBare measures filings without the product, from as many goroutines as the
// loop has clients.
func RunBare(ctx context.Context, b Bare, l Loop, what, engine string) Result {
	var n atomic.Int64
	r := l.run(ctx, what, func(int) error {
		for try := 1; ; try++ {
			err := b.file(ctx, int(n.Add(1)))
			if !taken(err) || try == 5 {
				return err
			}
		}
	})
	r.Engine = engine
	return r
}

// taken tells that a number which was drawn exists: then the product draws
// another one too. With a million numbers it happens every few runs.
func taken(err error) bool {
	return err != nil && strings.Contains(err.Error(), "casework_number") && strings.Contains(strings.ToLower(err.Error()), "unique")
}

// barePG sends each filing as the product does: one pipelined batch from BEGIN
// to COMMIT, of prepared statements.
type barePG struct {
	shapes []Shape
	free   chan *pgx.Conn
}

func (b *barePG) file(ctx context.Context, n int) error {
	s := &b.shapes[n%len(b.shapes)]
	batch := &pgx.Batch{}
	for i, args := range s.fresh() {
		batch.Queue(s.Statements[i].Text, pgValues(args)...)
	}
	c := <-b.free
	defer func() { b.free <- c }()
	results := c.SendBatch(ctx, batch)
	for i := range batch.Len() {
		tag, err := results.Exec()
		if err != nil {
			err = errors.Join(fmt.Errorf("%.80s: %w", s.Statements[i].Text, err), results.Close())
			_, undone := c.Exec(ctx, "ROLLBACK")
			return errors.Join(err, undone)
		}
		if i == batch.Len()-1 && tag.String() != "COMMIT" {
			return errors.Join(fmt.Errorf("COMMIT answered %q", tag), results.Close())
		}
	}
	return results.Close()
}

func pgValues(args []any) []any {
	out := make([]any, len(args))
	for i, v := range args {
		v = bare(v)
		if u, ok := v.(id.ID); ok {
			v = pgtype.UUID{Bytes: u, Valid: true}
		}
		out[i] = v
	}
	return out
}

func (b *barePG) close(ctx context.Context) error {
	var err error
	for {
		select {
		case c := <-b.free:
			err = errors.Join(err, c.Close(ctx))
		default:
			return err
		}
	}
}

// CloseBare ends the connections.
func CloseBare(ctx context.Context, b Bare) error { return b.close(context.WithoutCancel(ctx)) }
