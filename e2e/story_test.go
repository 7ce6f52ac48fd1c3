package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// TestStory plays one report from its first words to the second rating, with
// everybody who has a part in it.
func TestStory(t *testing.T) {
	w := open(t)
	s := &story{t: t, w: w, b: chromium(t, w)}
	s.files()
	s.moderates()
	s.coordinates()
	s.asksAndReplies()
	s.answers()
	s.ratesAndReopens()
	s.secondRound()
	s.others()
	s.twoAtOnce()
	s.several()
	s.places()
}

// story is the report that the people of the test deal with.
type story struct {
	t      *testing.T
	w      *world
	b      *browser
	number string

	nina, olga, irina, timur, oleg *tab
}

const words = "На Рыбацкой напротив дома 14 глубокая яма на проезжей части, машины бьют колёса. Вечером её не видно, рядом школа."

// files is how Nina writes her report: from the words to the number.
func (s *story) files() {
	p := s.b.tab("")
	p.open("/")
	p.look("home-out", true)
	p.open("/sign-in")
	p.look("sign-in")
	p.open("/register")
	p.look("register")

	nina := s.b.tab("nina")
	s.nina = nina
	nina.open("/")
	nina.says("main", "Ждут вас", "Ответить на вопрос", "Проверить и оценить")
	nina.look("home")
	nina.open("/reports")
	nina.look("mine")
	nina.open("/report/new")
	nina.look("new-empty")

	nina.fill("#text", words)
	nina.wait("topics for the words", `document.querySelectorAll('#topics input[name="fact"]').length >= 2`)
	nina.look("new-words")
	nina.click(`#topics input[value="roads.surface.pothole"]`)
	nina.wait("the topic to stay chosen", `document.querySelector('#topics input[value="roads.surface.pothole"]').checked`)
	nina.says("#photo-needed", "нужно фото")

	// A topic may be searched for, and a topic of the list replaces it again.
	nina.click("text=Найти тему в списке")
	nina.fill("#fact-text", "фонарь")
	nina.wait("topics by name", `document.querySelectorAll('#fact-text-list li').length > 1`)
	nina.look("new-topic-search")
	nina.press("Down", "Enter")
	nina.wait("the topic that was searched for", `document.querySelector('#topics input:checked')?.value.startsWith('lighting.')`)
	nina.click(`#topics input[value="roads.surface.pothole"]`)
	nina.wait("the line to be empty", `document.querySelector('#fact-text').value === ''`)

	// The place by address, by a pin on the map, and by address again.
	nina.fill("#place", "Рыбацкая улица, 14")
	nina.wait("places", `document.querySelectorAll('#place-list li').length > 0`)
	nina.press("Down", "Enter")
	nina.wait("the plan", `document.querySelector('#plan .frame')`)
	nina.says("#plan", "Дорожная служба Верхнеозёрска", "до ")
	nina.wait("the map", `document.querySelector('.map[data-ready]')`)
	nina.says("#near", "Рядом уже сообщили", "Оно у вас есть")
	before := eval[string](nina, `document.querySelector('[name=lat]').value`)
	eval[bool](nina, `document.querySelector('#place-map').scrollIntoView({block: 'center', behavior: 'instant'}), true`)
	type spot struct{ X, Y float64 }
	at := eval[spot](nina, `(() => { const r = document.querySelector('#place-map').getBoundingClientRect(); return {X: r.left + r.width / 2 - 60, Y: r.top + r.height / 2 + 4}; })()`)
	nina.clickAt(at.X, at.Y)
	nina.wait("the pin to move", `document.querySelector('[name=lat]').value !== %s`, before)
	nina.wait("a place for the pin", `document.querySelector('#plan .frame')`)

	// A photo, with its progress; a file of a wrong kind says why and harms nothing.
	nina.attach("#files", s.w.picture("pothole", 3, false))
	nina.wait("the photo", `document.querySelectorAll('input[name="attachment"]').length === 1`)
	nina.attach("#files", s.w.write("photo.jpg", "<html><script>alert(1)</script></html>"))
	nina.says(".files", "photo.jpg")
	nina.wait("the refusal", `document.querySelector('.files .state.bad')`)
	nina.look("new-refused-file")
	nina.click(`.files li:has(.state.bad) button`)
	nina.look("new-ready", true)

	// What was typed, chosen and sent is still there when the page is opened again.
	nina.open("/report/new")
	nina.wait("the draft", `document.querySelector('#text').value.includes('Рыбацкой')`)
	nina.wait("topics for the draft", `document.querySelectorAll('#topics input[name="fact"]').length >= 2`)
	nina.wait("the topic of the draft", `document.querySelector('#topics input[value="roads.surface.pothole"]')?.checked`)
	nina.wait("the photo of the draft", `document.querySelectorAll('.files input[name="attachment"]').length === 1`)
	nina.wait("no wish for another photo", `!document.querySelector('#photo-needed .state')`)
	nina.click(`.files li button`)
	nina.wait("the wish for a photo", `document.querySelector('#photo-needed .state')`)
	nina.fill("#place", "Рыбацкая улица, 14")
	nina.wait("places", `document.querySelectorAll('#place-list li').length > 0`)
	nina.press("Down", "Enter")
	nina.wait("the plan", `document.querySelector('#plan .frame')`)
	nina.go_("text=Отправить сообщение") // without the photo that the topic needs
	nina.says("main", "Приложите фото")
	nina.look("new-errors")
	nina.attach("#files", s.w.picture("pothole", 3, false))
	nina.wait("the photo", `document.querySelectorAll('input[name="attachment"]').length === 1`)
	nina.wait("the plan", `document.querySelector('#plan .frame')`)
	nina.go_("text=Отправить сообщение")
	nina.says("#flash", "Сообщение принято")
	s.number = strings.TrimPrefix(nina.path(), "/reports/")
	if len(s.number) != 12 {
		nina.fail("no number after filing")
	}
	nina.says("main", "Принято", "Дорожная служба", "Вам ответят")
	nina.look("report-received")
	nina.open("/report/new")
	nina.wait("an empty form", `document.querySelector('#text').value === ''`)
}

