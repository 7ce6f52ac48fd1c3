package demo

import (
	"fmt"
	"strings"
	"time"

	"okno/internal/taxonomy"
)

// byDay are the categories whose offices are open on working days alone.
var byDay = map[string]bool{"health": true, "social": true, "government": true, "labour": true, "education": true}

// byNight are facts that happen when people sleep.
var byNight = set("construction.site.noise safety.order.noise safety.order.racing trade.alcohol.night trade.alcohol.bar culture.events.noise")

// details answers what the fact requires beyond the words.
func details(m *matter) map[string]string {
	if len(m.fact.Required) == 0 {
		return nil
	}
	rng, out := m.rng, map[string]string{}
	local := m.filed.In(moscow)
	n := func(from, to int) string { return fmt.Sprint(from + rng.IntN(to-from+1)) }
	for _, field := range m.fact.Required {
		switch field {
		case taxonomy.FieldWhen:
			t, hour := local.Add(-time.Duration(1+rng.IntN(40))*time.Hour), 7+rng.IntN(15)
			if byDay[m.fact.CategoryCode()] && m.fact.SubcategoryCode() != "health.ambulance" {
				hour = 9 + hour%8
				for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday || t.Day() == local.Day() {
					t = t.AddDate(0, 0, -1)
				}
			}
			if byNight[m.fact.Code] {
				hour = []int{22, 23, 0, 1, 2}[hour%5]
			}
			if t.Day() == local.Day() { // the words tell of a day that is over
				t = t.AddDate(0, 0, -1)
			}
			out[field] = fmt.Sprintf("%s, %02d:%02d", t.Format("02.01.2006"), hour, rng.IntN(12)*5)
		case taxonomy.FieldSince:
			days := 2 + rng.IntN(30)
			if strings.HasSuffix(m.fact.Code, ".off") { // nobody waits for water a month
				days = 2 + days%4
			}
			out[field] = local.AddDate(0, 0, -days).Format("02.01.2006")
		case taxonomy.FieldFlat:
			out[field] = n(1, 140)
		case taxonomy.FieldEntrance:
			out[field] = n(1, 6)
		case taxonomy.FieldFloor:
			out[field] = n(2, 9)
		case taxonomy.FieldRoute:
			if out[field] = n(1, 47); m.fact.SubcategoryCode() == "transport.rail" { // a train has the number of its run
				out[field] = n(6001, 6998)
			}
		case taxonomy.FieldVehicle:
			letters := []rune("АВЕКМНОРСТУХ")
			out[field] = fmt.Sprintf("%c%03d%c%c", pick(rng, letters), 1+rng.IntN(998), pick(rng, letters), pick(rng, letters))
		case taxonomy.FieldMeter:
			out[field] = "№ " + n(10000000, 99999999) + ", " + n(100, 9000)
		case taxonomy.FieldAccount:
			out[field] = n(100000000, 999999999)
		case taxonomy.FieldInstitution:
			out[field] = m.spot.building
			if out[field] == "" {
				out[field] = institution(m.fact)
			}
		case taxonomy.FieldOperator:
			out[field] = pick(rng, []string{"Озёрная связь", "Север Телеком", "Мобильный край", "Домашняя сеть"})
		}
	}
	return out
}

// hospital are facts of those who lie in one.
var hospital = set("health.staff.food health.drugs.hospital")

// since is how many days ago the trouble began, as the form was answered.
func (m *matter) since(of map[string]string) int {
	day, err := time.ParseInLocation("02.01.2006", of[taxonomy.FieldSince], moscow)
	if err != nil {
		return 0 // not asked
	}
	return int(m.filed.Sub(day).Hours() / 24)
}

// institution names one where the place has no name of its own.
func institution(f *taxonomy.Fact) string {
	switch {
	case f.Code == "trade.alcohol.bar":
		return "Бар на первом этаже"
	case f.Code == "social.elderly.care_home":
		return "Дом-интернат для пожилых"
	case f.SubcategoryCode() == "labour.search":
		return "Центр занятости"
	case f.Code == "trade.quality.service":
		return "Служба быта"
	case f.Code == "education.extra.club_staff":
		return "Школа искусств"
	case f.SubcategoryCode() == "education.college":
		return "Колледж"
	case f.SubcategoryCode() == "social.service":
		return "Отдел социальной защиты"
	}
	if hospital[f.Code] {
		return "Больница, стационар"
	}
	switch category, _, _ := strings.Cut(f.Code, "."); category {
	case "sport":
		return "Спорткомплекс"
	case "health":
		return "Поликлиника по месту жительства"
	case "education":
		return "Школа по месту жительства"
	case "trade":
		return "Магазин у дома"
	case "social":
		return "Центр социального обслуживания"
	case "labour":
		return "Предприятие по адресу сообщения"
	}
	return "Учреждение по адресу сообщения"
}
