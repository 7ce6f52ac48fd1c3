package app

import (
	"net/url"
	"testing"
)

// Administrators, and officers who do one thing to several cases, find their
// words again after a lost session as citizens do; a password is never kept.
func TestWordsOfAdministratorsOutliveALostSession(t *testing.T) {
	w := newStreet(t)
	head := &browser{w, map[string]string{}}
	head.signIn("roads_org_admin", "")
	office := head.loses("roads_org_admin", "/w/roads/officers", url.Values{"login": {"nina"}, "title": {"мастер участка"}, "roles": {"handler"}}, false)
	w.holds("a new officer", office, 200, "ваш текст на месте", `value="мастер участка"`)
	hours := head.loses("roads_org_admin", "/w/roads/hours", url.Values{"version": {"1"}, "zone": {"Europe/Moscow"}, "monday_from": {"07:30"}}, false)
	w.holds("working hours", hours, 200, "ваш текст на месте", `value="07:30"`)

	region := &browser{w, map[string]string{}}
	region.signIn("region_admin", "")
	made := region.loses("region_admin", "/w/admins/organisations", url.Values{"name": {"Служба мостов"}, "code": {"bridges"}}, false)
	w.holds("a new organisation", made, 200, "Служба мостов")

	bulk := &browser{w, map[string]string{}}
	bulk.signIn("roads_coordinator", "")
	many := bulk.loses("roads_coordinator", "/w/roads/bulk", url.Values{"do": {"redirect"}, "case": {w.cases[1].number}, "comment": {"Это не наша дорога."}}, false)
	w.holds("several cases", many, 200, "Это не наша дорога.</textarea>")

	delete(head.jar, "__Host-okno")
	refused := head.post("/account/password", url.Values{"old": {"Berezka-49-tri"}, "password": {"Drugoe-slovo-77"}})
	w.holds("a password", refused, 401)
	w.lacks("a password", refused, "сохран")
}
