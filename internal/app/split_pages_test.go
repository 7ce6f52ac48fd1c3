package app

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"testing"
	"time"

	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// offered sends the form of a split, which asks first where each part goes, and
// takes over what it offers.
func (w *street) offered(page string, form url.Values) {
	w.t.Helper()
	before := w.count(`SELECT COUNT(*) FROM casework_case`)
	got := w.post("roads_coordinator", page+"/split", form)
	w.holds("the form with its offers", got, 200, "Проверьте, кому уйдёт каждая часть", `name="part_office"`)
	if w.count(`SELECT COUNT(*) FROM casework_case`) != before {
		w.t.Error("it is split before the coordinator saw where the parts go")
	}
	for _, name := range []string{"part_office", "part_office_id", "part_for"} {
		delete(form, name)
		for _, m := range regexp.MustCompile(`<input[^>]* name="`+name+`"[^>]*>`).FindAllString(got.Body.String(), -1) {
			value := regexp.MustCompile(` value="([^"]*)"`).FindStringSubmatch(m)
			if value == nil {
				value = []string{"", ""}
			}
			form.Add(name, html.UnescapeString(value[1]))
		}
		if len(form[name]) != 4 {
			w.t.Fatalf("%d fields %s", len(form[name]), name)
		}
	}
}

// The form of a split offers for each part the organisation that competence
// names and takes another that the coordinator chooses; a topic that is changed
// is asked about anew.
func TestTheFormOfASplitOffersWhoAnswers(t *testing.T) {
	w := newStreet(t)
	page := "/w/roads/cases/" + w.cases[1].number
	index, err := w.Taxonomy.Current(t.Context())
	w.must(err)
	facts := index.Rubricator.Facts()
	free := slices.DeleteFunc(slices.Clone(facts), func(f *taxonomy.Fact) bool { return len(f.AssetKinds) > 0 }) // nobody's owner decides
	one, two, three := free[0], free[1], free[2]
	_, err = w.Taxonomy.ReplaceRules(t.Context(), policy.Machine("operator:test"), []taxonomy.Rule{{Organisation: "roads"}, {Owner: taxonomy.OwnerUnknown, Organisation: "roads"},
		{Fact: two.Code, Organisation: "lamps"}, {Fact: three.Code, Organisation: "gas"}}, w.Clock.Now().Format(time.DateOnly))
	w.must(err)
	form := url.Values{"version": {w.version("roads_coordinator", w.cases[1].number)}, "part_text": {"Первая часть дела.", "Вторая часть дела.", "", ""},
		"part_topic": {one.Name, two.Name, "", ""}, "part_fact": {one.Code, two.Code, "", ""}}
	w.offered(page, form)
	if form["part_office"][0] != "Служба roads" || form["part_office"][1] != "Служба lamps" {
		t.Errorf("offered: %q", form["part_office"])
	}
	form["part_topic"][1], form["part_fact"][1] = three.Name, three.Code
	w.offered(page, form)
	if form["part_office"][1] != "Служба gas" {
		t.Errorf("offered after another topic: %q", form["part_office"])
	}
	form["part_office"][0], form["part_office_id"][0] = "Нет такой службы", ""
	w.holds("a service that isn't there", w.post("roads_coordinator", page+"/split", form), 422, "Организации для части 1 нет в справочнике", "Нет такой службы", "Служба gas")
	form["part_office"][0] = "Служба lamps"
	w.holds("the split", w.post("roads_coordinator", page+"/split", form), 303)
	for fact, office := range map[string]string{one.Code: "lamps", three.Code: "gas"} {
		if w.count(`SELECT COUNT(*) FROM casework_case WHERE fact=$1 AND organisation_id=$2 AND stage='coordination' AND parent_id IS NOT NULL`, fact, w.orgs[office].ID) != 1 {
			t.Errorf("the part %s isn't with %s", fact, office)
		}
	}
}
