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
		d.Run(
			call{Who: "nina", Do: "POST /reports/preview", Body: `{"fact":"roads.surface.pothole","place":{"lat":59,"lon":31}}`, Want: 200,
				Has: "organisation.code=roads organisation.id={roads} term.date=2026-02-16 topic.code=roads.surface.pothole similar.#=0", Rows: "casework_case=0"},
			call{Who: "nina", Do: "POST /reports", Body: yama, Want: 422, Has: "code=invalid fields.0.name=Idempotency-Key", Rows: "casework_case=0"},
			call{Who: "nina", Do: "POST /reports", Body: yama, Key: k1, Want: 201, Save: "N=number E=ETag",
				Has:  "stage=moderation as=author term.date=2026-02-16 version=1 channel=api organisation.code=roads entries.0.kind=text place.territory=01",
				Rows: "casework_case=1 casework_entry=1 casework_inbox=1 casework_mine=1 casework_number=1 db_once=1"},
		)
	})
}

func TestAPIFromFilingToReopening(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Want: 201, Save: "N=number E=ETag", Rows: "casework_case=1 db_once=1"},
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Want: 201, Has: "number={N} version=1", Rows: "casework_case=1 casework_entry=1 db_once=1"},
			call{Who: "nina", Do: "POST /reports", Body: yama, Key: k1, Want: 422, Has: "code=idempotency_mismatch", Rows: "casework_case=1"},
			call{Who: "nina", Do: "GET /reports/{N}", Want: 200, Has: "as=author actions.#=2 actions.0.action=add actions.1.action=withdraw", No: `"id":"{nina}"`, Read: "-"},
			call{Who: "office", Do: "GET /reports/{N}", Want: 200, Has: "as=office applicant.name=nina applicant.id={nina} entries.0.author.name=nina", Save: "E=ETag", Read: "casework.read true"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Want: 422, Has: "fields.0.name=If-Match"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Match: `"v0"`, Want: 412, Has: "code=stale"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"comment":"Скамейка у дома 14."}`, Match: "{E}", Want: 200,
				Has: "stage=coordination version=2", Save: "E=ETag", Rows: "casework_entry=2"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Match: `"v1"`, Want: 412, Has: "code=stale", Rows: "casework_entry=2"},
			call{Who: "olga", Do: "POST /reports/{N}/actions/approve", Body: `{}`, Match: "{E}", Want: 409, Has: "code=conflict"},
			call{Who: "office", Do: "POST /reports/{N}/actions/take", Body: `{"comment":"Беру."}`, Match: "{E}", Want: 422, Has: "fields.0.name=comment fields.0.rule=unexpected"},
			call{Who: "office", Do: "POST /reports/{N}/actions/redirect", Body: `{"organisation_id":"{roads}"}`, Match: "{E}", Want: 422, Has: "fields.#=2 fields.0.name=organisation_id"},
			call{Who: "office", Do: "POST /reports/{N}/actions/redirect", Body: `{"organisation_id":"17","comment":"Вам."}`, Match: "{E}", Want: 422, Has: "fields.0.name=organisation_id fields.0.rule=unknown"},
			call{Who: "office", Do: "POST /reports/{N}/actions/fly", Body: `{}`, Match: "{E}", Want: 422, Has: "fields.0.name=action fields.0.rule=unknown"},
			call{Who: "office", Do: "POST /reports/{N}/actions/assign", Body: `{"handler_id":"{timur}"}`, Match: "{E}", Want: 200, Has: "stage=execution", Save: "E=ETag"},
			call{Who: "timur", Do: "POST /reports/{N}/actions/ask", Body: `{"comment":"Какая из двух?"}`, Match: "{E}", Want: 200, Has: "stage=waiting term.stands=true", Save: "E=ETag"},
			call{Who: "nina", Do: "POST /reports/{N}/actions/reply", Body: `{"comment":"Левая."}`, Match: "{E}", Want: 200, Has: "stage=execution", Save: "E=ETag"},
			call{Who: "timur", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Сделаем [дата]."}`, Match: "{E}", Want: 422, Has: "fields.0.rule=blank_left"},
			call{Who: "timur", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Скамейку заменили 3 февраля."}`, Match: "{E}", Want: 200, Has: "stage=approval", Save: "E=ETag"},
			call{Who: "nina", Do: "GET /reports/{N}", Want: 200, Has: "entries.#=4", No: "заменили"},
			call{Who: "timur", Do: "POST /reports/{N}/actions/approve", Body: `{}`, Match: "{E}", Want: 403, Has: "code=forbidden"},
			call{Who: "olga", Do: "POST /reports/{N}/actions/approve", Body: `{}`, Match: "{E}", Want: 200, Has: "stage=answered", Save: "E=ETag"},
			call{Who: "nina", Do: "POST /reports/{N}/actions/rate", Body: `{"mark":9,"solved":"no"}`, Match: "{E}", Want: 422, Has: "fields.0.name=mark fields.0.rule=too_high"},
			call{Who: "~nina", Do: "POST /reports/{N}/actions/rate", Body: `{"mark":4,"solved":"yes"}`, Match: "{E}", Want: 403, Has: "code=forbidden"},
			call{Who: "nina", Do: "POST /reports/{N}/actions/rate", Body: `{"mark":2,"solved":"no","reopen":true,"comment":"Снова сломана."}`, Match: "{E}", Want: 200, Has: "stage=coordination", Save: "E=ETag"},
			call{Who: "nina", Do: "POST /reports/{N}/actions/withdraw", Body: `{}`, Match: "{E}", Key: "withdraw-1", Want: 200, Has: "stage=closed outcome=withdrawn", Rows: "casework_case=1"},
			call{Who: "nina", Do: "POST /reports/{N}/actions/withdraw", Body: `{}`, Match: "{E}", Key: "withdraw-1", Want: 200, Has: "stage=closed outcome=withdrawn"}, // the first answer was lost
			call{Who: "nina", Do: "POST /reports/{N}/actions/withdraw", Body: `{"comment":"Сам."}`, Match: "{E}", Key: "withdraw-1", Want: 422, Has: "code=idempotency_mismatch"},
			call{Who: "nina", Do: "POST /reports/{N}/actions/withdraw", Body: `{}`, Match: "{E}", Key: "?", Want: 422, Has: "fields.0.name=Idempotency-Key"},
			call{Who: "nina", Do: "POST /reports/{N}/actions/withdraw", Body: `{}`, Match: "{E}", Want: 412},
			call{Who: "timur", Do: "GET /reports/{N}/history?limit=3", Want: 200, Has: "items.#=3 items.0.action=file items.1.person.name=office items.1.changes.0.after=coordination",
				Save: "C=next", Read: "casework.history true"},
			call{Who: "timur", Do: "GET /reports/{N}/history?limit=200&cursor={C}", Want: 200, Has: "items.0.action=ask items.5.action=withdraw items.4.changes.4.field=handler items.4.changes.4.after="},
			call{Who: "timur", Do: "GET /reports/{N}/history?limit=3&cursor=x{C}", Want: 422, Has: "fields.0.name=cursor"},
			call{Who: "nina", Do: "GET /reports/{N}/history", Want: 200, Has: "items.0.action=file", No: "submit|timur|\"handler\",\"before|{timur}", Read: "-"},
		)
	})
}

