package app

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/platform/id"
	"okno/internal/platform/web/api/apitest"
	"okno/internal/policy"
)

// harmless are the POST operations that make nothing: what they do again
// changes nothing more.
var harmless = map[string]string{
	"preview-report": "stores nothing", "suggest-facts": "stores nothing", "export-my-data": "answers with an archive",
	"rerun-job": "a job that runs again is dead no more", "mark-notices-read": "marks what is marked", "perform-action": "If-Match lets one through", "perform-bulk-action": "each names its version",
}

// Every operation that makes something says so in the description: it answers
// 201 and demands a key; without one nothing is made, and with the same key the
// same is answered twice.
func TestEveryCreatingCallHasAKey(t *testing.T) {
	w := newTown(t, "")
	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(w.Rig.One("the description", apitest.Call{Do: "GET /openapi.json", Want: 200}).Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	const report = `{"text":"На дороге у дома 14 глубокая яма, машины её объезжают.","fact":"roads.surface.pothole","place":{"address_id":"{HOUSE}"},"files":["{PHOTO}"]}`
	var photo bytes.Buffer
	if err := png.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	upload := apitest.Call{Who: "nina", Do: "POST /files?name=yama.png", Body: photo.String(), Want: 201, Save: "PHOTO=id"}
	upload.Key = "prepared-photo"
	w.Rig.Run(
		upload,
		apitest.Call{Who: "nina", Do: "POST /reports", Body: report, Key: "prepared-0001", Want: 201, Save: "N=number E=ETag"},
		apitest.Call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
	)
	upload.Key = "another-photo"
	w.Rig.Run(upload)
	calls := map[string]apitest.Call{
		"file-report":  {Who: "nina", Do: "POST /reports", Body: report},
		"join-report":  {Who: "oleg", Do: "POST /reports/{N}/join"},
		"upload-file":  {Who: "nina", Do: "POST /files?name=yama.png", Body: photo.String()},
		"add-officer":  {Who: "head", Do: "POST /organisations/roads/officers", Body: `{"login":"oleg","title":"инженер","roles":["handler"]}`},
		"split-report": {Who: "office", Do: "POST /reports/{N}/actions/split", Match: "{E}", Body: `{"parts":[{"fact":"roads.surface.pothole","text":"Яма у дома."},{"fact":"roads.surface.pothole","text":"Яма у остановки."}]}`},
	}
	calls["add-organisation"] = apitest.Call{Who: "region", Do: "POST /organisations", Body: `{"code":"bridges","kind":"utility","name_ru":"Служба мостов","zone":"Europe/Moscow","week":"1-5 09:00-18:00"}`}
	calls["add-setting-value"] = apitest.Call{Who: "region", Do: "POST /settings/site.help/values", Body: `{"value":"Помощь: 122","source":"приказ 7"}`}
	w.hire("head", policy.OrgAdmin)
	w.hire("region", policy.RegionAdmin)
	var creating []string
	for path, item := range doc.Paths {
		raw, ok := item["post"]
		if !ok {
			continue
		}
		var op struct {
			ID         string `json:"operationId"`
			Parameters []struct {
				Name, In string
				Required bool
			} `json:"parameters"`
			Responses map[string]json.RawMessage `json:"responses"`
		}
		if err := json.Unmarshal(raw, &op); err != nil {
			t.Fatal(err)
		}
		keyed := false
		for _, p := range op.Parameters {
			keyed = keyed || p.Name == "Idempotency-Key" && p.In == "header" && p.Required
		}
		_, makes := op.Responses["201"]
		if makes != keyed {
			t.Errorf("%s: answers 201: %v, demands a key: %v", path, makes, keyed)
		}
		if makes {
			creating = append(creating, op.ID)
		} else if harmless[op.ID] == "" {
			t.Errorf("%s: a POST that may make something and has no key", op.ID)
		}
	}
	slices.Sort(creating)
	order := []string{"file-report", "join-report", "upload-file", "add-officer", "split-report", "add-organisation", "add-setting-value"}
	for _, name := range creating {
		if !slices.Contains(order, name) {
			t.Errorf("%s makes something: call it here", name)
		}
	}
	for _, name := range order {
		c := calls[name]
		if c.Match != "" {
			w.Rig.One("as it stands now", apitest.Call{Who: c.Who, Do: "GET /reports/{N}", Want: 200, Save: "E=ETag"})
		}
		c.Want, c.Has = http.StatusUnprocessableEntity, "code=invalid fields.0.name=Idempotency-Key"
		w.Rig.One(name+" without a key", c)
		c.Want, c.Has, c.Key = http.StatusCreated, "", "the-one-key-"+name
		first, again := w.Rig.One(name, c), w.Rig.One(name+" again", c)
		a, b := strings.ReplaceAll(first.Body.String(), `,"repeat":true`, ""), strings.ReplaceAll(again.Body.String(), `,"repeat":true`, "")
		if a != b || first.Header().Get("Location") != again.Header().Get("Location") {
			t.Errorf("%s answers differently:\n%s\n%s", name, a, b)
		}
	}
}

// hire makes a person with one role in the road service, and their token for it.
func (w *town) hire(name string, role policy.Role) {
	w.t.Helper()
	ctx, home := w.t.Context(), netip.MustParseAddr("192.0.2.8")
	must := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	w.Rig.One("the road service", apitest.Call{Who: "office", Do: "GET /me/workplaces", Want: 200, Save: "ROADS=items.0.organisation.id"})
	office, err := id.Parse(w.Vars["ROADS"])
	must(err)
	person, err := w.Identity.Register(ctx, policy.Nobody("ru"), identity.Registration{Login: name, Name: name, Password: "Berezka-49-tri", Address: home})
	must(err)
	must(w.Directory.AddOfficer(ctx, policy.Machine("operator:test"), office, person, directory.Office{Title: "начальник", Roles: []policy.Role{role}}))
	opened, err := w.Identity.SignIn(ctx, policy.Nobody("ru"), identity.SignIn{Login: name, Password: "Berezka-49-tri", Address: home, Agent: "test"})
	must(err)
	session, err := w.Identity.Resolve(ctx, opened.Token)
	must(err)
	_, w.Tokens[name], err = w.Identity.MakeToken(ctx, session.Actor, identity.NewToken{Name: "программа", Organisation: "roads"})
	must(err)
}
