package casework

import (
	"context"
	"slices"
	"testing"
	"time"

	"okno/internal/calendar"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// The region of these tests: two organisations, three facts, one street.

type region struct {
	roads, lamps id.ID
	people       map[string]policy.Actor
}

var tests = region{roads: id.New(), lamps: id.New()}

func (r region) Office(org id.ID) (Office, bool) {
	hours, err := calendar.Office("Europe/Moscow")
	if err != nil {
		panic(err)
	}
	switch org {
	case r.roads:
		return Office{ID: r.roads, Code: "roads", Name: "Дорожная служба", NameEN: "Roads", Hours: hours, Active: true}, true
	case r.lamps:
		return Office{ID: r.lamps, Code: "lamps", Name: "Горсвет", Hours: hours, Active: true}, true
	}
	return Office{}, false
}

func (r region) HasRole(_ context.Context, org, person id.ID, role policy.Role) (bool, error) {
	for _, a := range r.people {
		if a.Person == person && a.Organisation == org && a.Has(role) {
			return true, nil
		}
	}
	return false, nil
}

func (r region) Staff(_ context.Context, orgs []id.ID) (map[id.ID][]Duty, error) {
	out := map[id.ID][]Duty{}
	for _, a := range r.people {
		if slices.Contains(orgs, a.Organisation) {
			out[a.Organisation] = append(out[a.Organisation], Duty{Person: a.Person, Roles: a.Roles})
		}
	}
	return out, nil
}

func (r region) Fact(code string) (FactInfo, bool) {
	f := map[string]FactInfo{
		"roads.surface.pothole": {Term: calendar.Term{N: 10, Unit: calendar.WorkingDays}, FastTrack: true, Proof: true, Required: []string{"place"}},
		"light.lamp.dark":       {Term: calendar.Term{N: 30, Unit: calendar.CalendarDays}},
		"yard.bench.broken":     {Term: calendar.Term{N: 5, Unit: calendar.WorkingDays}},
		"yard.lift.stuck":       {Term: calendar.Term{N: 1, Unit: calendar.WorkingDays}, Required: []string{"photo", "entrance"}},
	}[code]
	f.Code, f.Name = code, code
	return f, f.Term.N > 0
}

func (r region) Resolve(in PlaceInput, _ []string) (Place, error) {
	if in.Lat == 1 {
		return Place{}, errs.InvalidFields(errs.Field{Name: "place", Rule: "out_of_region"})
	}
	territory := "01"
	if in.Lon == 32000000 {
		territory = "02"
	}
	return Place{Territory: territory, Text: "Рыбацкая улица, 14", Lat: in.Lat, Lon: in.Lon, Cell: in.Lat*1000 + in.Lon, Note: in.Note}, nil
}

func (r region) House(id.ID) (int64, int64, bool) { return 0, 0, false }

func (r region) Route(fact string, _ Place) (Routed, error) {
	if fact == "light.lamp.dark" {
		return Routed{Organisation: r.lamps, Why: "lamps"}, nil
	}
	return Routed{Organisation: r.roads, Why: "roads"}, nil
}

func (r region) Claim(_ context.Context, by id.ID, blobs []id.ID) ([]FileInfo, error) {
	var out []FileInfo
	for _, b := range blobs {
		out = append(out, FileInfo{Blob: b, Name: "Фото.jpg", Kind: "image/jpeg", Size: 1000, Uploader: by})
	}
	return out, nil
}

func (r region) Keep(*db.Tx, id.ID, []id.ID) error { return nil }

// Names calls everybody but nina by their login.
func (r region) Names(_ context.Context, ids []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	for login, a := range r.people {
		if slices.Contains(ids, a.Person) {
			out[a.Person] = login
		}
		if login == "nina" {
			out[a.Person] = "Нина Рощина"
		}
	}
	return out, nil
}

// world is a service with its people at one moment.
type world struct {
	*Service
	t     *testing.T
	clock *clock.Fixed
	who   map[string]policy.Actor
}

// newWorld begins on Monday 2 February 2026, 10:00 in Moscow.
func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	c := clock.At(time.Date(2026, 2, 2, 7, 0, 0, 0, time.UTC))
	who := map[string]policy.Actor{
		"nina":   {Person: id.New(), Roles: []policy.Role{policy.Citizen}},
		"oleg":   {Person: id.New(), Roles: []policy.Role{policy.Citizen}},
		"office": {Person: id.New(), Organisation: tests.roads, Roles: []policy.Role{policy.Citizen, policy.Moderator, policy.Coordinator, policy.Handler, policy.Approver}},
		"timur":  {Person: id.New(), Organisation: tests.roads, Roles: []policy.Role{policy.Citizen, policy.Handler}},
		"olga":   {Person: id.New(), Organisation: tests.roads, Roles: []policy.Role{policy.Citizen, policy.Approver}},
		"lamps":  {Person: id.New(), Organisation: tests.lamps, Roles: []policy.Role{policy.Citizen, policy.Moderator, policy.Coordinator, policy.Handler, policy.Approver}},
	}
	r := tests
	r.people = who
	s := New(Config{DB: d, Clock: c, Offices: r, Facts: r, Places: r, Router: r, Files: r, People: r})
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &world{Service: s, t: t, clock: c, who: who}
}

func (w *world) file(who, fact string) string {
	w.t.Helper()
	r, err := w.FileReport(w.t.Context(), w.who[who], FileInput{Text: "Яма у остановки во всю полосу, автобус объезжает по встречной.",
		Fact: fact, Place: PlaceInput{Lat: 59000000, Lon: 31000000}, Channel: "portal", Lang: "ru"})
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Number
}

func (w *world) act(who, number string, a Action, in Input) *Case {
	w.t.Helper()
	c, err := w.Act(w.t.Context(), w.who[who], number, a, in)
	if err != nil {
		w.t.Fatalf("%s %s: %v", who, a, err)
	}
	return c
}

func (w *world) refused(code errs.Code, who, number string, a Action, in Input) {
	w.t.Helper()
	if _, err := w.Act(w.t.Context(), w.who[who], number, a, in); !errs.Is(err, code) {
		w.t.Fatalf("%s %s: got %v, want %s", who, a, err, code)
	}
}
