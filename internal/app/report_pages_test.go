package app

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"okno/internal/casework"
	"okno/internal/platform/errs"
	"okno/internal/platform/id"
)

// do carries a case a step on.
func (w *street) do(who, number string, act casework.Action, in casework.Input) {
	w.t.Helper()
	_, err := w.Cases.Act(w.t.Context(), w.by[who].acting, number, act, in)
	w.must(err)
}

// version is the case's as a person sees it, for forms.
func (w *street) version(who, number string) string {
	w.t.Helper()
	v, err := w.Cases.Read(w.t.Context(), w.by[who].acting, number, "")
	w.must(err)
	return strconv.FormatInt(v.Version, 10)
}

// answered carries the shared case to its answer.
func (w *street) answered() string {
	w.t.Helper()
	n := w.cases[1].number
	handler := w.by["roads_handler"].person
	w.do("roads_coordinator", n, casework.Assign, casework.Input{Handler: handler})
	w.do("roads_handler", n, casework.Submit, casework.Input{Comment: "Яму заделали, полоса открыта.", Shared: "Яму заделали, полоса открыта.", Files: []id.ID{w.photo(w.t.Context(), handler)}})
	w.do("roads_approver", n, casework.Approve, casework.Input{})
	return n
}

// A question stays in the conversation when it has been replied to.
func TestTheQuestionStaysBesideItsReply(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	w.do("roads_coordinator", n, casework.Assign, casework.Input{Handler: w.by["roads_handler"].person})
	w.do("roads_handler", n, casework.Ask, casework.Input{Comment: "С какой стороны остановки яма?"})
	asked := w.get("nina", "/reports/"+n)
	if strings.Count(asked.Body.String(), "С какой стороны остановки яма?") != 1 {
		t.Error("the question that waits doesn't stand once on the page")
	}
	w.do("nina", n, casework.Reply, casework.Input{Comment: "Со стороны аптеки."})
	page := w.get("nina", "/reports/"+n)
	w.holds("the report after the reply", page, 200, "Вас спросили", "С какой стороны остановки яма?", "Со стороны аптеки.")
	w.lacks("who joined", w.get("jana", "/reports/"+n), "С какой стороны", "Со стороны аптеки")
}

// The button says what it does, and the mark stays on the page of who gave it.
func TestTheOwnMarkStaysOnThePage(t *testing.T) {
	w := newStreet(t)
	n := w.answered()
	w.holds("the answered report", w.get("nina", "/reports/"+n), 200, `class="any">Отправить оценку<`, `class="only-rate">Отправить оценку<`, `class="reopens">Оценить и вернуть на доработку<`)
	other := w.get("jana", "/reports/"+n)
	w.holds("the answered report of who joined", other, 200, "Отправить оценку")
	w.lacks("the answered report of who joined", other, "вернуть на доработку", "Ваша оценка")
	w.holds("the rating", w.post("nina", "/reports/"+n+"/rate", url.Values{"version": {w.version("nina", n)}, "mark": {"4"}, "solved": {"yes"}, "comment": {""}}), 303)
	w.holds("the rated report", w.get("nina", "/reports/"+n), 200, "Ваша оценка", "4 из 5", "Решено")
	w.holds("the rating of who joined", w.post("jana", "/reports/"+n+"/rate", url.Values{"version": {w.version("jana", n)}, "mark": {"2"}, "solved": {"no"}}), 303)
	rated := w.get("jana", "/reports/"+n)
	w.holds("the rated report of who joined", rated, 200, "Ваша оценка", "2 из 5", "Не решено")
	w.lacks("the rated report of who joined", rated, "4 из 5", `name="mark"`)
}

// The same form sent twice is a success twice; another one is told how things stand.
func TestARatingSentTwiceIsOne(t *testing.T) {
	w := newStreet(t)
	n := w.answered()
	back := url.Values{"version": {w.version("nina", n)}, "mark": {"2"}, "solved": {"no"}, "reason": {"again"}, "comment": {"Яма снова на месте."}}
	for range 2 {
		w.holds("the report sent back", w.post("nina", "/reports/"+n+"/rate", back), 303)
	}
	w.do("roads_coordinator", n, casework.Assign, casework.Input{Handler: w.by["roads_handler"].person})
	w.do("roads_handler", n, casework.Submit, casework.Input{Comment: "Заделали горячей смесью.", Shared: "Заделали горячей смесью.", Files: []id.ID{w.photo(t.Context(), w.by["roads_handler"].person)}})
	w.do("roads_approver", n, casework.Approve, casework.Input{})
	rate := url.Values{"version": {w.version("nina", n)}, "mark": {"5"}, "solved": {"yes"}, "comment": {""}}
	for range 2 {
		w.holds("the rating", w.post("nina", "/reports/"+n+"/rate", rate), 303)
	}
	rate.Set("mark", "1")
	w.holds("another rating", w.post("nina", "/reports/"+n+"/rate", rate), 422)
}

