package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// Entry is a fact as it stands in the journal.
type Entry struct {
	ID           id.ID
	Tx           id.ID // facts of one transaction share it
	Kind         string
	Subject      id.ID
	Version      int64
	Person       id.ID // Nil for the system
	Role         string
	Organisation id.ID // Nil for oneself
	At           time.Time
	Reason       string
	Body         json.RawMessage // empty where the fact has none
}

// Decode reads the body into to.
func (e Entry) Decode(to any) error {
	if err := json.Unmarshal(e.Body, to); err != nil {
		return fmt.Errorf("body of fact %s: %w", e.Kind, err)
	}
	return nil
}

const columns = "id, tx, kind, subject, version, person, role, organisation, at, reason, body"

func scan(s db.Scanner) (Entry, error) {
	var (
		e    Entry
		at   int64
		body sql.NullString
	)
	err := s.Scan(&e.ID, &e.Tx, &e.Kind, &e.Subject, &e.Version, db.ScanID(&e.Person), &e.Role, db.ScanID(&e.Organisation), &at, &e.Reason, &body)
	e.At, e.Body = clock.FromMilli(at), json.RawMessage(body.String)
	return e, err
}

// Place is where a page of a subject's history ends; the zero Place is the beginning.
type Place struct {
	At time.Time
	ID id.ID
}

// Place is the entry's own place.
func (e Entry) Place() Place { return Place{e.At, e.ID} }

// String writes a place for an address; [ParsePlace] reads it.
func (p Place) String() string { return strconv.FormatInt(clock.Milli(p.At), 10) + "." + p.ID.String() }

// ParsePlace reads what [Place.String] wrote; invalid where it is something else.
func ParsePlace(text string) (Place, error) {
	at, of, _ := strings.Cut(text, ".")
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return Place{}, errs.InvalidFields(errs.Field{Name: "until", Rule: "unknown"})
	}
	which, err := id.Parse(of)
	if err != nil {
		return Place{}, errs.InvalidFields(errs.Field{Name: "until", Rule: "unknown"})
	}
	return Place{clock.FromMilli(ms), which}, nil
}

// Of reads up to n facts about subject, oldest first, after a place.
func Of(ctx context.Context, q db.Querier, subject id.ID, after Place, n int) ([]Entry, error) {
	return db.All(ctx, q, scan, "SELECT "+columns+" FROM journal_fact WHERE subject = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4",
		subject, clock.Milli(after.At), after.ID, n)
}

// Kinds narrows what is read of a subject; the zero value doesn't.
type Kinds struct {
	list []string
	out  bool
}

// Only are the facts of these kinds.
func Only(kinds ...string) Kinds { return Kinds{list: kinds} }

// Without are the facts of all other kinds.
func Without(kinds ...string) Kinds { return Kinds{list: kinds, out: true} }

// Latest reads up to n facts about subject, newest first, before a place; the
// zero place is the end.
func Latest(ctx context.Context, q db.Querier, subject id.ID, before Place, n int, of Kinds) ([]Entry, error) {
	args := []any{subject, n}
	where := ""
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if before != (Place{}) {
		where += " AND (at, id) < (" + arg(clock.Milli(before.At)) + ", " + arg(before.ID) + ")"
	}
	if len(of.list) > 0 {
		arg(db.Texts(q.Engine(), of.list))
		in := db.In(q.Engine(), "kind", len(args))
		if of.out {
			in = "NOT (" + in + ")"
		}
		where += " AND " + in
	}
	return db.All(ctx, q, scan, "SELECT "+columns+" FROM journal_fact WHERE subject = $1"+where+" ORDER BY at DESC, id DESC LIMIT $2", args...)
}

// KindsSince are the kinds of facts that a subject has of later versions than one, each once.
func KindsSince(ctx context.Context, q db.Querier, subject id.ID, version int64) ([]string, error) {
	return db.All(ctx, q, db.Text, "SELECT DISTINCT kind FROM journal_fact WHERE subject = $1 AND version > $2", subject, version)
}

// ByID reads facts by their ids, in the order of ids.
func ByID(ctx context.Context, q db.Querier, ids []id.ID) ([]Entry, error) {
	return db.All(ctx, q, scan, "SELECT "+columns+" FROM journal_fact WHERE "+db.In(q.Engine(), "id", 1)+" ORDER BY id", db.IDs(q.Engine(), ids))
}
