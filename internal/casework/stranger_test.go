package casework

import (
	"strings"
	"testing"
)

// filed is a report of nina's with one photo of her own, checked, in moderation.
func (d *desk) filedWithPhotos(names ...string) {
	d.t.Helper()
	d.Vars["PHOTO"] = photo(d.t)
	var files []string
	for i, name := range names {
		key := "upload-photo-" + itoa(i)
		d.Run(call{Who: "nina", Do: "POST /files?name=" + name, Body: "{PHOTO}", Key: key, Want: 201, Save: "F" + itoa(i) + "=id"})
		files = append(files, `"{F`+itoa(i)+`}"`)
	}
	d.Run(call{Who: "nina", Do: "POST /reports", Body: `{"text":"Скамейка у второго подъезда сломана.","fact":"yard.bench.broken","organisation_id":"{roads}",
		"place":{"lat":59.000123,"lon":31.000456},"files":[` + strings.Join(files, ",") + `]}`, Key: k1, Want: 201, Save: "N=number E=ETag"})
	for i := range names {
		blob, err := db1(d, `SELECT blob_id FROM casework_attachment WHERE n=`+itoa(i+1))
		if err != nil {
			d.t.Fatal(err)
		}
		if err := d.blobs.Process(d.t.Context(), blob, nil); err != nil {
			d.t.Fatal(err)
		}
	}
}

// What the author called a photo is read by the author and the office alone,
// however much of the photo itself was released, and in whichever size.
func TestTheNameOfAReleasedPhotoIsItsAuthors(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.filedWithPhotos("nina-roshchina-home.jpg")
		d.Run(
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"released":[1]}`, Match: "{E}", Want: 200},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Save: "J=number"},
		)
		for _, size := range []string{"", "?size=large", "?size=thumb"} {
			for who, want := range map[string]bool{"": false, "lamps": false, "region": false, "oleg": false, "nina": true, "office": true} {
				got := d.One(who, call{Who: who, Do: "GET /reports/{N}/files/1" + size, Want: 200}).Header().Get("Content-Disposition")
				if strings.Contains(got, "nina") != want || !want && !strings.Contains(got, "photo.jpg") {
					t.Errorf("%q is told of %s%s", who, got, size)
				}
			}
			if got := d.One("joined", call{Who: "oleg", Do: "GET /reports/{J}/files/1" + size, Want: 200}).Header().Get("Content-Disposition"); !strings.Contains(got, "photo.jpg") {
				t.Errorf("who joined is told of %s", got)
			}
		}
	})
}

// Of several excerpts strangers read the one that stands, those who joined too.
func TestACorrectedExcerptIsGone(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.filedWithPhotos()
		d.Run(
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"comment":"СТАРЫЙ паспорт 4509"}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Save: "J=number"},
			call{Who: "office", Do: "GET /reports/{N}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/release", Body: `{"comment":"Новый"}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "oleg", Do: "GET /reports/{J}", Want: 200, Has: "excerpt=Новый", No: "4509"},
			call{Who: "lamps", Do: "GET /reports/{N}", Want: 200, Has: "excerpt=Новый", No: "4509"},
			call{Do: "GET /public/reports/{N}", Want: 200, Has: "excerpt=Новый", No: "4509"},
			call{Who: "office", Do: "GET /reports/{N}", Want: 200, Has: "excerpt=Новый"},
		)
	})
}

// A release says the whole of what strangers see: a photo that isn't among the
// released is taken back, in every size, and so is an excerpt that is empty.
func TestAReleaseIsTheWhole(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.filedWithPhotos("one.jpg", "two.jpg")
		open := func(first, second int) {
			d.t.Helper()
			for _, size := range []string{"", "?size=thumb", "?size=large"} {
				for _, who := range []string{"", "lamps", "oleg"} {
					d.Run(call{Who: who, Do: "GET /reports/{N}/files/1" + size, Want: first}, call{Who: who, Do: "GET /reports/{N}/files/2" + size, Want: second})
				}
			}
			d.Run(call{Who: "nina", Do: "GET /reports/{N}/files/1", Want: 200}, call{Who: "office", Do: "GET /reports/{N}/files/2?size=large", Want: 200})
		}
		release := func(body string, want int) {
			d.t.Helper()
			d.Run(call{Who: "office", Do: "POST /reports/{N}/actions/release", Body: body, Match: "{E}", Want: want, Save: map[bool]string{true: "E=ETag"}[want == 200]})
		}
		d.Run(call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{"released":[1],"comment":"Скамейка"}`, Match: "{E}", Want: 200, Save: "E=ETag"})
		open(200, 404)
		release(`{"released":[2]}`, 200)
		open(404, 200)
		d.Run(call{Do: "GET /public/reports/{N}", Want: 200, Has: "files.#=1 files.0.n=2 excerpt=Скамейка"})
		release(`{"comment":""}`, 200)
		open(404, 200)
		d.Run(call{Do: "GET /public/reports/{N}", Want: 200, Has: "files.0.n=2 excerpt=", No: "Скамейка"})
		release(`{"comment":"Снова."}`, 200)
		release(`{"released":[]}`, 200)
		open(404, 404)
		d.Run(call{Do: "GET /public/reports/{N}", Want: 200, Has: "excerpt=Снова.", No: `"files"`})
		release(`{"released":[3]}`, 422)
		release(`{}`, 422)
		release(`{"comment":"Снова.","released":[2,1,1]}`, 200)
		open(200, 200)
		d.Run(call{Who: "office", Do: "GET /reports/{N}/history?limit=200", Want: 200, Has: "items.2.changes.0.field=released items.2.changes.0.before=[1] items.2.changes.0.after=[2] " +
			"items.3.changes.0.field=excerpt items.5.changes.0.before=[2] items.6.changes.#=1 items.6.changes.0.after.#=2"})
		d.replays(d.Vars["N"])
	})
}
