package directory

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

var (
	ctx      = context.Background()
	operator = policy.Machine("operator:test")
	start    = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

// register stands for identity, which this module knows by an interface alone.
type register map[string]id.ID // login → person, who is named by the login

func (r register) FindByLogin(_ context.Context, _ policy.Actor, login string) (id.ID, error) {
	if p, ok := r[login]; ok {
		return p, nil
	}
	return id.Nil, errs.New(errs.NotFound, "")
}

func (r register) Names(_ context.Context, ids []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	for login, p := range r {
		if slices.Contains(ids, p) {
			out[p] = login
		}
	}
	return out, nil
}

// below is a tree of territories two levels deep.
type below map[string][]string

func (b below) Below(code string) []string { return b[code] }

func (b below) Known(code string) bool {
	for top, parts := range b {
		if top == code || slices.Contains(parts, code) {
			return true
		}
	}
	return false
}

type bench struct {
	*Service
	*testing.T
	d      *db.DB
	clock  *clock.Fixed
	people register
}

func each(t *testing.T, test func(b bench)) {
	c := clock.At(start)
	dbtest.EachWith(t, db.Config{Clock: c}, func(t *testing.T, d *db.DB) {
		c.Set(start)
		people := register{"anna": id.New(), "boris": id.New(), "vera": id.New()}
		s := New(Config{DB: d, Clock: c, People: people, Territories: below{"reg": {"mun.01", "mun.02"}}})
		test(bench{s, t, d, c, people})
	}, Migrations)
}

func (b bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b bench) add(code string, parent id.ID) Organisation {
	b.Helper()
	o, err := b.AddOrganisation(ctx, operator, Organisation{Code: code, Parent: parent, Kind: Government, Name: "Орган " + code, Territories: []string{"reg"}})
	b.must(err)
	return o
}

func (b bench) office(org id.ID, login string, roles ...policy.Role) {
	b.Helper()
	b.must(b.AddOfficer(ctx, operator, org, b.people[login], Office{Roles: roles, Title: "инженер"}))
}

func (b bench) acting(login, code string) policy.Actor {
	b.Helper()
	a, err := b.Acting(ctx, citizen(b.people[login]), code)
	b.must(err)
	return a
}

func citizen(person id.ID) policy.Actor {
	return policy.Actor{Person: person, Roles: []policy.Role{policy.Citizen}}
}

func rule(err error) string {
	e, ok := err.(*errs.Error)
	if !ok || len(e.Fields) == 0 {
		return ""
	}
	return e.Fields[0].Name + ":" + e.Fields[0].Rule
}

func TestTreeAndActing(t *testing.T) {
	each(t, func(b bench) {
		root := b.add("reg", id.Nil)
		roads := b.add("reg.roads", root.ID)
		service := b.add("reg.roads.service", roads.ID)
		other := b.add("reg.health", root.ID)
		b.office(roads.ID, "anna", policy.Supervisor, policy.Coordinator)
		a := b.acting("anna", "reg.roads")
		if a.Organisation != roads.ID || !a.Has(policy.Supervisor) || !a.Has(policy.Citizen) || a.Has(policy.Moderator) {
			t.Errorf("%+v", a)
		}
		if !slices.Equal(a.Subtree, []id.ID{roads.ID, service.ID}) || a.Territories != nil {
			t.Errorf("subtree %v, territories %v", a.Subtree, a.Territories)
		}
		for _, code := range []string{"reg", "reg.health", "nowhere", ""} {
			if _, err := b.Acting(ctx, citizen(b.people["anna"]), code); !errs.Is(err, errs.NotFound) {
				t.Errorf("in %q: %v", code, err)
			}
		}
		if _, err := b.Acting(ctx, policy.Nobody("ru"), "reg.roads"); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("nobody: %v", err)
		}
		// Another process of the program sees the change in the very next request.
		elsewhere := New(Config{DB: b.d, Clock: b.clock, People: b.people, Territories: below{"reg": {"mun.01"}}})
		if _, err := elsewhere.Acting(ctx, citizen(b.people["anna"]), "reg.roads"); err != nil {
			t.Fatal(err)
		}
		roads.Oversees = true
		b.must(b.ChangeOrganisation(ctx, operator, roads))
		deep := b.add("reg.roads.deep", service.ID)
		got, err := elsewhere.Acting(ctx, citizen(b.people["anna"]), "reg.roads")
		b.must(err)
		if !slices.Contains(got.Subtree, deep.ID) || !slices.Equal(got.Territories, []string{"mun.01", "reg"}) {
			t.Errorf("stale tree: %+v", got)
		}
		tree, err := b.Tree(ctx)
		b.must(err)
		if tree.Within(other.ID, roads.ID) || !tree.Within(deep.ID, root.ID) || tree.Len() != 5 {
			t.Error("the tree is wrong")
		}
		if up := tree.Above(deep.ID); len(up) != 3 || up[0].ID != service.ID || up[2].ID != root.ID {
			t.Errorf("above: %v", up)
		}
		places, err := b.Workplaces(ctx, b.people["anna"])
		b.must(err)
		if len(places) != 1 || places[0].At.Code != "reg.roads" {
			t.Errorf("workplaces %+v", places)
		}
		if found := tree.Find("ОРГАН roads", 2); len(found) != 2 || found[0].Code != "reg.roads" {
			t.Errorf("found %v", found)
		}
		if len(tree.Find("  ", 5)) != 0 || len(tree.Find("такого нет", 5)) != 0 {
			t.Error("found what isn't there")
		}
		closed, err := b.Organisation(ctx, roads.ID)
		b.must(err)
		closed.Active = false
		b.must(b.ChangeOrganisation(ctx, operator, closed))
		if _, err := b.Acting(ctx, citizen(b.people["anna"]), "reg.roads"); !errs.Is(err, errs.NotFound) {
			t.Errorf("in a closed organisation: %v", err)
		}
	})
}

