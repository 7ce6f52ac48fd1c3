package casework

import (
	"strings"
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/policy"
)

const (
	yama   = `{"text":"Яма у остановки во всю полосу, автобус объезжает по встречной.","fact":"roads.surface.pothole","place":{"lat":59,"lon":31,"note":"у ларька"}}`
	bench  = `{"text":"Скамейка у второго подъезда сломана.","fact":"yard.bench.broken","place":{"lat":59,"lon":31}}`
	secret = `{"text":"Скамейка сломана, и не для всех.","fact":"yard.bench.broken","place":{"lat":59,"lon":31},"hidden":true}`
	k1, k2 = "filing-00000001", "filing-00000002"
)

func TestAPIPreviewAndFiling(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.run(
			call{who: "nina", do: "POST /reports/preview", body: `{"fact":"roads.surface.pothole","place":{"lat":59,"lon":31}}`, want: 200,
				has: "organisation.code=roads organisation.id={roads} term.date=2026-02-16 topic.code=roads.surface.pothole similar.#=0", rows: "casework_case=0"},
			call{who: "nina", do: "POST /reports", body: yama, want: 422, has: "code=invalid fields.0.name=Idempotency-Key", rows: "casework_case=0"},
			call{who: "nina", do: "POST /reports", body: yama, key: k1, want: 201, save: "N=number E=ETag",
				has:  "stage=moderation as=author term.date=2026-02-16 version=1 channel=api organisation.code=roads entries.0.kind=text place.territory=01",
				rows: "casework_case=1 casework_entry=1 casework_inbox=1 casework_mine=1 casework_number=1 db_once=1"},
		)
	})
}

