package directory

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/id"
	"okno/internal/policy"
)

func TestOrganisationPages(t *testing.T) {
	each(t, func(b bench) {
		root := b.add("reg", id.Nil)
		roads, admins := b.add("roads", root.ID), b.add("admins", root.ID)
		b.office(admins.ID, "anna", policy.RegionAdmin)
		b.office(roads.ID, "boris", policy.OrgAdmin)
		s := b.serve()
		for _, path := range []string{"organisations", "organisations/new", "organisations/roads", "settings"} {
			b.want(b.ask(s, "boris", "GET", "/w/roads/"+path, nil), http.StatusForbidden)
		}
		b.want(b.ask(s, "boris", "POST", "/w/roads/organisations", url.Values{"code": {"mine"}}), http.StatusForbidden)
		b.want(b.ask(s, "boris", "GET", "/w/roads/organisations/admins/officers", nil), http.StatusForbidden)

		b.want(b.ask(s, "anna", "GET", "/w/admins/organisations", nil), http.StatusOK, "Орган reg", "under=reg", "орган власти региона")
		b.want(b.ask(s, "anna", "GET", "/w/admins/organisations?under=reg", nil), http.StatusOK, "Орган roads", "Орган admins", "organisations/new?under=reg")
		found := b.ask(s, "anna", "GET", "/w/admins/organisations?q=ROADS", nil)
		b.want(found, http.StatusOK, "Орган roads")
		if strings.Contains(found.Body.String(), "/organisations/admins") {
			t.Error("the search finds what wasn't asked for")
		}
		b.want(b.ask(s, "anna", "GET", "/w/admins/organisations?q=такойнет", nil), http.StatusOK, "Ничего не нашлось")
		for _, path := range []string{"organisations?under=nowhere", "organisations/nowhere", "organisations/nowhere/officers"} {
			b.want(b.ask(s, "anna", "GET", "/w/admins/"+path, nil), http.StatusNotFound)
		}

		b.want(b.ask(s, "anna", "GET", "/w/admins/organisations/new?under=roads", nil), http.StatusOK, `value="roads"`, `name="friday_to"`, `value="18:00"`)
		made := url.Values{"code": {"roads.north"}, "name": {"Северный участок"}, "short_name": {"Север"}, "short_name_en": {"North"}, "kind": {"institution"}, "parent": {"nowhere"},
			"zone": {"Europe/Moscow"}, "monday_from": {"как придётся"}, "territories": {"mun.01"}}
		b.want(b.ask(s, "anna", "POST", "/w/admins/organisations", made), http.StatusUnprocessableEntity, "Северный участок", `href="#parent"`, `href="#monday"`)
		wrong := url.Values{"code": {"Роуды"}, "name": {"  "}, "kind": {"institution"}, "parent": {"nowhere"}, "zone": {"Moon/Base"}, "monday_from": {"как придётся"}, "territories": {"mun.99"}}
		b.want(b.ask(s, "anna", "POST", "/w/admins/organisations", wrong), http.StatusUnprocessableEntity, `href="#code"`, `href="#name"`, `href="#parent"`, `href="#zone"`, `href="#monday"`, `href="#territories"`)
		wrong.Set("code", "roads")
		b.want(b.ask(s, "anna", "POST", "/w/admins/organisations", wrong), http.StatusUnprocessableEntity, "уже есть", `href="#zone"`)
		made.Set("parent", "roads")
		workdays(made, "08:00", "17:00")
		made["territories"] = []string{"mun.01", "mun.99", "mun.98"}
		b.want(b.ask(s, "anna", "POST", "/w/admins/organisations", made), http.StatusUnprocessableEntity, `href="#territories"`, "mun.98, mun.99")
		made.Set("territories", "mun.01")
		made.Set("parent", "roads")
		workdays(made, "08:00", "17:00")
		b.want(b.ask(s, "anna", "POST", "/w/admins/organisations", made), http.StatusSeeOther)
		b.want(b.ask(s, "anna", "POST", "/w/admins/organisations", made), http.StatusUnprocessableEntity, "уже есть")
		tree, err := b.Tree(ctx)
		b.must(err)
		o, _ := tree.ByCode("roads.north")
		if o.Name != "Северный участок" || o.ShortIn("en") != "North" || o.Parent != roads.ID || !o.Active || WeekText(o.Hours) != "1-5 08:00-17:00" || strings.Join(o.Territories, " ") != "mun.01" {
			t.Errorf("%+v", o)
		}

		// Closed, and found still; open again. One's own stays open.
		page := "/w/admins/organisations/roads.north"
		b.want(b.ask(s, "anna", "GET", page, nil), http.StatusOK, "Северный участок", `name="version" value="1"`, "Сейчас: Орган roads.")
		made.Set("version", "1")
		b.want(b.ask(s, "anna", "POST", page, made), http.StatusSeeOther)
		b.want(b.ask(s, "anna", "POST", page, made), http.StatusPreconditionFailed, "Северный участок")
		b.want(b.ask(s, "anna", "GET", "/w/admins/organisations?q=север", nil), http.StatusOK, "Закрыта")
		made.Set("version", "2")
		made.Set("territories", "mun.99")
		b.want(b.ask(s, "anna", "POST", page, made), http.StatusUnprocessableEntity, `href="#territories"`)
		made.Set("territories", "mun.01")
		made.Set("active", "1")
		b.want(b.ask(s, "anna", "POST", page, made), http.StatusSeeOther)
		b.want(b.ask(s, "anna", "GET", page, nil), http.StatusOK, "Принимает сообщения")
		own := url.Values{"version": {"1"}, "name": {"Орган admins"}, "kind": {"government"}, "parent": {"reg"}, "zone": {"Europe/Moscow"}}
		workdays(own, "09:00", "18:00")
		b.want(b.ask(s, "anna", "POST", "/w/admins/organisations/admins", own), http.StatusConflict, "закрыть нельзя")

		// Officers of another organisation, by the same pages.
		officers := page + "/officers"
		b.want(b.ask(s, "anna", "GET", officers, nil), http.StatusOK, "Новый сотрудник", `action="`+officers+`"`)
		b.want(b.ask(s, "anna", "POST", officers, url.Values{"login": {"vera"}, "title": {"Мастер"}, "roles": {"handler"}}), http.StatusSeeOther)
		b.want(b.ask(s, "anna", "GET", officers, nil), http.StatusOK, "vera", officers+"/"+b.people["vera"].String())
		one := officers + "/" + b.people["vera"].String()
		b.want(b.ask(s, "anna", "POST", one, url.Values{"version": {"1"}, "title": {"Начальник"}, "roles": {"handler", "org_admin"}}), http.StatusSeeOther)
		if a := b.acting("vera", "roads.north"); !a.Has(policy.OrgAdmin) {
			t.Errorf("%v", a.Roles)
		}
		b.want(b.ask(s, "anna", "POST", one+"/remove", url.Values{"version": {"2"}}), http.StatusConflict, "единственный администратор организации")
		b.want(b.ask(s, "anna", "POST", officers, url.Values{"login": {"boris"}, "title": {"Мастер"}, "roles": {"org_admin"}}), http.StatusSeeOther)
		b.want(b.ask(s, "anna", "POST", one+"/remove", url.Values{"version": {"2"}}), http.StatusSeeOther)
	})
}

