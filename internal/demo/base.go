package demo

import (
	"context"
	"fmt"
	"strings"

	"okno/internal/app"
	"okno/internal/calendar"
	"okno/internal/demo/competence"
	"okno/internal/demo/region"
	"okno/internal/directory"
	"okno/internal/places"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// operator is who fills the demonstration where no person does.
var operator = policy.Machine("demo")

// centre is the regional centre: it decides where nobody knows the owner, and
// oversees the whole region.
const centre = competence.Coordinator

// base puts the register, the organisations, the rubricator and the table of
// competence in force. What is there already stays as it is.
func base(ctx context.Context, a *app.App, step func(string)) error {
	step("register of places")
	r := region.New(region.DefaultSeed)
	if err := a.Places.Load(ctx, operator, r.Register(), nil); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	if _, err := a.Places.Refresh(ctx); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	step("organisations")
	orgs := drafts()
	done, err := a.Directory.Put(ctx, operator, orgs)
	if err != nil {
		return fmt.Errorf("organisations: %w", err)
	}
	if len(done.Problems) > 0 {
		return fmt.Errorf("organisation %s: %w", done.Problems[0].Code, done.Problems[0].Err)
	}
	if err := publishCalendars(ctx, a); err != nil {
		return fmt.Errorf("calendar: %w", err)
	}
	step("rubricator and competence")
	if _, err := a.Taxonomy.Publish(ctx, operator, taxonomy.Default(), "demonstration"); err != nil {
		return fmt.Errorf("rubricator: %w", err)
	}
	if _, err := a.Taxonomy.ReplaceRules(ctx, operator, competence.Rules(), ""); err != nil {
		return fmt.Errorf("competence: %w", err)
	}
	return nil
}

// publishCalendars publishes the standing holidays of the years around the
// first start, so that the region's terms are no guesses. Transfers come with
// a real calendar: okno import calendar.
func publishCalendars(ctx context.Context, a *app.App) error {
	var years []calendar.Year
	for y := a.Clock.Now().Year() - 2; y <= a.Clock.Now().Year()+1; y++ {
		year := calendar.DefaultRussian(y)
		year.Provisional, year.Source = false, "demonstration"
		years = append(years, year)
	}
	_, err := a.Cases.ImportCalendar(ctx, operator, years)
	return err
}

// drafts are the region's organisations with their hours.
func drafts() []directory.Draft {
	var out []directory.Draft
	for _, o := range region.Organisations() {
		out = append(out, directory.Draft{ParentCode: o.Parent, Organisation: directory.Organisation{
			Code: o.Code, Kind: directory.Kind(o.Kind), Name: o.Name, ShortName: cut(o.ShortName, 60), NameEN: o.NameEN, ShortNameEN: cut(o.ShortNameEN, 60),
			Territories: o.Territories, Hours: hoursOf(o.Code), Active: true, Oversees: o.Code == centre}})
	}
	return out
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// hoursOf are an organisation's zone and working week. Most keep office hours.
func hoursOf(code string) calendar.Hours {
	zone, week := "Europe/Moscow", ""
	switch {
	case code == centre, code == "reg.digital.mfc":
		week = "1-6 08:00-20:00"
	case strings.HasPrefix(code, "health."), strings.HasPrefix(code, "reg.health."):
		week = "1-5 08:00-19:00; 6 09:00-14:00"
	case strings.HasPrefix(code, "utility.water"), strings.HasPrefix(code, "utility.heat"), code == "utility.lift":
		week = "1-7 08:00-20:00"
	case strings.HasPrefix(code, "uk."):
		week = "1-5 08:00-12:00,13:00-17:00"
	case strings.HasSuffix(code, ".edu"):
		week = "1-5 08:30-12:30,13:15-17:15"
	case code == "fed.post":
		zone = "Europe/Samara" // is run from the neighbouring region
	case code == "fed.rail":
		zone = "Asia/Yekaterinburg"
	}
	w := calendar.OfficeWeek()
	if week != "" {
		var err error
		if w, err = directory.ParseWeek(week); err != nil {
			panic("demo: hours of " + code + ": " + err.Error()) // the texts stand above
		}
	}
	h, err := calendar.NewHours(zone, w)
	if err != nil {
		panic("demo: hours of " + code + ": " + err.Error())
	}
	return h
}

// population of the territories, for choosing where something happens.
func population(list []places.Territory) (codes []string, weights []float64) {
	for _, t := range list {
		if t.Parent != "" {
			codes, weights = append(codes, t.Code), append(weights, float64(t.Population))
		}
	}
	return codes, weights
}
