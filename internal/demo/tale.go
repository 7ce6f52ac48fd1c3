package demo

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"okno/internal/calendar"
	"okno/internal/casework"
	"okno/internal/demo/texts"
	"okno/internal/directory"
	"okno/internal/platform/id"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// opKind is what a step is done with.
type opKind uint8

const (
	opFile opKind = iota
	opAct
	opJoin
	opRateJoined
)

// actor is who does a step: a citizen, an officer of an organisation, or the clock.
type actor struct {
	citizen, officer int // index; -1: not
	org              string
}

var clockwork = actor{-1, -1, ""}

// op is one step of a bundle.
type op struct {
	kind    opKind
	m       *matter
	at      time.Time
	who     actor
	act     casework.Action
	in      casework.Input
	file    casework.FileInput
	files   []fileSpec
	say     func(*texts.Story) string // the words, from the story of the variant
	variant int
	into    *matter // of a merge
	parts   []*matter
	version int64 // of the case before the step; 0: it is made by it
}

// matter is one report of a bundle.
type matter struct {
	t       *tale
	j       int // number in the bundle
	id      id.ID
	number  string
	fact    *taxonomy.Fact
	spot    spot
	org     directory.Organisation
	citizen int
	rng     *rand.Rand

	filed, at time.Time // at: of the last step
	ended     bool      // what comes next lies after the first start
	hidden    bool
	files     int64
	before    int64   // how many files came with the report
	let       []int64 // those of them that strangers see
	pictured  bool
	shown     int64 // the number of the photo of the work done; 0: none
	due       calendar.Deadline
	term      calendar.Term
	handler   int
	public    time.Time // since when strangers see it
	done      time.Time // when it was answered or closed; zero: open
	answered  time.Time
	first     time.Time // when it was answered first
	promised  time.Time // when a date of the work was promised first
	silent    bool      // no excerpt at moderation
	hurry     bool      // answered soon
	begun     time.Time // when a handler got it

	input  texts.Input
	inputs map[int]texts.Input // of variants
	opened string              // words instead of the story's
}

// tale is one bundle: what is done with its reports.
type tale struct {
	w   *world
	o   outline
	all []*matter
	ops []op
}

