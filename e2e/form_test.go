package e2e

import (
	"os"
	"strings"
	"testing"

	"okno/internal/casework"
	"okno/internal/platform/id"
)

// TestForm: what a person reads in the form of a new report is what is filed.
func TestForm(t *testing.T) {
	w := open(t)
	nina := w.client("nina")
	const here, there = "Верхнеозёрск, Рыбацкая улица, 14", "Верхнеозёрск, Рыбацкая улица, 8"
	picture, err := os.ReadFile(w.picture("pothole", 3, false))
	w.must(err)
	fresh := func() *form {
		return nina.get("/report/new").want(200).form("/report/new").set("text", words).set("fact", "roads.surface.pothole")
	}
	ready := func() *page {
		t.Helper()
		return fresh().set("place", here).attach("files", "Яма.jpg", picture).send("step=check").want(200, "Где: "+here)
	}
	filed := func(p *page) casework.Case {
		t.Helper()
		p.want(200, "Сообщение принято")
		v, err := w.app.Cases.Read(t.Context(), w.citizen("nina"), strings.TrimPrefix(p.path, "/reports/"), "")
		w.must(err)
		return v.Case
	}
	t.Run("place", func(t *testing.T) {
		f := ready().form("/report/new")
		if f.value("place_id") == "" || f.value("lat") == "" {
			t.Fatal("the page carries no place")
		}
		p := f.set("place", there).send("step=send")
		if c := filed(p); c.Place.Text != there {
			t.Errorf("the line says %s, filed at %s", there, c.Place.Text)
		}
		// A point without a house behind it, as a script leaves it when the person types.
		f = ready().form("/report/new")
		if c := filed(f.set("place_id", "").set("place", there).send("step=send")); c.Place.Text != there {
			t.Errorf("the line says %s, filed at %s", there, c.Place.Text)
		}
		ready().form("/report/new").set("place", "").send("step=send").want(422, "Укажите, где это")
		ready().form("/report/new").set("place", "Небывалая улица, 5").send("step=send").want(422, "Такого места нет в реестре")
	})
	t.Run("point", func(t *testing.T) { // a pin keeps its place while its words stand
		at := ready().form("/report/new")
		f := fresh().set("lat", at.value("lat")).set("lon", at.value("lon")).attach("files", "Яма.jpg", picture)
		f = f.send("step=check").want(200, "Где: "+here).form("/report/new")
		if f.value("place_id") != "" || f.value("place") != here {
			t.Fatalf("the pin became %q %q", f.value("place_id"), f.value("place"))
		}
		c := filed(f.send("step=send"))
		if c.Place.Text != here {
			t.Errorf("filed at %s", c.Place.Text)
		}
		f = fresh().set("lat", at.value("lat")).set("lon", at.value("lon")).attach("files", "Яма.jpg", picture)
		f = f.send("step=check").want(200, "Где: "+here).form("/report/new")
		if c := filed(f.set("place", there).send("step=send")); c.Place.Text != there {
			t.Errorf("the line says %s, filed at %s", there, c.Place.Text)
		}
	})
	t.Run("several", func(t *testing.T) { // an untouched hidden field comes before the choice
		f := fresh().set("place", "Рыбацкая улица, 14").attach("files", "Яма.jpg", picture).send("step=check").want(422, "Какое из этих мест?").form("/report/new")
		f.fields = append(f.fields, field{name: "place_id", value: f.options("place_id")[2]})
		p := f.send("step=check").want(200, "Где: ").lacks("Какое из этих мест?")
		p.form("/report/new").set("place", there).send("step=check").want(200, "Где: "+there)
	})
	t.Run("things", func(t *testing.T) { // a road, a stop or a street is a place too, from words alone
		const road = "Каменный Брод – Заозерье, км 0 – км 15"
		p := fresh().set("place", "дорога на Заозерье").attach("files", "Яма.jpg", picture).send("step=check").want(422, "Какое из этих мест?", road, "участок дороги")
		f := p.form("/report/new")
		f.set("place_id", f.options("place_id")[1])
		p = f.send("step=check").want(200, "Где: "+road).lacks("Какое из этих мест?")
		if c := filed(p.form("/report/new").send("step=send")); c.Place.Text != road || c.Place.Lat == 0 || c.Place.Address != id.Nil {
			t.Errorf("filed at %+v", c.Place)
		}
		const street = "Верхнеозёрск, Рыбацкая улица"
		f = fresh().set("place", street).attach("files", "Яма.jpg", picture).send("step=check").want(200, "Где: "+street).form("/report/new")
		if f.value("place_id") == "" || f.value("lat") == "" {
			t.Fatal("the page carries no street")
		}
		if c := filed(f.set("place", there).send("step=send")); c.Place.Text != there {
			t.Errorf("the line says %s, filed at %s", there, c.Place.Text)
		}
		p = fresh().set("fact", "transport.stops.dirty").set("place", "остановка Рыбацкая").attach("files", "Яма.jpg", picture).send("step=check").want(422, "Какое из этих мест?", "остановка «Рыбацкая»")
		f = p.form("/report/new")
		f.set("place_id", f.options("place_id")[1]).send("step=check").want(200, "Где: Верхнеозёрск, остановка «Рыбацкая»")
	})
	t.Run("office", func(t *testing.T) {
		f := fresh().set("place", here).set("office", w.office().Name).attach("files", "Яма.jpg", picture)
		f = f.send("step=check").want(200, "Вы выбрали сами").form("/report/new")
		if f.value("office_id") == "" {
			t.Fatal("the page carries no office")
		}
		if c := filed(f.set("office", "").send("step=send")); c.Chosen {
			t.Error("the line of the office is empty, the report has the one chosen before")
		}
		ready().form("/report/new").set("office_id", w.office().ID.String()).set("office", "Небывалая контора").send("step=send").want(422, "Такой организации в справочнике нет")
	})
	t.Run("answers", func(t *testing.T) {
		f := fresh().set("fact", "health.appointment.no_slots").set("office", w.office().Name)
		p := f.send("step=check").want(422, "Название учреждения")
		p = p.form("/report/new").set("details.institution", "Поликлиника № 3").set("details.route", "никто не спрашивал").send("step=send")
		c := filed(p)
		p.want(200, "Название учреждения или магазина Поликлиника № 3").lacks("никто не спрашивал", ">. Медицина")
		w.client("olga").get("/w/"+roads+"/cases/"+c.Number).want(200, "Название учреждения или магазина Поликлиника № 3")
	})
	t.Run("at once", func(t *testing.T) { // all that is missing is told together
		fresh().set("text", "Яма").send("step=check").want(422, "Слишком коротко", "Укажите, где это", "Приложите фото")
		fresh().set("text", "").set("place", here).send("step=check").want(422, "Напишите, что случилось", "Приложите фото")
	})
	t.Run("twice", func(t *testing.T) { // two presses with the same file make one report
		f := fresh().set("place", here)
		f = f.send("step=check").want(422, "Приложите фото").form("/report/new").attach("files", "Яма.jpg", picture)
		again := *f
		again.fields = append([]field(nil), f.fields...)
		first, second := filed(f.send("step=send")), filed(again.send("step=send"))
		if first.ID != second.ID {
			t.Errorf("two reports: %s and %s", first.Number, second.Number)
		}
		// The file is kept while the words change; another file of that name is another.
		p := fresh().set("place", here).attach("files", "Яма.jpg", picture).send("step=check").want(200, "Яма.jpg")
		other, err := os.ReadFile(w.picture("pothole", 4, false))
		w.must(err)
		c := filed(p.form("/report/new").attach("files", "Яма.jpg", picture).attach("files", "Яма.jpg", other).send("step=send"))
		v, err := w.app.Cases.Read(t.Context(), w.citizen("nina"), c.Number, "")
		w.must(err)
		if len(v.Attachments) != 2 {
			t.Errorf("%d files, want the one sent twice and the other", len(v.Attachments))
		}
	})
}

