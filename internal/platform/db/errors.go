package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"okno/internal/platform/errs"
)

// SQLite's primary result codes and the constraint codes that matter here.
const (
	liteBusy       = 5
	liteLocked     = 6
	liteReadonly   = 8
	liteIOErr      = 10
	liteFull       = 13
	liteCantOpen   = 14
	litePrimaryKey = 19 | 6<<8
	liteUniqueKey  = 19 | 8<<8
)

// mapError gives a driver's error its code and keeps it as the cause.
func mapError(err error) error {
	var coded *errs.Error
	if err == nil || errors.As(err, &coded) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return errs.Wrap(errs.NotFound, err)
	}
	if _, ok := Unique(err); ok {
		return errs.Wrap(errs.Conflict, err)
	}
	var (
		lite *sqlite.Error
		pg   *pgconn.PgError
		conn *pgconn.ConnectError
		nete net.Error
	)
	switch {
	case errors.As(err, &lite):
		switch lite.Code() & 0xff {
		case liteBusy, liteLocked, liteReadonly, liteIOErr, liteFull, liteCantOpen:
			return errs.Wrap(errs.Unavailable, err)
		}
	case errors.As(err, &pg):
		// 08 connection, 53 resources (disk full, too many connections), 57 operator intervention
		switch {
		case pg.Code == "40001", pg.Code == "40P01", pg.Code == "25006": // asks for a repetition; takes no writing now
			return errs.Wrap(errs.Unavailable, err)
		case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "53"), strings.HasPrefix(pg.Code, "57"):
			return errs.Wrap(errs.Unavailable, err)
		}
	case errors.As(err, &conn), errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &nete), lost(err):
		return errs.Wrap(errs.Unavailable, err)
	}
	return errs.Wrap(errs.Internal, err)
}

// Unique tells which table's uniqueness err reports as violated.
func Unique(err error) (table string, ok bool) {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.TableName, pg.Code == "23505"
	}
	var lite *sqlite.Error
	if !errors.As(err, &lite) || (lite.Code() != litePrimaryKey && lite.Code() != liteUniqueKey) {
		return "", false
	}
	// "constraint failed: UNIQUE constraint failed: db_once.actor, db_once.key (1555)"
	const mark = "UNIQUE constraint failed: "
	_, rest, found := strings.Cut(lite.Error(), mark)
	if !found {
		return "", true
	}
	table, _, _ = strings.Cut(rest, ".")
	return table, true
}

// serialization tells whether err asks for the same transaction once more.
func serialization(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// lost tells whether the connection to PostgreSQL broke, so that nobody knows
// what the server did with what was sent.
func lost(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "57P0") || strings.HasPrefix(pg.Code, "08")
	}
	var nete net.Error
	return err != nil && (errors.Is(err, driver.ErrBadConn) || errors.As(err, &nete) ||
		strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "unexpected EOF") ||
		strings.Contains(err.Error(), "connection reset") || strings.Contains(err.Error(), "broken pipe"))
}
