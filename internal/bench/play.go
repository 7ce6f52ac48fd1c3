package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"okno/internal/casework"
	"okno/internal/platform/id"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// hand does what a story tells: seed's in memory, the test's by use cases.
type hand interface {
	file(actor policy.Actor, in casework.FileInput) error
	act(actor policy.Actor, act casework.Action, in casework.Input, at time.Time) error
	until(at time.Time) error // what the case's clock does of itself up to then
	state() casework.Case
}

// play tells the story of report n and has it done by h. Nothing of it lies
// after the end of the span.
func (w *world) play(n int64, h hand) error {
	rng := w.rng("case", n)
	step := w.Span / time.Duration(w.Reports+1)
	at := w.End.Add(-w.Span + step*time.Duration(n) + time.Duration(rng.Int64N(int64(step)+1))).Truncate(time.Millisecond)
	in, who := w.report(n, at, rng)
	if err := h.file(policy.Actor{Person: who, Roles: []policy.Role{policy.Citizen}, Lang: "ru"}, in); err != nil {
		return fmt.Errorf("report %d (%s): %w", n, in.Fact, err)
	}
	t := &told{w: w, h: h, rng: rng, at: at, citizen: policy.Actor{Person: who, Roles: []policy.Role{policy.Citizen}, Lang: "ru"}}
	t.live()
	if t.err == nil {
		t.err = h.until(w.End)
	}
	if t.err != nil {
		c := h.state()
		return fmt.Errorf("report %d (%s, %s, version %d): %w", n, in.Fact, c.Stage, c.Version, t.err)
	}
	return nil
}

// report is what a citizen sends, and who it is.
func (w *world) report(n int64, at time.Time, rng *rand.Rand) (casework.FileInput, id.ID) {
	who := w.people[rng.IntN(len(w.people))]
	if each := max(1, w.Reports/(readers*readerReports)); n%each == 0 && n/each < readers*readerReports {
		who = w.readers[n/each%readers]
	}
	f := w.fact(rng)
	in := casework.FileInput{ID: idAt(at, rng), Number: numberOf(n), At: at, Fact: f.Code, Text: words(rng, f.Name),
		Place: casework.PlaceInput{Address: w.houses[rng.IntN(len(w.houses))]}, Details: detailsOf(f), Channel: "portal", Lang: "ru"}
	if n*w.Largest/w.Reports != (n+1)*w.Largest/w.Reports { // evenly spread over time
		in.Organisation = w.largest
	} else if other := w.orgs[rng.IntN(len(w.orgs))]; other != w.largest {
		in.Organisation = other
	}
	if rng.IntN(20) == 0 {
		in.Place.Note = "у второго подъезда"
	}
	in.Hidden = rng.IntN(25) == 0
	return in, who
}

// numberOf is the public number of the n-th report. Drawn at random, two of a
// million would be the same.
func numberOf(n int64) string {
	const numbers, step = 90_000_000_000, 61_803_398_879 // without a common divisor
	digits := strconv.FormatInt(10_000_000_000+n*step%numbers, 10)
	raw := make([]byte, 32)
	for i := range digits {
		raw[i] = digits[i] - '0'
	}
	return id.NumberFrom(raw)
}

// fact draws a fact, some far more often than others.
func (w *world) fact(rng *rand.Rand) *taxonomy.Fact {
	x := rng.Float64() * w.weights[len(w.weights)-1]
	i, _ := slices.BinarySearch(w.weights, x)
	return w.facts[min(i, len(w.facts)-1)]
}

func detailsOf(f *taxonomy.Fact) map[string]string {
	var d map[string]string
	for _, name := range f.Required {
		if name != taxonomy.FieldPhoto {
			if d == nil {
				d = map[string]string{}
			}
			d[name] = "2"
		}
	}
	return d
}

var beginnings = []string{"Второй месяц просим разобраться:", "Пишу уже не в первый раз.", "Обратите, пожалуйста, внимание:", "Прошу принять меры.",
	"После дождей стало совсем плохо.", "Живу здесь двадцать лет, такого не было.", "Дети ходят мимо в школу.", "Соседи подтвердят:"}

var endings = []string{"Управляющая компания отвечает отписками.", "Раньше за этим следили, теперь никто не приходит.",
	"Готов встретиться с мастером и показать на месте.", "Прошу сообщить, когда будет сделано.", "Фотографии пришлю, если нужно.",
	"Пожилым людям здесь уже не пройти.", "Звонили диспетчеру трижды, заявку принимали и забывали.", "Надеемся на вашу помощь."}

func words(rng *rand.Rand, about string) string {
	var b strings.Builder
	b.WriteString(beginnings[rng.IntN(len(beginnings))])
	fmt.Fprintf(&b, " %s, началось %d дней назад.", strings.TrimSuffix(about, "."), rng.IntN(60)+2)
	for range rng.IntN(3) + 1 {
		b.WriteByte(' ')
		b.WriteString(endings[rng.IntN(len(endings))])
	}
	return b.String()
}

// told is a story in the telling. After the first step that fails, or would
// lie after the end, nothing more happens.
type told struct {
	w       *world
	h       hand
	rng     *rand.Rand
	at      time.Time
	citizen policy.Actor
	err     error
	over    bool
}

// later lets hours go by.
func (t *told) later(from, to int) {
	t.at = t.at.Add(time.Duration(from)*time.Hour + time.Duration(t.rng.Int64N(int64(time.Duration(to-from)*time.Hour)+1))).Truncate(time.Millisecond)
}

