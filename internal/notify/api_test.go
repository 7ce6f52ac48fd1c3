package notify

import (
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/platform/web/api/apitest"
	"okno/internal/policy"
)

func TestAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := apitest.New(t, clock.At(time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)))
		r.DB = d
		for _, name := range []string{"nina", "oleg"} {
			r.Who[name] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		}
		err := db.Do(t.Context(), d, db.People, func(tx *db.Tx) error {
			for i, kind := range []string{"filed", "asked", "answered"} {
				tx.Queue(`INSERT INTO notify_notice (person_id, fact_id, kind, subject, number, place, args, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
					r.Who["nina"].Person, id.ID{15: byte(i + 1)}, kind, id.ID{1: 1}, "120045057717", "", `{"review":"2026-05-12"}`, int64(1000*(i+1)))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		API(r.API, New(d))
		r.Run(
			apitest.Call{Do: "GET /notices", Want: 401},
			apitest.Call{Who: "nina", Do: "GET /notices/unread", Want: 200, Has: "count=3"},
			apitest.Call{Who: "nina", Do: "GET /notices?limit=2", Want: 200, Has: "items.#=2 items.0.kind=answered items.0.new=true items.0.number=120045057717 items.0.args.review=2026-05-12",
				No: "notice.answered", Save: "C=next B=items.1.id"},
			apitest.Call{Who: "nina", Do: "GET /notices?limit=2&cursor={C}", Want: 200, Has: "items.#=1 items.0.kind=filed next="},
			apitest.Call{Who: "oleg", Do: "GET /notices", Want: 200, Has: "items.#=0"},
			apitest.Call{Who: "oleg", Do: "POST /notices/read", Body: `{"up_to":"{B}"}`, Want: 422, Has: "fields.0.name=up_to fields.0.rule=unknown", Rows: "notify_reader=0"},
			apitest.Call{Who: "nina", Do: "POST /notices/read", Body: `{"up_to":"ffffffff-ffff-7fff-8fff-ffffffffffff"}`, Want: 422, Rows: "notify_reader=0"},
			apitest.Call{Who: "~nina", Do: "POST /notices/read", Body: `{"up_to":"{B}"}`, Want: 403, Rows: "notify_reader=0"},
			apitest.Call{Who: "nina", Do: "POST /notices/read", Body: `{"up_to":"{B}"}`, Want: 204, Rows: "notify_reader=1"},
			apitest.Call{Who: "nina", Do: "GET /notices/unread", Want: 200, Has: "count=1"},
			apitest.Call{Who: "nina", Do: "GET /notices", Want: 200, Has: "items.0.new=true items.1.new= items.2.new="},
		)
	}, Migrations)
}
