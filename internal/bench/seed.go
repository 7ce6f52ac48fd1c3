package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"okno/internal/app"
	"okno/internal/casework"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// chunk is how many reports are written in one transaction.
const chunk = 2000

// seeded are the tables that Seed writes by the million: their indexes are
// made after the rows.
var seeded = []string{"casework_case", "casework_number", "casework_mine", "casework_inbox", "casework_entry",
	"journal_fact", "jobs_timer", "notify_notice"}

// Seed fills an installation that has no reports and leaves the plan for load
// in its data folder.
func Seed(ctx context.Context, a *app.App, s Seeding) (*Plan, error) {
	s.defaults()
	if s.Reports <= 0 || s.Largest > s.Reports {
		return nil, errors.New("how many reports, and how many of the largest authority?")
	}
	n, err := db.One(ctx, a.DB, db.Int, "SELECT COUNT(*) FROM casework_case")
	if err != nil {
		return nil, err
	}
	if n > 0 {
		return nil, fmt.Errorf("the installation has %d reports already", n)
	}
	// Consumers stand in the table before the first fact, or they would be backfilled.
	if err := a.Journal.Start(ctx); err != nil {
		return nil, err
	}
	t, err := a.Directory.Tree(ctx)
	if err != nil {
		return nil, err
	}
	if t.Len() == 0 && s.Ground != nil {
		s.Say("register, organisations, rubricator, competence")
		if err := s.Ground(ctx, a); err != nil {
			return nil, err
		}
	}
	w, err := newWorld(ctx, a, s)
	if err != nil {
		return nil, err
	}
	if err := w.write(ctx); err != nil {
		return nil, err
	}
	return w.plan(ctx)
}

func (w *world) write(ctx context.Context) (err error) {
	workers := runtime.GOMAXPROCS(0)
	out, err := openSink(ctx, string(w.app.Config.Database), workers)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.close(context.WithoutCancel(ctx))) }()
	indexes, err := out.indexes(ctx, seeded)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(indexes)) {
		if err := out.exec(ctx, "DROP INDEX "+name); err != nil {
			return err
		}
	}
	w.Say(fmt.Sprintf("%d reports, the largest authority has %d", w.Reports, w.Largest))
	var next, done atomic.Int64
	began := time.Now()
	g, gctx := errgroup.WithContext(ctx)
	for i := range workers {
		g.Go(func() error {
			for {
				from := (next.Add(1) - 1) * chunk
				if from >= w.Reports || gctx.Err() != nil {
					return gctx.Err()
				}
				to := min(from+chunk, w.Reports)
				tables, err := w.rows(from, to)
				if err != nil {
					return err
				}
				if err := out.write(gctx, i, tables); err != nil {
					return err
				}
				if n := done.Add(to - from); n*10/w.Reports != (n-to+from)*10/w.Reports {
					w.Say(fmt.Sprintf("%d reports, %.0f a second", n, float64(n)/time.Since(began).Seconds()))
				}
			}
		})
	}
	err = g.Wait()
	w.Say("indexes")
	for _, name := range slices.Sorted(maps.Keys(indexes)) { // also after a failure: the schema stays whole
		err = errors.Join(err, out.exec(context.WithoutCancel(ctx), indexes[name]))
	}
	if err == nil && w.app.DB.Engine() == db.Postgres {
		err = out.exec(ctx, "VACUUM (ANALYZE)") // what autovacuum does in time
	}
	return err
}

// draftHand carries a case in memory.
type draftHand struct {
	s *casework.Service
	d *casework.Draft
}

func (h *draftHand) file(actor policy.Actor, in casework.FileInput) (err error) {
	h.d, err = h.s.Draft(actor, in)
	return err
}

func (h *draftHand) act(actor policy.Actor, act casework.Action, in casework.Input, at time.Time) error {
	return h.d.Act(actor, act, in, at)
}

func (h *draftHand) until(at time.Time) error { return h.d.RingUntil(at) }
func (h *draftHand) state() casework.Case     { return h.d.Case() }

// rows are what reports from…to leave in every table.
func (w *world) rows(from, to int64) ([]*table, error) {
	var tables []*table
	byName := map[string]*table{}
	in := func(name string, columns []string) *table {
		t, ok := byName[name]
		if !ok {
			t = &table{name: name, columns: columns}
			byName[name] = t
			tables = append(tables, t)
		}
		return t
	}
	for n := from; n < to; n++ {
		h := &draftHand{s: w.app.Cases}
		if err := w.play(n, h); err != nil {
			return nil, err
		}
		for _, r := range h.d.Rows() {
			in(r.Table, r.Columns).add(r.Values...)
		}
		facts := in("journal_fact", []string{"id", "tx", "kind", "subject", "version", "person", "role", "organisation", "at", "reason", "body"})
		notices := in("notify_notice", []string{"person_id", "fact_id", "kind", "subject", "number", "place", "args", "at"})
		rng := w.rng("fact", n)
		for _, f := range h.d.Facts() {
			body, err := json.Marshal(f.Body)
			if err != nil {
				return nil, err
			}
			fact, tx := idAt(f.At, rng), idAt(f.At, rng)
			facts.add(fact, tx, f.Kind, f.Subject, f.Version, db.NullID(f.Person), f.Role, db.NullID(f.Organisation), clock.Milli(f.At), f.Reason, string(body))
			for _, to := range f.To {
				args, err := json.Marshal(to.Args)
				if err != nil {
					return nil, err
				}
				notices.add(to.Person, fact, to.Kind, f.Subject, to.Number, w.placeOf(to.Office), string(args), clock.Milli(f.At))
			}
		}
		if t := h.d.Timer(); !t.At.IsZero() {
			in("jobs_timer", []string{"kind", "subject", "at", "body"}).add(t.Kind, t.Subject, clock.Milli(t.At), nil)
		}
	}
	return tables, nil
}

// placeOf is where a notice is shown.
func (w *world) placeOf(org id.ID) string {
	if org == id.Nil {
		return ""
	}
	o, err := w.app.Directory.Organisation(context.Background(), org)
	if err != nil {
		return ""
	}
	return o.Code
}
