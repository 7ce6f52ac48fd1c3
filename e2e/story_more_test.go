package e2e

import (
	"strings"
	"time"

	"okno/internal/casework"
)

// others: what a stranger and a neighbour see.
func (s *story) others() {
	out := s.b.tab("")
	out.open("/reports/" + s.number + "/public")
	out.says("main", "Яма", "Рыбацкая улица, 14", "рядом школа")
	for _, secret := range []string{"Нина", "перед воротами", "Гарантия", "бьют колёса", "Тимур"} {
		if strings.Contains(eval[string](out, "document.documentElement.outerHTML"), secret) {
			out.fail("a stranger sees %q", secret)
		}
	}
	out.wait("the photo that was released", `document.querySelectorAll('.photo img').length === 1 && document.querySelector('.photo img').naturalWidth > 0`)
	out.look("public", true)
	out.open("/map")
	out.wait("the map", `document.querySelector('.map[data-ready]')`)
	out.look("map", true)

	// Pavel joins a report of Nina's that is under way.
	pavel := s.b.tab("pavel")
	number := s.w.file("nina", "roads.surface.pothole", "Верхнеозёрск, Рыбацкая улица, 20", "Ещё одна яма, теперь у поворота на Школьную. Мой номер 900 000-00-00.", s.w.upload("nina", "Яма.jpg", s.w.picture("pothole", 9, false)))
	s.w.act("olga", number, casework.Accept, casework.Input{})
	pavel.open("/reports/" + number + "/public")
	pavel.look("public-join")
	pavel.go_("text=Присоединиться")
	pavel.says("#flash", "Вы присоединились")
	pavel.says("main", "Вы присоединились", "Срок ответа")
	if strings.Contains(eval[string](pavel, "document.documentElement.outerHTML"), "900 000") {
		pavel.fail("who joined sees the author's words")
	}
	pavel.look("report-joined")
}

// twoAtOnce: two officers have the same case open; the second one's words stay.
func (s *story) twoAtOnce() {
	number := s.w.file("pavel", "roads.surface.pothole", "Верхнеозёрск, Набережная улица, 7", "Провал у бордюра, обходим по траве.", s.w.upload("pavel", "Яма.jpg", s.w.picture("pothole", 11, false)))
	s.w.act("olga", number, casework.Accept, casework.Input{})
	s.irina.open("/w/" + roads + "/cases/" + number)
	s.w.act("irina", number, casework.Assign, casework.Input{Handler: s.w.people["vera"]})
	s.irina.click(`[data-dialog="do-redirect"]`)
	s.irina.wait("the dialog", `document.querySelector('#do-redirect:modal')`)
	s.irina.fill("#redirect-organisation", "Администрация Верхнеозёрска")
	s.irina.wait("organisations", `document.querySelectorAll('#redirect-organisation-list li').length > 0`)
	s.irina.press("Down", "Enter")
	s.irina.fill("#redirect-comment", "Это внутриквартальный проезд, его ведёт администрация.")
	s.irina.go_("text=Передать организации")
	s.irina.says(".panel", "Пока вы работали, дело изменилось", "Вера Гусева")
	if got := eval[string](s.irina, `document.querySelector('#comment').value`); !strings.Contains(got, "внутриквартальный") {
		s.irina.fail("what was typed is lost: %q", got)
	}
	if got := eval[string](s.irina, `document.querySelector('#organisation').value`); !strings.Contains(got, "Администрация") {
		s.irina.fail("the organisation that was chosen is lost: %q", got)
	}
	s.irina.look("work-stale")
	s.irina.go_("text=Передать организации")
	s.irina.says("#flash", "Дело передано")
}

// several: one action on several cases.
func (s *story) several() {
	olga := s.olga
	olga.open("/w/" + roads + "?folder=moderation")
	olga.press("j", "x", "j", "x")
	olga.says(".bulk", "2")
	olga.look("work-chosen")
	olga.go_("text=Принять")
	olga.says("#flash", "Сделано. Дел: 2")
	s.irina.open("/w/" + roads + "?folder=coordination")
	s.irina.press("j", "x", "j", "x")
	s.irina.leave(func() { s.irina.click(`.bulk [value="assign"]`) })
	if eval[bool](s.irina, `!!document.querySelector('.errors')`) {
		s.irina.fail("an error before anything was asked")
	}
	s.irina.look("bulk-assign")
	s.irina.choose("#handler", "Вера Гусева")
	s.irina.go_("text=Назначить исполнителя")
	s.irina.says("#flash", "Сделано")
	s.irina.quiet("several")
}

// places are the pages that the story did not come by.
func (s *story) places() {
	s.nina.open("/account")
	s.nina.look("account")
	s.nina.open("/help/report-or-appeal")
	s.nina.look("help")
	s.nina.open("/nothing-here")
	s.nina.look("missing")
	anna := s.b.tab("anna")
	anna.open("/w/" + roads + "/officers")
	anna.look("officers")
	anna.open("/w/" + roads + "/hours")
	anna.look("hours")
	anna.open("/w/" + roads + "?folder=closed")
	anna.look("work-closed")
	anna.open("/w/" + roads + "?folder=all&category=health")
	anna.look("work-empty")
}

// act does a step of a case as an officer, beside the browser.
func (w *world) act(who, number string, action casework.Action, in casework.Input) {
	w.t.Helper()
	_, err := w.app.Cases.Act(w.t.Context(), w.officer(who), number, action, in)
	w.must(err)
	time.Sleep(time.Millisecond)
}

// act opens the form of an action, from the menu if it stands there, fills in
// its words and sends it.
func (p *tab) act(action, words, submit string) {
	p.t.Helper()
	p.wait("the action", `document.querySelector('[data-dialog="do-`+action+`"]')`)
	if eval[bool](p, `document.querySelector('[data-dialog="do-`+action+`"]').closest('details:not([open])') !== null`) {
		p.click("details.menu:has([data-dialog='do-" + action + "']) > summary")
	}
	p.click(`[data-dialog="do-` + action + `"]`)
	p.wait("the dialog", `document.querySelector(%s)`, "#do-"+action+":modal")
	p.fill("#"+action+"-comment", words)
	p.go_("text=" + submit)
}

// choose picks an option of a select by its words.
func (p *tab) choose(sel, words string) {
	p.t.Helper()
	p.wait("to see "+sel, find+`%s)`, sel)
	ok := eval[bool](p, `(() => { const e = document.querySelector(%s); const o = [...e.options].find((o) => o.text.includes(%s)); if (!o) return false; e.focus(); e.value = o.value; e.dispatchEvent(new Event('change', {bubbles: true})); return true; })()`, sel, words)
	if !ok {
		p.fail("%s offers no %q", sel, words)
	}
}