func TestAPIFromFilingToReopening(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.run(
			call{who: "nina", do: "POST /reports", body: bench, key: k1, want: 201, save: "N=number E=ETag", rows: "casework_case=1 db_once=1"},
			call{who: "nina", do: "POST /reports", body: bench, key: k1, want: 201, has: "number={N} version=1", rows: "casework_case=1 casework_entry=1 db_once=1"},
			call{who: "nina", do: "POST /reports", body: yama, key: k1, want: 422, has: "code=idempotency_mismatch", rows: "casework_case=1"},
			call{who: "nina", do: "GET /reports/{N}", want: 200, has: "as=author actions.#=2 actions.0.action=add actions.1.action=withdraw", no: `"id":"{nina}"`, read: "-"},
			call{who: "office", do: "GET /reports/{N}", want: 200, has: "as=office applicant.name=nina applicant.id={nina} entries.0.author.name=nina", save: "E=ETag", read: "casework.read true"},
			call{who: "office", do: "POST /reports/{N}/actions/accept", body: `{}`, want: 422, has: "fields.0.name=If-Match"},
			call{who: "office", do: "POST /reports/{N}/actions/accept", body: `{}`, ver: `"v0"`, want: 412, has: "code=stale"},
			call{who: "office", do: "POST /reports/{N}/actions/accept", body: `{"comment":"Скамейка у дома 14."}`, ver: "{E}", want: 200,
				has: "stage=coordination version=2", save: "E=ETag", rows: "casework_entry=2"},
			call{who: "office", do: "POST /reports/{N}/actions/accept", body: `{}`, ver: `"v1"`, want: 412, has: "code=stale", rows: "casework_entry=2"},
			call{who: "office", do: "POST /reports/{N}/actions/approve", body: `{}`, ver: "{E}", want: 409, has: "code=conflict"},
			call{who: "office", do: "POST /reports/{N}/actions/take", body: `{"comment":"Беру."}`, ver: "{E}", want: 422, has: "fields.0.name=comment fields.0.rule=unexpected"},
			call{who: "office", do: "POST /reports/{N}/actions/redirect", body: `{"organisation_id":"{roads}"}`, ver: "{E}", want: 422, has: "fields.#=2 fields.0.name=organisation_id"},
			call{who: "office", do: "POST /reports/{N}/actions/redirect", body: `{"organisation_id":"17","comment":"Вам."}`, ver: "{E}", want: 422, has: "fields.0.name=organisation_id fields.0.rule=unknown"},
			call{who: "office", do: "POST /reports/{N}/actions/fly", body: `{}`, ver: "{E}", want: 422, has: "fields.0.name=action fields.0.rule=unknown"},
			call{who: "office", do: "POST /reports/{N}/actions/assign", body: `{"handler_id":"{timur}"}`, ver: "{E}", want: 200, has: "stage=execution", save: "E=ETag"},
			call{who: "timur", do: "POST /reports/{N}/actions/ask", body: `{"comment":"Какая из двух?"}`, ver: "{E}", want: 200, has: "stage=waiting term.stands=true", save: "E=ETag"},
			call{who: "nina", do: "POST /reports/{N}/actions/reply", body: `{"comment":"Левая."}`, ver: "{E}", want: 200, has: "stage=execution", save: "E=ETag"},
			call{who: "timur", do: "POST /reports/{N}/actions/submit", body: `{"comment":"Сделаем [дата]."}`, ver: "{E}", want: 422, has: "fields.0.rule=blank_left"},
			call{who: "timur", do: "POST /reports/{N}/actions/submit", body: `{"comment":"Скамейку заменили 3 февраля."}`, ver: "{E}", want: 200, has: "stage=approval", save: "E=ETag"},
			call{who: "nina", do: "GET /reports/{N}", want: 200, has: "entries.#=4", no: "заменили"},
			call{who: "timur", do: "POST /reports/{N}/actions/approve", body: `{}`, ver: "{E}", want: 403, has: "code=forbidden"},
			call{who: "olga", do: "POST /reports/{N}/actions/approve", body: `{}`, ver: "{E}", want: 200, has: "stage=answered", save: "E=ETag"},
			call{who: "nina", do: "POST /reports/{N}/actions/rate", body: `{"mark":9,"solved":"no"}`, ver: "{E}", want: 422, has: "fields.0.name=mark fields.0.rule=too_high"},
			call{who: "~nina", do: "POST /reports/{N}/actions/rate", body: `{"mark":4,"solved":"yes"}`, ver: "{E}", want: 403, has: "code=forbidden"},
			call{who: "nina", do: "POST /reports/{N}/actions/rate", body: `{"mark":2,"solved":"no","reopen":true,"comment":"Снова сломана."}`, ver: "{E}", want: 200, has: "stage=coordination", save: "E=ETag"},
			call{who: "nina", do: "POST /reports/{N}/actions/withdraw", body: `{}`, ver: "{E}", want: 200, has: "stage=closed outcome=withdrawn", rows: "casework_case=1"},
			call{who: "timur", do: "GET /reports/{N}/history?limit=3", want: 200, has: "items.#=3 items.0.action=file items.1.person.name=office items.1.changes.0.after=coordination",
				save: "C=next", read: "casework.history true"},
			call{who: "timur", do: "GET /reports/{N}/history?limit=200&cursor={C}", want: 200, has: "items.0.action=ask items.5.action=withdraw items.4.changes.4.field=handler items.4.changes.4.after="},
			call{who: "timur", do: "GET /reports/{N}/history?limit=3&cursor=x{C}", want: 422, has: "fields.0.name=cursor"},
			call{who: "nina", do: "GET /reports/{N}/history", want: 200, has: "items.0.action=file", no: "submit|timur|\"handler\",\"before|{timur}", read: "-"},
		)
	})
}

