package places

import (
	"bytes"
	"strings"
	"testing"

	"okno/internal/geo"
	"okno/internal/platform/errs"
)

// Whatever the bytes: no panic, only coded errors, and only whole geometries.
func FuzzRead(f *testing.F) {
	f.Add([]byte("code,name,wkt\na,Б,\"LINESTRING(30 60,31 61)\"\n"), true)
	f.Add([]byte("code;house;wkt\n1;2;POLYGON((1 2,3 4,5 6,1 2),(1 1,2 2,3 3))\n\"x"), true)
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"a","n":1},"geometry":{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4],[5,6],[1,2]]]]}}]}`), false)
	f.Add([]byte(`{"features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1e400,null]}},{}]}`), false)
	f.Add([]byte(`{"a":{"features":[]},"features":[null,1,"x"]}`), false)
	f.Fuzz(func(t *testing.T, data []byte, asCSV bool) {
		format := GeoJSON
		if asCSV {
			format = CSV
		}
		each := func(rec record) error {
			for _, set := range Datasets() {
				r := &reader{set: set, known: map[Dataset]map[string]bool{}}
				r.row(rec) // must not panic
			}
			if rec.shape.Kind != geo.None && !rec.broken {
				if again, err := geo.Decode(rec.shape.Encode()); err != nil || again.Kind != rec.shape.Kind {
					t.Errorf("%+v is stored as something else: %v", rec.shape, err)
				}
				again, err := parseWKT(writeWKT(rec.shape))
				if err != nil || !bytes.Equal(again.Encode(), rec.shape.Encode()) && again.SquareMetres() != rec.shape.SquareMetres() {
					t.Errorf("%+v is written as %s: %v", rec.shape, writeWKT(rec.shape), err)
				}
			}
			return nil
		}
		err := read(format, bytes.NewReader(data), Streets, each, func(int, string) error { return nil })
		if err != nil && errs.CodeOf(err) != errs.Invalid {
			t.Errorf("%q: %v", data, err)
		}
	})
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{"рыбацкая 14", "2-я Садовая, д. 5 корп. 2", "14к", "/-№;", "hs,fwrfz", "7 а", "\xff"} {
		f.Add(s)
	}
	x := NewIndex(Register{
		Territories: []Territory{{Code: "reg", Kind: Region, ShortName: "Область"}, {Code: "mun.01", Parent: "reg", Kind: CityOkrug, ShortName: "Верхнеозёрск"}},
		Localities:  []Locality{{Code: "loc", Territory: "mun.01", Kind: City, Name: "Верхнеозёрск"}},
		Streets:     []Street{{Code: "str", Locality: "loc", Name: "Рыбацкая улица"}, {Code: "str2", Locality: "loc", Name: "2-я Садовая улица"}},
		Addresses:   []Address{{Code: "adr", Street: "str", House: "14к2", Kind: School, Name: "Школа № 7"}},
	}, 1)
	f.Fuzz(func(t *testing.T, s string) {
		if n := len(x.Search(s, 3)); n > 3 {
			t.Errorf("%q gives %d", s, n)
		}
	})
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ typed, words, kind, house string }{
		{"ул. Рыбацкая, д.14", "рыбацкая", "улица", "14"},
		{"рыбацкая 14 корп 2", "рыбацкая", "", "14к2"},
		{"рыбацкая 14 к 2 кв 7", "рыбацкая", "", "14к2"},
		{"рыбацкая 14К2", "рыбацкая", "", "14к2"},
		{"рыбацкая 14/3", "рыбацкая", "", "14/3"},
		{"рыбацкая 14 а", "рыбацкая", "", "14а"},
		{"рыбацкая 14А", "рыбацкая", "", "14а"},
		{"2-я Садовая, 5", "2- садовая", "", "5"},
		{"2 я садовая 5", "2- садовая", "", "5"},
		{"3-й Рыбацкий пер., дом 1", "3- рыбацкий", "переулок", "1"},
		{"пр-т Мира 7", "мира", "проспект", "7"},
		{"р-н Ладейный, с. Мостки", "ладейный мостки", "", ""},
		{"Школа № 7", "школа", "", "7"},
		{"улица", "", "улица", ""},
	} {
		q := parse(c.typed)
		if strings.Join(q.words, " ") != c.words || q.kind != c.kind || q.house != c.house {
			t.Errorf("%q is read as %+v", c.typed, q)
		}
	}
}