func TestALargeSubtreeOpensAlone(t *testing.T) {
	each(t, func(b bench) {
		root := b.add("reg", id.Nil)
		drafts := make([]Draft, 0, 200)
		for i := range 200 {
			drafts = append(drafts, Draft{ParentCode: "reg", Organisation: Organisation{Code: "u" + strings.Repeat("x", i%50) + string(rune('a'+i/50)), Kind: Utility, Name: "У", Active: true}})
		}
		res, err := b.Put(ctx, operator, drafts)
		b.must(err)
		if res.Added != 200 {
			t.Fatalf("%+v", res)
		}
		b.office(root.ID, "anna", policy.Supervisor)
		if a := b.acting("anna", "reg"); !slices.Equal(a.Subtree, []id.ID{root.ID}) {
			t.Errorf("%d organisations in the subtree", len(a.Subtree))
		}
	})
}

func TestNoCircles(t *testing.T) {
	each(t, func(b bench) {
		x := b.add("x", id.Nil)
		y := b.add("y", x.ID)
		x.Parent = y.ID
		if err := b.ChangeOrganisation(ctx, operator, x); rule(err) != "parent:circle" {
			t.Errorf("a circle of two: %v", err)
		}
		// Two moves at once, each harmless alone: one is stale.
		p, q := b.add("p", id.Nil), b.add("q", id.Nil)
		tree, err := b.current(ctx)
		b.must(err)
		pq, qp := p, q
		pq.Parent, qp.Parent = q.ID, p.ID
		b.must(b.write(ctx, operator, tree, []change{{p, pq}}))
		if err := b.write(ctx, operator, tree, []change{{q, qp}}); !errs.Is(err, errs.Stale) {
			t.Errorf("the second move: %v", err)
		}
		// In one file.
		b.add("m", id.Nil)
		b.add("n", id.Nil)
		res, err := b.Put(ctx, operator, []Draft{
			{ParentCode: "n", Organisation: Organisation{Code: "m", Kind: Government, Name: "М", Active: true}},
			{ParentCode: "m", Organisation: Organisation{Code: "n", Kind: Government, Name: "Н", Active: true}},
		})
		b.must(err)
		if res.Changed != 1 || len(res.Problems) != 1 || rule(res.Problems[0].Err) != "parent:circle" {
			t.Errorf("%+v", res)
		}
	})
}