func TestAPIAnothersIsLikeMissing(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.run(call{who: "nina", do: "POST /reports", body: secret, key: k1, want: 201, save: "N=number E=ETag"})
		for _, who := range []string{"oleg", "lamps"} {
			for _, do := range []string{"GET /reports/%s", "GET /reports/%s/history", "POST /reports/%s/actions/withdraw", "POST /reports/%s/actions/accept",
				"POST /reports/%s/join", "PUT /reports/%s/joined-rating", "GET /reports/%s/files/1", "GET /public/reports/%s"} {
				body := ""
				if strings.HasPrefix(do, "P") && !strings.HasSuffix(do, "join") {
					body = `{}`
				}
				if strings.HasSuffix(do, "rating") {
					body = `{"mark":3,"solved":"no"}`
				}
				answers := map[string]string{}
				for name, number := range map[string]string{"foreign": d.vars["N"], "missing": "120045057717", "senseless": "no-number"} {
					w := d.one(who+" "+name+" "+do, call{who: who, do: strings.Replace(do, "%s", number, 1), body: body, key: k2, ver: `"v1"`, want: 404, read: "-"})
					answers[name] = w.Body.String()
				}
				if answers["foreign"] != answers["missing"] || answers["missing"] != answers["senseless"] {
					t.Errorf("%s %s: answers differ: %q", who, do, answers)
				}
			}
		}
		d.run(
			call{do: "GET /reports/{N}", want: 401},
			call{do: "GET /reports/{N}/files/1", want: 404},
			call{who: "thief", do: "GET /reports/{N}", want: 401, has: "code=unauthenticated"},
			call{who: "nina", do: "GET /reports/{N}", want: 200, has: "hidden=true version=1"},
		)
	})
}

func TestAPIJoinAndPublic(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.run(
			call{who: "nina", do: "POST /reports", body: bench, key: k1, want: 201, save: "N=number E=ETag"},
			call{do: "GET /public/reports", want: 200, has: "items.#=0"}, // not moderated yet
			call{who: "office", do: "POST /reports/{N}/actions/accept", body: `{"comment":"Скамейка у дома 14."}`, ver: "{E}", want: 200, save: "E=ETag"},
			call{do: "GET /public/reports", want: 200, has: "items.#=1 items.0.number={N} items.0.month=2026-02", no: "подъезда|nina"},
			call{do: "GET /public/reports?bbox=30,58,32,60&category=yard&open=true", want: 200, has: "items.#=1"},
			call{do: "GET /public/reports?bbox=30,58,32,60&category=roads", want: 200, has: "items.#=0"},
			call{do: "GET /public/reports?bbox=10,58,12,60", want: 200, has: "items.#=0"},
			call{do: "GET /public/reports?bbox=32,58,30,60", want: 422, has: "fields.0.name=bbox"},
			call{do: "GET /public/reports?bbox=1,2,NaN,4", want: 422, has: "fields.0.name=bbox"},
			call{do: "GET /public/reports?category=yard", want: 422, has: "fields.0.name=bbox fields.0.rule=required"},
			call{do: "GET /public/reports/{N}", want: 200, no: "подъезда|nina"},
			call{who: "oleg", do: "GET /reports/{N}", want: 200, has: "as=stranger actions.#=0 month=2026-02", no: "подъезда|nina|registered_at", read: "-"},
			call{who: "oleg", do: "POST /reports/preview", body: `{"fact":"yard.bench.broken","place":{"lat":59,"lon":31}}`, want: 200, has: "similar.0.number={N}"},
			call{who: "~oleg", do: "POST /reports/{N}/join", key: k2, want: 403},
			call{who: "oleg", do: "POST /reports/{N}/join", want: 422, has: "fields.0.name=Idempotency-Key"},
			call{who: "oleg", do: "POST /reports/{N}/join", key: k2, want: 201, save: "J=number", rows: "casework_participant=1 casework_mine=2 casework_number=2"},
			call{who: "oleg", do: "POST /reports/{N}/join", key: k2, want: 201, has: "number={J} repeat=true", rows: "casework_participant=1"},
			call{who: "oleg", do: "GET /reports/{J}", want: 200, has: "as=joined number={J} people=2", no: "подъезда|nina|у+ларька"},
			call{who: "oleg", do: "GET /reports", want: 200, has: "items.#=1 items.0.kind=joined items.0.number={J}", no: "подъезда"},
			call{who: "oleg", do: "PUT /reports/{J}/joined-rating", body: `{"mark":4,"solved":"yes"}`, want: 409, has: "code=conflict"},
			call{who: "office", do: "GET /reports/{N}", want: 200, save: "E=ETag"},
			call{who: "office", do: "POST /reports/{N}/actions/take", body: `{}`, ver: "{E}", want: 200, save: "E=ETag"},
			call{who: "office", do: "POST /reports/{N}/actions/submit", body: `{"comment":"Скамейку заменили."}`, ver: "{E}", want: 200, save: "E=ETag"},
			call{who: "office", do: "POST /reports/{N}/actions/approve", body: `{}`, ver: "{E}", want: 200, save: "E=ETag"},
			call{who: "oleg", do: "GET /reports/{J}", want: 200, has: "stage=answered entries.1.kind=answer", no: "подъезда|\"name\":\"nina\""},
			call{who: "~oleg", do: "PUT /reports/{J}/joined-rating", body: `{"mark":4,"solved":"yes"}`, want: 403},
			call{who: "oleg", do: "PUT /reports/{J}/joined-rating", body: `{"mark":4,"solved":"yes"}`, want: 204},
			call{who: "oleg", do: "GET /reports/{J}", want: 200, has: "mark=4 solved=yes stage=answered"},
			call{who: "nina", do: "GET /reports/{N}", want: 200, has: "mark= solved= stage=answered"},
		)
	})
}

