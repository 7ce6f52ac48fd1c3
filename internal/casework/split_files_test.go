package casework

import (
	"testing"

	"okno/internal/platform/db"
)

// What the author sent can be opened in every part, by the organisation that
// answers it too: what an officer attached stays where it was. Files are of
// their author, however many reports link them, and go with them.
func TestPartsHaveTheAuthorsFiles(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Vars["PHOTO"] = photo(t)
		d.Run(
			call{Who: "nina", Do: "POST /files?name=yama.jpg", Body: "{PHOTO}", Key: "upload-000001", Want: 201, Save: "F=id"},
			call{Who: "office", Do: "POST /files?name=plan.jpg", Body: "{PHOTO}", Key: "upload-000002", Want: 201, Save: "G=id"},
			call{Who: "nina", Do: "POST /reports", Body: `{"text":"Яма у остановки во всю полосу, и фонарь не горит.","fact":"roads.surface.pothole","organisation_id":"{roads}",
				"place":{"lat":59.000123,"lon":31.000456},"files":["{F}"]}`, Key: k1, Want: 201, Save: "N=number E=ETag"},
		)
		blobs, err := db.All(t.Context(), d.db, db.ID, `SELECT id FROM blob_object`)
		if err != nil || len(blobs) != 2 {
			t.Fatalf("%d files, %v", len(blobs), err)
		}
		for _, b := range blobs {
			if err := d.blobs.Process(t.Context(), b, nil); err != nil {
				t.Fatal(err)
			}
		}
		d.Run(
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"released":[1]}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/note", Body: `{"comment":"Схема.","files":["{G}"]}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/split", Key: k2, Match: "{E}", Want: 201, Save: "A=children.0 B=children.1",
				Body: `{"parts":[{"fact":"roads.surface.pothole","text":"Яма у остановки."},{"fact":"light.lamp.dark","text":"Не горит фонарь."}]}`},
			call{Who: "office", Do: "GET /reports/{A}", Want: 200, Has: "files.#=1 files.0.name=yama.jpg files.0.entry=1"},
			call{Who: "lamps", Do: "GET /reports/{B}", Want: 200, Has: "files.#=1 files.0.name=yama.jpg files.0.entry=1"},
			call{Who: "lamps", Do: "GET /reports/{B}/files/1", Want: 200},
			call{Who: "lamps", Do: "GET /reports/{N}/files/1", Want: 200}, // a stranger to the whole
			call{Who: "nina", Do: "GET /reports/{B}/files/1", Want: 200},
			call{Do: "GET /public/reports/{B}", Want: 200, No: `"files":\[{`}, // released in the whole, and taken back there alone
			call{Who: "oleg", Do: "GET /reports/{B}/files/1", Want: 404},
		)
		nina := d.who["nina"].Person
		gone, err := FilesToErase(t.Context(), d.db, nina)
		if err != nil || len(gone) != 1 {
			t.Errorf("%d files go with their author, %v", len(gone), err)
		}
		if err := db.Do(t.Context(), d.db, db.People, func(tx *db.Tx) error { Erase(tx, nina); return nil }); err != nil {
			t.Fatal(err)
		}
		d.Run(
			call{Who: "lamps", Do: "GET /reports/{B}", Want: 200, Has: "files.#=0"},
			call{Who: "office", Do: "GET /reports/{N}", Want: 200, Has: "files.#=1 files.0.name=plan.jpg"},
		)
	})
}
