package app

import (
	"context"
	"strconv"
	"time"

	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/notify"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/platform/jobs"
	"okno/internal/platform/journal"
	"okno/internal/policy"
)

// held tells the directory what officers have to do.
type held struct{ *App }

// Held implements [directory.Cases].
func (a held) Held(ctx context.Context, org, person id.ID) (int, error) {
	return a.Cases.Held(ctx, org, person)
}

// goneOf reads who left or is a handler no more, and how many open cases they
// had; nil of a fact that takes no cases from anybody.
func goneOf(f journal.Entry) (g *casework.Gone, cases int, err error) {
	var body directory.OfficerChange
	if err := f.Decode(&body); err != nil {
		return nil, 0, err
	}
	if f.Kind != directory.FactOfficerRemoved && !body.Stopped() {
		return nil, 0, nil
	}
	person, err := id.Parse(body.Person)
	return &casework.Gone{Organisation: f.Subject, Person: person}, body.Cases, err
}

// left begins to free the cases of officers who left or handle none any more.
func (a *App) left(ctx context.Context, dl journal.Delivery) error {
	return dl.Write(ctx, func(tx *db.Tx, facts []journal.Entry) error {
		for _, f := range facts {
			g, _, err := goneOf(f)
			if err != nil {
				return err
			}
			if g != nil {
				tx.Job(db.Job{Kind: casework.VacateJob, Lane: db.Bulk, Body: g})
			}
		}
		return nil
	})
}

// lookAgainAfter is when the cases of who left are looked for once more: by
// then whatever was being assigned to them is written.
const lookAgainAfter = time.Minute

// vacate frees a page of cases and hands on.
func (a *App) vacate(ctx context.Context, run jobs.Run) error {
	var g casework.Gone
	if err := run.Decode(&g); err != nil {
		return err
	}
	more, err := a.Cases.Vacate(ctx, g)
	if err != nil || !more && g.Again {
		return err
	}
	next := db.Job{Kind: casework.VacateJob, Lane: db.Bulk, Body: g}
	if !more {
		g.Again = true
		next.Body, next.RunAt = g, a.Clock.Now().Add(lookAgainAfter)
	}
	return db.Do(ctx, a.DB, db.Background, func(tx *db.Tx) error {
		run.Done(tx)
		tx.Job(next)
		return nil
	})
}

// toldOfLeaving are those who find others for the cases of who left: one
// notice for all of them.
func (a audience) toldOfLeaving(ctx context.Context, f journal.Entry) ([]notify.To, error) {
	g, cases, err := goneOf(f)
	if err != nil || g == nil || cases == 0 {
		return nil, err
	}
	o, ok := offices(a).tree().Get(g.Organisation)
	if !ok {
		return nil, nil
	}
	kind := "left_office"
	if f.Kind == directory.FactOfficerChanged {
		kind = "stopped_office"
	}
	staff, err := offices(a).Staff(ctx, []id.ID{g.Organisation})
	if err != nil {
		return nil, err
	}
	var out []notify.To
	for _, p := range casework.OnDuty(staff[g.Organisation], policy.Coordinator) {
		if p != f.Person {
			out = append(out, notify.To{Person: p, Kind: kind, Place: o.Code, Args: map[string]string{"cases": strconv.Itoa(cases)}})
		}
	}
	return out, nil
}