func TestAPIWorkspace(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.run(
			call{who: "nina", do: "POST /reports", body: yama, key: k1, want: 201, save: "A=number"},
			call{who: "nina", do: "POST /reports", body: bench, key: k2, want: 201, save: "B=number"},
			call{who: "nina", do: "GET /reports?limit=1", want: 200, has: "items.#=1 items.0.number={B}", save: "C=next"},
			call{who: "nina", do: "GET /reports?limit=1&cursor={C}", want: 200, has: "items.#=1 items.0.number={A} next="},
			call{who: "nina", do: "GET /workspace/reports", want: 403, has: "code=forbidden", read: "-"},
			call{who: "office", do: "GET /workspace/reports?limit=1", want: 200, has: "items.#=1 items.0.number={B} items.0.stage=moderation", save: "C=next",
				read: "casework.list [organisation={roads}] 1"},
			call{who: "office", do: "GET /workspace/reports?limit=1&cursor={C}", want: 200, has: "items.#=1 items.0.number={A} next="},
			call{who: "office", do: "GET /workspace/reports?stage=moderation&cursor={C}", want: 422, has: "fields.0.name=cursor", read: "-"},
			call{who: "office", do: "GET /workspace/reports?category=yard&deadline=week&territory=01&free=true&stage=moderation", want: 200, has: "items.#=1 items.0.number={B}",
				read: "casework.list [organisation={roads},stage=moderation,deadline=week,category=yard,territory=01,free=true] 1"},
			call{who: "office", do: "GET /workspace/reports?deadline=late", want: 200, has: "items.#=0"},
			call{who: "office", do: "GET /workspace/reports?handler_id=me", want: 200, has: "items.#=0"},
			call{who: "office", do: "GET /workspace/reports?handler_id=17", want: 422, has: "fields.0.name=handler_id"},
			call{who: "office", do: "GET /workspace/reports?part=open&stage=closed", want: 422},
			call{who: "office", do: "GET /workspace/folders", want: 200, has: "items.0.code=all items.0.count=2 items.4.code=moderation items.4.count=2"},
			call{who: "office", do: "GET /workspace/reports?organisation_id={lamps.org}", want: 404, read: "-"},
			call{who: "region", do: "GET /workspace/reports?organisation_id={roads}", want: 200, has: "items.#=2 items.0.title=", no: "подъезда|ларька"},
			call{who: "region", do: "GET /reports/{A}", want: 403, has: "code=forbidden", read: "-"},
			call{who: "region", do: "GET /reports/{A}?reason=complaint-12", want: 200, has: "as=office", read: "casework.read true complaint-12"},
			call{who: "nina", do: "POST /workspace/bulk/accept", body: `{"reports":[{"number":"{A}","version":1}]}`, want: 403},
			call{who: "office", do: "POST /workspace/bulk/accept", body: `{"reports":[{"number":"{A}","version":1},{"number":"120045057717","version":1},{"number":"{B}","version":7}]}`, want: 200,
				has: "done=1 results.0.done=true results.0.state.stage=coordination results.1.problem.code=not_found results.2.problem.code=stale"},
			call{who: "office", do: "POST /workspace/bulk/accept", body: `{"reports":[{"number":"{A}","version":1}]}`, want: 200, has: "done=0 results.0.problem.code=stale"},
			call{who: "office", do: "POST /workspace/bulk/assign", body: `{"reports":[{"number":"{A}","version":2}],"input":{"handler_id":"{timur}"}}`, want: 200, has: "done=1 results.0.state.stage=execution"},
			call{who: "timur", do: "GET /workspace/reports?handler_id=me", want: 200, has: "items.#=1 items.0.handler.name=timur"},
			call{who: "office", do: "POST /workspace/bulk/reject", body: `{"reports":[{"number":"{A}","version":2}]}`, want: 422, has: "fields.0.name=action"},
		)
		d.reads.broken = true
		for _, do := range []string{"GET /workspace/reports", "GET /reports/{A}", "GET /reports/{A}/history"} {
			w := d.one("unrecorded "+do, call{who: "office", do: do, want: 500, has: "code=internal"})
			if strings.Contains(w.Body.String(), "остановки") || strings.Contains(w.Body.String(), d.vars["A"]) {
				t.Errorf("%s shows what could not be recorded: %s", do, w.Body)
			}
		}
	})
}

