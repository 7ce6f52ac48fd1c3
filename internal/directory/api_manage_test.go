package directory

import (
	"strings"
	"testing"
	"time"

	"okno/internal/platform/id"
	"okno/internal/platform/web/api/apitest"
	"okno/internal/policy"
)

// administrators are a region's administrator (boris), an organisation's (anna)
// and a handler (vera), each with a token for where they work.
func administrators(b bench) *apitest.Rig {
	root := b.add("reg", id.Nil)
	roads := b.add("roads", root.ID)
	b.office(root.ID, "boris", policy.RegionAdmin)
	b.office(roads.ID, "anna", policy.OrgAdmin)
	b.office(roads.ID, "vera", policy.Handler)
	r := apitest.New(b.T, b.clock)
	r.DB = b.d
	for who, at := range map[string]string{"boris": "reg", "anna": "roads", "vera": "roads"} {
		r.Who[who] = b.acting(who, at)
	}
	API(r.API, b.Service)
	return r
}

func TestAPIOfOrganisations(t *testing.T) {
	each(t, func(b bench) {
		r := administrators(b)
		const north = `"kind":"municipal","name_ru":"Северный участок","name_en":"North","parent":"roads","zone":"Europe/Moscow","week":"1-5 08:00-17:00","territories":["mun.01"]`
		add := apitest.Call{Who: "boris", Do: "POST /organisations", Key: "organisation-1", Body: `{"code":"roads.north",` + north + `}`, Want: 201,
			Has: "code=roads.north parent=roads name_en=North version=1 active=true territories.0=mun.01", Save: "E=ETag", Rows: "directory_organisation=3"}
		broken := func(with, has string) apitest.Call {
			return apitest.Call{Who: "boris", Do: "POST /organisations", Key: "organisation-2", Body: `{"code":"roads.south",` + with + `}`, Want: 422, Has: has, Rows: "directory_organisation=3"}
		}
		r.Run(
			apitest.Call{Do: "POST /organisations", Key: "organisation-1", Body: add.Body, Want: 401},
			apitest.Call{Who: "anna", Do: "POST /organisations", Key: "organisation-1", Body: add.Body, Want: 403, Rows: "directory_organisation=2"},
			apitest.Call{Who: "~boris", Do: "POST /organisations", Key: "organisation-1", Body: add.Body, Want: 403, Rows: "directory_organisation=2"},
			apitest.Call{Who: "boris", Do: "POST /organisations", Body: add.Body, Want: 422, Has: "fields.0.name=Idempotency-Key", Rows: "directory_organisation=2"},
			add, add,
			broken(strings.Replace(north, `"parent":"roads"`, `"parent":"nowhere"`, 1), "fields.0.name=parent fields.0.rule=unknown"),
			broken(strings.Replace(north, "1-5 08:00-17:00", "пн-пт", 1), "fields.0.name=week"),
			broken(strings.Replace(north, "Europe/Moscow", "Mars", 1), "fields.0.name=zone fields.0.rule=unknown"),
			broken(strings.Replace(north, "Северный участок", " ", 1), "fields.0.name=name_ru fields.0.rule=required"),
			broken(strings.Replace(north, "mun.01", "mun.99", 1), "fields.#=1 fields.0.name=territories fields.0.rule=unknown"),
			broken(strings.NewReplacer("mun.01", "mun.99", `"roads"`, `"nowhere"`, "Europe/Moscow", "Mars", "Северный участок", " ").Replace(north), "fields.#=4"),
			broken(strings.Replace(north, "municipal", "court", 1), "fields.0.name=kind fields.0.rule=unknown"),
			apitest.Call{Who: "boris", Do: "POST /organisations", Key: "organisation-3", Body: add.Body, Want: 422, Has: "fields.0.name=code fields.0.rule=taken"},
			apitest.Call{Who: "boris", Do: "POST /organisations", Key: "organisation-1", Body: strings.Replace(add.Body, "North", "Nord", 1), Want: 422, Has: "code=idempotency_mismatch"},
			apitest.Call{Who: "boris", Do: "PUT /organisations/roads.north", Body: `{"active":true,` + north + `}`, Want: 422, Has: "fields.0.name=If-Match"},
			apitest.Call{Who: "boris", Do: "PUT /organisations/roads.north", Match: `"v7"`, Body: `{"active":true,` + north + `}`, Want: 412, Has: "code=stale"},
			apitest.Call{Who: "anna", Do: "PUT /organisations/roads.north", Match: "{E}", Body: `{"active":true,` + north + `}`, Want: 403},
			apitest.Call{Who: "boris", Do: "PUT /organisations/nowhere", Match: "{E}", Body: `{"active":true,` + north + `}`, Want: 404},
			apitest.Call{Who: "boris", Do: "PUT /organisations/roads.north", Match: "{E}", Body: `{"active":true,` + strings.Replace(north, `"parent":"roads"`, `"parent":"roads.north"`, 1) + `}`, Want: 422, Has: "fields.0.name=parent fields.0.rule=circle"},
			apitest.Call{Who: "boris", Do: "PUT /organisations/roads.north", Match: "{E}", Body: `{"active":true,` + strings.Replace(north, "mun.01", "mun.99", 1) + `}`, Want: 422, Has: "fields.0.name=territories"},
			apitest.Call{Who: "boris", Do: "PUT /organisations/roads.north", Match: "{E}", Body: `{"active":false,` + strings.Replace(north, "North", "Northern", 1) + `}`, Want: 200, Has: "name_en=Northern active=false version=2"},
			apitest.Call{Do: "GET /organisations?under=roads", Want: 200, Has: "items.#=0"},
			apitest.Call{Do: "GET /organisations?under=roads&closed=true", Want: 200, Has: "items.#=1 items.0.active=false"},
			apitest.Call{Do: "GET /organisations/roads.north", Want: 200, Has: "name_en=Northern version=2"},
			apitest.Call{Do: "GET /organisations/roads/hours", Want: 200, Save: "H=ETag"},
			apitest.Call{Who: "vera", Do: "PUT /organisations/roads/hours", Match: "{H}", Body: `{"zone":"Europe/Moscow","week":"1-5 09:00-18:00"}`, Want: 403},
			apitest.Call{Who: "anna", Do: "PUT /organisations/roads/hours", Match: "{H}", Body: `{"zone":"Mars","week":"никогда"}`, Want: 422, Has: "fields.#=2 fields.0.name=zone fields.1.name=week"},
			apitest.Call{Who: "anna", Do: "PUT /organisations/roads/hours", Match: "{H}", Body: `{"zone":"Asia/Omsk","week":"1-5 09:00-18:00"}`, Want: 200, Has: "zone=Asia/Omsk version=2"},
			apitest.Call{Do: "GET /organisations/roads/hours", Want: 200, Has: "zone=Asia/Omsk version=2"},
		)
	})
}