// moderates: Olga accepts with an excerpt and shows the photo to all.
func (s *story) moderates() {
	olga := s.b.tab("olga")
	s.olga = olga
	if !strings.HasPrefix(olga.path(), "/w/"+roads) {
		olga.fail("an officer begins in the workspace")
	}
	olga.look("work-list", true)
	olga.open("/w/" + roads + "/cases/" + s.number)
	olga.look("work-moderation")
	olga.click(`[data-dialog="do-accept"]`)
	olga.wait("the dialog", `document.querySelector('#do-accept:modal')`)
	olga.fill("#accept-comment", "Глубокая яма на проезжей части у дома 14, рядом школа.")
	olga.click(`#do-accept input[name="released"]`)
	olga.look("work-accept")
	olga.go_("text=Принять и передать")
	olga.says("#flash", "Принято")
	olga.quiet("moderation")
}

// coordinates: Irina assigns Timur, by keys alone.
func (s *story) coordinates() {
	irina := s.b.tab("irina")
	s.irina = irina
	irina.open("/w/" + roads + "?folder=coordination")
	irina.says(".queue", "Координация")
	irina.press("?")
	irina.wait("the list of keys", `document.querySelector('#keys:modal')`)
	irina.look("work-keys")
	irina.press("Escape")
	for range 20 {
		irina.press("j")
		if strings.Contains(eval[string](irina, `document.activeElement.href ?? ''`), s.number) {
			break
		}
	}
	irina.press("k", "j", "x", "x")
	irina.press("Enter")
	irina.wait("the case beside the list", `document.querySelector('.panel[data-open]') && location.href.includes(%s)`, s.number)
	irina.says(".panel", "Рыбацкая улица, 14", "Назначить")
	irina.press("a")
	irina.wait("the dialog", `document.querySelector('#do-assign:modal')`)
	irina.choose("#assign-handler", "Тимур Ахметов")
	irina.look("work-assign")
	irina.press("Tab", "Tab") // over the note to the button
	irina.leave(func() { irina.press("Enter") })
	irina.says("#flash", "Исполнитель назначен")
	irina.look("work-assigned")
}

// asksAndReplies: Timur has a question, Nina answers it.
func (s *story) asksAndReplies() {
	timur := s.b.tab("timur")
	s.timur = timur
	timur.open("/w/" + roads + "?folder=mine")
	timur.look("work-mine")
	timur.open("/w/" + roads + "/cases/" + s.number)
	timur.act("ask", "Скажите, яма ближе к школе или к магазину?", "Отправить вопрос")
	timur.says("#flash", "Вопрос отправлен")
	timur.says(".panel", "срок стоит")

	s.bell("По сообщению № %s вам задали вопрос")
	nina := s.nina
	nina.open("/notices")
	nina.look("notices")
	nina.open("/reports/" + s.number)
	nina.says("main", "Вас спрашивают", "ближе к школе", "срок стоит")
	nina.look("report-asked")
	nina.go_("#reply form button:not([type=button])") // empty first
	nina.wait("the refusal", `document.querySelector('.errors')`)
	nina.look("report-reply-empty")
	nina.fill("#comment", "Ближе к школе, прямо перед воротами.")
	nina.go_("#reply form button:not([type=button])")
	nina.says("#flash", "Ответ отправлен")
	nina.says("main", "перед воротами")
}