func TestOrganisationRefusals(t *testing.T) {
	each(t, func(b bench) {
		o := b.add("reg", id.Nil)
		for name, c := range map[string]struct {
			o    Organisation
			want string
		}{
			"code taken":    {Organisation{Code: "reg", Kind: Government, Name: "Р"}, "code:taken"},
			"odd code":      {Organisation{Code: "Reg/1", Kind: Government, Name: "Р"}, "code:code"},
			"no name":       {Organisation{Code: "a", Kind: Government}, "name:required"},
			"unknown kind":  {Organisation{Code: "a", Kind: "club", Name: "Р"}, "kind:unknown"},
			"no such above": {Organisation{Code: "a", Kind: Government, Name: "Р", Parent: id.New()}, "parent:unknown"},
			"long name":     {Organisation{Code: "a", Kind: Government, Name: strings.Repeat("ы", 251)}, "name:too_long"},
		} {
			if _, err := b.AddOrganisation(ctx, operator, c.o); rule(err) != c.want {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}
		b.office(o.ID, "anna", policy.OrgAdmin)
		admin := b.acting("anna", "reg")
		if _, err := b.AddOrganisation(ctx, admin, Organisation{Code: "a", Kind: Government, Name: "А"}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an organisation's administrator adds another: %v", err)
		}
		week, err := ParseWeek("1-4 08:00-12:00,12:45-17:00; 5 08:00-15:45")
		b.must(err)
		h, err := calendar.NewHours("Asia/Omsk", week)
		b.must(err)
		b.must(b.ChangeHours(ctx, admin, o.ID, 1, h))
		if err := b.ChangeHours(ctx, admin, o.ID, 1, calendar.Hours{}); !errs.Is(err, errs.Stale) {
			t.Errorf("a stale edit: %v", err)
		}
		got, err := b.Organisation(ctx, o.ID)
		b.must(err)
		if got.Zone() != "Asia/Omsk" || WeekText(got.Hours) != "1-4 08:00-12:00,12:45-17:00; 5 08:00-15:45" {
			t.Errorf("%s %s", got.Zone(), WeekText(got.Hours))
		}
		facts, err := db.All(ctx, b.d, db.Text, `SELECT body FROM journal_fact WHERE kind = $1`, FactOrganisationChanged)
		b.must(err)
		if len(facts) != 1 || !strings.Contains(facts[0], "Asia/Omsk") || !strings.Contains(facts[0], "Europe/Moscow") {
			t.Errorf("facts with before and after: %v", facts)
		}
	})
}

func TestOfficers(t *testing.T) {
	each(t, func(b bench) {
		root := b.add("reg", id.Nil)
		roads, health := b.add("roads", root.ID), b.add("health", root.ID)
		b.office(roads.ID, "anna", policy.OrgAdmin)
		admin := b.acting("anna", "roads")
		in := Office{Roles: []policy.Role{policy.Handler, policy.Handler, policy.Approver}, Title: "  ведущий   инженер "}
		for range 2 { // a double click adds once
			_, err := b.AddOfficerByLogin(ctx, admin, roads.ID, "boris", in, "form-key-1")
			b.must(err)
		}
		_, unknown := b.AddOfficerByLogin(ctx, admin, roads.ID, "nobody", in, "")
		if err := b.AddOfficer(ctx, admin, roads.ID, b.people["boris"], in); !errs.Is(err, errs.Conflict) {
			t.Errorf("twice: %v", err)
		}
		for name, err := range map[string]error{
			"login:unknown":  unknown,
			"person:unknown": b.AddOfficer(ctx, admin, roads.ID, id.New(), in),
			"roles:required": b.AddOfficer(ctx, admin, roads.ID, b.people["vera"], Office{Title: "т"}),
			"roles:unknown":  b.AddOfficer(ctx, admin, roads.ID, b.people["vera"], Office{Title: "т", Roles: []policy.Role{policy.System}}),
			"title:required": b.AddOfficer(ctx, admin, roads.ID, b.people["vera"], Office{Roles: in.Roles}),
		} {
			if rule(err) != name {
				t.Errorf("%v, want %s", err, name)
			}
		}
		if err := b.AddOfficer(ctx, admin, health.ID, b.people["vera"], in); !errs.Is(err, errs.Forbidden) {
			t.Errorf("in a foreign organisation: %v", err)
		}
		if err := b.AddOfficer(ctx, admin, roads.ID, b.people["vera"], Office{Title: "т", Roles: []policy.Role{policy.RegionAdmin}}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("makes a region administrator: %v", err)
		}
		o, err := b.Officer(ctx, admin, roads.ID, b.people["boris"])
		b.must(err)
		if o.Name != "boris" || o.Title != "ведущий инженер" || !slices.Equal(o.Roles, []policy.Role{policy.Approver, policy.Handler}) {
			t.Errorf("%+v", o)
		}
		past := Office{Roles: o.Roles, Title: o.Title, AbsentUntil: start.Add(-time.Minute)}
		for what, err := range map[string]error{"changed": b.ChangeOfficer(ctx, admin, roads.ID, o.Person, o.Version, past), "added": b.AddOfficer(ctx, admin, roads.ID, b.people["vera"], past)} {
			var e *errs.Error
			if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != "absent_until" || e.Fields[0].Rule != "in_past" {
				t.Errorf("%s to be away until the past: %v", what, err)
			}
		}
		away := Office{Roles: o.Roles, Title: o.Title, AbsentUntil: start.Add(48 * time.Hour)}
		b.must(b.ChangeOfficer(ctx, admin, roads.ID, o.Person, o.Version, away))
		if err := b.ChangeOfficer(ctx, admin, roads.ID, o.Person, o.Version, away); !errs.Is(err, errs.Stale) {
			t.Errorf("a stale edit: %v", err)
		}
		b.must(b.AddOfficer(ctx, admin, roads.ID, b.people["vera"], Office{Roles: []policy.Role{policy.Handler}, Title: "мастер"}))
		handlers, err := b.OfficersWith(ctx, roads.ID, policy.Handler)
		b.must(err)
		if len(handlers) != 2 || handlers[0].Name != "vera" || !handlers[1].Absent(start) || handlers[1].Absent(start.Add(48*time.Hour)) {
			t.Errorf("those at work come first: %+v", handlers)
		}
		holds, err := b.Holds(ctx, b.d, roads.ID, b.people["vera"], policy.Handler)
		b.must(err)
		not, err := b.Holds(ctx, b.d, health.ID, b.people["vera"], policy.Handler)
		b.must(err)
		if !holds || not {
			t.Errorf("holds %v, in a foreign organisation %v", holds, not)
		}
		page, more, err := b.Officers(ctx, admin, roads.ID, id.Nil, 2)
		b.must(err)
		rest, end, err := b.Officers(ctx, admin, roads.ID, page[1].Person, 2)
		b.must(err)
		if !more || end || len(page)+len(rest) != 3 || rest[0].Person == page[1].Person {
			t.Errorf("pages of %d and %d", len(page), len(rest))
		}
		if _, _, err := b.Officers(ctx, b.acting("vera", "roads"), health.ID, id.Nil, 2); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a foreign organisation's officers: %v", err)
		}
		if err := b.RemoveOfficer(ctx, admin, roads.ID, admin.Person, 1); !errs.Is(err, errs.Conflict) {
			t.Errorf("removes oneself: %v", err)
		}
		b.must(b.RemoveOfficer(ctx, admin, roads.ID, b.people["vera"], 1))
		if _, err := b.Acting(ctx, citizen(b.people["vera"]), "roads"); !errs.Is(err, errs.NotFound) {
			t.Errorf("after removal: %v", err)
		}
	})
}

