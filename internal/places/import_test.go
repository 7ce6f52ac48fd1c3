package places_test

import (
	"bytes"
	"context"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"okno/internal/places"
	"okno/internal/platform/clock"
	"okno/internal/platform/db"
	"okno/internal/platform/db/dbtest"
	"okno/internal/platform/errs"
	"okno/internal/policy"
)

var importer = policy.Machine("import")

func service(d *db.DB) *places.Service {
	return places.NewService(d, clock.At(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)), slog.New(slog.DiscardHandler))
}

// small is the part of the register of the smallest municipality.
func small() places.Register {
	all, r := theRegion().Register(), places.Register{}
	const code = "mun.24"
	for _, t := range all.Territories {
		if t.Code == "reg" || t.Code == code {
			r.Territories = append(r.Territories, t)
		}
	}
	locality, street, house := map[string]bool{}, map[string]bool{}, map[string]bool{"": true}
	for _, l := range all.Localities {
		if l.Territory == code {
			r.Localities, locality[l.Code] = append(r.Localities, l), true
		}
	}
	for _, s := range all.Streets {
		if locality[s.Locality] {
			r.Streets, street[s.Code] = append(r.Streets, s), true
		}
	}
	for _, a := range all.Addresses {
		if street[a.Street] {
			r.Addresses, house[a.Code] = append(r.Addresses, a), true
		}
	}
	for _, a := range all.Assets {
		if a.Territory == code && house[a.Address] {
			r.Assets = append(r.Assets, a)
		}
	}
	return r
}

func importAll(t *testing.T, s *places.Service, r places.Register, format places.Format) places.Outcome {
	t.Helper()
	var sum places.Outcome
	for _, set := range places.Datasets() {
		var file bytes.Buffer
		if err := r.Write(&file, set, format); err != nil {
			t.Fatal(err)
		}
		out, err := s.Import(context.Background(), importer, places.ImportInput{Dataset: set, Format: format, File: &file, Bad: func(b places.BadRow) error {
			t.Errorf("%s line %d (%s): %+v", set, b.Line, b.Code, b.Fields)
			return nil
		}})
		if err != nil {
			t.Fatalf("import %s as %s: %v", set, format, err)
		}
		sum = places.Outcome{Read: sum.Read + out.Read, Added: sum.Added + out.Added, Changed: sum.Changed + out.Changed, Same: sum.Same + out.Same, Bad: sum.Bad + out.Bad}
	}
	return sum
}

func stored(t *testing.T, d *db.DB) places.Register {
	t.Helper()
	r, err := places.ReadRegister(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What was exported is imported with equal content, twice adds nothing, and
// the version moves only when something changed.
func TestImportOfOwnExport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, r := context.Background(), small()
		s := service(d)
		if err := s.Load(ctx, importer, r, nil); err != nil {
			t.Fatal(err)
		}
		loaded := stored(t, d)
		rows := len(r.Territories) + len(r.Localities) + len(r.Streets) + len(r.Addresses) + len(r.Assets)
		if n := len(loaded.Territories) + len(loaded.Localities) + len(loaded.Streets) + len(loaded.Addresses) + len(loaded.Assets); n != rows {
			t.Fatalf("%d rows stored of %d", n, rows)
		}
		version, err := places.Version(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []places.Format{places.CSV, places.GeoJSON} {
			out := importAll(t, s, loaded, format)
			if want := (places.Outcome{Read: rows, Same: rows}); out != want {
				t.Errorf("importing its own %s again: %+v, want %+v", format, out, want)
			}
		}
		if again, err := places.Version(ctx, d); err != nil || again != version {
			t.Errorf("version %d after nothing changed, was %d (%v)", again, version, err)
		}
		if after := stored(t, d); !reflect.DeepEqual(after, loaded) {
			t.Error("the tables differ after importing the same")
		}
	}, places.Migrations)
}

func TestImportOfFilesIntoAnEmptyRegister(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := small()
		s := service(d)
		out := importAll(t, s, r, places.CSV)
		if out.Bad != 0 || out.Added != out.Read {
			t.Errorf("%+v", out)
		}
		if changed, err := s.Refresh(context.Background()); err != nil || !changed {
			t.Fatalf("refresh: %v %v", changed, err)
		}
		if n := len(s.Index().Addresses()); n != len(r.Addresses) {
			t.Errorf("the index holds %d houses of %d", n, len(r.Addresses))
		}
		if changed, err := s.Refresh(context.Background()); err != nil || changed {
			t.Errorf("a second refresh: %v %v", changed, err)
		}
		loaded := places.NewIndex(r, 1)
		for _, a := range s.Index().Addresses() {
			if b, ok := loaded.AddressByCode(a.Code); !ok || !reflect.DeepEqual(a, b) {
				t.Fatalf("%s: imported %+v, made %+v", a.Code, a, b)
			}
		}
		facts, err := db.One(context.Background(), d, db.Int, `SELECT COUNT(*) FROM journal_fact WHERE kind = $1`, places.FactImported)
		if err != nil || facts != 5 {
			t.Errorf("%d facts of imports, want 5 (%v)", facts, err)
		}
	}, places.Migrations)
}

func TestBadRowsAreReportedAndTheRestTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := service(d)
		if err := s.Load(ctx, importer, small(), nil); err != nil {
			t.Fatal(err)
		}
		r := small()
		street, house := r.Streets[0].Code, r.Addresses[0]
		lat, lon := house.At.Degrees()
		p := strings.NewReplacer("LAT", degrees(lat), "LON", degrees(lon), "STREET", street)
		file := p.Replace(strings.Join([]string{
			"\xef\xbb\xbfcode;street;house;kind;name;lat;lon;wkt",
			"new.1;STREET;101;house;;LAT;LON;",                                                     // 2 good
			"new.2;nowhere;101;house;;LAT;LON;",                                                    // 3 unknown street
			"new.3;STREET;;house;;LAT;LON;",                                                        // 4 no number
			"new.4;STREET;102;castle;;LAT;LON;",                                                    // 5 unknown kind
			"new.5;STREET;103;house;;95;LON;",                                                      // 6 no place on the earth
			"new.6;STREET;104;house;;10.5;10.5;",                                                   // 7 out of the region
			"new.7;STREET;105;house;;LAT",                                                          // 8 too few columns
			"new.8;STREET;106;house;;LAT;LON;POLYGON((1 2,3 4))",                                   // 9 no geometry
			"new.9;STREET;107;house;\"a\"b\";LAT;LON;",                                             // 10 quotes
			"new.1;STREET;108;house;;LAT;LON;",                                                     // 11 code twice, other content
			"new.1;STREET;101;house;;LAT;LON;",                                                     // 12 the very same row again
			"new.12;STREET;" + strings.Repeat("1", 40) + ";house;;LAT;LON;",                        // 13 too long
			"new.13;STREET;109;house;\xff\xfe;LAT;LON;",                                            // 14 not UTF-8
			"new.14;STREET;110;house;Дом;LAT;LON;POINT(" + degrees(lon) + " " + degrees(lat) + ")", // 15 a point is no outline
			"new.15;STREET;111;house;Дом;LAT;LON;",                                                 // 16 good
		}, "\n"))
		got := map[int]string{}
		out, err := s.Import(ctx, importer, places.ImportInput{Dataset: places.Addresses, Format: places.CSV, File: strings.NewReader(file), Bad: func(b places.BadRow) error {
			got[b.Line] = b.Fields[0].Name + ":" + b.Fields[0].Rule
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		want := map[int]string{3: "street:unknown", 4: "house:required", 5: "kind:unknown", 6: "lat:not_a_place", 7: "lat:out_of_region", 8: "row:wrong_width",
			9: "wkt:not_geometry", 10: "row:not_csv", 11: "code:twice", 13: "house:too_long", 14: "name:encoding", 15: "wkt:wrong_geometry"}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("bad rows\n got %v\nwant %v", got, want)
		}
		if want := (places.Outcome{Read: 15, Added: 2, Same: 1, Bad: 12}); out != want {
			t.Errorf("outcome %+v, want %+v", out, want)
		}
	}, places.Migrations)
}

func TestImportRefuses(t *testing.T) {
	d := dbtest.OpenSQLite(t, db.Config{}, places.Migrations)
	s := service(d)
	run := func(actor policy.Actor, set places.Dataset, format places.Format, file string) error {
		_, err := s.Import(context.Background(), actor, places.ImportInput{Dataset: set, Format: format, File: strings.NewReader(file)})
		return err
	}
	if err := run(policy.Nobody("ru"), places.Streets, places.CSV, "code\n"); err == nil || errs.Is(err, errs.Internal) {
		t.Errorf("a stranger's import: %v", err)
	}
	for _, c := range []struct {
		set    places.Dataset
		format places.Format
		file   string
	}{
		{"castles", places.CSV, "code\n"}, {places.Streets, "pdf", "code\n"}, {places.Streets, places.CSV, ""}, {places.Streets, places.CSV, "name,wkt\n"},
		{places.Streets, places.GeoJSON, ""}, {places.Streets, places.GeoJSON, "[]"}, {places.Streets, places.GeoJSON, `{"type":"FeatureCollection"}`},
		{places.Streets, places.GeoJSON, `{"features":[{"type":"Feature"`}, {places.Streets, places.GeoJSON, `{"features":[1,`},
	} {
		if err := run(importer, c.set, c.format, c.file); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s as %s %q: %v, want invalid", c.set, c.format, c.file, err)
		}
	}
}

// An import that broke off is run again and ends as if nothing had happened.
func TestInterruptedImportIsSimplyRunAgain(t *testing.T) {
	d := dbtest.OpenSQLite(t, db.Config{}, places.Migrations)
	s := service(d)
	r := small()
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	err := s.Load(ctx, importer, r, func(float64) {
		if n++; n == 5 {
			cancel()
		}
	})
	if err == nil {
		t.Fatal("the interrupted load said nothing")
	}
	if err := s.Load(context.Background(), importer, r, nil); err != nil {
		t.Fatal(err)
	}
	if changed, err := s.Refresh(context.Background()); err != nil || !changed {
		t.Fatalf("%v %v", changed, err)
	}
	if n := len(s.Index().Assets()); n != len(r.Assets) {
		t.Errorf("%d assets of %d", n, len(r.Assets))
	}
}

func TestWholeRegionLoadsQuickly(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole region is not loaded in short runs")
	}
	r := theRegion().Register()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		start := time.Now()
		if err := s.Load(t.Context(), importer, r, nil); err != nil {
			t.Fatal(err)
		}
		stored := time.Since(start)
		t.Logf("storing took %v", stored)
		if stored > 5*time.Second { // about one; twelve where every piece read the table through
			t.Errorf("storing took %v", stored)
		}
		best := time.Hour
		for range 3 {
			start = time.Now()
			r, err := places.ReadRegister(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			read := time.Since(start)
			places.NewIndex(r, 2)
			t.Logf("reading %v, index %v", read, time.Since(start)-read)
			best = min(best, time.Since(start))
		}
		if best > 1500*time.Millisecond {
			t.Errorf("loading the index took %v at best", best)
		}
	}, places.Migrations)
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }
