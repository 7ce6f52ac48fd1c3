package directory

import (
	"testing"

	"okno/internal/platform/id"
	"okno/internal/platform/web/api/apitest"
	"okno/internal/policy"
)

func TestAPI(t *testing.T) {
	each(t, func(b bench) {
		root := b.add("reg", id.Nil)
		roads, health := b.add("roads", root.ID), b.add("health", root.ID)
		b.office(roads.ID, "anna", policy.OrgAdmin)
		b.office(roads.ID, "vera", policy.Handler)
		b.office(health.ID, "vera", policy.Handler)
		r := apitest.New(b.T, b.clock)
		r.Who["anna"], r.Who["vera"] = b.acting("anna", "roads"), b.acting("vera", "health")
		r.Who["boris"] = citizen(b.people["boris"])
		API(r.API, b.Service)
		r.Run(
			apitest.Call{Do: "GET /organisations?q=roads", Want: 200, Has: "items.#=1 items.0.code=roads items.0.parent=reg items.0.active=true"},
			apitest.Call{Do: "GET /organisations?q=nothing", Want: 200, Has: "items.#=0"},
			apitest.Call{Do: "GET /organisations", Want: 200, Has: "items.#=1 items.0.code=reg"},
			apitest.Call{Do: "GET /organisations?under=reg&limit=1", Want: 200, Has: "items.#=1 items.0.code=health", Save: "NEXT=next"},
			apitest.Call{Do: "GET /organisations?under=reg&limit=1&cursor={NEXT}", Want: 200, Has: "items.#=1 items.0.code=roads next="},
			apitest.Call{Do: "GET /organisations?under=health&cursor={NEXT}", Want: 422, Has: "fields.0.name=cursor"},
			apitest.Call{Do: "GET /organisations?under=nowhere", Want: 422, Has: "fields.0.name=under fields.0.rule=unknown"},
			apitest.Call{Do: "GET /organisations?under=reg&q=roads", Want: 422, Has: "fields.0.name=under fields.0.rule=unexpected"},
			apitest.Call{Do: "GET /organisations/roads/hours", Want: 200, Has: "zone=Europe/Moscow version=1"},
			apitest.Call{Do: "GET /organisations/nowhere/hours", Want: 404},
			apitest.Call{Do: "GET /organisations/roads", Want: 200, Has: "code=roads kind=government territories.0=reg"},
			apitest.Call{Do: "GET /organisations/nowhere", Want: 404},
			apitest.Call{Do: "GET /organisations/roads/officers", Want: 401},
			apitest.Call{Who: "boris", Do: "GET /organisations/roads/officers", Want: 403, Has: "code=forbidden", No: "anna|vera"},
			apitest.Call{Who: "vera", Do: "GET /organisations/roads/officers", Want: 403, No: "anna"}, // acts for another organisation
			apitest.Call{Who: "anna", Do: "GET /organisations/roads/officers?limit=1", Want: 200, Has: "items.#=1 items.0.title=инженер", Save: "C=next"},
			apitest.Call{Who: "anna", Do: "GET /organisations/roads/officers?limit=1&cursor={C}", Want: 200, Has: "items.#=1 next="},
			apitest.Call{Who: "anna", Do: "GET /organisations/health/officers?cursor={C}", Want: 422, Has: "fields.0.name=cursor"},
			apitest.Call{Who: "anna", Do: "GET /organisations/nowhere/officers", Want: 404},
			apitest.Call{Who: "vera", Do: "GET /me/workplaces", Want: 200, Has: "items.#=2"},
			apitest.Call{Who: "boris", Do: "GET /me/workplaces", Want: 200, Has: "items.#=0"},
		)
	})
}