func TestALongListOfOrganisationsHasPages(t *testing.T) {
	each(t, func(b bench) {
		b.add("reg", id.Nil)
		admins := b.add("admins", id.Nil)
		b.office(admins.ID, "anna", policy.RegionAdmin)
		drafts := make([]Draft, 0, treePage+3)
		for i := range treePage + 3 {
			drafts = append(drafts, Draft{ParentCode: "reg", Organisation: Organisation{Code: "u" + strings.Repeat("x", 1+i%30) + string(rune('a'+i/30)), Kind: Utility, Name: "Сеть", Active: true}})
		}
		if _, err := b.Put(ctx, operator, drafts); err != nil {
			t.Fatal(err)
		}
		s := b.serve()
		seen, path := 0, "/w/admins/organisations?under=reg"
		for pages := 0; path != ""; pages++ {
			body := b.ask(s, "anna", "GET", path, nil).Body.String()
			seen += strings.Count(body, `<th scope="row"`)
			path = ""
			if _, rest, ok := strings.Cut(body, `rel="next"`); ok {
				before := body[:len(body)-len(rest)]
				href := before[strings.LastIndex(before, `href="`)+6:]
				path = strings.ReplaceAll(href[:strings.Index(href, `"`)], "&amp;", "&")
			}
			if pages > 3 {
				t.Fatal("the list has no end")
			}
		}
		if seen != len(drafts) {
			t.Errorf("%d of %d are shown", seen, len(drafts))
		}
		b.want(b.ask(s, "anna", "GET", "/w/admins/organisations?q=сеть", nil), http.StatusOK, "Показаны первые 100")
	})
}

