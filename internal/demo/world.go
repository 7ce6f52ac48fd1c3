package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"okno/internal/app"
	"okno/internal/calendar"
	"okno/internal/casework"
	"okno/internal/directory"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// world is what tales are told of: the region in memory.
type world struct {
	app     *app.App
	seed    uint64
	start   time.Time
	cal     *calendar.Calendar
	proc    casework.Procedure
	tree    *directory.Tree
	ground  *ground
	topics  *topics
	crowd   *crowd
	homes   []string
	weights []float64
	actors  sync.Map // actor → policy.Actor
	fresh   bool     // nothing was done before: no case needs to be looked for
}

// newWorld reads the region after its base is there.
func newWorld(ctx context.Context, a *app.App, s State, c *crowd) (*world, error) {
	w := &world{app: a, seed: s.Seed, start: s.Started, cal: a.Cases.Calendar(), crowd: c}
	procs, err := casework.DefaultProcedures()
	if err != nil {
		return nil, err
	}
	for _, p := range procs {
		if p.Code == "report" {
			w.proc = p
		}
	}
	if w.tree, err = a.Directory.Tree(ctx); err != nil {
		return nil, err
	}
	x, err := a.Taxonomy.Current(ctx)
	if err != nil {
		return nil, err
	}
	index := a.Places.Index()
	w.topics, w.ground = newTopics(s.Seed, x.Rubricator), newGround(index)
	w.homes, w.weights = population(index.Territories())
	return w, nil
}

// dayAt is a minute of the day that lies so many days before the first start.
func (w *world) dayAt(ago, minute int) time.Time {
	local := w.start.In(moscow)
	t := time.Date(local.Year(), local.Month(), local.Day()-ago, 0, minute, 7+minute%50, 0, moscow)
	if last := w.start.Add(-time.Duration(4+minute%90) * time.Minute); t.After(last) {
		t = last
	}
	return t.UTC()
}

var moscow = calendar.Hours{}.Location()

// routed asks the form's own preview who answers.
func (w *world) routed(ctx context.Context, fact string, s spot) (directory.Organisation, error) {
	anybody := policy.Actor{Person: w.crowd.citizens[0].id, Roles: []policy.Role{policy.Citizen}, Lang: "ru"}
	plan, err := w.app.Cases.Preview(ctx, anybody, casework.FileInput{Fact: fact, Place: s.in, Channel: "api"})
	if err != nil {
		return directory.Organisation{}, fmt.Errorf("preview of %s: %w", fact, err)
	}
	return w.org(plan.Office.ID)
}

func (w *world) org(of id.ID) (directory.Organisation, error) {
	o, ok := w.tree.Get(of)
	if !ok || w.crowd.desks[o.Code] == nil {
		return o, fmt.Errorf("nobody works in %s %s", of, o.Code)
	}
	return o, nil
}

func (w *world) orgCode(code string) (directory.Organisation, bool) {
	o, ok := w.tree.ByCode(code)
	return o, ok && w.crowd.desks[code] != nil
}

// applicant draws somebody who lives in the territory. Those who can sign in
// have what the showcase gives them.
func (w *world) applicant(rng *rand.Rand, territory string) int {
	if list := w.crowd.byHome[territory]; len(list) > 2 {
		for {
			if n := pick(rng, list); n >= len(citizensShown) {
				return n
			}
		}
	}
	return len(citizensShown) + rng.IntN(len(w.crowd.citizens)-len(citizensShown))
}
