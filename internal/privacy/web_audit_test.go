package privacy

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/platform/web"
	"okno/internal/policy"
	"okno/internal/ui"
)

// registry is everybody that the audit page asks of others.
type registry struct {
	offices map[string]id.ID
	names   map[id.ID]string
	numbers map[id.ID]string
}

func (g registry) IDOf(_ context.Context, code string) (id.ID, error) {
	if v, ok := g.offices[code]; ok {
		return v, nil
	}
	return id.Nil, errs.New(errs.NotFound, "")
}

func (g registry) NamesOf(context.Context, string, []id.ID) (map[id.ID]AuditOffice, error) {
	out := map[id.ID]AuditOffice{}
	for code, org := range g.offices {
		out[org] = AuditOffice{Code: code, Name: "Орган " + code}
	}
	return out, nil
}

func (g registry) Names(context.Context, []id.ID) (map[id.ID]string, error) { return g.names, nil }

func (g registry) Numbers(context.Context, []id.ID) (map[id.ID]string, error) { return g.numbers, nil }

func (g registry) ByNumber(_ context.Context, number string) (id.ID, error) {
	for k, v := range g.numbers {
		if v == number {
			return k, nil
		}
	}
	return id.Nil, errs.New(errs.NotFound, "")
}

func TestAuditPage(t *testing.T) {
	each(t, func(b bench) {
		other := policy.Actor{Person: id.New(), Organisation: b.officer.Organisation, Roles: []policy.Role{policy.Citizen, policy.Handler}}
		foreign := policy.Actor{Person: id.New(), Organisation: id.New(), Roles: []policy.Role{policy.Citizen, policy.Handler}}
		things := []id.ID{id.New(), id.New()}
		g := registry{map[string]id.ID{"roads": b.officer.Organisation, "gas": foreign.Organisation},
			map[id.ID]string{b.officer.Person: "Анна", other.Person: "Борис", foreign.Person: "Вера"}, map[id.ID]string{things[0]: "111122223333", things[1]: "444455556666"}}
		for i := range 60 {
			b.clock.Set(start.Add(time.Duration(i/2) * time.Minute)) // equal moments too
			b.must(b.Record(ctx, b.officer, Read{What: policy.CaseworkRead, Subject: b.citizen.Person, Thing: things[0], Grant: byOffice, Reason: "<проверка>"}))
		}
		b.clock.Set(start.AddDate(0, 0, 2))
		b.must(b.Record(ctx, other, Read{What: policy.AttachmentRead, Subject: b.citizen.Person, Thing: things[1], Grant: byOffice}))
		b.must(b.Record(ctx, other, Read{What: policy.CaseworkList, Grant: byOffice, Filter: "folder=late", Shown: 21}))
		b.must(b.Record(ctx, foreign, Read{What: policy.CaseworkHistory, Subject: b.citizen.Person, Thing: things[0], Grant: byOffice}))

		acting := b.officer
		address, err := web.ParseAddress("https://okno.example")
		b.must(err)
		s, err := web.New(web.Config{Address: address, Secret: bytes.Repeat([]byte{7}, 32), Clock: b.clock, Sessions: session{b.citizen}, Rates: web.Rates{Off: true},
			Log: slog.New(slog.NewTextHandler(b.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))})
		b.must(err)
		(&AuditWeb{Privacy: b.Service, Offices: g, People: g, Cases: g,
			FilterWords: func(_, filter string) string { return map[string]string{"folder=late": "ПРОСРОЧЕНЫ"}[filter] },
			Workspace: func(h func(context.Context, *web.Request, policy.Actor) (web.Response, error)) web.Handler {
				return func(ctx context.Context, r *web.Request) (web.Response, error) { return h(ctx, r, acting) }
			},
			Frame: func(_ context.Context, r *web.Request, _ policy.Actor, title string) (ui.Page, ui.Workspace) {
				return ui.Page{Title: title, Lang: r.Lang}, ui.Workspace{}
			}}).Routes(s)
		get := func(path string) (int, string) {
			r := httptest.NewRequest("GET", "https://okno.example"+path, nil)
			r.Header.Set("Accept-Language", "ru")
			r.AddCookie(&http.Cookie{Name: "__Host-okno", Value: "citizen"})
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			return w.Code, w.Body.String()
		}
		rows := func(query string) int {
			t.Helper()
			code, page := get("/w/roads/reads" + query)
			if code != http.StatusOK {
				t.Errorf("%s: %d %.300s", query, code, page)
			}
			return strings.Count(page, `<th scope="row"`)
		}

		code, page := get("/w/roads/reads")
		if code != http.StatusOK {
			t.Fatalf("%d %.400s", code, page)
		}
		for _, part := range []string{"Анна", "Борис", "Исполнитель", "Файл дела", "1111", "21 дело", "ПРОСРОЧЕНЫ", "&lt;проверка&gt;"} {
			if !strings.Contains(page, part) {
				t.Errorf("the page lacks %q", part)
			}
		}
		if strings.Contains(page, "Вера") || strings.Contains(page, `id="of"`) {
			t.Error("another organisation's readings, or the way to them, are shown")
		}
		next := regexp.MustCompile(`/w/roads/reads\?after=[\w-]+`).FindString(page)
		if first, second := strings.Count(page, `<th scope="row"`), rows(strings.TrimPrefix(next, "/w/roads/reads")); first != 50 || second != 12 {
			t.Errorf("pages of %d and %d, want 50 and 12", first, second)
		}
		for query, want := range map[string]int{
			"?what=casework.list": 1, "?what=attachment.read": 1, "?person=" + other.Person.String(): 2, "?number=444455556666": 1, "?number=000000000000": 0, "?number=чушь": 0,
			"?until=2026-03-02": 50, "?until=2026-03-01": 0, "?person=" + other.Person.String() + "&what=casework.list": 1, "?of=roads": 50,
		} {
			if got := rows(query); got != want {
				t.Errorf("%s: %d records, want %d", query, got, want)
			}
		}
		for _, query := range []string{"?what=anything", "?person=x", "?until=вчера", "?until=2026-13-45", "?of=nowhere", "?after=forged", "?person=" + id.New().String() + "&after=" + strings.TrimPrefix(next, "/w/roads/reads?after=")} {
			code, page := get("/w/roads/reads" + strings.ReplaceAll(query, "вчера", url.QueryEscape("вчера")))
			if code != http.StatusUnprocessableEntity && !(strings.Contains(query, "after=") && code == http.StatusSeeOther) {
				t.Errorf("%s: %d", query, code)
			}
			if strings.Contains(page, "Записей нет") {
				t.Errorf("%s: a filter that isn't understood answers that nobody opened anything", query)
			}
		}
		if code, _ := get("/w/roads/reads?of=gas"); code != http.StatusForbidden {
			t.Errorf("an administrator of one organisation reads of another: %d", code)
		}
		if _, page = get("/w/roads/reads?number=000000000000"); !strings.Contains(page, "Сотрудники вашей организации") {
			t.Error("an empty list of one's own organisation doesn't say whose it is")
		}
		acting.Roles = []policy.Role{policy.Citizen, policy.RegionAdmin}
		b.must(b.Record(ctx, policy.Machine("operator:ops"), Read{What: policy.CaseworkRead, Subject: b.citizen.Person, Thing: things[0], Grant: byOffice}))
		joined := policy.Actor{Person: id.New(), Roles: []policy.Role{policy.Citizen}}
		b.must(b.Record(ctx, joined, Read{What: policy.CaseworkRead, Subject: b.citizen.Person, Thing: things[0], Grant: policy.Grant{Level: policy.Allowed, Relation: policy.Joined}}))
		if _, page = get("/w/roads/reads?number=111122223333"); !strings.Contains(page, "Вера") || !strings.Contains(page, "Орган gas") || !strings.Contains(page, "Анна") || !strings.Contains(page, "Техническая служба") || strings.Contains(page, joined.Person.String()) {
			t.Error("without a code the region's administrator doesn't see what all organisations read of a case")
		}
		for query, want := range map[string]int{"": 50, "?person=" + foreign.Person.String(): 1, "?person=" + foreign.Person.String() + "&of=roads": 0, "?what=casework.history": 1, "?until=2026-03-01": 0} {
			if got := rows(query); got != want {
				t.Errorf("of all organisations %s: %d records, want %d", query, got, want)
			}
		}
		if _, page = get("/w/roads/reads?number=000000000000"); !strings.Contains(page, "Во всех организациях") {
			t.Error("an empty list of all organisations doesn't say whose it is")
		}
		if _, page = get("/w/roads/reads?number=000000000000&of=gas"); !strings.Contains(page, "Сотрудники этой организации") {
			t.Error("an empty list of another organisation doesn't say whose it is")
		}
		if _, page = get("/w/roads/reads?of=gas"); !strings.Contains(page, "Вера") || !strings.Contains(page, fmt.Sprintf("person=%s", foreign.Person)) {
			t.Error("the region's administrator doesn't see another organisation's readings")
		}
		acting.Roles = []policy.Role{policy.Citizen, policy.Handler}
		if code, _ := get("/w/roads/reads"); code != http.StatusForbidden {
			t.Errorf("an officer without the right: %d", code)
		}
	})
}