func TestAPIFiles(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.vars["PHOTO"] = photo(d.t)
		d.run(
			call{who: "nina", do: "POST /files?name=yama.jpg", body: "{PHOTO}", want: 422, has: "fields.0.name=Idempotency-Key"},
			call{who: "~nina", do: "POST /files?name=yama.jpg", key: "upload-000001", want: 403, rows: "blob_object=0"},
		)
		up := func(who, name, body, key string, want int, has, save string) {
			d.t.Helper()
			d.one("upload "+name, call{who: who, do: "POST /files?name=" + name, body: body, key: key, want: want, has: has, save: save})
		}
		up("nina", "yama.jpg", d.vars["PHOTO"], "upload-000001", 201, "kind=image/jpeg width=8 name=yama.jpg", "F=id")
		up("nina", "yama.jpg", d.vars["PHOTO"], "upload-000001", 201, "id={F}", "")
		up("nina", "yama.jpg", "<svg onload=alert(1)>", "upload-000002", 415, "code=unsupported_type", "")
		up("nina", "yama.pdf", d.vars["PHOTO"], "upload-000003", 415, "code=unsupported_type", "")
		up("nina", "other.jpg", d.vars["PHOTO"], "upload-000004", 201, "", "G=id")
		d.run(
			call{who: "nina", do: "POST /files?name=x.jpg", key: "upload-000005", want: 422, has: "fields.0.name=body", rows: "blob_object=2"},
			call{who: "nina", do: "GET /files/{F}", want: 200},
			call{who: "oleg", do: "GET /files/{F}", want: 404},
			call{who: "oleg", do: "DELETE /files/{F}", want: 404},
			call{who: "nina", do: "DELETE /files/{G}", want: 204},
			call{who: "nina", do: "DELETE /files/17", want: 404},
			call{who: "oleg", do: "POST /reports", key: k2, body: strings.Replace(yama, `"place"`, `"files":["{F}"],"place"`, 1), want: 404, rows: "casework_case=0"},
			call{who: "nina", do: "POST /reports", key: k1, body: strings.Replace(yama, `"place"`, `"files":["{F}"],"place"`, 1), want: 201, save: "N=number E=ETag",
				has: "files.0.name=yama.jpg files.0.kind=image/jpeg files.0.entry=1", rows: "casework_attachment=1"},
			call{who: "nina", do: "GET /files/{F}", want: 404}, // part of the report now
			call{who: "nina", do: "GET /reports/{N}/files/1", want: 200, read: "-"},
			call{who: "nina", do: "GET /reports/{N}/files/2", want: 404},
			call{who: "office", do: "GET /reports/{N}/files/1", want: 409, read: "-"}, // not checked yet
		)
		which, err := db1(d, `SELECT blob_id FROM casework_attachment`)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.blobs.Process(t.Context(), which, nil); err != nil {
			t.Fatal(err)
		}
		w := d.one("officer opens", call{who: "office", do: "GET /reports/{N}/files/1", want: 200, read: "attachment.read true"})
		if h := w.Header(); !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("Content-Type") != "image/jpeg" || w.Body.Len() == 0 {
			t.Errorf("%v", h)
		}
		d.run(
			call{do: "GET /reports/{N}/files/1", want: 404},
			call{who: "oleg", do: "GET /reports/{N}/files/1", want: 404},
			call{who: "office", do: "POST /reports/{N}/actions/accept", body: `{"released":[1],"comment":"Яма."}`, ver: "{E}", want: 200},
			call{do: "GET /reports/{N}/files/1", want: 200, read: "-"},
			call{do: "GET /public/reports/{N}", want: 200, has: "files.0.n=1 files.0.public=true excerpt=Яма."},
		)
	})
}

