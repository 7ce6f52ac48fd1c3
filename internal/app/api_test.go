package app

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"net/netip"
	"testing"

	"okno/internal/calendar"
	"okno/internal/directory"
	"okno/internal/geo"
	"okno/internal/identity"
	"okno/internal/places"
	"okno/internal/platform/config"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/id"
	"okno/internal/platform/web/api/apitest"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// town is a whole installation with one municipality, one house and two
// organisations, and tokens of its people.
type town struct {
	*App
	*apitest.Rig
	t *testing.T
}

// oneHouse is a region with one town, one street and one house.
func oneHouse() places.Register {
	at := geo.At(60.0502, 31.02)
	square := func(lat, lon, side float64) geo.Geometry {
		return geo.Area([]geo.Point{geo.At(lat, lon), geo.At(lat, lon+side), geo.At(lat+side, lon+side), geo.At(lat+side, lon), geo.At(lat, lon)})
	}
	return places.Register{
		Territories: []places.Territory{{Code: "reg", Kind: places.Region, Name: "Область", ShortName: "Область", Area: square(59, 30, 3)},
			{Code: "mun.01", Parent: "reg", Kind: places.CityOkrug, Name: "Город Ладейск", ShortName: "Ладейск", Area: square(60, 31, 0.5)},
			{Code: "mun.02", Parent: "reg", Kind: places.CityOkrug, Name: "Город Дальнегорск", ShortName: "Дальнегорск", Area: square(61, 32, 0.5)}},
		Localities: []places.Locality{{Code: "loc.01", Territory: "mun.01", Kind: places.City, Name: "Ладейск", Centre: at, Area: square(60, 31, 0.2)}},
		Streets:    []places.Street{{Code: "str.01", Locality: "loc.01", Name: "Рыбацкая улица", Path: geo.Path(geo.At(60.05, 31.01), geo.At(60.05, 31.03))}},
		Addresses:  []places.Address{{ID: places.IDOf("adr.01"), Code: "adr.01", Territory: "mun.01", Locality: "loc.01", Street: "str.01", House: "14", Kind: places.ApartmentHouse, At: at, Cell: geo.Cell(at)}},
	}
}

