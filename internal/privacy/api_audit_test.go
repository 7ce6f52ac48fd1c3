package privacy

import (
	"testing"
	"time"

	"okno/internal/platform/id"
	"okno/internal/platform/web/api/apitest"
	"okno/internal/policy"
)

func TestAPIOfAudit(t *testing.T) {
	each(t, func(b bench) {
		handler := policy.Actor{Person: id.New(), Organisation: b.officer.Organisation, Roles: []policy.Role{policy.Citizen, policy.Handler}}
		foreign := policy.Actor{Person: id.New(), Organisation: id.New(), Roles: []policy.Role{policy.Citizen, policy.OrgAdmin}}
		region := policy.Actor{Person: id.New(), Organisation: foreign.Organisation, Roles: []policy.Role{policy.Citizen, policy.RegionAdmin}}
		thing := id.New()
		g := registry{map[string]id.ID{"roads": b.officer.Organisation, "gas": foreign.Organisation},
			map[id.ID]string{handler.Person: "Анна"}, map[id.ID]string{thing: "111122223333"}}
		for i := range 3 {
			b.clock.Set(start.Add(time.Duration(i/2) * time.Minute)) // equal moments too
			b.must(b.Record(ctx, handler, Read{What: policy.CaseworkRead, Subject: b.citizen.Person, Thing: thing, Grant: byOffice, Reason: "проверка"}))
		}
		b.must(b.Record(ctx, b.officer, Read{What: policy.CaseworkList, Grant: byOffice, Filter: "folder=late", Shown: 21}))
		r := apitest.New(b.T, b.clock)
		r.Who["admin"], r.Who["handler"], r.Who["foreign"], r.Who["region"], r.Who["citizen"] = b.officer, handler, foreign, region, b.citizen
		AuditAPI(r.API, &AuditWeb{Privacy: b.Service, Offices: g, People: g, Cases: g})
		const path = "GET /organisations/roads/reads"
		r.Run(
			apitest.Call{Do: path, Want: 401},
			apitest.Call{Who: "citizen", Do: path, Want: 403},
			apitest.Call{Who: "handler", Do: path, Want: 403},
			apitest.Call{Who: "foreign", Do: path, Want: 403, No: "Анна"},
			apitest.Call{Who: "admin", Do: "GET /organisations/nowhere/reads", Want: 404},
			apitest.Call{Who: "region", Do: path, Want: 200, Has: "items.#=4"},
			apitest.Call{Who: "~admin", Do: path, Want: 200, No: b.citizen.Person.String(),
				Has: "items.#=4 items.0.what=casework.list items.0.filter=folder=late items.0.shown=21 items.0.number= items.1.what=casework.read items.1.name=Анна items.1.person_id={handler} items.1.number=111122223333 items.1.reason=проверка"},
			apitest.Call{Who: "admin", Do: path + "?limit=3", Want: 200, Has: "items.#=3", Save: "C=next"},
			apitest.Call{Who: "admin", Do: path + "?limit=3&cursor={C}", Want: 200, Has: "items.#=1 next="},
			apitest.Call{Who: "admin", Do: path + "?limit=3&what=casework.read&cursor={C}", Want: 422, Has: "fields.0.name=cursor"},
			apitest.Call{Who: "admin", Do: path + "?person_id={handler}&what=casework.read", Want: 200, Has: "items.#=3"},
			apitest.Call{Who: "admin", Do: path + "?number=111122223333", Want: 200, Has: "items.#=3"},
			apitest.Call{Who: "admin", Do: path + "?number=000000000000", Want: 200, Has: "items.#=0"},
			apitest.Call{Who: "admin", Do: path + "?before=2026-03-02T09:01:00Z", Want: 200, Has: "items.#=2"},
			apitest.Call{Who: "admin", Do: path + "?before=yesterday", Want: 422, Has: "fields.0.name=before"},
			apitest.Call{Who: "admin", Do: path + "?person_id=anna", Want: 422, Has: "fields.0.name=person_id fields.0.rule=unknown"},
			apitest.Call{Who: "admin", Do: "GET /reads", Want: 403},
			apitest.Call{Who: "citizen", Do: "GET /reads", Want: 403},
			apitest.Call{Who: "region", Do: "GET /reads?number=111122223333", Want: 200, Has: "items.#=3 items.0.organisation=roads"},
			apitest.Call{Who: "region", Do: "GET /reads?limit=3", Want: 200, Has: "items.#=3", Save: "C=next"},
			apitest.Call{Who: "region", Do: "GET /reads?limit=3&cursor={C}", Want: 200, Has: "items.#=1 next="},
			apitest.Call{Who: "region", Do: path + "?limit=3&cursor={C}", Want: 422, Has: "fields.0.name=cursor"},
			apitest.Call{Who: "region", Do: "GET /reads?what=everything", Want: 422, Has: "fields.0.name=what fields.0.rule=unknown"},
			apitest.Call{Who: "admin", Do: path + "?what=everything", Want: 422, Has: "fields.0.name=what fields.0.rule=unknown"},
		)
	})
}
