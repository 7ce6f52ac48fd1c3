package notify

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/journal"
	"okno/internal/policy"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the tables of notify.
var Migrations, _ = fs.Sub(migrations, "migrations") // the folder is embedded

// Notice is one message to one person.
type Notice struct {
	Fact    id.ID
	Kind    string // what happened: notice.KIND is its sentence
	Subject id.ID
	Number  string            // public number under which this person knows the case
	Place   string            // where it is shown: "citizen" or the code of an organisation's workspace
	Args    map[string]string // codes and ISO dates for the sentence
	At      time.Time
	New     bool
}

// To is a person who is to be told, and how they know the matter.
type To struct {
	Person id.ID
	Kind   string
	Number string
	Place  string
	Args   map[string]string
}

// Audience tells who is to be told of facts, by the facts' ids; the owner of
// the facts' subjects knows.
type Audience interface {
	Audience(ctx context.Context, facts []journal.Entry) (map[id.ID][]To, error)
}

// Service holds the use cases of notify.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// Consume makes notices of the facts that a delivery brings. It is a consumer
// of the delivery kind whose effect is database work and ends with it, so it
// may be [journal.Joined].
func (s *Service) Consume(a Audience) journal.Handler {
	return func(ctx context.Context, dl journal.Delivery) error {
		told, err := a.Audience(ctx, dl.Facts)
		if err != nil {
			return err
		}
		return dl.Write(ctx, func(tx *db.Tx, facts []journal.Entry) error {
			var rows [][]any
			for _, f := range facts {
				for _, t := range told[f.ID] {
					args, err := json.Marshal(t.Args)
					if err != nil {
						return err
					}
					rows = append(rows, []any{t.Person, f.ID, t.Kind, f.Subject, t.Number, t.Place, string(args), clock.Milli(f.At)})
				}
			}
			db.MultiInsert(tx, "notify_notice", []string{"person_id", "fact_id", "kind", "subject", "number", "place", "args", "at"}, rows, "ON CONFLICT DO NOTHING")
			return nil
		})
	}
}

// newest is the place after the newest notice.
var newest = id.ID{0: 0xff, 1: 0xff, 2: 0xff, 3: 0xff, 4: 0xff, 5: 0xff, 6: 0xff, 7: 0xff, 8: 0xff}

// List is one page of the actor's notices, the newest first.
func (s *Service) List(ctx context.Context, actor policy.Actor, after id.ID, size int) (list []Notice, more bool, err error) {
	if _, err := policy.Check(actor, policy.NotifyRead, policy.Object{Owner: actor.Person}); err != nil {
		return nil, false, err
	}
	if after == id.Nil {
		after = newest
	}
	seen, err := s.seen(ctx, actor.Person)
	if err != nil {
		return nil, false, err
	}
	list, err = db.All(ctx, s.db, func(r db.Scanner) (n Notice, err error) {
		var args string
		var at int64
		if err = r.Scan(db.ScanID(&n.Fact), &n.Kind, db.ScanID(&n.Subject), &n.Number, &n.Place, &args, &at); err != nil {
			return n, err
		}
		n.At, n.New = clock.FromMilli(at), n.Fact.String() > seen.String()
		return n, json.Unmarshal([]byte(args), &n.Args)
	}, `SELECT fact_id, kind, subject, number, place, args, at FROM notify_notice
		WHERE person_id=$1 AND fact_id<$2 ORDER BY fact_id DESC LIMIT $3`, actor.Person, after, size+1)
	if more = len(list) > size; more {
		list = list[:size]
	}
	return list, more, err
}

// Unread counts the actor's new notices, up to 100.
func (s *Service) Unread(ctx context.Context, person id.ID) (int, error) {
	n, err := db.One(ctx, s.db, db.Int, `SELECT COUNT(*) FROM (SELECT 1 FROM notify_notice WHERE person_id=$1
		AND fact_id > COALESCE((SELECT seen FROM notify_reader WHERE person_id=$1), $2) LIMIT 100) x`, person, id.Nil)
	return int(n), err
}

// MarkRead says that the actor has seen all notices up to a fact.
func (s *Service) MarkRead(ctx context.Context, actor policy.Actor, upto id.ID) error {
	if _, err := policy.Check(actor, policy.NotifyManage, policy.Object{Owner: actor.Person}); err != nil {
		return err
	}
	return db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		tx.Queue(`INSERT INTO notify_reader (person_id, seen) VALUES ($1,$2)
			ON CONFLICT (person_id) DO UPDATE SET seen=EXCLUDED.seen WHERE notify_reader.seen<EXCLUDED.seen`, actor.Person, upto)
		return nil
	})
}

func (s *Service) seen(ctx context.Context, person id.ID) (id.ID, error) {
	v, err := db.One(ctx, s.db, db.ID, `SELECT seen FROM notify_reader WHERE person_id=$1`, person)
	if errs.Is(err, errs.NotFound) {
		return id.Nil, nil
	}
	return v, err
}