func TestAPIAnothersIsLikeMissing(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(call{Who: "nina", Do: "POST /reports", Body: secret, Key: k1, Want: 201, Save: "N=number E=ETag"})
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
				for name, number := range map[string]string{"foreign": d.Vars["N"], "missing": "120045057717", "senseless": "no-number"} {
					w := d.One(who+" "+name+" "+do, call{Who: who, Do: strings.Replace(do, "%s", number, 1), Body: body, Key: k2, Match: `"v1"`, Want: 404, Read: "-"})
					answers[name] = w.Body.String()
				}
				if answers["foreign"] != answers["missing"] || answers["missing"] != answers["senseless"] {
					t.Errorf("%s %s: answers differ: %q", who, do, answers)
				}
			}
		}
		d.Run(
			call{Do: "GET /reports/{N}", Want: 401},
			call{Do: "GET /reports/{N}/files/1", Want: 404},
			call{Who: "thief", Do: "GET /reports/{N}", Want: 401, Has: "code=unauthenticated"},
			call{Who: "nina", Do: "GET /reports/{N}", Want: 200, Has: "hidden=true version=1"},
		)
	})
}

func TestAPIJoinAndPublic(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Want: 201, Save: "N=number E=ETag"},
			call{Do: "GET /public/reports", Want: 200, Has: "items.#=0"}, // not moderated yet
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"comment":"Скамейка у дома 14."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Do: "GET /public/reports", Want: 200, Has: "items.#=1 items.0.number={N} items.0.month=2026-02", No: "подъезда|nina"},
			call{Do: "GET /public/reports?bbox=30,58,32,60&category=yard&open=true", Want: 200, Has: "items.#=1"},
			call{Do: "GET /public/reports?bbox=30,58,32,60&category=roads", Want: 200, Has: "items.#=0"},
			call{Do: "GET /public/reports?bbox=10,58,12,60", Want: 200, Has: "items.#=0"},
			call{Do: "GET /public/reports?bbox=32,58,30,60", Want: 422, Has: "fields.0.name=bbox"},
			call{Do: "GET /public/reports?bbox=1,2,NaN,4", Want: 422, Has: "fields.0.name=bbox"},
			call{Do: "GET /public/reports/{N}", Want: 200, No: "подъезда|nina"},
			call{Who: "oleg", Do: "GET /reports/{N}", Want: 200, Has: "as=stranger actions.#=0 month=2026-02", No: "подъезда|nina|registered_at", Read: "-"},
			call{Who: "oleg", Do: "POST /reports/preview", Body: `{"fact":"yard.bench.broken","place":{"lat":59,"lon":31}}`, Want: 200, Has: "similar.0.number={N}"},
			call{Who: "~oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 403},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Want: 422, Has: "fields.0.name=Idempotency-Key"},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Save: "J=number", Rows: "casework_participant=1 casework_mine=2 casework_number=2"},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Has: "number={J} repeat=true", Rows: "casework_participant=1"},
			call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "as=joined number={J} people=2", No: "подъезда|nina|у+ларька"},
			call{Who: "oleg", Do: "GET /reports", Want: 200, Has: "items.#=1 items.0.kind=joined items.0.number={J}", No: "подъезда"},
			call{Who: "oleg", Do: "PUT /reports/{J}/joined-rating", Body: `{"mark":4,"solved":"yes"}`, Want: 409, Has: "code=conflict"},
			call{Who: "office", Do: "GET /reports/{N}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/take", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/submit", Body: `{"comment":"Скамейку заменили.","shared":"Скамейку заменили."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "olga", Do: "POST /reports/{N}/actions/approve", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "stage=answered entries.1.kind=answer", No: "подъезда|\"name\":\"nina\""},
			call{Who: "~oleg", Do: "PUT /reports/{J}/joined-rating", Body: `{"mark":4,"solved":"yes"}`, Want: 403},
			call{Who: "oleg", Do: "PUT /reports/{J}/joined-rating", Body: `{"mark":4,"solved":"yes"}`, Want: 204},
			call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "mark=4 solved=yes stage=closed outcome=rated"},
			call{Who: "nina", Do: "GET /reports/{N}", Want: 200, Has: "mark= solved= stage=answered"},
		)
	})
}

