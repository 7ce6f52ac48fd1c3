package texts

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"time"
)

// Outcome is what the authority's answer says.
type Outcome uint8

// Outcomes of an answer.
const (
	Done      Outcome = iota // the work is done
	Explained                // it will not be done now, and why
	Planned                  // it will be done by the date of the plan
)

// Input is what a story is about. Empty parts are worded around.
type Input struct {
	Fact    string     // code of the fact: "roads.surface.pothole"
	Name    string     // its name: «Яма на проезжей части»
	Place   Place      //
	Month   time.Month // of the report
	Female  bool       // the applicant
	Kind    uint64     // which variant of the trouble it is, the same for all texts of a case
	Polite  string     // «Нина Андреевна»; empty: the answer has no name
	Org     string     // who answers, nominative: «МКУ „Дорожная служба“»
	To      string     // where it is redirected, nominative
	Done    time.Time  // day of the work, told in the answer
	Plan    time.Time  // day promised in an interim answer or deferral
	Outcome Outcome

	Since    int               // for how many days, as the applicant told in the form; 0: not asked
	Details  map[string]string // other answers of the form
	Pictured bool              // a photo came with the report
	Proof    Proof             // what comes with the answer
	Took     int               // days from the report to the answer
	Passed   int               // days from the answer to what the applicant thinks of it
	Late     bool              // the answer came after its term
	Missed   bool              // the promised date was over when the work was done
	Frost    bool              // the work waits for spring
	Mark     int               // of the applicant, 1 to 5
	Reopened string            // why it was reopened, for a second answer
}

// Proof is the file that comes with an answer.
type Proof uint8

// What an answer carries.
const (
	NoProof Proof = iota
	Photo
	Act
)

// Story is everything that may be said about one report. All texts are there;
// the maker of the case uses those that its path needs.
type Story struct {
	Report       string            // by the applicant
	Excerpt      string            // what strangers see: without house and person
	Question     string            // by the executor
	Reply        string            // by the applicant
	Addition     string            // by the applicant
	Withdrawal   string            // by the applicant
	Mistaken     string            // by the applicant, minutes after the report
	Answer       string            // final
	Interim      string            // interim, with the date of the plan
	Progress     string            // interim, without a date
	Defer        string            // why the work waits, with the date of the plan
	Extend       string            // why the term is extended
	Redirect     string            // to the competent body
	Return       string            // by the executor to the coordinator: not ours
	Note         string            // internal
	Draft        string            // the poor first version of an answer
	Rework       string            // the approver's remark on that draft
	Merge        string            // why it is merged with another report
	Split        string            // why a part becomes a report of its own
	Proof        string            // the executor's words with the proof of promised work
	Reopen       string            // why the applicant reopens
	ReopenReason string            // the code of that reason: no, again, partly, off_topic
	SecondAnswer string            // after reopening
	Praise       string            // with a mark of 4 or 5
	Middling     string            // done, with a mark of 3
	Grudge       string            // done, with a mark of 2: the tone or the wait
	Lacking      string            // not done, with a mark of 3
	Blame        string            // not done, with a mark of 1 or 2
	Reject       map[string]string // by the reason's code, see [RejectReasons]
}

// RejectReasons lists the codes that Story.Reject has texts for.
func RejectReasons() []string {
	return []string{"spam", "abuse", "not_a_problem", "no_place", "emergency", "outside_region"}
}

