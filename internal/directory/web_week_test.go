package directory

import (
	"net/http"
	"net/url"
	"testing"

	"okno/internal/calendar"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// workdays fills in the rows from Monday to Friday without a break.
func workdays(form url.Values, from, to string) {
	for _, d := range dayNames[1:6] {
		form.Set(d+"_from", from)
		form.Set(d+"_to", to)
	}
}

// What the page shows is what it saves: a day of three breaks, a night watch
// until midnight, days off.
func TestHoursSurviveTheirForm(t *testing.T) {
	each(t, func(b bench) {
		roads := b.add("roads", id.Nil)
		b.office(roads.ID, "anna", policy.OrgAdmin)
		const text = "1-2 09:00-13:00,14:00-18:00; 3 08:00-10:00,10:15-12:00,13:00-15:00,15:15-17:00; 4 00:00-24:00; 6 18:30-24:00"
		week, err := ParseWeek(text)
		b.must(err)
		h, err := calendar.NewHours("Europe/Moscow", week)
		b.must(err)
		form := url.Values{"version": {"1"}, "zone": {"Europe/Moscow"}}
		for _, d := range weekOf(h) {
			form.Set(d.part("from", 0), d.From)
			form.Set(d.part("to", 0), d.To)
			for n, x := range d.Breaks {
				form.Set(d.part("break_from", n), x.From)
				form.Set(d.part("break_to", n), x.To)
			}
		}
		s := b.serve()
		b.want(b.ask(s, "anna", "POST", "/w/roads/hours", form), http.StatusSeeOther)
		o, err := b.Organisation(ctx, roads.ID)
		b.must(err)
		if WeekText(o.Hours) != text {
			t.Errorf("%s, not %s", WeekText(o.Hours), text)
		}
		b.want(b.ask(s, "anna", "GET", "/w/roads/hours", nil), http.StatusOK, `name="wednesday_break_to_3"`, `value="18:30"`)

		for what, day := range map[string][4]string{"no end": {"09:00"}, "backwards": {"18:00", "09:00"}, "break outside": {"09:00", "18:00", "18:30", "19:00"},
			"half a break": {"09:00", "18:00", "13:00"}, "only a break": {"", "", "13:00", "14:00"}, "no time": {"09:00", "25:00"}} {
			wrong := url.Values{"version": {"2"}, "zone": {"Europe/Moscow"}}
			workdays(wrong, "09:00", "18:00")
			for i, part := range []string{"from", "to", "break_from", "break_to"} {
				wrong.Set("saturday_"+part, day[i])
			}
			if res := b.ask(s, "anna", "POST", "/w/roads/hours", wrong); res.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", what, res.Code)
			}
		}
	})
}
