package taxonomy

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// world is a region of four territories and a few organisations.
type world struct{}

func (world) Areas(context.Context) ([]Area, error)    { return testAreas, nil }
func (world) Parties(context.Context) ([]Party, error) { return testParties(), nil }

var admin = policy.Actor{Person: id.New(), Organisation: id.New(), Roles: []policy.Role{policy.Citizen, policy.RegionAdmin}, Lang: "ru"}

func each(t *testing.T, test func(t *testing.T, s *Service, now *clock.Fixed)) {
	t.Helper()
	now := clock.At(time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC))
	dbtest.EachWith(t, db.Config{Clock: now}, func(t *testing.T, d *db.DB) { test(t, New(d, world{}), now) }, Migrations)
}

func published(t *testing.T, s *Service) *Index {
	t.Helper()
	if _, err := s.Publish(t.Context(), admin, Default(), "решение"); err != nil {
		t.Fatal(err)
	}
	index, err := s.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return index
}

func journal(t *testing.T, s *Service, kind string) int64 {
	t.Helper()
	n, err := db.One(t.Context(), s.db, db.Int, `SELECT COUNT(*) FROM journal_fact WHERE kind = $1`, kind)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPublishAndRead(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *clock.Fixed) {
		if _, err := s.Current(t.Context()); !errs.Is(err, errs.Unavailable) {
			t.Fatalf("before the first version: %v", err)
		}
		r := published(t, s).Rubricator
		if r.Version != 1 || len(r.Facts()) != len(Default().Facts()) {
			t.Fatalf("version %d, %d facts", r.Version, len(r.Facts()))
		}
		for i, f := range Default().Facts() {
			if got := r.Facts()[i]; got.Code != f.Code || got.Term != f.Term || got.Belongs != f.Belongs || len(got.NotBelongs) != len(f.NotBelongs) || got.Version != 1 {
				t.Fatalf("%s is stored as %+v", f.Code, got)
			}
		}
		if found := r.Suggest("не горит фонарь", 1); len(found) != 1 || found[0].Fact.Code != "lighting.lamps.out" {
			t.Errorf("suggestion of the stored version: %v", codes(found))
		}
		again, err := s.Publish(t.Context(), admin, Default(), "решение")
		if err != nil || again != 1 || journal(t, s, FactRubricatorPublished) != 1 {
			t.Errorf("the same again: version %d, %v, %d facts", again, err, journal(t, s, FactRubricatorPublished))
		}
	})
}

// without is the default rubricator without a subcategory, and with another name of a fact.
func without(t *testing.T, subcategory, renamed, name string) *Rubricator {
	t.Helper()
	r, err := Load(rubricatorFiles)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Categories {
		c := &r.Categories[i]
		for j := range c.Subcategories {
			for k := range c.Subcategories[j].Facts {
				f := &c.Subcategories[j].Facts[k]
				if f.Code == renamed {
					f.Name = name
				}
				f.NotBelongs = nil
			}
			c.Subcategories[j].NotBelongs = nil
		}
		c.NotBelongs = nil
		for j := range c.Subcategories {
			if c.Subcategories[j].Code == subcategory {
				c.Subcategories = append(c.Subcategories[:j:j], c.Subcategories[j+1:]...)
				break
			}
		}
	}
	r, err = Build(r.Categories)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRetiredFactsKeepResolving(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *clock.Fixed) {
		published(t, s)
		n, err := s.Publish(t.Context(), admin, without(t, "roads.humps", "roads.surface.pothole", "Яма"), "новое решение")
		if err != nil || n != 2 {
			t.Fatalf("version %d, %v", n, err)
		}
		index, err := s.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r := index.Rubricator
		f, ok := r.Fact("roads.humps.barrier")
		if !ok || !f.Retired || f.Version != 1 || f.Name == "" || f.Term.N == 0 {
			t.Fatalf("retired: %+v", f)
		}
		if path := r.Path("roads.humps.barrier", "ru"); len(path) != 3 {
			t.Errorf("path %q", path)
		}
		for _, offered := range r.Facts() {
			if Within(offered.Code, "roads.humps") {
				t.Errorf("%s is still offered", offered.Code)
			}
		}
		if f, _ := r.Fact("roads.surface.pothole"); f.Name != "Яма" || f.Version != 2 || f.Retired {
			t.Errorf("changed: %+v", f)
		}
		versions, err := s.Versions(t.Context())
		if err != nil || len(versions) != 2 || versions[0].Number != 2 || versions[0].Source != "новое решение" || versions[1].PublishedBy != admin.Person {
			t.Errorf("%+v %v", versions, err)
		}
		if journal(t, s, FactRubricatorPublished) != 2 {
			t.Error("the journal lacks a fact")
		}
	})
}

func TestPublishingIsForTheAdministratorOfTheRegion(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *clock.Fixed) {
		for _, a := range []policy.Actor{policy.Nobody("ru"), {Person: id.New(), Roles: []policy.Role{policy.Citizen}},
			{Person: id.New(), Organisation: id.New(), Roles: []policy.Role{policy.Citizen, policy.Coordinator}}} {
			if _, err := s.Publish(t.Context(), a, Default(), "решение"); !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%v publishes: %v", a.Roles, err)
			}
			if _, err := s.ReplaceRules(t.Context(), a, nil, ""); !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%v replaces: %v", a.Roles, err)
			}
		}
		if _, err := s.Publish(t.Context(), admin, Default(), ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a source: %v", err)
		}
		if n, err := s.Publish(t.Context(), policy.Machine("demo"), Default(), "встроенный рубрикатор"); err != nil || n != 1 {
			t.Errorf("the program itself: %d, %v", n, err)
		}
	})
}

func TestTwoPublishAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *clock.Fixed) {
		published(t, s)
		other := New(s.db, world{})
		editions := []*Rubricator{without(t, "roads.humps", "", ""), without(t, "roads.lights", "", "")}
		results := make([]error, 2)
		var wg sync.WaitGroup
		for i, service := range []*Service{s, other} {
			wg.Go(func() { _, results[i] = service.Publish(t.Context(), admin, editions[i], "решение") })
		}
		wg.Wait()
		index, err := s.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else if !errs.Is(err, errs.Stale) && !errs.Is(err, errs.Conflict) {
				t.Errorf("the loser is told %v", err)
			}
		}
		if won == 0 || index.Rubricator.Version != int64(1+won) || journal(t, s, FactRubricatorPublished) != int64(1+won) {
			t.Errorf("%d won (%v), version %d", won, results, index.Rubricator.Version)
		}
	})
}

func TestReplaceRules(t *testing.T) {
	rules := func(dogs string) []Rule {
		return []Rule{{Organisation: "centre"}, {Owner: OwnerUnknown, Organisation: "centre"},
			{Owner: OwnerKnown, Organisation: ToOperator}, {Fact: "animals", Organisation: dogs}}
	}
	each(t, func(t *testing.T, s *Service, now *clock.Fixed) {
		published(t, s)
		ctx := t.Context()
		done, err := s.ReplaceRules(ctx, admin, rules("dogs"), "")
		if err != nil || done.Added != 4 || done.Findings.Err() != nil {
			t.Fatalf("%+v %v", done, err)
		}
		done, err = s.ReplaceRules(ctx, admin, rules("dogs"), "")
		if err != nil || done.Added+done.Ended != 0 || done.Same != 4 {
			t.Fatalf("the same again: %+v %v", done, err)
		}
		if _, err = s.ReplaceRules(ctx, admin, rules("water"), ""); !errs.Is(err, errs.Invalid) {
			t.Fatalf("a change without a day: %v", err)
		}
		done, err = s.ReplaceRules(ctx, admin, rules("water"), "2026-06-01")
		if err != nil || done.Added != 1 || done.Ended != 1 || done.Same != 3 {
			t.Fatalf("a change: %+v %v", done, err)
		}
		index, err := s.Current(ctx)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := index.Rubricator.Fact("animals.stray.pack")
		for on, want := range map[string]string{"2020-01-01": "dogs", "2026-05-31": "dogs", "2026-06-01": "water", "2030-01-01": "water"} {
			if got := index.Competence.Route(on, f, "mun.1", Party{}, Party{}); got.Organisation != want {
				t.Errorf("on %s: %s", on, got.Organisation)
			}
		}
		if done, err = s.ReplaceRules(ctx, admin, rules("dogs"), "2026-06-01"); err != nil || done.Added != 1 || done.Ended != 1 {
			t.Fatalf("a change of mind on the same day: %+v %v", done, err)
		}
		if journal(t, s, FactCompetenceReplaced) != 3 {
			t.Errorf("%d facts", journal(t, s, FactCompetenceReplaced))
		}
		for name, bad := range map[string]Rule{"organisation": {Fact: "roads", Organisation: "nobody"}, "the same twice": {Fact: "animals", Organisation: "centre"}} {
			if _, err := s.ReplaceRules(ctx, admin, append(rules("dogs"), bad), "2026-07-01"); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		stored, err := readRules(ctx, s.db)
		if err != nil {
			t.Fatal(err)
		}
		if err := NewCompetence(stored, testAreas).Check("2026-06-01", Default(), testParties()).Err(); err != nil {
			t.Errorf("what is stored: %v", err)
		}
		now.Advance(time.Hour)
	})
}

func TestAnotherProcessSeesAChangeWithinASecond(t *testing.T) {
	each(t, func(t *testing.T, s *Service, now *clock.Fixed) {
		published(t, s)
		other := New(s.db, world{})
		before, err := other.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.ReplaceRules(t.Context(), admin, []Rule{{Organisation: "centre"}}, ""); err != nil {
			t.Fatal(err)
		}
		now.Advance(fresh)
		after, err := other.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(before.Competence.Rules()) != 0 || len(after.Competence.Rules()) != 1 {
			t.Errorf("%d rows, then %d", len(before.Competence.Rules()), len(after.Competence.Rules()))
		}
		if before.Rubricator != after.Rubricator {
			t.Error("the rubricator was read again though nothing changed")
		}
	})
}

func TestMigrationsNameOnlyOwnTables(t *testing.T) {
	data, err := migrations.ReadFile("migrations/00500_taxonomy_rubricator.sql")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if table, ok := strings.CutPrefix(line, "CREATE TABLE "); ok && !strings.HasPrefix(table, "taxonomy_") {
			t.Error(line)
		}
	}
}