func TestAPIOfSettings(t *testing.T) {
	each(t, func(b bench) {
		r := administrators(b)
		b.Define(Setting{Name: "test.days", Title: "directory.settings", Type: IntSetting, Default: "30", Unit: "days", Min: 1, Max: 60, PerOrganisation: true},
			Setting{Name: "test.wide", Title: "directory.settings", Type: BoolSetting, Default: "false"})
		set := func(name, key, body string, want int, has, rows string) apitest.Call {
			return apitest.Call{Who: "boris", Do: "POST /settings/" + name + "/values", Key: key, Body: body, Want: want, Has: has, Rows: rows}
		}
		r.Run(
			apitest.Call{Do: "GET /settings", Want: 401},
			apitest.Call{Who: "anna", Do: "GET /settings", Want: 403},
			apitest.Call{Who: "anna", Do: "GET /settings/test.days", Want: 403},
			apitest.Call{Who: "anna", Do: "GET /settings/test.days/values", Want: 403},
			apitest.Call{Who: "anna", Do: "POST /settings/test.days/values", Key: "setting-1", Body: `{"value":"20"}`, Want: 403, Rows: "directory_setting=0"},
			apitest.Call{Who: "boris", Do: "GET /settings", Want: 200, Has: "items.#=2 items.0.name=test.days items.0.value=30 items.0.min=1 items.0.max=60 items.0.unit=days items.1.type=bool"},
			apitest.Call{Who: "boris", Do: "GET /settings/test.none", Want: 404},
			set("test.none", "setting-0", `{"value":"1"}`, 404, "", "directory_setting=0"),
			set("test.days", "", `{"value":"20"}`, 422, "fields.0.name=Idempotency-Key", "directory_setting=0"),
			set("test.days", "setting-1", `{"value":"61"}`, 422, "fields.0.name=value fields.0.rule=invalid", "directory_setting=0"),
			set("test.days", "setting-1", `{"value":"20","since":"2020-01-01T00:00:00Z"}`, 422, "fields.0.name=since fields.0.rule=in_past", "directory_setting=0"),
			set("test.days", "setting-1", `{"value":"20","organisation":"nowhere"}`, 422, "fields.0.name=organisation fields.0.rule=unknown", "directory_setting=0"),
			set("test.wide", "setting-1", `{"value":"true","organisation":"roads"}`, 422, "fields.0.name=organisation fields.0.rule=unknown", "directory_setting=0"),
			set("test.days", "setting-1", `{"value":"20","source":"приказ 7"}`, 201, "value=20 default=30", "directory_setting=1"),
		)
		b.clock.Set(start.Add(time.Hour)) // a repeat later is the same call
		r.Run(
			set("test.days", "setting-1", `{"value":"20","source":"приказ 7"}`, 201, "value=20", "directory_setting=1"),
			set("test.days", "setting-1", `{"value":"21","source":"приказ 7"}`, 422, "code=idempotency_mismatch", "directory_setting=1"),
			set("test.days", "setting-2", `{"value":"10","organisation":"roads","since":"2026-04-01T00:00:00Z"}`, 201, "value=20", "directory_setting=2"),
			apitest.Call{Who: "boris", Do: "GET /settings/test.days", Want: 200, Has: "value=20 per_organisation=true"},
			apitest.Call{Who: "boris", Do: "GET /settings/test.days/values?limit=1", Want: 200, Has: "items.#=1 items.0.value=10 items.0.organisation=roads", Save: "C=next"},
			apitest.Call{Who: "boris", Do: "GET /settings/test.days/values?limit=1&cursor={C}", Want: 200, Has: "items.#=1 items.0.value=20 items.0.organisation= next="},
			apitest.Call{Who: "boris", Do: "GET /settings/test.wide/values?cursor={C}", Want: 422, Has: "fields.0.name=cursor"},
		)
	})
}
