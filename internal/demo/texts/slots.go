package texts

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// months in the genitive.
var months = [...]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}

// inMonths in the prepositional case.
var inMonths = [...]string{"январе", "феврале", "марте", "апреле", "мае", "июне", "июле", "августе", "сентябре", "октябре", "ноябре", "декабре"}

func day(t time.Time) string { return fmt.Sprintf("%d %s", t.Day(), months[t.Month()-1]) }

// Durations, in the forms that sentences need.
var since = []string{
	"вторую неделю", "третью неделю", "уже неделю", "уже десять дней", "почти месяц", "второй месяц", "третий месяц", "с прошлой пятницы", "с понедельника",
	"с прошлых выходных", "с начала месяца", "вот уже полмесяца", "дней пять", "четвёртый день", "недели три",
}

var passed = []string{
	"прошла неделя", "прошло две недели", "прошло десять дней", "прошёл почти месяц", "прошло три недели", "минул месяц", "прошло полмесяца", "прошли выходные",
	"прошло дней восемь", "прошло больше недели", "прошло уже сколько дней", "пролетела неделя",
}

var weather = [4][]string{
	{"в мороз", "по снегу", "в темноте", "по льду", "в метель"},
	{"в распутицу", "под дождём", "по лужам", "в слякоть", "после талой воды"},
	{"в жару", "после ливня", "в пыли", "на солнцепёке", "в грозу"},
	{"под дождём", "в слякоть", "по листьям", "в темноте", "по грязи"},
}

func season(m time.Month) int { return int(m) % 12 / 3 }

// fill puts values into the slots of an expanded fragment. A slot that is not
// known stays as it is, and the tests find it.
func (w *writer) fill(s string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '<')
		if open < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := strings.IndexByte(s[open:], '>')
		if end < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:open])
		b.WriteString(w.slot(s[open+1 : open+end]))
		s = s[open+end+1:]
	}
}

// slot names: at, home (place); since, passed, weather, month, inmonth (time); when,
// plan (dates of the answer); polite, org; why (of a redirect), x (of a refusal), w (of a delay); who (an official); about, todo, done, still (the
// fact); n:3-9 a number; г:был/была by the applicant's sex.
func (w *writer) slot(name string) string {
	switch name {
	case "at":
		return w.in.Place.at(w.rng)
	case "home":
		return w.in.Place.home(w.rng)
	case "since":
		return w.any(since)
	case "passed":
		return w.any(passed)
	case "weather":
		return w.any(weather[season(w.in.Month)])
	case "month":
		return months[w.in.Month-1]
	case "inmonth": // two months before the report: «в июне» without the preposition
		return inMonths[(int(w.in.Month)+9)%12]
	case "when":
		if w.in.Done.IsZero() {
			return w.any([]string{"на этой неделе", "на прошлой неделе", "вчера", "позавчера", "в начале недели"})
		}
		return day(w.in.Done)
	case "plan":
		if w.in.Plan.IsZero() {
			return w.any([]string{"конца следующего месяца", "середины следующего месяца", "конца квартала"})
		}
		return day(w.in.Plan)
	case "polite":
		return w.in.Polite
	case "org":
		if w.in.Org == "" {
			return w.any([]string{"наша служба", "наше учреждение", "наша организация"})
		}
		return w.in.Org
	case "about":
		return w.line('~')
	case "todo":
		return w.line('+')
	case "done":
		return w.line('=')
	case "still":
		return w.line('!')
	case "why":
		return w.why()
	case "x":
		return w.any1('x', "сначала идут более срочные случаи")
	case "w":
		return w.any1('w', "{ждём согласования|не хватает людей|нужны документы из другого ведомства}")
	case "who":
		if w.desk() {
			return w.any([]string{"специалист", "куратор", "начальник отдела", "заместитель руководителя"})
		}
		return w.any([]string{"мастер", "инженер", "начальник участка", "главный инженер"})
	}
	if forms, ok := strings.CutPrefix(name, "г:"); ok {
		if his, hers, ok := strings.Cut(forms, "/"); ok {
			if w.in.Female {
				return hers
			}
			return his
		}
	}
	if r, ok := strings.CutPrefix(name, "n:"); ok {
		lo, hi, _ := strings.Cut(r, "-")
		a, err1 := strconv.Atoi(lo)
		b, err2 := strconv.Atoi(hi)
		if err1 == nil && err2 == nil && b >= a {
			v := a + w.rng.IntN(b-a+1)
			if v%10 == 1 && v != 11 { // nouns after 21 would need a third form
				v++
			}
			return strconv.Itoa(v)
		}
	}
	return "<" + name + ">"
}

func (w *writer) any(of []string) string { return of[w.rng.IntN(len(of))] }

// why is the reason for which another body answers.
func (w *writer) why() string {
	reason := "{это|объект} {ведёт|содержит} другая организация"
	if l := w.lines('m'); len(l) > 0 {
		reason = w.any(l)
	}
	reason = w.expand(reason)
	if w.in.To != "" && w.chance(60) {
		reason += w.expand(", {адресат|ответственный|исполнитель} — ") + w.in.To
	}
	return reason
}

// any1 takes one inherited fragment of a mark, or the default.
func (w *writer) any1(mark byte, otherwise string) string {
	if l := w.lines(mark); len(l) > 0 {
		otherwise = w.any(l)
	}
	return w.fill(w.expand(otherwise))
}
