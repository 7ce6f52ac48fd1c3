package bench

import (
	"slices"
	"testing"
	"time"

	"okno/internal/casework"
	"okno/internal/platform/clock"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// The bare run executes the statements that a filing executes: the same texts
// in the same order, and it leaves as many rows in every table.
func TestBareExecutesWhatFilingExecutes(t *testing.T) {
	s := Seeding{Reports: 200, End: end, Org: "reg.a", Clients: 2}
	eachEngine(t, s, func(t *testing.T, urls [2]string, data string) {
		rec := &Recorder{}
		a := installation(t, urls[0], data, clock.System{}, rec.Trace)
		defer closing(t, a)
		w, err := readWorld(t, a, s)
		if err != nil {
			t.Fatal(err)
		}
		p := w.planOf()
		shapes, err := Shapes(t.Context(), a, rec, p, 3)
		if err != nil {
			t.Fatal(err)
		}
		person, err := id.Parse(p.Clients[0].Person)
		if err != nil {
			t.Fatal(err)
		}
		before := counts(t, a.DB)
		traced, err := rec.take(func() error {
			_, err := a.Cases.FileReport(t.Context(), policy.Actor{Person: person, Roles: []policy.Role{policy.Citizen}}, casework.FileInput{
				Key: id.New().String(), Text: filingText(0), Fact: p.Facts[0].Code, Channel: "portal", Lang: "ru",
				Place: casework.PlaceInput{Address: p.Houses[0].ID}, Details: p.Facts[0].details()})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		filed := grown(before, counts(t, a.DB))
		for i, shape := range shapes {
			if !slices.EqualFunc(shape.Statements, traced, func(x, y Statement) bool { return x.Text == y.Text }) {
				t.Errorf("shape %d has other statements than a filing", i)
			}
			if n := total(filed); shape.Rows() != n {
				t.Errorf("shape %d counts %d rows, a filing leaves %d: %v", i, shape.Rows(), n, filed)
			}
		}
		bare, err := OpenBare(t.Context(), urls[0], shapes, 1)
		if err != nil {
			t.Fatal(err)
		}
		before = counts(t, a.DB)
		r := RunBare(t.Context(), bare, Loop{Clients: 1, For: time.Millisecond}, "bare", a.DB.Engine().String())
		if err := CloseBare(t.Context(), bare); err != nil {
			t.Fatal(err)
		}
		if err := r.Err(); err != nil {
			t.Fatal(err)
		}
		after := grown(before, counts(t, a.DB))
		times := after["casework_case"]
		for name, n := range filed {
			if after[name] != n*times {
				t.Errorf("%s: %d rows of %d bare filings, a real one leaves %d", name, after[name], times, n)
			}
		}
		if total(after) != total(filed)*times || times == 0 {
			t.Errorf("%d bare filings left %v, a real one leaves %v", times, after, filed)
		}
	})
}

func total(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}
