package texts

import "strings"

// thanks is the one fact that asks for nothing.
const thanks = "other.unsorted.thanks"

// report writes the applicant's words and the excerpt for strangers.
func (w *writer) report() (full, excerpt string) {
	problem := w.lines('p')
	if len(problem) == 0 {
		problem = []string{"<at> {давняя|нерешённая|одна и та же} {беда|проблема}, {пишу|обращаюсь} <about>, {сил больше нет|сами не справимся|хотим ясности} <since>"}
	}
	first := w.fresh("", func() string { return w.manner(sentence(w.fill(w.expand(w.any(problem))))) })
	sentences := []string{}
	add := func(of []string) { // unless it only says again what was said
		before := strings.Join(sentences, " ")
		if told := w.fresh(before, func() string { return w.say(w.any(of)) }); echo(before, told) < phrase {
			sentences = append(sentences, told)
		}
	}
	harm := func() {
		if told := w.fresh(strings.Join(sentences, " "), func() string { return w.tell('h') }); told != "" && !w.townish(told) {
			sentences = append(sentences, told)
		}
	}
	opening := func() {
		greet := ""
		if w.chance(6) {
			greet = w.expand(w.kind(w.any(greetings))) + " "
		}
		if greet == "" {
			sentences = append(sentences, first)
			return
		}
		sentences = append(sentences, sentence(greet+lower(first)))
	}
	voice := w.rng.IntN(100)
	if category, rest, _ := strings.Cut(w.in.Fact, "."); voice >= 55 && voice < 70 {
		sub, _, _ := strings.Cut(rest, ".")
		if young[category] || young[category+"."+sub] {
			voice = 99
		}
	}
	switch {
	case w.in.Fact == thanks:
		sentences = append(sentences, first)
	case voice < 16: // terse
		opening()
		if w.chance(35) {
			add(shortRequests)
		}
	case voice < 40: // worried
		opening()
		harm()
		if w.chance(40) {
			add(worries)
		}
		add(requests)
	case voice < 55: // ironic
		sentences = append(sentences, first)
		add(ironies)
		if w.chance(50) {
			harm()
		}
	case voice < 70: // elderly
		opening()
		if w.chance(60) {
			harm()
		}
		add(requests)
		add(elders)
	case voice < 88: // detailed
		opening()
		add(histories)
		harm()
		if w.chance(40) {
			from := ready[1:]
			if w.in.Pictured {
				from = ready[:1]
			}
			add(from)
		}
		add(requests)
	default: // plain
		opening()
		add(requests)
	}
	return w.letters(strings.Join(sentences, " ")), w.public(first)
}

// public is what strangers see of the problem's sentence: the same words
// without the house.
func (w *writer) public(first string) string {
	for _, p := range w.in.Place.told() {
		for _, told := range [...]string{p, upper(p)} {
			open := onStreet(w.in.Place.Street)
			if told != p {
				open = upper(open)
			}
			first = strings.ReplaceAll(first, w.letters(told), w.letters(open))
		}
	}
	return first
}

// question writes what the executor asks and what the applicant replies.
func (w *writer) question() (ask, reply string) {
	ask = w.any(questions)
	if l := w.lines('q'); len(l) > 0 && !w.chance(15) {
		ask = w.any(l)
	}
	q, r, _ := strings.Cut(ask, "=>")
	repeats := strings.Contains(r, "<still>")
	q = w.fill(w.expand(w.kind(q)))
	q = strings.TrimSpace(q)
	asked := imperative(q)
	if asked && !strings.HasPrefix(q, "Подскажите") && !strings.HasPrefix(q, "Можете") && !strings.HasPrefix(q, "Уточните") {
		q = strings.TrimSuffix(q, "?")
	}
	switch lead := w.rng.IntN(100); {
	case lead < 55 && !asked:
		q = w.fill(w.expand(w.any(askLeads))) + " " + lower(q)
	case lead < 40 && w.in.Polite != "":
		q = w.in.Polite + ", " + w.fill(w.expand("{чтобы <todo>|чтобы мы могли <todo>|для того чтобы <todo>}")) + ", " + lower(q)
	case w.in.Polite != "":
		q = w.in.Polite + ", " + lower(q)
	}
	r = strings.TrimRight(w.fill(w.expand(w.kind(r))), " .")
	if !repeats && w.chance(40) {
		r += w.expand(w.any([]string{", <still>", ", и <still>", ", в общем, <still>"}))
		r = w.fill(r)
	}
	return sentence(q), sentence(r)
}

// imperative tells whether the question begins with a request to the reader,
// after which no second one may stand.
func imperative(q string) bool {
	for _, verb := range []string{"Подскажите", "Уточните", "Пришлите", "Опишите", "Сделайте", "Приложите", "Назовите", "Расскажите", "Можете"} {
		if strings.HasPrefix(q, verb) {
			return true
		}
	}
	return false
}

// answer is the authority's final answer.
func (w *writer) answer(o Outcome) string {
	switch o {
	case Explained:
		if !Explains(w.in.Fact) {
			return w.answer(Done)
		}
		return w.fresh("", func() string { return w.say(w.any(explained)) })
	case Planned:
		return w.fresh("", func() string { return w.say(w.any(interims)) })
	}
	open := doneOpenings
	if w.in.Late && w.chance(70) {
		open = lateOpenings
	}
	out := w.fresh("", func() string { return w.say(w.any(open)) })
	out += w.more(out, 'f', 100)
	out += w.more(out, 'c', 45)
	return out + w.more(out, 'n', 70)
}

// more adds, in so many of a hundred answers, a sentence of a mark to what was said before.
func (w *writer) more(before string, mark byte, percent int) string {
	if len(w.lines(mark)) == 0 || !w.chance(percent) {
		return ""
	}
	text := w.fresh(before, func() string { return w.tell(mark) })
	if mark == 'n' && w.chance(50) {
		text = w.expand(w.any(nextLeads)) + " " + lower(text)
	}
	return " " + text
}

// second is the answer after the report was reopened.
func (w *writer) second() string {
	out := w.fresh("", func() string { return w.say(w.any(secondsOf(w.in.Reopened))) })
	out += w.more(out, 'f', 100)
	return out + w.more(out, 'n', 60)
}