func TestAPIWorkspace(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: yama, Key: k1, Want: 201, Save: "A=number"},
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k2, Want: 201, Save: "B=number"},
			call{Who: "nina", Do: "GET /reports?limit=1", Want: 200, Has: "items.#=1 items.0.number={B}", Save: "C=next"},
			call{Who: "nina", Do: "GET /reports?limit=1&cursor={C}", Want: 200, Has: "items.#=1 items.0.number={A} next="},
			call{Who: "nina", Do: "GET /workspace/reports", Want: 403, Has: "code=forbidden", Read: "-"},
			call{Who: "office", Do: "GET /workspace/reports?limit=1", Want: 200, Has: "items.#=1 items.0.number={B} items.0.stage=moderation", Save: "C=next",
				Read: "casework.list [organisation={roads}] 1"},
			call{Who: "office", Do: "GET /workspace/reports?limit=1&cursor={C}", Want: 200, Has: "items.#=1 items.0.number={A} next="},
			call{Who: "office", Do: "GET /workspace/reports?stage=moderation&cursor={C}", Want: 422, Has: "fields.0.name=cursor", Read: "-"},
			call{Who: "office", Do: "GET /workspace/reports?category=yard&deadline=week&territory=01&free=true&stage=moderation", Want: 200, Has: "items.#=1 items.0.number={B}",
				Read: "casework.list [organisation={roads},stage=moderation,deadline=week,category=yard,territory=01,free=true] 1"},
			call{Who: "office", Do: "GET /workspace/reports?deadline=late", Want: 200, Has: "items.#=0"},
			call{Who: "office", Do: "GET /workspace/reports?handler_id=me", Want: 200, Has: "items.#=0"},
			call{Who: "office", Do: "GET /workspace/reports?handler_id=17", Want: 422, Has: "fields.0.name=handler_id"},
			call{Who: "office", Do: "GET /workspace/reports?part=open&stage=closed", Want: 422},
			call{Who: "office", Do: "GET /workspace/reports?free=true&handler_id=me", Want: 422, Has: "fields.0.name=free"},
			call{Who: "office", Do: "GET /workspace/folders", Want: 200, Has: "items.0.code=all items.0.count=2 items.4.code=moderation items.4.count=2"},
			call{Who: "office", Do: "GET /workspace/reports?organisation_id={lamps.org}", Want: 404, Read: "-"},
			call{Who: "region", Do: "GET /workspace/reports?organisation_id={roads}", Want: 200, Has: "items.#=2 items.0.title=", No: "подъезда|ларька"},
			call{Who: "region", Do: "GET /reports/{A}", Want: 403, Has: "code=forbidden", Read: "-"},
			call{Who: "region", Do: "GET /reports/{A}?reason=complaint-12", Want: 200, Has: "as=office", Read: "casework.read true complaint-12"},
			call{Who: "nina", Do: "POST /workspace/bulk/accept", Body: `{"reports":[{"number":"{A}","version":1}]}`, Want: 403},
			call{Who: "office", Do: "POST /workspace/bulk/accept", Body: `{"reports":[{"number":"{A}","version":1},{"number":"120045057717","version":1},{"number":"{B}","version":7}]}`, Want: 200,
				Has: "done=1 results.0.done=true results.0.state.stage=coordination results.1.problem.code=not_found results.2.problem.code=stale"},
			call{Who: "office", Do: "POST /workspace/bulk/accept", Body: `{"reports":[{"number":"{A}","version":1}]}`, Want: 200, Has: "done=0 results.0.problem.code=stale"},
			call{Who: "office", Do: "POST /workspace/bulk/assign", Body: `{"reports":[{"number":"{A}","version":2}],"input":{"handler_id":"{timur}"}}`, Want: 200, Has: "done=1 results.0.state.stage=execution"},
			call{Who: "timur", Do: "GET /workspace/reports?handler_id=me", Want: 200, Has: "items.#=1 items.0.handler.name=timur"},
			call{Who: "office", Do: "POST /workspace/bulk/reject", Body: `{"reports":[{"number":"{A}","version":2}]}`, Want: 422, Has: "fields.0.name=action"},
		)
		d.reads.broken = true
		for _, do := range []string{"GET /workspace/reports", "GET /reports/{A}", "GET /reports/{A}/history"} {
			w := d.One("unrecorded "+do, call{Who: "office", Do: do, Want: 500, Has: "code=internal"})
			if strings.Contains(w.Body.String(), "остановки") || strings.Contains(w.Body.String(), d.Vars["A"]) {
				t.Errorf("%s shows what could not be recorded: %s", do, w.Body)
			}
		}
	})
}