func newTown(t *testing.T, database string) *town {
	t.Helper()
	ctx, operator := t.Context(), policy.Machine("operator:test")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a, err := Open(ctx, config.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", URL: "https://okno.example", Database: config.DSN(database), Zone: "Europe/Moscow", NoLimits: true},
		Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	must(err)
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	must(a.Places.Load(ctx, operator, oneHouse(), nil))
	_, err = a.Places.Refresh(ctx)
	must(err)
	hours, err := calendar.Office("Europe/Moscow")
	must(err)
	orgs := map[string]directory.Organisation{}
	for _, code := range []string{"roads", "lamps"} {
		o, err := a.Directory.AddOrganisation(ctx, operator, directory.Organisation{Code: code, Kind: directory.Government, Name: "Служба " + code, Hours: hours, Territories: []string{"reg"}})
		must(err)
		orgs[code] = o
	}
	_, err = a.Taxonomy.Publish(ctx, operator, taxonomy.Default(), "test")
	must(err)
	_, err = a.Taxonomy.ReplaceRules(ctx, operator, []taxonomy.Rule{{Organisation: "roads"}, {Owner: taxonomy.OwnerUnknown, Organisation: "roads"}}, "")
	must(err)

	w := &town{App: a, t: t, Rig: &apitest.Rig{T: t, DB: a.DB, Handler: a.Web, Tokens: map[string]string{}, Vars: map[string]string{}}}
	for name, org := range map[string]string{"nina": "", "oleg": "", "office": "roads", "lamps": "lamps"} {
		home := netip.MustParseAddr("192.0.2.7")
		person, err := a.Identity.Register(ctx, policy.Nobody("ru"), identity.Registration{Login: name, Name: name, Password: "Berezka-49-tri", Address: home})
		must(err)
		if org != "" {
			must(a.Directory.AddOfficer(ctx, operator, orgs[org].ID, person, directory.Office{Title: "инженер",
				Roles: []policy.Role{policy.Moderator, policy.Coordinator, policy.Handler, policy.Approver}}))
		}
		opened, err := a.Identity.SignIn(ctx, policy.Nobody("ru"), identity.SignIn{Login: name, Password: "Berezka-49-tri", Address: home, Agent: "test"})
		must(err)
		session, err := a.Identity.Resolve(ctx, opened.Token)
		must(err)
		_, text, err := a.Identity.MakeToken(ctx, session.Actor, identity.NewToken{Name: "программа", Organisation: org})
		must(err)
		w.Tokens[name], w.Vars[name], w.Vars["cookie."+name] = text, person.String(), opened.Token
	}
	w.Vars["HOUSE"] = places.IDOf("adr.01").String()
	w.Reads = w.readings
	return w
}

// readings are the records of who read, in their order.
func (w *town) readings() []string {
	w.t.Helper()
	all, err := db.All(w.t.Context(), w.App.DB, func(s db.Scanner) (string, error) {
		var what, filter string
		var shown int64
		err := s.Scan(&what, &filter, &shown)
		return fmt.Sprintf("%s [%s] %d", what, filter, shown), err
	}, `SELECT what, filter, shown FROM privacy_read ORDER BY at, id`)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// TestAPIOfAWholeInstallation goes from the words to the answer with real
// modules behind every port.
func TestAPIOfAWholeInstallation(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { wholeInstallation(t, "") })
	t.Run("postgres", func(t *testing.T) { wholeInstallation(t, dbtest.PostgresURL(t, Migrations()...)) })
}

func wholeInstallation(t *testing.T, database string) {
	w := newTown(t, database)
	var photo bytes.Buffer
	if err := png.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	const words = `"text":"На дороге у дома 14 глубокая яма, машины её объезжают."`
	w.Rig.Run(
		apitest.Call{Do: "GET /me", Want: 401},
		apitest.Call{Who: "nina", Do: "GET /me", Want: 200, Has: "id={nina} name=nina organisation_id="},
		apitest.Call{Who: "office", Do: "GET /me/workplaces", Want: 200, Has: "items.0.organisation.code=roads items.0.acting=true", Save: "ROADS=items.0.organisation.id"},
		apitest.Call{Who: "lamps", Do: "GET /me/workplaces", Want: 200, Save: "LAMPS=items.0.organisation.id"},
		apitest.Call{Do: "POST /rubricator/suggestions", Body: "{" + words + "}", Want: 200, Has: "items.0.code=roads.surface.pothole", Save: "FACT=items.0.code"},
		apitest.Call{Do: "GET /places?q=%D1%80%D1%8B%D0%B1%D0%B0%D1%86%D0%BA%D0%B0%D1%8F+14", Want: 200, Has: "items.0.address_id={HOUSE}"}, // рыбацкая 14
		apitest.Call{Who: "nina", Do: "POST /reports/preview", Body: `{"fact":"{FACT}","place":{"address_id":"{HOUSE}"}}`, Want: 200, Has: "organisation.code=roads place.territory=mun.01"},
		apitest.Call{Who: "nina", Do: "POST /reports", Key: "filing-00000001", Body: `{` + words + `,"fact":"{FACT}","place":{"lat":55,"lon":37}}`, Want: 422,
			Has: "fields.0.name=place fields.0.rule=out_of_region", Rows: "casework_case=0"},
		apitest.Call{Who: "nina", Do: "POST /files?name=yama.png", Key: "upload-00000001", Body: photo.String(), Want: 201, Save: "FILE=id", Rows: "blob_object=1"},
		apitest.Call{Who: "oleg", Do: "POST /reports", Key: "filing-00000001", Body: `{` + words + `,"fact":"{FACT}","place":{"address_id":"{HOUSE}"},"files":["{FILE}"]}`, Want: 404, Rows: "casework_case=0"},
		apitest.Call{Who: "nina", Do: "POST /reports", Key: "filing-00000001", Body: `{` + words + `,"fact":"{FACT}","place":{"address_id":"{HOUSE}"},"files":["{FILE}"]}`, Want: 201,
			Has: "stage=moderation files.#=1 place.address_id={HOUSE}", Save: "N=number E=ETag", Rows: "casework_case=1 casework_attachment=1 privacy_read=0"},
		apitest.Call{Who: "lamps", Do: "GET /reports/{N}", Want: 404, Read: "-"},
		apitest.Call{Who: "office", Do: "GET /workspace/reports", Want: 200, Has: "items.0.number={N}", Read: "casework.list [organisation={ROADS}] 1"},
		apitest.Call{Who: "office", Do: "GET /reports/{N}", Want: 200, Has: "applicant.name=nina", Read: "casework.read [] 0"},
		apitest.Call{Who: "office", Do: "GET /reports/{N}/files/1", Want: 409, Read: "-"},
	)
	if err := w.Blobs.Process(t.Context(), mustID(t, w.Vars["FILE"]), nil); err != nil {
		t.Fatal(err)
	}
	w.Rig.Run(
		apitest.Call{Who: "office", Do: "GET /reports/{N}/files/1?size=thumb", Want: 200, Read: "attachment.read [] 0"},
		apitest.Call{Who: "nina", Do: "GET /me/reads", Want: 200, Has: "items.#=2"},
		apitest.Call{Who: "office", Do: "POST /reports/{N}/actions/redirect", Match: "{E}", Body: `{"organisation_id":"{LAMPS}","comment":"Это ваше."}`, Want: 200, Has: "organisation.code=lamps", Save: "E=ETag"},
		apitest.Call{Who: "office", Do: "GET /reports/{N}", Want: 404, Read: "-"}, // nobody has accepted it
		apitest.Call{Who: "lamps", Do: "POST /reports/{N}/actions/accept", Match: "{E}", Body: `{}`, Want: 200, Has: "stage=coordination", Save: "E=ETag"},
		apitest.Call{Who: "office", Do: "GET /reports/{N}", Want: 200, Has: "as=stranger", No: "глубокая", Read: "-"},
		apitest.Call{Who: "lamps", Do: "GET /organisations/lamps/officers", Want: 200, Has: "items.#=1 items.0.name=lamps"},
		apitest.Call{Who: "lamps", Do: "POST /reports/{N}/actions/assign", Match: "{E}", Body: `{"handler_id":"{office}"}`, Want: 422, Has: "fields.0.name=handler_id"},
		apitest.Call{Who: "lamps", Do: "POST /reports/{N}/actions/assign", Match: "{E}", Body: `{"handler_id":"{lamps}"}`, Want: 200, Has: "stage=execution", Save: "E=ETag"},
		apitest.Call{Who: "nina", Do: "GET /reports", Want: 200, Has: "items.0.stage=execution items.0.organisation.code=lamps"},
	)
	if err := w.Directory.RemoveOfficer(t.Context(), policy.Machine("operator:test"), mustID(t, w.Vars["LAMPS"]), mustID(t, w.Vars["lamps"]), 1); err != nil {
		t.Fatal(err)
	}
	w.Rig.Run(apitest.Call{Who: "lamps", Do: "GET /reports/{N}", Want: 401, Read: "-"}) // a token of an office that ended
}

func mustID(t *testing.T, text string) id.ID {
	t.Helper()
	v, err := id.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