func (t *told) chance(percent int) bool { return t.rng.IntN(100) < percent }

// do is one step, if the case still stands where it is possible.
func (t *told) do(who policy.Actor, act casework.Action, in casework.Input, stages ...casework.Stage) bool {
	if t.err != nil || t.over || t.at.After(t.w.End) {
		t.over = true
		return false
	}
	if t.err = t.h.until(t.at); t.err != nil {
		return false
	}
	if !slices.Contains(stages, t.h.state().Stage) {
		t.over = true
		return false
	}
	t.err = t.h.act(who, act, in, t.at)
	return t.err == nil
}

func (t *told) staff() *staff { return t.w.staff[t.h.state().Organisation] }

// live is the life of a report: most are answered within some days and rated
// or not; a few are rejected, withdrawn, handed over, deferred or forgotten.
func (t *told) live() {
	s := t.staff()
	if t.chance(3) {
		t.later(1, 30)
		t.do(t.citizen, casework.Withdraw, casework.Input{Comment: "Уже сделали, спасибо."}, casework.StageModeration)
		return
	}
	t.later(1, 20)
	if t.chance(4) {
		t.do(s.moderator, casework.Reject, casework.Input{Reason: "not_a_problem", Comment: "Вопрос не относится к работе площадки."}, casework.StageModeration)
		return
	}
	accept := casework.Input{}
	if !t.h.state().Hidden && t.chance(50) {
		accept.Comment = "Житель просит разобраться с проблемой у дома."
	}
	t.do(s.moderator, casework.Accept, accept, casework.StageModeration)
	t.later(1, 12)
	if t.chance(4) && s.org != t.w.largest {
		if to := t.w.orgs[t.rng.IntN(len(t.w.orgs))]; to != s.org && to != t.w.largest {
			t.do(s.coordinator, casework.Redirect, casework.Input{Organisation: to, Comment: "Решает другая организация."}, casework.StageCoordination)
			t.later(1, 24)
		}
	}
	t.work(true)
}

// work is coordination, execution, approval and what the citizen makes of it.
func (t *told) work(first bool) {
	s := t.staff()
	hand := s.handlers[0]
	if t.chance(60) {
		hand = s.handlers[t.rng.IntN(len(s.handlers))]
	}
	if t.chance(70) {
		t.do(s.coordinator, casework.Assign, casework.Input{Handler: hand.Person}, casework.StageCoordination)
	} else {
		t.do(hand, casework.Take, casework.Input{}, casework.StageCoordination)
	}
	if t.chance(3) {
		return // forgotten
	}
	if t.chance(8) {
		t.later(2, 30)
		t.do(hand, casework.Ask, casework.Input{Comment: "Уточните, пожалуйста, номер подъезда."}, casework.StageExecution)
		t.later(5, 24*20) // some after the time to reply
		if !t.over && t.err == nil && !t.at.After(t.w.End) {
			if t.err = t.h.until(t.at); t.err == nil && t.h.state().Stage == casework.StageWaiting {
				t.do(t.citizen, casework.Reply, casework.Input{Comment: "Второй подъезд, код 24."}, casework.StageWaiting)
			}
		}
	}
	if t.chance(3) && first {
		t.later(10, 48)
		t.do(s.coordinator, casework.Extend, casework.Input{Comment: "Нужна экспертиза."}, casework.StageExecution)
	}
	t.later(10, 24*8)
	if t.chance(2) && first {
		day := t.at.AddDate(0, 0, 20+t.rng.IntN(60)).Format(time.DateOnly)
		t.do(hand, casework.Defer, casework.Input{Comment: "Работы включены в план, выполним до указанной даты.", PlanDate: day}, casework.StageExecution)
		t.later(2, 40)
		t.do(s.approver, casework.Approve, casework.Input{}, casework.StageApproval)
		return // until the work is done and shown by a photo
	}
	answer := "Сообщаем, что специалисты выехали на место и выполнили работы: осмотрели, устранили причину, проверили результат вместе с жителями. " +
		endings[t.rng.IntN(len(endings))] + " Если проблема повторится, напишите нам ещё раз, мы вернёмся к ней вне очереди."
	t.do(hand, casework.Submit, casework.Input{Comment: answer}, casework.StageExecution)
	t.later(2, 30)
	if t.chance(5) {
		t.do(s.approver, casework.Rework, casework.Input{Comment: "Напишите, когда сделали."}, casework.StageApproval)
		t.later(2, 30)
		t.do(hand, casework.Submit, casework.Input{Comment: answer}, casework.StageExecution)
		t.later(2, 30)
	}
	t.do(s.approver, casework.Approve, casework.Input{}, casework.StageApproval)
	if !t.chance(60) {
		return // the time to rate goes by
	}
	t.later(5, 24*25)
	switch n := t.rng.IntN(100); {
	case n < 5 && first:
		if t.do(t.citizen, casework.Rate, casework.Input{Mark: 1, Solved: "no", Reopen: true, Comment: "Ничего не изменилось."}, casework.StageAnswered) {
			t.later(1, 24)
			t.work(false)
		}
	case n < 15:
		t.do(t.citizen, casework.Rate, casework.Input{Mark: 2, Solved: "no", Comment: "Сделали кое-как."}, casework.StageAnswered)
	default:
		t.do(t.citizen, casework.Rate, casework.Input{Mark: int64(3 + n%3), Solved: "yes"}, casework.StageAnswered)
	}
}
