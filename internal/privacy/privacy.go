package privacy

import (
	"context"
	"embed"
	"io/fs"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/vault"
	"okno/internal/policy"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of this module.
var Migrations, _ = fs.Sub(migrations, "migrations") // can't fail: the path is constant and embedded

// Read is one act of reading.
type Read struct {
	What    policy.Action // casework.read, attachment.read …
	Subject id.ID         // whose data it is; Nil for a list of many persons'
	Thing   id.ID         // the case or file; Nil for a list
	Grant   policy.Grant  // by which right
	Reason  string        // given by the reader, where the right needs one; at most 500 characters
	Filter  string        // of a list: "state=open,late=1": codes alone, no typed words
	Typed   string        // of a search: the words as typed; stored sealed
	Shown   int           // of a list: number of rows
}

// Service is the module's use cases.
type Service struct {
	db    *db.DB
	clock clock.Clock
	vault *vault.Vault
	rooms Rooms // see Bind

	mu        sync.Mutex
	exporting map[id.ID]bool
}

// New makes the module's service.
func New(d *db.DB, c clock.Clock, v *vault.Vault) *Service {
	if c == nil {
		c = clock.System{}
	}
	return &Service{db: d, clock: c, vault: v, exporting: map[id.ID]bool{}}
}

const (
	maxReason = 500
	maxFilter = 500
)

// Record writes that the actor read something, durably, before it returns. A
// person's own things and the program's own work are not recorded.
func (s *Service) Record(ctx context.Context, a policy.Actor, r Read) error {
	return s.RecordAll(ctx, a, []Read{r})
}

// RecordAll is [Service.Record] of several things shown on one page.
func (s *Service) RecordAll(ctx context.Context, a policy.Actor, reads []Read) error {
	var rows [][]any
	var keeps []func(tx *db.Tx) error
	now := s.clock.Now()
	for _, r := range reads {
		if own(a, r) {
			continue
		}
		if utf8.RuneCountInString(r.Reason) > maxReason {
			return errs.InvalidFields(errs.Field{Name: "reason", Rule: "too_long", Args: map[string]any{"Max": maxReason}})
		}
		if len(r.Filter) > maxFilter {
			r.Filter = strings.ToValidUTF8(r.Filter[:maxFilter], "")
		}
		record := s.db.NewID()
		typed := []byte{}
		if r.Typed != "" && a.SignedIn() {
			key, err := s.vault.Subject(ctx, a.Person)
			if err != nil {
				return err
			}
			if typed, err = key.Seal("privacy_read", record, "typed", []byte(r.Typed)); err != nil {
				return err
			}
			keeps = append(keeps, key.Keep)
		}
		role := string(r.Grant.Role)
		if a.Has(policy.System) {
			role = a.Name
		}
		rows = append(rows, []any{record, db.NullID(a.Person), role, db.NullID(a.Organisation), db.NullID(r.Subject),
			db.NullID(r.Thing), string(r.What), r.Reason, r.Filter, typed, int64(r.Shown), clock.Milli(now)})
	}
	if len(rows) == 0 {
		return nil
	}
	return db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		db.MultiInsert(tx, "privacy_read", []string{"id", "person", "role", "organisation", "subject", "thing", "what", "reason",
			"filter", "typed", "shown", "at"}, rows)
		tx.Proof("SELECT 1 FROM privacy_read WHERE id = $1", rows[0][0])
		for _, keep := range keeps {
			if err := keep(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// own tells whether nothing needs recording: a person's own thing, what
// everybody may see, or work of the program that no person looks at.
func own(a policy.Actor, r Read) bool {
	if a.Has(policy.System) {
		return !strings.HasPrefix(a.Name, "operator")
	}
	return r.Grant.Relation == policy.Public || a.SignedIn() && (r.Subject == a.Person || r.Grant.Relation == policy.Own)
}

// Record is one row of who read what.
type Record struct {
	ID           id.ID
	Person       id.ID // who read; Nil: an operator, named by Role
	Role         string
	Organisation id.ID
	Subject      id.ID
	Thing        id.ID
	What         policy.Action
	Reason       string
	Filter       string
	Shown        int
	At           time.Time
}

// Page says where a page of records begins: after the record with this moment
// and id (zero: the newest).
type Page struct {
	At time.Time
	ID id.ID
	N  int // rows; 0: 50
}

const columns = `id, person, role, organisation, subject, thing, what, reason, filter, shown, at`

func scan(sc db.Scanner) (r Record, err error) {
	var shown, at int64
	err = sc.Scan(&r.ID, db.ScanID(&r.Person), &r.Role, db.ScanID(&r.Organisation), db.ScanID(&r.Subject), db.ScanID(&r.Thing),
		&r.What, &r.Reason, &r.Filter, &shown, &at)
	r.Shown, r.At = int(shown), clock.FromMilli(at)
	return r, err
}

// WhoRead lists who read the actor's own data, newest first. The names of
// officers are not part of it: the person is told the organisation, the role,
// what was read, when and why.
func (s *Service) WhoRead(ctx context.Context, a policy.Actor, p Page) (list []Record, more bool, err error) {
	if _, err := policy.Check(a, policy.PrivacyOwn, policy.Object{Owner: a.Person}); err != nil {
		return nil, false, err
	}
	list, more, err = s.page(ctx, "subject", a.Person, p)
	for i := range list {
		list[i].Person = id.Nil
	}
	return list, more, err
}

// Audit lists what an organisation's officers read, newest first.
func (s *Service) Audit(ctx context.Context, a policy.Actor, org id.ID, p Page) (list []Record, more bool, err error) {
	if _, err := policy.Check(a, policy.PrivacyAudit, policy.Object{Organisation: org}); err != nil {
		return nil, false, err
	}
	return s.page(ctx, "organisation", org, p)
}

// page reads by one of two indexed columns; column is never input.
func (s *Service) page(ctx context.Context, column string, key id.ID, p Page) (list []Record, more bool, err error) {
	if p.N <= 0 || p.N > 200 {
		p.N = 50
	}
	if p.At.IsZero() {
		list, err = db.All(ctx, s.db, scan, `SELECT `+columns+` FROM privacy_read WHERE `+column+` = $1 ORDER BY at DESC, id DESC LIMIT $2`, key, p.N+1)
	} else {
		list, err = db.All(ctx, s.db, scan, `SELECT `+columns+` FROM privacy_read WHERE `+column+` = $1 AND (at, id) < ($2, $3)
			ORDER BY at DESC, id DESC LIMIT $4`, key, clock.Milli(p.At), p.ID, p.N+1)
	}
	if err == nil && len(list) > p.N {
		list, more = list[:p.N], true
	}
	return list, more, err
}