// Who is told "no" twice learns before that no third time comes, and after it where to go.
func TestAnUnsolvedReportSaysWhereToGo(t *testing.T) {
	w := newStreet(t)
	n := w.answered()
	w.lacks("the first answer", w.get("nina", "/reports/"+n), "уже возвращали")
	w.do("nina", n, casework.Rate, casework.Input{Mark: 1, Solved: "no", Reopen: true, Comment: "Яма снова на месте."})
	w.do("roads_coordinator", n, casework.Assign, casework.Input{Handler: w.by["roads_handler"].person})
	w.do("roads_handler", n, casework.Submit, casework.Input{Comment: "Заделали горячей смесью.", Shared: "Заделали горячей смесью.", Files: []id.ID{w.photo(t.Context(), w.by["roads_handler"].person)}})
	w.do("roads_approver", n, casework.Approve, casework.Input{})
	w.holds("the second answer", w.get("nina", "/reports/"+n), 200, "На доработку сообщение уже возвращали")
	w.do("nina", n, casework.Rate, casework.Input{Mark: 1, Solved: "no"})
	w.holds("closed", w.get("nina", "/reports/"+n), 200, "Сообщение закрыто, а проблема осталась", "Написать новое сообщение")
	w.lacks("who joined", w.get("jana", "/reports/"+n), "а проблема осталась")
}

// Who joined sees no less than a stranger: the excerpt and the photos that a
// moderator let out, without the author's names of them, and no longer once
// the author closes the report.
func TestWhoJoinedSeesWhatStrangersSee(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	w.do("roads_moderator", n, casework.Release, casework.Input{Comment: "Яма у остановки во всю полосу.", Released: []int64{1}})
	photo := "/reports/" + n + "/files/1?size=thumb"
	for _, page := range []string{"/reports/" + n, "/reports/" + n + "/public"} {
		got := w.get("jana", page)
		w.holds(page, got, 200, "Яма у остановки во всю полосу.", photo)
		w.lacks(page, got, "яма.png", w.cases[1].words[0])
	}
	w.holds("the photo", w.get("jana", photo), 200)
	for who, want := range map[string]string{"nobody": "=photo.jpg", "oleg": "=photo.jpg", "jana": "=photo.jpg", "nina": "%D1%8F%D0%BC%D0%B0"} {
		if got := w.get(who, photo).Header().Get("Content-Disposition"); !strings.Contains(got, want) {
			t.Errorf("%s is told of %s", who, got)
		}
	}
	_, err := w.Cases.SetVisibility(t.Context(), w.by["nina"].citizen, n, true)
	w.must(err)
	w.lacks("the closed report", w.get("jana", "/reports/"+n), "Яма у остановки во всю полосу.", photo)
	w.holds("the photo of the closed report", w.get("jana", photo), 404)
	_, err = w.Cases.Act(t.Context(), w.by["roads_moderator"].acting, n, casework.Release, casework.Input{Comment: "Ещё раз."})
	if !errs.Is(err, errs.Invalid) {
		t.Errorf("an excerpt of a closed report: %v", err)
	}
}

// A stranger is offered to join: signed out, by way of signing in and back to
// the same page; the author and who joined find the way to their own page.
func TestThePublicPageOffersToJoin(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	page := "/reports/" + n + "/public"
	signedOut := w.get("nobody", page)
	w.holds("signed out", signedOut, 200, `href="/sign-in?back=`+url.QueryEscape(page)+`"`, "Войти, чтобы присоединиться")
	w.lacks("signed out", signedOut, "/join")
	w.holds("signed in", w.get("oleg", page), 200, `action="/reports/`+n+`/join"`)
	for _, who := range []string{"nina", "jana"} {
		own := w.get(who, page)
		w.holds(who, own, 200, "Это сообщение есть среди ваших")
		w.lacks(who, own, "/join")
	}
}

// Reports of one topic are told apart by place and time.
func TestListsTellEqualTitlesApart(t *testing.T) {
	w := newStreet(t)
	months := strings.Fields("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь")
	now := w.Clock.Now()
	w.holds("the first page", w.get("nobody", "/"), 200, strings.ToUpper(months[now.Month()-1][:2])+months[now.Month()-1][2:]+" "+now.Format("2006"))
	w.holds("my reports", w.get("nina", "/reports"), 200, "Подано ")
	w.lacks("my reports of who joined", w.get("jana", "/reports"), "Подано ")
}

// A link of the footer opens the page that it names.
func TestTheFooterOpensWhatItNames(t *testing.T) {
	w := newStreet(t)
	w.holds("the first page", w.get("nobody", "/"), 200, `href="/help/terms"`)
	w.holds("terms", w.get("nobody", "/help/terms"), 200, "<h1>Как мы считаем сроки</h1>")
}