// All lists the texts of the story that are not empty.
func (s Story) All() []string {
	all := []string{s.Report, s.Excerpt, s.Question, s.Reply, s.Addition, s.Withdrawal, s.Mistaken, s.Answer, s.Interim, s.Progress, s.Defer, s.Extend, s.Redirect, s.Return,
		s.Note, s.Draft, s.Rework, s.Merge, s.Split, s.Proof, s.Reopen, s.SecondAnswer, s.Praise, s.Middling, s.Grudge, s.Lacking, s.Blame}
	for _, code := range RejectReasons() {
		all = append(all, s.Reject[code])
	}
	out := all[:0]
	for _, t := range all {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

// Make writes the story. The same input and the same state of chance give the
// same words.
func Make(rng *rand.Rand, in Input) Story {
	if in.Month < time.January || in.Month > time.December {
		in.Month = time.Month(1 + rng.IntN(12))
	}
	w := &writer{rng: rng, in: in, of: aspectOf(in)}
	s := Story{}
	s.Report, s.Excerpt = w.report()
	s.Question, s.Reply = w.question()
	s.Answer = w.answer(in.Outcome)
	s.SecondAnswer = w.second()
	s.Draft, s.Rework = w.drafted()
	again := w.rng.IntN(len(reopens))
	for in.Passed < 4 && reopens[again].reason == "again" { // it has not held long enough to break again
		again = (again + 1) % len(reopens)
	}
	s.Reopen, s.ReopenReason = w.fresh("", func() string { return w.say(reopens[again].text) }), reopens[again].reason
	for _, t := range []struct {
		to   *string
		from []string
	}{
		{&s.Addition, additions}, {&s.Withdrawal, withdrawals}, {&s.Mistaken, mistakes}, {&s.Interim, interims}, {&s.Progress, progresses}, {&s.Defer, defers}, {&s.Extend, extensions}, {&s.Note, notes},
		{&s.Merge, merges}, {&s.Split, splits}, {&s.Proof, proofsOf(in)}, {&s.Praise, praisesOf(in)},
		{&s.Middling, middlingsOf(in)}, {&s.Grudge, grudgesOf(in)}, {&s.Lacking, lackings}, {&s.Blame, blamesOf(in)}, {&s.Redirect, redirects}, {&s.Return, returns},
	} {
		*t.to = w.fresh("", func() string { return w.say(w.any(t.from)) })
	}
	for _, part := range []*string{&s.Addition, &s.Withdrawal, &s.Mistaken, &s.Reply, &s.Reopen, &s.Praise, &s.Middling, &s.Grudge, &s.Lacking, &s.Blame} {
		*part = w.manner(*part)
	}
	s.Reject = map[string]string{}
	for _, code := range RejectReasons() {
		s.Reject[code] = w.say(w.any(rejections[code]))
	}
	return s
}

type writer struct {
	rng    *rand.Rand
	in     Input
	of     aspect
	sloppy *bool // whether this citizen writes without ё and some commas
	days   int   // see age
	drawn  map[string]string
}

// say expands, fills and tidies a text of one or several sentences, which are
// divided by " / " in the fragment.
func (w *writer) say(fragment string) string {
	parts := strings.Split(w.fill(w.expand(w.kind(fragment))), " / ")
	for i, p := range parts {
		parts[i] = sentence(p)
	}
	return strings.Join(parts, " ")
}

// line takes a fragment of the fact and expands it.
func (w *writer) line(mark byte) string {
	if l := w.lines(mark); len(l) > 0 {
		return w.fill(expand(w.rng, w.at(mark), w.any(l)))
	}
	name := "«" + w.in.Name + "»"
	if w.in.Name == "" {
		name = "«" + w.in.Fact + "»"
	}
	switch mark {
	case '~':
		return "по теме " + name
	case '+':
		return w.expand("{решить|разобрать|уладить} вопрос " + name)
	case '=':
		return w.expand("вопрос " + name + " {решили|уладили}")
	case '!':
		return w.expand("вопрос " + name + " {не решён|так и не решили}")
	}
	return ""
}

func (w *writer) chance(percent int) bool { return w.rng.IntN(100) < percent }

// drafted is a poor answer and what the approver says of it.
func (w *writer) drafted() (draft, remark string) {
	of := drafts
	if w.in.Outcome == Explained && Explains(w.in.Fact) {
		of = refusals
	}
	d := of[w.rng.IntN(len(of))]
	return w.fresh("", func() string { return w.say(d.text) }), w.fresh("", func() string { return w.say(d.remark) })
}

// expand makes the choices of a fragment that fit the case.
func (w *writer) expand(s string) string { return expand(w.rng, w.of, s) }

// lines are the fragments of the fact that fit the case.
func (w *writer) lines(mark byte) []string { return w.at(mark).lines(w.in.Fact, mark) }

// at is the aspect of what a mark's fragments say: work is told of the season
// in which it was done, where something can be said of that.
func (w *writer) at(mark byte) aspect {
	if w.in.Done.IsZero() || strings.IndexByte("f=n", mark) < 0 {
		return w.of
	}
	a := w.of
	if a.warm = Warm(w.in.Done.Month()); len(a.lines(w.in.Fact, mark)) > 0 {
		return a
	}
	return w.of
}

// tell says one fragment of a mark.
func (w *writer) tell(mark byte) string {
	l := w.lines(mark)
	if len(l) == 0 {
		return ""
	}
	return w.fits(func() string { return w.say(expand(w.rng, w.at(mark), w.any(l))) })
}

// inTown are words of streets and yards, which no road between towns has.
var inTown = regexp.MustCompile(`(?i)улиц|тротуар|школьни|коляск|двор|ворот|подъезд|переход|бордюр|забор|сосед|из дома`)

// townish tells whether the text speaks of a street where there is a road
// between towns.
func (w *writer) townish(s string) bool {
	return w.in.Place.Street == "" && strings.HasPrefix(w.in.Place.Landmark, "дорога ") && inTown.MatchString(s)
}

// fits tells again until the text fits the road.
func (w *writer) fits(tell func() string) string {
	out := tell()
	for range 40 {
		if !w.townish(out) {
			break
		}
		out = tell()
	}
	return out
}

// manner gives a citizen's text the writer's habits: many write no ё, some
// lose a comma.
func (w *writer) manner(s string) string {
	s = w.letters(s)
	if *w.sloppy && w.chance(15) {
		for _, c := range []string{", что ", ", а ", ", но "} {
			if strings.Contains(s, c) && !strings.Contains(s, ", что делать") && !strings.Contains(s, ":") {
				return strings.Replace(s, c, strings.TrimPrefix(c, ","), 1)
			}
		}
	}
	return s
}

// letters writes without ё where the writer does.
func (w *writer) letters(s string) string {
	if w.sloppy == nil {
		v := w.chance(55)
		w.sloppy = &v
	}
	if !*w.sloppy {
		return s
	}
	return strings.NewReplacer("ё", "е", "Ё", "Е").Replace(s)
}

// atDesk are the categories and subcategories where nothing is repaired on the spot.
var atDesk = map[string]bool{"health": true, "social": true, "education": true, "government": true, "labour": true, "land": true, "trade": true, "transport": true, "telecom": true, "other": true,
	"utilities.bills": true, "waste.payment": true, "houses.manager": true, "sport.events": true, "sport.facilities": true, "culture.events": true, "culture.venues": true, "safety.cameras": true, "safety.order": true, "access.transport": true,
	"construction": true, "ecology": true, "animals.owners": true, "animals.farm": true, "roads.parking": true, "houses.unsafe": true, "houses.overhaul": true, "greenery.adverts": true,
	"waste.sorting": true}

// onSpot are subcategories of those where something is.
var onSpot = map[string]bool{"transport.stops": true, "telecom.mobile": true, "education.grounds": true, "trade.street": true, "ecology.forest": true, "construction.abandoned": true}

func (w *writer) desk() bool {
	category, rest, _ := strings.Cut(w.in.Fact, ".")
	sub, _, _ := strings.Cut(rest, ".")
	return atDesk[category+"."+sub] || atDesk[category] && !onSpot[category+"."+sub]
}

// kind resolves [on the spot^at a desk].
func (w *writer) kind(s string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '[')
		if open < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := open + strings.IndexByte(s[open:], ']')
		b.WriteString(s[:open])
		spot, desk, _ := strings.Cut(s[open+1:end], "^")
		if w.desk() {
			spot = desk
		}
		b.WriteString(spot)
		s = s[end+1:]
	}
}

// Explains tells whether an answer "not now, and why" is possible for the
// fact; where it is not, Make writes an answer that the work is done.
func Explains(fact string) bool { return len(lines(fact, 'x')) > 0 }
