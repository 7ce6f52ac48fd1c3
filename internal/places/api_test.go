package places

import (
	"fmt"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"okno/internal/geo"
	"okno/internal/platform/clock"
	"okno/internal/platform/web/api/apitest"
)

// square is a polygon with sides of so many degrees.
func square(t *testing.T, lat, lon, side float64) geo.Geometry {
	t.Helper()
	g, err := parseWKT(fmt.Sprintf("POLYGON((%[2]f %[1]f,%[4]f %[1]f,%[4]f %[3]f,%[2]f %[3]f,%[2]f %[1]f))", lat, lon, lat+side, lon+side))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestAPI(t *testing.T) {
	c := clock.At(time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC))
	s := NewService(nil, c, slog.Default())
	street, err := parseWKT("LINESTRING(31.01 60.05,31.03 60.05)")
	if err != nil {
		t.Fatal(err)
	}
	at := geo.At(60.0502, 31.02)
	s.index.Store(NewIndex(Register{
		Territories: []Territory{{Code: "reg", Kind: Region, Name: "Область", ShortName: "Область", Area: square(t, 59, 30, 3)},
			{Code: "mun.01", Parent: "reg", Kind: CityOkrug, Name: "Город Ладейск", ShortName: "Ладейск", NameEN: "Ladeysk", Area: square(t, 60, 31, 0.5)}},
		Localities: []Locality{{Code: "loc.01", Territory: "mun.01", Kind: City, Name: "Ладейск", Centre: at, Area: square(t, 60, 31, 0.2)}},
		Streets:    []Street{{Code: "str.01", Locality: "loc.01", Name: "Рыбацкая улица", Path: street}},
		Addresses: []Address{{ID: IDOf("adr.01"), Code: "adr.01", Territory: "mun.01", Locality: "loc.01", Street: "str.01", House: "14",
			Kind: ApartmentHouse, At: at, Cell: geo.Cell(at)}},
		Assets: []Asset{{Code: "ast.01", Thing: "ast.01", Kind: BusStop, Name: "Остановка «Маяк»", Territory: "mun.01", Street: "str.01", Shape: geo.Spot(at)}},
	}, 1))
	r := apitest.New(t, c)
	r.Vars["STOP"], r.Vars["STREET"] = IDOf("ast.01").String(), IDOf("str.01").String()
	r.Vars["HOUSE"] = IDOf("adr.01").String()
	API(r.API, s)
	q := func(text string) string { return url.QueryEscape(text) }
	r.Run(
		apitest.Call{Do: "GET /places?q=" + q("рыбацкая 14"), Want: 200, Has: "items.0.kind=address items.0.address_id={HOUSE} items.0.lat=60.0502 items.0.lon=31.02"},
		apitest.Call{Do: "GET /places?q=" + q("остановка маяк"), Want: 200, Has: "items.0.kind=asset items.0.asset=bus_stop items.0.address_id={STOP} items.0.code=ast.01"},
		apitest.Call{Do: "GET /places?q=" + q("рыбацкая"), Want: 200, Has: "items.0.kind=street items.0.address_id={STREET}"},
		apitest.Call{Do: "GET /places?q=" + q("ладейск"), Want: 200, Has: "items.0.kind=locality items.0.address_id="},
		apitest.Call{Do: "GET /places?q=" + q("нет такой"), Want: 200, Has: "items.#=0"},
		apitest.Call{Do: "GET /places", Want: 422, Has: "fields.0.name=q fields.0.rule=required"},
		apitest.Call{Do: "GET /places/at?lat=60.0502&lon=31.02", Want: 200, Has: "address_id={HOUSE} territory=mun.01 territory_name=Ладейск beside="},
		apitest.Call{Do: "GET /places/at?lat=55&lon=37", Want: 422, Has: "code=invalid fields.0.name=place fields.0.rule=out_of_region"},
		apitest.Call{Do: "GET /places/at?lat=NaN&lon=37", Want: 422, Has: "code=invalid fields.0.name=lat"},
		apitest.Call{Do: "GET /places/at?lat=91&lon=37", Want: 422, Has: "fields.0.name=lat fields.0.rule=too_high"},
		apitest.Call{Do: "GET /places/at?lat=60", Want: 422, Has: "fields.0.name=lon fields.0.rule=required"},
		apitest.Call{Do: "GET /territories", Want: 200, Has: "items.#=2 items.0.code=reg items.1.parent=reg items.1.kind=city_okrug"},
	)
}
