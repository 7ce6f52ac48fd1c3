package bench

import (
	"context"
	"fmt"

	"okno/internal/app"
	"okno/internal/calendar"
	"okno/internal/directory"
	"okno/internal/geo"
	"okno/internal/places"
	"okno/internal/taxonomy"
)

// smallGround is a region of two territories, one street and six bodies.
func smallGround(ctx context.Context, a *app.App) error {
	square := func(south, west float64) geo.Geometry {
		p := func(lat, lon float64) geo.Point { q, _ := geo.FromDegrees(lat, lon); return q }
		return geo.Area([]geo.Point{p(south, west), p(south, west+1), p(south+1, west+1), p(south+1, west), p(south, west)})
	}
	r := places.Register{
		Territories: []places.Territory{
			{Code: "reg", Kind: places.Region, Name: "Область", ShortName: "Область", Area: geo.Area([]geo.Point{
				point(59, 30), point(59, 32), point(60, 32), point(60, 30), point(59, 30)})},
			{Code: "mun.01", Parent: "reg", Kind: places.CityOkrug, Name: "Город", ShortName: "Город", Area: square(59, 30)},
			{Code: "mun.02", Parent: "reg", Kind: places.MunicipalDistrict, Name: "Район", ShortName: "Район", Area: square(59, 31)},
		},
	}
	for i, m := range []string{"mun.01", "mun.02"} {
		loc, street := fmt.Sprintf("loc.%d", i+1), fmt.Sprintf("str.%d", i+1)
		west := 30.3 + float64(i)
		r.Localities = append(r.Localities, places.Locality{Code: loc, Territory: m, Kind: places.City, Name: "Озёрск", Centre: point(59.5, west),
			Area: geo.Area([]geo.Point{point(59.4, west-0.1), point(59.4, west+0.1), point(59.6, west+0.1), point(59.6, west-0.1), point(59.4, west-0.1)})})
		r.Streets = append(r.Streets, places.Street{Code: street, Locality: loc, Name: "Рыбацкая улица", Path: geo.Path(point(59.5, west), point(59.51, west))})
		for h := range 20 {
			r.Addresses = append(r.Addresses, places.Address{Code: fmt.Sprintf("%s.%d", street, h+1), Territory: m, Locality: loc, Street: street,
				House: fmt.Sprint(h + 1), Kind: places.ApartmentHouse, At: point(59.5+float64(h)/5000, west)})
		}
	}
	if err := a.Places.Load(ctx, operator, r, nil); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	if _, err := a.Places.Refresh(ctx); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	hours, err := calendar.Office("Europe/Moscow")
	if err != nil {
		return err
	}
	drafts := []directory.Draft{{Organisation: directory.Organisation{Code: "reg", Kind: directory.Region, Name: "Область", ShortName: "Область", Hours: hours, Active: true}}}
	for _, code := range []string{"a", "b", "c", "d", "e"} {
		drafts = append(drafts, directory.Draft{ParentCode: "reg", Organisation: directory.Organisation{Code: "reg." + code, Kind: directory.Government,
			Name: "Ведомство " + code, ShortName: code, Hours: hours, Active: true, Territories: []string{"mun.01", "mun.02"}}})
	}
	done, err := a.Directory.Put(ctx, operator, drafts)
	if err == nil && len(done.Problems) > 0 {
		err = done.Problems[0].Err
	}
	if err != nil {
		return fmt.Errorf("organisations: %w", err)
	}
	if _, err := a.Taxonomy.Publish(ctx, operator, taxonomy.Default(), "test"); err != nil {
		return err
	}
	_, err = a.Taxonomy.ReplaceRules(ctx, operator, []taxonomy.Rule{{Organisation: "reg.b"}}, "")
	return err
}

func point(lat, lon float64) geo.Point {
	p, _ := geo.FromDegrees(lat, lon)
	return p
}
