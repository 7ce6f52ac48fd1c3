package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"okno/internal/casework"
	"okno/internal/demo/texts"
	"okno/internal/taxonomy"
)

// divided is a report about two matters, which the coordinator splits.
func (t *tale) divided(ctx context.Context) error {
	pairs := func(f *taxonomy.Fact) bool {
		return troubles(f) && len(t.w.others(f, t.w.dayAt(t.o.ago, t.o.minute).Month())) > 0
	}
	m, err := t.matter(ctx, 0, ask{fits: pairs})
	if err != nil {
		return err
	}
	m.silent = true
	second := pick(m.rng, t.w.others(m.fact, m.filed.Month()))
	var parts []*matter
	for j, f := range []*taxonomy.Fact{m.fact, second} {
		p, err := t.matter(ctx, j+1, ask{fact: f, spot: &m.spot, citizen: m.citizen + 1})
		if err != nil {
			return err
		}
		if p.due.At.After(m.due.At) {
			p.due = m.due // told to the applicant: never later
		}
		parts = append(parts, p)
	}
	m.file(false)
	m.t.ops[len(m.t.ops)-1].parts = parts
	m.worked(m.minutes(3, 110))
	m.accept()
	m.worked(m.minutes(6, 170))
	if !m.do(op{kind: opAct, who: m.officer(coordinators), act: casework.SplitUp, parts: parts}) {
		return nil
	}
	for _, p := range parts {
		p.at, p.filed = m.at, m.at
		if percent(p.rng, 80) {
			p.worked(p.minutes(3, 60))
			if p.act(p.officer(moderators), casework.Release, casework.Input{}, func(s *texts.Story) string { return s.Excerpt }) {
				p.public = p.at
			}
		}
		c := courseOf(p, plain)
		p.hidden, c.chosen, c.late = false, nil, false
		t.work(p, c)
	}
	return nil
}

// others are facts that somebody may report together with f: of another
// subcategory, about the same kinds of things, so that the same owner is asked.
func (w *world) others(f *taxonomy.Fact, m time.Month) (out []*taxonomy.Fact) {
	if len(f.AssetKinds) == 0 {
		return nil
	}
	own := wantOf(f)
	for _, o := range w.topics.facts {
		if !slices.Equal(o.AssetKinds, f.AssetKinds) || o.Danger || o.SubcategoryCode() == f.SubcategoryCode() || inSeason(seasonOf(o), m) == 0 {
			continue
		}
		if there := wantOf(o); !there.rural && !there.private && (own.street || !there.street) { // the place of f fits it too
			out = append(out, o)
		}
	}
	return out
}

// doubled is a report with duplicates by other people, which the coordinator
// merges into the first.
func (t *tale) doubled(ctx context.Context) error {
	m, err := t.matter(ctx, 0, ask{fits: troubles})
	if err != nil {
		return err
	}
	c := courseOf(m, plain)
	m.hidden, c.chosen, c.stuck = false, nil, ""
	t.walk(m, c)
	end := t.w.start
	for _, at := range []time.Time{m.first, m.promised} { // what comes later is answered by itself
		if !at.IsZero() && at.Before(end) {
			end = at
		}
	}
	for j := 1; j < t.o.cases; j++ {
		d, err := t.matter(ctx, j, ask{fact: m.fact, spot: &m.spot})
		if err != nil {
			return err
		}
		for d.citizen == m.citizen || j == 2 && d.citizen == t.all[1].citizen {
			d.citizen = t.w.applicant(d.rng, d.spot.territory)
		}
		p := t.w.crowd.citizens[d.citizen]
		d.input.Female, d.input.Polite, d.input.Kind = p.Female, p.Polite(), m.input.Kind
		if m.public.IsZero() || end.Sub(m.public) < 30*time.Hour {
			own := courseOf(d, plain) // answered too soon to be merged: it goes its own way
			own.chosen = nil
			t.walk(d, own)
			continue
		}
		span := min(end.Sub(m.public)/2, 9*24*time.Hour)
		d.filed = m.public.Add(time.Duration(d.rng.Float64() * float64(span)))
		if inSeason(seasonOf(d.fact), d.filed.In(moscow).Month()) == 0 || m.pictured && !d.seen() {
			d.filed = m.public.Add(d.filed.Sub(m.public) % (2 * time.Hour)) // the season is nearly over
		}
		d.at, d.input.Month = d.filed, d.filed.In(moscow).Month()
		d.due = t.w.cal.Due(d.filed, d.term, d.org.Hours)
		if err := t.merged(m, d, end); err != nil {
			return err
		}
	}
	return nil
}

// merged files a duplicate and merges it while the first is open and nothing is promised of it.
func (t *tale) merged(m, d *matter, end time.Time) error {
	if d.org.ID != m.org.ID {
		return fmt.Errorf("the duplicate of %s goes to %s", m.org.Code, d.org.Code)
	}
	d.hidden, d.silent = false, true
	d.file(false)
	d.worked(d.minutes(3, 60))
	d.accept()
	d.worked(d.minutes(5, 90))
	if !d.at.Before(end.Add(-time.Hour)) { // the first is answered before anybody looks: it stays by itself
		d.assign(course{})
		own := course{outcome: texts.Done}
		own.rates(d, 58)
		if frosty(d) {
			own.deferred = 1
			if !d.promise(own) {
				return nil
			}
		}
		d.answer(own)
		d.opinion(own)
		return nil
	}
	d.act(d.officer(coordinators), casework.Note, casework.Input{}, func(s *texts.Story) string { return s.Merge })
	if at := d.at.Add(time.Duration(20+d.rng.IntN(200)) * time.Second); t.w.cal.Open(at, d.org.Hours) {
		d.at = at
	} else { // the hours are over between the two
		d.worked(d.minutes(1, 4))
	}
	if !d.do(op{kind: opAct, who: d.officer(coordinators), act: casework.Merge, in: casework.Input{Into: m.number}, into: m}) {
		return nil
	}
	d.done = d.at
	if percent(d.rng, 45) {
		m.rateJoined(d.citizen, 1+draw(d.rng, []float64{8, 8, 14, 30, 40}), d.rng.ExpFloat64()*4+0.1)
	}
	return nil
}