func TestImport(t *testing.T) {
	each(t, func(b bench) {
		file := "\ufeffcode;parent;kind;name;name_en;zone;hours;territories;oversees\r\n" +
			"mun.01.housing;mun.01;institution;МКУ «Жилсервис»;;Asia/Omsk;1-5 08:00-17:00;mun.01;\r\n" +
			"reg;;region;Область;Region;;;reg;да\r\n" +
			"mun.01;reg;municipal;Администрация;;;;mun.01;\r\n" +
			"bad.kind;reg;circus;Цирк;;;;;\r\n" +
			"orphan;nowhere;utility;Сирота;;;;;\r\n" +
			"late;reg;utility;Поздно;;Mars/Base;;;\r\n" +
			"short.row;reg;utility;Кратко\r\n" +
			"hours;reg;utility;Часы;;;каждый день;;\r\n" +
			"far;reg;utility;Даль;;;;mun.01 mun.99;\r\n"
		res, err := b.Import(ctx, operator, strings.NewReader(file))
		b.must(err)
		if res.Added != 4 || res.Changed != 0 || res.Same != 0 {
			t.Errorf("%+v", res)
		}
		want := []string{"5 kind:unknown", "6 parent:unknown", "7 zone:unknown", "9 hours:form", ": territories:unknown"} // ":" stands for 10
		var got []string
		for _, p := range res.Problems {
			got = append(got, string(rune('0'+p.Line))+" "+rule(p.Err))
		}
		if !slices.Equal(got, want) {
			t.Errorf("problems %v, want %v", got, want)
		}
		again, err := b.Import(ctx, operator, strings.NewReader(file))
		b.must(err)
		if again.Added != 0 || again.Changed != 0 || again.Same != 4 {
			t.Errorf("the same file again: %+v", again)
		}
		tree, err := b.current(ctx)
		b.must(err)
		o, _ := tree.ByCode("mun.01.housing")
		if o.Zone() != "Asia/Omsk" || WeekText(o.Hours) != "1-5 08:00-17:00" || len(tree.Above(o.ID)) != 2 {
			t.Errorf("%+v", o)
		}
		for name, text := range map[string]string{"empty": "", "no name": "code,kind\n", "unknown column": "code,kind,name,colour\n", "not UTF-8": "code,kind,name\n\xff"} {
			if _, err := b.Import(ctx, operator, strings.NewReader(text)); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := b.Import(ctx, citizen(b.people["anna"]), strings.NewReader(file)); !errs.Is(err, errs.Forbidden) {
			t.Errorf("anybody imports: %v", err)
		}
	})
}

func TestSettings(t *testing.T) {
	each(t, func(b bench) {
		b.Define(Setting{Name: "test.days", Type: IntSetting, Default: "30", Min: 1, Max: 90, Unit: "days", PerOrganisation: true},
			Setting{Name: "test.mode", Type: ChoiceSetting, Default: "soft", Choices: []string{"soft", "hard"}})
		root := b.add("reg", id.Nil)
		child := b.add("reg.roads", root.ID)
		is := func(org id.ID, at time.Time, want int64) {
			t.Helper()
			n, err := b.Int(ctx, "test.days", org, at)
			b.must(err)
			if n != want {
				t.Errorf("%d, want %d", n, want)
			}
		}
		is(child.ID, start, 30)
		b.must(b.Set(ctx, operator, Value{Name: "test.days", Value: "20", Source: "приказ 1"}))
		is(child.ID, start, 20)
		later := start.Add(24 * time.Hour)
		b.must(b.Set(ctx, operator, Value{Name: "test.days", Scope: root.ID, Since: later, Value: "10"}))
		is(child.ID, start, 20)
		is(child.ID, later, 10)
		is(id.Nil, later, 20)
		for name, v := range map[string]Value{
			"name:unknown":  {Name: "test.none", Value: "1"},
			"value:invalid": {Name: "test.days", Value: "91"},
			"since:in_past": {Name: "test.days", Value: "9", Since: start.Add(-time.Hour)},
			"scope:unknown": {Name: "test.mode", Value: "hard", Scope: root.ID},
		} {
			if err := b.Set(ctx, operator, v); rule(err) != name {
				t.Errorf("%v, want %s", err, name)
			}
		}
		if err := b.Set(ctx, citizen(b.people["anna"]), Value{Name: "test.days", Value: "1"}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("anybody sets: %v", err)
		}
		facts, err := db.All(ctx, b.d, db.Text, `SELECT body FROM journal_fact WHERE kind = $1 ORDER BY id`, FactSettingChanged)
		b.must(err)
		if len(facts) != 2 || !strings.Contains(facts[0], `"before":"30"`) || !strings.Contains(facts[1], `"before":"20"`) {
			t.Errorf("%v", facts)
		}
	})
}
