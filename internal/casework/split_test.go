package casework

import (
	"testing"

	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// ownedGround is ground whose owner depends on what is asked about: a lamp's
// isn't known, on the far bank everything is the lamps'.
type ownedGround struct{ region }

const farLat = 60000000

func (g ownedGround) Fact(code string) (FactInfo, bool) {
	f, ok := g.region.Fact(code)
	f.AssetKinds = map[string][]string{"light.lamp.dark": {"lamp"}, "roads.surface.pothole": {"road"}}[code]
	return f, ok
}

func (g ownedGround) Resolve(in PlaceInput, kinds []string) (Place, error) {
	p, err := g.region.Resolve(in, kinds)
	switch {
	case in.Lat == farLat:
		p.Territory, p.Text, p.Owner = "02", "Дальний берег, 1", g.lamps
	case len(kinds) > 0 && kinds[0] == "road":
		p.Owner = g.roads
	case len(kinds) > 0 && kinds[0] == "lamp":
		p.Owner = g.lamps
	}
	return p, err
}

func (g ownedGround) Route(_ string, p Place) (Routed, error) {
	if p.Owner == id.Nil {
		return Routed{Organisation: g.lamps, Why: "unknown", Unknown: true}, nil
	}
	return Routed{Organisation: p.Owner, Why: "owner"}, nil
}

// A part goes where competence sends its own fact and place; one whose owner
// nobody knows stays where it is, and the coordinator's choice goes before all.
func TestPartsAreRoutedAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		g := ownedGround{tests}
		w.facts, w.places, w.router = g, g, g
		split := func(parts ...Part) map[string]Case {
			t.Helper()
			n := w.file("nina", "roads.surface.pothole")
			w.act("office", n, Accept, Input{})
			w.act("office", n, SplitUp, Input{Parts: parts})
			cases, err := db.All(t.Context(), d, scanCase, `SELECT `+caseColumns+` FROM casework_case WHERE parent_id=$1`, w.mustLoad(n).ID)
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]Case{}
			for _, c := range cases {
				out[c.Title] = c
			}
			return out
		}
		road, lamp, bench := "Яма у остановки", "Не горит фонарь", "Сломана скамейка"
		got := split(Part{Fact: "roads.surface.pothole", Text: road}, Part{Fact: "light.lamp.dark", Text: lamp}, Part{Fact: "yard.bench.broken", Text: bench})
		for title, want := range map[string]id.ID{road: g.roads, lamp: g.lamps, bench: g.roads} {
			if c := got[title]; c.Organisation != want || c.Place.Text != "Рыбацкая улица, 14" {
				t.Errorf("%q is with %s at %s", title, c.Organisation, c.Place.Text)
			}
		}
		if got[lamp].Place.Owner != g.lamps {
			t.Error("the lamp's part keeps the road's owner")
		}
		got = split(Part{Fact: "roads.surface.pothole", Text: road, Place: PlaceInput{Lat: farLat, Lon: 31000000}},
			Part{Fact: "light.lamp.dark", Text: lamp, Organisation: g.roads})
		if c := got[road]; c.Organisation != g.lamps || c.State.Territory != "02" || c.Place.Text != "Дальний берег, 1" {
			t.Errorf("a part at another place: %+v", c.Place)
		}
		if got[lamp].Organisation != g.roads {
			t.Error("what the coordinator chose doesn't count")
		}

		n := w.file("nina", "roads.surface.pothole")
		w.act("office", n, Accept, Input{})
		w.refused(errs.Invalid, "office", n, SplitUp, Input{Parts: []Part{{Fact: "roads.surface.pothole", Text: road}, {Fact: "light.lamp.dark", Text: lamp, Organisation: id.New()}}})
		w.refused(errs.Invalid, "office", n, SplitUp, Input{Parts: []Part{{Fact: "roads.surface.pothole", Text: road}, {Fact: "light.lamp.dark", Text: lamp, Place: PlaceInput{Lat: 1, Lon: 1}}}})
		offers, err := w.OfferParts(t.Context(), w.who["office"], n, []Part{{Fact: "light.lamp.dark"}, {Fact: "yard.bench.broken"}, {Fact: "no.such.fact"}})
		if err != nil || len(offers) != 3 || offers[0].Office.ID != g.lamps || offers[0].Unknown || offers[1].Office.ID != g.roads || !offers[1].Unknown || offers[2].Office.ID != id.Nil {
			t.Errorf("offered %+v, %v", offers, err)
		}
		if _, err := w.OfferParts(t.Context(), w.who["lamps"], n, nil); !errs.Is(err, errs.Forbidden) {
			t.Errorf("another house is told: %v", err)
		}
	}, Migrations)
}

// The call that splits creates reports: it needs a key, and with the same key
// it makes nothing twice and answers the same.
func TestAPISplitsOnce(t *testing.T) {
	eachDesk(t, func(d *desk) {
		const parts = `{"parts":[{"fact":"roads.surface.pothole","text":"Яма у остановки."},{"fact":"light.lamp.dark","text":"Не горит фонарь."}]}`
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: yama, Key: k1, Want: 201, Save: "N=number E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/split", Body: parts, Match: "{E}", Want: 422, Has: "fields.0.name=Idempotency-Key", Rows: "casework_case=1"},
			call{Who: "office", Do: "POST /reports/{N}/actions/split", Body: parts, Key: k2, Want: 422, Has: "fields.0.name=If-Match", Rows: "casework_case=1"},
			call{Who: "office", Do: "POST /reports/{N}/actions/split", Body: parts, Key: k2, Match: `"v9"`, Want: 412, Rows: "casework_case=1 db_once=1"},
			call{Who: "lamps", Do: "POST /reports/{N}/actions/split", Body: parts, Key: k2, Match: "{E}", Want: 403, Rows: "casework_case=1"},
		)
		first := d.One("the first", call{Who: "office", Do: "POST /reports/{N}/actions/split", Body: parts, Key: k2, Match: "{E}", Want: 201,
			Has: "stage=closed outcome=split children.#=2", Save: "C=children.0", Rows: "casework_case=3 db_once=2"})
		again := d.One("the same again", call{Who: "office", Do: "POST /reports/{N}/actions/split", Body: parts, Key: k2, Match: "{E}", Want: 201, Rows: "casework_case=3"})
		if first.Body.String() != again.Body.String() || first.Header().Get("ETag") != again.Header().Get("ETag") {
			t.Errorf("answers differ:\n%s\n%s", first.Body, again.Body)
		}
		d.Run(
			call{Who: "office", Do: "POST /reports/{N}/actions/split", Body: `{"parts":[{"fact":"roads.surface.pothole","text":"Яма."},{"fact":"light.lamp.dark","text":"Не горит фонарь."}]}`,
				Key: k2, Match: "{E}", Want: 422, Has: "code=idempotency_mismatch", Rows: "casework_case=3"},
			call{Who: "office", Do: "GET /reports/{C}", Want: 200, Has: "as=office merged_into={N}"},
		)
	})
}
