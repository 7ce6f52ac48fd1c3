package app

import (
	"net/url"
	"slices"
	"testing"

	"okno/internal/casework"
	"okno/internal/geo"
	"okno/internal/places"
	"okno/internal/policy"
)

// Without the list under the line, an organisation is chosen among those that fit.
func TestAnOfficeIsChosenAmongSeveral(t *testing.T) {
	w := newStreet(t)
	form := w.reportForm()
	form.Set("step", "check")
	form.Set("office", "служба")
	asked := w.post("nina", casework.PathNew, form)
	gas := w.orgs["gas"].ID.String()
	w.holds("several organisations", asked, 422, "Какая из этих организаций?", `href="#which-office"`, `id="which-office"`, `name="offices_of" value="служба"`, `value="`+gas+`"`)
	w.lacks("several organisations", asked, "Такой организации в справочнике нет")
	form.Set("offices_of", "служба")
	form["office_id"] = []string{"", gas}
	w.holds("the chosen one", w.post("nina", casework.PathNew, form), 200, "Служба gas")
	form.Set("office", "ведомство морей")
	w.holds("other words instead", w.post("nina", casework.PathNew, form), 422, "Такой организации в справочнике нет")
}

// What is asked on the page stands in the summary of errors: the topic and which place.
func TestTheSummaryAsksWhichPlace(t *testing.T) {
	w := newStreet(t)
	twice := oneHouse()
	at := geo.At(60.3, 31.3)
	other := places.Locality{Code: "loc.02", Territory: "mun.01", Kind: places.City, Name: "Песчаное", Centre: at, Area: geo.Area([]geo.Point{geo.At(60.25, 31.25), geo.At(60.25, 31.35), geo.At(60.35, 31.35), geo.At(60.35, 31.25)})}
	twice.Localities = append(slices.Clip(twice.Localities), other)
	twice.Streets = append(slices.Clip(twice.Streets), places.Street{Code: "str.02", Locality: "loc.02", Name: "Рыбацкая улица", Path: geo.Path(geo.At(60.3, 31.29), geo.At(60.3, 31.31))})
	w.must(w.Places.Load(t.Context(), policy.Machine("operator:test"), twice, nil))
	_, err := w.Places.Refresh(t.Context())
	w.must(err)
	sent := w.post("nina", casework.PathNew, url.Values{"text": {"Что-то случилось у нас."}, "place": {"рыбацкая"}, "step": {"check"}})
	w.holds("an unclear topic and place", sent, 422, "Какое из этих мест?", "Исправьте 2 поля", `href="#spot"`, `id="spot"`)
	chosen := w.post("nina", casework.PathNew, url.Values{"text": {"Что-то случилось у нас."}, "place": {"рыбацкая"}, "spots_of": {"рыбацкая"}, "place_id": {"", places.IDOf("str.02").String()}, "step": {"check"}})
	w.holds("the place chosen", chosen, 422, "Песчаное, Рыбацкая улица", "Исправьте 1 поле")
	w.lacks("the place chosen", chosen, "Какое из этих мест?")
}

// Who names a road that the register doesn't know is told how to name one.
func TestAnUnknownRoadIsAskedForItsKilometre(t *testing.T) {
	w := newStreet(t)
	for _, place := range []string{"трасса на Ключи, 300 км", "Северное шоссе", "дороге к озеру", "777-й километр"} {
		sent := w.post("nina", casework.PathNew, url.Values{"text": {"Яма во всю полосу."}, "place": {place}, "step": {"check"}})
		w.holds(place, sent, 422, "Напишите дорогу и километр", "Или покажите место на карте")
		w.lacks(place, sent, "Такого места нет в реестре")
	}
	sent := w.post("nina", casework.PathNew, url.Values{"text": {"Яма во всю полосу."}, "place": {"Подорожниковая, 3"}, "step": {"check"}})
	w.holds("a street", sent, 422, "Такого места нет в реестре")
	w.lacks("a street", sent, "Напишите дорогу и километр")
}
