package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestDrafts: a form that is opened with a topic or words of its own takes
// nothing of a draft; the draft stays, is offered, and comes back whole.
func TestDrafts(t *testing.T) {
	w := open(t)
	nina := chromium(t, w).tab("nina")
	const pothole, lamp = "Яма на дороге у школы, колесо пробито", "Фонарь во дворе мигает и гаснет"
	text := func(want string) {
		t.Helper()
		nina.wait("the words "+want, `document.querySelector('#text').value === `+`%s`, want)
	}
	stored := func(what string) {
		t.Helper()
		nina.wait("the draft of "+what, `Object.values(localStorage).some((v) => v.includes(%s))`, what)
	}
	nina.open("/report/new")
	nina.fill("#text", pothole)
	nina.wait("topics", `document.querySelector('#topics input[value="roads.surface.pothole"]')`)
	nina.click(`#topics input[value="roads.surface.pothole"]`)
	nina.fill("#note", "у ворот")
	stored("у ворот")

	nina.open("/report/new?fact=lighting.lamps.out")
	nina.wait("the offer", `document.querySelector('[data-return]')`)
	text("")
	nina.wait("the topic of the link", `document.querySelector('#topics input[value="lighting.lamps.out"]').checked && !document.querySelector('#topics input[value="roads.surface.pothole"]')?.checked`)
	nina.says("#report", "В этом браузере есть неотправленное сообщение", pothole)
	nina.fill("#text", lamp)
	stored(lamp)
	stored(pothole)
	nina.leave(func() { nina.do(chromedp.Reload()) })
	text(lamp) // the draft of this form

	nina.open("/report/new?text=%D0%9B%D1%8E%D0%BA")
	text("Люк")
	nina.wait("both offers", `document.querySelectorAll('[data-return]').length === 2`)
	stored("Люк")

	nina.open("/report/new?fact=lighting.lamps.out")
	nina.wait("all offers", `document.querySelectorAll('[data-return]').length === 3`)
	nina.leave(func() {
		eval[bool](nina, `([...document.querySelectorAll('.notice')].find((e) => e.innerText.includes('Яма')).querySelector('[data-return]').click(), true)`)
	})
	text(pothole)
	nina.wait("the rest of it", `document.querySelector('#note').value === 'у ворот' && document.querySelector('#topics input[value="roads.surface.pothole"]')?.checked`)
	nina.says("#report", lamp)
	eval[bool](nina, `([...document.querySelectorAll('.notice')].find((e) => e.innerText.includes('Фонарь')).querySelector('[data-forget]').click(), true)`)
	nina.wait("the other forgotten", `document.querySelectorAll('[data-forget]').length === 1 && !Object.values(localStorage).some((v) => v.includes(%s))`, lamp)
	nina.open("/report/new")
	text(pothole)

	// A form that came back to be looked at keeps its draft.
	nina.leave(func() { nina.click("#send button") })
	nina.open("/report/new")
	text(pothole)
}

// TestDraftOutlivesALostSession: who lost every cookie is told that the draft
// stays in this browser, and finds it in the form after signing in.
func TestDraftOutlivesALostSession(t *testing.T) {
	w := open(t)
	const lost = "Лужа у подъезда не сохнет вторую неделю"
	nina := chromium(t, w).tab("nina")
	nina.open("/report/new")
	nina.fill("#text", lost)
	nina.wait("the draft", `Object.values(localStorage).some((v) => v.includes(%s))`, lost)
	nina.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return chromedp.Void{}, err
	})
	nina.mute = true // the refusal is expected
	nina.leave(func() { nina.click("#send button") })
	nina.says("#main", "Черновик остался в этом браузере")
	nina.wait("no word of a loss", `!document.querySelector('#main').innerText.includes('скопируйте')`)
	if !strings.Contains(eval[string](nina, `[...document.querySelectorAll('#main a')].map((e) => e.getAttribute('href')).join(' ')`), "back=%2Freport%2Fnew") {
		t.Error("signing in doesn't lead back to the form")
	}
	nina.go_("#main a")
	nina.fill("#login", "nina")
	nina.fill("#password", password)
	nina.leave(func() { nina.press("Enter") })
	nina.wait("the words", `document.querySelector('#text').value === `+`%s`, lost)
}