func TestAPIBadInput(t *testing.T) {
	eachDesk(t, func(d *desk) {
		for name, c := range map[string]struct{ body, has string }{
			"short":          {`{"text":"Яма","fact":"roads.surface.pothole"}`, "fields.0.name=text fields.0.rule=too_short"},
			"no fact":        {`{"text":"Яма у остановки во всю полосу."}`, "fields.0.name=fact fields.0.rule=required"},
			"unknown fact":   {`{"text":"Яма у остановки во всю полосу.","fact":"no.such.fact"}`, "fields.0.name=fact"},
			"outside":        {`{"text":"Яма у остановки во всю полосу.","fact":"roads.surface.pothole","place":{"lat":0.000001,"lon":3}}`, "fields.0.name=place fields.0.rule=out_of_region"},
			"no latitude":    {`{"text":"Яма у остановки во всю полосу.","fact":"roads.surface.pothole","place":{"lat":91,"lon":3}}`, "fields.0.name=place.lat fields.0.rule=too_high"},
			"wrong type":     {`{"text":7,"fact":"roads.surface.pothole"}`, "fields.0.name=text fields.0.rule=wrong_type"},
			"wrong id":       {`{"text":"Яма у остановки во всю полосу.","fact":"yard.bench.broken","organisation_id":"roads"}`, "fields.0.name=organisation_id fields.0.rule=unknown"},
			"no such office": {`{"text":"Яма у остановки во всю полосу.","fact":"yard.bench.broken","organisation_id":"{nina}"}`, "fields.0.name=organisation_id fields.0.rule=unknown"},
			"unknown field":  {`{"text":"Яма у остановки во всю полосу.","fact":"yard.bench.broken","applicant":"{oleg}"}`, "fields.0.name=applicant fields.0.rule=unexpected"},
			"encoding":       {"{\"text\":\"\xff\xfe\"}", "fields.0.rule=encoding"},
			"details":        {`{"text":"Яма у остановки во всю полосу.","fact":"yard.bench.broken","details":{"x":"` + strings.Repeat("я", 301) + `"}}`, "fields.0.name=details"},
		} {
			t.Run(name, func(t *testing.T) {
				d.run(call{who: "nina", do: "POST /reports", body: c.body, key: k1, want: 422, has: "code=invalid " + c.has, rows: "casework_case=0 db_once=0"})
			})
		}
	})
}

// TestAPIKnowsEveryAction keeps the tables of the API beside those of the procedures.
func TestAPIKnowsEveryAction(t *testing.T) {
	all, err := DefaultProcedures()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		for _, row := range p.Actions {
			if row.Policy == "" {
				continue // the clock's
			}
			if _, ok := takes[row.Code]; !ok {
				t.Errorf("%s: what %s takes is not said", p.Code, row.Code)
			}
			for _, need := range possible(row).Needs {
				if !strings.Contains(strings.Join(takes[row.Code], " "), need) {
					t.Errorf("%s: %s needs %s and doesn't take it", p.Code, row.Code, need)
				}
			}
			if !strings.Contains(actionsText(), "| "+string(row.Code)+" |") {
				t.Errorf("%s is not described", row.Code)
			}
		}
	}
	for name := range rules {
		if _, ok := demands[name]; !ok || !strings.Contains(actionsText(), name) {
			t.Errorf("rule %s is not described", name)
		}
	}
	if forOrganisation(policy.Actor{}) == nil || !errs.Is(forOrganisation(policy.Actor{}), errs.Forbidden) {
		t.Error("a person has no workspace")
	}
}
