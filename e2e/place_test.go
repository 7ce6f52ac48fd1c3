package e2e

import (
	"os"
	"strings"
	"testing"

	"okno/internal/casework"
)

// TestPlace: the place of a new report before anything else is known of it.
func TestPlace(t *testing.T) {
	w := open(t)
	nina := chromium(t, w).tab("nina")
	type spot struct{ X, Y float64 }
	middle := func() spot {
		return eval[spot](nina, `(() => { document.querySelector('#place-map').scrollIntoView({block: 'center', behavior: 'instant'}); const r = document.querySelector('#place-map').getBoundingClientRect(); return {X: r.left + r.width / 2 - 60, Y: r.top + r.height / 2 + 4}; })()`)
	}
	fresh := func() {
		eval[bool](nina, `(localStorage.clear(), true)`)
		nina.open("/report/new")
		eval[bool](nina, `(document.querySelector('#place-map').scrollIntoView({block: 'center', behavior: 'instant'}), navigator.geolocation.getCurrentPosition = (ok) => ok({coords: {latitude: 55.75, longitude: 37.62}}), true)`)
		nina.wait("the map", `document.querySelector('.map[data-ready]')`)
	}

	// A search without a find says so to those who see.
	fresh()
	nina.fill("#place", "ъъъъъ")
	nina.says(".field:has(#place)", "Ничего не нашлось. Напишите улицу и дом или укажите место на карте")
	nina.press("Tab")
	nina.says(".field:has(#place)", "Ничего не нашлось.")
	nina.fill("#place", "Рыбацкая улица, 14")
	nina.wait("finds", `document.querySelectorAll('#place-list li').length > 0 && document.querySelector('.field:has(#place) [data-none]').hidden`)

	// A tap on the whole region comes nearer; a tap among houses is the place, also without a topic.
	fresh()
	at := middle()
	nina.clickAt(at.X, at.Y)
	nina.says("#place-map", "Нажмите на место ещё раз")
	if got := eval[string](nina, `document.querySelector('[name=lat]').value`); got != "" {
		nina.fail("a tap on the whole region is taken for %s", got)
	}
	eval[bool](nina, `document.querySelector('#place-map').dispatchEvent(new CustomEvent('okno:show', {detail: {lat: 60.21507, lon: 31.983863}}))`)
	nina.wait("the pin among houses", `document.querySelector('[name=lat]').value === '60.215070' && document.querySelector('#place-map[data-near]') !== null`)
	at = middle()
	nina.clickAt(at.X, at.Y)
	nina.wait("the words of the pin", `document.querySelector('#place').value`)
	nina.says("#owner", "Место: "+eval[string](nina, `document.querySelector('#place').value`))
	if got := eval[bool](nina, `document.querySelector('input[name=fact]:checked') !== null`); got {
		nina.fail("a topic is chosen")
	}
	nina.quiet("the place")

	// A point outside of the region is no place.
	fresh()
	nina.click("#place-map .map-tools button:nth-child(3)")
	nina.says("#owner", "за границей области")
	nina.says("#place-map", "за границей области")
	nina.wait("the pin to go", `!document.querySelector('#place-map .pin') && document.querySelector('[name=lat]').value === ''`)
}

// TestJoinKeeps: joining from the form says that the words are not sent, and keeps them.
func TestJoinKeeps(t *testing.T) {
	w := open(t)
	const here = "Верхнеозёрск, Рыбацкая улица, 14"
	number := w.file("pavel", "roads.surface.pothole", here, "Яма у школы, колесо уже пробили.", w.upload("pavel", "Яма.jpg", w.picture("pothole", 9, false)))
	w.act("olga", number, casework.Accept, casework.Input{})

	p := w.client("nina").get("/report/new").form("/report/new").set("text", words).set("fact", "roads.surface.pothole").set("place", here).send("step=check")
	p.want(422, "Написанное здесь при этом не отправится", "Оно останется в форме на час")
	if strings.Contains(p.text(), "Черновик останется") {
		t.Error("without scripts the form tells of a draft in the browser")
	}

	nina := chromium(t, w).tab("nina")
	nina.open("/report/new")
	nina.fill("#text", words)
	nina.wait("topics", `document.querySelector('#topics input[value="roads.surface.pothole"]')`)
	nina.click(`#topics input[value="roads.surface.pothole"]`)
	nina.fill("#place", here)
	nina.wait("places", `document.querySelector('#place-list li')?.firstChild.textContent.endsWith('14')`)
	nina.press("Down", "Enter")
	nina.says("#near", "Написанное здесь при этом не отправится", "Черновик останется")
	nina.wait("one of both ways to keep", `!document.querySelector('#near').innerText.includes('Оно останется')`)
	nina.wait("the draft", `Object.values(localStorage).some((v) => v.includes('Рыбацкой'))`)
	nina.leave(func() { nina.click("#near button") })
	nina.says("#flash", "Вы присоединились")
	nina.open("/report/new")
	nina.wait("the words", `document.querySelector('#text').value === `+`%s`, words)
}

// TestRemove: without scripts a file that came with the form is taken out of it again.
func TestRemove(t *testing.T) {
	w := open(t)
	picture, err := os.ReadFile(w.picture("pothole", 3, false))
	w.must(err)
	other, err := os.ReadFile(w.picture("pothole", 4, false))
	w.must(err)
	f := w.client("nina").get("/report/new").form("/report/new").set("text", words).set("fact", "roads.surface.pothole").set("place", "Верхнеозёрск, Рыбацкая улица, 14")
	p := f.attach("files", "Яма.jpg", picture).attach("files", "Двор.jpg", other).send("step=check").want(200, "Яма.jpg", "Двор.jpg", "Убрать")
	f = p.form("/report/new")
	p = f.send("drop="+f.options("attachment")[0]).want(200, "Двор.jpg").lacks("Яма.jpg")
	if got := p.form("/report/new"); got.value("text") != words || len(got.options("attachment")) != 1 {
		t.Errorf("the form has %q and the files %q", got.value("text"), got.options("attachment"))
	}
}
