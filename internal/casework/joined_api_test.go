package casework

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// One who joined gets the moment of their own joining, the deadline and the
// answers; of the author no moment, no pin, no channel, no language, no mark.
func TestJoinedDocumentTellsNothingOfTheAuthor(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Vars["PHOTO"] = photo(t)
		d.Run(
			call{Who: "nina", Do: "POST /files?name=nina-home.jpg", Body: "{PHOTO}", Key: "upload-000001", Want: 201, Save: "F=id"},
			call{Who: "nina", Do: "POST /reports", Body: `{"text":"Скамейка у второго подъезда сломана.","fact":"yard.bench.broken","organisation_id":"{roads}",
				"place":{"lat":59.000123,"lon":31.000456,"note":"у ларька"},"files":["{F}"],"details":{"when":"вчера"}}`, Key: k1, Want: 201, Save: "N=number E=ETag"},
		)
		blob, err := db1(d, `SELECT blob_id FROM casework_attachment`)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.blobs.Process(t.Context(), blob, nil); err != nil {
			t.Fatal(err)
		}
		filed := "2026-02-02T07:00"
		d.clock.Advance(3 * time.Hour)
		d.Run(call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"comment":"Скамейка у дома 14.","released":[1]}`, Match: "{E}", Want: 200, Save: "E=ETag"})
		d.clock.Advance(21*time.Hour + 7*time.Minute)
		d.Run(
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Save: "J=number"},
			call{Who: "office", Do: "GET /reports/{N}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/take", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/ask", Body: `{"comment":"Которая?"}`, Match: "{E}", Want: 200, Save: "E=ETag"},
		)
		const private = "подъезда|ларька|nina|home|registered_at|2026-02-02T07:00|channel|chosen|\"lang\"|reply_until|reopened|hidden|59.000123|31.000456|вчера"
		read := func(title, has string) map[string]json.RawMessage {
			w := d.One(title, call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "as=joined number={J} joined_at=2026-02-03T07:07:00Z term.date=2026-02-09 " + has, No: private})
			var doc map[string]json.RawMessage
			if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
				t.Fatal(err)
			}
			return doc
		}
		doc := read("while the author is asked", "files.0.size=0 files.0.name=")
		known := []string{"actions", "as", "entries", "files", "excerpt", "handler", "joined_at", "number", "organisation", "people", "place", "stage", "state", "term", "topic", "version"}
		for name := range doc {
			if !slices.Contains(known, name) {
				t.Errorf("the document has %s: decide what it tells of the author (%s)", name, slices.Sorted(maps.Keys(doc)))
			}
		}
		if !strings.Contains(string(doc["place"]), `"lat":59`) {
			t.Errorf("the place of a stranger: %s", doc["place"])
		}
		d.Run(
			call{Who: "oleg", Do: "GET /reports", Want: 200, Has: "items.#=1 items.0.joined_at=2026-02-03T07:07:00Z", No: private},
			call{Who: "nina", Do: "GET /reports", Want: 200, Has: "items.0.registered_at=" + filed + ":00Z items.0.joined_at="},
			call{Who: "nina", Do: "GET /reports/{N}", Want: 200, Has: "registered_at=" + filed + ":00Z joined_at="},
			call{Who: "oleg", Do: "GET /reports/{J}/history", Want: 403},
			call{Who: "office", Do: "POST /reports/{N}/actions/resume", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Нина Рощина, скамейку заменили. Спросите Нину о спинке."}`, Match: "{E}", Want: 422, Has: "fields.0.name=shared fields.0.rule=required"},
			call{Who: "office", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Скамейку заменили.","shared":"[дата] заменили."}`, Match: "{E}", Want: 422, Has: "fields.0.rule=blank_left"},
			call{Who: "office", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Скамейку заменили.","shared":" \n "}`, Match: "{E}", Want: 422, Has: "fields.0.name=shared"},
			call{Who: "office", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Скамейку заменили.","shared":"\u2800 . !"}`, Match: "{E}", Want: 422, Has: "fields.0.name=shared fields.0.rule=required"},
			call{Who: "office", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Скамейку заменили.","shared":"Нина, скамейку заменили."}`, Match: "{E}", Want: 422, Has: "fields.0.rule=names"},
			call{Who: "office", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Нина Рощина, скамейку заменили. Спросите Нину о спинке.","shared":"Заменена."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, No: "Заменена|Спросите"},
			call{Who: "olga", Do: "POST /reports/{N}/actions/approve", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
		)
		d.clock.Advance(time.Hour)
		d.Run(call{Who: "nina", Do: "POST /reports/{N}/actions/rate", Body: `{"mark":2,"solved":"no","comment":"Опять сломана."}`, Match: "{E}", Want: 200})
		var doc2 struct{ State string }
		w := d.One("rated by its author", call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "stage=answered entries.1.kind=answer entries.1.text=Заменена.", No: private + "|outcome|closed_at|mark|solved|Опять|Нина|Нину|Рощин|Спросите"})
		if err := json.Unmarshal(w.Body.Bytes(), &doc2); err != nil || doc2.State != "Есть ответ" {
			t.Errorf("the author's mark shows in the state: %q (%v)", doc2.State, err)
		}
	})
}

// Who joins while an answer is being approved is written to as well.
func TestWhoJoinsDuringTheApproval(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Want: 201, Save: "N=number E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"comment":"Скамейка у дома 14."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/take", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Скамейку заменили."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Save: "J=number"},
			call{Who: "olga", Do: "GET /reports/{N}", Want: 200, Save: "E=ETag", No: `"action":"approve"`},
			call{Who: "olga", Do: "POST /reports/{N}/actions/approve", Body: `{}`, Match: "{E}", Want: 422, Has: "fields.0.name=shared fields.0.rule=missing"},
			call{Who: "olga", Do: "POST /reports/{N}/actions/rework", Body: `{"comment":"Присоединились."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Скамейку заменили.","shared":"Заменена."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "olga", Do: "POST /reports/{N}/actions/approve", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "entries.1.text=Заменена."},
		)
	})
}

// Whoever joined keeps the answer though the author closes the report to
// strangers, and learns why a report is rejected.
func TestWhoJoinedKeepsTheAnswer(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Want: 201, Save: "N=number E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"comment":"Скамейка у дома 14."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Save: "J=number"},
			call{Who: "office", Do: "GET /reports/{N}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/take", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Скамейку заменили.","shared":"Заменена."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "olga", Do: "POST /reports/{N}/actions/approve", Body: `{}`, Match: "{E}", Want: 200},
			call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "entries.#=2 entries.1.text=Заменена."},
			call{Who: "nina", Do: "PUT /reports/{N}/visibility", Body: `{"hidden":true}`, Want: 204},
			call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "entries.#=1 entries.0.text=Заменена.", No: "дома 14."},
		)
	})
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Want: 201, Save: "N=number E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Match: "{E}", Want: 200},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Save: "J=number"},
			call{Who: "office", Do: "GET /reports/{N}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/reject", Body: `{"reason":"no_place","comment":"Нина, где это?"}`, Match: "{E}", Want: 200},
			call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "outcome=rejected entries.#=1 entries.0.reason=no_place", No: "Нина"},
		)
	})
}
