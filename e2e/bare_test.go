package e2e

import (
	"os"
	"strings"
	"testing"
)

// TestBare plays the same path without scripts: pages and their forms alone.
func TestBare(t *testing.T) {
	w := open(t)
	nina := w.client("nina")
	p := nina.get("/report/new").want(200, "Сообщить о проблеме", "Продолжить", "предложим подходящие темы")
	for _, promise := range []string{"Черновик хранится", "Подберём тему", "Карта появится", "Выбрать файлы", "перетащите"} { // what needs scripts isn't promised without them
		if strings.Contains(p.text(), promise) {
			t.Errorf("without scripts the form says %q", promise)
		}
	}

	// Nothing typed: each field says what it lacks, and Enter is no surprise.
	p = p.form("/report/new").send("step=check").want(422, "Напишите, что случилось", "Выберите, о чём сообщение", "Укажите, где это")

	// The words bring topics; a topic may be searched for, or found in the whole list.
	f := p.form("/report/new").set("text", words).set("fact_text", "фонарь")
	p = f.send("step=check").want(422, "О чём это", "Яма на проезжей части", "Не горит фонарь")
	p = p.form("/report/new").send("step=topics").want(200, "Медицина")
	f = p.form("/report/new").set("fact", "roads.surface.pothole").set("place", "Рыбацкая улица, 14")
	if f.value("text") != words {
		t.Fatalf("the words are lost: %q", f.value("text"))
	}

	// The street is in several towns: which one?
	p = f.send("step=check").want(422, "Приложите фото", "Какое из этих мест?", "Верхнеозёрск, Рыбацкая улица, 14")
	f = p.form("/report/new")
	f.set("place_id", f.options("place_id")[1]) // the first is the hidden field of the line
	p = f.send("step=check").want(422, "Приложите фото", "Что будет, когда вы отправите", "Где: Верхнеозёрск, Рыбацкая улица, 14", "Дорожная служба Верхнеозёрска", "Отправить сообщение")

	// The photo that the topic needs comes with the form; the page that comes back keeps it.
	p = p.form("/report/new").send("step=send").want(422, "Приложите фото")
	picture, err := os.ReadFile(w.picture("pothole", 3, false))
	w.must(err)
	p = p.form("/report/new").attach("files", "Яма.jpg", picture).send("step=check").want(200, "Яма.jpg")
	p = p.form("/report/new").send("step=send").want(200, "Сообщение принято", "Вам ответят")
	number := strings.TrimPrefix(p.path, "/reports/")

	// The officers' forms are pages of their own.
	at := "/w/" + roads + "/cases/" + number
	olga, irina, timur, oleg := w.client("olga"), w.client("irina"), w.client("timur"), w.client("oleg")
	p = olga.get(at+"?do=accept").want(200, "Выдержка для всех").form("/accept").set("comment", "Глубокая яма у дома 14.").send().want(200, "Принято")
	p = irina.get(at+"?do=assign").want(200, "Исполнитель")
	p = p.form("/assign").set("handler", w.people["timur"].String()).send().want(200, "Исполнитель назначен")
	timur.get(at+"?do=ask").form("/ask").set("comment", "Ближе к школе или к магазину?").send().want(200, "Вопрос отправлен")

	p = nina.get("/reports/"+number).want(200, "Вас спрашивают", "Ближе к школе")
	p = p.form("/reply").send().want(422, "Вас спрашивают")
	p.form("/reply").set("comment", "Прямо перед воротами школы.").send().want(200, "Ответ отправлен")

	p = timur.get(at+"?do=submit").want(200, "перед воротами")
	p = p.form("/submit").set("comment", "Яму вырубили и заделали, гарантия два года.").send().want(422, "Приложите фото или акт")
	f = p.form("/submit")
	if !strings.Contains(f.value("comment"), "гарантия") {
		t.Fatal("the answer is lost")
	}
	after, err := os.ReadFile(w.picture("pothole", 3, true))
	w.must(err)
	f.attach("files", "После.jpg", after).send().want(200, "Ответ на согласовании")
	oleg.get(at).form("/approve").send().want(200, "Ответ отправлен заявителю")

	p = nina.get("/reports/"+number).want(200, "Есть ответ", "гарантия два года", "Оцените ответ")
	p = p.form("/rate").send().want(422, "решена ли проблема", "оценку")
	p = p.form("/rate").set("solved", "no").set("reason", "partly").set("comment", "Рядом осталась вторая яма.").set("mark", "2").send()
	p.want(200, "На повторном рассмотрении", "Рядом осталась вторая яма")
	nina.get("/").want(200, "В работе")
	nina.get("/notices").want(200, "Уведомления")

	// A stranger reads what was released and nothing else.
	w.client("").get("/reports/"+number+"/public").want(200, "Глубокая яма у дома 14", "Рыбацкая улица, 14").lacks("Нина", "воротами", "гарантия", "бьют колёса")
}
