package casework

import (
	"context"
	"encoding/json"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"okno/internal/platform/id"
	"okno/internal/platform/web/api"
)

// paperBox is an archive in memory.
type paperBox map[string]string

func (b paperBox) JSON(name string, v any) error {
	body, err := json.Marshal(v)
	b[name] = string(body)
	return err
}

func (b paperBox) File(name string, r io.Reader) error {
	body, err := io.ReadAll(r)
	b[name] = string(body)
	return err
}

// Words that programs pass on to people are in the reader's language: names of
// organisations, and stages in sentences.
func TestAPISpeaksTheReadersLanguage(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports/preview", Body: `{"fact":"roads.surface.pothole","place":{"lat":59,"lon":31}}`, Lang: "en", Want: 200, Has: "organisation.name=Roads"},
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Lang: "en", Want: 201, Save: "N=number E=ETag", Has: "organisation.name=Roads"},
			call{Who: "nina", Do: "GET /reports", Lang: "en", Want: 200, Has: "items.0.organisation.name=Roads"},
			call{Who: "nina", Do: "GET /reports", Lang: "ru", Want: 200, Has: "items.0.organisation.code=roads", No: "Roads"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Match: "{E}", Body: `{"comment":"Скамейка сломана.","released":[]}`, Lang: "en", Want: 200, Has: "organisation.name=Roads"},
			call{Who: "office", Do: "GET /reports/{N}/history", Lang: "en", Want: 200, No: "Дорожная"},
			call{Who: "oleg", Do: "POST /reports/{N}/join", Key: k2, Want: 201, Save: "J=number"},
		)
		for lang, words := range map[string]string{"en": "“Coordination”", "ru": "«Координация»"} {
			got := d.One(lang, call{Who: "oleg", Do: "PUT /reports/{J}/joined-rating", Body: `{"mark":4,"solved":"yes"}`, Lang: lang, Want: 409})
			if strings.Contains(got.Body.String(), "coordination") || !strings.Contains(got.Body.String(), words) {
				t.Errorf("%s: %s", lang, got.Body)
			}
		}
		for lang, words := range map[string][2]string{"en": {`"Roads"`, "Дорожная"}, "ru": {`"Дорожная служба"`, "Roads"}} {
			actor, box := d.who["nina"], paperBox{}
			actor.Lang = lang
			if err := d.Export(t.Context(), actor, box, func(context.Context, id.ID, bool) (string, io.ReadCloser, error) { return "", nil, io.EOF }); err != nil {
				t.Fatal(err)
			}
			all := box["reports/"+d.Vars["N"]+".json"]
			if !strings.Contains(all, words[0]) || strings.Contains(all, words[1]) || !strings.Contains(all, `"state":"`) {
				t.Errorf("export in %s: %s", lang, all)
			}
		}
	})
}

// A body that is no file for the API is refused with how to send it.
func TestAPISaysHowToSendAFile(t *testing.T) {
	eachDesk(t, func(d *desk) {
		for path, word := range map[string]string{"/files?name=photo.png": "application/octet-stream", "/reports": "application/json"} {
			r := httptest.NewRequest("POST", api.Prefix+path, strings.NewReader("\x89PNG"))
			r.Header.Set("Authorization", "Bearer nina")
			r.Header.Set("Content-Type", "image/png")
			r.Header.Set("Idempotency-Key", k1)
			w := httptest.NewRecorder()
			d.Handler.ServeHTTP(w, r)
			if w.Code != 415 || !strings.Contains(w.Body.String(), word) || !strings.Contains(w.Body.String(), "unsupported_type") {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
	})
}
