package story_test

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/platform/db"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/platform/web/api"
	"okno/internal/policy"
	"okno/internal/privacy"
	"okno/internal/story"
)

// programs is the API of a story's installation.
type programs struct {
	s   *story.Story
	srv *web.Server
}

func programsOf(s *story.Story) programs {
	address, err := web.ParseAddress("https://okno.example")
	s.Must(err)
	srv, err := web.New(web.Config{Address: address, Secret: make([]byte, 32), Clock: s.Clock, Rates: web.Rates{Off: true}, Log: slog.New(slog.DiscardHandler)})
	s.Must(err)
	a := api.New(srv, s.Identity, "test")
	identity.API(a, s.Identity)
	directory.API(a, s.Directory)
	privacy.API(a, s.Privacy)
	return programs{s, srv}
}

// call is one call as data: what is sent, what comes back.
type call struct {
	method, path, body, token string
	key, match                string
	status                    int
	has                       string
}

func (p programs) do(c call) map[string]any {
	p.s.T.Helper()
	r := httptest.NewRequest(c.method, "/api/v1"+c.path, strings.NewReader(c.body))
	for name, value := range map[string]string{"Idempotency-Key": c.key, "If-Match": c.match} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	p.srv.ServeHTTP(w, r)
	if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) {
		p.s.T.Errorf("%s %s: %d, want %d with %q: %s", c.method, c.path, w.Code, c.status, c.has, w.Body)
	}
	var out map[string]any
	if w.Body.Len() > 0 {
		p.s.Must(json.Unmarshal(w.Body.Bytes(), &out))
	}
	return out
}

func TestAPIOfPeopleAndOffices(t *testing.T) {
	story.Each(t, func(s *story.Story) {
		s.Office("reg", "")
		s.Office("reg.roads", "reg")
		s.Office("reg.health", "reg")
		s.Officer("anna", "reg.roads", policy.OrgAdmin)
		s.Officer("anna", "reg.health", policy.OrgAdmin)
		boris := s.Person("boris")
		p := programsOf(s)
		admin, reads, alone := s.Bearer("anna", "reg.roads", false), s.Bearer("anna", "reg.roads", true), s.Bearer("anna", "", false)

		p.do(call{method: "GET", path: "/me", token: admin, status: 200, has: `"org_admin"`})
		p.do(call{method: "GET", path: "/me", token: alone, status: 200, has: `"roles":["citizen"]`})
		p.do(call{method: "GET", path: "/me", status: 401})
		p.do(call{method: "GET", path: "/organisations?q=health", status: 200, has: `"code":"reg.health"`})
		p.do(call{method: "GET", path: "/organisations?under=nowhere", status: 422, has: `"under"`})
		p.do(call{method: "GET", path: "/me/workplaces", token: admin, status: 200, has: `"acting":true`})
		p.do(call{method: "GET", path: "/organisations/reg.roads", status: 200, has: `"parent":"reg"`})
		p.do(call{method: "GET", path: "/organisations/nowhere", status: 404})

		officers := "/organisations/reg.roads/officers"
		add := call{method: "POST", path: officers, token: admin, key: "key-00000001", body: `{"login":"boris","roles":["handler"],"title":"мастер"}`, status: 201, has: boris.String()}
		p.do(add)
		p.do(add) // the answer got lost and the program sends again
		if n, err := db.One(s.Ctx, s.DB, db.Int, `SELECT COUNT(*) FROM directory_officer WHERE person = $1`, boris); err != nil || n != 1 {
			t.Errorf("%d offices, %v", n, err)
		}
		for _, c := range []call{
			{body: `{"login":"anna","roles":["handler"],"title":"мастер"}`, key: add.key, token: admin, status: 422, has: "idempotency_mismatch"},
			{body: add.body, key: "key-00000002", token: admin, status: 409, has: "conflict"},
			{body: add.body, token: admin, status: 422, has: "Idempotency-Key"},
			{body: add.body, key: "key-00000003", token: reads, status: 403},
			{body: add.body, key: "key-00000004", token: alone, status: 403},
			{body: add.body, key: "key-00000005", status: 401},
			{body: `{"login":"nobody","roles":["handler"],"title":"м"}`, key: "key-00000006", token: admin, status: 422, has: `"login"`},
			{body: `{"login":"boris","roles":["king"],"title":"м"}`, key: "key-00000007", token: admin, status: 422, has: `"roles"`},
		} {
			c.method, c.path = "POST", officers
			p.do(c)
		}
		// A token for one organisation does nothing in another of its owner's.
		p.do(call{method: "GET", path: "/organisations/reg.health/officers", token: admin, status: 403})
		p.do(call{method: "GET", path: officers + "?limit=1", token: reads, status: 200, has: `"next"`})
		one := officers + "/" + boris.String()
		p.do(call{method: "GET", path: one, token: reads, status: 200, has: `"version":1`})
		p.do(call{method: "GET", path: officers + "/rubbish", token: reads, status: 404})
		change := call{method: "PUT", path: one, token: admin, match: `"v1"`, body: `{"roles":["handler","approver"],"title":"мастер"}`, status: 200, has: `"version":2`}
		p.do(change)
		change.status, change.has = 412, "stale"
		p.do(change)
		p.do(call{method: "PUT", path: officers + "/" + id.New().String(), token: admin, match: `"v1"`, body: change.body, status: 404})
		p.do(call{method: "PUT", path: "/organisations/reg.roads/hours", token: admin, match: `"v1"`, body: `{"zone":"Asia/Omsk","week":"1-5 08:00-17:00"}`, status: 200, has: "Asia/Omsk"})
		p.do(call{method: "PUT", path: "/organisations/reg.roads/hours", token: admin, match: `"v2"`, body: `{"zone":"Mars","week":"1-5 08:00-17:00"}`, status: 422, has: `"zone"`})
		p.do(call{method: "DELETE", path: one, token: admin, match: `"v2"`, status: 204})
		p.do(call{method: "DELETE", path: one, token: admin, match: `"v2"`, status: 404})

		s.Must(s.Privacy.Record(s.Ctx, s.At("anna", "reg.roads"), privacy.Read{What: policy.CaseworkRead, Subject: boris,
			Grant: policy.Grant{Level: policy.NeedsReason, Role: policy.OrgAdmin, Relation: policy.MyOrganisation}, Reason: "проверка"}))
		p.do(call{method: "GET", path: "/me/reads", token: s.Bearer("boris", "", true), status: 200, has: `"reason":"проверка"`})
		p.do(call{method: "GET", path: "/me/reads", token: alone, status: 200, has: `"items":[]`})
	})
}