func TestAPIFiles(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Vars["PHOTO"] = photo(d.t)
		d.Run(
			call{Who: "nina", Do: "POST /files?name=yama.jpg", Body: "{PHOTO}", Want: 422, Has: "fields.0.name=Idempotency-Key"},
			call{Who: "~nina", Do: "POST /files?name=yama.jpg", Key: "upload-000001", Want: 403, Rows: "blob_object=0"},
		)
		up := func(who, name, body, key string, want int, has, save string) {
			d.t.Helper()
			d.One("upload "+name, call{Who: who, Do: "POST /files?name=" + name, Body: body, Key: key, Want: want, Has: has, Save: save})
		}
		up("nina", "yama.jpg", d.Vars["PHOTO"], "upload-000001", 201, "kind=image/jpeg width=8 name=yama.jpg", "F=id")
		up("nina", "yama.jpg", d.Vars["PHOTO"], "upload-000001", 201, "id={F}", "")
		up("nina", "yama.jpg", "<svg onload=alert(1)>", "upload-000002", 415, "code=unsupported_type", "")
		up("nina", "yama.pdf", d.Vars["PHOTO"], "upload-000003", 415, "code=unsupported_type", "")
		up("nina", "other.jpg", d.Vars["PHOTO"], "upload-000004", 201, "", "G=id")
		d.Run(
			call{Who: "nina", Do: "POST /files?name=x.jpg", Key: "upload-000005", Want: 422, Has: "fields.0.name=body", Rows: "blob_object=2"},
			call{Who: "nina", Do: "GET /files/{F}", Want: 200},
			call{Who: "oleg", Do: "GET /files/{F}", Want: 404},
			call{Who: "oleg", Do: "DELETE /files/{F}", Want: 404},
			call{Who: "nina", Do: "DELETE /files/{G}", Want: 204},
			call{Who: "nina", Do: "DELETE /files/17", Want: 404},
			call{Who: "oleg", Do: "POST /reports", Key: k2, Body: strings.Replace(yama, `"place"`, `"files":["{F}"],"place"`, 1), Want: 404, Rows: "casework_case=0"},
			call{Who: "nina", Do: "POST /reports", Key: k1, Body: strings.Replace(yama, `"place"`, `"files":["{F}"],"place"`, 1), Want: 201, Save: "N=number E=ETag",
				Has: "files.0.name=yama.jpg files.0.kind=image/jpeg files.0.entry=1", Rows: "casework_attachment=1"},
			call{Who: "nina", Do: "GET /files/{F}", Want: 404}, // part of the report now
			call{Who: "nina", Do: "DELETE /files/{F}", Want: 409, Has: "code=conflict"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"released":[2],"comment":"Яма."}`, Match: "{E}", Want: 422, Has: "fields.0.name=released"},
			call{Who: "nina", Do: "GET /reports/{N}/files/1", Want: 200, Read: "-"},
			call{Who: "nina", Do: "GET /reports/{N}/files/2", Want: 404},
			call{Who: "office", Do: "GET /reports/{N}/files/1", Want: 409, Read: "-"}, // not checked yet
		)
		which, err := db1(d, `SELECT blob_id FROM casework_attachment`)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.blobs.Process(t.Context(), which, nil); err != nil {
			t.Fatal(err)
		}
		w := d.One("officer opens", call{Who: "office", Do: "GET /reports/{N}/files/1", Want: 200, Read: "attachment.read true"})
		if h := w.Header(); !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("Content-Type") != "image/jpeg" || w.Body.Len() == 0 {
			t.Errorf("%v", h)
		}
		d.Run(
			call{Do: "GET /reports/{N}/files/1", Want: 404},
			call{Who: "oleg", Do: "GET /reports/{N}/files/1", Want: 404},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"released":[1],"comment":"Яма."}`, Match: "{E}", Want: 200},
			call{Do: "GET /reports/{N}/files/1?size=thumb", Want: 200, Read: "-"},
			call{Do: "GET /public/reports/{N}", Want: 200, Has: "files.0.n=1 files.0.public=true excerpt=Яма."},
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
				d.Run(call{Who: "nina", Do: "POST /reports", Body: c.body, Key: k1, Want: 422, Has: "code=invalid " + c.has, Rows: "casework_case=0 db_once=0"})
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
			for _, need := range new(Case).possible(row).Needs {
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

// A repeat by its key does nothing again and tells no more than a reading would:
// nothing of a report that was handed over since. One key joins one report.
func TestAPIRepeatsTellNoMore(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Want: 201, Save: "N=number E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Match: "{E}", Key: "accept-1", Want: 200, Save: "E=ETag"},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Save: "J=number"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Match: "{E}", Key: "accept-1", Want: 200, Has: "stage=coordination"},
			call{Who: "office", Do: "POST /reports/{N}/actions/note", Body: `{"comment":"Много людей."}`, Match: "{E}", Want: 200, Save: "E=ETag"}, // that somebody joined changes nothing
			call{Who: "office", Do: "POST /reports/{N}/actions/note", Body: `{"comment":"Ещё."}`, Match: `"v1"`, Want: 412},
			call{Who: "oleg", Do: "DELETE /reports/{N}/join", Want: 204},
			call{Who: "oleg", Do: "DELETE /reports/{N}/join", Want: 404},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 409},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: "another-key-1", Want: 201},
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: "second-report", Want: 201, Save: "M=number F=ETag"},
			call{Who: "office", Do: "POST /reports/{M}/actions/accept", Body: `{}`, Match: "{F}", Want: 200, Save: "F=ETag"},
			call{Who: "oleg", Do: "POST /reports/{M}/join", Key: k2, Want: 422, Has: "code=idempotency_mismatch"},
			call{Who: "office", Do: "POST /reports/{M}/actions/redirect", Body: `{"organisation_id":"{lamps.org}","comment":"Вам."}`, Match: "{F}", Key: "redirect-1", Want: 200, Has: "version=3"},
			call{Who: "nina", Do: "PUT /reports/{M}/visibility", Body: `{"hidden":true}`, Want: 204},
			call{Who: "office", Do: "POST /reports/{M}/actions/redirect", Body: `{"organisation_id":"{lamps.org}","comment":"Вам."}`, Match: "{F}", Key: "redirect-1", Want: 200, Has: "stage=coordination version=3 organisation.id={lamps.org}"}, // as the first answer was
		)
	})
}
