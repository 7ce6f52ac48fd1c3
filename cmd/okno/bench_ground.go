//go:build !nodemo

package main

import (
	"context"
	"fmt"

	"okno/internal/app"
	"okno/internal/calendar"
	"okno/internal/demo/competence"
	"okno/internal/demo/region"
	"okno/internal/directory"
	"okno/internal/policy"
	"okno/internal/taxonomy"
)

// benchGround puts the demonstration's register, organisations, rubricator and
// table of competence into an installation that has none.
func benchGround(ctx context.Context, a *app.App) error {
	actor := policy.Machine("operator:bench")
	if err := a.Places.Load(ctx, actor, region.New(region.DefaultSeed).Register(), nil); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	if _, err := a.Places.Refresh(ctx); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	hours, err := calendar.Office("Europe/Moscow")
	if err != nil {
		return err
	}
	var drafts []directory.Draft
	for _, o := range region.Organisations() {
		short := []rune(o.ShortName)
		drafts = append(drafts, directory.Draft{ParentCode: o.Parent, Organisation: directory.Organisation{Code: o.Code, Kind: directory.Kind(o.Kind),
			Name: o.Name, ShortName: string(short[:min(len(short), 60)]), NameEN: o.NameEN, Territories: o.Territories, Hours: hours, Active: true}})
	}
	done, err := a.Directory.Put(ctx, actor, drafts)
	if err == nil && len(done.Problems) > 0 {
		err = done.Problems[0].Err
	}
	if err != nil {
		return fmt.Errorf("organisations: %w", err)
	}
	if _, err := a.Taxonomy.Publish(ctx, actor, taxonomy.Default(), "bench"); err != nil {
		return fmt.Errorf("rubricator: %w", err)
	}
	_, err = a.Taxonomy.ReplaceRules(ctx, actor, competence.Rules(), "")
	return err
}
