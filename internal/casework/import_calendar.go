package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// RecomputeJob walks the open cases after a calendar was published.
const RecomputeJob = "casework.recompute_terms"

// CalendarPublished is the body of fact "casework.calendar_published".
type CalendarPublished struct {
	Year   int    `json:"year"`
	Source string `json:"source,omitempty"`
	Before string `json:"before"` // digest of the year as it was; empty: not published
	After  string `json:"after"`
}

// ImportCalendar publishes years of the production calendar. A year that is
// stored as it stands changes nothing. Open terms are recomputed by a job:
// each change is a fact with the old and the new date, and a term that a
// citizen was told never gets later by it.
func (s *Service) ImportCalendar(ctx context.Context, actor policy.Actor, years []calendar.Year) (changed int, err error) {
	if err := policy.Allow(actor, policy.CalendarImport); err != nil {
		return 0, err
	}
	stored, err := s.storedYears(ctx)
	if err != nil {
		return 0, err
	}
	now := s.clock.Now()
	type row struct {
		year calendar.Year
		body []byte
		old  []byte
	}
	var rows []row
	for _, y := range years {
		if err := y.Check(); err != nil {
			return 0, err
		}
		body, err := json.Marshal(y)
		if err != nil {
			return 0, errs.Wrap(errs.Internal, err)
		}
		if !bytes.Equal(stored[y.Year], body) {
			rows = append(rows, row{y, body, stored[y.Year]})
		}
	}
	if len(rows) == 0 {
		return 0, nil
	}
	err = db.Do(ctx, s.db, db.People, func(tx *db.Tx) error {
		for _, r := range rows {
			tx.Queue(`INSERT INTO casework_calendar (year, version, published_at, body) VALUES ($1,1,$2,$3)
				ON CONFLICT (year) DO UPDATE SET version=casework_calendar.version+1, published_at=EXCLUDED.published_at, body=EXCLUDED.body`,
				r.year.Year, clock.Milli(now), string(r.body))
			tx.Fact(db.Fact{Kind: "casework.calendar_published", Subject: calendarID(r.year.Year), Person: actor.Person, Role: actor.Name, At: now,
				Body: CalendarPublished{Year: r.year.Year, Source: r.year.Source, Before: digest(r.old), After: digest(r.body)}})
		}
		tx.Job(db.Job{Kind: RecomputeJob, Lane: db.Bulk, Body: id.Nil})
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(rows), s.LoadCalendar(ctx)
}

// calendarID names a year as the subject of facts.
func calendarID(year int) id.ID {
	return id.ID{0: 0xca, 1: 0x1e, 14: byte(year >> 8), 15: byte(year)}
}

func digest(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return hexOf(fingerprintBytes(b))
}

// LoadCalendar reads the published years; a process calls it at start and
// before it recomputes.
func (s *Service) LoadCalendar(ctx context.Context) error {
	stored, err := s.storedYears(ctx)
	if err != nil {
		return err
	}
	var years []calendar.Year
	for _, body := range stored {
		var y calendar.Year
		if err := json.Unmarshal(body, &y); err != nil {
			return err
		}
		years = append(years, y)
	}
	c, err := calendar.New(years...)
	if err != nil {
		return err
	}
	s.calendar.Store(c)
	return nil
}

func (s *Service) storedYears(ctx context.Context) (map[int][]byte, error) {
	type row struct {
		year int
		body string
	}
	rows, err := db.All(ctx, s.db, func(r db.Scanner) (v row, err error) { return v, r.Scan(&v.year, &v.body) },
		`SELECT year, body FROM casework_calendar ORDER BY year`)
	if err != nil {
		return nil, err
	}
	m := map[int][]byte{}
	for _, r := range rows {
		m[r.year] = []byte(r.body)
	}
	return m, nil
}

// recomputePage is how many open cases one run looks at before it hands on.
const recomputePage = 500

// RecomputeTerms looks at open cases after a place and gives each whose term
// the calendar moves its new date. It tells where the next run goes on, Nil
// where it has come to the end.
func (s *Service) RecomputeTerms(ctx context.Context, after id.ID) (next id.ID, err error) {
	if err := s.LoadCalendar(ctx); err != nil {
		return id.Nil, err
	}
	cases, err := db.All(ctx, s.db, scanCase, `SELECT `+caseColumns+` FROM casework_case WHERE id>$1
		AND stage NOT IN ('answered','closed') ORDER BY id LIMIT $2`, after, recomputePage)
	if err != nil {
		return id.Nil, err
	}
	actor, now := policy.Machine("calendar"), s.clock.Now()
	for _, c := range cases {
		if !s.moves(&c, now) {
			continue
		}
		if _, err := s.act(ctx, actor, c, Recompute, Input{Version: c.Version}, now); err != nil && !errs.Is(err, errs.Stale) && !errs.Is(err, errs.Conflict) {
			return id.Nil, err
		}
	}
	if len(cases) < recomputePage {
		return id.Nil, nil
	}
	return cases[len(cases)-1].ID, nil
}

// moves tells whether the calendar changes the case's term.
func (s *Service) moves(c *Case, now time.Time) bool {
	proc := s.Procedure(c)
	row, ok := proc.Action(Recompute)
	if !ok {
		return false
	}
	office, _ := s.offices.Office(c.Organisation)
	ch := &change{env: s.env(), proc: proc, row: row, now: now, old: *c, c: *c, office: office}
	return recompute(ch) == nil && ch.c.State != c.State
}