func TestSettingsPage(t *testing.T) {
	each(t, func(b bench) {
		root := b.add("reg", id.Nil)
		b.office(root.ID, "anna", policy.RegionAdmin)
		b.Define(Setting{Name: "test.days", Type: IntSetting, Default: "5", Min: 1, Max: 30, PerOrganisation: true, Source: "приказ"},
			Setting{Name: "test.on", Type: BoolSetting, Default: "false"}, Setting{Name: "test.way", Type: ChoiceSetting, Default: "a", Choices: []string{"a", "b"}}, Setting{Name: "test.text", Type: TextSetting})
		s := b.serve()
		b.want(b.ask(s, "anna", "GET", "/w/reg/settings", nil), http.StatusOK, "test.days", "test.on", "test.way", "не задано")
		b.want(b.ask(s, "anna", "GET", "/w/reg/settings?name=test.none", nil), http.StatusNotFound)
		page := "/w/reg/settings?name=test.days"
		b.want(b.ask(s, "anna", "GET", page, nil), http.StatusOK, "от 1 до 30", "приказ", "ещё не меняли")
		set := func(v url.Values, status int, parts ...string) {
			t.Helper()
			b.want(b.ask(s, "anna", "POST", "/w/reg/settings", v), status, parts...)
		}
		set(url.Values{"name": {"test.none"}, "value": {"1"}}, http.StatusNotFound)
		set(url.Values{"name": {"test.days"}, "value": {"99"}}, http.StatusUnprocessableEntity, `value="99"`, `href="#value"`)
		set(url.Values{"name": {"test.days"}, "value": {"7"}, "since": {"вчера"}}, http.StatusUnprocessableEntity, `href="#since"`)
		set(url.Values{"name": {"test.days"}, "value": {"7"}, "since": {"2020-01-01"}}, http.StatusUnprocessableEntity, "уже прошла")
		set(url.Values{"name": {"test.days"}, "value": {"7"}, "scope": {"nowhere"}}, http.StatusUnprocessableEntity, `href="#scope"`)
		now := b.clock.Now()
		set(url.Values{"name": {"test.days"}, "value": {"7"}, "source": {"решение 1"}, "since": {now.In(mustZone(t)).Format(time.DateOnly)}}, http.StatusSeeOther)
		later := now.AddDate(0, 1, 0).In(mustZone(t))
		set(url.Values{"name": {"test.days"}, "value": {"9"}, "since": {later.Format(time.DateOnly)}, "scope": {"reg"}}, http.StatusSeeOther)
		b.want(b.ask(s, "anna", "GET", page, nil), http.StatusOK, "решение 1", "действует", "впереди", "Орган reg")
		for at, want := range map[time.Time]int64{b.clock.Now(): 7, later.AddDate(0, 0, 1): 9} {
			if n, err := b.Int(ctx, "test.days", root.ID, at); err != nil || n != want {
				t.Errorf("at %s: %d %v, want %d", at, n, err, want)
			}
		}
		set(url.Values{"name": {"test.on"}, "value": {"1"}}, http.StatusSeeOther)
		b.want(b.ask(s, "anna", "GET", "/w/reg/settings?name=test.on", nil), http.StatusOK, "checked", "Да")
		set(url.Values{"name": {"test.way"}, "value": {"c"}}, http.StatusUnprocessableEntity)
		set(url.Values{"name": {"test.way"}, "value": {"b"}}, http.StatusSeeOther)
	})
}

func mustZone(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
