package casework

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/platform/web/api/apitest"
)

// Half of a point is told as the other half that is missing.
func TestHalfOfAPoint(t *testing.T) {
	for name, p := range map[string]placeInput{"place.lon": {Lat: 59}, "place.lat": {Lon: 31}} {
		x := &ids{}
		p.read(x)
		if half := strings.TrimPrefix(name, "place."); len(x.fields) != 1 || x.fields[0].Name != name || !strings.Contains(i18n.Field("ru", x.fields[0]), "нет "+half) {
			t.Errorf("%s: %+v", name, x.fields)
		}
	}
	x := &ids{}
	if (placeInput{Lat: 59, Lon: 31}).read(x); len(x.fields) != 0 {
		t.Errorf("a whole point: %+v", x.fields)
	}
}

// A date of another form is refused with the form that is wanted.
func TestADateOfAnotherForm(t *testing.T) {
	if said := i18n.Field("ru", errs.Field{Name: "plan_date", Rule: "wrong_date"}); !strings.Contains(said, "2027-04-30") {
		t.Errorf("said: %q", said)
	}
}

// In the record of reading an API's list names its organisation.
func TestTheRecordNamesTheOrganisation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		pages := &Web{Cases: w.Service}
		office, _ := w.offices.Office(tests.roads)
		if said := pages.FilterWords("ru", "organisation="+tests.roads.String()); !strings.HasSuffix(said, ": "+office.In("ru")) {
			t.Errorf("said: %q", said)
		}
	}, Migrations)
}

// What is done to many reports on a page is done to many by a program, too.
func TestAPIOfBulkActionsIsWhole(t *testing.T) {
	r := apitest.New(t, nil)
	API(r.API, nil, nil)
	var doc struct {
		Paths map[string]struct {
			Post struct {
				Parameters []struct {
					Name   string
					Schema struct{ Enum []string }
				}
			}
		}
	}
	if err := json.Unmarshal(r.One("the description", apitest.Call{Do: "GET /openapi.json", Want: 200}).Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, p := range doc.Paths["/workspace/bulk/{action}"].Post.Parameters {
		if p.Name == "action" {
			known = p.Schema.Enum
		}
	}
	for _, b := range bulkActions {
		if !slices.Contains(known, string(b.action)) {
			t.Errorf("%s can be done to many reports on a page alone: %v", b.action, known)
		}
	}
}
