package app

import (
	"testing"

	"okno/internal/casework"
	"okno/internal/places"
	"okno/internal/policy"
)

// The page that removes an officer says what becomes of their cases, and the
// list finds cases that nobody has.
func TestThePageOfAnOfficerTellsOfTheirCases(t *testing.T) {
	w := newStreet(t)
	handler := w.by["roads_handler"]
	held, err := w.Cases.Held(t.Context(), w.orgs["roads"].ID, handler.person)
	w.must(err)
	r, err := w.Cases.FileReport(t.Context(), w.by["nina"].citizen, casework.FileInput{Text: "Не горит фонарь у дома, темно.", Fact: "lighting.lamps.out",
		Place: casework.PlaceInput{Address: places.IDOf("adr.01")}, Channel: "portal", Lang: "ru"})
	w.must(err)
	address := "/w/roads/officers/" + handler.person.String()
	free := "/w/roads?folder=all&handler=free"
	w.holds("nobody has it", w.get("roads_coordinator", free), 200, "/w/roads/cases/"+r.Number, "Исполнитель: Свободные")
	_, err = w.Cases.Act(t.Context(), w.by["roads_moderator"].acting, r.Number, casework.Accept, casework.Input{})
	w.must(err)
	_, err = w.Cases.Act(t.Context(), w.by["roads_coordinator"].acting, r.Number, casework.Assign, casework.Input{Handler: handler.person})
	w.must(err)
	w.lacks("somebody has it", w.get("roads_coordinator", free), "/w/roads/cases/"+r.Number)
	now, err := w.Cases.Held(t.Context(), w.orgs["roads"].ID, handler.person)
	w.must(err)
	if now != held+1 {
		t.Fatalf("holds %d, held %d", now, held)
	}
	w.holds("the page", w.get("roads_"+string(policy.OrgAdmin), address), 200, "У человека", "После удаления")
}
