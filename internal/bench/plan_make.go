package bench

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/taxonomy"
)

// plan makes sessions and looks up what load will ask.
func (w *world) plan(ctx context.Context) (*Plan, error) {
	w.Say("plan")
	p := &Plan{Reports: w.Reports}
	o, err := w.app.Directory.Organisation(ctx, w.largest)
	if err != nil {
		return nil, err
	}
	p.Org = o.Code
	sessions := &table{name: "identity_session", columns: []string{"hash", "id", "account", "made_at", "seen_at", "expires_at", "idle", "device", "device_id"}}
	session := func(person id.ID) Session {
		var raw [32]byte
		_, _ = rand.Read(raw[:]) // never fails
		token := base64.RawURLEncoding.EncodeToString(raw[:])
		hash := sha256.Sum256([]byte(token))
		now := w.app.Clock.Now()
		sessions.add(hash[:], id.New(), person, clock.Milli(now), clock.Milli(now), clock.Milli(now.AddDate(0, 0, 30)),
			(30 * 24 * time.Hour).Milliseconds(), "bench", id.New())
		return Session{Person: person.String(), Token: token}
	}
	for _, c := range w.clients {
		p.Clients = append(p.Clients, session(c))
	}
	p.Officer = session(w.officer)
	for _, r := range w.readers {
		s := session(r)
		if s.Numbers, err = db.All(ctx, w.app.DB, db.Text, "SELECT number FROM casework_mine WHERE person_id = $1 ORDER BY case_id DESC LIMIT 20", r); err != nil {
			return nil, err
		}
		p.Readers = append(p.Readers, s)
	}
	out, err := openSink(ctx, string(w.app.Config.Database), 1)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(out.write(ctx, 0, []*table{sessions}), out.close(ctx)); err != nil {
		return nil, err
	}
	w.offer(p)
	if err := w.ask(ctx, p); err != nil {
		return nil, err
	}
	return p, p.write(w.app.Config.Data)
}

// offer says what may be filed, and where.
func (w *world) offer(p *Plan) {
	for _, f := range w.facts {
		asked := Asked{Code: f.Code}
		for _, name := range f.Required {
			if name != taxonomy.FieldPhoto {
				asked.Fields = append(asked.Fields, name)
			}
		}
		p.Facts = append(p.Facts, asked)
	}
	step := max(1, len(w.houses)/2000)
	for i := 0; i < len(w.houses); i += step {
		if h, ok := w.app.Places.Index().Address(w.houses[i]); ok {
			p.Houses = append(p.Houses, House{h.ID, h.Text()})
		}
	}
}

// ask finds values of filters with many and with few rows.
func (w *world) ask(ctx context.Context, p *Plan) (err error) {
	d := w.app.DB
	if p.OrgHolds, err = db.One(ctx, d, db.Int, "SELECT COUNT(*) FROM casework_inbox WHERE organisation_id = $1", w.largest); err != nil {
		return err
	}
	value := func(column, order string) (string, error) {
		v, err := db.One(ctx, d, db.Text, fmt.Sprintf(`SELECT CAST(%s AS TEXT) FROM casework_inbox WHERE organisation_id = $1 AND bucket = 0
			AND %s IS NOT NULL GROUP BY 1 ORDER BY COUNT(*) %s, 1 LIMIT 1`, column, column, order), w.largest)
		if err != nil {
			return "", fmt.Errorf("values of %s: %w", column, err)
		}
		return v, nil
	}
	for _, f := range []struct {
		f     *Filter
		order string
	}{{&p.Common, "DESC"}, {&p.Rare, "ASC"}} {
		for column, to := range map[string]*string{"stage": &f.f.Stage, "category": &f.f.Category, "territory": &f.f.Territory, "handler_id": &f.f.Handler} {
			if *to, err = value(column, f.order); err != nil {
				return err
			}
		}
	}
	p.Common.Deadline, p.Rare.Deadline = "late", "today"
	if p.Numbers, err = db.All(ctx, d, db.Text, `SELECT c.number FROM casework_inbox i JOIN casework_case c ON c.id = i.case_id
		WHERE i.organisation_id = $1 ORDER BY i.case_id LIMIT 500`, w.largest); err != nil {
		return err
	}
	p.Second, err = db.One(ctx, d, db.Text, `SELECT CAST(due_at AS TEXT) || '.' || CAST(case_id AS TEXT) FROM casework_inbox
		WHERE organisation_id = $1 AND bucket = 0 ORDER BY due_at, case_id LIMIT 1 OFFSET 49`, w.largest)
	if errs.Is(err, errs.NotFound) { // one page is all there is
		return nil
	}
	return err
}