// TestTyped: with scripts, the house that was chosen and the pin give way to
// what is typed afterwards, and a pin takes the words of its place.
func TestTyped(t *testing.T) {
	w := open(t)
	nina := chromium(t, w).tab("nina")
	nina.open("/report/new")
	nina.fill("#text", words)
	nina.wait("topics", `document.querySelector('#topics input[value="roads.surface.pothole"]')`)
	nina.click(`#topics input[value="roads.surface.pothole"]`)
	choose := func() {
		nina.fill("#place", "Верхнеозёрск, Рыбацкая улица, 14")
		nina.wait("places", `!document.querySelector('#place-list').hidden && document.querySelector('#place-list li')?.firstChild.textContent.endsWith('14')`)
		nina.press("Down", "Enter")
		nina.says("#plan", "Где: Верхнеозёрск, Рыбацкая улица, 14")
		nina.wait("the map", `document.querySelector('.map[data-ready]')`)
		nina.wait("the pin", `document.querySelector('[name=lat]').value && document.querySelector('.map .pin')`)
	}
	retype := func() {
		nina.fill("#place", "Верхнеозёрск, Рыбацкая улица, 8")
		nina.wait("the pin to give way", `!document.querySelector('[name=lat]').value && !document.querySelector('[name=place_id]').value && !document.querySelector('.map .pin')`)
		nina.press("Tab")
		nina.says("#plan", "Где: Верхнеозёрск, Рыбацкая улица, 8")
	}
	nina.wait("the map to come", `(document.querySelector('#place-map').scrollIntoView({block: 'center', behavior: 'instant'}), document.querySelector('.map[data-ready]'))`)
	choose()
	retype()
	nina.fill("#place", "остановка Рыбацкая")
	nina.wait("stops", `document.querySelector('#place-list li')?.textContent.startsWith('Верхнеозёрск, остановка «Рыбацкая»')`)
	nina.wait("their kind", `document.querySelector('#place-list li small')?.textContent === 'остановка'`)
	nina.press("Down", "Enter")
	nina.says("#plan", "Где: Верхнеозёрск, остановка «Рыбацкая»")
	nina.wait("the pin", `document.querySelector('[name=lat]').value && document.querySelector('.map .pin')`)
	retype()
	choose()
	type spot struct{ X, Y float64 }
	at := eval[spot](nina, `(() => { document.querySelector('#place-map').scrollIntoView({block: 'center', behavior: 'instant'}); const r = document.querySelector('#place-map').getBoundingClientRect(); return {X: r.left + r.width / 2 - 60, Y: r.top + r.height / 2 + 4}; })()`)
	nina.clickAt(at.X, at.Y)
	nina.wait("the words of the pin", `document.querySelector('#place').value && document.querySelector('[name=place_of]').value.endsWith(document.querySelector('#place').value)`)
	pin := eval[string](nina, `document.querySelector('[name=lat]').value`)
	nina.fill("#note", "У ворот")
	nina.press("Tab")
	nina.wait("the pin to stay", `document.querySelector('#plan .frame') && document.querySelector('[name=lat]').value === %s`, pin)
	retype()
}
