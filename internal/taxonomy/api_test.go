package taxonomy

import (
	"testing"

	"okno/internal/platform/clock"
	"okno/internal/platform/id"
	"okno/internal/platform/web/api/apitest"
	"okno/internal/policy"
)

func TestAPI(t *testing.T) {
	each(t, func(t *testing.T, s *Service, now *clock.Fixed) {
		r := apitest.New(t, now)
		r.Who["nina"] = policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		API(r.API, s)
		r.Run(apitest.Call{Do: "GET /rubricator", Want: 503, Has: "code=unavailable"})
		published(t, s)
		now.Advance(2 * fresh)
		r.Run(
			apitest.Call{Do: "GET /rubricator", Want: 200, Has: "version=1 categories.0.code=roads", Save: "E=ETag"},
			apitest.Call{Do: "GET /rubricator/facts/roads.surface.pothole", Want: 200, Has: "code=roads.surface.pothole path.#=3 place=point offered=true"},
			apitest.Call{Do: "GET /rubricator/facts/no.such.fact", Want: 404, Has: "code=not_found"},
			apitest.Call{Do: "GET /rubricator/search?q=%D1%8F%D0%BC%D0%B0", Want: 200, Has: "items.1.code=roads.surface.pothole items.1.level=fact items.1.path.0=Дороги"}, // яма
			apitest.Call{Do: "GET /rubricator/search?q=%D1%8F%D0%BC%D0%B0&limit=1", Want: 200, Has: "items.#=1"},
			apitest.Call{Do: "GET /rubricator/search", Want: 422, Has: "fields.0.name=q"},
			apitest.Call{Do: "GET /rubricator/search?q=x&limit=51", Want: 422, Has: "fields.0.name=limit fields.0.rule=too_high"},
			apitest.Call{Who: "~nina", Do: "POST /rubricator/suggestions", Body: `{"text":"на дороге огромная яма, машины объезжают"}`, Want: 200,
				Has: "items.0.code=roads.surface.pothole items.0.place=point"},
			apitest.Call{Do: "POST /rubricator/suggestions", Body: `{"text":"zzzz qqqq"}`, Want: 200, Has: "items.#=0"},
			apitest.Call{Do: "POST /rubricator/suggestions", Body: `{"text":""}`, Want: 422, Has: "fields.0.name=text fields.0.rule=too_short"},
		)
	})
}
