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

// span is a way to say how long ago something was, of so many days.
type span struct {
	from, to int
	words    []string
}

// Durations, in the forms that sentences need.
var since = []span{
	{0, 2, []string{"третий день", "с позавчерашнего дня", "третьи сутки"}},
	{3, 3, []string{"четвёртый день", "третьи сутки", "вот уже три дня"}},
	{4, 4, []string{"пятый день", "четвёртые сутки", "вот уже четыре дня"}},
	{5, 8, []string{"уже неделю", "дней пять", "почти неделю", "седьмой день", "дней шесть"}},
	{9, 14, []string{"вторую неделю", "уже десять дней", "больше недели", "почти две недели", "дней десять"}},
	{15, 22, []string{"третью неделю", "недели три", "вот уже полмесяца", "больше двух недель", "недели две с половиной"}},
	{23, 33, []string{"почти месяц", "четвёртую неделю", "скоро месяц", "уже месяц"}},
	{34, 400, []string{"второй месяц", "больше месяца", "полтора месяца", "уже полтора месяца"}},
}

// passed is the time since a first complaint, which the trouble outlasts.
var passed = []span{
	{0, 4, []string{"прошло два дня", "прошло уже двое суток"}},
	{5, 8, []string{"прошло четыре дня", "прошло дня три", "прошло пять дней"}},
	{9, 14, []string{"прошла неделя", "прошло дней восемь", "пролетела неделя", "прошли выходные", "прошло больше недели"}},
	{15, 22, []string{"прошло две недели", "прошло десять дней", "прошло полмесяца", "минули две недели", "прошла не одна неделя"}},
	{23, 400, []string{"прошло три недели", "прошёл почти месяц", "прошло полмесяца", "прошло дней двадцать", "минуло три недели"}},
}

// began is when the trouble began, earlier when it was first complained of.
var began = []span{
	{0, 4, []string{"на днях", "позавчера", "в начале недели"}},
	{5, 14, []string{"на прошлой неделе", "с неделю назад", "дней десять назад", "в позапрошлые выходные"}},
	{15, 22, []string{"недели две назад", "недели три назад", "больше двух недель назад"}},
	{23, 33, []string{"с месяц назад", "почти месяц назад", "недели четыре назад"}},
	{34, 400, []string{"больше месяца назад", "месяца полтора назад", "давно", "ещё в позапрошлом месяце"}},
}

var earlier = []span{
	{0, 8, []string{"в первый же день", "сразу", "в тот же вечер", "на следующее утро"}},
	{9, 22, []string{"неделю назад", "дней восемь назад", "в прошлый вторник", "на прошлой неделе"}},
	{23, 400, []string{"три недели назад", "недели три назад", "недели две назад", "больше двух недель назад"}},
}

// span takes one of the ways to say the age of the story's trouble.
func (w *writer) span(of []span) string {
	for _, s := range of {
		if w.age() <= s.to {
			return w.any(s.words)
		}
	}
	return w.any(of[len(of)-1].words)
}

// age is how many days the trouble lasts, one for all texts of the story.
func (w *writer) age() int {
	switch {
	case w.days > 0:
	case w.in.Since > 0:
		w.days = w.in.Since
	default:
		w.days = 3 + w.rng.IntN(42)
	}
	return w.days
}

// detail is an answer of the form, or else a number that holds for the whole story.
func (w *writer) detail(name string, lo, hi int) string {
	if v := w.in.Details[name]; v != "" {
		return v
	}
	if w.drawn == nil {
		w.drawn = map[string]string{}
	}
	if w.drawn[name] == "" {
		w.drawn[name] = strconv.Itoa(lo + w.rng.IntN(hi-lo+1))
	}
	return w.drawn[name]
}

var weather = [4][]string{
	{"на морозе", "в метель", "под снегом", "на ветру"},
	{"под дождём", "на ветру", "в слякоть", "под мокрым снегом"},
	{"на солнцепёке", "под дождём", "в жару", "на пыльной обочине"},
	{"под дождём", "на ветру", "в слякоть", "в сырость"},
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

// slot names: at, home, yard, park, water, bridge (place); since, passed, began,
// earlier, on, weather, month, inmonth (time); when, plan (dates of the answer);
// polite, org; to (of a redirect), x (of a refusal), w (of a delay); who (an
// official); about, todo, done, still (the fact); route, entrance, floor, flat
// (answers of the form); n:3-9 a number; г:был/была by the applicant's sex.
func (w *writer) slot(name string) string {
	switch name {
	case "at":
		return w.in.Place.at(w.rng)
	case "bridge":
		if strings.HasPrefix(w.in.Place.Landmark, "мост") {
			return upper(w.in.Place.Landmark)
		}
		return "Мост " + w.in.Place.at(w.rng)
	case "home":
		return w.in.Place.home(w.rng)
	case "yard":
		return w.in.Place.yard()
	case "park":
		return w.in.Place.park()
	case "water":
		return w.in.Place.water()
	case "since":
		return w.span(since)
	case "passed":
		return w.span(passed)
	case "began":
		return w.span(began)
	case "earlier":
		return w.span(earlier)
	case "on":
		if t, err := time.Parse("02.01.2006, 15:04", w.in.Details["when"]); err == nil {
			return day(t)
		}
		return w.span(earlier)
	case "route":
		return w.detail("route", 1, 47)
	case "entrance":
		return w.detail("entrance", 1, 6)
	case "floor":
		return w.detail("floor", 2, 9)
	case "flat":
		return w.detail("flat", 3, 120)
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
	case "to":
		if w.in.To == "" {
			return "соседняя служба"
		}
		return w.in.To
	case "x":
		return w.any1('x', "сначала идут более срочные случаи")
	case "w":
		if w.in.Frost {
			return w.expand("{ждём тепла|ждём плюсовую температуру|нужны тепло и сухая погода|сезон начнётся весной}, {в мороз так не работают|по технологии иначе нельзя|зимой вышел бы брак|подрядчик выйдет, когда просохнет}")
		}
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

// any1 takes one inherited fragment of a mark, or the default.
func (w *writer) any1(mark byte, otherwise string) string {
	if l := w.lines(mark); len(l) > 0 {
		otherwise = w.any(l)
	}
	return w.fill(w.expand(otherwise))
}