// tale tells a bundle from its outline.
func (w *world) tale(ctx context.Context, o outline) (*tale, error) {
	t := &tale{w: w, o: o}
	var err error
	switch o.kind {
	case wanted:
		err = t.wanted(ctx)
	case divided:
		err = t.divided(ctx)
	case doubled:
		err = t.doubled(ctx)
	default:
		var m *matter
		var a ask
		switch o.kind {
		case refused: // a joke or an advertisement comes without a photo
			a.fits = func(f *taxonomy.Fact) bool { return troubles(f) && !f.Requires(taxonomy.FieldPhoto) }
		case withdrawn:
			a.fits = troubles
		}
		if m, err = t.matter(ctx, 0, a); err == nil {
			t.walk(m, courseOf(m, o.kind))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("demo: bundle %d: %w", o.n, err)
	}
	t.finish()
	return t, nil
}

// ask narrows what a report may be about.
type ask struct {
	fits      func(*taxonomy.Fact) bool
	fact      *taxonomy.Fact
	spot      *spot
	operator  string // code of the organisation that must get it
	territory string
	citizen   int // index + 1; 0: drawn
	filed     func(f *taxonomy.Fact, h calendar.Hours) (time.Time, bool)
}

// matter makes a report: fact, place, applicant, organisation, moment.
func (t *tale) matter(ctx context.Context, j int, a ask) (*matter, error) {
	w := t.w
	m := &matter{t: t, j: j, id: idOf(w.seed, "case", t.o.n, j, t.o.after(j)), number: numberOf(w.seed, "case", t.o.n, j),
		rng: chance(w.seed, "matter", t.o.n, j), inputs: map[int]texts.Input{}, handler: -1}
	filed := w.dayAt(t.o.ago, t.o.minute)
	for range 1500 {
		territory := a.territory
		if territory == "" {
			territory = w.homes[draw(m.rng, w.weights)]
		}
		m.fact = a.fact
		if m.fact == nil {
			m.fact = w.topics.draw(m.rng, filed.Month(), a.fits)
		}
		ok := true
		if a.spot != nil {
			m.spot = *a.spot
		} else if m.spot, ok = w.ground.find(m.rng, m.fact, territory, a.operator); !ok {
			continue
		}
		org, err := w.routed(ctx, m.fact.Code, m.spot)
		if err != nil {
			return nil, err
		}
		if a.operator != "" && org.Code != a.operator {
			continue
		}
		m.org = org
		if a.filed != nil {
			if filed, ok = a.filed(m.fact, org.Hours); !ok {
				continue
			}
			if inSeason(seasonOf(m.fact), filed.Month()) == 0 {
				continue
			}
		}
		m.filed, m.at = filed, filed
		m.citizen = a.citizen - 1
		if m.citizen < 0 {
			m.citizen = w.applicant(m.rng, m.spot.territory)
		}
		m.term = m.fact.Term
		if m.term.Roll == "" {
			m.term.Roll = w.proc.LastDay
		}
		m.due = w.cal.Due(m.filed, m.term, m.org.Hours)
		p := w.crowd.citizens[m.citizen]
		m.input = texts.Input{Fact: m.fact.Code, Name: m.fact.Name, Place: m.spot.told, Month: m.filed.Month(), Female: p.Female, Polite: p.Polite(), Org: m.org.ShortIn("ru"), Kind: uint64(chance(w.seed, "kind", t.o.n, j).Int64())}
		if a.fact == nil && m.fact.Requires(taxonomy.FieldPhoto) && !m.seen() {
			continue // nobody could send what it demands
		}
		t.all = append(t.all, m)
		return m, nil
	}
	return nil, fmt.Errorf("no fact and place fit %+v", a.operator)
}

// citizen and officers as actors.
func (m *matter) author() actor { return actor{m.citizen, -1, ""} }

func (m *matter) officer(of func(*desk) []int) actor {
	return actor{-1, pick(m.rng, of(m.desk())), m.org.Code}
}

func (m *matter) desk() *desk { return m.t.w.crowd.desks[m.org.Code] }

func moderators(d *desk) []int   { return d.moderators }
func coordinators(d *desk) []int { return d.coordinators }
func handlers(d *desk) []int     { return d.handlers }
func approvers(d *desk) []int    { return d.approvers }

// do appends a step at m.at; false where that lies after the first start: the
// case stands as it is, and nothing more happens.
func (m *matter) do(o op) bool {
	if m.ended || !m.at.Before(m.t.w.start) {
		m.ended = true
		return false
	}
	o.m, o.at = m, m.at
	m.files += int64(len(o.files))
	m.t.ops = append(m.t.ops, o)
	return true
}

// act is a step of somebody.
func (m *matter) act(who actor, act casework.Action, in casework.Input, say func(*texts.Story) string, files ...fileSpec) bool {
	return m.do(op{kind: opAct, who: who, act: act, in: in, say: say, files: files, variant: m.variant()})
}

// variant is the story from which words are taken now.
func (m *matter) variant() int { return len(m.inputs) }

// turn begins another variant of the story: what is said from now on.
func (m *matter) turn() { m.inputs[len(m.inputs)] = m.input }

// worked moves on by so much of the organisation's working time.
func (m *matter) worked(d time.Duration) {
	m.at = m.t.w.cal.AddWorkingTime(m.at, d, m.org.Hours).Add(time.Duration(m.rng.IntN(59)+1) * time.Second)
}

func (m *matter) minutes(from, to int) time.Duration {
	return time.Duration(from+m.rng.IntN(to-from+1)) * time.Minute
}

// lived moves on by so many days of a citizen's life, to a waking hour.
func (m *matter) lived(days float64) {
	m.at = m.at.Add(time.Duration(days * 24 * float64(time.Hour)))
	local := m.at.In(m.org.Hours.Location())
	if h := local.Hour(); h < 7 {
		m.at = m.at.Add(time.Duration(7-h)*time.Hour + m.minutes(0, 90))
	}
	m.at = m.at.Add(time.Duration(m.rng.IntN(59)+1) * time.Second)
}

// forJoined are an answer's sentences without those that speak of its reader by name.
func forJoined(answer, name string) string {
	var out []string
	for _, line := range strings.Split(casework.WithoutName(answer, name), "\n") {
		said := slices.DeleteFunc(strings.SplitAfter(line, ". "), func(s string) bool { return strings.Contains(s, "[…]") })
		out = append(out, strings.TrimSpace(strings.Join(said, "")))
	}
	return cmp.Or(strings.TrimSpace(strings.Join(out, "\n")), "Ответ по существу получил автор сообщения.")
}

// answering are the actions that propose an answer.
var answering = []casework.Action{casework.Submit, casework.Defer, casework.Interim}

// finish gives every step its words, orders them and counts versions.
func (t *tale) finish() {
	stories := map[*matter]map[int]*texts.Story{}
	story := func(m *matter, v int) *texts.Story {
		if stories[m] == nil {
			stories[m] = map[int]*texts.Story{}
		}
		if s, ok := stories[m][v]; ok {
			return s
		}
		in, ok := m.inputs[v]
		if !ok {
			in = m.input
		}
		s := texts.Make(chance(t.w.seed, "story", t.o.n, m.j*16+v), in)
		stories[m][v] = &s
		return &s
	}
	shared := map[*matter]bool{} // others join, and read the answer without the author's name
	for _, o := range t.ops {
		if o.kind == opJoin {
			shared[o.m] = true
		}
		if o.into != nil {
			shared[o.into] = true
		}
	}
	for _, o := range t.ops { // whoever waits for the whole waits for its parts
		for _, p := range o.parts {
			shared[p] = shared[p] || shared[o.m]
		}
	}
	for i := range t.ops {
		o := &t.ops[i]
		switch {
		case o.kind == opFile:
			o.file.Text = o.m.opened
			switch {
			case len(o.parts) == 2: // everything that the applicant wrote, in one
				o.file.Text = story(o.parts[0], 0).Report + "\n\n" + story(o.parts[1], 0).Report
			case o.file.Text == "":
				o.file.Text = story(o.m, 0).Report
			}
			for k := range o.files {
				o.files[k].owner = o.m
			}
		case o.act == casework.SplitUp:
			for _, p := range o.parts {
				o.in.Parts = append(o.in.Parts, casework.Part{ID: p.id, Number: p.number, Fact: p.fact.Code, Text: story(p, 0).Report})
			}
			o.in.Comment = story(o.parts[1], 0).Split
		case o.say != nil:
			o.in.Comment = o.say(story(o.m, o.variant))
			if shared[o.m] && slices.Contains(answering, o.act) {
				o.in.Shared = forJoined(o.in.Comment, t.w.crowd.citizens[o.m.citizen].Display())
			}
		}
	}
	slices.SortStableFunc(t.ops, func(a, b op) int { return a.at.Compare(b.at) })
	version := map[*matter]int64{}
	for i := range t.ops {
		o := &t.ops[i]
		o.version = version[o.m]
		if o.kind != opRateJoined {
			version[o.m]++
		}
		if o.into != nil {
			version[o.into]++
		}
		if o.act == casework.SplitUp {
			for _, p := range o.parts {
				version[p]++
			}
		}
	}
}

// actorOf is the policy's actor of a step.
func (w *world) actorOf(ctx context.Context, a actor) (policy.Actor, error) {
	switch {
	case a.citizen >= 0:
		p := w.crowd.citizens[a.citizen]
		return policy.Actor{Person: p.id, Roles: []policy.Role{policy.Citizen}, DisplayName: p.Display(), Lang: "ru", Zone: "Europe/Moscow"}, nil
	case a.officer < 0:
		return policy.Machine("clock"), nil
	}
	if known, ok := w.actors.Load(a); ok {
		return known.(policy.Actor), nil
	}
	p := w.crowd.officers[a.officer]
	made, err := w.app.Directory.Acting(ctx, policy.Actor{Person: p.id, Roles: []policy.Role{policy.Citizen}, DisplayName: p.Display(), Lang: "ru", Zone: "Europe/Moscow"}, a.org)
	if err != nil {
		return made, fmt.Errorf("%s in %s: %w", p.Login, a.org, err)
	}
	w.actors.Store(a, made)
	return made, nil
}