// A link to a topic that is gone says so and lets another be chosen.
func TestAStaleTopicIsTold(t *testing.T) {
	w := newStreet(t)
	gone := "Такой темы больше нет. Выберите другую."
	w.holds("a stale link", w.get("nina", casework.PathNew+"?fact=roads.surface.nowhere"), 200, gone)
	sent := w.post("nina", casework.PathNew, url.Values{"text": {"Большая яма."}, "fact": {"roads.surface.nowhere"}, "step": {"send"}})
	w.holds("a stale choice", sent, 422, gone, "Большая яма.")
	w.lacks("a stale choice", sent, "Выберите, о чём сообщение.")
	w.lacks("no link to a topic", w.get("nina", casework.PathNew), gone)
}

// Who rated without sending the report back finds how to, and what they said of
// the first answer is told as that.
func TestTheAuthorMayThinkAgain(t *testing.T) {
	w := newStreet(t)
	n := w.answered()
	w.holds("the rating", w.post("nina", "/reports/"+n+"/rate", url.Values{"version": {w.version("nina", n)}, "mark": {"2"}, "solved": {"no"}, "reason": {"no"}, "comment": {""}}), 303)
	page := w.get("nina", "/reports/"+n)
	w.holds("the rated report", page, 200, "Вернуть на доработку ещё можно", `action="/reports/`+n+`/reopen"`, "Ваша оценка<")
	w.lacks("the rated report", page, "можно один раз, и это уже было", "уже нельзя")
	w.holds("the report of who joined", w.get("jana", "/reports/"+n), 200, "Есть ответ", "Отправить оценку")
	back := url.Values{"version": {w.version("nina", n)}, "comment": {"Яма снова на месте."}}
	w.holds("without words", w.post("nina", "/reports/"+n+"/reopen", url.Values{"version": {w.version("nina", n)}, "comment": {""}}), 422, "Заполните", `action="/reports/`+n+`/reopen"`)
	w.holds("sent back", w.post("nina", "/reports/"+n+"/reopen", back), 303)
	w.holds("sent back twice", w.post("nina", "/reports/"+n+"/reopen", back), 303)
	page = w.get("nina", "/reports/"+n)
	w.holds("the report sent back", page, 200, "На повторном рассмотрении", "Ваша оценка первого ответа", "Яма снова на месте.")
	w.lacks("the report sent back", page, "ещё можно", "/reopen\"")
	joined := w.get("jana", "/reports/"+n)
	w.holds("the report of who joined", joined, 200, "На повторном рассмотрении", "Вернули на доработку", "Проблема не решена. Новый ответ")
	w.lacks("the report of who joined", joined, "снова на месте")
}

// Who joined and says that it isn't solved is told what comes of it, and the
// office sees their voice.
func TestTheVoiceOfWhoJoined(t *testing.T) {
	w := newStreet(t)
	n := w.answered()
	w.holds("the rating", w.post("jana", "/reports/"+n+"/rate", url.Values{"version": {w.version("jana", n)}, "mark": {"2"}, "solved": {"no"}}), 303)
	w.holds("the page of who joined", w.get("jana", "/reports/"+n), 200, "Не решено", "Ваш голос посчитан, организация его видит.", `href="/report/new"`)
	w.holds("the office", w.get("roads_handler", "/w/roads/cases/"+n), 200, "Говорят присоединившиеся", "не решено: 1 человек", "2 из 5, Не решено")
}

// A public page names its number, which others are asked to watch; a stranger
// who sends an author's form is told whose it is, in a citizen's words.
func TestAStrangerIsToldWhoseReportItIs(t *testing.T) {
	w := newStreet(t)
	n := w.cases[1].number
	w.holds("the public page", w.get("vera", "/reports/"+n+"/public"), 200, "№ "+id.ShowNumber(n))
	for _, action := range []string{"add", "withdraw", "rate", "reopen"} {
		got := w.post("vera", "/reports/"+n+"/"+action, url.Values{"version": {"1"}, "comment": {"Чужое."}, "mark": {"5"}, "solved": {"yes"}})
		w.holds(action, got, 403, "Это сообщение другого человека")
		w.lacks(action, got, "Ваша роль")
	}
	own, err := w.Cases.FileReport(t.Context(), w.by["vera"].citizen, casework.FileInput{Text: "Фонарь погас вторую неделю, вечером ничего не видно.", Fact: "lighting.lamps.out",
		Place: casework.PlaceInput{Lat: 60_100_000, Lon: 31_450_000}, Channel: "portal", Lang: "ru"})
	w.must(err)
	w.do("vera", own.Number, casework.Withdraw, casework.Input{Comment: "Уже починили."})
	page := w.get("vera", "/reports/"+own.Number)
	w.holds("the withdrawn report", page, 200, "Почему отозвали", "Уже починили.")
	w.lacks("the withdrawn report", page, "Вы добавили")
}
