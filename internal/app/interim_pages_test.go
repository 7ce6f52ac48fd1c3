package app

import (
	"net/url"
	"strings"
	"testing"

	"okno/internal/casework"
)

// An interim answer goes from the handler's form, without scripts, by way of
// approval to the page of the applicant and of who joined, and to nobody else.
func TestTheInterimAnswerReachesItsReaders(t *testing.T) {
	w := newStreet(t)
	if err := w.Journal.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := w.cases[1].number
	page, words, others := "/w/roads/cases/"+n, "Осмотрели яму, смесь привезут на этой неделе.", "Яму осмотрели, ждём смесь."
	w.holds("a coordinator", w.get("roads_coordinator", page), 200, `do=ask`)
	handler := w.by["roads_handler"].person
	w.do("roads_coordinator", n, casework.Assign, casework.Input{Handler: handler})
	w.holds("the case in work", w.get("roads_handler", page), 200, `do=interim`, `do=submit`, `do=defer`, `do=extend`)
	form := w.get("roads_handler", page+"?do=interim")
	w.holds("the form", form, 200, page+`/interim`, "Промежуточный ответ заявителю", `name="files"`, "Срок не изменится")
	w.lacks("the form", form, "Снимок места после работ")

	version := url.Values{"version": {w.version("roads_handler", n)}, "comment": {" "}}
	w.holds("an empty form", w.post("roads_handler", page+"/interim", version), 422, `id="comment"`, "Промежуточный ответ заявителю: ")
	version["comment"], version["attachment"] = []string{words}, []string{w.photo(t.Context(), handler).String()}
	letter := "Нина, осмотрели яму, смесь привезут на этой неделе."
	version["comment"] = []string{letter}
	w.holds("a form without words for jana, who joined", w.post("roads_handler", page+"/interim", version), 422, `id="shared"`, "Ответа ждут и присоединившиеся", ">"+words+"</textarea>", letter)
	version["shared"] = []string{letter}
	w.holds("words for jana with the author's name", w.post("roads_handler", page+"/interim", version), 422, `id="shared"`, "имя автора: Нина")
	version["comment"], version["shared"] = []string{words}, []string{others}
	sent := w.post("roads_handler", page+"/interim", version)
	w.holds("the filled form", sent, 303)
	w.holds("after it", w.after("roads_handler", sent), 200, "Промежуточный ответ на согласовании.", "промежуточный ответ отправлен на согласование")
	w.lacks("the report before approval", w.get("nina", "/reports/"+n), words, "ромежуточный ответ")

	w.holds("the approver", w.get("roads_approver", page), 200, "Проект промежуточного ответа", words, "Прочтут присоединившиеся", others)
	w.holds("approval", w.post("roads_approver", page+"/approve", url.Values{"version": {w.version("roads_approver", n)}}), 303)
	back := w.get("roads_handler", page)
	w.holds("the case back in work", back, 200, `do=submit`, "промежуточный ответ согласован и отправлен", words)
	for who, said := range map[string]string{"nina": words, "jana": others} {
		got := w.get(who, "/reports/"+n)
		w.lacks("the report of "+who, got, map[string]string{"nina": others, "jana": words}[who])
		w.holds("the report of "+who, got, 200, "Промежуточный ответ: ", said, "Дали промежуточный ответ", "Работа продолжается, срок прежний.", "/reports/"+n+"/files/2")
		w.lacks("the report of "+who, got, "Обещали закончить", `name="mark"`)
	}
	for _, who := range []string{"nobody", "oleg"} {
		w.lacks(who, w.get(who, "/reports/"+n+"/public"), words, "ромежуточный")
	}
	if err := w.Jobs.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	for who, want := range map[string]string{"nina": "дали промежуточный ответ. Срок прежний", "jana": "дали промежуточный ответ. Срок прежний", "roads_handler": "согласован и отправлен"} {
		bell := w.get(who, "/notices")
		if got := strings.Count(bell.Body.String(), want); got != 1 {
			t.Errorf("%s is told of it %d times", who, got)
		}
	}
}

// The way of a report keeps each promise as it was made.
func TestEachPromiseKeepsItsDate(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	handler := w.by["roads_handler"].person
	w.do("roads_coordinator", n, casework.Assign, casework.Input{Handler: handler})
	day := func(days int) string { return w.Clock.Now().AddDate(0, 0, days).Format("2006-01-02") }
	for _, days := range []int{40, 70} {
		w.do("roads_handler", n, casework.Defer, casework.Input{Comment: "Включили в план.", Shared: "Включили в план.", PlanDate: day(days)})
		w.do("roads_approver", n, casework.Approve, casework.Input{})
	}
	got := w.get("nina", "/reports/"+n).Body.String()
	promises := strings.Split(got, "Обещали закончить работы ")[1:]
	if len(promises) != 2 {
		t.Fatalf("%d promises on the page", len(promises))
	}
	first, _, _ := strings.Cut(promises[0], "<")
	second, _, _ := strings.Cut(promises[1], "<")
	if first == second {
		t.Errorf("both promises say %q", first)
	}
}
