package places

import "okno/internal/platform/columns"

const (
	inDegrees = "degrees, 55.123456"
	isoDate   = "2026-11-22"
	areaForm  = "POLYGON or MULTIPOLYGON in degrees, longitude first; in GeoJSON the feature's geometry"
)

// Table describes the columns (CSV) and properties (GeoJSON) of a dataset. The
// column "wkt" is the geometry, in GeoJSON the feature's own.
func Table(set Dataset) columns.Table {
	code := columns.Column{Name: "code", Required: true, Means: "by what the row is known; what refers to it names it", Form: "up to 80 signs, once in a file"}
	with := func(c columns.Column, example string) columns.Column { c.Example = example; return c }
	kind := func(form, example string) columns.Column {
		return columns.Column{Name: "kind", Required: true, Means: "what it is", Form: form, Example: example}
	}
	switch set {
	case Territories:
		return columns.Table{with(code, "mun.01"),
			{Name: "parent", Means: "code of the territory that holds it, imported or standing above", Example: "reg"},
			kind(columns.Words(TerritoryKinds()), "municipal_district"),
			{Name: "name", Required: true, Means: "full name", Example: "Озёрный район"},
			{Name: "short_name", Required: true, Means: "name in lists", Example: "Озёрный"},
			{Name: "name_en", Means: "name in English", Example: "Ozyorny District"},
			{Name: "population", Means: "people", Form: "whole number", Example: "24000"},
			{Name: "wkt", Required: true, Means: "the outline", Form: areaForm, Example: "POLYGON((31.0 59.0,31.5 59.0,31.5 59.4,31.0 59.4,31.0 59.0))"}}
	case Localities:
		return columns.Table{with(code, "mun.01.loc.1"),
			{Name: "territory", Required: true, Means: "code of its territory", Example: "mun.01"},
			kind(columns.Words(LocalityKinds()), "town"),
			{Name: "name", Required: true, Means: "name without the word for its kind", Example: "Сосновка"},
			{Name: "name_en", Means: "name in English", Example: "Sosnovka"},
			{Name: "population", Means: "people", Form: "whole number", Example: "8000"},
			{Name: "lat", Means: "latitude of the middle; may be empty where wkt stands", Form: inDegrees, Example: "59.2"},
			{Name: "lon", Means: "longitude of the middle; may be empty where wkt stands", Form: inDegrees, Example: "31.2"},
			{Name: "wkt", Means: "the outline", Form: areaForm}}
	case Streets:
		return columns.Table{with(code, "mun.01.str.1"),
			{Name: "locality", Required: true, Means: "code of its locality", Example: "mun.01.loc.1"},
			{Name: "name", Required: true, Means: "name as on the plate", Example: "Рыбацкая улица"},
			{Name: "wkt", Means: "the axis", Form: "LINESTRING or MULTILINESTRING in degrees, longitude first; in GeoJSON the feature's geometry",
				Example: "LINESTRING(31.20 59.20,31.21 59.20)"}}
	case Addresses:
		return columns.Table{with(code, "mun.01.adr.1"),
			{Name: "street", Required: true, Means: "code of its street", Example: "mun.01.str.1"},
			{Name: "house", Required: true, Means: "number with letter and building", Form: "up to 20 signs", Example: "14к1"},
			kind(columns.Words(AddressKinds()), "apartments"),
			{Name: "name", Means: "the building's own name", Example: "Дом у пристани"},
			{Name: "lat", Means: "latitude; may be empty where wkt stands", Form: inDegrees, Example: "59.2002"},
			{Name: "lon", Means: "longitude; may be empty where wkt stands", Form: inDegrees, Example: "31.2010"},
			{Name: "wkt", Means: "the outline", Form: areaForm}}
	case Assets:
		return columns.Table{with(code, "mun.01.road.1"),
			{Name: "thing", Means: "the thing itself, where owners follow each other in several rows; empty: the code", Example: "road.1"},
			kind(columns.Words(AssetKinds()), "road"),
			{Name: "class", Means: "class within the kind, as the owner says", Example: "local"},
			{Name: "name", Required: true, Means: "name", Example: "Дорога по Рыбацкой улице"},
			{Name: "territory", Required: true, Means: "code of its territory", Example: "mun.01"},
			{Name: "street", Means: "code of its street", Example: "mun.01.str.1"},
			{Name: "address", Means: "code of its house"},
			{Name: "owner", Means: "code of the organisation that owns it; empty: nobody knows", Example: "mun.01.admin"},
			{Name: "operator", Means: "code of the organisation that serves it", Example: "mun.01.roads"},
			{Name: "from", Means: "first day of the owner", Form: isoDate, Example: "2024-01-01"},
			{Name: "to", Means: "last day of the owner", Form: isoDate},
			{Name: "wkt", Required: true, Means: "where it is", Form: "POINT, LINESTRING or POLYGON (or several: MULTI…) in degrees, longitude first; in GeoJSON the feature's geometry",
				Example: "LINESTRING(31.20 59.20,31.21 59.20)"}}
	}
	return nil
}

// Columns names the columns (CSV) and properties (GeoJSON) of a dataset; the
// geometry stands in the column "wkt" or in the feature.
func Columns(set Dataset) []string {
	names := Table(set).Names()
	if len(names) == 0 {
		return nil
	}
	return names[:len(names)-1]
}