// answers: without a photo it can't, Oleg returns it once, then approves.
func (s *story) answers() {
	timur := s.timur
	timur.open("/w/" + roads + "/cases/" + s.number)
	timur.says(".panel", "перед воротами")
	timur.act("submit", "Здравствуйте. Яму вырубили и заделали.", "Отправить на согласование")
	timur.says(".panel", "Приложите фото или акт")
	timur.look("work-no-proof")
	if got := eval[string](timur, `document.querySelector('#comment').value`); !strings.Contains(got, "заделали") {
		timur.fail("what was typed is lost: %q", got)
	}
	timur.attach("#files", s.w.picture("pothole", 3, true))
	timur.wait("the photo", `document.querySelector('.panel input[name="attachment"]')`)
	timur.go_("text=Отправить на согласование")
	timur.says("#flash", "Ответ на согласовании")

	oleg := s.b.tab("oleg")
	s.oleg = oleg
	oleg.open("/w/" + roads + "/cases/" + s.number)
	oleg.says(".panel", "Проект ответа", "вырубили")
	oleg.look("work-approval", true)
	oleg.act("rework", "Напишите, какая гарантия на ремонт.", "Вернуть на доработку")
	oleg.says("#flash", "Возвращено")

	timur.open("/w/" + roads + "/cases/" + s.number)
	timur.says(".panel", "какая гарантия")
	timur.click(`[data-dialog="do-submit"]`)
	timur.wait("the dialog", `document.querySelector('#do-submit:modal')`)
	timur.fill("#submit-comment", "Здравствуйте. Яму вырубили и заделали горячей смесью, 7,4 м². Гарантия на ремонт два года.")
	timur.wait("the photo of the returned answer", `document.querySelector('#do-submit input[name="again"]:checked')`)
	timur.look("work-submit")
	timur.go_("text=Отправить на согласование")

	oleg.open("/w/" + roads + "/cases/" + s.number)
	oleg.leave(func() { oleg.press("s") })
	oleg.says("#flash", "Ответ отправлен заявителю")
	oleg.quiet("approval")
}

// ratesAndReopens: Nina sees the answer and sends it back in the same step.
func (s *story) ratesAndReopens() {
	s.bell("На сообщение № %s ответили")
	nina := s.nina
	nina.open("/reports/" + s.number)
	nina.says("main", "Есть ответ", "Гарантия на ремонт два года", "До.", "После.", "Оцените ответ")
	nina.look("report-answered", true)
	nina.go_("#rate form button:not([type=button])") // nothing said
	nina.says(".errors", "решена ли проблема")
	nina.says(".errors", "оценку")
	nina.click(`#rate input[name="solved"][value="no"] + span`)
	nina.click(`#rate input[name="reason"][value="partly"]`)
	nina.fill("#comment", "Яму заделали, но рядом осталась вторая, у самых ворот школы.")
	nina.click(`#rate input[name="mark"][value="3"] + span`)
	nina.look("report-rating", true)
	nina.go_("#rate form button:not([type=button])")
	nina.says("main", "На повторном рассмотрении")
	nina.look("report-reopened")
}

// secondRound: the case goes the way once more and ends.
func (s *story) secondRound() {
	case_ := "/w/" + roads + "/cases/" + s.number
	irina := s.irina
	irina.open(case_)
	irina.says(".panel", "вторая, у самых ворот")
	irina.click(`[data-dialog="do-assign"]`)
	irina.wait("the dialog", `document.querySelector('#do-assign:modal')`)
	irina.choose("#assign-handler", "Тимур Ахметов")
	irina.go_("text=Назначить исполнителя")
	timur := s.timur
	timur.open(case_)
	timur.click(`[data-dialog="do-submit"]`)
	timur.wait("the dialog", `document.querySelector('#do-submit:modal')`)
	timur.fill("#submit-comment", "Вторую яму у ворот школы тоже заделали, участок проверили целиком.")
	timur.attach("#submit-files", s.w.picture("pothole", 4, true))
	timur.wait("the photo", `document.querySelector('#do-submit input[name="attachment"]')`)
	timur.go_("text=Отправить на согласование")
	s.oleg.open(case_)
	s.oleg.leave(func() { s.oleg.press("s") })

	nina := s.nina
	nina.open("/reports/" + s.number)
	nina.says("main", "Вторую яму", "Оцените ответ")
	if strings.Contains(nina.text("#rate"), "Вернуть на доработку") {
		nina.fail("a second reopening is offered")
	}
	nina.click(`#rate input[name="solved"][value="yes"] + span`)
	nina.click(`#rate input[name="mark"][value="5"] + span`)
	nina.go_("#rate form button:not([type=button])")
	nina.says("main", "Решено")
	nina.look("report-solved", true)
	nina.open("/account/reads")
	nina.says("main", "Дорожная служба Верхнеозёрска")
	nina.look("reads")
}

// bell demands that the notices of Nina say so; they come a moment later.
func (s *story) bell(word string) {
	word = fmt.Sprintf(word, s.number[:4]+" "+s.number[4:8]+" "+s.number[8:])
	s.nina.t.Helper()
	for range 40 {
		s.nina.open("/notices")
		if strings.Contains(s.nina.text("main"), word) {
			return
		}
	}
	s.nina.fail("the bell does not say %q: %s", word, s.nina.text("main"))
}
